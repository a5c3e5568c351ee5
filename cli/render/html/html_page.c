// SPDX-License-Identifier: GPL-2.0-or-later
/* Writes the pages that are held, or that blocked, as HTML. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "render/evidence.h"
#include "render/html/html_part.h"
#include "render/pin_cell.h"

/* Bytes of a name in a label: a map has little room. */
#define NAME_MAX_SHOWN 40

static const struct lt_cause_page *said_of(const struct lt_report *report, const struct lt_pin *pin)
{
	return lt_blocking_pages_find(&report->blocking, report->snap, pin);
}

static bool has_blocked(const struct lt_report *report, const struct lt_pin *pin)
{
	return *pin_mark(pin, said_of(report, pin));
}

int html_pages_choose(const struct lt_report *report, struct html_pages *out)
{
	const struct lt_pins *pins = &report->snap->pins;

	*out = (struct html_pages){ calloc(pins->nr + 1, sizeof(*out->is_listed)), 0 };
	if (!out->is_listed)
		return -ENOMEM;
	for (int turn = 0; turn < 2; turn++) {
		for (size_t i = 0; i < pins->nr && out->nr < HTML_PAGES_MAX; i++) {
			if (out->is_listed[i] || (!turn && !has_blocked(report, &pins->v[i])))
				continue;
			out->is_listed[i] = true;
			out->nr++;
		}
	}
	return 0;
}

void html_pages_fini(struct html_pages *pages)
{
	free(pages->is_listed);
}

static void put_mappers(FILE *out, const struct lt_pin *pin)
{
	const struct lt_mapper *first = pin->mapped_by.v;

	if (!pin->mapped_by.nr) {
		if (pin->mapped_by_total.known)
			fputs("; mapped by no process", out);
		return;
	}
	fputs("; mapped by ", out);
	html_text_cut(out, first->comm ? first->comm : "?", NAME_MAX_SHOWN);
	fprintf(out, "[%d]", first->pid);
	if (pin->mapped_by.nr > 1)
		fprintf(out, " and %zu more", pin->mapped_by.nr - 1);
}

void html_page_label(FILE *out, const struct lt_report *report, const struct lt_pin *pin)
{
	const struct lt_cause_page *said = said_of(report, pin);

	if (pin->nr_pages > 1)
		fprintf(out, "Pages 0x%" PRIx64 "-0x%" PRIx64 ": ", pin->pfn,
			pin->pfn + pin->nr_pages - 1);
	else
		fprintf(out, "Page 0x%" PRIx64 ": ", pin->pfn);
	html_text(out, pin_kind(pin, said));
	if (has_blocked(report, pin))
		fputs(", blocked an allocation", out);
	put_mappers(out, pin);
	if (pin->has_pinner && pin->pinned_by.comm) {
		fputs("; pinned by ", out);
		html_text_cut(out, pin->pinned_by.comm, NAME_MAX_SHOWN);
	}
	if (pin->has_owner && !pin->mapped_by.nr) {
		fputs("; allocated by ", out);
		html_text(out, pin_allocator(&pin->allocated_by).s);
	}
}

static void put_mapper_cell(FILE *out, const struct lt_pin *pin)
{
	if (!pin->mapped_by.nr)
		fputs(pin->mapped_by_total.known ? "no process" : PIN_CELL_NOT_KNOWN, out);
	lt_vec_each(mapper, &pin->mapped_by) {
		html_text(out, mapper->comm ? mapper->comm : PIN_CELL_NOT_KNOWN);
		fprintf(out, "[%d]\n", mapper->pid);
	}
}

static void put_row(FILE *out, const struct lt_report *report, const struct lt_pin *pin)
{
	const struct lt_cause_page *said = said_of(report, pin);
	const char *class = lt_page_class_name(pin->class);

	fprintf(out, "<tr id=\"p%" PRIx64 "\"><td>%s</td><td>", pin->pfn, text_pfn(pin->pfn).s);
	html_text(out, area_label(report->snap, pin->area));
	fprintf(out, "</td><td class=\"n\">%" PRIu64 "</td><td>%s%s</td><td>%s</td>", pin->nr_pages,
		pin_kind(pin, said), pin_mark(pin, said), class ? class : PIN_CELL_NOT_KNOWN);
	fprintf(out, "<td class=\"n\">%s%s</td><td class=\"n\">%s</td><td>",
		pin->pins_estimated ? "~" : "", text_num(pin->pins).s, text_num(pin->refcount).s);
	html_text(out, pin->has_owner ? pin_allocator(&pin->allocated_by).s : PIN_CELL_NOT_KNOWN);
	fputs("</td><td class=\"l\">", out);
	put_mapper_cell(out, pin);
	fputs("</td><td>", out);
	html_text(out, pin->has_pinner && pin->pinned_by.comm ? pin->pinned_by.comm
							      : PIN_CELL_NOT_KNOWN);
	fputs("</td></tr>\n", out);
}

void html_page_table(FILE *out, const struct lt_report *report, const struct html_pages *pages)
{
	const struct lt_pins *pins = &report->snap->pins;

	fputs("<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"Table: Pages\"><table>"
	      "<caption>Pages</caption>\n<thead><tr><th scope=\"col\">PFN</th>"
	      "<th scope=\"col\">AREA</th><th scope=\"col\" class=\"n\">PAGES</th>"
	      "<th scope=\"col\">KIND</th><th scope=\"col\">CLASS</th>"
	      "<th scope=\"col\" class=\"n\">PINS</th><th scope=\"col\" class=\"n\">REFS</th>"
	      "<th scope=\"col\">ALLOCATED BY</th><th scope=\"col\">MAPPED BY</th>"
	      "<th scope=\"col\">PINNED BY</th></tr></thead>\n<tbody>\n",
	      out);
	for (size_t i = 0; i < pins->nr; i++)
		if (pages->is_listed[i])
			put_row(out, report, &pins->v[i]);
	fputs("</tbody></table></div>\n", out);
	if (pages->nr < pins->nr)
		fprintf(out,
			"<p>%zu more pages are in the maps, in the table of holders, and in "
			"<code>-f json</code>.</p>\n",
			pins->nr - pages->nr);
	fputs("<p>* blocked an allocation; ~ blocked one, was released, and is in other use now; "
	      "? not known. Allocated by, mapped by and pinned by are different facts.</p>\n",
	      out);
}
