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
#include <linux/uaccess.h>

#include "ltpin.h"

static bool symbol_lookup = true;
module_param(symbol_lookup, bool, 0444);
MODULE_PARM_DESC(symbol_lookup, "Look up unexported functions that list the CMA areas (default Y)");

static char not_called[256]; /* names of what was found and must not be called */

#ifdef CONFIG_X86

static bool endbr_only;
module_param(endbr_only, bool, 0444);
MODULE_PARM_DESC(endbr_only, "Call them only if they begin with ENDBR64, on any CPU (default N)");

static bool is_endbr_wanted(void)
{
#ifdef X86_FEATURE_IBT
	if (cpu_feature_enabled(X86_FEATURE_IBT))
		return true;
#endif
	return endbr_only;
}

/*
 * Whether a call through a pointer may go to @start.
 *
 * With IBT the CPU raises #CP if it does not find ENDBR64 there, and the kernel makes a BUG() of
 * that (do_kernel_cp_fault(), arch/x86/kernel/cet.c). Compilers put one at the start of every
 * global function. But from 5.18 on the kernel overwrites it at boot, on any CPU, where the
 * function's address is taken nowhere (apply_seal_endbr(), arch/x86/kernel/alternative.c): what
 * is neither exported nor a callback is sealed, and that is what is looked up here. The seal is
 * 66 0f 1f 00 up to 6.12 and 0f 1f 40 d6 on 7.2 (gen_endbr_poison(), asm/ibt.h), so we ask for
 * ENDBR64 rather than for the lack of a seal.
 *
 * FineIBT moves the landing pads of all functions in front of them, to __cfi_NAME, and overwrites
 * those at the start (cfi_rewrite_endbr(), same file). It rewrites callers to go there, but only
 * those that check types; ours do not (__nocfi). So with it nothing may be called. kCFI without
 * IBT checks in the caller alone, and has no landing pads to miss.
 *
 * Other architectures seal nothing: on arm64 each global function keeps the landing pad that BTI
 * wants (BTI c or PACIASP).
 */
static bool is_callable(const char *name, const void *start)
{
	u32 found = 0, not_endbr64 = ~0xfa1e0ff3;

	if (!is_endbr_wanted())
		return true;
	/* As in gen_endbr(): no instruction of ours may contain these bytes. */
	OPTIMIZER_HIDE_VAR(not_endbr64);
	if (!copy_from_kernel_nofault(&found, start, sizeof(found)) && found == ~not_endbr64)
		return true;
	pr_info("ltpin: not calling %s(): it begins with %4ph, not with ENDBR64 (IBT)\n", name,
		&found);
	return false;
}

#else

static bool is_callable(const char *name, const void *start)
{
	return true;
}

#endif

/*
 * Where the function @name that @addr lies in begins; NULL if it lies in another.
 * A probe may sit behind the landing pad for indirect calls (ENDBR, BTI), which
 * is where a call has to go.
 */
static void *function_start(const char *name, unsigned long addr)
{
	char *where = kzalloc(KSYM_SYMBOL_LEN, GFP_KERNEL); /* NAME+0xOFFSET/0xSIZE */
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
 * Return: NULL if there is none, if it must not be called, if the kernel has no
 * kprobes, or if the parameter symbol_lookup is off.
 */
void *lt_symbol_find(const char *name)
{
	struct kprobe probe = { .symbol_name = name, .flags = KPROBE_FLAG_DISABLED };
	void *start;

	if (!symbol_lookup || register_kprobe(&probe))
		return NULL;
	start = function_start(name, (unsigned long)probe.addr);
	unregister_kprobe(&probe);
	if (start && !is_callable(name, start)) {
		size_t len = strlen(not_called);

		scnprintf(not_called + len, sizeof(not_called) - len, "%s%s", len ? ", " : "",
			  name);
		return NULL;
	}
	if (start && IS_ENABLED(CONFIG_THUMB2_KERNEL))
		start = (void *)((unsigned long)start | 1); /* the mode to call it in */
	return start;
}

/* Names of functions that are there and must not be called, "a, b"; "" if there are none. */
const char *lt_symbols_not_called(void)
{
	return not_called;
}
