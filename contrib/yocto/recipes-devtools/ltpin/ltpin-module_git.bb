# SPDX-License-Identifier: GPL-2.0-or-later
SUMMARY = "Helper module of ltpin"
DESCRIPTION = "Tells ltpin the exact state of every page of the CMA areas, and makes \
the pins and contiguous allocations of its self-test."
LICENSE = "GPL-2.0-only"
LIC_FILES_CHKSUM = "file://COPYING;md5=b234ee4d69f5fce4486a80fdaf4a4263"

require ltpin.inc

inherit module

# The Makefile of the module wants the kernel as KDIR.
EXTRA_OEMAKE = "-C ${S}/module KDIR=${STAGING_KERNEL_BUILDDIR}"
MODULES_INSTALL_TARGET = "modules_install"

RPROVIDES:${PN} += "kernel-module-ltpin"
