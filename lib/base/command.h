/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_BASE_COMMAND_H
#define LT_BASE_COMMAND_H

#include <stdbool.h>

#include "base/compiler.h"

/*
 * Commands that a sentence suggests. Whoever reads a capture must be able to paste them: a command
 * that reads evidence names the same capture again, and one that acts is for the device.
 */

/* Whether @command is for the device itself: it acts, watches, or is not ltpin's. */
bool lt_command_is_for_device(const char *command) __nonnull_all;

/**
 * lt_command_at() - one command for the evidence that was read
 * @command: "ltpin pages"
 * @place:   what was read, as an argument: "--root dev.tar.gz"; NULL for the running system
 *
 * Return: "ltpin pages --root dev.tar.gz"; freed by the caller. NULL without memory.
 */
char *lt_command_at(const char *command, const char *place) __nonnull_at(1);

/**
 * lt_command_in_words() - the same for each command between backticks
 *
 * A command for the device is preceded by "on the device, ".
 *
 * Return: the sentence; freed by the caller. NULL without memory.
 */
char *lt_command_in_words(const char *words, const char *place) __nonnull_at(1);

#endif
