# shellcheck shell=bash disable=SC2034,SC2154,SC2164  # one program, under set -e
# SPDX-License-Identifier: GPL-2.0-or-later
# User space of another architecture: Debian's packages for it, unpacked where
# the cross compiler and the guest find them, and ltpin built with them.
#
#   download/sysroot-ARCH-KEY/	the packages
#   sysroot/ARCH-KEY/		what is in them
#   ltpin/ARCH-KEY/		ltpin's build directory, unless LTPIN_BUILD names one

. "$top/test/parts.sh"

ltpin_options=()	# more for configure

# With all that these depend on.
sysroot_packages=(busybox-static libarchive-dev libc6-dev libjson-c-dev libkmod-dev libmnl-dev
	libncurses-dev libproc2-dev libseccomp-dev libsmartcols-dev zlib1g-dev)

# Where it belongs; fails while its packages are not there.
sysroot_locate()
{
	sysroot_debs=$cache/download/sysroot-$arch-$(printf '%s\n' "${sysroot_packages[@]}" | digest)
	[ -d "$sysroot_debs" ] || return 1
	sysroot=$cache/sysroot/$arch-$(find "$sysroot_debs" -name '*.deb' -printf '%f\n' | sort | digest)
}

# Sets sysroot to that of the selected architecture.
sysroot_build()
{
	if ! sysroot_locate || [ ! -d "$sysroot" ]; then
		with_lock shared cache sysroot_make
	fi
}

sysroot_make()
{
	with_lock exclusive "sysroot-$arch" sysroot_make_locked
}

sysroot_make_locked()
{
	sysroot_locate || sysroot_fetch
	sysroot_locate
	[ ! -d "$sysroot" ] || return 0
	rm -rf "$sysroot.new"
	mkdir -p "$sysroot.new"
	find "$sysroot_debs" -name '*.deb' -exec dpkg-deb -x {} "$sysroot.new" \;
	rm -rf "$sysroot.new"/usr/share/{doc,i18n,info,locale,man}
	sysroot_relink "$sysroot.new"
	mv "$sysroot.new" "$sysroot"
}

# sysroot_relink ROOT: absolute links would lead to this machine's files.
sysroot_relink()
{
	local link

	while read -r link; do
		ln -sfrT "$1$(readlink "$link")" "$link"
	done < <(find "$1" -type l -lname '/*')
}

sysroot_fetch()
{
	local archs=$arch suites

	suites=$(machine_release)
	archive_fetch "sysroot-$arch" "$sysroot_debs.new" archive_download_all "${sysroot_packages[@]}"
	mv "$sysroot_debs.new" "$sysroot_debs"
}

# sysroot_library NAME: its path
sysroot_library()
{
	local path

	for path in "$sysroot"{,/usr}/lib/"$triplet/$1"; do
		[ ! -e "$path" ] || { printf '%s\n' "$path"; return; }
	done
	die "no package of the sysroot has $1"
}

# Where ltpin is built, unless LTPIN_BUILD says it.
ltpin_locate()
{
	printf '%s\n' "$cache/ltpin/$arch-$(printf '%s\n' "$top" "$sysroot" | digest)"
}

# Builds ltpin for the selected architecture; sets ltpin_build to where.
ltpin_cross_build()
{
	need "$compiler:$compiler_package" pkg-config:pkg-config make:make
	sysroot_build
	ltpin_build=$(ltpin_locate)
	[ -z "${LTPIN_BUILD-}" ] || ltpin_build=$LTPIN_BUILD-$arch
	with_lock exclusive "build-$(printf '%s' "$ltpin_build" | digest)" ltpin_make
}

# Silent if it is only to be kept up to date.
ltpin_make()
{
	local log=$ltpin_build/lab.log make=(make -C "$ltpin_build" -j"$(nproc)" ltpin)

	mkdir -p "$ltpin_build"
	# For make too, which configures anew when configure.ac has changed.
	export PKG_CONFIG_SYSROOT_DIR=$sysroot
	export PKG_CONFIG_LIBDIR=$sysroot/usr/lib/$triplet/pkgconfig:$sysroot/usr/share/pkgconfig
	if [ "$sysroot" != "$(cat "$ltpin_build/lab-sysroot" 2>/dev/null)" ]; then
		rm -f "$ltpin_build/ltpin"
		step "ltpin for $arch: configuring" true "$log" ltpin_configure
		printf '%s\n' "$sysroot" >"$ltpin_build/lab-sysroot"
	fi
	if [ ! -x "$ltpin_build/ltpin" ]; then
		step "ltpin for $arch: building" meter_ltpin "$log" "${make[@]}"
	elif ! "${make[@]}" >"$log" 2>&1; then
		tail -n 30 "$log" >&2
		die "ltpin for $arch: cannot be built; see $log"
	fi
}

meter_ltpin()
{
	printf '%s objects' "$(grep -c '^  CC ' "$1" || true)"
}

ltpin_configure()
{
	[ -x "$top/configure" ] || die "there is no configure; see CONTRIBUTING.md"
	cd "$ltpin_build"
	"$top/configure" --host="$triplet" --disable-tests CC="$compiler --sysroot=$sysroot" \
		PKG_CONFIG="$(command -v pkg-config)" "${parts[@]}" --without-tracefs "${ltpin_options[@]}"
}
