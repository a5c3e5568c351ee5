// SPDX-License-Identifier: LGPL-2.1-or-later
/* Reads and writes archives through libarchive, which is loaded when one is met. */
#include "base/archive.h"

#include <errno.h>

#ifdef HAVE_ARCHIVE

#include <archive.h>
#include <archive_entry.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/library.h"
#include "base/room.h"

#define BLOCK_SIZE 65536
#define ROOM ((size_t)4 << 20) /* that libarchive and zlib may need */

/*
 * Text of a kernel gets 10 to 60 times smaller. What unpacks to far more is
 * made to fill a disk.
 */
#define RATIO_MAX 250
#define RATIO_FREE ((uint64_t)64 << 20) /* no question of ratio up to here */

/* clang-format off */
#define FUNCTIONS(_)                                                                       \
	_(archive_error_string) _(archive_filter_bytes) _(archive_read_new)                \
	_(archive_read_free) _(archive_read_support_filter_gzip)                           \
	_(archive_read_support_filter_xz) _(archive_read_support_filter_bzip2)             \
	_(archive_read_support_filter_zstd) _(archive_read_support_format_zip)             \
	_(archive_read_support_format_raw) _(archive_format)                               \
	_(archive_read_support_format_tar) _(archive_read_set_read_callback)               \
	_(archive_read_set_seek_callback) _(archive_read_set_callback_data)                \
	_(archive_read_open1)                                                              \
	_(archive_read_next_header2) _(archive_read_data) _(archive_write_new)              \
	_(archive_write_free) _(archive_write_add_filter_gzip)                             \
	_(archive_write_set_format_ustar) _(archive_write_set_bytes_in_last_block)         \
	_(archive_write_open) _(archive_write_header) _(archive_write_data)                \
	_(archive_write_close) _(archive_set_error) _(archive_entry_new)                   \
	_(archive_entry_free) _(archive_entry_pathname) _(archive_entry_filetype)          \
	_(archive_entry_hardlink) _(archive_entry_symlink) _(archive_entry_size)           \
	_(archive_entry_copy_pathname) _(archive_entry_set_filetype)                       \
	_(archive_entry_set_perm) _(archive_entry_set_size) _(archive_entry_set_mtime)
/* clang-format on */

struct library {
	void *handle;
#define MEMBER(name) __typeof__(&name) name;
	FUNCTIONS(MEMBER)
};

static int load(struct library *lib, struct lt_diag *diag)
{
	bool is_whole = true;
	int err = lt_room_check(ROOM);

	if (err)
		return err;
	lib->handle = lt_library_open("libarchive.so.13");
	if (lib->handle) {
#define LOAD(name)                                        \
	lib->name = LT_LIBRARY_SYMBOL(lib->handle, name); \
	is_whole &= lib->name != NULL;
		FUNCTIONS(LOAD)
		err = lt_room_check(ROOM); /* what was loaded takes some */
		if (is_whole && !err)
			return 0;
		lt_library_close(lib->handle);
		if (err)
			return err;
	}
	lt_diag_set(diag, "libarchive.so.13 is not installed (Debian: apt install libarchive13); "
			  "a directory needs none");
	return -EOPNOTSUPP;
}

int lt_archive_check(struct lt_diag *diag)
{
	struct library lib;
	int err = load(&lib, diag);

	if (!err)
		lt_library_close(lib.handle);
	return err;
}

/* Reading */

struct reading {
	struct library lib;
	int fd;
	struct archive *archive;
	struct archive_entry *entry; /* libarchive's own is not checked for being there */
	struct lt_bundle *bundle;
	struct lt_diag *diag;
	uint64_t nr_bytes;
	char packed[BLOCK_SIZE], block[BLOCK_SIZE];
};

static int refuse(struct reading *in, const char *what, const char *path)
{
	lt_diag_set(in->diag, "it holds %s: \"%s\"", what, path);
	return -EBADMSG;
}

static int refuse_size(struct reading *in)
{
	lt_diag_set(in->diag, "it unpacks to more than %llu MiB; unpack it into a directory",
		    (unsigned long long)(LT_ARCHIVE_SIZE_MAX >> 20));
	return -EFBIG;
}

static int damaged(struct reading *in)
{
	const char *why = in->lib.archive_error_string(in->archive);

	lt_diag_set(in->diag, "it is no tar file, or damaged or cut off: %s",
		    why ? why : "unknown error");
	return -EBADMSG;
}

static int check_bomb(struct reading *in)
{
	int64_t packed = in->lib.archive_filter_bytes(in->archive, -1);

	if (in->nr_bytes > LT_ARCHIVE_SIZE_MAX)
		return refuse_size(in);
	if (in->nr_bytes > RATIO_FREE && packed >= 0 &&
	    in->nr_bytes / RATIO_MAX > (uint64_t)packed) {
		lt_diag_set(in->diag, "it unpacks to more than %d times its size", RATIO_MAX);
		return -EFBIG;
	}
	return 0;
}

static int read_contents(struct reading *in, FILE *out)
{
	int err = 0;

	while (!err) {
		la_ssize_t n = in->lib.archive_read_data(in->archive, in->block, BLOCK_SIZE);

		if (!n)
			break;
		if (n < 0)
			return damaged(in);
		in->nr_bytes += (uint64_t)n;
		err = check_bomb(in);
		errno = 0;
		if (!err && fwrite(in->block, 1, (size_t)n, out) != (size_t)n)
			err = errno ? -errno : -EIO;
	}
	return err;
}

static int add_file(struct reading *in, struct archive_entry *entry, const char *path)
{
	FILE *out;
	int err, end_err;

	if (in->lib.archive_entry_size(entry) < 0 ||
	    (uint64_t)in->lib.archive_entry_size(entry) > LT_ARCHIVE_SIZE_MAX)
		return refuse_size(in);
	err = lt_bundle_begin(in->bundle, path, &out);
	if (err)
		return err;
	err = read_contents(in, out);
	end_err = lt_bundle_end(in->bundle, !err);
	return err ? err : end_err;
}

static bool is_plain_path(const char *path)
{
	return *path != '/' && strcmp(path, "..") && strncmp(path, "../", 3) &&
	       !strstr(path, "/../") &&
	       (strlen(path) < 3 || strcmp(path + strlen(path) - 3, "/.."));
}

static int add_link(struct reading *in, const char *path, const char *target, bool is_symbolic)
{
	int err = lt_bundle_add_link(in->bundle, path, target, is_symbolic);

	if (err == -EXDEV || (err == -EINVAL && !is_symbolic))
		return refuse(in, "a link that leads out of it", path);
	return err;
}

static int add_entry(struct reading *in, struct archive_entry *entry)
{
	const char *path = in->lib.archive_entry_pathname(entry);
	const char *hardlink = in->lib.archive_entry_hardlink(entry);
	const char *symlink = in->lib.archive_entry_symlink(entry);
	int err;

	if (!path || !is_plain_path(path))
		return refuse(in, "a name that leads out of it", path ? path : "?");
	if (!*path || !strcmp(path, ".") || !strcmp(path, "./"))
		return 0;
	if (hardlink)
		err = *hardlink == '/' ? refuse(in, "a link that leads out of it", path)
				       : add_link(in, path, hardlink, false);
	else if (symlink)
		err = add_link(in, path, symlink, true);
	else if (in->lib.archive_entry_filetype(entry) == AE_IFREG)
		err = add_file(in, entry, path);
	else if (in->lib.archive_entry_filetype(entry) == AE_IFDIR)
		err = lt_bundle_add_dir(in->bundle, path);
	else
		err = refuse(in, "what is no file", path);
	return err == -EINVAL ? refuse(in, "an impossible name", path) : err;
}

static int read_members(struct reading *in)
{
	int err = 0;

	while (!err) {
		int ret = in->lib.archive_read_next_header2(in->archive, in->entry);

		if (ret == ARCHIVE_EOF)
			break;
		if (ret != ARCHIVE_OK && ret != ARCHIVE_WARN)
			return damaged(in);
		if (lt_bundle_members(in->bundle)->nr >= LT_ARCHIVE_MEMBERS_MAX) {
			lt_diag_set(in->diag, "it holds more than %d files",
				    LT_ARCHIVE_MEMBERS_MAX);
			return -EFBIG;
		}
		err = add_entry(in, in->entry);
	}
	if (!err && !lt_bundle_members(in->bundle)->nr) {
		lt_diag_set(in->diag, "there is nothing in it");
		err = -EBADMSG;
	}
	return err;
}

/* How the file begins decides what libarchive may take it for. */
static int add_formats(struct reading *in, int fd, bool takes_one_file)
{
	const struct {
		const char *begin;
		size_t len;
		int (*add)(struct archive *archive);
	} formats[] = {
		{ "\xfd"
		  "7zXZ",
		  5, in->lib.archive_read_support_filter_xz },
		{ "BZh", 3, in->lib.archive_read_support_filter_bzip2 },
		{ "\x28\xb5\x2f\xfd", 4, in->lib.archive_read_support_filter_zstd },
		{ "PK\x03\x04", 4, in->lib.archive_read_support_format_zip },
	};
	char begin[8] = "";
	ssize_t len = pread(fd, begin, sizeof(begin), 0); /* not of a pipe */

	if (in->lib.archive_read_support_filter_gzip(in->archive) ||
	    in->lib.archive_read_support_format_tar(in->archive) ||
	    (takes_one_file && in->lib.archive_read_support_format_raw(in->archive)))
		return -ENOMEM;
	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
		if (len < (ssize_t)formats[i].len ||
		    memcmp(begin, formats[i].begin, formats[i].len))
			continue;
		/* It would start a program instead. */
		if (formats[i].add(in->archive)) {
			lt_diag_set(in->diag, "this libarchive cannot unpack it");
			return -EOPNOTSUPP;
		}
	}
	return 0;
}

static la_ssize_t get_packed(struct archive *archive, void *data, const void **block)
{
	struct reading *in = data;
	ssize_t n;

	do
		n = read(in->fd, in->packed, BLOCK_SIZE);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		in->lib.archive_set_error(archive, errno, "%s", strerror(errno));
	*block = in->packed;
	return n;
}

/* A zip file has its list at the end. */
static la_int64_t seek_packed(struct archive *archive, void *data, la_int64_t offset, int whence)
{
	struct reading *in = data;
	off_t at = lseek(in->fd, (off_t)offset, whence);

	(void)archive;
	return at < 0 ? ARCHIVE_FATAL : at;
}

/* What archive_read_open_fd() does; that of 3.6 uses its data although there was no memory for it. */
static int open_archive(struct reading *in)
{
	if (in->lib.archive_read_set_read_callback(in->archive, get_packed) ||
	    (lseek(in->fd, 0, SEEK_CUR) >= 0 &&
	     in->lib.archive_read_set_seek_callback(in->archive, seek_packed)) ||
	    in->lib.archive_read_set_callback_data(in->archive, in))
		return -ENOMEM;
	return in->lib.archive_read_open1(in->archive) ? damaged(in) : 0;
}

static int read_archive(struct reading *in, bool takes_one_file)
{
	int err = add_formats(in, in->fd, takes_one_file);

	if (!err)
		err = open_archive(in);
	return err ? err : read_members(in);
}

static int read_fd(int fd, struct lt_bundle *bundle, bool takes_one_file, struct lt_diag *diag)
{
	struct reading *in = calloc(1, sizeof(*in));
	int err = in ? load(&in->lib, diag) : -ENOMEM;

	if (err) {
		free(in);
		return err;
	}
	in->bundle = bundle;
	in->diag = diag;
	in->fd = fd;
	in->archive = in->lib.archive_read_new();
	in->entry = in->lib.archive_entry_new();
	err = in->archive && in->entry ? read_archive(in, takes_one_file) : -ENOMEM;
	if (!err && in->lib.archive_format(in->archive) == ARCHIVE_FORMAT_RAW)
		err = 1;
	if (in->archive)
		in->lib.archive_read_free(in->archive);
	in->lib.archive_entry_free(in->entry);
	lt_library_close(in->lib.handle);
	free(in);
	return err;
}

int lt_archive_read(int fd, struct lt_bundle *bundle, struct lt_diag *diag)
{
	int err = read_fd(fd, bundle, false, diag);

	return err ? err : lt_bundle_seal(bundle, diag);
}

int lt_archive_unpack(int fd, struct lt_bundle *bundle, struct lt_diag *diag)
{
	int ret = read_fd(fd, bundle, true, diag);
	int err = ret < 0 ? ret : lt_bundle_seal(bundle, diag);

	return err ? err : ret;
}

/* Writing */

struct writing {
	struct library lib;
	struct archive *archive;
	const struct lt_bundle *bundle;
	struct lt_archive_output to;
	int err; /* what put() returned */
};

static la_ssize_t put_packed(struct archive *archive, void *data, const void *buf, size_t len)
{
	struct writing *out = data;

	if (!out->err)
		out->err = out->to.put(out->to.arg, buf, len);
	if (!out->err)
		return (la_ssize_t)len;
	out->lib.archive_set_error(archive, -out->err, "cannot be written");
	return -1;
}

static int put_contents(void *arg, const void *data, size_t len)
{
	struct writing *out = arg;

	return out->lib.archive_write_data(out->archive, data, len) == (la_ssize_t)len ? 0 : -EIO;
}

static int write_member(struct writing *out, const struct lt_bundle_member *member)
{
	struct archive_entry *entry = out->lib.archive_entry_new();
	char path[LT_BUNDLE_PATH_MAX + 64];
	int err;

	if (!entry)
		return -ENOMEM;
	snprintf(path, sizeof(path), "%s/%s", out->to.top, member->path);
	out->lib.archive_entry_copy_pathname(entry, path);
	out->lib.archive_entry_set_filetype(entry, member->is_dir ? AE_IFDIR : AE_IFREG);
	out->lib.archive_entry_set_perm(entry, member->is_dir ? 0755 : 0644);
	out->lib.archive_entry_set_size(entry, (la_int64_t)member->size);
	out->lib.archive_entry_set_mtime(entry, (time_t)out->to.mtime, 0);
	err = out->lib.archive_write_header(out->archive, entry) >= ARCHIVE_WARN ? 0 : -EIO;
	out->lib.archive_entry_free(entry);
	return err ? err : lt_bundle_copy(out->bundle, member, put_contents, out);
}

/* An archive of @nr members from @first on. */
static int write_members(struct writing *out, const struct lt_bundle_member *first, size_t nr,
			 struct lt_diag *diag)
{
	struct library *lib = &out->lib;
	int err = 0;

	out->archive = lib->archive_write_new();
	if (!out->archive || lib->archive_write_add_filter_gzip(out->archive) ||
	    lib->archive_write_set_format_ustar(out->archive) ||
	    lib->archive_write_set_bytes_in_last_block(out->archive, 1) ||
	    lib->archive_write_open(out->archive, out, NULL, put_packed, NULL))
		err = -ENOMEM;
	for (size_t i = 0; i < nr && !err; i++)
		err = write_member(out, &first[i]);
	if (!err && lib->archive_write_close(out->archive))
		err = -EIO;
	if (err == -EIO && !out->err && lib->archive_error_string(out->archive))
		lt_diag_set(diag, "%s", lib->archive_error_string(out->archive));
	if (out->archive)
		lib->archive_write_free(out->archive);
	return out->err ? out->err : err;
}

int lt_archive_write(const struct lt_bundle *bundle, const struct lt_archive_output *output,
		     struct lt_diag *diag)
{
	const struct lt_bundle_members *members = lt_bundle_members(bundle);
	struct writing out = { .bundle = bundle, .to = *output };
	int err = load(&out.lib, diag);

	if (err)
		return err;
	err = write_members(&out, members->v, members->nr, diag);
	lt_library_close(out.lib.handle);
	return err;
}

static int count(void *arg, const void *data, size_t len)
{
	(void)data;
	*(uint64_t *)arg += len;
	return 0;
}

int lt_archive_measure(const struct lt_bundle *bundle, const char *top, uint64_t *sizes,
		       struct lt_diag *diag)
{
	const struct lt_bundle_members *members = lt_bundle_members(bundle);
	struct writing out = { .bundle = bundle, .to = { .top = top, .put = count } };
	int err = load(&out.lib, diag);

	if (err)
		return err;
	for (size_t i = 0; i < members->nr && !err; i++) {
		sizes[i] = 0;
		out.to.arg = &sizes[i];
		err = write_members(&out, &members->v[i], 1, diag);
	}
	lt_library_close(out.lib.handle);
	return err;
}

#else

int lt_archive_check(struct lt_diag *diag)
{
	lt_diag_set(diag, "this program was built without libarchive; a directory needs none");
	return -EOPNOTSUPP;
}

int lt_archive_read(int fd, struct lt_bundle *bundle, struct lt_diag *diag)
{
	(void)fd, (void)bundle;
	lt_diag_set(diag, "this program was built without libarchive; unpack it into a directory");
	return -EOPNOTSUPP;
}

int lt_archive_unpack(int fd, struct lt_bundle *bundle, struct lt_diag *diag)
{
	return lt_archive_read(fd, bundle, diag);
}

int lt_archive_write(const struct lt_bundle *bundle, const struct lt_archive_output *output,
		     struct lt_diag *diag)
{
	(void)bundle, (void)output;
	return lt_archive_check(diag);
}

int lt_archive_measure(const struct lt_bundle *bundle, const char *top, uint64_t *sizes,
		       struct lt_diag *diag)
{
	(void)bundle, (void)top, (void)sizes;
	return lt_archive_check(diag);
}

#endif
