/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TEST_FUZZ_LTPIN_MAIN_H
#define TEST_FUZZ_LTPIN_MAIN_H

/* Included before cli/main.c, whose main() is called so where the target is the program. */
#define main ltpin_main

int ltpin_main(int argc, char **argv);

#endif
