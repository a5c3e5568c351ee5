# One program a noun: test/unit/test_<noun>.c. test.h opens fixtures.
UNIT_TESTS = \
	test/unit/test_escape

check_PROGRAMS += $(UNIT_TESTS)
TESTS += $(UNIT_TESTS)
UNIT_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
UNIT_LDADD = libltpin.a $(LTPIN_LIBS) $(CMOCKA_LIBS)

test_unit_test_escape_SOURCES = test/unit/test_escape.c test/unit/test.h
test_unit_test_escape_CFLAGS = $(UNIT_CFLAGS)
test_unit_test_escape_LDADD = $(UNIT_LDADD)
