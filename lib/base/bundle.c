// SPDX-License-Identifier: LGPL-2.1-or-later
/* Reads a bundle without unpacking it. */
#include "base/bundle.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/array_size.h"
#include "base/file.h"

#define LINKS_MAX 8 /* in a row */

struct lt_bundle {
	char *dir; /* of temporary files; NULL for the usual place */
	FILE *spool;
	struct lt_bundle_members members;
};

int lt_bundle_new(const char *dir, struct lt_bundle **out)
{
	struct lt_bundle *bundle = calloc(1, sizeof(*bundle));
	int fd = bundle ? lt_file_open_nameless(dir) : -ENOMEM;
	int err = fd < 0 ? fd : 0;

	if (!err) {
		bundle->spool = fdopen(fd, "w+");
		err = bundle->spool ? 0 : -errno;
		if (err)
			close(fd);
	}
	if (!err && dir) {
		bundle->dir = strdup(dir);
		err = bundle->dir ? 0 : -ENOMEM;
	}
	if (err) {
		lt_bundle_free(bundle);
		return err;
	}
	*out = bundle;
	return 0;
}

static void free_member(struct lt_bundle_member *member)
{
	free(member->path);
	free(member->target);
}

void lt_bundle_free(struct lt_bundle *bundle)
{
	if (!bundle)
		return;
	lt_vec_each(member, &bundle->members)
		free_member(member);
	lt_vec_free(&bundle->members);
	if (bundle->spool)
		fclose(bundle->spool);
	free(bundle->dir);
	free(bundle);
}

/*
 * Append the components of @path to @out, which has @len bytes of a path
 * already. ".." takes one away if @may_rise, until none is left.
 */
static int append_path(char *out, size_t *len, const char *path, bool may_rise)
{
	while (*path) {
		size_t n = strcspn(path, "/");

		if (n > NAME_MAX || *len + n + 2 > LT_BUNDLE_PATH_MAX)
			return -EINVAL;
		if (n == 2 && !memcmp(path, "..", 2)) {
			if (!may_rise)
				return -EINVAL;
			if (!*len)
				return -EXDEV;
			while (*len && out[--*len] != '/')
				;
		} else if (n > 1 || (n == 1 && *path != '.')) {
			if (*len)
				out[(*len)++] = '/';
			memcpy(out + *len, path, n);
			*len += n;
		}
		path += n + (path[n] == '/');
	}
	out[*len] = '\0';
	return 0;
}

static int add_member(struct lt_bundle *bundle, const char *path, struct lt_bundle_member **out)
{
	struct lt_bundle_member *member;
	char clean[LT_BUNDLE_PATH_MAX];
	size_t len = 0;
	int err = append_path(clean, &len, path, false);

	if (err || !len)
		return -EINVAL;
	member = lt_vec_push(&bundle->members);
	if (!member)
		return -ENOMEM;
	member->path = strdup(clean);
	if (!member->path) {
		bundle->members.nr--;
		return -ENOMEM;
	}
	*out = member;
	return 0;
}

int lt_bundle_begin(struct lt_bundle *bundle, const char *path, FILE **out)
{
	struct lt_bundle_member *member;
	int err = add_member(bundle, path, &member);

	if (err)
		return err;
	member->offset = ftello(bundle->spool);
	*out = bundle->spool;
	return 0;
}

int lt_bundle_end(struct lt_bundle *bundle, bool keep)
{
	struct lt_bundle_member *member = &bundle->members.v[bundle->members.nr - 1];
	off_t end = ftello(bundle->spool);
	int err;

	errno = 0;
	err = fflush(bundle->spool) || ferror(bundle->spool) || end < member->offset
		      ? (errno ? -errno : -EIO)
		      : 0;
	if (!err && keep) {
		member->size = (uint64_t)(end - member->offset);
		return 0;
	}
	clearerr(bundle->spool);
	if (fseeko(bundle->spool, member->offset, SEEK_SET) && !err)
		err = -errno;
	free_member(member);
	bundle->members.nr--;
	return err;
}

int lt_bundle_add_dir(struct lt_bundle *bundle, const char *path)
{
	struct lt_bundle_member *member;
	int err = add_member(bundle, path, &member);

	if (!err)
		member->is_dir = true;
	return err;
}

int lt_bundle_add_link(struct lt_bundle *bundle, const char *path, const char *target,
		       bool is_symbolic)
{
	struct lt_bundle_member *member;
	char clean[LT_BUNDLE_PATH_MAX];
	size_t len = 0;
	int err = add_member(bundle, path, &member);

	if (err)
		return err;
	if (is_symbolic && *target != '/') {
		const char *slash = strrchr(member->path, '/');

		len = slash ? (size_t)(slash - member->path) : 0;
		memcpy(clean, member->path, len);
	}
	err = append_path(clean, &len, target, is_symbolic);
	if (!err) {
		member->target = strdup(clean);
		err = member->target ? 0 : -ENOMEM;
	}
	if (err) {
		free_member(member);
		bundle->members.nr--;
	}
	return err;
}

const struct lt_bundle_members *lt_bundle_members(const struct lt_bundle *bundle)
{
	return &bundle->members;
}

void lt_bundle_filter(struct lt_bundle *bundle,
		      bool (*is_kept)(const struct lt_bundle_member *member, void *arg), void *arg)
{
	struct lt_bundle_members *members = &bundle->members;
	size_t nr = 0;

	lt_vec_each(member, members) {
		if (is_kept(member, arg))
			members->v[nr++] = *member;
		else
			free_member(member);
	}
	members->nr = nr;
}

/* Bytes that count as one: the slash before all others keeps a directory's files together. */
static int rank(char c)
{
	return c == '/' ? 1 : c ? (unsigned char)c + 2 : 0;
}

static int compare_paths(const char *a, const char *b)
{
	while (*a && *a == *b)
		a++, b++;
	return rank(*a) - rank(*b);
}

static int by_path(const void *a, const void *b)
{
	const struct lt_bundle_member *left = a, *right = b;

	return compare_paths(left->path, right->path);
}

static bool is_in(const char *path, const char *dir, size_t len)
{
	return !strncmp(path, dir, len) && (path[len] == '/' || !path[len]);
}

static bool is_one_of(const char *name, size_t len, const char *const *names, size_t nr)
{
	for (size_t i = 0; i < nr; i++)
		if (strlen(names[i]) == len && !memcmp(names[i], name, len))
			return true;
	return false;
}

/* Whether a tree has the directory of this name; a captured tree that lies in "ltpin" has more. */
static bool is_own_dir(const struct lt_bundle_members *members, const char *name, size_t len)
{
	static const char *const own[] = { "proc", "sys", "boot", "ltpin" };
	static const char *const above[] = { "META", "dmesg.txt", "proc", "sys" };

	if (!is_one_of(name, len, own, ARRAY_SIZE(own)))
		return false;
	if (!is_one_of(name, len, own + 3, 1))
		return true;
	lt_vec_each(member, members) {
		const char *below = member->path + len + (member->path[len] == '/');

		if (is_in(member->path, name, len) &&
		    is_one_of(below, strcspn(below, "/"), above, ARRAY_SIZE(above)))
			return false;
	}
	return true;
}

/* Length of the first component if it is everybody's, and not one of the tree itself. */
static size_t common_dir_len(const struct lt_bundle_members *members)
{
	const char *first = members->nr ? members->v[0].path : "";
	size_t len = strcspn(first, "/");

	if (is_own_dir(members, first, len))
		return 0;
	lt_vec_each(member, members)
		if (!is_in(member->path, first, len) || (!member->path[len] && !member->is_dir))
			return 0;
	return len;
}

static void strip(char *path, size_t len)
{
	if (path && path[len])
		memmove(path, path + len + 1, strlen(path + len + 1) + 1);
	else if (path)
		*path = '\0';
}

/* Links lead to somewhere in the directory, or they lead nowhere. */
static int strip_common_dir(struct lt_bundle_members *members)
{
	size_t len = common_dir_len(members), nr = 0;
	char *dir;

	if (!len)
		return 0;
	dir = strndup(members->v[0].path, len);
	if (!dir)
		return -ENOMEM;
	lt_vec_each(member, members) {
		if (!member->path[len]) {
			free_member(member); /* the directory itself */
			continue;
		}
		strip(member->path, len);
		if (member->target && is_in(member->target, dir, len))
			strip(member->target, len);
		members->v[nr++] = *member;
	}
	members->nr = nr;
	free(dir);
	return 0;
}

int lt_bundle_seal(struct lt_bundle *bundle, struct lt_diag *diag)
{
	struct lt_bundle_members *members = &bundle->members;
	int err = strip_common_dir(members);

	if (err)
		return err;
	if (members->nr)
		qsort(members->v, members->nr, sizeof(*members->v), by_path);
	for (size_t i = 1; i < members->nr; i++) {
		const struct lt_bundle_member *one = &members->v[i - 1], *other = &members->v[i];

		if (strcmp(one->path, other->path) || (one->is_dir && other->is_dir))
			continue;
		lt_diag_set(diag, "it holds \"%s\" twice", one->path);
		return -EBADMSG;
	}
	return 0;
}

/* Index of the first member that does not come before @path. */
static size_t lower_bound(const struct lt_bundle_members *members, const char *path)
{
	size_t low = 0, high = members->nr;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (compare_paths(members->v[mid].path, path) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static const char *without_slashes(const char *path)
{
	return path + strspn(path, "/");
}

static int find_file(const struct lt_bundle *bundle, const char *path,
		     const struct lt_bundle_member **out)
{
	const struct lt_bundle_members *members = &bundle->members;

	path = without_slashes(path);
	for (int i = 0; i <= LINKS_MAX; i++) {
		size_t at = lower_bound(members, path);

		if (at == members->nr || strcmp(members->v[at].path, path))
			return lt_bundle_has_dir(bundle, path) ? -EINVAL : -ENOENT;
		if (members->v[at].is_dir)
			return -EINVAL;
		if (!members->v[at].target) {
			*out = &members->v[at];
			return 0;
		}
		path = members->v[at].target;
	}
	return -ELOOP;
}

int lt_bundle_copy(const struct lt_bundle *bundle, const struct lt_bundle_member *member,
		   int (*put)(void *arg, const void *data, size_t len), void *arg)
{
	uint64_t left = member->size;
	off_t offset = member->offset;
	char buf[16384];
	int err = 0;

	while (left && !err) {
		size_t want = left < sizeof(buf) ? (size_t)left : sizeof(buf);
		ssize_t n = pread(fileno(bundle->spool), buf, want, offset);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n ? -errno : -EIO;
		err = put(arg, buf, (size_t)n);
		left -= (uint64_t)n;
		offset += n;
	}
	return err;
}

static int put_memory(void *arg, const void *data, size_t len)
{
	struct lt_buf *buf = arg;

	memcpy(buf->data + buf->len, data, len);
	buf->len += len;
	return 0;
}

int lt_bundle_read(const struct lt_bundle *bundle, const char *path, struct lt_buf *out)
{
	const struct lt_bundle_member *member;
	struct lt_buf buf = { 0 };
	int err = find_file(bundle, path, &member);

	if (err)
		return err;
	if (member->size > LT_ROOT_READ_MAX)
		return -EFBIG;
	buf.data = malloc(member->size + 1);
	err = buf.data ? lt_bundle_copy(bundle, member, put_memory, &buf) : -ENOMEM;
	if (err) {
		free(buf.data);
		return err;
	}
	buf.data[buf.len] = '\0';
	*out = buf;
	return 0;
}

static int put_fd(void *arg, const void *data, size_t len)
{
	return lt_file_write_all(*(int *)arg, data, len);
}

/* Make the directories above @path, or @path too if @whole. */
static int make_dirs(int dirfd, const char *path, bool whole)
{
	char part[LT_BUNDLE_PATH_MAX];

	for (const char *p = path; *p; p++) {
		bool is_end = whole && !p[1];
		size_t len = (size_t)(p - path) + is_end;

		if (*p != '/' && !is_end)
			continue;
		memcpy(part, path, len);
		part[len] = '\0';
		if (mkdirat(dirfd, part, 0700) && errno != EEXIST)
			return -errno;
	}
	return 0;
}

static int extract(const struct lt_bundle *bundle, const struct lt_bundle_member *member, int dirfd)
{
	int err = make_dirs(dirfd, member->path, member->is_dir);
	int fd;

	if (err || member->is_dir)
		return err;
	fd = openat(dirfd, member->path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return -errno;
	err = lt_bundle_copy(bundle, member, put_fd, &fd);
	if (close(fd) && !err)
		err = -errno;
	return err;
}

int lt_bundle_extract(const struct lt_bundle *bundle, int dirfd)
{
	int err = 0;

	lt_vec_each(member, &bundle->members)
		if (!err && !member->target)
			err = extract(bundle, member, dirfd);
	return err;
}

/* A copy: a descriptor has a position of its own, and an end. */
int lt_bundle_open(const struct lt_bundle *bundle, const char *path)
{
	const struct lt_bundle_member *member;
	int err = find_file(bundle, path, &member);
	int fd = err ? err : lt_file_open_nameless(bundle->dir);

	if (fd < 0)
		return fd;
	err = lt_bundle_copy(bundle, member, put_fd, &fd);
	if (!err && lseek(fd, 0, SEEK_SET) < 0)
		err = -errno;
	if (err)
		close(fd);
	return err ? err : fd;
}

bool lt_bundle_has_dir(const struct lt_bundle *bundle, const char *path)
{
	const struct lt_bundle_members *members = &bundle->members;
	size_t len, at;

	path = without_slashes(path);
	len = strlen(path);
	at = lower_bound(members, path);
	if (at < members->nr && !strcmp(members->v[at].path, path) && !members->v[at].is_dir)
		return false;
	return !len || (at < members->nr && is_in(members->v[at].path, path, len));
}

int lt_bundle_list(const struct lt_bundle *bundle, const char *path,
		   int (*each)(const char *name, void *arg), void *arg)
{
	const struct lt_bundle_members *members = &bundle->members;
	char name[NAME_MAX + 1] = "";
	const struct lt_bundle_member *file;
	size_t len;
	int ret = 0;

	path = without_slashes(path);
	len = strlen(path);
	if (!lt_bundle_has_dir(bundle, path))
		return find_file(bundle, path, &file) ? -ENOENT : -ENOTDIR;
	for (size_t i = lower_bound(members, path); i < members->nr && !ret; i++) {
		const char *rest = members->v[i].path;
		size_t n;

		if (len && !is_in(rest, path, len))
			break;
		rest += len ? len + (rest[len] == '/') : 0;
		n = strcspn(rest, "/");
		if (!n || (!strncmp(name, rest, n) && !name[n]))
			continue;
		memcpy(name, rest, n);
		name[n] = '\0';
		ret = each(name, arg);
	}
	return ret;
}
