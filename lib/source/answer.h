/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_SOURCE_ANSWER_H
#define LT_SOURCE_ANSWER_H

#include "base/compiler.h"
#include "base/json.h"
#include "base/root.h"
#include "base/strings.h"

/*
 * What a source was told by something that is no file: the helper module, the
 * page tables of processes. A capture keeps it as /ltpin/SOURCE.json, schema
 * ltpin.answer/1, and on a captured tree the source takes it from there:
 *
 *	{ "schema", "source", arrays of records, "result": { "errno", ... } }
 *
 * "result" is what became of the source; without it the document is cut off.
 */

/* Start keeping; NULL if nobody captures. Records go into arrays, one after the other. */
struct lt_json *lt_answer_begin(const struct lt_root *root, const char *source);

/* End it; @err is what the source returns: 0 or negative errno, @diag what it says. */
void lt_answer_end(const struct lt_root *root, struct lt_json *json, int err,
		   const struct lt_diag *diag);

/**
 * struct lt_answer_sink - where the records of an answer go
 * @strings: has the words of @diag
 * @each:    called for each record with the name of its array; returns 0 to go on
 * @arg:     passed to @each
 * @none:    what to say in @diag where nothing was kept; NULL for nothing
 */
struct lt_answer_sink {
	struct lt_strings *strings;
	int (*each)(const char *key, const struct lt_json_value *record, void *arg);
	void *arg;
	const char *none;
};

/**
 * lt_answer_read() - what was kept
 * @diag: set to what the source said then
 *
 * Records may have been given out when it turns out that the answer is an error.
 *
 * Return: what the source returned then; -ENOENT without such a document;
 * -EBADMSG; what the sink stopped with.
 */
int lt_answer_read(const struct lt_root *root, const char *source,
		   const struct lt_answer_sink *sink, struct lt_diag *diag)
	__must_check __nonnull_at(1, 2, 3);

#endif
