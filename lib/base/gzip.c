// SPDX-License-Identifier: LGPL-2.1-or-later
/* Unpacks gzip through zlib, which is loaded when such a file is met. */
#include "base/gzip.h"

#include <errno.h>
#include <stdlib.h>

bool lt_gzip_is(const char *in, size_t len)
{
	return len >= 2 && in[0] == '\x1f' && in[1] == '\x8b';
}

#ifdef HAVE_ZLIB

#include <limits.h>
#include <zlib.h>

#include "base/library.h"

struct zlib {
	void *handle;
	__typeof__(&inflateInit2_) init;
	__typeof__(&inflate) inflate;
	__typeof__(&inflateEnd) end;
};

static bool zlib_load(struct zlib *zlib)
{
	zlib->handle = lt_library_open("libz.so.1");
	if (!zlib->handle)
		return false;
	zlib->init = LT_LIBRARY_SYMBOL(zlib->handle, inflateInit2_);
	zlib->inflate = LT_LIBRARY_SYMBOL(zlib->handle, inflate);
	zlib->end = LT_LIBRARY_SYMBOL(zlib->handle, inflateEnd);
	if (zlib->init && zlib->inflate && zlib->end)
		return true;
	lt_library_close(zlib->handle);
	return false;
}

/* Unpack what @stream holds, into memory that grows up to @max. */
static int unpack(const struct zlib *zlib, z_stream *stream, size_t max, struct lt_buf *out)
{
	size_t size = 0;
	int ret = Z_OK;

	while (ret == Z_OK) {
		size_t room = size ? size : 65536; /* doubles */
		char *grown = realloc(out->data, size + room + 1);

		if (!grown)
			return -ENOMEM;
		out->data = grown;
		stream->next_out = (Bytef *)out->data + size;
		stream->avail_out = (uInt)room;
		size += room;
		ret = zlib->inflate(stream, Z_NO_FLUSH);
		out->len = size - stream->avail_out;
		if (out->len > max)
			return -EFBIG;
		if (ret == Z_OK && stream->avail_out)
			break; /* it wants more input than there is */
	}
	if (ret == Z_MEM_ERROR)
		return -ENOMEM;
	if (ret != Z_STREAM_END || stream->avail_in)
		return -EBADMSG;
	out->data[out->len] = '\0';
	return 0;
}

int lt_gunzip(const char *in, size_t in_len, size_t max, struct lt_buf *out, struct lt_diag *diag)
{
	z_stream stream = { .next_in = (z_const Bytef *)in, .avail_in = (uInt)in_len };
	struct lt_buf found = { 0 };
	struct zlib zlib;
	int err;

	if (in_len > UINT_MAX || max > INT_MAX)
		return -EFBIG;
	if (!zlib_load(&zlib)) {
		lt_diag_set(diag, "it is compressed, and zlib (libz.so.1) is not installed");
		return -EOPNOTSUPP;
	}
	/* 15 bits of window, 16 for the gzip header: nothing else is accepted. */
	err = zlib.init(&stream, 15 + 16, ZLIB_VERSION, (int)sizeof(stream)) == Z_OK ? 0 : -ENOMEM;
	if (!err) {
		err = unpack(&zlib, &stream, max, &found);
		zlib.end(&stream);
	}
	lt_library_close(zlib.handle);
	if (err) {
		free(found.data);
		if (err == -EBADMSG)
			lt_diag_set(diag, "its gzip data is damaged or cut off");
		return err;
	}
	*out = found;
	return 0;
}

#else

int lt_gunzip(const char *in, size_t in_len, size_t max, struct lt_buf *out, struct lt_diag *diag)
{
	(void)in, (void)in_len, (void)max, (void)out;
	lt_diag_set(diag, "it is compressed, and this program was built without zlib");
	return -EOPNOTSUPP;
}

#endif
