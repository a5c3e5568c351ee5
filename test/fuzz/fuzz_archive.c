// SPDX-License-Identifier: GPL-2.0-or-later
/* Feeds any bytes to the parser of archive. */
#include "fuzz.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/archive.h"

const char fuzz_seeds[] = "bundle";

static int see(const char *name, void *arg)
{
	(void)arg;
	if (!*name)
		__builtin_trap();
	return 0;
}

/* Every file can be found by its name and read to its end. */
static void look(const struct lt_bundle *bundle)
{
	lt_vec_each(member, lt_bundle_members(bundle)) {
		struct lt_buf buf = { 0 };

		if (member->path[0] == '/' || !member->path[0])
			__builtin_trap();
		if (member->is_dir) {
			if (lt_bundle_list(bundle, member->path, see, NULL))
				__builtin_trap();
		} else if (!lt_bundle_read(bundle, member->path, &buf)) {
			if (!member->target && buf.len != member->size)
				__builtin_trap();
		} else if (!member->target) {
			__builtin_trap();
		}
		free(buf.data);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static void *library;
	struct lt_diag diag = { 0 };
	struct lt_bundle *bundle;
	int fd = memfd_create("fuzz", MFD_CLOEXEC), err;

	if (!library)
		library = dlopen("libarchive.so.13", RTLD_NOW); /* loading it takes longest */
	if (fd < 0 || lt_bundle_new(NULL, &bundle))
		return 0;
	if (size && pwrite(fd, data, size, 0) < 0)
		__builtin_trap();
	err = lt_archive_read(fd, bundle, &diag);
	if (!err)
		look(bundle);
	else if (!diag.why[0])
		__builtin_trap();
	lt_bundle_free(bundle);
	close(fd);
	return 0;
}
