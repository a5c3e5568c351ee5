# shellcheck shell=bash disable=SC2034,SC2154,SC2164  # one program, under set -e
# SPDX-License-Identifier: GPL-2.0-or-later
# The table of kernels, their keys in the cache, and how one is built.
#
#   download/PACKAGE_VERSION_all.deb
#   tree/PACKAGE-VERSION-ARCH-KEY/	{src,obj}: one per source and configuration
#   kernel/NAME-KEY/			{bzImage,config,drivers,kbuild -> a tree's obj}
#
# Kernels that are not built but taken as Debian ships them: stock.sh.

builder=1	# raise it when a change here must build every kernel anew

# The same for every build, so that a patch does not show in `uname -v`.
identity=(
	KBUILD_BUILD_USER=ltpin
	KBUILD_BUILD_HOST=lab
	KBUILD_BUILD_VERSION=1
	KBUILD_BUILD_TIMESTAMP='Thu Jan  1 00:00:00 UTC 1970'
	LOCALVERSION=
)

table()
{
	sed -e 's/#.*//' -e '/^[[:space:]]*$/d' "$lab/kernels.conf"
}

kernel_names()
{
	table | awk '{ print $1 }'
}

# kernel_select NAME: its row goes to the variables named like the columns.
kernel_select()
{
	# shellcheck disable=SC2034  # about is for kernel_list
	while read -r name arch package suites config patches about; do
		if [ "$name" = "$1" ]; then
			patches=${patches#-}
			arch_select "$arch"
			! kernel_is_stock || arch_select_stock
			return 0
		fi
	done < <(table)
	die "no kernel '$1'; see: lab kernels"
}

config_files()
{
	local fragment

	for fragment in ${config//,/ }; do
		printf '%s\n' "$lab/config/$fragment.config"
	done
}

# A patch, or a fragment of the configuration that holds for one kernel of a tree.
patch_files()
{
	local patch

	for patch in ${patches//,/ }; do
		ls "$lab/patches/$patch".{patch,config} 2>/dev/null || true
	done
}

# Prints the contents of the files named on standard input.
contents()
{
	xargs -r -d '\n' cat --
}

# A kernel as Debian ships it?
kernel_is_stock()
{
	[[ $package != linux-source-* ]]
}

# Where the selected kernel belongs; fails while its packages are not there.
kernel_locate()
{
	local deb version

	if kernel_is_stock; then
		stock_locate
		return
	fi
	command -v "$compiler" >/dev/null || return 1
	deb=$(source_deb)
	[ -n "$deb" ] || return 1
	version=$(basename "$deb" _all.deb)
	version=${version#*_}
	tree=$package-$version-$arch-$({
		printf '%s\n' "$builder" "$("$compiler" -dumpfullversion)" "${identity[@]}" "${unneeded[@]}"
		config_files | contents
	} | digest)
	kernel_dir=$cache/kernel/$name-$({ printf '%s\n' "$tree"; patch_files | contents; } | digest)
	tree_dir=$cache/tree/$tree
}

kernel_is_cached()
{
	kernel_locate && kernel_is_whole
}

# Is it there, and what modules are built against?
kernel_is_whole()
{
	[ -e "$kernel_dir/$image" ] && { kernel_is_stock || [ -e "$tree_dir/built" ]; }
}

# Is what it is made of in the cache, or at least in the archive?
kernel_is_available()
{
	local archs=$debian_arch

	if kernel_is_stock; then
		[ ! -d "$cache/download/$name" ] || return 0
	else
		[ -z "$(source_deb)" ] || return 0
	fi
	archive_has "$package"
}

kernel_list()
{
	local kernel state

	while read -r kernel; do
		kernel_select "$kernel"
		kernel_is_cached && state=cached || state=-
		printf '%-30s %-7s %s\n' "$name" "$state" "$about"
	done < <(kernel_names)
}

# Of the selected kernel, as `uname -r` says it; Debian's headers do not tell.
kernel_release()
{
	if kernel_is_stock; then
		ls "$kernel_dir/drivers/lib/modules"
	else
		cat "$kernel_dir/kbuild/include/config/kernel.release"
	fi
}

# kernel_build NAME: sets kernel_dir to where it is.
kernel_build()
{
	kernel_select "$1"
	if kernel_is_cached; then
		return 0
	elif kernel_is_stock; then
		with_lock shared cache stock_make
	else
		with_lock shared cache kernel_make
	fi
}

kernel_make()
{
	need make:make gcc:gcc "$compiler:$compiler_package" bc:bc bison:bison flex:flex patch:patch \
		xz:xz-utils depmod:kmod
	with_lock exclusive "$package" source_fetch
	kernel_locate
	with_lock exclusive "$tree" kernel_make_locked
}

kernel_make_locked()
{
	! kernel_is_whole || return 0
	tree_unpack
	tree_configure
	tree_restore
	tree_patch
	step "$name: building" meter_objects "$tree_dir/build.log" kbuild "$image" modules
	kernel_keep
	tree_restore
	: >"$tree_dir/built"
}

# The tree cannot be made under another name: obj refers to src by its path.
tree_unpack()
{
	[ ! -e "$tree_dir/unpacked" ] || return 0
	rm -rf "$tree_dir"
	mkdir -p "$tree_dir/obj"
	step "$package: unpacking" meter_unpack "$tree_dir/unpack.log" \
		source_unpack "$(source_deb)" "$tree_dir/src"
	: >"$tree_dir/unpacked"
}

meter_unpack()
{
	du -sm "$tree_dir/src" | awk '{ print $1 " MB" }'
}

kbuild()
{
	make -C "$tree_dir/src" O="$tree_dir/obj" ARCH="$kernel_arch" CROSS_COMPILE="$cross" -j"$(nproc)" \
		"${identity[@]}" "$@"
}

meter_objects()
{
	printf '%s objects' "$(grep -cE '^  (CC|AS) ' "$1" || true)"
}

# Of the fragments the last one that has an option decides, also that it is not set.
options_wanted()
{
	awk '{ name = $1 == "#" ? $2 : $1; sub(/=.*/, "", name); last[name] = $0 }
		END { for (name in last) print last[name] }' "$tree_dir/wanted" | grep '^CONFIG_'
}

tree_configure()
{
	[ ! -e "$tree_dir/configured" ] || return 0
	config_files | contents >"$tree_dir/wanted"
	KCONFIG_ALLCONFIG=$tree_dir/wanted kbuild allnoconfig >"$tree_dir/config.log" 2>&1 ||
		die "$name: cannot configure; see $tree_dir/config.log"
	if options_wanted | grep -vxFf "$tree_dir/obj/.config" >&2; then
		die "$name: its source refuses the options above"
	fi
	: >"$tree_dir/configured"
}

# Patches are applied for the time of one build. The files they touch are kept
# aside first, so that the next build can undo what a killed one left behind;
# copying also renews the times that make compares.
tree_patch()
{
	local patch

	[ -n "$patches" ] || return 0
	rm -rf "$tree_dir/aside.new"
	mkdir "$tree_dir/aside.new"
	tree_patched | (cd "$tree_dir" && xargs cp --parents -t aside.new)
	mv "$tree_dir/aside.new" "$tree_dir/aside"
	while read -r patch; do
		case $patch in
		*.config) tree_reconfigure "$patch" ;;
		*)	patch --quiet --no-backup-if-mismatch --fuzz=0 -p1 -d "$tree_dir/src" <"$patch" ||
				die "$name: $(basename "$patch") does not apply" ;;
		esac
	done < <(patch_files)
}

# What the patches touch, below the tree.
tree_patched()
{
	patch_files | contents | sed -n 's,^+++ b/,src/,p'
	! patch_files | grep -q '\.config$' || echo obj/.config
}

# tree_reconfigure FRAGMENT
tree_reconfigure()
{
	cat "$1" >>"$tree_dir/obj/.config"
	kbuild olddefconfig >"$tree_dir/config.log" 2>&1 ||
		die "$name: cannot configure; see $tree_dir/config.log"
	if grep 'CONFIG_' "$1" | grep -vxFf "$tree_dir/obj/.config" >&2; then
		die "$name: its source refuses the options above"
	fi
}

# Modules are built against the tree: what make derives from .config has to follow.
tree_restore()
{
	local configured=$tree_dir/aside/obj/.config

	[ -d "$tree_dir/aside" ] || return 0
	cp -r "$tree_dir/aside/." "$tree_dir/"
	[ ! -e "$configured" ] || kbuild modules_prepare >>"$tree_dir/config.log" 2>&1 ||
		die "$name: cannot configure; see $tree_dir/config.log"
	rm -rf "$tree_dir/aside"
}

kernel_keep()
{
	local new=$kernel_dir.new

	rm -rf "$new" "$kernel_dir"
	mkdir -p "$new"
	cp "$tree_dir/obj/$image_path" "$new/"
	cp "$tree_dir/obj/.config" "$new/config"
	kbuild modules_install INSTALL_MOD_PATH="$new/drivers" INSTALL_MOD_STRIP=1 \
		>"$tree_dir/install.log" 2>&1 ||
		die "$name: cannot install its modules; see $tree_dir/install.log"
	find "$new/drivers" -type l -delete	# to the object tree
	ln -s "../../tree/$tree/obj" "$new/kbuild"
	mv "$new" "$kernel_dir"
}

# Keeps what the table's kernels use today.
kernel_clean()
{
	local kernel entry keep=()

	while read -r kernel; do
		kernel_select "$kernel"
		kernel_locate || continue
		keep+=("$(source_deb)" "$tree_dir" "$kernel_dir" "$(module_locate)" "$cache/download/$name")
		! sysroot_locate || keep+=("$sysroot" "$sysroot_debs" "$(ltpin_locate)")
	done < <(kernel_names)
	mapfile -t -O "${#keep[@]}" keep < <(static_kept)
	mkdir -p "$cache"/{download,kernel,ltpin,module,static,sysroot,tree}
	while read -r entry; do
		if ! printf '%s\n' "${keep[@]}" | grep -qxF -- "$entry"; then
			say "removing $entry"
			rm -rf -- "$entry"
		fi
	done < <(find "$cache/download" -mindepth 1 -maxdepth 1 ! -name '*.log'
		find "$cache"/{kernel,ltpin,module,static,sysroot,tree} -mindepth 1 -maxdepth 1)
}
