/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_BASE_ARCHIVE_H
#define LT_BASE_ARCHIVE_H

#include "base/bundle.h"
#include "base/compiler.h"

/*
 * Bundles as .tar.gz, and what others pack as, by way of libarchive, which is loaded by the first call
 * and brings zlib; nothing else includes it.
 */

/* What a bundle may hold; more is unpacked by hand, into a directory. */
#define LT_ARCHIVE_MEMBERS_MAX 16384
#define LT_ARCHIVE_SIZE_MAX ((uint64_t)1 << 30)

/* Whether there is a library to read and write archives with: 0, or -EOPNOTSUPP and why in @diag. */
int lt_archive_check(struct lt_diag *diag) __must_check;

/**
 * lt_archive_read() - fill a bundle from a tar file, plain or compressed, or from a zip file
 * @fd:     its bytes; a pipe will do for a tar file that is plain or compressed with gzip
 * @bundle: empty; sealed on success
 * @diag:   says why not
 *
 * Return: 0; -EBADMSG for what is no such file, is damaged or cut off, or holds
 * what no captured tree does; -EFBIG past the limits; -EOPNOTSUPP without
 * libarchive; another negative errno.
 */
int lt_archive_read(int fd, struct lt_bundle *bundle, struct lt_diag *diag)
	__must_check __nonnull_at(2);

/* The same, or a single file that is compressed; then 1, and it is the only member. */
int lt_archive_unpack(int fd, struct lt_bundle *bundle, struct lt_diag *diag)
	__must_check __nonnull_at(2);

/* Where the bytes of an archive go, and what it looks like. */
struct lt_archive_output {
	const char *top; /* directory that everything is put into */
	int64_t mtime;	 /* seconds since 1970 */
	/* 0 or negative errno; @arg is passed to it */
	int (*put)(void *arg, const void *data, size_t len);
	void *arg;
};

/**
 * lt_archive_write() - write a bundle as .tar.gz
 * @diag: says why not, unless @output could not take it
 *
 * Return: 0; -EOPNOTSUPP without libarchive; -EIO; what put() returned.
 */
int lt_archive_write(const struct lt_bundle *bundle, const struct lt_archive_output *output,
		     struct lt_diag *diag) __must_check __nonnull_at(1, 2);

/**
 * lt_archive_measure() - what each member would take if it were alone in an archive
 * @sizes: bytes, in the order of lt_bundle_members()
 *
 * Together they take less. Returns as lt_archive_write().
 */
int lt_archive_measure(const struct lt_bundle *bundle, const char *top, uint64_t *sizes,
		       struct lt_diag *diag) __must_check __nonnull_at(1, 3);

#endif
