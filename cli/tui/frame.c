// SPDX-License-Identifier: GPL-2.0-or-later
/* Draws the rows of `top` as one screenful of characters with roles. */
#include "tui/frame.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "analyse/failure.h"
#include "base/memstream.h"
#include "base/now.h"
#include "model/completeness.h"
#include "render/evidence.h"

#define HEADER_LINES 5 /* at least, and the heading of the table */
#define FAILURE_LINES_MAX 3
#define FOOTER_LINES 1
#define MIN_HEIGHT (HEADER_LINES + 1 + 1 + FOOTER_LINES)

/* A cell that does not fit is cut to what is left, unless that is less. */
#define CUT_MIN 6

/* What a name may have of the width, and in any case. */
#define NAME_SHARE 4
#define NAME_MIN 16

/* Where to draw: from a column on, up to another. */
struct pen {
	struct frame *frame;
	unsigned int y, x, end;
	enum text_role role;
	bool is_selected, is_map;
};

static void put_glyph(struct pen *pen, wchar_t c, unsigned int width)
{
	struct frame_glyph *glyph = &pen->frame->v[pen->y * pen->frame->width + pen->x];
	enum text_role role = pen->is_map ? area_cell_role((char)c) : pen->role;

	*glyph = (struct frame_glyph){ c, role, pen->is_selected };
	if (width == 2)
		glyph[1] = (struct frame_glyph){ 0, role, pen->is_selected };
	pen->x += width;
}

/* What does not fit is cut off. */
static void put(struct pen *pen, const char *string)
{
	mbstate_t state = { 0 };

	while (*string && pen->x < pen->end) {
		wchar_t c;
		size_t n = mbrtowc(&c, string, strlen(string), &state);
		int width;

		if (n == (size_t)-1 || n == (size_t)-2) {
			state = (mbstate_t){ 0 };
			c = L'?';
			n = 1;
		}
		width = wcwidth(c);
		string += n;
		if (width <= 0)
			continue;
		if (pen->x + (unsigned int)width > pen->end)
			break;
		put_glyph(pen, c, (unsigned int)width);
	}
}

static void putf(struct pen *pen, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

static void putf(struct pen *pen, const char *fmt, ...)
{
	char *string = NULL;
	va_list args;

	va_start(args, fmt);
	if (vasprintf(&string, fmt, args) < 0)
		string = NULL;
	va_end(args);
	if (string)
		put(pen, string);
	else
		pen->frame->is_lost = true;
	free(string);
}

static struct pen line(struct frame *frame, unsigned int y, enum text_role role)
{
	return (struct pen){ .frame = frame, .y = y, .end = frame->width, .role = role };
}

static void put_title(struct pen *pen, const struct top *top)
{
	const struct lt_snapshot *snap = top_model_at(&top->model, TOP_TABLES);
	const uint64_t kib_per_page = snap->kernel.page_size.val / 1024;
	const struct lt_memory *memory = &snap->memory;
	struct text text = view_text(&top->model);

	putf(pen, "ltpin top  Linux %s", snap->kernel.release ? snap->kernel.release : "?");
	if (memory->cma_total_kib.known && memory->cma_free_kib.known && kib_per_page)
		putf(pen, "  CMA %s, free %s",
		     text_size(&text, lt_num(memory->cma_total_kib.val / kib_per_page)).s,
		     text_size(&text, lt_num(memory->cma_free_kib.val / kib_per_page)).s);
	if (snap->taken_ns.known)
		putf(pen, "  at %" PRIu64 " s", snap->taken_ns.val / 1000000000);
	if (top->is_frozen) {
		pen->role = TEXT_WARNING;
		put(pen, "  FROZEN");
	}
}

/* Highest and first of the last minute. */
static void put_pins(struct pen *pen, const struct top *top)
{
	const struct top_points *history = &top->model.history;
	struct lt_num pins = top_model_pins(&top->model);
	uint64_t most = 0, first = 0, since_ms = lt_now_ms() - 60000;

	putf(pen, "Pins outstanding %s", text_num(pins).s);
	if (!pins.known || history->nr < 2) /* one reading shows no change */
		return;
	first = history->v[history->nr - 1].pins;
	for (size_t i = history->nr; i; i--) {
		const struct top_point *point = &history->v[i - 1];

		most = point->pins > most ? point->pins : most;
		if (point->at_ms >= since_ms)
			first = point->pins;
	}
	putf(pen, " (most %" PRIu64 ", %+" PRId64 " in a minute)", most,
	     (int64_t)(pins.val - first));
}

static void put_failed(struct pen *pen, const struct top *top)
{
	const struct lt_num by_kernel =
		top_model_at(&top->model, TOP_TABLES)->memory.cma_alloc_fail;
	const struct lt_snapshot *events = top_model_at(&top->model, TOP_EVENTS);
	struct view_failures failures = { 0 };
	unsigned int nr = 0;

	if (view_list_failures(&events->attempts, &failures))
		pen->frame->is_lost = true;
	lt_vec_each(failure, &failures)
		nr += failure->count;
	lt_vec_free(&failures);
	if (lt_completeness_of(events, LT_NO_AREA).is_complete)
		putf(pen, "  Failed %u", nr);
	else if (nr)
		putf(pen, "  Failed at least %u", nr);
	else
		putf(pen, "  Failed 0 on record");
	if (by_kernel.known)
		putf(pen, " (%" PRIu64 " by the kernel's count)", by_kernel.val);
}

/* Seen in every view, since it is what one waits for. */
static void print_last_failure(FILE *out, const struct top *top)
{
	const struct lt_attempt *last = view_last_failure(&top->model);
	const struct lt_snapshot *events = top_model_at(&top->model, TOP_EVENTS);
	const struct lt_cause_page *said;
	struct lt_num pfn;

	if (!last) {
		fputs("No failed allocation is on record", out);
		return;
	}
	pfn = lt_attempt_blocker(last);
	fprintf(out, "%s: %s, %s pages: %s", text_time(lt_attempt_last_ns(last)).s,
		last->area_name ? last->area_name : area_label(events, last->area),
		text_num(last->nr_pages).s, view_result(last).s);
	if (!pfn.known)
		return;
	fprintf(out, ", %s", attempt_blockers(last).s);
	said = said_of_attempt(&top->model.said, last);
	if (lt_cause_page_is_released(said))
		fputs(", released since", out);
	else if (said && said->by != LT_BY_NOBODY)
		fprintf(out, " %s by %s", said->by == LT_BY_PINNING ? "pinned" : "mapped",
			view_holder(said).s);
}

/* In memory, because how many lines it takes must be known before anything is drawn. */
static char *last_failure(const struct top *top)
{
	char *string = NULL;
	size_t size;
	FILE *out = open_memstream(&string, &size);

	if (!out)
		return NULL;
	print_last_failure(out, top);
	return lt_memstream_close(out, &string) ? NULL : string;
}

/* How much of @string goes on one line: whole words, unless the first is longer. */
static size_t line_length(const char *string, unsigned int width)
{
	size_t end = strlen(string), at;
	char part[512];

	snprintf(part, sizeof(part), "%s", string);
	if (text_columns(part) <= width)
		return end;
	for (at = strlen(part); at; at--) {
		if (part[at - 1] != ' ')
			continue;
		part[at - 1] = '\0';
		if (text_columns(part) <= width)
			return at;
	}
	return end;
}

/* On a narrow screen it takes more lines, for it is what one waits for. */
static unsigned int failure_lines(const char *string, unsigned int width)
{
	unsigned int nr = 1;

	while (string && width && nr < FAILURE_LINES_MAX) {
		size_t len = line_length(string, width);

		if (!string[len])
			break;
		string += len;
		nr++;
	}
	return nr;
}

static void put_last_failure(struct pen *pen, const struct top *top)
{
	char *string = last_failure(top), *at = string;
	unsigned int nr = pen->frame->nr_header - (HEADER_LINES - 1);

	pen->frame->is_lost = pen->frame->is_lost || !string;
	pen->role = view_last_failure(&top->model) ? TEXT_BAD : TEXT_FAINT;
	for (unsigned int i = 0; at && i < nr && pen->y < pen->frame->height; i++, pen->y++) {
		size_t len = i + 1 < nr ? line_length(at, pen->end) : strlen(at);

		pen->x = 0;
		putf(pen, "%.*s", (int)len, at);
		at += len;
	}
	free(string);
}

/* What failed, or what reading costs. */
static void put_cost(struct pen *pen, const struct top *top)
{
	const char *before = "";

	for (int i = 0; i < TOP_NR_DEPTHS; i++) {
		const struct top_part *part = &top->model.parts[i];

		if (!part->why[0])
			continue;
		pen->role = TEXT_BAD;
		putf(pen, "%s as of %" PRIu64 " s ago: %s", top_depth_name((enum top_depth)i),
		     (lt_now_ms() - part->taken_ms) / 1000, part->why);
		return;
	}
	pen->role = TEXT_FAINT;
	if (top->interval_ms && lt_root_is_live(top->model.root))
		putf(pen, "Every %g s; reading took ", top->interval_ms / 1000.0);
	else
		put(pen, "Read once; reading took ");
	for (int i = 0; i < TOP_NR_DEPTHS; i++) {
		const struct lt_num cpu_ns = top->model.parts[i].cpu_ns;

		if (!cpu_ns.known)
			continue;
		putf(pen, "%s%s %" PRIu64 " ms", before, top_depth_name((enum top_depth)i),
		     (cpu_ns.val + 500000) / 1000000);
		before = ", ";
	}
}

/* The listed views, or the way to this one. */
static void put_views(struct pen *pen, const struct top *top)
{
	for (int i = 0; i < NR_VIEWS_LISTED; i++) {
		pen->role = top->path[0].scope.view == (enum top_view)i ? TEXT_HEADING : TEXT_FAINT;
		pen->is_selected = pen->role == TEXT_HEADING;
		putf(pen, "%d:%s", i + 1, views[i]->name);
		pen->is_selected = false;
		put(pen, " ");
	}
	pen->role = TEXT_HEADING;
	for (unsigned int i = 1; i < top->nr_path; i++)
		putf(pen, "> %s ", views[top->path[i].scope.view]->name);
	if (top->filter[0] && !top->is_typing)
		putf(pen, "[%s]", top->filter);
}

static void put_header(struct frame *frame, const struct top *top)
{
	static void (*const lines[HEADER_LINES])(struct pen * pen, const struct top *top) = {
		put_title, put_pins, put_last_failure, put_cost, put_views,
	};

	unsigned int y = 0;

	for (unsigned int i = 0; i < HEADER_LINES && y < frame->height; i++) {
		struct pen pen = line(frame, y, i ? TEXT_PLAIN : TEXT_HEADING);

		lines[i](&pen, top);
		if (lines[i] == put_pins)
			put_failed(&pen, top);
		y += lines[i] == put_last_failure ? frame->nr_header - (HEADER_LINES - 1) : 1;
	}
}

static unsigned int widest(const struct rows *rows, unsigned int i)
{
	unsigned int most = text_columns(rows->columns[i].name) + 1; /* a sign of the order */

	lt_vec_each(row, &rows->v) {
		unsigned int columns = text_columns(rows_text(rows, row->cells[i].at));

		most = columns > most ? columns : most;
	}
	return most;
}

/*
 * As wide as the widest cell; 0 for those that have no room any more. A long name
 * leaves room for the columns after it.
 */
static void measure(const struct rows *rows, unsigned int width, unsigned int *out)
{
	unsigned int left = width;

	for (unsigned int i = 0; i < rows->nr_columns; i++) {
		unsigned int most = widest(rows, i);

		if (rows->columns[i].flags == ROWS_LEFT && i + 1 < rows->nr_columns &&
		    most > width / NAME_SHARE && most > NAME_MIN)
			most = width / NAME_SHARE > NAME_MIN ? width / NAME_SHARE : NAME_MIN;
		if (most > left)
			most = left >= CUT_MIN ? left : 0;
		out[i] = most;
		left -= most;
		if (left)
			left--;
	}
}

static void put_aligned(struct pen *pen, const struct rows_column *column, unsigned int width,
			const char *string)
{
	unsigned int columns = text_columns(string), x = pen->x, end = pen->end;

	if (column->flags & ROWS_RIGHT && columns < width)
		pen->x += width - columns;
	pen->end = x + width;
	pen->is_map = column->flags & ROWS_MAP;
	put(pen, string);
	pen->is_map = false;
	pen->end = end;
	pen->x = x + width < end ? x + width + 1 : end;
}

static void put_heading(struct frame *frame, const struct top *top, const unsigned int *widths)
{
	const struct rows *rows = &top->rows;
	enum top_view view = top->path[top->nr_path - 1].scope.view;
	struct pen pen = line(frame, frame->nr_header, TEXT_HEADING);

	for (unsigned int i = 0; i < rows->nr_columns && widths[i]; i++) {
		char name[32];

		snprintf(name, sizeof(name), "%s%s", rows->columns[i].name,
			 i != top->sorts[view].column  ? ""
			 : top->sorts[view].is_reverse ? "-"
						       : "+");
		pen.is_selected = false;
		put_aligned(&pen, &rows->columns[i], widths[i], name);
	}
}

static void put_row(struct frame *frame, unsigned int y, const struct rows *rows, size_t i,
		    const unsigned int *widths, bool is_selected)
{
	const struct rows_row *row = &rows->v.v[i];
	struct pen pen = line(frame, y, TEXT_PLAIN);

	if (is_selected)
		for (unsigned int x = 0; x < frame->width; x++)
			frame->v[y * frame->width + x].is_selected = true;
	pen.is_selected = is_selected;
	for (unsigned int c = 0; c < rows->nr_columns && widths[c]; c++) {
		pen.role = row->cells[c].role;
		put_aligned(&pen, &rows->columns[c], widths[c], rows_text(rows, row->cells[c].at));
	}
}

static void put_notes(struct frame *frame, unsigned int y, unsigned int end,
		      const struct rows *rows)
{
	for (size_t i = 0; i < rows->notes.nr && y < end; i++, y++) {
		const struct rows_note *note = &rows->notes.v[i];
		struct pen pen = line(frame, y, note->role);

		pen.is_map = note->is_map;
		put(&pen, rows_text(rows, note->at));
	}
}

static void scroll(struct top_place *place, size_t page, size_t nr)
{
	if (place->selected < place->first)
		place->first = place->selected;
	if (place->selected >= place->first + page)
		place->first = place->selected - page + 1;
	if (place->first + page > nr)
		place->first = nr > page ? nr - page : 0;
}

static void put_footer(struct frame *frame, const struct top *top)
{
	struct pen pen = line(frame, frame->height - 1, TEXT_FAINT);
	char hints[160];

	if (top->is_typing) {
		pen.role = TEXT_HEADING;
		putf(&pen, "Only rows with: %s_", top->filter);
		return;
	}
	top_hints(hints, sizeof(hints));
	put(&pen, hints);
}

/* The table and the notes below it share the lines up to @end; the notes get at most half. */
static void put_table(struct frame *frame, struct top *top, unsigned int end, bool is_for_user)
{
	const struct rows *rows = &top->rows;
	struct top_place *place = top_place(top);
	unsigned int widths[ROWS_COLUMNS_MAX], y = frame->nr_header + 1, room = end - y;
	size_t nr_notes = rows->notes.nr, nr_rows = rows->v.nr ? rows->v.nr : 1;

	if (nr_notes + nr_rows > room && nr_notes > room / 2)
		nr_notes = nr_rows > room - room / 2 ? room / 2 : room - nr_rows;
	top->page = room - nr_notes ? room - nr_notes : 1;
	scroll(place, top->page, rows->v.nr);
	measure(rows, frame->width, widths);
	put_heading(frame, top, widths);
	if (!rows->v.nr) {
		struct pen pen = line(frame, y, TEXT_PLAIN);

		put(&pen, rows->empty);
	}
	for (size_t i = place->first; i < rows->v.nr && i - place->first < top->page; i++)
		put_row(frame, y + (unsigned int)(i - place->first), rows, i, widths,
			is_for_user && i == place->selected);
	y += nr_rows < top->page ? (unsigned int)nr_rows : (unsigned int)top->page;
	put_notes(frame, y, end, rows);
}

static int resize(struct frame *frame, unsigned int width, unsigned int height,
		  unsigned int nr_header)
{
	size_t nr = (size_t)width * height;
	struct frame_glyph *v = calloc(nr + 1, sizeof(*v));

	if (!v)
		return -ENOMEM;
	free(frame->v);
	*frame = (struct frame){ width, height, nr_header, v, false };
	for (size_t i = 0; i < nr; i++)
		v[i].c = L' ';
	return 0;
}

int frame_make(struct frame *frame, struct top *top, unsigned int width, unsigned int height)
{
	int err = top_make_rows(top, width);
	bool is_for_user = height != FRAME_ALL;
	size_t nr = top->rows.v.nr ? top->rows.v.nr : 1;
	unsigned int nr_header;
	char *failure;

	if (err)
		return err;
	if (top->rows.nr_left_out)
		rows_note(&top->rows, TEXT_WARNING, "and %zu more, which are not shown",
			  top->rows.nr_left_out);
	width = is_for_user ? width : FRAME_WIDTH_ALL;
	failure = last_failure(top);
	if (!failure)
		return -ENOMEM;
	nr_header = HEADER_LINES - 1 + failure_lines(failure, width);
	free(failure);
	if (!is_for_user)
		height = (unsigned int)(nr_header + 1 + nr + top->rows.notes.nr);
	else if (height < MIN_HEIGHT + nr_header - HEADER_LINES)
		nr_header = HEADER_LINES;
	err = resize(frame, width, height, nr_header);
	if (err)
		return err;
	if (is_for_user && height < MIN_HEIGHT) {
		struct pen pen = line(frame, 0, TEXT_PLAIN);

		if (height)
			put(&pen, "too small");
		return 0;
	}
	put_header(frame, top);
	put_table(frame, top, is_for_user ? height - FOOTER_LINES : height, is_for_user);
	if (is_for_user)
		put_footer(frame, top);
	return frame->is_lost ? -ENOMEM : 0;
}

void frame_fini(struct frame *frame)
{
	free(frame->v);
	*frame = (struct frame){ 0 };
}

static void print_line(const struct frame_glyph *v, unsigned int width, struct text *text)
{
	enum text_role role = TEXT_PLAIN;

	while (width && v[width - 1].c == L' ')
		width--;
	for (unsigned int x = 0; x < width; x++) {
		if (v[x].role != role)
			fprintf(text->out, "%s%s", text_role(text, TEXT_PLAIN),
				v[x].role != TEXT_PLAIN ? text_role(text, v[x].role) : "");
		role = v[x].role;
		if (v[x].c)
			fprintf(text->out, "%lc", (wint_t)v[x].c);
	}
	fprintf(text->out, "%s\n", role != TEXT_PLAIN ? text_role(text, TEXT_PLAIN) : "");
}

void frame_print(const struct frame *frame, struct text *text)
{
	for (unsigned int y = 0; y < frame->height; y++)
		print_line(frame->v + (size_t)y * frame->width, frame->width, text);
}
