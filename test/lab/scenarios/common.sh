# shellcheck shell=sh disable=SC2034  # who sources it uses the variables
# SPDX-License-Identifier: GPL-2.0-or-later
# What scenarios share. They run in the guest, as root, under busybox sh, and
# leave in /tmp/out what the host is to look at.
out=/tmp/out
mkdir -p "$out"

for area in /sys/kernel/debug/cma/*; do
	[ -e "$area/base_pfn" ] || continue
	base=$(cat "$area/base_pfn")
	count=$(cat "$area/count")
	end=$((base + count))
done
# Without CMA debugfs the log of the boot tells where the area is.
if [ -z "${base-}" ]; then
	where=$(dmesg | sed -n 's/.*cma: Reserved \([0-9]*\) MiB at \(0x[0-9a-f]*\).*/\1 \2/p')
	if [ -n "$where" ]; then
		count=$((${where% *} * 256))
		base=$((${where#* } / 4096))
		end=$((base + count))
	fi
fi

# keep NAME COMMAND...: stdout to NAME.out, stderr to NAME.err, status to NAME.status
keep()
{
	name=$1
	shift
	status=0
	"$@" >"$out/$name.out" 2>"$out/$name.err" </dev/null || status=$?
	echo "$status" >"$out/$name.status"
	return 0
}

# What was logged before is another story. "dmesg -c" hides it from syslog(2) alone.
log_hide()
{
	dmesg -c >/dev/null
	grep -q ' /dev/kmsg ' /proc/mounts || mount --bind /dev/null /dev/kmsg
}

# Pages pinned and not released, over all CPUs.
pins_outstanding()
{
	cat /proc/sys/vm/stat_refresh
	awk '/^nr_foll_pin_acquired / { a = $2 } /^nr_foll_pin_released / { r = $2 }
		END { print a - r }' /proc/vmstat
}

# The same once the kernel has dropped what it drops from a work queue (AF_XDP's memory): what is
# still pinned after 20 seconds is left behind.
pins_left()
{
	tries=0
	until [ "$(pins_outstanding)" -eq 0 ] || [ $tries -eq 100 ]; do
		tries=$((tries + 1))
		sleep 0.2
	done
	pins_outstanding
}

# hold_start NAME ARGUMENT...: hold in the background, until hold_stop NAME
hold_start()
{
	who=$1
	shift
	start "$who" hold --name "$who" "$@"
}

# start NAME COMMAND...: in the background, until hold_stop NAME; returns when it says "ready"
start()
{
	who=$1
	shift
	mkfifo "/tmp/$who.stdin"
	"$@" <"/tmp/$who.stdin" >"$out/$who.pages" 2>"$out/$who.err" &
	echo $! >"$out/$who.pid"
	sleep 1000000 >"/tmp/$who.stdin" &
	echo $! >"/tmp/$who.sleep"
	tries=0
	until grep -qs '^ready' "$out/$who.pages"; do
		tries=$((tries + 1))
		if [ "$tries" -gt 1200 ] || ! kill -0 "$(cat "$out/$who.pid")" 2>/dev/null; then
			echo "$who is not ready: $(cat "$out/$who.err")" >&2
			return 1
		fi
		sleep 0.1
	done
}

hold_stop()
{
	kill "$(cat "/tmp/$1.sleep")"
	wait "$(cat "$out/$1.pid")" 2>/dev/null
	rm -f "/tmp/$1.stdin"
}
