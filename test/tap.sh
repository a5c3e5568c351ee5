# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# TAP for shell tests: source it, call the functions, end with tap_done.
tap_nr=0
tap_bad=0

# ok NAME COMMAND...: passes if the command succeeds; its output is shown if not
ok()
{
	local name=$1 out

	shift
	tap_nr=$((tap_nr + 1))
	if out=$("$@" 2>&1); then
		printf 'ok %d - %s\n' "$tap_nr" "$name"
	else
		tap_bad=$((tap_bad + 1))
		printf 'not ok %d - %s\n' "$tap_nr" "$name"
		printf '%s\n' "$out" | sed 's/^/# /'
	fi
}

tap_done()
{
	printf '1..%d\n' "$tap_nr"
	[ "$tap_bad" = 0 ]
}
