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

/* Bits of /proc/kpageflags. */
#define KPF_LRU 5
#define KPF_SWAPCACHE 13
#define KPF_THP 22

struct area {
	const char *name, *dir, *out;
	uint64_t base, nr_pages;
};

enum { ANON, SHARED, HUGE, NR_KINDS };

struct filler {
	char *memory;
	size_t size, nr_touched;
};

/* What one state is made of; all of it is undone after the allocation. */
struct state {
	char *lent[NR_KINDS];
	size_t nr_lent[NR_KINDS];
	struct filler filler, squeezer;
	uint32_t ids[ALLOCS_MAX];
	unsigned int nr_ids, nr_debugfs;
	int blocker, file, pipes[PIPES_MAX][2];
	unsigned int nr_pipes, nr_held;
	size_t nr_file;	      /* pages of the file that are in the area */
	uint64_t least, most; /* that the request may have; 0: anything */
};

struct class
{
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

/* Drop those of HUGE_PAGES pages that lie in the area. */
void give_back(char *memory);

/* Whether flag @bit of /proc/kpageflags is set for a page in the area. */
bool has_flag(const void *page, int bit, bool is_set);

char *map(size_t size, int flags);
void touch(char *memory, size_t nr_pages);

/* What is free beside the area. */
long beside_kib(void);

/* A random page of the state's memory that lies in the area; NULL if that is hard to find. */
char *lent_page(int kind);

/* Pages in the area, of one kind, whose flag of /proc/kpageflags is so. */
size_t count(int kind, int bit, bool is_set);

void lend(size_t nr_pages);
void make_holes(void);
void lend_shared(size_t nr_pages);
void lend_file(const char *path, size_t nr_pages);
void lend_huge(size_t nr_folios);
void unmap(int kind);
void hold_in_pipe(char *page);
void hold_by_driver(const char *how, char *page);

/* Files of the area in CMA debugfs. */
uint64_t read_number(const char *file);
bool write_area(const char *file, uint64_t nr_pages);

/* Allocate as a driver does; the PFN, or 0. */
uint64_t allocate(uint32_t nr_pages, uint32_t flags, uint32_t *id);
void release(uint32_t id);

/* Allocations of random sizes, some of which are released again. */
void fragment(unsigned int nr, uint32_t nr_pages_max);

/*
 * The kernel takes new pages from the area as long as more than half of what is
 * free is there: take memory beside it until that holds, and give it back.
 */
void squeeze(void);
void relax(void);

/* Take memory until little is free, of the area, too. */
void exhaust(void);

/* Have some lent pages swapped out and read back: they are in the swap cache then. */
void swap_some(void);
void hold_swapped(void);

void undo(void);

/* klog.c */
void klog_skip(void);
int klog_error(uint64_t nr_pages);

/* classes.c */
const struct class *find_class(const char *name, size_t len);

#endif
