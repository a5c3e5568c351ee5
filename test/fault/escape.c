// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Tries to do harm from inside of a program, when it ends: for test/cli/test_confine.py, which
 * preloads it. For each thing that it tries it writes a line to what ESCAPE_TO names, which it opens
 * at the start: the name, and "done" or the number of the error.
 *
 *	ESCAPE_SECRET	a file to read that the program was not given
 *	ESCAPE_DIR	a directory to write to
 *	ESCAPE_IN	"child": from inside of what the program starts, by _exit(), not of itself
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static int to = -1;
static bool is_child_only;
static char secret[512], dir[512], inside[600];

static void report(const char *what, long ret)
{
	int err = errno;

	if (ret >= 0)
		dprintf(to, "%s done\n", what);
	else
		dprintf(to, "%s %d\n", what, err);
}

static long open_and_close(const char *path, int flags)
{
	int fd = open(path, flags | O_CLOEXEC, 0600);

	if (fd >= 0)
		close(fd);
	return fd;
}

static long start_program(void)
{
	pid_t pid = fork();
	int status;

	if (!pid) {
		execl("/bin/true", "true", (char *)NULL);
		_exit(1);
	}
	return pid < 0 || waitpid(pid, &status, 0) < 0 || status ? -1 : 0;
}

static long run_other(void)
{
	/* Without arguments it fails in the kernel, if it is allowed. */
	long ret = syscall(SYS_execve, NULL, NULL, NULL);

	return ret < 0 && errno == EFAULT ? 0 : ret;
}

static long ask_socket(int family, int type)
{
	int fd = socket(family, type, 0);

	if (fd >= 0)
		close(fd);
	return fd;
}

static long look_into_parent(void)
{
	long ret = ptrace(PTRACE_PEEKUSER, getppid(), NULL, NULL);

	return ret < 0 && errno == ESRCH ? 0 : ret; /* it is allowed to ask */
}

static long type_into_terminal(void)
{
	long ret = ioctl(0, TIOCSTI, "x");

	return ret < 0 && errno == ENOTTY ? 0 : ret;
}

static long load_module(void)
{
	long ret = syscall(SYS_finit_module, -1, "", 0);

	return ret < 0 && errno == EBADF ? 0 : ret;
}

static long has_rights(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[2] = { { 0 } };

	if (syscall(SYS_capget, &header, data))
		return -1;
	errno = EPERM;
	return data[0].permitted & 1u << CAP_SYS_ADMIN ? 0 : -1;
}

__attribute__((constructor)) static void begin(void)
{
	const char *path = getenv("ESCAPE_TO");

	snprintf(secret, sizeof(secret), "%s", getenv("ESCAPE_SECRET"));
	snprintf(dir, sizeof(dir), "%s", getenv("ESCAPE_DIR"));
	to = path ? open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600) : -1;
	is_child_only = getenv("ESCAPE_IN");
	unsetenv("LD_PRELOAD");
}

static void try_all(void)
{
	report("read another file", open_and_close(secret, O_RDONLY));
	report("list the root", open_and_close("/", O_RDONLY | O_DIRECTORY));
	report("read /proc", open_and_close("/proc/1/status", O_RDONLY));
	report("write a file", open_and_close(secret, O_WRONLY));
	snprintf(inside, sizeof(inside), "%s/new", dir);
	report("make a file", open_and_close(inside, O_WRONLY | O_CREAT));
	report("remove a file", unlink(secret));
	report("make a directory", mkdir(strcat(inside, "d"), 0700));
	report("make a link", symlink("/", strcat(inside, "l")));
	report("start a program", start_program());
	report("become another program", run_other());
	report("talk to the network", ask_socket(AF_INET, SOCK_DGRAM));
	report("talk to a service", ask_socket(AF_UNIX, SOCK_STREAM));
	report("signal its parent", kill(getppid(), 0));
	report("look into its parent", look_into_parent());
	report("type into its terminal", type_into_terminal());
	/* before a namespace of its own, in which it would have all of them */
	report("keep the rights of root", has_rights());
	report("leave its namespaces", unshare(CLONE_NEWUSER));
	report("load a module", load_module());
}

__attribute__((destructor)) static void end(void)
{
	if (!is_child_only)
		try_all();
}

/* A process that was started ends by it, and so does what try_all() starts. */
void _exit(int status)
{
	static bool has_tried;

	if (is_child_only && !has_tried) {
		has_tried = true;
		try_all();
	}
	syscall(SYS_exit_group, status);
	__builtin_unreachable();
}
