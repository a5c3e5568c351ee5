// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Prints a self-test as KTAP.
 *
 * Documentation/dev-tools/ktap.rst of the kernel: version line, plan, diagnostic
 * lines before the result they belong to, result lines. A description holds no
 * '#'; what follows one is a directive and free text.
 */
#include "render/evidence.h"

/* "ok" or "not ok", and the directive, or NULL. */
static const char *result_of(const struct lt_case_result *result, bool *is_ok)
{
	*is_ok = true;
	switch (result->outcome) {
	case LT_OUTCOME_KEPT:
		return NULL;
	case LT_OUTCOME_SKIPPED:
	case LT_OUTCOME_NO_POWER:
		return "SKIP";
	case LT_OUTCOME_FAILED:
		*is_ok = !result->is_required;
		return *is_ok ? "SKIP" : "ERROR";
	default:
		*is_ok = !lt_case_result_is_breach(result);
		return *is_ok ? "XFAIL" : NULL;
	}
}

/* Which test this is, and of which kernel; parsers leave such lines alone. */
static void print_header(FILE *out, const struct lt_selftest *selftest)
{
	fprintf(out, "KTAP version 1\n1..%zu\n# selftests: ltpin: selftest", selftest->cases.nr);
	if (selftest->release)
		fprintf(out, ", on %s", selftest->release);
	if (selftest->backend)
		fprintf(out, ", backend %s", selftest->backend);
	if (selftest->priming)
		fprintf(out, ", primed by %s", selftest->priming);
	putc('\n', out);
}

void selftest_print_ktap(FILE *out, const struct lt_selftest *selftest)
{
	unsigned int n = 0;

	print_header(out, selftest);
	lt_vec_each(result, &selftest->cases) {
		const char *detail = result->detail ? result->detail : "";
		bool is_ok;
		const char *directive = result_of(result, &is_ok);

		if (!is_ok || (!directive && *detail))
			fprintf(out, "# %s: %s: %s\n", result->name,
				lt_outcome_name(result->outcome), detail);
		fprintf(out, "%s %u %s", is_ok ? "ok" : "not ok", ++n, result->name);
		if (directive)
			fprintf(out, " # %s %s", directive, detail);
		putc('\n', out);
	}
	fprintf(out, "# %s: %s\n", lt_verdict_name(selftest->verdict),
		selftest->text ? selftest->text : "");
}
