# SPDX-License-Identifier: GPL-2.0-or-later
SUMMARY = "Tells why cma_alloc() fails and who pins the pages"
DESCRIPTION = "Finds, on the device, which pages make allocations of the Contiguous \
Memory Allocator fail, whose they are, and whether the kernel keeps its promise \
that long-term pins leave CMA."
LICENSE = "GPL-2.0-or-later & LGPL-2.1-or-later"
LIC_FILES_CHKSUM = "file://COPYING;md5=b234ee4d69f5fce4486a80fdaf4a4263 \
                    file://COPYING.LESSER;md5=4fbd65380cdd255951079008b364516c"

require ltpin.inc

inherit autotools pkgconfig bash-completion

# For bash there is a package of its own, by its class.
EXTRA_OECONF = "--disable-tests --enable-small --with-zsh-completion-dir=no \
                --with-fish-completion-dir=no"

PACKAGECONFIG ??= "mnl kmod json bundles"
PACKAGECONFIG[mnl] = "--with-mnl,--without-mnl,libmnl"
PACKAGECONFIG[kmod] = "--with-kmod,--without-kmod,kmod"
PACKAGECONFIG[json] = "--with-jsonc,--without-jsonc,json-c"
PACKAGECONFIG[tables] = "--with-smartcols,--without-smartcols,util-linux"
PACKAGECONFIG[top] = "--with-ncurses,--without-ncurses,ncurses"
PACKAGECONFIG[seccomp] = "--with-seccomp,--without-seccomp,libseccomp,libseccomp"
PACKAGECONFIG[tracefs] = "--with-tracefs,--without-tracefs,libtracefs libtraceevent"
PACKAGECONFIG[procps] = "--with-procps,--without-procps,procps"
# Loaded with dlopen() when a compressed file is met, so nothing else pulls them in; so is libseccomp
# when a file is read.
PACKAGECONFIG[bundles] = "--with-archive --with-zlib,--without-archive --without-zlib,libarchive zlib,libarchive zlib"

RRECOMMENDS:${PN} += "kernel-module-ltpin"
