/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_BASE_GZIP_H
#define LT_BASE_GZIP_H

#include <stdbool.h>

#include "base/compiler.h"
#include "base/diag.h"
#include "base/root.h"

/* Whether @in begins as gzip does. */
bool lt_gzip_is(const char *in, size_t len);

/**
 * lt_gunzip() - unpack a gzip file that lies in memory
 * @max:  largest size to unpack to, in bytes
 * @out:  filled on success; caller frees @out->data
 * @diag: says why not; may be NULL
 *
 * zlib is loaded by the first call, so that nothing else needs it.
 *
 * Return: 0; -EBADMSG if truncated, damaged or followed by anything; -EFBIG
 * past @max; -EOPNOTSUPP without zlib; -ENOMEM.
 */
int lt_gunzip(const char *in, size_t in_len, size_t max, struct lt_buf *out, struct lt_diag *diag)
	__must_check;

#endif
