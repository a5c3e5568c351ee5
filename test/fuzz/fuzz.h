/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tried (SECURITY.md): any input to a parser, or to `diff` */
#ifndef TEST_FUZZ_FUZZ_H
#define TEST_FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>

/*
 * What a fuzz target defines. It aborts when the parser broke a promise
 * (untouched results on failure, for one), else returns 0.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/*
 * Names of files and directories, or endings such as ".json", separated by
 * blanks: the standalone driver mutates the corpus files that have one of them
 * in their path, and feeds all others as they are. libFuzzer does not use it.
 */
extern const char fuzz_seeds[];

/*
 * How many times as long as a parser's a run takes, so many times fewer mutations the driver makes;
 * where a target does not define it, 1.
 */
extern const unsigned int fuzz_cost __attribute__((weak));

#endif
