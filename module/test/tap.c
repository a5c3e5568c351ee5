// SPDX-License-Identifier: GPL-2.0-only
/* Prints results of the module's tests as TAP. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tap.h"

static int nr_tests, nr_failed;

void ok(bool passed, const char *format, ...)
{
	va_list args;

	printf("%sok %d - ", passed ? "" : "not ", ++nr_tests);
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	putchar('\n');
	nr_failed += !passed;
}

void is(long long got, long long want, const char *what)
{
	ok(got == want, "%s", what);
	if (got != want)
		printf("# got %lld, want %lld\n", got, want);
}

void skip(const char *what, const char *why)
{
	printf("ok %d - %s # SKIP %s\n", ++nr_tests, what, why);
}

void bail(const char *what)
{
	printf("Bail out! %s: %s\n", what, strerror(errno));
	exit(2);
}

int finish(void)
{
	printf("1..%d\n", nr_tests);
	return nr_failed != 0;
}
