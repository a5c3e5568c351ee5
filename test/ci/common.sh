# shellcheck shell=bash disable=SC2034,SC2154,SC2164  # sourced, which sets -e
# SPDX-License-Identifier: GPL-2.0-or-later
# What the jobs share. Each builds in a directory of its own below build/check, where
# test/run counts the results. Any exit status but 0: a test failed, or could not be run.
set -Eeuo pipefail
export LC_ALL=C

out=$top/build/check
export top_srcdir=$top PYTHON=${PYTHON:-/usr/bin/python3}
. "$top/test/parts.sh"

die()
{
	printf '%s: %s\n' "${0##*/}" "$*" >&2
	exit 2
}

# need FILE:PACKAGE...: a command, or a path. Stops unless all are there.
need()
{
	local item absent=()

	for item; do
		command -v "${item%:*}" >/dev/null || [ -e "${item%:*}" ] || absent+=("${item#*:}")
	done
	[ ${#absent[@]} -eq 0 ] || die "please install ${absent[*]}"
}

# configure_with OPTION...: here, unless it was done with these options already
configure_with()
{
	[ ! -f Makefile ] || [ "$*" != "$(cat .options 2>/dev/null)" ] || return 0
	"$top/configure" "$@" && printf '%s\n' "$*" >.options
}

# build_in NAME OPTION...
build_in()
{
	local dir=$out/$1

	shift
	[ -x "$top/configure" ] || (cd "$top" && autoreconf -fi)
	mkdir -p "$dir"
	(cd "$dir" && configure_with "$@" && make -j"$(nproc)") >"$dir/build.out" 2>&1 ||
		{ tail -n 40 "$dir/build.out"; die "the build in $dir failed"; }
}

# check_in NAME TARGET [VARIABLE=VALUE...]
check_in()
{
	local name=$1

	shift
	make -C "$out/$name" -j"$(nproc)" -k "$@"
}

# check_all_in NAME: what fails does not keep the rest from running
check_all_in()
{
	local failed=0

	check_in "$1" check || failed=1
	check_in "$1" check-slow || failed=1
	return "$failed"
}

# names_in NAME VARIABLE: what a Makefile there has in it
names_in()
{
	# shellcheck disable=SC2016  # for make
	printf 'show:\n\t@echo $(%s)\n' "$2" |
		make -C "$out/$1" -s --no-print-directory -f Makefile -f - show | grep .
}
