// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The watchdog of the self-test. On a kernel with the per-CPU list bug and the
 * re-check after migration, a long-term pin never returns: pages go from CMA to
 * CMA for ever, and each turn is counted in nr_foll_pin_acquired and _released.
 * Others pin too, and any pin may have to wait: only counters that climb while
 * the process is at work all the time, not a long wait alone, are a livelock.
 *
 * Such a pin ends on a fatal signal; the wait for that has an end too.
 */
#include "act/selftest/watchdog.h"

#include <errno.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/compiler.h"
#include "base/now.h"
#include "act/device/pin_counters.h"

#define POLL_MS 5
#define SAMPLE_MS 500
#define SIGTERM_WAIT_MS 5000
#define SIGKILL_WAIT_MS 20000
#define SETTLE_MS 3000

/*
 * A pin that is late is called livelocked once the kernel has begun it anew so
 * many times. By itself it is begun anew once or twice on a kernel in order, a
 * thousand times a second on the other; two that get in each other's way may
 * need many turns.
 */
static const struct {
	unsigned int ms, turns;
} livelock_limits[] = {
	[1] = { 2000, 16 },
	[2] = { 6000, 256 },
};

/* A pin that goes in circles takes a whole CPU, or its share of a busy one; one that waits none. */
#define BUSY_ONE_IN 8

struct watcher {
	const struct lt_case_setup *setup;
	struct lt_watchdog *watchdog;
	struct lt_case_run *run;
	pid_t pid;
	int wait_status;
	/* of the pin call that is under way */
	uint64_t pin_since_ms, next_sample_ms, first_sample_ms;
	struct lt_num cpu_ns_at_start;
	struct lt_pin_counters at_start, last;
};

static void sleep_ms(unsigned int ms)
{
	struct timespec time = { .tv_sec = ms / 1000, .tv_nsec = (long)(ms % 1000) * 1000000 };

	nanosleep(&time, NULL);
}

static bool is_gone(struct watcher *watcher)
{
	return waitpid(watcher->pid, &watcher->wait_status, WNOHANG) == watcher->pid;
}

static bool wait_gone(struct watcher *watcher, unsigned int ms)
{
	uint64_t deadline = lt_now_ms() + ms;

	while (!is_gone(watcher)) {
		if (lt_now_ms() >= deadline)
			return false;
		sleep_ms(POLL_MS);
	}
	return true;
}

static bool has_grown(struct lt_num now, struct lt_num then, uint64_t by)
{
	return now.known && then.known && now.val >= then.val + by;
}

static bool have_grown(const struct lt_pin_counters *now, const struct lt_pin_counters *then,
		       uint64_t by)
{
	return has_grown(now->acquired, then->acquired, by) &&
	       has_grown(now->released, then->released, by);
}

/* Processor time that the process has taken so far. */
static struct lt_num read_cpu_ns(pid_t pid)
{
	struct timespec time;
	clockid_t clock;

	if (clock_getcpuclockid(pid, &clock) || clock_gettime(clock, &time))
		return (struct lt_num){ 0 };
	return lt_num((uint64_t)time.tv_sec * 1000000000 + (uint64_t)time.tv_nsec);
}

/* Whether the process has been at work since the first sample, as far as the kernel tells. */
static bool is_busy(const struct watcher *watcher, uint64_t now_ms)
{
	struct lt_num used_ns = lt_num_sub(read_cpu_ns(watcher->pid), watcher->cpu_ns_at_start);

	return !used_ns.known ||
	       used_ns.val / 1000000 * BUSY_ONE_IN >= now_ms - watcher->first_sample_ms;
}

/*
 * Whether the pin under way goes in circles: it is late, at work, and both
 * counters have grown many times over, and still do. Counters are read as they are:
 * refreshing them waits for every CPU, and one may be stuck.
 */
static bool is_livelocked(struct watcher *watcher, uint64_t now_ms)
{
	uint64_t since_ms = atomic_load(&watcher->run->pin_since_ms);
	unsigned int nr_threads = watcher->setup->what->nr_threads;
	uint64_t grown = (uint64_t)livelock_limits[nr_threads].turns * watcher->setup->nr_pages;
	struct lt_pin_counters before = watcher->last;

	if (!since_ms || now_ms < since_ms + SAMPLE_MS)
		return false;
	if (since_ms != watcher->pin_since_ms) {
		watcher->pin_since_ms = since_ms;
		watcher->first_sample_ms = now_ms;
		watcher->next_sample_ms = now_ms + SAMPLE_MS;
		watcher->cpu_ns_at_start = read_cpu_ns(watcher->pid);
		if (lt_pin_counters_read(false, &watcher->at_start))
			watcher->at_start = (struct lt_pin_counters){ 0 };
		watcher->last = watcher->at_start;
		return false;
	}
	if (now_ms < watcher->next_sample_ms || lt_pin_counters_read(false, &watcher->last))
		return false;
	watcher->next_sample_ms = now_ms + SAMPLE_MS;
	return now_ms >= since_ms + livelock_limits[nr_threads].ms &&
	       have_grown(&watcher->last, &watcher->at_start, grown) &&
	       have_grown(&watcher->last, &before, 1) && is_busy(watcher, now_ms);
}

static enum lt_watchdog_end wait_for_end(struct watcher *watcher, uint64_t deadline_ms)
{
	const struct lt_watchdog *watchdog = watcher->watchdog;
	uint32_t shown = UINT32_MAX;

	for (;;) {
		uint64_t now_ms = lt_now_ms();
		uint32_t done = atomic_load(&watcher->run->rounds_done);

		if (is_gone(watcher))
			return atomic_load(&watcher->run->is_done) ? LT_WATCHDOG_DONE
								   : LT_WATCHDOG_DIED;
		if (watchdog->stop && *watchdog->stop)
			return LT_WATCHDOG_STOPPED;
		if (is_livelocked(watcher, now_ms))
			return LT_WATCHDOG_LIVELOCK;
		if (now_ms >= deadline_ms)
			return LT_WATCHDOG_TIMEOUT;
		if (watchdog->progress && done != shown)
			watchdog->progress(watcher->setup, done, watchdog->arg);
		shown = done;
		sleep_ms(POLL_MS);
	}
}

/* What a process that was killed while priming may have left. */
static void undo_priming(const struct watcher *watcher)
{
	struct lt_prime prime;

	if (atomic_load(&watcher->run->held) &&
	    !lt_prime_open(watcher->setup->primer, watcher->setup->areas, &watcher->run->held,
			   &prime, NULL)) {
		lt_prime_undo(&prime);
		lt_prime_close(&prime);
	}
}

/* Pins are dropped, but the counters of each CPU take a moment to be folded in. */
static struct lt_num count_stuck(const struct lt_watchdog *watchdog, struct lt_num held_before)
{
	uint64_t deadline = lt_now_ms() + SETTLE_MS;
	struct lt_pin_counters counters;
	struct lt_num held;

	for (;;) {
		if (lt_pin_counters_read(!watchdog->is_alive, &counters))
			return (struct lt_num){ 0 };
		held = lt_pin_counters_held(&counters);
		if (!held.known || !held_before.known)
			return (struct lt_num){ 0 };
		if (held.val <= held_before.val)
			return lt_num(0);
		if (lt_now_ms() >= deadline)
			return lt_num_sub(held, held_before);
		sleep_ms(100);
	}
}

static void child(const struct lt_case_setup *setup, struct lt_case_run *run, pid_t parent)
{
	/* SIGTERM ends us when nothing is left behind; what the terminal sends does not. */
	signal(SIGTERM, SIG_DFL);
	signal(SIGINT, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() == parent)
		lt_case_execute(setup, run);
	_exit(0);
}

static void finish(struct watcher *watcher, uint64_t start_ms, struct lt_num held_before)
{
	struct lt_watchdog *watchdog = watcher->watchdog;
	bool is_killed = watchdog->end > LT_WATCHDOG_DIED;

	if (is_killed) {
		kill(watcher->pid, SIGTERM);
		if (!wait_gone(watcher, SIGTERM_WAIT_MS)) {
			kill(watcher->pid, SIGKILL);
			watchdog->is_alive = !wait_gone(watcher, SIGKILL_WAIT_MS);
		}
	}
	watchdog->elapsed_ms = lt_now_ms() - start_ms;
	undo_priming(watcher);
	watchdog->nr_stuck = is_killed || watchdog->end == LT_WATCHDOG_DIED
				     ? count_stuck(watchdog, held_before)
				     : lt_num(0);
}

int lt_watchdog_run(const struct lt_case_setup *setup, struct lt_watchdog *watchdog,
		    struct lt_case_run *out)
{
	struct watcher watcher = { .setup = setup, .watchdog = watchdog };
	struct lt_pin_counters before = { 0 };
	uint64_t start_ms = lt_now_ms();
	pid_t parent = getpid();

	watchdog->is_alive = false;
	watcher.run = mmap(NULL, sizeof(*watcher.run), PROT_READ | PROT_WRITE,
			   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (watcher.run == MAP_FAILED)
		return -ENOMEM;
	/* Where the kernel has no such counters, nothing is counted. */
	lt_ignore(lt_pin_counters_read(true, &before));
	watcher.pid = fork();
	if (watcher.pid < 0) {
		int err = -errno;

		munmap(watcher.run, sizeof(*watcher.run));
		return err;
	}
	if (!watcher.pid)
		child(setup, watcher.run, parent);
	watchdog->end = wait_for_end(&watcher, start_ms + watchdog->timeout_ms);
	finish(&watcher, start_ms, lt_pin_counters_held(&before));
	*out = *watcher.run;
	munmap(watcher.run, sizeof(*watcher.run));
	return 0;
}
