# shellcheck shell=bash disable=SC2154,SC2164  # one program, under set -e
# SPDX-License-Identifier: GPL-2.0-or-later
# CMA areas as boards have them: the emulated machine's own device tree, and
# below /reserved-memory a node for each area.

# Makes board.dtb in the scratch directory, with the areas of --areas.
device_tree_make()
{
	need dtc:device-tree-compiler
	arch_is_foreign || usage_error "--areas: this machine has no device tree"
	"${machine[@]}" -M dumpdtb="$scratch/own.dtb" -m "$mem" -smp "$smp" -nodefaults \
		-display none >"$scratch/dtc.log" 2>&1
	{
		dtc -q -I dtb -O dts "$scratch/own.dtb"
		device_tree_areas
	} | dtc -q -I dts -O dtb -o "$scratch/board.dtb" || die "--areas: no such device tree"
}

# /reserved-memory in source form; the kernel places what has no address.
device_tree_areas()
{
	local area name size address default="linux,cma-default;"

	printf '/ { reserved-memory { #address-cells = <2>; #size-cells = <2>; ranges;\n'
	for area in ${areas//,/ }; do
		name=${area%%=*} size=${area#*=} address=
		[[ $size != *@* ]] || address=${size#*@}
		size=$(numfmt --from=iec "${size%@*}")
		if [ -n "$address" ]; then
			printf '%s@%x { reg = /bits/ 64 <%d %d>;' "$name" "$address" "$address" "$size"
		else
			printf '%s { size = /bits/ 64 <%d>;' "$name" "$size"
		fi
		printf ' compatible = "shared-dma-pool"; reusable; %s };\n' "$default"
		default=
	done
	printf '}; };\n'
}
