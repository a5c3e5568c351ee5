# SPDX-License-Identifier: GPL-2.0-or-later
# A page for each command of cli/main.c, and one for the JSON. test/cli/test_man.py compares.
dist_man_MANS += \
	man/ltpin-alloc.1 \
	man/ltpin-areas.1 \
	man/ltpin-bench.1 \
	man/ltpin-capture.1 \
	man/ltpin-diff.1 \
	man/ltpin-doctor.1 \
	man/ltpin-explain.1 \
	man/ltpin-module.1 \
	man/ltpin-owners.1 \
	man/ltpin-pages.1 \
	man/ltpin-pin.1 \
	man/ltpin-report.5 \
	man/ltpin-report.1 \
	man/ltpin-selftest.1 \
	man/ltpin-top.1 \
	man/ltpin-tutorial.7 \
	man/ltpin-watch.1 \
	man/ltpin-zones.1 \
	man/ltpin.1
