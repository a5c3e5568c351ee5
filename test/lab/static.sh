# shellcheck shell=bash disable=SC2034,SC2154,SC2164  # one program, under set -e
# SPDX-License-Identifier: GPL-2.0-or-later
# `make static`: ltpin as one statically linked program, which runs beside any C library or none.
# musl and the kernel's headers are Debian's packages; the libraries are built from Debian's
# sources, once.
#
#   download/static/		the sources, and absent/ has the names of those that the archive lacks
#   download/musl-ARCH-KEY/	the packages
#   static/ARCH-KEY/		what is in them
#   static/ARCH-KEY-KEY/	the libraries
#   static/ltpin-ARCH-KEY/	ltpin's build directory

musl_packages=(linux-libc-dev musl-dev)
static_sources=$cache/download/static

# static_build ARCH: sets static_program
static_build()
{
	static_select "$1"
	need "$compiler:$compiler_package" cmake:cmake dpkg-source:dpkg-dev infocmp:ncurses-bin \
		libtoolize:libtool make:make pkg-config:pkg-config
	with_lock shared cache with_lock exclusive "static-$arch" static_make
}

# static_select ARCH: one of arch.sh, how musl calls it, and where its packages belong
static_select()
{
	arch=$1
	arch_select "$arch"
	musl_triplet=${triplet/-gnu/-musl}
	musl_debs=$cache/download/musl-$arch-$(printf '%s\n' "${musl_packages[@]}" | digest)
}

# What `lab clean` is to keep.
static_kept()
{
	local each

	for each in x86_64 arm64 armhf; do
		static_select "$each"
		[[ -d $musl_debs && -d $static_sources ]] || continue
		static_locate
		printf '%s\n' "$static_sources" "$musl_debs" "$musl" "$libraries" "$ltpin_build"
	done
}

static_make()
{
	with_lock exclusive static static_download
	static_say_absent
	static_locate
	[ -d "$musl" ] || musl_unpack
	[ -d "$libraries" ] || libraries_make
	ltpin_static_make
}

# Everything that the network is needed for.
static_download()
{
	local suites archs=$debian_arch

	suites=$(machine_release)
	[ -d "$musl_debs" ] ||
		archive_fetch "musl for $arch" "$musl_debs" archive_download "${musl_packages[@]}"
	[ ! -d "$static_sources" ] || return 0
	suites+=,$suites-security
	archive_prepare deb-src
	step "sources of libraries: downloading" meter_download "$cache/download/static.log" \
		archive_run static_fetch
	rm -rf "$static_sources".new
	mv "$scratch/deb" "$static_sources".new
	mv "$static_sources".new "$static_sources"
}

static_say_absent()
{
	local absent

	absent=$(find "$static_sources/absent" -type f -printf ' %f')
	[ -z "$absent" ] || say "the archive did not have the source of$absent: the static program" \
		"goes without; remove $static_sources to ask for it again"
}

# A library that the archive lacks is left out, and said so; all of them are too many.
static_fetch()
{
	local library _

	mkdir absent
	while read -r library _; do
		archive_source "$library" && continue
		rm -f "${library}_"*
		: >"absent/$library"
	done < <(static_libraries)
	[ "$(static_libraries | wc -l)" -gt "$(find absent -type f | wc -l)" ]
}

musl_unpack()
{
	rm -rf "$musl.new"
	mkdir -p "$musl.new/kernel"
	find "$musl_debs" -name '*.deb' -exec dpkg-deb -x {} "$musl.new" \;
	# The kernel's headers, and nothing of what may be beside them.
	ln -s ../usr/include/linux ../usr/include/asm-generic ../usr/include/mtd \
		"../usr/include/$triplet/asm" "$musl.new/kernel/"
	sed "s,/usr/,$musl/usr/,g; s,-isystem include%s,& -isystem $musl/kernel," \
		"$musl.new/usr/lib/$musl_triplet/musl-gcc.specs" >"$musl.new/gcc.specs"
	mv "$musl.new" "$musl"
}

# What things are made of decides their names.
static_locate()
{
	musl=$cache/static/$arch-$(find "$musl_debs" -name '*.deb' -printf '%f\n' | sort | digest)
	libraries=$musl-$({
		cat "$lab/static_library.sh"
		find "$static_sources" -printf '%f\n' | sort
		"$compiler" --version
	} | digest)
	ltpin_build=$cache/static/ltpin-$arch-$(printf '%s\n' "$top" "$libraries" | digest)
}

libraries_make()
{
	local work=$libraries.work library _

	rm -rf "$work" "$libraries.new"
	mkdir -p "$work" "$libraries.new/lib/pkgconfig"
	while read -r library _; do
		[ -e "$static_sources/absent/$library" ] && continue
		step "$library for $arch" true "$work/$library.log" library_build "$library"
	done < <(static_libraries)
	rm -rf "$work"
	mv "$libraries.new" "$libraries"
}

# Options of configure: what could not be had is left out.
static_options()
{
	local library option

	while read -r library option; do
		if [ -e "$static_sources/absent/$library" ]; then
			printf -- '--without-%s\n' "$option"
		else
			printf -- '--with-%s\n' "$option"
		fi
	done < <(static_libraries)
}

# Sets static_program; silent if it is only to be kept up to date.
ltpin_static_make()
{
	local build=$ltpin_build log make

	log=$build/lab.log make=(make -C "$build" -j"$(nproc)" ltpin)
	mkdir -p "$build"
	static_program=$build/ltpin-static
	export PKG_CONFIG_LIBDIR=$libraries/lib/pkgconfig
	[ -f "$build/Makefile" ] ||
		step "static ltpin for $arch: configuring" true "$log" ltpin_static_configure "$build"
	if [ ! -x "$build/ltpin" ]; then
		step "static ltpin for $arch: building" meter_ltpin "$log" "${make[@]}"
	elif ! "${make[@]}" >"$log" 2>&1; then
		tail -n 30 "$log" >&2
		die "static ltpin for $arch: cannot be built; see $log"
	fi
	[ "$static_program" -nt "$build/ltpin" ] || "${cross}strip" -o "$static_program" "$build/ltpin"
}

ltpin_static_configure()
{
	local options

	[ -x "$top/configure" ] || die "there is no configure; see CONTRIBUTING.md"
	mapfile -t options < <(static_options)
	cd "$1"
	"$top/configure" --host="$triplet" --disable-tests --enable-static --enable-small \
		CC="$compiler -specs=$musl/gcc.specs" CFLAGS=-g PKG_CONFIG="$(command -v pkg-config)" \
		STATIC_WITH="$(static_with)" "${options[@]}" --without-smartcols --without-procps \
		--without-seccomp --without-tracefs
}

# The packages that are in it, for `ltpin -V`.
static_with()
{
	{
		find "$musl_debs" -name 'musl-dev_*' -printf '%f\n' | sed 's/-dev_\([^_]*\)_.*/ \1/'
		find "$static_sources" -name '*.dsc' -printf '%f\n' | sed 's/\.dsc$//; s/_/ /'
	} | sort | paste -sd, | sed 's/,/, /g'
}
