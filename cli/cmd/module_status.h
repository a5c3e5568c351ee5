/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CLI_CMD_MODULE_STATUS_H
#define CLI_CMD_MODULE_STATUS_H

#include "act/device/kmod.h"
#include "model/snapshot.h"
#include "source/module/module.h"

/**
 * struct module_status - the helper module: whether it is there, and what it says of itself
 * @has_answered: @info and @holds are what it said
 * @has_areas:	  so are @areas: not where it cannot list them, or may not (symbol_lookup=0)
 */
struct module_status {
	enum lt_kmod_state state;
	bool has_answered, has_areas;
	struct lt_module_info info;
	struct lt_module_holds holds;
	struct lt_module_areas areas;
};

/* Writes the document "ltpin.module/1". 0 or negative errno. */
int module_status_json(FILE *out, const struct module_status *status,
		       const struct lt_snapshot *snap) __must_check __nonnull_at(1, 2);

void module_status_fini(struct module_status *status);

#endif
