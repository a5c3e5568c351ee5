// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Which processes use dma-bufs: those that have one open (/proc/PID/fd,
 * /proc/PID/fdinfo), or mapped and then closed (/proc/PID/maps, where it is
 * "/dmabuf:NAME" with its inode number, which bufinfo explains).
 *
 * On the running system the links in /proc/PID/fd tell which of thousands of
 * descriptors are worth reading: "/dmabuf:NAME", before 5.3 "anon_inode:dmabuf".
 * Before 5.14 fdinfo has no inode number, and stat() of the link has.
 *
 * A capture keeps what was found: the array "buffers" (answer.h) of pid, comm,
 * exporter, name, ino and size. A tree that was copied by hand may have the
 * files of fdinfo instead.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "source/answer.h"
#include "source/process/dma_buf.h"
#include "source/process/maps.h"
#include "source/process/process_table.h"
#include "source/source.h"

#define SOURCE "dma-buf-users"

/* Buffers of one process that are told apart. */
#define NR_SEEN_MAX 65536

LT_VEC_OF(inodes, uint64_t);

struct users {
	struct lt_snapshot *snap;
	struct lt_diag *diag;
	struct lt_dma_bufs found; /* all that have an inode number; only without bufinfo */
	unsigned int nr_denied, nr_searched;
	bool is_unsure; /* a buffer without inode number may have counted twice */
	/* the process being looked at */
	int pid, dir; /* dir: its fd directory, live only; else -1 */
	const char *comm;
	struct inodes seen;
	struct lt_json *answer; /* of a capture, or NULL */
};

static bool is_new(struct inodes *inodes, uint64_t ino)
{
	uint64_t *slot;

	lt_vec_each(old, inodes)
		if (*old == ino)
			return false;
	slot = inodes->nr < NR_SEEN_MAX ? lt_vec_push(inodes) : NULL;
	if (slot)
		*slot = ino;
	return true;
}

/* Without bufinfo, what processes have open is all that is known of the exporters. */
static int add_to_exporter(struct users *users, const struct lt_dma_buf *buf)
{
	struct lt_holder like = {
		.kind = LT_HOLDER_DMA_BUF,
		.name = buf->exporter,
		.area = LT_NO_AREA,
	};
	struct lt_dma_buf *added;

	if (users->snap->dma_bufs.nr || !buf->ino.known ||
	    lt_dma_bufs_find(&users->found, buf->ino.val))
		return 0;
	added = lt_vec_push(&users->found);
	if (!added)
		return -ENOMEM;
	*added = *buf;
	return lt_holders_add_dma_buf(&users->snap->holders, &like, buf,
				      users->snap->kernel.page_size);
}

/* For a capture. */
static void keep(const struct users *users, const struct lt_dma_buf *buf)
{
	struct lt_json *json = users->answer;

	if (!json)
		return;
	lt_json_object(json, NULL);
	lt_json_u64(json, "pid", (uint64_t)users->pid);
	lt_json_string(json, "comm", users->comm);
	lt_json_string(json, "exporter", buf->exporter);
	lt_json_string(json, "name", buf->name);
	lt_json_num(json, "ino", buf->ino);
	lt_json_u64(json, "size", buf->size);
	lt_json_close(json);
}

static int add_buffer(struct users *users, const struct lt_dma_buf *buf)
{
	struct lt_snapshot *snap = users->snap;
	struct lt_holder like = {
		.kind = LT_HOLDER_DMA_BUF,
		.name = buf->exporter,
		.pid = lt_num((uint64_t)users->pid),
		.area = LT_NO_AREA,
	};
	int err = 0;

	if (buf->ino.known && !is_new(&users->seen, buf->ino.val))
		return 0;
	users->is_unsure |= !buf->ino.known;
	if (!users->comm)
		err = lt_process_comm(snap->root, users->pid, snap->strings, &users->comm);
	if (err == -ENOMEM)
		return err;
	keep(users, buf);
	like.comm = users->comm;
	err = lt_holders_add_dma_buf(&snap->holders, &like, buf, snap->kernel.page_size);
	return err ? err : add_to_exporter(users, buf);
}

/* False only if the descriptor's link says that it is something else. */
static bool may_be_dma_buf(const struct users *users, const char *fd)
{
	char link[PATH_MAX];
	ssize_t len;

	if (users->dir < 0)
		return true;
	len = readlinkat(users->dir, fd, link, sizeof(link) - 1);
	link[len > 0 ? len : 0] = '\0';
	return !strncmp(link, "/dmabuf:", 8) || !strcmp(link, "anon_inode:dmabuf");
}

static int search_fd(const char *fd, void *arg)
{
	struct users *users = arg;
	struct lt_dma_buf dma_buf;
	struct lt_buf buf;
	char path[64];
	int ret;

	if (strlen(fd) > 10 || !may_be_dma_buf(users, fd))
		return 0;
	snprintf(path, sizeof(path), "/proc/%d/fdinfo/%.10s", users->pid, fd);
	ret = lt_root_read(users->snap->root, path, &buf);
	if (ret)
		return ret == -ENOMEM ? ret : 0; /* closed meanwhile */
	ret = lt_dma_buf_parse_fdinfo(buf.data, buf.len, users->snap->strings, &dma_buf);
	free(buf.data);
	if (ret == 1 && !dma_buf.ino.known && users->dir >= 0) {
		struct stat st;

		if (!fstatat(users->dir, fd, &st, 0))
			dma_buf.ino = lt_num(st.st_ino);
	}
	return ret == 1 ? add_buffer(users, &dma_buf) : ret;
}

/* Mappings keep a buffer, too; only bufinfo tells what is behind an inode number. */
static int search_maps(struct users *users)
{
	struct lt_text text, line;
	struct lt_buf buf;
	char path[64];
	int err;

	if (!users->snap->dma_bufs.nr)
		return 0;
	snprintf(path, sizeof(path), "/proc/%d/maps", users->pid);
	err = lt_root_read(users->snap->root, path, &buf);
	if (err)
		return err == -ENOMEM ? err : 0;
	lt_text_init(&text, buf.data, buf.len);
	while (!err && lt_text_line(&text, &line)) {
		const struct lt_dma_buf *dma_buf;
		struct lt_vma vma;

		if (lt_maps_parse_line(line, &vma, NULL) || lt_vma_kind(&vma) != LT_VMA_DMA_BUF)
			continue;
		dma_buf = lt_dma_bufs_find(&users->snap->dma_bufs, vma.ino);
		if (dma_buf)
			err = add_buffer(users, dma_buf);
	}
	free(buf.data);
	return err;
}

static int search_process(int pid, void *arg)
{
	struct users *users = arg;
	char path[64];
	int err;

	users->pid = pid;
	users->comm = NULL;
	users->seen.nr = 0;
	users->dir = -1;
	if (lt_root_is_live(users->snap->root)) {
		snprintf(path, sizeof(path), "/proc/%d/fd", pid);
		users->dir = lt_root_openat(users->snap->root, path, O_RDONLY | O_DIRECTORY);
		err = users->dir < 0 ? users->dir : 0;
	} else {
		err = 0;
	}
	snprintf(path, sizeof(path), "/proc/%d/fdinfo", pid);
	if (!err)
		err = lt_root_list(users->snap->root, path, search_fd, users);
	if (users->dir >= 0)
		close(users->dir);
	users->nr_denied += err == -EACCES || err == -EPERM;
	users->nr_searched += !err;
	if (!err)
		err = search_maps(users);
	return err == -ENOMEM ? err : 0; /* it may have exited */
}

static void explain(const struct users *users)
{
	if (users->nr_denied) {
		lt_diag_set(users->diag, "%u process%s could not be looked into", users->nr_denied,
			    users->nr_denied == 1 ? "" : "es");
		lt_diag_mark_unread(users->diag);
	}
	if (users->is_unsure)
		lt_diag_note(users->diag,
			     "without inode numbers a buffer that is open twice counts twice");
	else if (users->found.nr)
		lt_diag_note(users->diag,
			     "only buffers that a process has open: bufinfo was not read");
}

static int search_processes(struct users *users)
{
	const struct lt_root *root = users->snap->root;
	int err = lt_process_table_each(root, search_process, users);

	explain(users);
	if (!err && !users->nr_searched)
		err = users->nr_denied ? -EACCES : -ENOENT;
	if (err == -ENOENT && !lt_root_is_live(root))
		lt_diag_set(users->diag, "a captured tree without the descriptors of processes");
	return err;
}

static int parse_string(struct users *users, const struct lt_json_value *record, const char *key,
			const char **out)
{
	const char *text = lt_json_get_string(record, key);

	*out = lt_strings_restore(users->snap->strings, text);
	return text && !*out ? -ENOMEM : 0;
}

/* A buffer that was kept; the same one of a process was kept once. */
static int replay(const char *key, const struct lt_json_value *record, void *arg)
{
	struct lt_num pid = lt_json_get_num(record, "pid"), size = lt_json_get_num(record, "size");
	struct lt_dma_buf buf = { .size = size.val, .ino = lt_json_get_num(record, "ino") };
	struct users *users = arg;

	if (strcmp(key, "buffers"))
		return 0;
	if (!pid.known || pid.val > INT_MAX || !size.known)
		return -EBADMSG;
	users->pid = (int)pid.val;
	users->seen.nr = 0;
	if (parse_string(users, record, "comm", &users->comm) ||
	    parse_string(users, record, "exporter", &buf.exporter) ||
	    parse_string(users, record, "name", &buf.name))
		return -ENOMEM;
	return add_buffer(users, &buf);
}

static int read_running(struct lt_snapshot *snap, struct users *users, struct lt_diag *diag)
{
	int err;

	users->answer = lt_answer_begin(snap->root, SOURCE);
	if (users->answer)
		lt_json_array(users->answer, "buffers");
	err = search_processes(users);
	if (users->answer)
		lt_json_close(users->answer);
	lt_answer_end(snap->root, users->answer, err, diag);
	return err;
}

static int read_users(struct lt_snapshot *snap, struct lt_diag *diag)
{
	struct users users = { .snap = snap, .diag = diag };
	struct lt_answer_sink sink = { .strings = snap->strings, .each = replay, .arg = &users };
	int err;

	if (lt_root_is_live(snap->root)) {
		err = read_running(snap, &users, diag);
	} else {
		err = lt_answer_read(snap->root, SOURCE, &sink, diag);
		if (err == -ENOENT)
			err = search_processes(&users);
	}
	lt_vec_free(&users.seen);
	lt_vec_free(&users.found);
	return err;
}

const struct lt_source lt_source_dma_buf_users = {
	.name = SOURCE,
	.where = "/proc/PID/fdinfo",
	.proves = "which processes have dma-bufs open or mapped",
	.access = "run as root (CAP_SYS_PTRACE)",
	.stage = LT_STAGE_PROCESSES,
	.pace = LT_PACE_NEVER,
	.read = read_users,
};
