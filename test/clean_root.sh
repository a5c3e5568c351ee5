# shellcheck shell=bash disable=SC2154  # sourced, after tap.sh, lab/common.sh and lab/archive.sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A Debian of its own in $root, and stages that write to $log.

# contain ARGUMENT...: this script once more, in namespaces that end with it, whatever ends it;
# then main(). Nothing that is mounted or runs outlives it, and $root is removed.
contain()
{
	if [ "${1-}" = --contained ]; then
		trap remove_root EXIT
		main
		return
	fi
	exec setpriv --pdeathsig KILL unshare --mount --propagation private --pid --fork \
		--kill-child=KILL --mount-proc "$0" --contained </dev/null
}

# What is mounted there is so in our namespace alone.
remove_root()
{
	! mountpoint -q "$root" || umount -R -l "$root"
	rm -rf --one-file-system "$root"
}

# stage NAME COMMAND...: as ok(), with the end of the log if it is bad
stage()
{
	local name=$1 status=0

	shift
	printf '\n# %s\n' "$name" >>"$log"
	"$@" >>"$log" 2>&1 || status=$?
	ok "$name" outcome "$status"
}

outcome()
{
	[ "$1" = 0 ] || { tail -n 40 "$log"; return 1; }
}

# From the machine's own mirror, with the kernel's file systems.
make_root()
{
	local mirror suite

	remove_root
	mirror=$(machine_mirror "$release")
	[ -n "$mirror" ] || { echo "the machine's package sources name no Debian mirror"; return 1; }
	debootstrap --variant=minbase "$release" "$root" "$mirror" || return
	for suite in "$release" "$release-updates" "$release-security"; do
		mirror=$(machine_mirror "$suite")
		[ -z "$mirror" ] || printf 'deb %s %s main\n' "$mirror" "$suite"
	done >"$root/etc/apt/sources.list"
	cp -L /etc/resolv.conf /etc/hosts "$root/etc/"
	mount --bind "$root" "$root" && mount -t proc proc "$root/proc" &&
		mount --rbind /sys "$root/sys" && mount --rbind /dev "$root/dev" && inside apt-get update
}

# inside COMMAND...
inside()
{
	env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive LC_ALL=C \
		${http_proxy:+http_proxy="$http_proxy"} chroot "$root" "$@"
}
