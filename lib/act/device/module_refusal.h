/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_ACT_DEVICE_MODULE_REFUSAL_H
#define LT_ACT_DEVICE_MODULE_REFUSAL_H

#include <stddef.h>

#include "base/root.h"

/**
 * struct lt_module_refusal - why the kernel did not take a module
 * @why:    one clause, safe to print
 * @advice: what to do about it, a sentence, safe to print; empty if nothing is known
 */
struct lt_module_refusal {
	char why[512];
	char advice[320];
};

/**
 * lt_module_refusal_explain() - what an errno of loading the helper module means here
 * @err:      negative errno
 * @root:     where the kernel's own state is read: its lockdown and settings, our rights
 * @log:      what the kernel logged while it refused; @log_len bytes, may be none
 * @vermagic: of the file, NULL if not known
 */
void lt_module_refusal_explain(int err, const struct lt_root *root, const char *log, size_t log_len,
			       const char *vermagic, struct lt_module_refusal *out);

#endif
