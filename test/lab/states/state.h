/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef STATE_H
#define STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PAGE 4096UL
#define HUGE_PAGES 512UL
#define ALLOCS_MAX 24
#define PIPES_MAX 16

struct area {
	const char *name, *dir, *out;
	uint64_t base, nr_pages;
};

enum { ANON, SHARED, HUGE, NR_KINDS };

/* What one state is made of; all of it is undone after the allocation. */
struct state {
	char *lent[NR_KINDS];
	size_t nr_lent[NR_KINDS];
	char *filler;
	size_t filler_size;
	uint32_t ids[ALLOCS_MAX];
	unsigned int nr_ids, nr_debugfs;
	int blocker, pipes[PIPES_MAX][2];
	unsigned int nr_pipes, nr_held, nr_swapcache;
};

struct class {
	const char *name;
	void (*make)(void);
};

extern struct area area;
extern struct state state;
extern int pagemap, kpageflags, ltpin_device;
extern uint64_t random_state;

void __attribute__((noreturn, format(printf, 1, 2))) die(const char *format, ...);

uint64_t random_below(uint64_t end);
uint64_t random_from(uint64_t first, uint64_t last);

/* Where a page is. 0: not present. */
uint64_t pfn_of(const void *page);
bool is_in_area(uint64_t pfn);

/* Whether flag @bit of /proc/kpageflags is set for a page in the area. */
bool has_flag(const void *page, int bit, bool is_set);

char *map(size_t size, int flags);
void touch(char *memory, size_t nr_pages);
long meminfo_kib(const char *name);

/* A random page of the state's memory that lies in the area; NULL if that is hard to find. */
char *lent_page(int kind);

/* Pages in the area, of one kind, whose flag of /proc/kpageflags is so. */
size_t count(int kind, int bit, bool is_set);

void lend(size_t nr_pages);
void lend_shared(size_t nr_pages);
void lend_huge(size_t nr_folios);
void hold_in_pipe(char *page);
void hold_by_driver(const char *how, char *page);

/* Files of the area in CMA debugfs. */
uint64_t read_number(const char *file);
bool write_area(const char *file, uint64_t nr_pages);

/* Allocate as a driver does; the PFN, or 0. */
uint64_t allocate(uint32_t nr_pages, uint32_t *id);

/* Allocations of random sizes, some of which are released again. */
void fragment(unsigned int nr, uint32_t nr_pages_max);

/* Take memory until less than @kib is free, the area's too. */
void exhaust(long kib);

/* Have some lent pages swapped out and read back: they are in the swap cache then. */
void swap_some(void);
void hold_swapped(void);

void undo(void);

/* classes.c */
const struct class *find_class(const char *name, size_t len);
void make_exhausted(void);

#endif
