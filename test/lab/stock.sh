# shellcheck shell=bash disable=SC2034,SC2154,SC2164  # one program, under set -e
# SPDX-License-Identifier: GPL-2.0-or-later
# Kernels as Debian ships them: what runs on a device in production, without
# debug options. The column package names the metapackage, linux-image-FLAVOUR.
#
#   download/NAME/	the packages of the kernel and of its headers
#   kernel/NAME-KEY/	{IMAGE,config,kbuild -> headers,drivers/lib/modules/RELEASE}

stock_builder=1	# raise it when a change here must unpack every kernel anew

# What the guest needs, and what the tests use; with what they depend on.
stock_drivers=(virtio_mmio virtio_console vivid udmabuf)

# Where the selected kernel belongs; fails while it is not there.
stock_locate()
{
	local debs=$cache/download/$name

	[ -d "$debs" ] || return 1
	tree=$name-$({ printf '%s\n' "$stock_builder" "${stock_drivers[@]}"; ls "$debs"; } | digest)
	kernel_dir=$cache/kernel/$tree
	tree_dir=$kernel_dir
}

stock_make()
{
	need "$compiler:$compiler_package" depmod:kmod
	with_lock exclusive "$name" stock_fetch
	kernel_locate
	with_lock exclusive "$tree" stock_make_locked
}

stock_fetch()
{
	local archs

	[ ! -d "$cache/download/$name" ] || return 0
	archs=$(dpkg --print-architecture)
	[ "$archs" = "$debian_arch" ] || archs+=,$debian_arch
	archive_fetch "$name" "$cache/download/$name.new" stock_download
	mv "$cache/download/$name.new" "$cache/download/$name"
}

# The headers' programs are for this machine, all else for the guest. The
# kernel itself also comes without a signature, which nobody checks here.
stock_download()
{
	local kernel headers

	kernel=$(archive_depends "$package:$debian_arch" 'linux-image-[0-9].*')
	headers=${kernel/image/headers}
	archive_depends "$headers:$debian_arch" 'linux-(headers-.*-common|kbuild-.*)' >parts
	xargs apt-get "${apt[@]}" download "$kernel:$debian_arch" "$headers:$debian_arch" <parts
}

stock_make_locked()
{
	[ ! -e "$kernel_dir/$image" ] || return 0
	rm -rf "$kernel_dir" "$kernel_dir.new"
	mkdir -p "$kernel_dir.new"
	step "$name: unpacking" meter_stock "$cache/download/$name.log" stock_unpack
	stock_keep
}

meter_stock()
{
	du -sm "$kernel_dir.new" | awk '{ print $1 " MB" }'
}

stock_unpack()
{
	local deb

	for deb in "$cache/download/$name"/*.deb; do
		dpkg-deb -x "$deb" "$kernel_dir.new/headers"
	done
}

# The headers refer to each other by where they would be installed.
stock_keep()
{
	local new=$kernel_dir.new root=$kernel_dir.new/headers release

	release=$(basename "$root"/lib/modules/*)
	cp "$root/boot/vmlinuz-$release" "$new/$image"
	cp "$root/boot/config-$release" "$new/config"
	stock_copy_drivers "$root" "$release" "$new/drivers"
	rm -rf "${root:?}"/{boot,lib}
	sed -i "s,/usr/src/,$kernel_dir/headers/usr/src/," "$root/usr/src/linux-headers-$release/Makefile"
	ln -s "headers/usr/src/linux-headers-$release" "$new/kbuild"
	mv "$new" "$kernel_dir"
}

# stock_copy_drivers ROOT RELEASE TO: copies the drivers that we want, unpacked.
stock_copy_drivers()
{
	local root=$1 release=$2 to=$3 driver file

	depmod -b "$root" "$release"
	mkdir -p "$to"
	for driver in "${stock_drivers[@]}"; do
		modprobe -d "$root" -S "$release" --show-depends "$driver" 2>/dev/null || true
	done | awk '$1 == "insmod" && !seen[$2]++ { print $2 }' |
		while read -r file; do
			(cd "$root" && cp --parents -t "$to" ".${file#"$root"}")
		done
	(cd "$root" && cp --parents -t "$to" lib/modules/"$release"/modules.{builtin,order})
	find "$to" -name '*.ko.xz' -exec xz -d {} +
}
