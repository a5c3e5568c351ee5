/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_BASE_COMMAND_H
#define LT_BASE_COMMAND_H

#include <stdbool.h>

#include "base/compiler.h"

/*
 * Commands that a sentence suggests. Whoever reads a capture must be able to paste them: a command
 * that reads evidence names the same capture again, and one that acts is for the device.
 */

/* Commands that read evidence, and so take a capture. */
enum lt_reader {
	LT_READER_REPORT,
	LT_READER_AREAS,
	LT_READER_ZONES,
	LT_READER_PAGES,
	LT_READER_OWNERS,
	LT_READER_EXPLAIN,
	LT_READER_DOCTOR,
	LT_READERS,
};

/**
 * struct lt_command_place - where commands are to be run
 * @arg:   the capture that was read, as an argument: "--root dev.tar.gz"; NULL for the running system
 * @blind: 1 << enum lt_reader for each command that would find nothing in that
 */
struct lt_command_place {
	const char *arg;
	unsigned int blind;
};

/*
 * Whether @command is for the device itself, and @place is a capture of it: the command acts,
 * watches, finds nothing there, or is not ltpin's.
 */
bool lt_command_is_for_device(const char *command, struct lt_command_place place) __nonnull_all;

/**
 * lt_command_at() - one command for the evidence that was read
 * @command: "ltpin pages"
 *
 * Return: "ltpin pages --root dev.tar.gz"; freed by the caller. NULL without memory.
 */
char *lt_command_at(const char *command, struct lt_command_place place) __nonnull_all;

/**
 * lt_command_in_words() - the same for each command between backticks
 *
 * A command of ltpin for the device is preceded by "on the device, ".
 *
 * Return: the sentence; freed by the caller. NULL without memory.
 */
char *lt_command_in_words(const char *words, struct lt_command_place place) __nonnull_all;

#endif
