# shellcheck shell=bash disable=SC2034,SC2154,SC2164  # one program, under set -e
# SPDX-License-Identifier: GPL-2.0-or-later
# What depends on the processor: compiler, names, and the machine to emulate.

# arch_select ARCH: one of these, by Debian's names but for x86_64.
arch_select()
{
	debian_arch=$1
	case $1 in
	x86_64)
		debian_arch=amd64 triplet=x86_64-linux-gnu kernel_arch=x86_64
		image=bzImage image_path=arch/x86/boot/bzImage
		# No PCI and no ACPI to probe: the guest is up in half a second.
		machine=(qemu-system-x86_64 -M "microvm,acpi=off" -cpu max)
		# An emulator that gets no time loses timer interrupts; the kernel would panic.
		# From 6.8 on a kernel without BLK_DEV_WRITE_MOUNTED mounts no loop device of busybox's.
		boot_words="console=ttyS0 reboot=t no_timer_check bdev_allow_write_mounted=1"
		;;
	arm64)
		triplet=aarch64-linux-gnu kernel_arch=arm64
		image=Image image_path=arch/arm64/boot/Image
		machine=(qemu-system-aarch64 -M "virt,gic-version=2" -cpu cortex-a53)
		boot_words="console=ttyAMA0"
		;;
	armhf)
		triplet=arm-linux-gnueabihf kernel_arch=arm
		image=zImage image_path=arch/arm/boot/zImage
		machine=(qemu-system-arm -M "virt,highmem=off" -cpu cortex-a15)
		boot_words="console=ttyAMA0"
		;;
	*) die "kernels.conf: no such arch: $1" ;;
	esac
	virtio_bus=device
	emulator_package=qemu-system-arm
	[ "$1" != x86_64 ] || emulator_package=qemu-system-x86
	cross=
	[ "$1" = x86_64 ] || cross=$triplet-
	compiler=${cross}gcc
	compiler_package=gcc${cross:+-$triplet}
}

# Debian's kernels of x86_64 look for virtio on PCI, and cannot start without ACPI.
arch_select_stock()
{
	[ "$debian_arch" = amd64 ] || return 0
	machine=(qemu-system-x86_64 -M pc -cpu max)
	virtio_bus=pci
}

# Words for the kernel's command line. Our x86_64 kernels have nothing but an emulated PIT to
# measure the time stamp counter by, which works on a quiet machine at times: they would have
# steps of nanoseconds in one boot, of timer ticks in the next. So say how fast it goes: as
# this machine's, which the emulator hands out, or with --icount as the guest's nanoseconds.
arch_clock()
{
	local khz=1000000

	[ "$virtio_bus" = device ] && [ "$kernel_arch" = x86_64 ] || return 0
	if [ -z "$icount" ]; then
		"$compiler" -O2 -o "$scratch/tsc" "$lab/tsc.c"
		khz=$("$scratch/tsc")
	fi
	printf 'tsc_early_khz=%s tsc=%s' "$khz" "$([ "$clock" = fine ] && echo reliable || echo unstable)"
}

# Whether programs of the selected architecture need more than this machine has.
arch_is_foreign()
{
	[ -n "$cross" ]
}
