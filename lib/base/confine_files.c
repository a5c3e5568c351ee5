// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Confines this process to some files, by Landlock.
 *
 * What the kernel knows grew: REFER in ABI 2 (5.19), TRUNCATE in 3 (6.2), TCP in 4 (6.7), ioctl of
 * devices in 5 (6.10), abstract sockets and signals in 6 (6.12). Its header is older than that on
 * many systems, so the numbers are here.
 */
#include "base/confine.h"

#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/array_size.h"

#ifndef SYS_landlock_create_ruleset /* the same number everywhere */
#define SYS_landlock_create_ruleset 444
#define SYS_landlock_add_rule 445
#define SYS_landlock_restrict_self 446
#endif

#define ASK_VERSION 1u
#define PATH_BENEATH 1

enum {
	WRITE_FILE = 1 << 1,
	READ_FILE = 1 << 2,
	READ_DIR = 1 << 3,
	REMOVE_DIR = 1 << 4,
	REMOVE_FILE = 1 << 5,
	MAKE_DIR = 1 << 7,
	MAKE_REG = 1 << 8,
};

/* Rights that a file may have; the others are of directories. */
#define OF_FILE ((uint64_t)(WRITE_FILE | READ_FILE))

struct ruleset {
	uint64_t files, tcp, scopes;
};

struct rule {
	uint64_t allowed;
	int32_t fd;
} __attribute__((packed));

static const uint64_t rights[] = {
	[LT_CONFINE_READ] = READ_FILE | READ_DIR,
	[LT_CONFINE_WRITE] = READ_FILE | WRITE_FILE,
	[LT_CONFINE_NAME] = MAKE_REG | REMOVE_FILE,
	[LT_CONFINE_FILL] = READ_DIR | WRITE_FILE | MAKE_REG | REMOVE_FILE | MAKE_DIR | REMOVE_DIR,
	[LT_CONFINE_MOVE] = MAKE_DIR | REMOVE_DIR,
};

/* All that a kernel of this ABI can forbid. */
static size_t describe(int abi, struct ruleset *out)
{
	const unsigned int nr_rights = abi < 2 ? 13 : abi < 3 ? 14 : abi < 5 ? 15 : 16;

	*out = (struct ruleset){ .files = (1u << nr_rights) - 1, .tcp = 3, .scopes = 3 };
	return abi < 4 ? sizeof(uint64_t) : abi < 6 ? 2 * sizeof(uint64_t) : sizeof(*out);
}

static int allow(int ruleset, const char *path, uint64_t allowed)
{
	struct rule rule = { .allowed = allowed, .fd = open(path, O_PATH | O_CLOEXEC) };
	int err = rule.fd < 0 ? errno : 0;
	struct stat st;

	if (err)
		return err == ENOENT || err == EACCES || err == ENOTDIR || err == ELOOP ? 0 : -err;
	if (fstat(rule.fd, &st))
		err = errno;
	else if (!S_ISDIR(st.st_mode))
		rule.allowed &= OF_FILE;
	/* EBADFD: a pipe or the like, which is never forbidden */
	if (!err && rule.allowed &&
	    syscall(SYS_landlock_add_rule, ruleset, PATH_BENEATH, &rule, 0) && errno != EBADFD)
		err = errno;
	close(rule.fd);
	return -err;
}

struct libraries {
	int ruleset, err;
};

/* The directory of each library that is loaded: the others are there too. */
static int allow_library(struct dl_phdr_info *info, size_t size, void *arg)
{
	const char *slash = strrchr(info->dlpi_name, '/');
	struct libraries *libraries = arg;
	char *dir;

	(void)size;
	if (!slash || slash == info->dlpi_name || libraries->err)
		return 0;
	dir = strndup(info->dlpi_name, (size_t)(slash - info->dlpi_name));
	libraries->err = dir ? allow(libraries->ruleset, dir, READ_FILE) : -ENOMEM;
	free(dir);
	return 0;
}

/* Where else the loader looks for what is loaded later. */
static int allow_named_libraries(int ruleset)
{
	const char *path = getenv("LD_LIBRARY_PATH");
	int err = 0;

	for (const char *end; path && *path && !err; path = *end ? end + 1 : end) {
		char *dir;

		end = strchrnul(path, ':');
		dir = strndup(path, (size_t)(end - path));
		err = !dir ? -ENOMEM : *dir ? allow(ruleset, dir, READ_FILE) : 0;
		free(dir);
	}
	return err;
}

static int allow_libraries(int ruleset)
{
	static const char *const places[] = {
		"/etc/ld.so.cache",
		"/lib",
		"/lib64",
		"/usr/lib",
		"/usr/lib64",
		"/usr/local/lib",
		"/usr/share/terminfo",
		"/etc/terminfo",
	};
	struct libraries libraries = { .ruleset = ruleset };

	for (size_t i = 0; i < ARRAY_SIZE(places) && !libraries.err; i++)
		libraries.err = allow(ruleset, places[i], READ_FILE);
	if (!libraries.err)
		libraries.err = allow_named_libraries(ruleset);
	dl_iterate_phdr(allow_library, &libraries);
#ifdef __SANITIZE_ADDRESS__ /* whose search for leaks reads it */
	if (!libraries.err)
		libraries.err = allow(ruleset, "/proc", READ_FILE | READ_DIR);
#endif
	return libraries.err;
}

int lt_confine_files(const struct lt_confine_path *paths, size_t nr)
{
	int abi = (int)syscall(SYS_landlock_create_ruleset, NULL, 0, ASK_VERSION);
	struct ruleset set;
	size_t size;
	int ruleset, err;

	if (abi < 1) /* not built in, not enabled, or a container forbids to ask */
		return 0;
	size = describe(abi, &set);
	ruleset = (int)syscall(SYS_landlock_create_ruleset, &set, size, 0);
	if (ruleset < 0)
		return errno == ENOMEM || errno == EMFILE || errno == ENFILE ? -errno : 0;
	err = allow_libraries(ruleset);
	for (size_t i = 0; i < nr && !err; i++)
		err = allow(ruleset, paths[i].path, rights[paths[i].right]);
	if (!err && syscall(SYS_landlock_restrict_self, ruleset, 0))
		err = -errno;
	close(ruleset);
	return err ? err : 1;
}
