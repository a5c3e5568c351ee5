/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef LTPIN_TEST_TESTS_H
#define LTPIN_TEST_TESTS_H

void test_pins(void);
void test_allocations(void);
void test_areas(void);
void test_states(void);
void test_files(void);
void test_blockers(void);
void test_refusals(void);
void test_scarce(void);
void test_ends(void);

#endif
