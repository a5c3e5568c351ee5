// SPDX-License-Identifier: LGPL-2.1-or-later
/* Has the table of ways to pin, and finds one that works here. */
#include "act/backend/backend.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/*
 * In the order of what they can show. The module pins any memory, on every path
 * of the kernel, and names the pages that it pinned. io_uring is on most devices,
 * open to any user, and pins for two at once: without that, the regression of
 * 2025 (1aaf8c122918) is not seen, which is why gup_test, which knows the paths,
 * comes after it. af_xdp pins for writing only and releases late, udmabuf is
 * about one kind of memory, and gup_benchmark does not hold what it pins.
 */
const struct lt_backend *const lt_backends[] = {
	&lt_backend_module,
	&lt_backend_io_uring,
	&lt_backend_gup_test,
	&lt_backend_af_xdp,
	&lt_backend_udmabuf,
	&lt_backend_gup_benchmark,
	NULL,
};

static int try_open(const struct lt_backend *backend, struct lt_diag *diag)
{
	int fd = backend->open(diag);

	if (fd < 0)
		return fd;
	close(fd);
	return 0;
}

/* Add why @backend does not open, if it still fits. */
static void add_reason(char *why, size_t size, const struct lt_backend *backend,
		       const struct lt_diag *diag)
{
	size_t len = strlen(why);
	int added = snprintf(why + len, size - len, "%s%s: %s", len ? "; " : "", backend->name,
			     diag->why);

	if (added < 0 || (size_t)added >= size - len)
		why[len] = '\0';
}

static int choose_first(const struct lt_backend **out, struct lt_diag *diag)
{
	char why[sizeof(diag->why)] = "";
	int err = -ENOENT;

	for (size_t i = 0; lt_backends[i]; i++) {
		struct lt_diag one = { 0 };

		err = try_open(lt_backends[i], &one);
		if (!err) {
			*out = lt_backends[i];
			return 0;
		}
		add_reason(why, sizeof(why), lt_backends[i], &one);
	}
	lt_diag_set(diag, "%s", why);
	return err;
}

int lt_backend_choose(const char *name, const struct lt_backend **out, struct lt_diag *diag)
{
	int err;

	if (!name || !strcmp(name, "auto"))
		return choose_first(out, diag);
	for (size_t i = 0; lt_backends[i]; i++) {
		if (strcmp(lt_backends[i]->name, name))
			continue;
		err = try_open(lt_backends[i], diag);
		if (!err)
			*out = lt_backends[i];
		return err;
	}
	lt_diag_set(diag, "there is no such backend");
	return -EINVAL;
}
