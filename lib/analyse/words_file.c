// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * What file or device a page is of. A file's page is held by whoever has a reference, whom nothing
 * here tells; a reference on a buffer keeps the device's page where it is.
 */
#include "analyse/words_file.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memstream.h"

static void put_holder(FILE *out, const struct lt_page_file *file)
{
	const struct lt_num nr_journal = lt_page_file_nr_journal(file);

	if (!file->nr_held.val || !nr_journal.known || !nr_journal.val)
		return;
	if (nr_journal.val == file->nr_held.val)
		fprintf(out, ", by the journal");
	else
		fprintf(out, ", %" PRIu64 " of them by the journal", nr_journal.val);
}

static void put_buffers(FILE *out, const struct lt_page_file *file)
{
	const uint64_t nr = file->nr_buffers.val, nr_held = file->nr_held.val;

	if (nr == 1)
		fprintf(out, "its buffer is %sheld", nr_held ? "" : "not ");
	else if (nr_held)
		fprintf(out, "%" PRIu64 " of its %" PRIu64 " buffers %s held", nr_held, nr,
			nr_held == 1 ? "is" : "are");
	else
		fprintf(out, "none of its %" PRIu64 " buffers is held", nr);
	put_holder(out, file);
}

static void put_device(FILE *out, const struct lt_page_file *file)
{
	const bool has_buffers = file->nr_buffers.known && file->nr_held.known;

	if (file->device)
		fprintf(out, "block device %s", file->device);
	else
		fprintf(out, "block device %u:%u", lt_page_file_major(file),
			lt_page_file_minor(file));
	if (!file->mounted && !has_buffers)
		return;
	fprintf(out, " (%s%s%s", file->mounted ? file->mounted : "",
		file->mounted ? " is mounted from it" : "",
		file->mounted && has_buffers ? "; " : "");
	if (has_buffers)
		put_buffers(out, file);
	fprintf(out, ")");
}

static void put_file(FILE *out, const struct lt_page_file *file)
{
	const bool is_on_device = file->device && strcmp(file->device, file->fs_type) != 0;

	fprintf(out, "%s (%s%s%s, inode %" PRIu64 ")",
		file->path	   ? file->path
		: file->is_deleted ? "a file without a name"
				   : "a file",
		file->fs_type, is_on_device ? " on " : "", is_on_device ? file->device : "",
		file->inode);
}

char *lt_words_file(const struct lt_page_file *file)
{
	char *words = NULL;
	size_t len;
	FILE *out = open_memstream(&words, &len);

	if (!out)
		return NULL;
	fprintf(out, "page cache of ");
	if (file->is_block_device)
		put_device(out, file);
	else
		put_file(out, file);
	return lt_memstream_close(out, &words) ? NULL : words;
}
