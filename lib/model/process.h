/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_MODEL_PROCESS_H
#define LT_MODEL_PROCESS_H

#include <stdint.h>

#include "base/vec.h"

/**
 * struct lt_process - a process that maps pages of CMA areas (pagemap)
 * @comm:   its name now, interned
 * @nr_cma: entries of its page tables that are pages of areas; a page that several processes map
 *	    counts for each of them
 */
struct lt_process {
	int pid;
	const char *comm;
	uint64_t nr_cma;
};

LT_VEC_OF(lt_processes, struct lt_process);

#endif
