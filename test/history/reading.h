/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TEST_HISTORY_READING_H
#define TEST_HISTORY_READING_H

#include "evidence.h"
#include "model/pin_call.h"
#include "model/snapshot.h"

/* What ltpin's own sources read of the evidence: it is written below a directory, as a capture is. */

/* A directory to read from; one is used again and again, and removed at the end. */
struct reading {
	char dir[128];
	struct e_file files[E_NR]; /* what is there */
	enum w_kernel kernel;
	struct lt_pin_calls calls;
};

void reading_init(struct reading *reading);
void reading_fini(struct reading *reading);

/* Freed with lt_snapshot_free(), and lt_root_close() of its root before. */
struct lt_snapshot *reading_make(struct reading *reading, const struct evidence *evidence);
void reading_free(struct lt_snapshot *snap);

#endif
