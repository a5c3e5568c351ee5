/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_MODEL_REFUSAL_H
#define LT_MODEL_REFUSAL_H

#include "base/num.h"
#include "base/vec.h"

/**
 * struct lt_refusal - an area that the kernel could not set aside at boot, or not use
 * @node:     of the device tree; NULL for the default area, or if it is not told
 * @size_mib: that was asked for; unknown if it is not told
 * @text:     the kernel's line
 * @is_inactive: it was set aside, and could not be activated
 */
struct lt_refusal {
	const char *node;
	struct lt_num size_mib;
	const char *text;
	bool is_inactive;
};

LT_VEC_OF(lt_refusals, struct lt_refusal);

#endif
