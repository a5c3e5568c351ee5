# shellcheck shell=sh disable=SC2154  # common.sh has the variables
# SPDX-License-Identifier: GPL-2.0-or-later
# module/test/fuzz at work on the loaded module. The host put it there as /fuzz.

# hostile SECONDS [SEED]: it may hold little, so that nobody is killed for want of memory
hostile()
{
	echo 8192 >/sys/module/ltpin/parameters/max_alloc_pages
	echo 8 >/proc/sys/vm/nr_hugepages
	# shellcheck disable=SC2086  # none, or one
	keep fuzz /fuzz "$1" $2
	echo 0 >/proc/sys/vm/nr_hugepages
	pins_left >"$out/fuzz.pins"
	ltpin module status >"$out/fuzz.held"
	cat "$area/used" >"$out/fuzz.used"
}
