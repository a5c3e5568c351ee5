// SPDX-License-Identifier: LGPL-2.1-or-later
/* Says what this kernel promises about the place of a long-term pin. */
#include "act/selftest/pin_scope.h"

#include <stdlib.h>
#include <string.h>

#include "base/array_size.h"
#include "base/text.h"

/*
 * Since 5.13 a pin asks for pages that are not movable. The same patches gave
 * migration a new reason, "longterm_pin", which its trace event spells out; only
 * where that cannot be read the release has to tell.
 */
enum lt_pin_scope lt_pin_scope_find(const struct lt_snapshot *snap)
{
	static const char *const formats[] = {
		"/sys/kernel/tracing/events/migrate/mm_migrate_pages/format",
		"/sys/kernel/debug/tracing/events/migrate/mm_migrate_pages/format",
	};
	const char *release = snap->kernel.release;
	uint64_t major, minor;
	struct lt_text text;
	struct lt_buf buf;

	for (size_t i = 0; i < ARRAY_SIZE(formats); i++) {
		bool is_new;

		if (lt_root_read(snap->root, formats[i], &buf))
			continue;
		is_new = memmem(buf.data, buf.len, "longterm_pin", strlen("longterm_pin"));
		free(buf.data);
		return is_new ? LT_SCOPE_UNMOVABLE : LT_SCOPE_NO_CMA;
	}
	lt_text_init(&text, release ? release : "", release ? strlen(release) : 0);
	if (!lt_text_u64(&text, &major) || !lt_text_literal(&text, ".") ||
	    !lt_text_u64(&text, &minor))
		return LT_SCOPE_UNKNOWN;
	return major > 5 || (major == 5 && minor >= 13) ? LT_SCOPE_UNMOVABLE : LT_SCOPE_NO_CMA;
}
