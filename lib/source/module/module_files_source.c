// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Source "module-files": the file, or the block device, that each blocking page of the page cache
 * is of, as the helper module finds it. What is mounted from a block device, and what that is
 * called, mountinfo and sysfs say. In a capture, the array "files" (answer.h):
 *
 *	files	pfn, fs, device, path, mounted, dev ("MAJOR:MINOR"), inode, index, is_block_device,
 *		is_deleted, nr_buffers, nr_held, nr_private; those that are known
 */
#include "source/module/module.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/array_size.h"
#include "source/answer.h"
#include "source/mountinfo.h"
#include "source/source.h"

#define SOURCE "module-files"

/* A question each: pages that nothing is known to have failed on come last. */
#define NR_ASKED_MAX 256

struct asking {
	struct lt_snapshot *snap;
	struct lt_json *json; /* NULL if nobody captures */
	struct lt_buf mountinfo;
};

/* Read beside the capture, which has of it what counts here. */
static int read_file(const struct lt_root *root, const char *path, struct lt_buf *out)
{
	int fd = lt_root_openat(root, path, O_RDONLY), err;

	if (fd < 0)
		return fd;
	err = lt_fd_read(fd, out);
	close(fd);
	return err;
}

/* The name that a block device has in /dev. */
static int name_device(const struct asking *asking, struct lt_page_file *file)
{
	static const char key[] = "DEVNAME=";
	struct lt_buf buf;
	char path[64];
	const char *name;
	int err = 0;

	snprintf(path, sizeof(path), "/sys/dev/block/%u:%u/uevent", lt_page_file_major(file),
		 lt_page_file_minor(file));
	if (read_file(asking->snap->root, path, &buf))
		return 0;
	name = strstr(buf.data, key);
	if (name && (name == buf.data || name[-1] == '\n')) {
		name += strlen(key);
		file->device = lt_strings_add(asking->snap->strings, name, strcspn(name, "\n"));
		err = file->device ? 0 : -ENOMEM;
	}
	free(buf.data);
	return err;
}

static int name_mounted(const struct asking *asking, struct lt_page_file *file)
{
	const struct lt_buf *mountinfo = &asking->mountinfo;
	struct lt_span type;

	if (!mountinfo->data ||
	    !lt_mountinfo_find(mountinfo->data, mountinfo->len, file->dev, &type))
		return 0;
	file->mounted = lt_strings_span(asking->snap->strings, type);
	return file->mounted ? 0 : -ENOMEM;
}

/* Text of the module; absent if there is none. */
static int copy_text(const struct asking *asking, const char *text, const char **out)
{
	if (!text[0])
		return 0;
	*out = lt_strings_add(asking->snap->strings, text, strlen(text));
	return *out ? 0 : -ENOMEM;
}

static void keep(struct lt_json *json, uint64_t pfn, const struct lt_page_file *file)
{
	char dev[32];

	snprintf(dev, sizeof(dev), "%u:%u", lt_page_file_major(file), lt_page_file_minor(file));
	lt_json_object(json, NULL);
	lt_json_u64(json, "pfn", pfn);
	lt_json_string(json, "fs", file->fs_type);
	lt_json_string(json, "device", file->device);
	lt_json_string(json, "path", file->path);
	lt_json_string(json, "mounted", file->mounted);
	lt_json_string(json, "dev", dev);
	lt_json_u64(json, "inode", file->inode);
	lt_json_num(json, "index", file->index);
	lt_json_bool(json, "is_block_device", file->is_block_device);
	lt_json_bool(json, "is_deleted", file->is_deleted);
	lt_json_num(json, "nr_buffers", file->nr_buffers);
	lt_json_num(json, "nr_held", file->nr_held);
	lt_json_num(json, "nr_private", file->nr_private);
	lt_json_close(json);
}

static int store(struct lt_snapshot *snap, uint64_t pfn, const struct lt_page_file *file)
{
	struct lt_pin *pin = lt_pins_find(&snap->pins, pfn);

	if (!pin)
		return 0;
	pin->file = lt_page_files_add(snap->page_files, file);
	return pin->file ? 0 : -ENOMEM;
}

static int add_file(uint64_t pfn, const struct lt_module_file *told, void *arg)
{
	struct asking *asking = arg;
	struct lt_page_file file = {
		.dev = told->dev,
		.inode = told->inode,
		.index = told->index,
		.is_block_device = told->is_block_device,
		.is_deleted = told->is_deleted,
		.nr_buffers = told->nr_buffers,
		.nr_held = told->nr_held,
		.nr_private = told->nr_private,
	};
	int err = copy_text(asking, told->path, &file.path);

	if (!err && file.is_block_device)
		err = name_device(asking, &file);
	if (!err && file.is_block_device)
		err = name_mounted(asking, &file);
	if (!err && !file.is_block_device)
		err = copy_text(asking, told->fs_type, &file.fs_type);
	if (!err && !file.is_block_device)
		err = copy_text(asking, told->fs_id, &file.device);
	if (!err && asking->json)
		keep(asking->json, pfn, &file);
	return err ? err : store(asking->snap, pfn, &file);
}

static bool may_have_file(const struct lt_pin *pin)
{
	switch (pin->class) {
	case LT_PAGE_UNKNOWN:
	case LT_PAGE_HUGE:
	case LT_PAGE_THP:
	case LT_PAGE_SHMEM:
	case LT_PAGE_FILE:
		return true;
	default:
		return false;
	}
}

static int list_pages(const struct lt_snapshot *snap, struct lt_pfns *out)
{
	for (int i = 0; i < 2; i++) {
		lt_vec_each(pin, &snap->pins) {
			if (pin->is_blocker == !!i || !may_have_file(pin))
				continue;
			if (out->nr == NR_ASKED_MAX)
				return 0;
			if (lt_pfns_add(out, pin->pfn))
				return -ENOMEM;
		}
	}
	return 0;
}

static int ask(struct asking *asking, const struct lt_pfns *pfns, struct lt_diag *diag)
{
	int err;

	/* Without it nothing is said of mounts. */
	if (read_file(asking->snap->root, "/proc/self/mountinfo", &asking->mountinfo))
		asking->mountinfo = (struct lt_buf){ 0 };
	err = lt_module_files(pfns, add_file, asking, diag);
	free(asking->mountinfo.data);
	return err == -EOPNOTSUPP ? -ENOENT : err;
}

static int say_unused(struct lt_diag *diag)
{
	lt_diag_set(diag, "not asked: no blocking page is in the page cache");
	return -ENODATA;
}

static int read_live(struct lt_snapshot *snap, const struct lt_pfns *pfns, struct lt_diag *diag)
{
	struct asking asking = { .snap = snap, .json = lt_answer_begin(snap->root, SOURCE) };
	int err;

	if (asking.json)
		lt_json_array(asking.json, "files");
	err = pfns->nr ? ask(&asking, pfns, diag) : say_unused(diag);
	if (asking.json) {
		lt_json_close(asking.json);
		lt_answer_end(snap->root, asking.json, err, diag);
	}
	return err;
}

static bool parse_dev(const char *dev, uint32_t *out)
{
	struct lt_text text;

	if (!dev)
		return false;
	lt_text_init(&text, dev, strlen(dev));
	return lt_mountinfo_dev(&text, out) && lt_text_at_end(&text);
}

static int parse_file(const char *key, const struct lt_json_value *record, void *arg)
{
	struct lt_num pfn = lt_json_get_num(record, "pfn"),
		      inode = lt_json_get_num(record, "inode");
	struct lt_snapshot *snap = arg;
	struct lt_page_file file = {
		.inode = inode.val,
		.index = lt_json_get_num(record, "index"),
		.is_block_device = lt_json_get_bool(record, "is_block_device"),
		.is_deleted = lt_json_get_bool(record, "is_deleted"),
		.nr_buffers = lt_json_get_num(record, "nr_buffers"),
		.nr_held = lt_json_get_num(record, "nr_held"),
		.nr_private = lt_json_get_num(record, "nr_private"),
	};
	const struct {
		const char *key;
		const char **to;
	} strings[] = {
		{ "fs", &file.fs_type },
		{ "device", &file.device },
		{ "path", &file.path },
		{ "mounted", &file.mounted },
	};

	if (strcmp(key, "files"))
		return 0;
	if (!pfn.known || !inode.known || !parse_dev(lt_json_get_string(record, "dev"), &file.dev))
		return -EBADMSG;
	for (size_t i = 0; i < ARRAY_SIZE(strings); i++)
		if (lt_strings_restore_to(snap->strings, lt_json_get_string(record, strings[i].key),
					  strings[i].to))
			return -ENOMEM;
	return file.fs_type || file.is_block_device ? store(snap, pfn.val, &file) : -EBADMSG;
}

static int read_module_files(struct lt_snapshot *snap, struct lt_diag *diag)
{
	const struct lt_answer_sink sink = {
		.strings = snap->strings,
		.each = parse_file,
		.arg = snap,
	};
	struct lt_pfns pfns = { 0 };
	int err = list_pages(snap, &pfns);

	if (!err && lt_root_is_live(snap->root)) {
		err = read_live(snap, &pfns, diag);
	} else if (!err) {
		err = lt_answer_read(snap->root, SOURCE, &sink, diag);
		if (err == -ENOENT && !pfns.nr)
			err = say_unused(diag);
	}
	lt_vec_free(&pfns);
	return err;
}

const struct lt_source lt_source_module_files = {
	.name = SOURCE,
	.where = "generic netlink family ltpin",
	.proves =
		"file or block device that a blocking page is of, and whether a buffer of it is held",
	.options = { "MODULES" },
	.also = "ltpin module load",
	.stage = LT_STAGE_OWNERS,
	.pace = LT_PACE_SLOW,
	.read = read_module_files,
};
