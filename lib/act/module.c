// SPDX-License-Identifier: LGPL-2.1-or-later
#include "act/module.h"

#include <errno.h>
#include <stddef.h>

#include "uapi/ltpin_ioctl.h"

const char *lt_module_state_name(enum lt_module_state state)
{
	static const char *const names[] = {
		[LT_MODULE_ABSENT] = "not loaded", [LT_MODULE_COMING] = "loading",
		[LT_MODULE_LIVE] = "loaded",	   [LT_MODULE_GOING] = "unloading",
		[LT_MODULE_BUILTIN] = "built in",
	};

	return names[state];
}

#ifdef HAVE_KMOD

#include <fcntl.h>
#include <libkmod.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#define NR(array) (sizeof(array) / sizeof((array)[0]))

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

int lt_module_state(enum lt_module_state *out, struct lt_diag *diag)
{
	struct kmod_ctx *ctx = new_context();
	struct kmod_module *mod = NULL;
	int err = ctx ? kmod_module_new_from_name(ctx, LTPIN_DEVICE, &mod) : -ENOMEM;

	if (!err) {
		switch (kmod_module_get_initstate(mod)) {
		case KMOD_MODULE_BUILTIN:
			*out = LT_MODULE_BUILTIN;
			break;
		case KMOD_MODULE_LIVE:
			*out = LT_MODULE_LIVE;
			break;
		case KMOD_MODULE_COMING:
			*out = LT_MODULE_COMING;
			break;
		case KMOD_MODULE_GOING:
			*out = LT_MODULE_GOING;
			break;
		default:
			*out = LT_MODULE_ABSENT;
		}
		kmod_module_unref(mod);
	} else {
		lt_diag_set(diag, "cannot ask for the module: %s", strerror(-err));
	}
	kmod_unref(ctx);
	return err;
}

/* What the kernel's refusal means. Its log has the details, not the errno. */
static void explain_refusal(int err, struct lt_diag *diag)
{
	static const struct {
		int err;
		const char *why;
	} refusals[] = {
		{ EPERM, "not permitted: needs CAP_SYS_MODULE, and a kernel whose lockdown or "
			 "kernel.modules_disabled does not forbid it" },
		{ ENOKEY, "the kernel takes only modules signed with a key it knows" },
		{ EKEYREJECTED, "the kernel rejected the module's signature" },
		{ ENOEXEC, "no module, or for another kernel (vermagic): build it for this one" },
		{ ENOENT, "it needs a symbol that this kernel lacks: build it for this one" },
		{ EINVAL, "no module, or for another configuration: build it for this kernel" },
		{ ENOSYS, "this kernel takes no modules (CONFIG_MODULES)" },
		{ ENOMEM, "no memory for it" },
	};

	for (size_t i = 0; i < NR(refusals); i++)
		if (refusals[i].err == -err)
			lt_diag_set(diag, "%s (%s; the kernel log says more)", refusals[i].why,
				    strerror(-err));
	lt_diag_set(diag, "the kernel refused it: %s (its log says more)", strerror(-err));
}

static int load_from_path(struct kmod_ctx *ctx, const char *path, struct lt_diag *diag)
{
	struct kmod_module *mod;
	int err = kmod_module_new_from_path(ctx, path, &mod);

	if (err) {
		lt_diag_path(diag, path);
		lt_diag_set(diag, "%s", strerror(-err));
		return err;
	}
	err = kmod_module_insert_module(mod, 0, NULL);
	if (err && err != -EEXIST)
		explain_refusal(err, diag);
	kmod_module_unref(mod);
	return err == -EEXIST ? 0 : err;
}

/* What it depends on first: what `modprobe ltpin` does. */
static int load_from_tree(struct kmod_ctx *ctx, struct lt_diag *diag)
{
	struct kmod_list *list = NULL, *item;
	int err = kmod_module_new_from_lookup(ctx, LTPIN_DEVICE, &list);

	if (err || !list) {
		lt_diag_set(diag, "no module " LTPIN_DEVICE " in %s: install it, or give its path",
			    kmod_get_dirname(ctx));
		return err ? err : -ENOENT;
	}
	kmod_list_foreach(item, list) {
		struct kmod_module *mod = kmod_module_get_module(item);

		if (!err)
			err = kmod_module_probe_insert_module(mod, 0, NULL, NULL, NULL, NULL);
		kmod_module_unref(mod);
	}
	if (err < 0)
		explain_refusal(err, diag);
	kmod_module_unref_list(list);
	return err < 0 ? err : 0;
}

int lt_module_load(const char *path, struct lt_diag *diag)
{
	struct kmod_ctx *ctx = new_context();
	int err;

	if (!ctx)
		return -ENOMEM;
	err = path ? load_from_path(ctx, path, diag) : load_from_tree(ctx, diag);
	kmod_unref(ctx);
	return err;
}

int lt_module_unload(struct lt_diag *diag)
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
		lt_diag_set(diag, "it is in use: somebody holds /dev/" LTPIN_DEVICE " open");
	else if (err == -EPERM)
		lt_diag_set(diag, "not permitted: needs CAP_SYS_MODULE");
	else if (err)
		lt_diag_set(diag, "%s", strerror(-err));
	return err == -EAGAIN ? -EBUSY : err;
}

#else /* !HAVE_KMOD */

int lt_module_state(enum lt_module_state *out, struct lt_diag *diag)
{
	(void)out;
	lt_diag_set(diag, "ltpin was built without libkmod");
	return -ENOSYS;
}

int lt_module_load(const char *path, struct lt_diag *diag)
{
	(void)path;
	lt_diag_set(diag, "ltpin was built without libkmod: use insmod");
	return -ENOSYS;
}

int lt_module_unload(struct lt_diag *diag)
{
	lt_diag_set(diag, "ltpin was built without libkmod: use rmmod");
	return -ENOSYS;
}

#endif
