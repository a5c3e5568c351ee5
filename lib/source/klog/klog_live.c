// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The kernel log of the running system, which has two interfaces (kernel/printk/printk.c):
 *
 *	syslog(2)	hides what was printed before the last "dmesg -c", and leaves out the oldest
 *			messages where text and stamps together are longer than the buffer
 *	/dev/kmsg	has every record of the ring; each reader has a position of its own
 *
 * A record of /dev/kmsg (Documentation/ABI/testing/dev-kmsg), bytes that are not printable, and
 * "\" itself, as \xHH:
 *
 *	LEVEL "," SEQUENCE "," MICROSECONDS "," FLAG ["," "caller=" CALLER] ... ";" TEXT "\n"
 *	(" " KEY "=" VALUE "\n") ...
 */
#include "source/klog/klog_live.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/klog.h>
#include <unistd.h>

#include "base/memstream.h"
#include "base/text.h"

/* syslog(2); no libc names them */
#define SYSLOG_ACTION_READ_ALL 3
#define SYSLOG_ACTION_SIZE_BUFFER 10

#define USEC_PER_SEC 1000000u

/* No record is longer (CONSOLE_EXT_LOG_MAX, PRINTKRB_RECORD_MAX). */
#define RECORD_MAX 8192

/* Whoever prints faster than records are read must not keep us here. */
#define RECORDS_MAX (1u << 20)

struct record {
	uint64_t level, us;
	struct lt_span caller, text; /* no caller: empty */
};

static bool parse_record(struct lt_text line, struct record *out)
{
	struct lt_text head;
	struct lt_span span;
	uint64_t sequence;

	if (!lt_text_until(&line, ";", &span))
		return false;
	lt_text_init(&head, span.p, span.len);
	*out = (struct record){ .text = lt_text_rest(&line) };
	if (!lt_text_u64(&head, &out->level) || !lt_text_literal(&head, ",") ||
	    !lt_text_u64(&head, &sequence) || !lt_text_literal(&head, ",") ||
	    !lt_text_u64(&head, &out->us))
		return false;
	if (lt_text_find(&head, ",caller=") && !lt_text_until(&head, ",", &out->caller))
		out->caller = lt_text_rest(&head);
	return true;
}

static int hex_digit(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *at = c ? strchr(digits, c) : NULL;

	return at ? (int)(at - digits) : -1;
}

/* The character at @i of @text, which moves on. */
static char unescape(struct lt_span text, size_t *i)
{
	int high, low;

	if (text.p[*i] != '\\' || text.len - *i < 4 || text.p[*i + 1] != 'x')
		return text.p[(*i)++];
	high = hex_digit(text.p[*i + 2]);
	low = hex_digit(text.p[*i + 3]);
	if (high < 0 || low < 0)
		return text.p[(*i)++];
	*i += 4;
	return (char)(high << 4 | low);
}

static void write_prefix(FILE *to, const struct record *record)
{
	fprintf(to, "<%" PRIu64 ">[%5" PRIu64 ".%06" PRIu64 "]", record->level,
		record->us / USEC_PER_SEC, record->us % USEC_PER_SEC);
	if (record->caller.len)
		fprintf(to, "[%6.*s]", (int)record->caller.len, record->caller.p);
	fputc(' ', to);
}

/* Each line of a message gets the prefix. */
static void write_record(FILE *to, const struct record *record)
{
	write_prefix(to, record);
	for (size_t i = 0; i < record->text.len;) {
		const char c = unescape(record->text, &i);

		fputc(c, to);
		if (c == '\n' && i < record->text.len)
			write_prefix(to, record);
	}
	fputc('\n', to);
}

static int read_records(int fd, FILE *to)
{
	char buf[RECORD_MAX];

	for (unsigned int nr = 0; nr < RECORDS_MAX; nr++) {
		ssize_t n = read(fd, buf, sizeof(buf));
		struct lt_text text, line;
		struct record record;

		if (n < 0 && errno == EAGAIN)
			break;
		if (n < 0 && errno != EPIPE && errno != EINTR)
			return -errno;
		if (n < 0)
			continue; /* EPIPE: this record was overwritten, the next is the oldest */
		if (!n)
			break;
		lt_text_init(&text, buf, (size_t)n);
		if (lt_text_line(&text, &line) && parse_record(line, &record))
			write_record(to, &record);
	}
	return 0;
}

int lt_klog_read_kmsg(int fd, struct lt_buf *out)
{
	char *data = NULL;
	size_t len = 0;
	FILE *to = open_memstream(&data, &len);
	int err;

	if (!to)
		return -ENOMEM;
	err = read_records(fd, to);
	if (lt_memstream_close(to, &data))
		return -ENOMEM;
	if (err)
		free(data);
	else
		*out = (struct lt_buf){ .data = data, .len = len };
	return err;
}

static size_t count_lines(const struct lt_buf *buf)
{
	size_t nr = 0;

	for (size_t i = 0; i < buf->len; i++)
		nr += buf->data[i] == '\n';
	return nr;
}

bool lt_klog_kmsg_is_more(const struct lt_buf *kmsg, const struct lt_buf *syslog)
{
	return count_lines(kmsg) > count_lines(syslog);
}

static int read_syslog(struct lt_buf *out)
{
	int size = klogctl(SYSLOG_ACTION_SIZE_BUFFER, NULL, 0);
	int err = size < 0 ? -errno : 0;
	char *data;
	int len;

	if (err)
		return err;
	data = malloc((size_t)size + 1);
	if (!data)
		return -ENOMEM;
	len = klogctl(SYSLOG_ACTION_READ_ALL, data, size);
	err = len < 0 ? -errno : 0;
	if (err) {
		free(data);
		return err;
	}
	*out = (struct lt_buf){ .data = data, .len = (size_t)len };
	return 0;
}

static int read_kmsg(struct lt_buf *out)
{
	int fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC), err;

	if (fd < 0)
		return -errno;
	err = lt_klog_read_kmsg(fd, out);
	close(fd);
	return err;
}

int lt_klog_read_live(struct lt_buf *out, const char **from)
{
	struct lt_buf kmsg = { 0 }, syslog = { 0 };
	/* In this order: what is printed meanwhile is in the second alone. */
	const int kmsg_err = read_kmsg(&kmsg);
	const int err = read_syslog(&syslog);
	/* One that is empty tells nothing: containers put something else in its place. */
	const bool is_kmsg = !kmsg_err && lt_klog_kmsg_is_more(&kmsg, &syslog);

	free(is_kmsg ? syslog.data : kmsg.data);
	if (!is_kmsg && err)
		return err;
	*out = is_kmsg ? kmsg : syslog;
	if (from)
		*from = is_kmsg ? "/dev/kmsg" : "syslog(2)";
	return 0;
}
