/* SPDX-License-Identifier: GPL-2.0-only */
/* Test results as TAP, on standard output. */
#ifndef LTPIN_TEST_TAP_H
#define LTPIN_TEST_TAP_H

#include <stdbool.h>

void __attribute__((format(printf, 2, 3))) ok(bool passed, const char *format, ...);

/* Passes if @got is @want, and shows both if not. */
void is(long long got, long long want, const char *what);

void skip(const char *what, const char *why);

/* Ends the whole test, with errno's text. */
void __attribute__((noreturn)) bail(const char *what);

/* Prints the plan; returns the exit status. */
int finish(void);

#endif
