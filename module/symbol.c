// SPDX-License-Identifier: GPL-2.0-only
/*
 * Functions of the kernel that are not exported, found by name. Everything that
 * uses one is an extra: without it the module does the rest.
 */
#include <linux/kallsyms.h>
#include <linux/kernel.h>
#include <linux/kprobes.h>
#include <linux/moduleparam.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "ltpin.h"

static bool symbol_lookup = true;
module_param(symbol_lookup, bool, 0444);
MODULE_PARM_DESC(symbol_lookup, "Look up unexported functions that list the CMA areas (default Y)");

/*
 * Where the function @name that @addr lies in begins; NULL if it lies in another.
 * A probe may sit behind the landing pad for indirect calls (ENDBR, BTI), which
 * is where a call has to go.
 */
static void *function_start(const char *name, unsigned long addr)
{
	char *where = kzalloc(KSYM_SYMBOL_LEN, GFP_KERNEL);	/* NAME+0xOFFSET/0xSIZE */
	size_t len = strlen(name);
	unsigned long offset;
	void *start = NULL;
	char *end;

	if (!where)
		return NULL;
	sprint_symbol(where, addr);
	end = strchr(where, '/');
	if (end && !strncmp(where, name, len) && where[len] == '+') {
		*end = '\0';
		if (!kstrtoul(where + len + 1, 16, &offset))
			start = (void *)(addr - offset);
	}
	kfree(where);
	return start;
}

/**
 * lt_symbol_find() - address of a function
 * @name: of the core kernel, not of a module
 *
 * A kprobe is how a module may ask for an address. It is registered disabled,
 * so that no instruction is ever touched.
 *
 * Return: NULL if there is none, if the kernel has no kprobes, or if the
 * parameter symbol_lookup is off.
 */
void *lt_symbol_find(const char *name)
{
	struct kprobe probe = { .symbol_name = name, .flags = KPROBE_FLAG_DISABLED };
	void *start;

	if (!symbol_lookup || register_kprobe(&probe))
		return NULL;
	start = function_start(name, (unsigned long)probe.addr);
	unregister_kprobe(&probe);
	if (start && IS_ENABLED(CONFIG_THUMB2_KERNEL))
		start = (void *)((unsigned long)start | 1);	/* the mode to call it in */
	return start;
}
