// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The command gets facts in its environment and nowhere else: what a task calls
 * itself must not become part of a shell's text.
 */
#include "cmd/watch_exec.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/errno_name.h"
#include "cmd/cmd.h"
#include "stop/stop.h"
#include "render/json/json.h"

#define NR_FACTS_MAX 24

struct facts {
	char **v; /* "NAME=value", ended by NULL */
	size_t nr;
	bool is_lost;
};

static void facts_free(char **v)
{
	for (size_t i = 0; v && v[i]; i++)
		free(v[i]);
	free(v);
}

static void add(struct facts *facts, const char *name, const char *value)
{
	char *fact;

	if (!value || facts->is_lost || facts->nr + 1 >= NR_FACTS_MAX)
		return;
	if (asprintf(&fact, "LTPIN_%s=%s", name, value) < 0)
		facts->is_lost = true;
	else
		facts->v[facts->nr++] = fact;
}

static void add_u64(struct facts *facts, const char *name, uint64_t val)
{
	char text[24];

	snprintf(text, sizeof(text), "%" PRIu64, val);
	add(facts, name, text);
}

static void add_num(struct facts *facts, const char *name, struct lt_num num)
{
	if (num.known)
		add_u64(facts, name, num.val);
}

/* The requester is "comm-pid"; the name may have dashes too. */
static void add_caller(struct facts *facts, const char *caller)
{
	const char *dash = caller ? strrchr(caller, '-') : NULL;
	char *comm = dash ? strndup(caller, (size_t)(dash - caller)) : NULL;

	if (!dash)
		return;
	facts->is_lost |= !comm;
	add(facts, "COMM", comm);
	add(facts, "PID", dash + 1);
	free(comm);
}

static void add_blocker(struct facts *facts, const struct lt_blocker *blocker)
{
	const struct lt_pin *page = &blocker->page;
	char pfn[24];

	snprintf(pfn, sizeof(pfn), "0x%" PRIx64, blocker->pfn);
	add(facts, "BLOCKER_PFN", pfn);
	add(facts, "BLOCKER_KIND", lt_pin_kind_name(page->kind));
	add_num(facts, "BLOCKER_PINS", page->pins);
	add_num(facts, "BLOCKER_REFCOUNT", page->refcount);
	if (blocker->fate != LT_BLOCKER_UNKNOWN)
		add(facts, "BLOCKER_TRANSIENT", blocker->fate == LT_BLOCKER_PASSED ? "1" : "0");
	if (page->mapped_by.nr) {
		add(facts, "MAPPED_BY_COMM", page->mapped_by.v[0].comm);
		add_u64(facts, "MAPPED_BY_PID", (uint64_t)page->mapped_by.v[0].pid);
	}
	if (page->has_owner) {
		add(facts, "ALLOCATED_BY_COMM", page->allocated_by.comm);
		add_num(facts, "ALLOCATED_BY_PID", page->allocated_by.tgid);
	}
	if (page->has_pinner) {
		add(facts, "PINNED_BY_COMM", page->pinned_by.comm);
		add_num(facts, "PINNED_BY_PID", page->pinned_by.pid);
	}
}

/* NULL when out of memory. */
static char **make_facts(const struct lt_snapshot *snap, const struct lt_attempt *attempt,
			 const struct lt_cause *cause)
{
	const struct lt_cause_page *best = lt_cause_best(cause);
	const struct lt_blocker *seen =
		best ? lt_blockers_find(&attempt->blockers, best->pfn) : NULL;
	struct facts facts = { .v = calloc(NR_FACTS_MAX, sizeof(char *)) };

	if (!facts.v)
		return NULL;
	add(&facts, "AREA",
	    attempt->area_name ? attempt->area_name : json_area_name(snap, attempt->area));
	add_num(&facts, "PAGES", attempt->nr_pages);
	add_num(&facts, "ALIGN", attempt->align);
	add_num(&facts, "TS_NS", attempt->ts_ns);
	add_num(&facts, "LATENCY_NS", attempt->latency_ns);
	add_num(&facts, "ERRNO", attempt->err);
	if (attempt->err.known)
		add(&facts, "ERRNO_NAME", lt_errno_name((int)attempt->err.val));
	add_caller(&facts, attempt->caller);
	add_u64(&facts, "NR_BLOCKERS", attempt->blockers.nr + attempt->nr_blockers_left);
	if (seen)
		add_blocker(&facts, seen);
	if (seen)
		add(&facts, "BLOCKER_STATE", lt_hold_state_name(best->state));
	if (!facts.is_lost)
		return facts.v;
	facts_free(facts.v);
	return NULL;
}

/* What the command prints must not get between our own lines. */
static void run_command(const char *command, char **facts)
{
	int null = open("/dev/null", O_RDONLY);

	for (size_t i = 0; facts[i]; i++)
		putenv(facts[i]);
	if (null >= 0)
		dup2(null, STDIN_FILENO);
	dup2(STDERR_FILENO, STDOUT_FILENO);
	signal(SIGPIPE, SIG_DFL);
	execl("/bin/sh", "sh", "-c", command, NULL);
	_exit(127);
}

static void start(struct watch_exec *exec, char **facts)
{
	exec->pid = fork();
	if (!exec->pid)
		run_command(exec->command, facts);
	if (exec->pid < 0) {
		exec->pid = 0;
		exec->nr_dropped++;
	} else {
		exec->nr_run++;
	}
	facts_free(facts);
}

void watch_exec_step(struct watch_exec *exec)
{
	if (exec->pid && waitpid(exec->pid, NULL, WNOHANG) == exec->pid)
		exec->pid = 0;
	if (exec->pid || !exec->nr_queued)
		return;
	start(exec, exec->queue[0]);
	memmove(exec->queue, exec->queue + 1, --exec->nr_queued * sizeof(exec->queue[0]));
}

int watch_exec_add(struct watch_exec *exec, const struct lt_snapshot *snap,
		   const struct lt_attempt *attempt, const struct lt_cause *cause)
{
	char **facts;

	if (!exec->command)
		return 0;
	if (exec->nr_queued == WATCH_EXEC_QUEUE) {
		exec->nr_dropped++;
		return 0;
	}
	facts = make_facts(snap, attempt, cause);
	if (!facts)
		return -ENOMEM;
	exec->queue[exec->nr_queued++] = facts;
	watch_exec_step(exec);
	return 0;
}

void watch_exec_finish(struct watch_exec *exec)
{
	for (watch_exec_step(exec); exec->pid && !stop_asked; watch_exec_step(exec))
		stop_sleep_ms(20);
	for (; exec->nr_queued; exec->nr_dropped++)
		facts_free(exec->queue[--exec->nr_queued]);
	if (exec->nr_dropped)
		cmd_error("--exec: not run for %lu failures, as it was still running",
			  exec->nr_dropped);
}
