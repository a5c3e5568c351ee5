// SPDX-License-Identifier: GPL-2.0-only
/* Whether the helper module would call the functions in the parameter "names": tells the log. */
#include <linux/module.h>

#include "../../../module/symbol.c"

static char *names = "";
module_param(names, charp, 0444);
MODULE_PARM_DESC(names, "Functions, separated by commas");

static int __init lookup_init(void)
{
	char *copy = kstrdup(names, GFP_KERNEL), *at = copy, *name;

	if (!copy)
		return -ENOMEM;
	while ((name = strsep(&at, ",")))
		pr_info("lookup: %s: %s\n", name, lt_symbol_find(name) ? "called" : "not called");
	kfree(copy);
	return 0;
}

static void __exit lookup_exit(void)
{
}

module_init(lookup_init);
module_exit(lookup_exit);

MODULE_DESCRIPTION("Looks functions up as ltpin does");
MODULE_LICENSE("GPL v2");
