// SPDX-License-Identifier: GPL-2.0-or-later
/* Findings of a report, each thing once. */
#include "render/finding.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memstream.h"

static bool is_same(const char *a, const char *b)
{
	return a && b && !strcmp(a, b);
}

bool finding_is_elsewhere(const struct lt_finding *finding)
{
	return finding->rule->is_of_sources;
}

size_t finding_nr_alike(const struct lt_report *report, const struct lt_finding *finding)
{
	size_t nr = 0;

	lt_vec_each(other, &report->findings) {
		if (other->rule != finding->rule || other->severity != finding->severity ||
		    other->confidence != finding->confidence)
			continue;
		if (!nr && other != finding)
			return 0;
		nr++;
	}
	return nr;
}

char *finding_ruled_out(const struct lt_report *report, size_t i, size_t *next)
{
	const struct lt_ruled_out *first = &report->ruled_out.v[i];
	char *causes = NULL;
	size_t len;
	FILE *out = open_memstream(&causes, &len);

	for (*next = i; *next < report->ruled_out.nr; (*next)++) {
		const struct lt_ruled_out *ruled_out = &report->ruled_out.v[*next];

		if (strcmp(ruled_out->text, first->text))
			break;
		if (out)
			fprintf(out, "%s%s", *next > i ? ", " : "", ruled_out->cause);
	}
	return out && !lt_memstream_close(out, &causes) ? causes : NULL;
}

const char *finding_text(const struct lt_report *report, const struct lt_finding *finding)
{
	/* The headline has the sentence of the failure that it is of. */
	return finding == report->answered && finding->explains && finding->states_confidence
		       ? NULL
		       : finding->text;
}

const char *finding_advice(const struct lt_report *report, const struct lt_finding *finding)
{
	lt_vec_each(before, &report->findings) {
		if (before == finding)
			break;
		if (!finding_is_elsewhere(before) && is_same(before->advice, finding->advice))
			return NULL;
	}
	return finding->advice;
}

const char *finding_confirm(const struct lt_report *report, const struct lt_finding *finding)
{
	if (is_same(finding->confirm, report->next))
		return NULL;
	lt_vec_each(before, &report->findings) {
		if (before == finding)
			break;
		if (!finding_is_elsewhere(before) && is_same(before->confirm, finding->confirm))
			return NULL;
	}
	return finding->confirm;
}
