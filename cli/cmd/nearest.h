/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CLI_CMD_NEAREST_H
#define CLI_CMD_NEAREST_H

/**
 * struct nearest - the known name that a mistyped word was probably meant to be
 * @word: as it was typed
 * @best: the nearest name so far, NULL if none is near
 *
 * Set @word, offer every name that there is, and read @best.
 */
struct nearest {
	const char *word, *best;
	unsigned int edits; /* private: from @word to @best */
};

void nearest_offer(struct nearest *nearest, const char *name);

#endif
