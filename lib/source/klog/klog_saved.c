// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * After some weeks the kernel's buffer has lost what was printed at boot. Distributions save that:
 *
 *	/var/log/dmesg					written once, some seconds after boot
 *	/var/log/boot.msg				the same
 *	/var/log/kern.log, messages, syslog, "*.1"	written on, and rotated
 *
 * What such a log tells of areas goes into a capture, and no other line of it: it may have anybody's
 * words. There it is
 *
 *	/ltpin/boot-log.txt
 *
 * None says of which boot it is. /var/log/dmesg of the boot before stays where the service that
 * writes it was removed, and a log that is written on may miss this boot.
 */
#include "source/klog/klog_saved.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/array_size.h"
#include "base/now.h"
#include "base/text.h"
#include "model/snapshot.h"

#define NSEC_PER_SEC 1000000000u

#define KEPT "/ltpin/boot-log.txt"

/* A log that is longer takes too long to look through. */
#define SAVED_LEN_MAX (16 * 1024 * 1024)

/* Of the clock, which NTP may have set meanwhile, and of the file system's stamps. */
#define SLACK_S 2

bool lt_klog_saved_is_ours(const struct lt_klog *klog, int64_t written_s,
			   const struct lt_klog_boot_facts *facts)
{
	int64_t last_s;

	if (!klog->begins_at_boot || !klog->banner || !klog->last_ns.known || !facts->version ||
	    strcmp(klog->banner, facts->version))
		return false;
	if (klog->cma_reserved_kib.val && facts->cma_total_kib.known &&
	    klog->cma_reserved_kib.val != facts->cma_total_kib.val)
		return false;
	last_s = (int64_t)(klog->last_ns.val / NSEC_PER_SEC);
	return written_s >= facts->begin_s && written_s <= facts->now_s + SLACK_S &&
	       last_s <= written_s - facts->begin_s + SLACK_S;
}

static bool has_place(const struct lt_klog *klog)
{
	lt_vec_each(reserved, &klog->reserved)
		if (reserved->base.known)
			return true;
	return false;
}

/* Lines that tell where areas are, and which kernel and how much memory it is. */
static bool is_of_areas(struct lt_text line)
{
	static const char *const words[] = { "cma: Reserved ", "Reserved memory: ",
					     "reserved mem: ", "Linux version ",
					     "cma-reserved",   "hash table entries: " };

	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		struct lt_text at = line;

		if (lt_text_find(&at, words[i]))
			return true;
	}
	return false;
}

/* The log is ours from here on: only what it tells of areas goes into a capture. */
static int keep_areas(const struct lt_snapshot *snap, const struct lt_buf *buf, uint64_t start_ns)
{
	struct lt_buf kept = { .data = malloc(buf->len + 1) };
	struct lt_text text, line;

	if (!kept.data)
		return -ENOMEM;
	lt_text_init(&text, buf->data, buf->len);
	while (lt_text_line(&text, &line)) {
		const size_t len = (size_t)(line.end - line.pos);

		if (!is_of_areas(line))
			continue;
		memcpy(kept.data + kept.len, line.pos, len);
		kept.len += len;
		kept.data[kept.len++] = '\n';
	}
	lt_root_keep(snap->root, KEPT, 0, &kept, start_ns);
	free(kept.data);
	return 0;
}

/* 0; -ENODATA if the file is nothing that can be used. */
static int read_file(const struct lt_snapshot *snap, const char *path, struct lt_klog *out,
		     struct lt_buf *text, int64_t *written_s)
{
	int fd = lt_root_openat(snap->root, path, O_RDONLY | O_NONBLOCK), err = -ENODATA;
	struct lt_klog_reader *reader = NULL;
	struct lt_buf buf = { 0 };
	struct stat st;

	if (fd < 0)
		return -ENODATA;
	if (!fstat(fd, &st) && S_ISREG(st.st_mode) && st.st_size <= SAVED_LEN_MAX)
		err = lt_fd_read(fd, &buf);
	if (!err) {
		*written_s = st.st_mtime;
		reader = lt_klog_reader_new(snap->strings, 0);
		err = reader ? lt_klog_reader_feed(reader, buf.data, buf.len) : -ENOMEM;
	}
	if (!err)
		err = lt_klog_reader_end(reader, out, NULL);
	lt_klog_reader_free(reader);
	if (err)
		free(buf.data);
	else
		*text = buf;
	close(fd);
	return err && err != -ENOMEM ? -ENODATA : err;
}

/* 0 or -ENOMEM. */
static int ask_system(const struct lt_snapshot *snap, struct lt_klog_boot_facts *facts)
{
	struct timespec since_boot, now;
	struct lt_text text, line;
	struct lt_buf buf;
	int err = lt_root_read(snap->root, "/proc/version", &buf);

	if (err)
		return err == -ENOMEM ? err : 0;
	facts->cma_total_kib = snap->memory.cma_total_kib;
	if (!clock_gettime(CLOCK_BOOTTIME, &since_boot) && !clock_gettime(CLOCK_REALTIME, &now)) {
		facts->now_s = now.tv_sec;
		facts->begin_s = now.tv_sec - since_boot.tv_sec - 1;
		lt_text_init(&text, buf.data, buf.len);
		if (lt_text_line(&text, &line)) {
			facts->version = lt_strings_span(snap->strings, lt_text_rest(&line));
			err = facts->version ? 0 : -ENOMEM;
		}
	}
	free(buf.data);
	return err;
}

/* What a capture kept: when it was made, that was of its boot. */
static int read_kept(const struct lt_snapshot *snap, struct lt_klog *out)
{
	struct lt_klog_reader *reader;
	struct lt_buf buf;
	int err = lt_root_read(snap->root, KEPT, &buf);

	if (err)
		return err == -ENOMEM ? err : -ENODATA;
	reader = lt_klog_reader_new(snap->strings, 0);
	err = reader ? lt_klog_reader_feed(reader, buf.data, buf.len) : -ENOMEM;
	if (!err)
		err = lt_klog_reader_end(reader, out, NULL);
	lt_klog_reader_free(reader);
	free(buf.data);
	out->from = KEPT;
	return err && err != -ENOMEM ? -ENODATA : err;
}

/* The first of those that distributions keep which is of this boot, and tells a place. */
static int find_saved(const struct lt_snapshot *snap, struct lt_klog *klog)
{
	static const char *const paths[] = {
		"/var/log/dmesg",      "/var/log/boot.msg", "/var/log/kern.log",
		"/var/log/messages",   "/var/log/syslog",   "/var/log/kern.log.1",
		"/var/log/messages.1", "/var/log/syslog.1",
	};
	struct lt_klog_boot_facts facts = { 0 };
	int err = ask_system(snap, &facts);

	for (size_t i = 0; i < ARRAY_SIZE(paths) && !err && facts.version; i++) {
		const uint64_t start_ns = lt_now_ns();
		struct lt_buf text = { 0 };
		int64_t written_s = 0;
		bool is_ours;

		err = read_file(snap, paths[i], klog, &text, &written_s);
		is_ours = !err && has_place(klog) && lt_klog_saved_is_ours(klog, written_s, &facts);
		if (is_ours)
			err = keep_areas(snap, &text, start_ns);
		free(text.data);
		klog->from = paths[i];
		if (is_ours || err == -ENOMEM)
			return err;
		err = 0;
		lt_klog_fini(klog);
		*klog = (struct lt_klog){ 0 };
	}
	return err ? err : -ENODATA;
}

int lt_klog_read_saved(const struct lt_snapshot *snap, struct lt_klog **out)
{
	struct lt_klog *klog = calloc(1, sizeof(*klog));
	int err = !klog				? -ENOMEM
		  : lt_root_is_live(snap->root) ? find_saved(snap, klog)
						: read_kept(snap, klog);

	*out = NULL;
	if (!err)
		*out = klog;
	else
		lt_klog_free(klog);
	return err == -ENODATA ? 0 : err;
}
