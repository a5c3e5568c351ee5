/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CLI_CMD_CAPTURE_META_H
#define CLI_CMD_CAPTURE_META_H

#include "base/compiler.h"
#include "model/snapshot.h"

/* 0 or -ENOMEM. */
int capture_meta_fill(struct lt_meta *meta, const struct lt_snapshot *snap)
	__must_check __nonnull_all;

#endif
