# shellcheck shell=bash disable=SC2034,SC2154  # sourced
# SPDX-License-Identifier: GPL-2.0-or-later
# For another architecture: Debian's packages of the libraries that have no
# dependencies of their own, unpacked in the lab's cache.

# What the fixtures come to. Tests of running processes have nothing to say of another word size.
# Where there is an ltpin of this machine, its output is the measure.
foreign_cli_tests=(test/cli/test_golden.py test/cli/test_logs.py test/cli/test_report.py
	test/cli/test_same.py)

# foreign_same BUILD: build the ltpin that the foreign one is compared with: of this machine, and
# with the same parts left out
foreign_same()
{
	build_in "$1-same" --disable-tests --without-archive --without-kmod --without-ncurses \
		--without-procps --without-seccomp --without-smartcols --without-tracefs
	export LTPIN_SAME_AS=$out/$1-same/ltpin
}

foreign_packages=(libcmocka0 libcmocka-dev libjson-c5 libjson-c-dev libmnl0 libmnl-dev
	zlib1g zlib1g-dev)

# foreign_fetch ARCH TRIPLET: sets foreign to the directory, and the options of configure
foreign_fetch()
{
	local key

	key=$(printf '%s\n' "${foreign_packages[@]}" | sha256sum | cut -c1-12)
	foreign=${LTPIN_LAB_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/ltpin/lab}/libraries/$1-$key
	[ -d "$foreign" ] || foreign_download "$1" || die "cannot download libraries for $1"
	foreign_options=(--enable-werror --without-archive --without-kmod --without-ncurses
		--without-procps --without-seccomp --without-smartcols --without-tracefs
		CPPFLAGS="-I$foreign/usr/include" LDFLAGS="-L$foreign/usr/lib/$2 -L$foreign/lib/$2"
		JSON_C_CFLAGS="-I$foreign/usr/include/json-c" JSON_C_LIBS=-ljson-c
		MNL_CFLAGS=-DMNL MNL_LIBS=-lmnl CMOCKA_CFLAGS=-DCMOCKA CMOCKA_LIBS=-lcmocka)
}

# With the lab's way of reading any architecture's archive.
foreign_download()
(
	. "$top/test/lab/common.sh"
	. "$top/test/lab/archive.sh"
	trap clean_up EXIT
	archs=$1 suites=$(machine_release)
	with_lock exclusive "libraries-$1" foreign_download_locked "$1"
)

foreign_download_locked()
{
	local deb

	[ ! -d "$foreign" ] || return 0
	rm -rf "$foreign".{debs,new}
	archive_fetch "libraries-$1" "$foreign.debs" archive_download "${foreign_packages[@]}"
	mkdir -p "$foreign.new"
	for deb in "$foreign.debs"/*.deb; do
		dpkg-deb -x "$deb" "$foreign.new"
	done
	rm -rf "$foreign.debs"
	mv "$foreign.new" "$foreign"
}
