/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_SOURCE_READ_CLOCKS_H
#define LT_SOURCE_READ_CLOCKS_H

#include "base/compiler.h"
#include "model/snapshot.h"

/*
 * Say of @snap when and where its evidence is taken: captured_at, taken_ns, reader_uid, boot_id, machine and
 * clock. To be called before evidence is read, so that what was to be seen by then is in it.
 * 0 or -ENOMEM.
 */
int lt_clocks_read(struct lt_snapshot *snap) __must_check __nonnull_all;

#endif
