/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_BASE_JSON_H
#define LT_BASE_JSON_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/compiler.h"
#include "base/diag.h"
#include "base/num.h"

/*
 * JSON. The writer streams: nothing is held. A report with 131,072 pins as one
 * tree would take 193 MB. The reader is json-c's, whose trees take up to 265
 * bytes for each byte of text; so one tree is never larger than a record.
 * Without json-c reading fails with -ENOSYS.
 */
struct lt_json;

/*
 * Write to @out: two blanks of indent per level, one record a line below the
 * second level. Strings are valid UTF-8, see lt_escape(). NULL when out of
 * memory.
 */
struct lt_json *lt_json_new(FILE *out);

/* The same, all of it in one line. */
struct lt_json *lt_json_new_line(FILE *out);

/**
 * lt_json_end() - close what is open, end with a newline, free @json
 *
 * Return: 0, -ENOMEM if anything was lost on the way, or why writing failed.
 */
int lt_json_end(struct lt_json *json) __must_check __nonnull_all;

/*
 * Open a container; @key is NULL inside arrays and for the root.
 * lt_json_close() closes the innermost.
 */
void lt_json_object(struct lt_json *json, const char *key);
void lt_json_array(struct lt_json *json, const char *key);
void lt_json_close(struct lt_json *json);

/* Members (with @key) or elements (@key NULL). What is not known, or NULL, is left out. */
void lt_json_string(struct lt_json *json, const char *key, const char *text);
void lt_json_num(struct lt_json *json, const char *key, struct lt_num num);
void lt_json_u64(struct lt_json *json, const char *key, uint64_t val);
void lt_json_double(struct lt_json *json, const char *key, double val); /* if finite; 12 digits */
void lt_json_bool(struct lt_json *json, const char *key, bool val);

/* A parsed document, or a part of one. */
struct lt_json_value;

/* The longest document or record that becomes a tree: 64 KiB of text, 17 MB at most. */
#define LT_JSON_TREE_MAX 65536

/**
 * lt_json_parse() - parse a short document
 * @out: freed with lt_json_value_free(); values got from it live as long
 *
 * Return: 0; -EBADMSG with line, column and why in @diag (also for anything
 * after the document, a document that is neither object nor array or is longer
 * than LT_JSON_TREE_MAX, invalid UTF-8, and nesting deeper than 32); -ENOMEM.
 */
int lt_json_parse(const char *buf, size_t len, struct lt_json_value **out, struct lt_diag *diag)
	__must_check __nonnull_at(3);
void lt_json_value_free(struct lt_json_value *value);

/**
 * struct lt_json_visitor - who is shown a document piece by piece
 * @member:  called for each member of the document, an object; for one that is an array, for each of
 *	     its elements instead. What it is given lives until it returns.
 * @records: name of the member whose elements are objects of any length; NULL for none
 * @field:   called for the members of such an object as @member is for those of the document; NULL to
 *	     pass over them
 * @end:     such an object ended; NULL
 * @array:   an array begins, which may be empty; NULL
 * @arg:     passed to each
 *
 * They return 0 to go on, anything else to stop with that value.
 */
struct lt_json_visitor {
	int (*member)(const char *key, const struct lt_json_value *value, void *arg);
	const char *records;
	int (*field)(const char *key, const struct lt_json_value *value, void *arg);
	int (*end)(void *arg);
	int (*array)(const char *key, void *arg);
	void *arg;
};

/**
 * lt_json_visit() - take in a document of any length
 *
 * Return: as lt_json_parse(), also for a piece longer than LT_JSON_TREE_MAX;
 * or what @visitor stopped with.
 */
int lt_json_visit(const char *buf, size_t len, const struct lt_json_visitor *visitor,
		  struct lt_diag *diag) __must_check __nonnull_at(3);

/* lt_json_visit() with a member of the document, or an element of one, at a time. */
int lt_json_walk(const char *buf, size_t len,
		 int (*each)(const char *key, const struct lt_json_value *value, void *arg),
		 void *arg, struct lt_diag *diag) __must_check;

/* Readers accept NULL and a value of another type, and then tell nothing. */
struct lt_json_value *lt_json_get(const struct lt_json_value *object, const char *key);
/* Call @each for every member: 0, or what it stopped with. Nothing if @object is none. */
int lt_json_each(const struct lt_json_value *object,
		 int (*each)(const char *key, const struct lt_json_value *value, void *arg),
		 void *arg) __must_check;
size_t lt_json_length(const struct lt_json_value *array);
struct lt_json_value *lt_json_at(const struct lt_json_value *array, size_t i);
struct lt_num lt_json_num_of(const struct lt_json_value *value);
const char *lt_json_get_string(const struct lt_json_value *object, const char *key);
struct lt_num lt_json_get_num(const struct lt_json_value *object, const char *key);
bool lt_json_get_bool(const struct lt_json_value *object, const char *key); /* false if absent */
const char *lt_json_string_of(const struct lt_json_value *value);	    /* "" if it is none */
bool lt_json_bool_of(const struct lt_json_value *value);
bool lt_json_get_double(const struct lt_json_value *object, const char *key, double *out);

#endif
