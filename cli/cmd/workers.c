// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Reads several captures at the same time. Whoever reads one confines himself, and could not start a
 * process any more; so each has a process that was started before. It writes to a file without a name,
 * which is copied to the output when its turn comes: so memory does not grow with the rows.
 */
#include "cmd/workers.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/array_size.h"
#include "base/file.h"
#include "cmd/cmd.h"
#include "cmd/progress.h"

#define SAID_MAX 65536 /* of messages of one; more than that is dropped */
#define LOOK_MS 200

struct worker {
	char *name; /* the file that it reads */
	pid_t pid;  /* 0 when it has ended */
	int rows;   /* what it writes to */
	int from;   /* its messages; closed by its end */
	char *said;
	size_t said_len;
	bool is_said_lost;
	int status; /* of waitpid() */
	int err;    /* negative errno: it could not be started */
};

struct workers {
	struct cmd *cmd;
	int (*run)(struct cmd *cmd, void *arg);
	void *arg;
	struct worker *v;
	size_t nr, nr_started, nr_done, nr_running;
	size_t nr_at_once;
	struct progress progress;
};

uint64_t workers_default(void)
{
	cpu_set_t set;
	long nr;

	if (sched_getaffinity(0, sizeof(set), &set))
		nr = sysconf(_SC_NPROCESSORS_ONLN); /* more than the set has room for */
	else
		nr = CPU_COUNT(&set);
	return nr < 1 ? 1 : nr > WORKERS_MAX ? WORKERS_MAX : (uint64_t)nr;
}

/* In the new process: its output and its messages are all that it has of ours. */
static void work(const struct workers *all, struct worker *worker, int to, pid_t parent)
{
	struct cmd *cmd = all->cmd;

	cmd_error_about(worker->name);
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) || getppid() != parent ||
	    dup2(to, STDERR_FILENO) < 0 || dup2(worker->rows, fileno(cmd->out)) < 0 ||
	    dup2(worker->rows, STDOUT_FILENO) < 0) {
		cmd_error("cannot be read beside others: %s", strerror(errno));
		_exit(CMD_FAILED);
	}
	cmd->files = &worker->name;
	cmd->nr_files = 1;
	cmd->output = "a temporary file";
	cmd->output_temp = NULL;
	cmd->place = NULL;
	cmd->is_output_nameless = false;
	cmd->pager = 0;
	_exit(cmd_finish(cmd, all->run(cmd, all->arg)));
}

static int begin(struct workers *all, struct worker *worker, int to)
{
	pid_t parent = getpid();

	worker->pid = fork();
	if (!worker->pid)
		work(all, worker, to, parent);
	return worker->pid < 0 ? -errno : 0;
}

static void close_worker(struct worker *worker)
{
	if (worker->rows >= 0)
		close(worker->rows);
	if (worker->from >= 0)
		close(worker->from);
	worker->rows = worker->from = -1;
}

/* 0 or negative errno. */
static int start(struct workers *all, struct worker *worker)
{
	int ends[2], err;

	worker->rows = lt_file_open_nameless(NULL);
	if (worker->rows < 0)
		return worker->rows;
	err = pipe2(ends, O_CLOEXEC) ? -errno : 0;
	if (!err) {
		worker->from = ends[0];
		err = begin(all, worker, ends[1]);
		close(ends[1]);
	}
	if (err) {
		worker->pid = 0;
		close_worker(worker);
	}
	return err;
}

/* If one cannot be started, those that run may make room for it by their end. */
static void start_more(struct workers *all)
{
	while (all->nr_started < all->nr && all->nr_running < all->nr_at_once &&
	       all->nr_started - all->nr_done < 2 * all->nr_at_once) {
		struct worker *worker = &all->v[all->nr_started];
		int err = start(all, worker);

		if (err && all->nr_running)
			return;
		worker->err = err;
		all->nr_started++;
		all->nr_running += !err;
	}
}

/* Its pipe is closed: by nobody else than its end. */
static void reap(struct workers *all, struct worker *worker)
{
	close(worker->from);
	worker->from = -1;
	while (waitpid(worker->pid, &worker->status, 0) < 0)
		if (errno != EINTR) {
			worker->err = -errno;
			break;
		}
	worker->pid = 0;
	all->nr_running--;
}

static void listen_to(struct workers *all, struct worker *worker)
{
	char block[4096];
	ssize_t n = read(worker->from, block, sizeof(block));
	char *said;

	if (n < 0 && errno == EINTR)
		return;
	if (n <= 0) {
		worker->is_said_lost |= n < 0;
		reap(all, worker);
		return;
	}
	said = worker->said_len < SAID_MAX ? realloc(worker->said, worker->said_len + (size_t)n)
					   : NULL;
	worker->is_said_lost |= !said;
	if (!said)
		return;
	memcpy(said + worker->said_len, block, (size_t)n);
	worker->said = said;
	worker->said_len += (size_t)n;
}

/* Until one that runs says something or ends, or it is time to show how far it is. */
static void listen_to_all(struct workers *all)
{
	struct pollfd fds[WORKERS_MAX];
	struct worker *whose[WORKERS_MAX];
	nfds_t nr = 0;

	for (size_t i = all->nr_done; i < all->nr_started && nr < WORKERS_MAX; i++) {
		if (!all->v[i].pid)
			continue;
		whose[nr] = &all->v[i];
		fds[nr++] = (struct pollfd){ .fd = all->v[i].from, .events = POLLIN };
	}
	if (poll(fds, nr, LOOK_MS) > 0)
		for (nfds_t i = 0; i < nr; i++)
			if (fds[i].revents)
				listen_to(all, whose[i]);
	progress_report(&all->progress, "captures read", all->nr_done, all->nr);
}

/* The status that it came to, after a message if it did not live to say so. */
static int status_of(const struct worker *worker)
{
	if (worker->err) {
		cmd_error("%s: cannot start a process to read it: %s", worker->name,
			  strerror(-worker->err));
		return CMD_FAILED;
	}
	if (WIFEXITED(worker->status))
		return WEXITSTATUS(worker->status);
	cmd_error("%s: the process that read it was ended by signal %d (%s); it has no rows here",
		  worker->name, WTERMSIG(worker->status), strsignal(WTERMSIG(worker->status)));
	return CMD_FAILED;
}

/* Rows, then messages. 0 or negative errno. */
static int pass_on(struct workers *all, struct worker *worker, int *status)
{
	struct stat st;
	int err = 0;

	progress_end(&all->progress);
	if (worker->said_len)
		fwrite(worker->said, 1, worker->said_len, stderr);
	if (worker->is_said_lost)
		cmd_error("%s: messages about it were lost", worker->name);
	*status = status_of(worker);
	if (*status != CMD_FAILED) {
		err = fstat(worker->rows, &st) ? -errno : 0;
		if (!err)
			err = lt_file_put(worker->rows, 0, st.st_size, all->cmd->out);
		/* What stays in its buffer, the next process would write again. */
		if (!err && fflush(all->cmd->out))
			err = -errno;
	}
	close_worker(worker);
	free(worker->said);
	worker->said = NULL;
	return err;
}

/* Failed if any did, else bad if any was. */
static int worse(int a, int b)
{
	static const int order[] = { CMD_FAILED, CMD_BAD, CMD_INCOMPLETE };

	for (size_t i = 0; i < ARRAY_SIZE(order); i++)
		if (a == order[i] || b == order[i])
			return order[i];
	return CMD_OK;
}

static void end_all(struct workers *all)
{
	for (size_t i = all->nr_done; i < all->nr_started; i++) {
		struct worker *worker = &all->v[i];

		if (worker->pid) {
			kill(worker->pid, SIGKILL);
			reap(all, worker);
		}
		close_worker(worker);
		free(worker->said);
	}
	free(all->v);
}

static int run_all(struct workers *all)
{
	int status = CMD_OK, err = 0;

	while (all->nr_done < all->nr && !err) {
		struct worker *next = &all->v[all->nr_done];
		int its;

		start_more(all);
		while (next->pid) {
			listen_to_all(all);
			start_more(all);
		}
		err = pass_on(all, next, &its);
		status = worse(status, its);
		all->nr_done++;
	}
	progress_end(&all->progress);
	return err ? cmd_printed(all->cmd, err) : status;
}

int workers_run(struct cmd *cmd, uint64_t nr_at_once, int (*run)(struct cmd *cmd, void *arg),
		void *arg)
{
	struct workers all = {
		.cmd = cmd,
		.run = run,
		.arg = arg,
		.nr = (size_t)cmd->nr_files,
		.nr_at_once = (size_t)nr_at_once,
	};
	int status;

	if (!cmd_output(cmd))
		return CMD_FAILED;
	all.v = calloc(all.nr, sizeof(*all.v));
	if (!all.v)
		return cmd_printed(cmd, -ENOMEM);
	for (size_t i = 0; i < all.nr; i++)
		all.v[i] = (struct worker){ .name = cmd->files[i], .rows = -1, .from = -1 };
	status = run_all(&all);
	/* Those that could be read are worth keeping. */
	cmd->is_output_kept = !cmd->output_err;
	end_all(&all);
	return status;
}
