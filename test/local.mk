# Tests speak TAP. `make check` runs what needs neither root nor a virtual machine.
LOG_DRIVER = env AM_TAP_AWK='$(AWK)' CMOCKA_MESSAGE_OUTPUT=TAP $(SHELL) $(top_srcdir)/build-aux/tap-driver.sh
AM_TESTS_ENVIRONMENT = \
	top_srcdir='$(abs_top_srcdir)'; top_builddir='$(abs_top_builddir)'; \
	LTPIN='$(abs_top_builddir)/ltpin'; PYTHON=$${PYTHON-/usr/bin/python3}; \
	ASAN_OPTIONS=$${ASAN_OPTIONS-detect_leaks=1:abort_on_error=1}; \
	UBSAN_OPTIONS=$${UBSAN_OPTIONS-print_stacktrace=1}; \
	export top_srcdir top_builddir LTPIN PYTHON ASAN_OPTIONS UBSAN_OPTIONS;

EXTRA_DIST += test/fixtures test/golden test/logs test/malformed test/saved

# Runs in the lab's guests; built when a test there wants it.
EXTRA_PROGRAMS += test/lab/follow
test_lab_follow_SOURCES = test/lab/follow.c
test_lab_follow_LDADD = libltpin.a $(LTPIN_LIBS)

if TESTS_ENABLED
include test/unit/local.mk
include test/fuzz/local.mk
include test/cli/local.mk
endif
