/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PLACE_H
#define PLACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Where pages are, and how to get some of a CMA area. What fails ends the program with status 2. */

extern long page_size;

/* @program is named in messages. */
void place_init(const char *program);

void __attribute__((noreturn, format(printf, 1, 2))) die(const char *format, ...);

/* Where a page is. 0: not present, or we may not know. */
uint64_t pfn_of(const void *page);

/* Name of the area that begins at @base_pfn, in debugfs; false if unknown. */
bool find_area(uint64_t base_pfn, char *name, size_t size);

/* "alloc" or "free" so many pages of the area. */
bool area_write(const char *area, const char *file, int nr_pages);

/* Priming works on this CPU's list: the faults must stay on it. */
void stay_on_this_cpu(void);

#endif
