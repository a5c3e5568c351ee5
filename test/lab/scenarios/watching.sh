# shellcheck shell=sh disable=SC2154  # out, see common.sh
# SPDX-License-Identifier: GPL-2.0-or-later
# For scenarios that follow allocations by `ltpin watch`: what it says comes out as NAME.out.
trace=/sys/kernel/tracing
[ -e "$trace/trace" ] || mount -t tracefs none "$trace"

# Whether the watch $watcher records: a new instance is on before it has any event.
is_recording()
{
	instance=$trace/instances/ltpin-$watcher
	[ "$(cat "$instance/events/cma/enable" 2>/dev/null || echo 0)" != 0 ] &&
		[ "$(cat "$instance/tracing_on" 2>/dev/null)" = 1 ]
}

# until_recording NAME
until_recording()
{
	tries=0
	until is_recording; do
		tries=$((tries + 1))
		if [ "$tries" -gt 1200 ] || ! kill -0 "$watcher" 2>/dev/null; then
			echo "watch $1 does not record: $(cat "$out/$1.err")" >&2
			exit 1
		fi
		sleep 0.1
	done
}

# watch_start NAME ARGUMENT...: returns when it records
watch_start()
{
	watching=$1
	shift
	ltpin watch "$@" >"$out/$watching.out" 2>"$out/$watching.err" </dev/null &
	watcher=$!
	until_recording "$watching"
}

# watch_end: wait for it
watch_end()
{
	status=0
	wait "$watcher" || status=$?
	echo "$status" >"$out/$watching.status"
}

# until_told TEXT N: until its output has so many lines with that
until_told()
{
	tries=0
	until [ "$(grep -c "$1" "$out/$watching.out")" -ge "$2" ]; do
		tries=$((tries + 1))
		if [ "$tries" -gt 1200 ]; then
			echo "$watching: not told $2 times: $1" >&2
			exit 1
		fi
		sleep 0.1
	done
}
