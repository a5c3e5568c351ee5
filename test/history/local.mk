# SPDX-License-Identifier: GPL-2.0-or-later
# Random histories, see test/history/world.h. `make check` plays some, `make check-slow` 5000.
HISTORY_TESTS = \
	test/history/test_cases \
	test/history/test_control \
	test/history/test_decidable \
	test/history/test_histories \
	test/history/test_history
check_PROGRAMS += $(HISTORY_TESTS)
TESTS += $(HISTORY_TESTS)

check_LIBRARIES += test/history/libhistory.a
test_history_libhistory_a_SOURCES = \
	test/history/calibration.c test/history/calibration.h \
	test/history/evidence.c test/history/evidence.h \
	test/history/evidence_saved.c \
	test/history/history.c test/history/history.h \
	test/history/random.c test/history/random.h \
	test/history/reading.c test/history/reading.h \
	test/history/verdict.c test/history/verdict.h \
	test/history/world.c test/history/world.h

test_history_test_history_LDADD = test/history/libhistory.a libltpin.a $(LTPIN_LIBS) -lm
test_history_test_cases_LDADD = $(test_history_test_history_LDADD) $(CMOCKA_LIBS)
test_history_test_histories_LDADD = $(test_history_test_history_LDADD)
test_history_test_decidable_LDADD = $(test_history_test_history_LDADD)
test_history_test_control_LDADD = $(test_history_test_history_LDADD)
test_history_test_control_LDFLAGS = $(AM_LDFLAGS) \
	-Wl,--wrap=lt_pin_is_older,--wrap=lt_clearances_last
