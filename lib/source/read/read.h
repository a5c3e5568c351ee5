/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_SOURCE_READ_READ_H
#define LT_SOURCE_READ_READ_H

#include "base/compiler.h"
#include "model/snapshot.h"

/**
 * lt_read_snapshot() - read every source
 * @options: what to read; NULL for all of the running system
 * @out:     the snapshot, freed with lt_snapshot_free()
 *
 * A source that cannot be read never fails the snapshot: it is named in
 * lt_snapshot.sources.
 *
 * Return: 0; -ENOMEM; or why the root could not be opened.
 */
int lt_read_snapshot(const struct lt_snapshot_options *options, struct lt_snapshot **out)
	__must_check;

/**
 * lt_read_pins() - who allocated, maps and pins some pages now
 * @snap: of the running system; its areas and strings are used, and its sources[] tells what became
 *	  of those that were read
 * @pins: folios of its areas, sorted; what is found out is filled in, and others may be added
 *
 * Reads only what speaks of these pages, but looks at every process for who maps them:
 * lt_snapshot_options.search_ms and progress of @snap hold.
 *
 * Return: 0 or -ENOMEM.
 */
int lt_read_pins(struct lt_snapshot *snap, struct lt_pins *pins) __must_check __nonnull_all;

#endif
