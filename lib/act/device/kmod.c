// SPDX-License-Identifier: LGPL-2.1-or-later
/* Loads and unloads the helper module through libkmod. */
#include "act/device/kmod.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>

#include "uapi/ltpin_ioctl.h"

const char *lt_kmod_state_name(enum lt_kmod_state state)
{
	static const char *const names[] = {
		[LT_KMOD_ABSENT] = "not loaded", [LT_KMOD_COMING] = "loading",
		[LT_KMOD_LIVE] = "loaded",	 [LT_KMOD_GOING] = "unloading",
		[LT_KMOD_BUILTIN] = "built in",
	};

	return names[state];
}

#ifdef HAVE_KMOD

#include <fcntl.h>
#include <libkmod.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "source/klog/klog_live.h"

/* libkmod would write to standard error on its own. */
static void no_log(void *data, int priority, const char *file, int line, const char *fn,
		   const char *format, va_list args)
{
	(void)data;
	(void)priority;
	(void)file;
	(void)line;
	(void)fn;
	(void)format;
	(void)args;
}

static struct kmod_ctx *new_context(void)
{
	struct kmod_ctx *ctx = kmod_new(NULL, NULL);

	if (ctx)
		kmod_set_log_fn(ctx, no_log, NULL);
	return ctx;
}

int lt_kmod_state(enum lt_kmod_state *out, struct lt_diag *diag)
{
	struct kmod_ctx *ctx = new_context();
	struct kmod_module *mod = NULL;
	int err = ctx ? kmod_module_new_from_name(ctx, LTPIN_DEVICE, &mod) : -ENOMEM;

	if (!err) {
		switch (kmod_module_get_initstate(mod)) {
		case KMOD_MODULE_BUILTIN:
			*out = LT_KMOD_BUILTIN;
			break;
		case KMOD_MODULE_LIVE:
			*out = LT_KMOD_LIVE;
			break;
		case KMOD_MODULE_COMING:
			*out = LT_KMOD_COMING;
			break;
		case KMOD_MODULE_GOING:
			*out = LT_KMOD_GOING;
			break;
		default:
			*out = LT_KMOD_ABSENT;
		}
		kmod_module_unref(mod);
	} else {
		lt_diag_set(diag, "cannot ask for the module: %s", strerror(-err));
	}
	kmod_unref(ctx);
	return err;
}

static void say(struct lt_module_refusal *refusal, const char *what, const char *why)
{
	snprintf(refusal->why, sizeof(refusal->why), "%s%s%s", what, *what ? ": " : "", why);
	refusal->advice[0] = '\0';
}

/* The log before a module is inserted, to know afterwards what is new in it. */
static void read_log(struct lt_buf *out)
{
	*out = (struct lt_buf){ 0 };
	lt_ignore(lt_klog_read_live(out, NULL)); /* without it we know less */
}

/* What @now has that @before had not. Its last line may have left the ring buffer since. */
static struct lt_buf find_new_lines(const struct lt_buf *before, const struct lt_buf *now)
{
	size_t start = before->len;
	char *at;

	while (start > 1 && before->data[start - 2] != '\n')
		start--;
	at = start && now->len ? memmem(now->data, now->len, before->data + start - 1,
					before->len - start + 1)
			       : NULL;
	if (!at)
		return *now;
	at += before->len - start + 1;
	return (struct lt_buf){ .data = at, .len = now->len - (size_t)(at - now->data) };
}

/* The string of the file's .modinfo section; NULL if it has none. The caller frees it. */
static char *find_vermagic(const struct kmod_module *mod)
{
	struct kmod_list *list = NULL, *item;
	char *vermagic = NULL;

	if (kmod_module_get_info(mod, &list) < 0)
		return NULL;
	kmod_list_foreach(item, list) if (!vermagic &&
					  !strcmp(kmod_module_info_get_key(item), "vermagic"))
		vermagic = strdup(kmod_module_info_get_value(item));
	kmod_module_info_free_list(list);
	return vermagic;
}

static void explain(int err, const struct kmod_module *mod, const struct lt_buf *log_before,
		    struct lt_module_refusal *refusal)
{
	char *vermagic = find_vermagic(mod);
	struct lt_buf log, new_lines;
	struct lt_root *root;

	read_log(&log);
	new_lines = find_new_lines(log_before, &log);
	if (lt_root_open(NULL, &root)) {
		say(refusal, "the kernel refused it", strerror(-err));
	} else {
		lt_module_refusal_explain(err, root, new_lines.data, new_lines.len, vermagic,
					  refusal);
		lt_root_close(root);
	}
	free(log.data);
	free(vermagic);
}

static int load_from_path(struct kmod_ctx *ctx, const char *path, struct lt_module_refusal *refusal)
{
	struct kmod_module *mod;
	struct lt_buf log;
	int err = kmod_module_new_from_path(ctx, path, &mod);

	if (err) {
		say(refusal, path, strerror(-err));
		return err;
	}
	read_log(&log);
	err = kmod_module_insert_module(mod, 0, NULL);
	if (err == -EEXIST)
		err = 0;
	if (err)
		explain(err, mod, &log, refusal);
	free(log.data);
	kmod_module_unref(mod);
	return err;
}

/* What it depends on first: what `modprobe ltpin` does. */
static int load_from_tree(struct kmod_ctx *ctx, struct lt_module_refusal *refusal)
{
	struct kmod_list *list = NULL, *item;
	int err = kmod_module_new_from_lookup(ctx, LTPIN_DEVICE, &list);
	struct lt_buf log;

	if (err || !list) {
		say(refusal, kmod_get_dirname(ctx),
		    "no module " LTPIN_DEVICE " there: install it, or give its path");
		return err ? err : -ENOENT;
	}
	read_log(&log);
	kmod_list_foreach(item, list)
	{
		struct kmod_module *mod = kmod_module_get_module(item);

		if (err >= 0)
			err = kmod_module_probe_insert_module(mod, 0, NULL, NULL, NULL, NULL);
		if (err < 0)
			explain(err, mod, &log, refusal);
		kmod_module_unref(mod);
	}
	free(log.data);
	kmod_module_unref_list(list);
	return err < 0 ? err : 0;
}

int lt_kmod_load(const char *path, struct lt_module_refusal *refusal)
{
	struct kmod_ctx *ctx = new_context();
	int err;

	if (!ctx) {
		say(refusal, "", strerror(ENOMEM));
		return -ENOMEM;
	}
	err = path ? load_from_path(ctx, path, refusal) : load_from_tree(ctx, refusal);
	kmod_unref(ctx);
	return err;
}

int lt_kmod_unload(struct lt_diag *diag)
{
	struct kmod_ctx *ctx = new_context();
	struct kmod_module *mod = NULL;
	int err = ctx ? kmod_module_new_from_name(ctx, LTPIN_DEVICE, &mod) : -ENOMEM;

	if (!err) {
		/* Never wait for users: the kernel's own answer is the one to give. */
		err = kmod_module_remove_module(mod, O_NONBLOCK);
		kmod_module_unref(mod);
	}
	kmod_unref(ctx);
	if (err == -ENOENT)
		lt_diag_set(diag, "the module is not loaded");
	else if (err == -EAGAIN || err == -EWOULDBLOCK || err == -EBUSY)
		lt_diag_set(diag, "it is in use: a process has /dev/" LTPIN_DEVICE
				  " open, or has not read all of an answer of the module");
	else if (err == -EPERM)
		lt_diag_set(diag, "not permitted: needs CAP_SYS_MODULE");
	else if (err)
		lt_diag_set(diag, "%s", strerror(-err));
	return err == -EAGAIN ? -EBUSY : err;
}

#else /* !HAVE_KMOD */

int lt_kmod_state(enum lt_kmod_state *out, struct lt_diag *diag)
{
	(void)out;
	lt_diag_set(diag, "ltpin was built without libkmod");
	return -ENOSYS;
}

int lt_kmod_load(const char *path, struct lt_module_refusal *refusal)
{
	(void)path;
	snprintf(refusal->why, sizeof(refusal->why), "ltpin was built without libkmod: use insmod");
	refusal->advice[0] = '\0';
	return -ENOSYS;
}

int lt_kmod_unload(struct lt_diag *diag)
{
	lt_diag_set(diag, "ltpin was built without libkmod: use rmmod");
	return -ENOSYS;
}

#endif
