# SPDX-License-Identifier: GPL-2.0-or-later
# Tests speak TAP. `make check` runs what needs neither root nor a virtual machine, in less
# than ten seconds of processor time; `make check-slow` runs what of that takes longer.
LOG_DRIVER = env AM_TAP_AWK='$(AWK)' CMOCKA_MESSAGE_OUTPUT=TAP $(SHELL) $(top_srcdir)/build-aux/tap-driver.sh
AM_TESTS_ENVIRONMENT = \
	top_srcdir='$(abs_top_srcdir)'; top_builddir='$(abs_top_builddir)'; \
	LTPIN='$(abs_top_builddir)/ltpin'; PYTHON=$${PYTHON-/usr/bin/python3}; \
	ASAN_OPTIONS=$${ASAN_OPTIONS-detect_leaks=1:abort_on_error=1}; \
	UBSAN_OPTIONS=$${UBSAN_OPTIONS-print_stacktrace=1}; \
	export top_srcdir top_builddir LTPIN PYTHON ASAN_OPTIONS UBSAN_OPTIONS;

# Runs in the lab's guests; built when a test there wants it.
EXTRA_PROGRAMS += test/lab/follow
test_lab_follow_SOURCES = test/lab/follow.c
test_lab_follow_LDADD = libltpin.a $(LTPIN_LIBS)

if TESTS_ENABLED
include test/unit/local.mk
include test/fault/local.mk
include test/fuzz/local.mk
include test/history/local.mk
include test/cli/local.mk

SLOW_TESTS = \
	$(FUZZ_TARGETS) \
	test/cli/test_attached.py \
	test/cli/test_browser.py \
	test/cli/test_bundle.py \
	test/cli/test_confine.py \
	test/cli/test_correlation.py \
	test/cli/test_cost.py \
	test/cli/test_diff.py \
	test/cli/test_explain.py \
	test/cli/test_faults.py \
	test/cli/test_files.py \
	test/cli/test_growth.py \
	test/cli/test_hostile.py \
	test/cli/test_html.py \
	test/cli/test_large.py \
	test/cli/test_log_boots.py \
	test/cli/test_log_damage.py \
	test/cli/test_markdown.py \
	test/cli/test_mutation.py \
	test/cli/test_owners.py \
	test/cli/test_place.py \
	test/cli/test_redact.py \
	test/cli/test_row.py \
	test/cli/test_same.py \
	test/cli/test_saved.py \
	test/cli/test_shapes.py \
	test/cli/test_top.py \
	test/cli/test_unlocated.py \
	test/cli/test_unprivileged.py \
	test/cli/test_views.py \
	test/cli/test_watch.py \
	test/cli/test_workers.py \
	test/cli/test_wrapped.py \
	test/history/test_control \
	test/history/test_decidable \
	test/history/test_histories \
	test/history/test_history \
	test/unit/test_damage \
	test/unit/test_interval \
	test/unit/test_leak \
	test/unit/test_memory

.PHONY: check-slow
check-slow: all-am $(filter check,$(MAKECMDGOALS))
	$(MAKE) $(AM_MAKEFLAGS) check-TESTS TESTS='$(SLOW_TESTS)' TEST_SUITE_LOG=check-slow.log

-include $(top_srcdir)/test/slow.mk
endif
