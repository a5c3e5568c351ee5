// SPDX-License-Identifier: LGPL-2.1-or-later
/* Keeps the files that a root reads, and writes them as an archive or a directory. */
#include "base/capture.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/compiler.h"
#include "base/now.h"

/* How much longer META may get by telling what was dropped. */
#define META_GROWTH 512

struct lt_capture {
	struct lt_bundle *bundle;
	struct lt_meta meta;
	const volatile sig_atomic_t *stop;
	const char *deferred;
	struct lt_meta_file *open; /* between begin and end */
	FILE *out;
	uint64_t start_ns;
	int err;
};

int lt_capture_new(const char *spool_dir, const volatile sig_atomic_t *stop,
		   struct lt_capture **out)
{
	struct lt_capture *capture = calloc(1, sizeof(*capture));
	int err = capture ? lt_bundle_new(spool_dir, &capture->bundle) : -ENOMEM;

	if (err) {
		free(capture);
		return err;
	}
	capture->stop = stop;
	*out = capture;
	return 0;
}

void lt_capture_free(struct lt_capture *capture)
{
	if (!capture)
		return;
	lt_bundle_free(capture->bundle);
	lt_meta_fini(&capture->meta);
	free(capture);
}

bool lt_capture_is_stopped(const struct lt_capture *capture)
{
	return capture->stop && *capture->stop;
}

static void fail(struct lt_capture *capture, int err)
{
	if (!capture->err)
		capture->err = err;
}

/* The record of @path, to be filled; NULL if there is nothing to add to what is known of it. */
static struct lt_meta_file *get_record(struct lt_capture *capture, const char *path, int err)
{
	struct lt_meta_file *file;

	if (capture->err || capture->open ||
	    (capture->deferred && !strcmp(capture->deferred, path)))
		return NULL;
	file = lt_meta_find(&capture->meta, path);
	if (file)
		return file->err && !err ? file : NULL;
	file = lt_meta_add(&capture->meta, path);
	if (!file)
		fail(capture, -ENOMEM);
	return file;
}

void lt_capture_add(struct lt_capture *capture, const char *path, int err, const char *data,
		    size_t len, uint64_t read_ns)
{
	struct lt_meta_file *file = get_record(capture, path, err);
	FILE *out;

	if (!file)
		return;
	file->err = err;
	if (err)
		return;
	file->nr_bytes = lt_num(len);
	file->read_ns = lt_num(read_ns);
	err = lt_bundle_begin(capture->bundle, path, &out);
	if (!err) {
		fwrite(data, 1, len, out);
		err = lt_bundle_end(capture->bundle, true);
	}
	if (err)
		fail(capture, err);
}

void lt_capture_add_dir(struct lt_capture *capture, const char *path, int err)
{
	struct lt_meta_file *file = get_record(capture, path, err);

	if (!file)
		return;
	file->err = err;
	if (!err)
		err = -lt_bundle_add_dir(capture->bundle, path);
	if (err && !file->err)
		fail(capture, -err);
}

FILE *lt_capture_begin(struct lt_capture *capture, const char *path)
{
	struct lt_meta_file *file = get_record(capture, path, 0);
	int err = file ? lt_bundle_begin(capture->bundle, path, &capture->out) : 0;

	if (err)
		fail(capture, err);
	if (!file || err)
		return NULL;
	capture->open = file;
	capture->start_ns = lt_now_ns();
	return capture->out;
}

void lt_capture_end(struct lt_capture *capture, int err, enum lt_extent extent)
{
	const struct lt_bundle_members *members = lt_bundle_members(capture->bundle);
	int end_err = lt_bundle_end(capture->bundle, !err);

	if (end_err) {
		fail(capture, end_err);
	} else if (err) {
		capture->open->err = -err;
	} else {
		capture->open->extent = extent;
		capture->open->nr_bytes = lt_num(members->v[members->nr - 1].size);
		capture->open->read_ns = lt_num(lt_now_ns() - capture->start_ns);
	}
	capture->open = NULL;
}

void lt_capture_defer(struct lt_capture *capture, const char *path)
{
	capture->deferred = path;
}

struct lt_meta *lt_capture_meta(struct lt_capture *capture)
{
	return &capture->meta;
}

int lt_capture_error(const struct lt_capture *capture)
{
	return capture->err;
}

struct lt_bundle *lt_capture_bundle(const struct lt_capture *capture)
{
	return capture->bundle;
}

void lt_capture_set_bundle(struct lt_capture *capture, struct lt_bundle *bundle)
{
	lt_bundle_free(capture->bundle);
	capture->bundle = bundle;
}

/* Choosing what fits */

struct cost {
	size_t i; /* of the member */
	uint64_t size;
	unsigned int worth;
};

struct choice {
	struct lt_meta *meta;
	const bool *is_dropped;
	size_t next;
};

/* What is kept first, first. */
static int by_worth(const void *a, const void *b)
{
	const struct cost *left = a, *right = b;
	int order = (left->worth < right->worth) - (left->worth > right->worth);

	return order ? order : (left->size > right->size) - (left->size < right->size);
}

/* Called for each member in order: says in META what is dropped. */
static bool is_kept(const struct lt_bundle_member *member, void *arg)
{
	struct choice *choice = arg;
	char path[LT_BUNDLE_PATH_MAX + 1];
	struct lt_meta_file *file;

	if (!choice->is_dropped[choice->next++])
		return true;
	snprintf(path, sizeof(path), "/%s", member->path);
	file = lt_meta_find(choice->meta, path);
	if (file)
		file->is_dropped = true;
	return false;
}

static int measure(struct lt_capture *capture, const struct lt_archive_output *output,
		   uint64_t *sizes, struct lt_diag *diag)
{
	const struct lt_bundle_members *members = lt_bundle_members(capture->bundle);

	if (output)
		return lt_archive_measure(capture->bundle, output->top, sizes, diag);
	for (size_t i = 0; i < members->nr; i++)
		sizes[i] = members->v[i].size;
	return 0;
}

/* Which members do not fit; the last one, META, must. @costs has those before it. */
static void choose(struct cost *costs, size_t nr, uint64_t max, bool *is_dropped)
{
	uint64_t sum = 0;

	if (nr)
		qsort(costs, nr, sizeof(*costs), by_worth);
	for (size_t i = 0; i < nr; i++) {
		is_dropped[costs[i].i] = costs[i].size > max - sum;
		if (!is_dropped[costs[i].i])
			sum += costs[i].size;
	}
}

static int count(void *arg, const void *data, size_t len)
{
	(void)data;
	*(uint64_t *)arg += len;
	return 0;
}

/* How much all of it takes: less than its members, if each is packed by itself. */
static int measure_all(struct lt_capture *capture, const struct lt_archive_output *output,
		       uint64_t *nr_bytes, struct lt_diag *diag)
{
	const struct lt_bundle_members *members = lt_bundle_members(capture->bundle);
	struct lt_archive_output counted;

	*nr_bytes = 0;
	if (output) {
		counted = *output;
		counted.put = count;
		counted.arg = nr_bytes;
		return lt_archive_write(capture->bundle, &counted, diag);
	}
	for (size_t i = 0; i < members->nr; i++)
		*nr_bytes += members->v[i].size;
	return 0;
}

static int add_meta(struct lt_capture *capture)
{
	FILE *out;
	int err = lt_bundle_begin(capture->bundle, LT_META_PATH, &out), end_err;

	if (err)
		return err;
	err = lt_meta_write(&capture->meta, out);
	end_err = lt_bundle_end(capture->bundle, true);
	return err ? err : end_err;
}

/* With META there, which is written anew: it tells of what was dropped. */
static int drop_members(struct lt_capture *capture, const struct lt_archive_output *output,
			const struct lt_capture_limit *limit, struct lt_diag *diag)
{
	const struct lt_bundle_members *members = lt_bundle_members(capture->bundle);
	const size_t nr = members->nr;
	uint64_t *sizes = calloc(nr, sizeof(*sizes));
	struct cost *costs = calloc(nr, sizeof(*costs));
	bool *is_dropped = calloc(nr, sizeof(*is_dropped));
	int err = sizes && costs && is_dropped ? measure(capture, output, sizes, diag) : -ENOMEM;

	if (!err && sizes[nr - 1] + META_GROWTH > limit->max) {
		lt_diag_set(diag, "%llu bytes are too few, even for META",
			    (unsigned long long)limit->max);
		err = -EFBIG;
	}
	for (size_t i = 0; i < nr - 1 && !err; i++)
		costs[i] = (struct cost){ i, sizes[i],
					  limit->worth ? limit->worth(members->v[i].path) : 0 };
	if (!err) {
		struct choice choice = { .meta = &capture->meta, .is_dropped = is_dropped };

		choose(costs, nr - 1, limit->max - META_GROWTH - sizes[nr - 1], is_dropped);
		/* What did not fit is what is dropped. */
		lt_ignore(lt_bundle_end(capture->bundle, false));
		lt_bundle_filter(capture->bundle, is_kept, &choice);
		err = add_meta(capture);
	}
	free(sizes);
	free(costs);
	free(is_dropped);
	return err;
}

/* META belongs into what it tells of. */
static int complete(struct lt_capture *capture, const struct lt_archive_output *output,
		    const struct lt_capture_limit *limit, struct lt_diag *diag)
{
	int err = capture->err ? capture->err : add_meta(capture);
	uint64_t nr_bytes;

	if (err || !limit->max)
		return err;
	err = measure_all(capture, output, &nr_bytes, diag);
	return err || nr_bytes <= limit->max ? err : drop_members(capture, output, limit, diag);
}

int lt_capture_write_archive(struct lt_capture *capture, const struct lt_archive_output *output,
			     const struct lt_capture_limit *limit, struct lt_diag *diag)
{
	int err = complete(capture, output, limit, diag);

	return err ? err : lt_archive_write(capture->bundle, output, diag);
}

int lt_capture_write_dir(struct lt_capture *capture, int dirfd,
			 const struct lt_capture_limit *limit, struct lt_diag *diag)
{
	int err = complete(capture, NULL, limit, diag);

	return err ? err : lt_bundle_extract(capture->bundle, dirfd);
}

int lt_capture_open(struct lt_capture *capture, struct lt_root **out)
{
	struct lt_diag diag;
	int err = complete(capture, NULL, &(struct lt_capture_limit){ 0 }, &diag);
	struct lt_bundle *bundle = capture->bundle;

	if (!err)
		err = lt_bundle_seal(bundle, &diag);
	if (err)
		return err;
	capture->bundle = NULL;
	return lt_root_open_bundle(bundle, out);
}
