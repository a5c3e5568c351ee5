/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_BASE_SIZE_H
#define LT_BASE_SIZE_H

#include <stdint.h>

struct lt_size {
	char s[24];
};

/* "12 KiB", "1.5 MiB": the largest unit of which there is at least one. */
struct lt_size lt_size(uint64_t bytes);

#endif
