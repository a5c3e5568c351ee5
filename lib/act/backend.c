// SPDX-License-Identifier: LGPL-2.1-or-later
#include "act/backend.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

const struct lt_backend *const lt_backends[] = {
	&lt_backend_module,
	&lt_backend_io_uring,
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

static int choose_first(const struct lt_backend **out, struct lt_diag *diag)
{
	char why[sizeof(diag->why)] = "";
	size_t len = 0;
	int err = -ENOENT;

	for (size_t i = 0; lt_backends[i]; i++) {
		struct lt_diag one = { 0 };

		err = try_open(lt_backends[i], &one);
		if (!err) {
			*out = lt_backends[i];
			return 0;
		}
		if (len < sizeof(why))
			len += (size_t)snprintf(why + len, sizeof(why) - len, "%s%s: %s",
						i ? "; " : "", lt_backends[i]->name, one.why);
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
