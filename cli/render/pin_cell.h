/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CLI_RENDER_PIN_CELL_H
#define CLI_RENDER_PIN_CELL_H

#include "model/pin.h"
#include "render/table.h"

/* In a cell that no source fills. */
#define PIN_CELL_NOT_KNOWN "?"

/*
 * Who allocated a page, "camera-hal[812]": a thread by its own name and number, and then the number
 * of its process: "pin-worker[66] of 62".
 */
struct text_chunk pin_allocator(const struct lt_owner *owner);
void pin_cell_allocator(struct table *table, const struct lt_pin *pin);

/* A line a process. */
void pin_cell_mappers(struct table *table, const struct lt_pin *pin);

void pin_cell_pinner(struct table *table, const struct lt_pin *pin);

#endif
