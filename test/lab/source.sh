# shellcheck shell=bash disable=SC2034,SC2154,SC2164  # one program, under set -e
# SPDX-License-Identifier: GPL-2.0-or-later
# Kernel sources from Debian's archive.

# Never built for a test, and more than half of a source tree. Every Kconfig
# and Makefile stays.
unneeded=(
	'*/Documentation/*.rst'
	'*/Documentation/*.yaml'
	'*/arch/*/boot/dts/*'
	'*/drivers/gpu/*.[chS]'
	'*/drivers/infiniband/*.[chS]'
	'*/drivers/media/dvb*/*.[chS]'
	'*/drivers/media/i2c/*.[chS]'
	'*/drivers/media/pci/*.[chS]'
	'*/drivers/media/platform/*.[chS]'
	'*/drivers/media/radio/*.[chS]'
	'*/drivers/media/rc/*.[chS]'
	'*/drivers/media/tuners/*.[chS]'
	'*/drivers/media/usb/*.[chS]'
	'*/drivers/net/*/*.[chS]'
	'*/drivers/scsi/*.[chS]'
	'*/drivers/staging/*.[chS]'
	'*/sound/*.[chS]'
	'*/tools/perf/*'
	'*/tools/testing/*'
)

# The newest downloaded package, nothing if there is none.
source_deb()
{
	find "$cache/download" -name "${package}_*.deb" 2>/dev/null | sort -V | tail -n 1
}

# source_fetch: gets the selected kernel's source, unless it is there.
source_fetch()
{
	local archs

	[ -z "$(source_deb)" ] || return 0
	archs=$(dpkg --print-architecture)
	archive_fetch "$package" "$cache/download" archive_download "$package"
}

# source_unpack DEB DIR
source_unpack()
{
	mkdir -p "$2"
	dpkg-deb --fsys-tarfile "$1" |
		tar -xO "./usr/src/$package.tar.xz" |
		tar -xJ -C "$2" --strip-components=1 "${unneeded[@]/#/--exclude=}"
}
