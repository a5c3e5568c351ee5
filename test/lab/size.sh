# shellcheck shell=bash disable=SC2034,SC2154,SC2164  # one program, under set -e
# SPDX-License-Identifier: GPL-2.0-or-later
# `make size`: how large ltpin is on a device, with all libraries and with as few
# as possible. Full is without libtracefs, which only reads what the text reader, the
# default, reads too. "Peak" and PSS are those of `ltpin report` on a running stock
# kernel; "empty" is a program that does nothing, linked to the same libraries.

size_kernels=(6.1-arm64-debian 6.1-armhf-debian)
size_mem=256M
size_minimal=(--without-jsonc --without-smartcols --without-kmod --without-procps --without-zlib
	--without-archive --without-ncurses --without-seccomp --without-tracefs)
size_budget=409600	# of the stripped program, full, on arm64

size_table()
{
	local kernel status=0

	printf '%-6s %-8s %8s %8s %7s %6s  %5s %5s %5s\n' \
		ARCH BUILD STRIPPED TEXT DATA BSS PEAK PSS EMPTY
	for kernel in "${size_kernels[@]}"; do
		kernel_select "$kernel"
		size_row full --without-tracefs || status=$?
		size_row minimal "${size_minimal[@]}" || status=$?
	done
	say "stripped, text, data and bss in bytes, memory in KiB"
	return "$status"
}

# size_row BUILD CONFIGURE-OPTION...
size_row()
{
	local build=$1 LTPIN_BUILD stripped

	shift
	ltpin_options=(--enable-small CFLAGS=-g "$@")
	export LTPIN_BUILD=$cache/ltpin/size-$build
	ltpin_cross_build
	make_scratch
	stripped=$scratch/ltpin-$arch-$build
	"${cross}strip" -o "$stripped" "$ltpin_build/ltpin"
	size_guest "$build" >"$stripped.memory"
	printf '%-6s %-8s %s\n' "$arch" "$build" "$({
		stat -c %s "$stripped"
		"${cross}size" "$stripped" | awk 'NR == 2 { print $1, $2, $3 }'
		cat "$stripped.memory"
	} | paste -sd' ' | awk '{ printf "%8d %8d %7d %6d  %5d %5d %5d", $1, $2, $3, $4, $5, $6, $7 }')"
	[ "$arch-$build" != arm64-full ] || [ "$(stat -c %s "$stripped")" -le "$size_budget" ] ||
		{ say "more than $size_budget bytes"; return 1; }
}

# size_guest BUILD: prints three numbers
size_guest()
{
	local libraries=() programs=$scratch/programs-$arch-$1

	mkdir -p "$programs"
	mapfile -t libraries < <("${cross}readelf" -d "$ltpin_build/ltpin" |
		sed -n 's/.*(NEEDED).*\[\(.*\)\]/-l:\1/p')
	"$compiler" --sysroot="$sysroot" -static -O2 -o "$programs/pss" "$lab/pss.c"
	printf 'int main(void) { return 0; }\n' |
		"$compiler" --sysroot="$sysroot" -Wl,--no-as-needed -o "$programs/empty" -x c - \
			"${libraries[@]}"
	"$lab/lab" run "$name" --mem "$size_mem" --put "$programs/pss:/pss" \
		--put "$programs/empty:/empty" -- sh -c '
			/pss ltpin report | tr "\n" " "
			/pss /empty | cut -d" " -f2'
}
