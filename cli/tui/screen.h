/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CLI_TUI_SCREEN_H
#define CLI_TUI_SCREEN_H

#include <stdbool.h>

#include "tui/frame.h"

/*
 * The terminal, by way of ncurses, which sends what changed and no more. It is
 * put back as it was by screen_stop(), by exit(), before the process stops
 * (SIGTSTP), and before it dies of a fatal signal.
 */

/*
 * 0; -ENOTTY if this is no terminal, -ENODEV if its type is not known, -ENOTSUP if it cannot place
 * its cursor, -ENOSYS without ncurses.
 */
int screen_start(void);
void screen_stop(void);

void screen_size(unsigned int *width, unsigned int *height);
void screen_draw(const struct frame *frame);

/**
 * screen_wait() - wait for a key
 * @ms:  at most
 * @key: TOP_KEY_NONE if none was pressed in time
 *
 * Return: false if there is nothing to wait for: asked to stop (stop/stop.h), or
 * the terminal is gone.
 */
bool screen_wait(unsigned int ms, int *key);

#endif
