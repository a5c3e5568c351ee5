/* SPDX-License-Identifier: GPL-2.0-only */
/* What the tests ask of the kernel by other ways than the module. */
#ifndef LTPIN_TEST_SYSTEM_H
#define LTPIN_TEST_SYSTEM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

extern size_t page_size;

/* Finds the page size, our page map, and, unless it is set already, the area. */
void system_init(void);

/* The number after @key at the start of a line, or, without @key, the first. 0: none. */
uint64_t number_in(const char *path, const char *key);

bool write_to(const char *path, const char *text);

/* Pins outstanding on the whole system. */
long long foll_pins(void);

/* The default CMA area; the end is exclusive. */
extern uint64_t area_base, area_end;
bool in_area(uint64_t pfn);

uint64_t pfn_of(const char *page);

/* Anonymous memory in small pages, faulted in if @touch. */
char *map_pages(size_t nr_pages, bool touch);
void unmap_pages(char *p, size_t nr_pages);

void stay_on(int cpu);

/* A page that was just faulted in has one more reference, from a batch; ends that. */
void settle(void);

#endif
