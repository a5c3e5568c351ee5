# shellcheck shell=bash disable=SC2154,SC2164  # one program, under set -e
# SPDX-License-Identifier: GPL-2.0-or-later
# The project's kernel modules, built for the selected kernel.
#
#   module/TREE-KEY/	the .ko files; kernels that share a tree share them

# Directories of modules, and what their sources include from elsewhere.
module_dirs=(module test/lab/blocker)
module_includes=(lib/uapi)

# Relative to the top of the project.
module_sources()
{
	local dir

	cd "$top"
	for dir in "${module_dirs[@]}" "${module_includes[@]}"; do
		[ ! -d "$dir" ] || find "$dir" -name '*.[ch]' -o -name Kbuild
	done | sort
}

# Where the modules for the selected kernel belong.
module_locate()
{
	printf '%s\n' "$cache/module/$tree-$(module_sources | (cd "$top" && xargs -r sha256sum) | digest)"
}

# module_build NAME: sets modules to the directory of the .ko files.
module_build()
{
	kernel_build "$1"
	modules=$(module_locate)
	[ -d "$modules" ] || with_lock shared cache with_lock exclusive "$tree" module_make
}

# In a copy, so that the source tree stays clean.
module_make()
{
	local work=$modules.new module_dir

	[ ! -d "$modules" ] || return 0
	rm -rf "$work"
	mkdir -p "$work/ko"
	module_sources | (cd "$top" && xargs -r cp --parents -t "$work")
	for module_dir in "${module_dirs[@]}"; do
		[ ! -e "$work/$module_dir/Kbuild" ] || module_make_one "$work/$module_dir"
	done
	mv "$work/ko" "$modules"
	rm -rf "$work"
}

module_make_one()
{
	local log=$modules.log

	step "${1##*/} for $name: building" meter_objects "$log" \
		make -C "$kernel_dir/kbuild" M="$1" ARCH="$kernel_arch" CROSS_COMPILE="$cross" \
		CC="$compiler" CONFIG_DEBUG_INFO_BTF_MODULES= W=1 modules
	# The kernel's own headers are not our business.
	if grep -i warning "$log" | grep -vE "^$tree_dir/(src|headers)/|the compiler differs" >&2; then
		die "${1##*/}: no warnings, please; the whole log is $log"
	fi
	find "$1" -name "*.ko" -exec cp -t "$work/ko" {} +
}
