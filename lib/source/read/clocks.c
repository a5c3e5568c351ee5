// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Which boot of which machine the evidence is of, and what its clocks show. Of a
 * captured tree, META says it; boot_id and the model are files there too.
 */
#include "source/read/clocks.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/array_size.h"
#include "base/log_clock.h"
#include "base/now.h"
#include "base/meta.h"
#include "base/text.h"
#include "source/trace/trace_now.h"

/* The reading that took the least time is the best. */
#define NR_READINGS 5

/* The trace's time is told in microseconds. */
#define TRACE_UNIT_NS 1000

/* include/linux/proc_ns.h, since 3.8 */
#define FIRST_USER_NS 0xEFFFFFFDu

static const char *const tracefs[] = { "/sys/kernel/tracing", "/sys/kernel/debug/tracing" };

/* The first line of a file, or its first string; @out stays if there is none. 0 or -ENOMEM. */
static int read_line(struct lt_snapshot *snap, const char *path, const char **out)
{
	const char *line = NULL;
	struct lt_buf buf;
	size_t len;
	int err = lt_root_read(snap->root, path, &buf);

	if (err)
		return err == -ENOMEM ? err : 0;
	len = strnlen(buf.data, buf.len);
	len = strcspn(buf.data, "\n") < len ? strcspn(buf.data, "\n") : len;
	while (len && (buf.data[len - 1] == ' ' || buf.data[len - 1] == '\t'))
		len--;
	if (len)
		line = lt_strings_add(snap->strings, buf.data, len);
	free(buf.data);
	if (!len)
		return 0;
	*out = line;
	return line ? 0 : -ENOMEM;
}

/* What kind of machine it is: the device tree's model, or vendor and product in DMI. */
static int read_machine(struct lt_snapshot *snap)
{
	const char *vendor = NULL, *product = NULL;
	int err = read_line(snap, "/sys/firmware/devicetree/base/model", &snap->machine);

	if (err || snap->machine)
		return err;
	err = read_line(snap, "/sys/class/dmi/id/sys_vendor", &vendor);
	if (!err)
		err = read_line(snap, "/sys/class/dmi/id/product_name", &product);
	if (err || (!vendor && !product))
		return err;
	snap->machine = vendor && product
				? lt_strings_format(snap->strings, "%s %s", vendor, product)
			: product ? product
				  : vendor;
	return snap->machine ? 0 : -ENOMEM;
}

static uint64_t clock_ns(clockid_t id)
{
	struct timespec now = { 0 };

	clock_gettime(id, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

/*
 * Where tracefs is, by index, ARRAY_SIZE(tracefs) for nowhere; the clock in use there has the name
 * snap->clock.trace_clock. 0 or -ENOMEM.
 */
static int find_trace_clock(struct lt_snapshot *snap, size_t *at)
{
	for (*at = 0; *at < ARRAY_SIZE(tracefs); ++*at) {
		char path[64];
		struct lt_buf buf;
		int err;

		snprintf(path, sizeof(path), "%s/trace_clock", tracefs[*at]);
		err = lt_root_read(snap->root, path, &buf);
		if (err == -ENOMEM)
			return err;
		if (err)
			continue;
		err = lt_trace_clock_name(buf.data, buf.len, snap->strings,
					  &snap->clock.trace_clock);
		free(buf.data);
		return err;
	}
	return 0;
}

static struct lt_num read_trace_now(struct lt_snapshot *snap, size_t at)
{
	struct lt_num now_ns = { 0 };
	char path[64];
	struct lt_buf buf;

	if (at == ARRAY_SIZE(tracefs))
		return now_ns;
	snprintf(path, sizeof(path), "%s/per_cpu/cpu0/stats", tracefs[at]);
	if (lt_root_read(snap->root, path, &buf))
		return now_ns;
	now_ns.known = !lt_trace_now_parse(buf.data, buf.len, &now_ns.val);
	free(buf.data);
	return now_ns;
}

/* All of them between two readings of MONOTONIC, whose middle is when it was. */
static struct lt_clock_set read_once(struct lt_snapshot *snap, size_t trace_at)
{
	struct lt_clock_set clock = { .trace_clock = snap->clock.trace_clock };
	const uint64_t before_ns = lt_now_ns();
	struct timespec resolution = { 0 };
	uint64_t took_ns;

	clock.boottime_ns = lt_num(clock_ns(CLOCK_BOOTTIME));
	if (!snap->options.dmesg)
		clock.log_ns.known = !lt_log_clock_ns(&clock.log_ns.val);
	clock.trace_ns = read_trace_now(snap, trace_at);
	took_ns = lt_now_ns() - before_ns;
	clock.monotonic_ns = lt_num(before_ns + took_ns / 2);
	clock_getres(CLOCK_MONOTONIC, &resolution);
	clock.error_ns = lt_num(took_ns / 2 + (uint64_t)resolution.tv_nsec +
				(clock.trace_ns.known ? TRACE_UNIT_NS : 0));
	clock.suspended_ns = lt_clock_suspended(&clock);
	return clock;
}

/* A log or a trace out of a file is of another clock, or of another time. */
static int read_running(struct lt_snapshot *snap)
{
	size_t trace_at = ARRAY_SIZE(tracefs);
	int err = snap->options.trace ? 0 : find_trace_clock(snap, &trace_at);
	struct lt_clock_set best;

	if (err)
		return err;
	best = read_once(snap, trace_at);
	for (int i = 1; i < NR_READINGS; i++) {
		struct lt_clock_set clock = read_once(snap, trace_at);

		if (clock.error_ns.val < best.error_ns.val &&
		    clock.log_ns.known >= best.log_ns.known &&
		    clock.trace_ns.known >= best.trace_ns.known)
			best = clock;
	}
	snap->clock = best;
	return 0;
}

static int copy_text(struct lt_strings *strings, const char *text, const char **out)
{
	if (text && !*out)
		*out = lt_strings_restore(strings, text);
	return text && !*out ? -ENOMEM : 0;
}

static int read_origin(struct lt_snapshot *snap, const struct lt_meta *meta)
{
	struct lt_origin *origin = &snap->origin;
	int err = copy_text(snap->strings, meta->note, &origin->note);

	lt_vec_each(tally, &meta->redacted) {
		struct lt_redaction *redaction = lt_vec_push(&origin->redacted);

		if (!redaction)
			return -ENOMEM;
		*redaction = (struct lt_redaction){ NULL, tally->nr_names, tally->nr_places };
		err = err ? err : copy_text(snap->strings, tally->kind, &redaction->kind);
	}
	return err;
}

/* A captured tree was taken when META says. */
static int restore(struct lt_snapshot *snap, const struct lt_meta *meta)
{
	const struct lt_meta_clock *clock = &meta->clock;
	int err = copy_text(snap->strings, meta->captured_at, &snap->captured_at);

	if (!err)
		err = copy_text(snap->strings, meta->boot_id, &snap->boot_id);
	if (!err)
		err = copy_text(snap->strings, meta->machine, &snap->machine);
	if (!err)
		err = read_origin(snap, meta);
	snap->taken_ns = meta->taken_ns;
	snap->reader_uid = meta->reader_uid;
	snap->clock = (struct lt_clock_set){
		.monotonic_ns = clock->monotonic_ns,
		.boottime_ns = clock->boottime_ns,
		.error_ns = clock->error_ns,
		.suspended_ns = clock->suspended_ns,
	};
	if (!snap->options.dmesg)
		snap->clock.log_ns = clock->log_ns;
	if (snap->options.trace)
		return err;
	snap->clock.trace_ns = clock->trace_ns;
	return err ? err : copy_text(snap->strings, clock->trace_clock, &snap->clock.trace_clock);
}

static int read_date(struct lt_snapshot *snap)
{
	struct timespec now;
	struct tm utc;
	char text[32];

	if (clock_gettime(CLOCK_REALTIME, &now) || !gmtime_r(&now.tv_sec, &utc))
		return 0;
	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &utc);
	snap->captured_at = lt_strings_add(snap->strings, text, strlen(text));
	return snap->captured_at ? 0 : -ENOMEM;
}

/*
 * A user namespace may call anybody its root; the number of the first one's inode is fixed
 * (PROC_USER_INIT_INO). A kernel without CONFIG_USER_NS has no such file, and no other.
 */
static struct lt_num read_reader(void)
{
	struct stat st;

	if (stat("/proc/self/ns/user", &st) ? errno != ENOENT : st.st_ino != FIRST_USER_NS)
		return (struct lt_num){ 0 };
	return lt_num(geteuid());
}

int lt_clocks_read(struct lt_snapshot *snap)
{
	const struct lt_meta *meta = lt_root_meta(snap->root);
	int err = read_line(snap, "/proc/sys/kernel/random/boot_id", &snap->boot_id);
	size_t trace_at;

	if (!err)
		err = read_machine(snap);
	if (err)
		return err;
	if (!lt_root_is_live(snap->root)) {
		err = meta ? restore(snap, meta) : 0;
		/* A tree that was copied by hand has at least the clock's name. */
		if (!err && !snap->options.trace && !snap->clock.trace_clock)
			err = find_trace_clock(snap, &trace_at);
		return err;
	}
	err = read_running(snap);
	if (err)
		return err;
	snap->reader_uid = read_reader();
	snap->taken_ns = snap->clock.monotonic_ns;
	return read_date(snap);
}
