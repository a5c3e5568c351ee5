# shellcheck shell=bash disable=SC2034  # sourced
# SPDX-License-Identifier: GPL-2.0-or-later
# Every optional part that configure knows, asked for by name: one that is
# missing here stops configure, which names its package. None is left out silently.
parts=(--with-archive --with-jsonc --with-kmod --with-mnl --with-ncurses --with-procps
	--with-seccomp --with-smartcols --with-tracefs --with-zlib)
