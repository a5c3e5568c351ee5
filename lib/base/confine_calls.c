// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Confines this process to the system calls of a reader, by libseccomp, which is loaded for that;
 * nothing else includes it.
 */
#include "base/confine.h"

/* What looks for leaks stops all threads, from another one. */
#if defined(HAVE_SECCOMP) && !defined(__SANITIZE_ADDRESS__)

#include <errno.h>
#include <seccomp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/array_size.h"
#include "base/library.h"
#include "base/room.h"

/* What libseccomp 2.5, which does not look, takes to make the program of a filter. */
#define ROOM ((size_t)1 << 20)

/*
 * By number where the architecture has it. Landlock has its say on those that take a path. There is
 * no way to start a program or a thread, to a socket, to another process, or to the kernel's
 * interfaces of root.
 */
/* clang-format off */
static const int allowed[] = {
	/* files */
	SCMP_SYS(access), SCMP_SYS(close), SCMP_SYS(dup), SCMP_SYS(dup2), SCMP_SYS(dup3),
	SCMP_SYS(faccessat), SCMP_SYS(faccessat2), SCMP_SYS(fchmod), SCMP_SYS(fcntl),
	SCMP_SYS(fcntl64), SCMP_SYS(flock), SCMP_SYS(fstat), SCMP_SYS(fstat64), SCMP_SYS(fstatat64),
	SCMP_SYS(fstatfs), SCMP_SYS(fstatfs64), SCMP_SYS(fsync), SCMP_SYS(ftruncate),
	SCMP_SYS(ftruncate64), SCMP_SYS(getcwd), SCMP_SYS(getdents), SCMP_SYS(getdents64),
	SCMP_SYS(lseek), SCMP_SYS(_llseek), SCMP_SYS(lstat), SCMP_SYS(lstat64), SCMP_SYS(linkat),
	SCMP_SYS(memfd_create), SCMP_SYS(newfstatat), SCMP_SYS(open), SCMP_SYS(openat),
	SCMP_SYS(openat2), SCMP_SYS(pipe), SCMP_SYS(pipe2), SCMP_SYS(pread64), SCMP_SYS(pwrite64),
	SCMP_SYS(read), SCMP_SYS(readlink), SCMP_SYS(readlinkat), SCMP_SYS(readv),
	SCMP_SYS(rename), SCMP_SYS(renameat), SCMP_SYS(renameat2), SCMP_SYS(stat), SCMP_SYS(stat64),
	SCMP_SYS(statfs), SCMP_SYS(statfs64), SCMP_SYS(statx), SCMP_SYS(umask), SCMP_SYS(unlink),
	SCMP_SYS(unlinkat), SCMP_SYS(write), SCMP_SYS(writev),
	/* memory */
	SCMP_SYS(brk), SCMP_SYS(madvise), SCMP_SYS(mmap), SCMP_SYS(mmap2), SCMP_SYS(mprotect),
	SCMP_SYS(mremap), SCMP_SYS(munmap),
	/* time, and waiting */
	SCMP_SYS(clock_getres), SCMP_SYS(clock_getres_time64), SCMP_SYS(clock_gettime),
	SCMP_SYS(clock_gettime64), SCMP_SYS(clock_nanosleep), SCMP_SYS(clock_nanosleep_time64),
	SCMP_SYS(gettimeofday), SCMP_SYS(nanosleep), SCMP_SYS(poll), SCMP_SYS(ppoll),
	SCMP_SYS(ppoll_time64), SCMP_SYS(pselect6), SCMP_SYS(pselect6_time64), SCMP_SYS(time),
	/* itself */
	SCMP_SYS(exit), SCMP_SYS(exit_group), SCMP_SYS(futex), SCMP_SYS(futex_time64),
	SCMP_SYS(getegid), SCMP_SYS(getegid32), SCMP_SYS(geteuid), SCMP_SYS(geteuid32),
	SCMP_SYS(getgid), SCMP_SYS(getgid32), SCMP_SYS(getpid), SCMP_SYS(getppid),
	SCMP_SYS(getrandom), SCMP_SYS(getrlimit), SCMP_SYS(gettid), SCMP_SYS(getuid),
	SCMP_SYS(getuid32), SCMP_SYS(restart_syscall), SCMP_SYS(rt_sigaction),
	SCMP_SYS(rt_sigprocmask), SCMP_SYS(rt_sigreturn), SCMP_SYS(sched_getaffinity),
	SCMP_SYS(sched_yield), SCMP_SYS(sigaltstack), SCMP_SYS(sigreturn), SCMP_SYS(sysinfo),
	SCMP_SYS(ugetrlimit), SCMP_SYS(uname),
	/* the pager, which was started before */
	SCMP_SYS(wait4), SCMP_SYS(waitid), SCMP_SYS(waitpid),
};
/* clang-format on */

/* Where a directory is filled, too. */
static const int filling[] = { SCMP_SYS(mkdirat), SCMP_SYS(rmdir) };

/* Of a terminal; TIOCSTI, which types into it, is not among them. */
static const unsigned long ioctls[] = { TCGETS, TCSETS, TCSETSW, TCSETSF, TIOCGWINSZ, FIONREAD };

/* Of a call whose argument @arg is @value. */
static struct scmp_arg_cmp is(unsigned int arg, scmp_datum_t value)
{
	return (struct scmp_arg_cmp){ .arg = arg, .op = SCMP_CMP_EQ, .datum_a = value };
}

struct library {
	void *handle;
	__typeof__(&seccomp_init) init;
	__typeof__(&seccomp_rule_add) add;
	__typeof__(&seccomp_load) load;
	__typeof__(&seccomp_release) release;
};

static bool load_library(struct library *library)
{
	void *handle = lt_library_open("libseccomp.so.2");

	if (!handle)
		return false;
	*library = (struct library){
		.handle = handle,
		.init = LT_LIBRARY_SYMBOL(handle, seccomp_init),
		.add = LT_LIBRARY_SYMBOL(handle, seccomp_rule_add),
		.load = LT_LIBRARY_SYMBOL(handle, seccomp_load),
		.release = LT_LIBRARY_SYMBOL(handle, seccomp_release),
	};
	if (library->init && library->add && library->load && library->release)
		return true;
	lt_library_close(handle);
	return false;
}

static int add_rules(const struct library *library, scmp_filter_ctx filter, bool can_fill)
{
	const scmp_datum_t own = (scmp_datum_t)getpid();
	int err = 0;

	for (size_t i = 0; i < ARRAY_SIZE(allowed) && !err; i++)
		err = library->add(filter, SCMP_ACT_ALLOW, allowed[i], 0);
	for (size_t i = 0; can_fill && i < ARRAY_SIZE(filling) && !err; i++)
		err = library->add(filter, SCMP_ACT_ALLOW, filling[i], 0);
	for (size_t i = 0; i < ARRAY_SIZE(ioctls) && !err; i++)
		err = library->add(filter, SCMP_ACT_ALLOW, SCMP_SYS(ioctl), 1, is(1, ioctls[i]));
	/* Limits are read; a signal may end or stop this process itself, and Ctrl-Z its group. */
	if (!err)
		err = library->add(filter, SCMP_ACT_ALLOW, SCMP_SYS(prlimit64), 1, is(2, 0));
	if (!err)
		err = library->add(filter, SCMP_ACT_ALLOW, SCMP_SYS(kill), 2, is(0, 0),
				   is(1, SIGTSTP));
	if (!err)
		err = library->add(filter, SCMP_ACT_ALLOW, SCMP_SYS(kill), 1, is(0, own));
	if (!err)
		err = library->add(filter, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1, is(0, own));
	return err;
}

static int confine(const struct library *library, bool can_fill)
{
	/* As if this kernel had none: the C library then takes an older call, if there is one. */
	scmp_filter_ctx filter = library->init(SCMP_ACT_ERRNO(ENOSYS));
	int err;

	if (!filter)
		return -ENOMEM;
	err = add_rules(library, filter, can_fill);
	if (!err)
		err = lt_room_check(ROOM);
	if (!err)
		err = library->load(filter);
	library->release(filter);
	if (err == -ECANCELED || err == -EINVAL || err == -ENOSYS)
		return 0; /* not in this kernel, or a container forbids it */
	return err ? err : 1;
}

int lt_confine_calls(bool can_fill)
{
	struct library library;
	int ret;

	if (!load_library(&library))
		return 0; /* not installed */
	ret = confine(&library, can_fill);
	lt_library_close(library.handle);
	return ret;
}

#else

int lt_confine_calls(bool can_fill)
{
	(void)can_fill;
	return 0;
}

#endif
