/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_BASE_CAPTURE_H
#define LT_BASE_CAPTURE_H

#include <signal.h>

#include "base/archive.h"
#include "base/compiler.h"
#include "base/meta.h"

/*
 * What is read of a system, kept while it is read. A root that has one keeps
 * whatever the sources ask it for, byte for byte, with the error if there was
 * one: so there is no second list of what to capture, and what is captured is
 * what the report was made of.
 *
 * Kept: files read by lt_root_read(), directories listed by lt_root_list(), and
 * what sources hand over with the functions below. Never kept: files of a
 * process (/proc/PID), which tell of more than memory.
 */
struct lt_capture;

/**
 * lt_capture_new() - begin
 * @spool_dir: where its temporary file goes; NULL for $TMPDIR or /tmp
 * @stop:      once it is not 0, reading fails with -EINTR; may be NULL
 */
int lt_capture_new(const char *spool_dir, const volatile sig_atomic_t *stop,
		   struct lt_capture **out) __must_check;
void lt_capture_free(struct lt_capture *capture);

/* Whether it was told to stop. */
bool lt_capture_is_stopped(const struct lt_capture *capture);

/* What came of reading @path: a positive errno in @err, or @data. The first success counts. */
void lt_capture_add(struct lt_capture *capture, const char *path, int err, const char *data,
		    size_t len, uint64_t read_ns);
void lt_capture_add_dir(struct lt_capture *capture, const char *path, int err);

/**
 * lt_capture_begin() - keep a file that is too large for memory
 *
 * Return: where to copy it, until lt_capture_end(); NULL if it is not wanted.
 */
FILE *lt_capture_begin(struct lt_capture *capture, const char *path);

/* @err: negative errno with which reading failed, 0. */
void lt_capture_end(struct lt_capture *capture, int err, enum lt_extent extent);

/* Do not keep @path until it is given here again; NULL: keep it from now on. */
void lt_capture_defer(struct lt_capture *capture, const char *path);

/* Filled by whoever knows the system; files are added here. */
struct lt_meta *lt_capture_meta(struct lt_capture *capture);

struct lt_redact;

/**
 * lt_capture_redact() - replace names in all of it, META included, by placeholders
 * @redact:    has learnt what the snapshot tells; learns what the files tell
 * @spool_dir: as for lt_capture_new()
 *
 * After everything was added.
 *
 * Return: 0 or negative errno.
 */
int lt_capture_redact(struct lt_capture *capture, struct lt_redact *redact, const char *spool_dir)
	__must_check __nonnull_at(1, 2);

/**
 * lt_capture_open() - read what was captured instead of what it was captured from
 * @out: takes the files over
 *
 * Return: 0 or negative errno.
 */
int lt_capture_open(struct lt_capture *capture, struct lt_root **out) __must_check __nonnull_all;

/* For whoever rewrites them; @bundle becomes the capture's, which frees the one before. */
struct lt_bundle *lt_capture_bundle(const struct lt_capture *capture);
void lt_capture_set_bundle(struct lt_capture *capture, struct lt_bundle *bundle);

/* Why something could not be kept, 0 if everything was. */
int lt_capture_error(const struct lt_capture *capture) __must_check __nonnull_all;

/**
 * struct lt_capture_limit - how much may be written, and what is kept first
 * @max:   bytes, 0 for no limit
 * @worth: of a file by its path; the higher, the longer it is kept; NULL if all are worth the same
 */
struct lt_capture_limit {
	uint64_t max;
	unsigned int (*worth)(const char *path);
};

/**
 * lt_capture_write_archive() - write all of it, META last, as .tar.gz
 * @diag: says why not
 *
 * Files are left out until the rest fits: those of least worth first, of these the largest. META
 * names them.
 *
 * Return: 0; -EFBIG if not even META fits; as lt_archive_write().
 */
int lt_capture_write_archive(struct lt_capture *capture, const struct lt_archive_output *output,
			     const struct lt_capture_limit *limit, struct lt_diag *diag)
	__must_check __nonnull_at(1, 2, 3);

/* The same into the directory @dirfd, which is empty; the limit counts what is in the files. */
int lt_capture_write_dir(struct lt_capture *capture, int dirfd,
			 const struct lt_capture_limit *limit, struct lt_diag *diag)
	__must_check __nonnull_at(1, 3);

#endif
