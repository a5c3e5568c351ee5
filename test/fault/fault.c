// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Makes one call of a program fail, for test/cli/test_faults.py. Preloaded, it counts the calls
 * of one kind:
 *
 *	FAULT_KIND	malloc, open, read, ...: see the functions below; "every" to learn of the
 *			calls of all kinds in one run: then none fails
 *	FAULT_NTH	the call that fails, from 1 on; 0 for none
 *	FAULT_ERRNO	what it fails with; 0: it ends the program with status 1, as a library may
 *	FAULT_CALLS	where a line goes for each call that came by another way through the
 *			program than all before, that is, from other callers: its number among
 *			those of its kind, the way's, which is the same in another command, and
 *			the kind
 *	FAULT_DONE	a file that is not empty any more when the call failed
 *
 * Programs that the program starts are left alone.
 */
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <string.h>
#include <sys/klog.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#if __has_include(<execinfo.h>)
#include <execinfo.h>
#endif

const char *__lsan_default_suppressions(void);

/*
 * When there is no memory, json-c 0.16 loses the name of a member, kmod 30 its configuration, and
 * glibc 2.36 the name of a character set.
 */
const char *__lsan_default_suppressions(void)
{
	return "leak:libjson-c\nleak:libkmod\nleak:_nl_normalize_codeset\n";
}

/* These are found by the linker, whatever a header makes of their names. */
#undef open
#undef open64
#undef openat
#undef openat64
#undef pread
#undef pread64

#define NR_KINDS 24
#define NR_WAYS 65536
#define DEPTH 24
#define NEAREST 8 /* callers that make a way the same in another command */

static char kind[16];
static bool is_every; /* kind */
static long nth, err_no;
static struct {
	_Atomic(const char *) kind;
	atomic_long nr;
} calls[NR_KINDS];
static int calls_fd = -1, done_fd = -1;
static uint64_t ways[NR_WAYS];
static _Thread_local bool is_inside __attribute__((tls_model("initial-exec")));

static long number_of(const char *name)
{
	const char *text = getenv(name);

	return text ? atol(text) : 0;
}

static int open_directly(const char *path, int flags)
{
	return (int)syscall(SYS_openat, AT_FDCWD, path, flags | O_CLOEXEC, 0600);
}

/* Before the program confines itself; high, so that its own have the numbers that they have else. */
static int open_high(const char *path)
{
	int fd = path ? open_directly(path, O_WRONLY | O_CREAT | O_TRUNC) : -1;
	int high = fd < 0 ? -1 : fcntl(fd, F_DUPFD_CLOEXEC, 500);

	if (fd >= 0)
		close(fd);
	return high;
}

__attribute__((constructor)) static void begin(void)
{
	const char *list = getenv("FAULT_CALLS"), *done = getenv("FAULT_DONE");
	const char *given = getenv("FAULT_KIND");

	nth = number_of("FAULT_NTH");
	err_no = number_of("FAULT_ERRNO");
	is_inside = true;
	calls_fd = open_high(list);
	done_fd = open_high(done);
#if __has_include(<execinfo.h>)
	backtrace((void *[1]){ NULL }, 1); /* loads its library, in each run */
#endif
	is_inside = false;
	unsetenv("LD_PRELOAD");
	is_every = given && !strcmp(given, "every");
	if (given)
		snprintf(kind, sizeof(kind), "%s", given); /* from now on */
}

/* Whether it is a call of a library that does not look: see lib/base/room.h. */
static bool is_spared(const char *of_kind, void *const *stack, int depth)
{
	Dl_info info;

	if (strcmp(of_kind, "malloc"))
		return false;
	for (int i = 0; i < depth; i++)
		if (dladdr(stack[i], &info) &&
		    (strstr(info.dli_fname, "/libarchive.so") ||
		     strstr(info.dli_fname, "/libseccomp.so") || strstr(info.dli_fname, "/ld-") ||
		     (info.dli_sname && !strcmp(info.dli_sname, "scols_print_table_to_string"))))
			return true;
	return false;
}

/* An address as it is in the file that it is of. */
static uintptr_t place_of(void *address)
{
	Dl_info info;

	return dladdr(address, &info) ? (uintptr_t)address - (uintptr_t)info.dli_fbase : 0;
}

static uint64_t add_place(uint64_t hash, uintptr_t place)
{
	return (hash ^ place) * 1099511628211u;
}

/* Whether no call before came this way. */
static bool is_new_way(const char *of_kind, long call, uint64_t *way)
{
	uint64_t hash = 14695981039346656037u;
	void *stack[DEPTH] = { NULL };
	int depth = 0;
	size_t at;

#if __has_include(<execinfo.h>)
	depth = backtrace(stack, DEPTH);
#else
	*way = (uint64_t)call;
	return true;
#endif
	for (int i = 0; i < depth; i++)
		hash = add_place(hash, (uintptr_t)stack[i]);
	for (at = hash % NR_WAYS; ways[at]; at = (at + 1) % NR_WAYS)
		if (ways[at] == hash)
			return false;
	ways[at] = hash;
	*way = 14695981039346656037u;
	for (int i = 0; i < depth && i < NEAREST; i++)
		*way = add_place(*way, place_of(stack[i]));
	(void)call;
	return !is_spared(of_kind, stack, depth);
}

static void put_call(const char *of_kind, long call, uint64_t way)
{
	char line[64];
	int len = snprintf(line, sizeof(line), "%ld %" PRIx64 " %s\n", call, way, of_kind);

	syscall(SYS_write, calls_fd, line, len);
}

/* By hand: a sanitizer's strcmp() cannot be called before that has begun. */
static bool is_same(const char *a, const char *b)
{
	size_t i = 0;

	while (a[i] && a[i] == b[i])
		i++;
	return a[i] == b[i];
}

/* The number of a call among those of its kind, from 1 on. */
static long count_call(const char *of_kind)
{
	size_t i = 0;

	while (i < NR_KINDS - 1) {
		const char *free_slot = NULL;

		if (atomic_compare_exchange_strong(&calls[i].kind, &free_slot, of_kind) ||
		    is_same(free_slot, of_kind))
			break;
		i++;
	}
	return atomic_fetch_add(&calls[i].nr, 1) + 1;
}

/* Whether this call is the one; then errno is set. */
static bool fails(const char *of_kind)
{
	uint64_t way;
	long call;

	if (is_inside || (!is_every && !is_same(kind, of_kind)))
		return false;
	call = count_call(of_kind);
	is_inside = true;
	if (calls_fd >= 0 && is_new_way(of_kind, call, &way))
		put_call(of_kind, call, way);
	if (call == nth && done_fd >= 0)
		syscall(SYS_write, done_fd, "x", 1);
	is_inside = false;
	if (call == nth && !err_no)
		exit(1);
	if (call == nth)
		errno = (int)err_no;
	return call == nth;
}

/* What the next library has by that name. */
#define NEXT(name) ((__typeof__(&name))next(#name))

static void *next(const char *name)
{
	bool was_inside = is_inside;
	void *found;

	is_inside = true;
	found = dlsym(RTLD_NEXT, name);
	is_inside = was_inside;
	return found;
}

#define FAIL(of_kind, result, type, name, params, args)       \
	type name params;                                     \
	type name params                                      \
	{                                                     \
		static __typeof__(&name) real;                \
		if (!real)                                    \
			real = NEXT(name);                    \
		return fails(of_kind) ? (result) : real args; \
	}

/* dlsym() itself may ask for memory, before we know where to get it. */
static _Alignas(16) char early[65536];
static size_t early_len;
static bool is_looking;
static void *(*real_malloc)(size_t);
static void *(*real_calloc)(size_t, size_t);
static void *(*real_realloc)(void *, size_t);
static void (*real_free)(void *);

static bool look_up_memory(void)
{
	if (real_free)
		return true;
	if (is_looking)
		return false;
	is_looking = true;
	real_malloc = NEXT(malloc);
	real_calloc = NEXT(calloc);
	real_realloc = NEXT(realloc);
	real_free = NEXT(free);
	is_looking = false;
	return true;
}

static bool is_early(const void *p)
{
	return (const char *)p >= early && (const char *)p < early + sizeof(early);
}

static void *take_early(size_t size)
{
	char *at = early + early_len;

	early_len += (size + 15) & ~(size_t)15;
	if (early_len > sizeof(early))
		abort();
	return at;
}

void *malloc(size_t size)
{
	if (!look_up_memory())
		return take_early(size);
	return fails("malloc") ? NULL : real_malloc(size);
}

void *calloc(size_t nr, size_t size)
{
	if (!look_up_memory())
		return take_early(nr * size);
	return fails("malloc") ? NULL : real_calloc(nr, size);
}

void *realloc(void *old, size_t size)
{
	void *made;

	look_up_memory();
	if (!is_early(old))
		return fails("malloc") ? NULL : real_realloc(old, size);
	made = malloc(size);
	if (made)
		memcpy(made, old, size);
	return made;
}

void *reallocarray(void *old, size_t nr, size_t size)
{
	size_t len;

	if (__builtin_mul_overflow(nr, size, &len)) {
		errno = ENOMEM;
		return NULL;
	}
	return realloc(old, len);
}

void free(void *p)
{
	if (!is_early(p) && look_up_memory())
		real_free(p);
}

#define FAIL_OPEN(name)                                              \
	int name(const char *path, int flags, ...);                  \
	int name(const char *path, int flags, ...)                   \
	{                                                            \
		static int (*real)(const char *, int, ...);          \
		va_list args;                                        \
		mode_t mode;                                         \
		if (!real)                                           \
			real = next(#name);                          \
		va_start(args, flags);                               \
		mode = va_arg(args, mode_t);                         \
		va_end(args);                                        \
		return fails("open") ? -1 : real(path, flags, mode); \
	}

#define FAIL_OPENAT(name)                                                \
	int name(int at, const char *path, int flags, ...);              \
	int name(int at, const char *path, int flags, ...)               \
	{                                                                \
		static int (*real)(int, const char *, int, ...);         \
		va_list args;                                            \
		mode_t mode;                                             \
		if (!real)                                               \
			real = next(#name);                              \
		va_start(args, flags);                                   \
		mode = va_arg(args, mode_t);                             \
		va_end(args);                                            \
		return fails("open") ? -1 : real(at, path, flags, mode); \
	}

FAIL_OPEN(open)
FAIL_OPENAT(openat)

long syscall(long nr, ...)
{
	static long (*real)(long, ...);
	va_list args;
	long v[6];

	if (!real)
		real = next("syscall");
	va_start(args, nr);
	for (int i = 0; i < 6; i++)
		v[i] = va_arg(args, long);
	va_end(args);
	if (fails(nr == SYS_openat2 ? "open" : "syscall"))
		return -1;
	return real(nr, v[0], v[1], v[2], v[3], v[4], v[5]);
}

#define FAIL_WITH_ARG(of_kind, name, request)                     \
	int name(int fd, request what, ...);                      \
	int name(int fd, request what, ...)                       \
	{                                                         \
		static int (*real)(int, request, ...);            \
		va_list args;                                     \
		void *arg;                                        \
		if (!real)                                        \
			real = next(#name);                       \
		va_start(args, what);                             \
		arg = va_arg(args, void *);                       \
		va_end(args);                                     \
		return fails(of_kind) ? -1 : real(fd, what, arg); \
	}

FAIL_WITH_ARG("ioctl", ioctl, unsigned long)
FAIL_WITH_ARG("fd", fcntl, int)

/* clang-format off */
FAIL("read", -1, ssize_t, read, (int fd, void *buf, size_t len), (fd, buf, len))
FAIL("read", -1, ssize_t, pread, (int fd, void *buf, size_t len, off_t at), (fd, buf, len, at))
FAIL("read", -1, ssize_t, readlink, (const char *p, char *buf, size_t len), (p, buf, len))
FAIL("read", -1, ssize_t, readlinkat, (int at, const char *p, char *buf, size_t len), (at, p, buf, len))
FAIL("write", -1, ssize_t, write, (int fd, const void *buf, size_t len), (fd, buf, len))
FAIL("stream", NULL, FILE *, fopen, (const char *p, const char *mode), (p, mode))
FAIL("stream", NULL, FILE *, fdopen, (int fd, const char *mode), (fd, mode))
FAIL("stream", NULL, FILE *, open_memstream, (char **p, size_t *len), (p, len))
FAIL("fd", -1, int, dup, (int fd), (fd))
FAIL("fd", -1, int, dup2, (int fd, int to), (fd, to))
FAIL("fd", -1, int, dup3, (int fd, int to, int flags), (fd, to, flags))
FAIL("fd", -1, int, pipe, (int fds[2]), (fds))
FAIL("fd", -1, int, pipe2, (int fds[2], int flags), (fds, flags))
FAIL("fd", -1, int, flock, (int fd, int how), (fd, how))
FAIL("fd", -1, int, socketpair, (int family, int type, int protocol, int fds[2]), (family, type, protocol, fds))
FAIL("fork", -1, pid_t, fork, (void), ())
FAIL("fork", (int)err_no, int, pthread_create, (pthread_t *id, const pthread_attr_t *attr,
	void *(*body)(void *), void *arg), (id, attr, body, arg))
FAIL("wait", -1, int, poll, (struct pollfd *fds, nfds_t nr, int ms), (fds, nr, ms))
FAIL("wait", -1, int, ppoll, (struct pollfd *fds, nfds_t nr, const struct timespec *time,
	const sigset_t *mask), (fds, nr, time, mask))
FAIL("sched", -1, int, sched_setaffinity, (pid_t pid, size_t len, const cpu_set_t *set), (pid, len, set))
FAIL("sched", -1, int, sched_getaffinity, (pid_t pid, size_t len, cpu_set_t *set), (pid, len, set))
FAIL("map", -1, int, madvise, (void *p, size_t len, int advice), (p, len, advice))
FAIL("read", -1, int, klogctl, (int type, char *buf, int len), (type, buf, len))
FAIL("write", -1, ssize_t, vmsplice, (int fd, const struct iovec *v, size_t nr, unsigned int flags),
	(fd, v, nr, flags))
FAIL("socket", -1, int, socket, (int family, int type, int protocol), (family, type, protocol))
FAIL("socket", -1, ssize_t, sendto, (int fd, const void *buf, size_t len, int flags,
	const struct sockaddr *to, socklen_t to_len), (fd, buf, len, flags, to, to_len))
FAIL("socket", -1, ssize_t, recv, (int fd, void *buf, size_t len, int flags), (fd, buf, len, flags))
FAIL("socket", -1, ssize_t, send, (int fd, const void *buf, size_t len, int flags), (fd, buf, len, flags))
FAIL("socket", -1, ssize_t, recvfrom, (int fd, void *restrict buf, size_t len, int flags,
	struct sockaddr *restrict from, socklen_t *restrict from_len), (fd, buf, len, flags, from, from_len))
FAIL("socket", -1, int, setsockopt, (int fd, int level, int name, const void *val, socklen_t len),
	(fd, level, name, val, len))
FAIL("socket", -1, ssize_t, recvmsg, (int fd, struct msghdr *msg, int flags), (fd, msg, flags))
FAIL("dir", NULL, DIR *, opendir, (const char *p), (p))
FAIL("dir", NULL, DIR *, fdopendir, (int fd), (fd))
FAIL("dir", NULL, struct dirent *, readdir, (DIR *dir), (dir))
FAIL("map", MAP_FAILED, void *, mmap, (void *p, size_t len, int prot, int flags, int fd, off_t at),
	(p, len, prot, flags, fd, at))
FAIL("stat", -1, int, stat, (const char *p, struct stat *st), (p, st))
FAIL("stat", -1, int, lstat, (const char *p, struct stat *st), (p, st))
FAIL("stat", -1, int, fstat, (int fd, struct stat *st), (fd, st))
FAIL("stat", -1, int, fstatat, (int at, const char *p, struct stat *st, int flags), (at, p, st, flags))
FAIL("stat", -1, int, access, (const char *p, int mode), (p, mode))
FAIL("stat", -1, int, faccessat, (int at, const char *p, int mode, int flags), (at, p, mode, flags))
FAIL("name", -1, int, rename, (const char *from, const char *to), (from, to))
FAIL("name", -1, int, linkat, (int at, const char *from, int to_at, const char *to, int flags),
	(at, from, to_at, to, flags))
FAIL("name", -1, int, mkdir, (const char *p, mode_t mode), (p, mode))
FAIL("name", -1, int, mkdirat, (int at, const char *p, mode_t mode), (at, p, mode))
FAIL("name", -1, int, memfd_create, (const char *p, unsigned int flags), (p, flags))
FAIL("name", -1, int, mkostemp, (char *p, int flags), (p, flags))
FAIL("name", -1, int, fchmod, (int fd, mode_t mode), (fd, mode))
FAIL("seek", -1, off_t, lseek, (int fd, off_t at, int whence), (fd, at, whence))
FAIL("seek", -1, int, fseeko, (FILE *f, off_t at, int whence), (f, at, whence))
FAIL("seek", -1, off_t, ftello, (FILE *f), (f))
FAIL("seek", -1, int, ftruncate, (int fd, off_t len), (fd, len))
FAIL("load", NULL, void *, dlopen, (const char *p, int flags), (p, flags))

/* Of libkmod; no header has them. */
FAIL("module", -1, int, init_module, (void *image, unsigned long len, const char *args), (image, len, args))
FAIL("module", -1, int, finit_module, (int fd, const char *args, int flags), (fd, args, flags))
FAIL("module", -1, int, delete_module, (const char *name, unsigned int flags), (name, flags))

#ifdef __GLIBC__ /* what calls become that the C library checks */
FAIL("open", -1, int, __open_2, (const char *path, int flags), (path, flags))
FAIL("open", -1, int, __openat_2, (int at, const char *path, int flags), (at, path, flags))
FAIL("open", -1, int, __open64_2, (const char *path, int flags), (path, flags))
FAIL("open", -1, int, __openat64_2, (int at, const char *path, int flags), (at, path, flags))
#endif

#ifdef __GLIBC__ /* the names for files of any size where off_t has 32 bits */
FAIL_OPEN(open64)
FAIL_OPENAT(openat64)
FAIL_WITH_ARG("fd", fcntl64, int)
FAIL("read", -1, ssize_t, pread64, (int fd, void *buf, size_t len, off64_t at), (fd, buf, len, at))
FAIL("stream", NULL, FILE *, fopen64, (const char *p, const char *mode), (p, mode))
FAIL("dir", NULL, struct dirent64 *, readdir64, (DIR *dir), (dir))
FAIL("map", MAP_FAILED, void *, mmap64, (void *p, size_t len, int prot, int flags, int fd, off64_t at),
	(p, len, prot, flags, fd, at))
FAIL("stat", -1, int, stat64, (const char *p, struct stat64 *st), (p, st))
FAIL("stat", -1, int, lstat64, (const char *p, struct stat64 *st), (p, st))
FAIL("stat", -1, int, fstat64, (int fd, struct stat64 *st), (fd, st))
FAIL("stat", -1, int, fstatat64, (int at, const char *p, struct stat64 *st, int flags), (at, p, st, flags))
FAIL("name", -1, int, mkostemp64, (char *p, int flags), (p, flags))
FAIL("seek", -1, off64_t, lseek64, (int fd, off64_t at, int whence), (fd, at, whence))
FAIL("seek", -1, int, fseeko64, (FILE *f, off64_t at, int whence), (f, at, whence))
FAIL("seek", -1, off64_t, ftello64, (FILE *f), (f))
FAIL("seek", -1, int, ftruncate64, (int fd, off64_t len), (fd, len))
#endif
/* clang-format on */

/* Where there is nothing to write, nothing can fail. */
int fflush(FILE *f)
{
	static int (*real)(FILE *);
	bool is_due = f && __fpending(f) && fails("write");

	if (!real)
		real = next("fflush");
	return is_due ? EOF : real(f);
}

/* It gives the stream back, and says that the last bytes were lost. */
int fclose(FILE *f)
{
	static int (*real)(FILE *);
	bool is_due = fails("write");

	if (!real)
		real = next("fclose");
	if (!is_due)
		return real(f);
	real(f);
	errno = (int)err_no;
	return EOF;
}
