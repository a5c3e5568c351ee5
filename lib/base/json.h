/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_BASE_JSON_H
#define LT_BASE_JSON_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/diag.h"
#include "base/num.h"

/*
 * JSON. The writer streams: nothing is held. A report with 131,072 pins as one
 * tree would take 193 MB. The reader is json-c's; without it reading fails with
 * -ENOSYS.
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
int lt_json_end(struct lt_json *json);

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

/* A parsed document. */
struct lt_json_value;

/**
 * lt_json_parse() - parse a whole document
 * @out: freed with lt_json_value_free(); values got from it live as long
 *
 * Return: 0; -EBADMSG with line, column and why in @diag (also for anything
 * after the document, a document that is neither object nor array, invalid
 * UTF-8, and nesting deeper than 32); -ENOMEM.
 */
int lt_json_parse(const char *buf, size_t len, struct lt_json_value **out, struct lt_diag *diag);
void lt_json_value_free(struct lt_json_value *value);

/* The longest value that lt_json_walk() takes. */
#define LT_JSON_WALK_MAX 65536

/**
 * lt_json_walk() - take in a document of any length a record at a time
 * @each: called for each member of the document, an object; for one that is an array, for each of
 *	  its elements instead. What it is given lives until it returns; it returns 0 to go on,
 *	  anything else to stop with that value.
 *
 * Return: as lt_json_parse(), also for an element longer than LT_JSON_WALK_MAX;
 * or what @each stopped with.
 */
int lt_json_walk(const char *buf, size_t len,
		 int (*each)(const char *key, const struct lt_json_value *value, void *arg),
		 void *arg, struct lt_diag *diag);

/* Readers accept NULL and a value of another type, and then tell nothing. */
struct lt_json_value *lt_json_get(const struct lt_json_value *object, const char *key);
size_t lt_json_length(const struct lt_json_value *array);
struct lt_json_value *lt_json_at(const struct lt_json_value *array, size_t i);
struct lt_num lt_json_num_of(const struct lt_json_value *value);
const char *lt_json_get_string(const struct lt_json_value *object, const char *key);
struct lt_num lt_json_get_num(const struct lt_json_value *object, const char *key);
bool lt_json_get_bool(const struct lt_json_value *object, const char *key); /* false if absent */
const char *lt_json_string_of(const struct lt_json_value *value); /* "" if it is none */
bool lt_json_get_double(const struct lt_json_value *object, const char *key, double *out);

#endif
