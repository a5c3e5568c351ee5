// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Runs a command and prints the allocation attempts that lib/act/follow/follow sees meanwhile,
 * one a line and without times, so that two runs can be compared:
 *
 *	follow [--reader text|raw] [--stacks] [--buffer KIB] [--event NAME] [--idle MS] COMMAND...
 *
 * --idle lets that much time pass before each look. Then on standard error: attempts,
 * events read and lost, processor time in user space and in the kernel, looks at the
 * buffer, and the longest time from the end of an attempt to when it was told.
 */
#include <getopt.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "act/follow/follow.h"
#include "base/now.h"

static uint64_t nr_attempts, nr_events, nr_looks, worst_delay_ns;
static volatile sig_atomic_t stopped;

static void on_signal(int number)
{
	stopped = number;
}

static void print_stack(const struct lt_stack *stack)
{
	for (size_t i = 0; stack && i < stack->nr; i++)
		printf("%s%s", i ? "<" : " | ", stack->frames[i]);
	putchar('\n');
}

static void print_num(const char *key, struct lt_num num)
{
	if (num.known)
		printf(" %s=%" PRIu64, key, num.val);
}

static int on_attempt(struct lt_attempt *attempt, void *arg)
{
	uint64_t ended_ns = attempt->ts_ns.val + attempt->latency_ns.val, now_ns = lt_now_ns();

	(void)arg;
	if (now_ns > ended_ns && now_ns - ended_ns > worst_delay_ns)
		worst_delay_ns = now_ns - ended_ns;
	nr_attempts++;
	printf("%s area=%s", attempt->caller, attempt->area_name ? attempt->area_name : "?");
	print_num("pages", attempt->nr_pages);
	print_num("align", attempt->align);
	printf(" %s", attempt->is_open ? "open" : attempt->failed ? "failed" : "ok");
	print_num("errno", attempt->err);
	lt_vec_each(tried, &attempt->tries) {
		const char *stage = lt_try_stage_name(tried->stage);

		printf(" [%" PRIx64 "-%" PRIx64 " %s", tried->pfns.start_pfn, tried->pfns.end_pfn,
		       tried->ok ? "ok"
		       : stage	 ? stage
				 : "?");
		if (tried->blocker_pfn.known)
			printf(" %" PRIx64, tried->blocker_pfn.val);
		putchar(']');
	}
	print_stack(attempt->stack);
	lt_attempt_fini(attempt);
	return 0;
}

static int on_event(const struct lt_trace_event *event, void *arg)
{
	struct lt_span fields = lt_text_rest(&event->fields);

	(void)arg;
	printf("event %.*s of %.*s-%" PRIu64 ": %.*s", (int)event->name.len, event->name.p,
	       (int)event->comm.len, event->comm.p, event->pid, (int)fields.len, fields.p);
	print_stack(event->stack);
	return 0;
}

static const struct lt_follow_sink sink = { .on_attempt = on_attempt, .on_event = on_event };

static void die(const char *what, const struct lt_diag *diag)
{
	fprintf(stderr, "follow: %s: %s\n", what, diag->why);
	exit(1);
}

static pid_t start(char **argv)
{
	pid_t child = fork();

	if (child)
		return child;
	execvp(argv[0], argv);
	_exit(127);
}

static int look(struct lt_follow *follow, struct lt_diag *diag)
{
	int nr = lt_follow_read(follow, &sink, diag);

	if (nr < 0)
		die("read", diag);
	nr_looks++;
	nr_events += (uint64_t)nr;
	return nr;
}

static void follow_child(struct lt_follow *follow, pid_t child, int idle_ms)
{
	struct pollfd poll_fd = { .fd = lt_follow_fd(follow), .events = POLLIN };
	struct lt_diag diag = { 0 };
	int status;

	while (!stopped && !waitpid(child, &status, WNOHANG)) {
		poll(&poll_fd, 1, LT_FOLLOW_PERIOD_MS);
		usleep((useconds_t)idle_ms * 1000);
		look(follow, &diag);
	}
	if (lt_follow_stop(follow))
		die("stop", &diag);
	while (look(follow, &diag))
		;
	if (lt_follow_finish(follow, &sink, &diag))
		die("finish", &diag);
}

static struct lt_follow_options take_options(int argc, char **argv, int *idle_ms)
{
	static const struct option longs[] = {
		{ "reader", required_argument, NULL, 'r' },
		{ "stacks", no_argument, NULL, 's' },
		{ "buffer", required_argument, NULL, 'b' },
		{ "event", required_argument, NULL, 'e' },
		{ "idle", required_argument, NULL, 'i' },
		{ 0 },
	};
	static struct lt_follow_event event;
	struct lt_follow_options options = { 0 };
	int option;

	while ((option = getopt_long(argc, argv, "+", longs, NULL)) != -1) {
		if (option == 'r')
			options.reader = strcmp(optarg, "raw") ? LT_FOLLOW_TEXT : LT_FOLLOW_RAW;
		else if (option == 's')
			options.has_stacks = true;
		else if (option == 'b')
			options.buffer_kib = (unsigned int)atoi(optarg);
		else if (option == 'i')
			*idle_ms = atoi(optarg);
		else if (option == 'e')
			event.name = optarg;
		else
			exit(2);
	}
	options.events = &event;
	options.nr_events = !!event.name;
	return options;
}

static uint64_t in_us(struct timeval time)
{
	return (uint64_t)time.tv_sec * 1000000 + (uint64_t)time.tv_usec;
}

int main(int argc, char **argv)
{
	struct lt_strings *strings = lt_strings_new();
	struct lt_stacks *stacks = lt_stacks_new();
	struct lt_diag diag = { 0 };
	struct lt_follow *follow;
	struct rusage used;
	uint64_t nr_lost = 0;
	int idle_ms = LT_FOLLOW_PERIOD_MS;
	struct lt_follow_options options = take_options(argc, argv, &idle_ms);

	signal(SIGTERM, on_signal);
	signal(SIGINT, on_signal);
	if (lt_follow_open(&options, strings, stacks, &follow, &diag))
		die("open", &diag);
	follow_child(follow, start(argv + optind), idle_ms);
	if (lt_follow_lost(follow, &nr_lost))
		die("lost", &diag);
	getrusage(RUSAGE_SELF, &used);
	fprintf(stderr,
		"attempts %" PRIu64 " events %" PRIu64 " lost %" PRIu64 " user_us %" PRIu64
		" kernel_us %" PRIu64 " looks %" PRIu64 " worst_delay_us %" PRIu64
		" skipped %u reader %s\n",
		nr_attempts, nr_events, nr_lost, in_us(used.ru_utime), in_us(used.ru_stime),
		nr_looks, worst_delay_ns / 1000, diag.nr_skipped,
		lt_follow_reader_name(lt_follow_reader(follow)));
	lt_follow_close(follow);
	lt_stacks_free(stacks);
	lt_strings_free(strings);
	return 0;
}
