# shellcheck shell=bash disable=SC2154,SC2164  # one program, under set -e
# SPDX-License-Identifier: GPL-2.0-or-later
# Messages, the cache and its locks, long steps with progress, cleaning up.

lab_failed=123		# exit status of the lab's own failures
tick_s=5		# a long step says how far it is this often

cache=${LTPIN_LAB_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/ltpin/lab}
scratch=		# directory of this process, gone when it ends
running=()		# background jobs, each the leader of a process group

say()
{
	printf 'lab: %s\n' "$*" >&2
}

die()
{
	say "$@"
	exit "$lab_failed"
}

# need COMMAND:PACKAGE...: stops unless all are there.
need()
{
	local item missing=()

	for item; do
		command -v "${item%:*}" >/dev/null || missing+=("${item#*:}")
	done
	[ ${#missing[@]} -eq 0 ] || die "please install ${missing[*]}"
}

# Kills what still runs and removes what is only ours, whatever ended us.
clean_up()
{
	local job

	trap - ERR
	set +e
	for job in "${running[@]}"; do
		kill -TERM -- "-$job"
		wait "$job"
	done 2>/dev/null
	[ -z "$scratch" ] || rm -rf -- "$scratch"
}

make_scratch()
{
	[ -n "$scratch" ] || scratch=$(mktemp -d "${TMPDIR:-/tmp}/ltpin-lab.XXXXXX")
}

digest()
{
	sha256sum | cut -c1-12
}

# with_lock shared|exclusive LOCK COMMAND...
with_lock()
{
	local mode=$1 lock=$2 fd

	shift 2
	mkdir -p "$cache/lock"
	exec {fd}>"$cache/lock/$lock"
	if ! flock --nonblock "--$mode" "$fd"; then
		say "waiting for another lab that uses $lock"
		flock "--$mode" "$fd"
	fi
	"$@"
	exec {fd}>&-
}

# start COMMAND...: runs it in the background, in a process group that
# clean_up() ends with us. Its leader is ${running[-1]}.
start()
{
	set -m
	"$@" </dev/null &
	running+=("$!")
	set +m
}

# finish: waits for the job started last, returns its status.
finish()
{
	local job=${running[-1]} status=0

	wait "$job" || status=$?
	unset 'running[-1]'
	return "$status"
}

# step LABEL METER LOG COMMAND...: runs a long command with its output in LOG.
# Every few seconds it says how long that took so far and what METER prints.
step()
{
	local label=$1 meter=$2 log=$3 began=$SECONDS

	shift 3
	: >"$log"
	start "$@" >"$log" 2>&1
	show_step "$label"
	until has_ended "${running[-1]}"; do
		show_step "$label" "$(elapsed "$began") $("$meter" "$log")"
	done
	finish || { end_line; tail -n 30 "$log" >&2; die "$label failed; the whole log is $log"; }
	show_step "$label" "$(elapsed "$began") done"
	end_line
}

# Waits up to tick_s seconds; true if the process has ended by then.
has_ended()
{
	timeout --foreground "$tick_s" tail -s 0.1 --pid="$1" -f /dev/null
}

elapsed()
{
	local s=$((SECONDS - $1))

	printf '%d:%02d' $((s / 60)) $((s % 60))
}

# On a terminal a step is one line that changes, elsewhere one line per change.
show_step()
{
	if [ -t 2 ]; then
		printf '\r\033[Klab: %s' "$*" >&2
	else
		say "$@"
	fi
}

end_line()
{
	[ ! -t 2 ] || printf '\n' >&2
}
