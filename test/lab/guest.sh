# shellcheck shell=bash disable=SC2154,SC2164  # one program, under set -e
# SPDX-License-Identifier: GPL-2.0-or-later
# The guest's files: busybox, /init, ltpin, the modules, what --put adds, and
# the shared libraries of all these.

# guest_initrd ROOT COMMAND...: puts everything under ROOT and packs ROOT.cpio.
guest_initrd()
{
	local root=$1

	shift
	mkdir -p "$root/bin" "$root/lab"
	! arch_is_foreign || guest_foreign
	cp "$(guest_busybox)" "$root/bin/busybox"
	cp "$lab/init" "$root/init"
	guest_command "$@" >"$root/lab/command"
	guest_get >"$root/lab/get"
	[ -n "$own_program" ] || guest_ltpin "$root"
	guest_modules "$root"
	guest_put "$root"
	if [ -n "$own_program" ]; then
		:
	elif arch_is_foreign; then
		guest_foreign_libraries "$root"
	else
		guest_libraries "$root"
	fi
	(cd "$root" && find . -print0 | cpio --quiet -0 -o -H newc -R 0:0) >"$root.cpio"
}

# What another architecture's guest is made of.
guest_foreign()
{
	if [ -n "$own_program" ]; then
		sysroot_build
	else
		ltpin_cross_build
	fi
}

guest_busybox()
{
	if arch_is_foreign; then
		printf '%s\n' "$sysroot/bin/busybox"
	else
		command -v busybox
	fi
}

# A script that runs exactly these words, whatever is in them.
guest_command()
{
	local quote="'\\''"

	printf 'exec'
	printf " '%s'" "${@//\'/$quote}"
	printf '\n'
}

# ltpin as `make install` would install it.
guest_ltpin()
{
	local root=$1 build=${LTPIN_BUILD:-$top/build}

	if arch_is_foreign; then
		guest_install "$root" "$ltpin_build"
		return
	fi
	[ -n "${LTPIN_BUILD-}" ] || [ -e "$build/Makefile" ] || build=$top
	if [ ! -x "$build/ltpin" ]; then
		[ -z "${LTPIN_BUILD-}" ] || die "LTPIN_BUILD is $build, and there is no ltpin in it"
		say "no ltpin in $build: the guest goes without"
		return 0
	fi
	guest_install "$root" "$build"
}

# guest_install ROOT BUILD
guest_install()
{
	local root=$1 build=$2

	with_lock exclusive "build-$(printf '%s' "$build" | digest)" \
		make -s -C "$build" install DESTDIR="$root" >"$scratch/install.log" 2>&1 ||
		die "make install failed in $build: $(tail -n 5 "$scratch/install.log")"
	find "$root" \( -path '*/share/man' -o -path '*/share/doc' -o -name '*.la' -o -name '*.a' \) \
		-prune -exec rm -rf {} +
}

guest_modules()
{
	local root=$1 release

	[ ! -d "$kernel_dir/drivers" ] || cp -r "$kernel_dir/drivers/." "$root/"
	release=$(kernel_release)
	mkdir -p "$root/lib/modules/$release/extra"
	find "$modules" -name '*.ko' -exec cp -t "$root/lib/modules/$release/extra" {} +
	depmod -b "$root" "$release" 2>/dev/null
}

# --put HOSTPATH[:GUESTPATH], and --program
guest_put()
{
	local root=$1 item from to program=${own_program:+${own_program%:/*}}

	[ -z "$program" ] || [ "$program" != "$own_program" ] || own_program+=:/bin/ltpin
	for item in "${puts[@]}" ${own_program:+"$own_program"}; do
		from=${item%:/*}
		to=/${from##*/}
		[ "$from" = "$item" ] || to=/${item##*:/}
		[ -e "$from" ] || die "--put: there is no $from"
		mkdir -p "$(dirname "$root$to")"
		cp -RHpT "$from" "$root$to"
	done
}

# --get GUESTPATH:HOSTPATH
guest_get()
{
	local item

	for item in "${gets[@]}"; do
		printf '%s\n' "${item%%:*}"
	done
}

# What ltpin opens with dlopen(), which ldd cannot know.
opened_libraries()
{
	[ ! -e "$1/usr/local/bin/ltpin" ] ||
		ldconfig -p | awk '/lib(z\.so\.1|seccomp\.so\.2) .*x86-64/ && !seen[$1]++ { print $NF }'
}

# Under the names by which the programs ask for them. ldd fails for scripts and
# static programs.
guest_libraries()
{
	local root=$1 own library

	own=$(find "$root" -name '*.so*' -printf '%h\n' | sort -u | paste -sd:)
	find "$root" -type f -perm /111 -exec env LD_LIBRARY_PATH="$own" ldd {} + \
		>"$scratch/ldd" 2>/dev/null || true
	if grep 'not found' "$scratch/ldd" >&2; then
		die "the host itself lacks these libraries"
	fi
	{
		opened_libraries "$root"
		awk -v root="$root/" '
			{ path = $2 == "=>" ? $3 : $1 }
			path ~ "^/.*[^:]$" && index(path, root) != 1 { print path }' "$scratch/ldd"
	} >"$scratch/libraries"
	while read -r library; do
		mkdir -p "$root${library%/*}"
		cp -L "$library" "$root$library"
	done < <(sort -u "$scratch/libraries")
}

# ldd runs the guest's programs, so it cannot tell for another architecture:
# follow the names, from ltpin and what it opens.
guest_foreign_libraries()
{
	local root=$1 to=$1/lib/$triplet library new=1

	mkdir -p "$to"
	cp -L "$sysroot"/lib/ld-linux*.so.* "$root/lib/"
	cp -L "$(sysroot_library libz.so.1)" "$(sysroot_library libseccomp.so.2)" "$to/"
	while [ "$new" = 1 ]; do
		new=0
		while read -r library; do
			[ -z "$(find "$root" -name "$library" -print -quit)" ] || continue
			cp -L "$(sysroot_library "$library")" "$to/"
			new=1
		done < <(guest_needs "$root")
	done
}

# The libraries that programs and libraries under ROOT name.
guest_needs()
{
	{ find "$1" -path "$1/lib/modules" -prune -o -type f \( -perm /111 -o -name '*.so*' \) \
		-exec readelf -d {} + 2>/dev/null || true; } |	# some are scripts
		sed -n 's/.*(NEEDED).*\[\(.*\)\].*/\1/p' | sort -u
}
