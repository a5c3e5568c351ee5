# SPDX-License-Identifier: GPL-2.0-or-later
# A page for each command of cli/main.c, and one for the JSON. test/cli/test_man.py compares.
dist_man_MANS += \
	man/ltpin-alloc.8 \
	man/ltpin-areas.8 \
	man/ltpin-bench.8 \
	man/ltpin-capture.8 \
	man/ltpin-diff.8 \
	man/ltpin-doctor.8 \
	man/ltpin-explain.8 \
	man/ltpin-module.8 \
	man/ltpin-owners.8 \
	man/ltpin-pages.8 \
	man/ltpin-pin.8 \
	man/ltpin-report.5 \
	man/ltpin-report.8 \
	man/ltpin-selftest.8 \
	man/ltpin-top.8 \
	man/ltpin-tutorial.7 \
	man/ltpin-watch.8 \
	man/ltpin-zones.8 \
	man/ltpin.8
