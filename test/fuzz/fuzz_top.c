// SPDX-License-Identifier: GPL-2.0-or-later
/* Tried (SECURITY.md): any evidence, any keys of `top`, whole commands on any capture */
/* Any keys on any evidence, on screens of any size: each character of a frame can be shown. */
#include "fuzz.h"

#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <wctype.h>

#include "base/array_size.h"
#include "base/bundle.h"
#include "base/memstream.h"
#include "draw.h"
#include "shown.h"
#include "tui/frame.h"

const char fuzz_seeds[] = "top";
const unsigned int fuzz_cost = 4;

/* Nothing is read from it. */
static struct lt_root *empty_root(void)
{
	static struct lt_root *root;
	struct lt_bundle *bundle;

	if (root)
		return root;
	if (lt_bundle_new(NULL, &bundle) || lt_bundle_seal(bundle, NULL) ||
	    lt_root_open_bundle(bundle, &root))
		abort();
	return root;
}

static void begin(struct top *top, struct lt_snapshot *snap)
{
	top_init(top, empty_root(), NULL);
	for (int i = 0; i < TOP_NR_DEPTHS; i++)
		top->model.parts[i].snap = snap;
	if (said_make(&top->model.said, snap))
		abort();
}

static int key_of(unsigned int byte)
{
	static const int keys[] = { TOP_KEY_ESCAPE,    TOP_KEY_UP,   TOP_KEY_DOWN,  TOP_KEY_PAGE_UP,
				    TOP_KEY_PAGE_DOWN, TOP_KEY_HOME, TOP_KEY_END,   TOP_KEY_ENTER,
				    TOP_KEY_BACK,      TOP_KEY_TAB,  TOP_KEY_RESIZE };

	return byte < 128 ? (int)byte : keys[byte % ARRAY_SIZE(keys)];
}

static void check_frame(const struct frame *frame)
{
	for (size_t i = 0; i < (size_t)frame->width * frame->height; i++) {
		wchar_t c = frame->v[i].c;

		if (c ? !iswprint((wint_t)c) : i % frame->width == 0)
			abort();
	}
}

static void print(struct frame *frame)
{
	struct text text;
	char *shown;
	size_t len;
	FILE *out = open_memstream(&shown, &len);

	if (!out)
		abort();
	text_init(&text, out, (struct lt_num){ 0 });
	frame_print(frame, &text);
	if (lt_memstream_close(out, &shown))
		abort();
	shown_check_text(shown, len);
	free(shown);
}

static void draw_frame(struct top *top, struct frame *frame, unsigned int width,
		       unsigned int height)
{
	if (frame_make(frame, top, width, height))
		abort();
	if (top_place(top)->selected && top_place(top)->selected >= top->rows.v.nr)
		abort();
	check_frame(frame);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t nr_keys = size ? data[0] % 64 : 0;
	struct frame frame = { 0 };
	struct top top;

	setlocale(LC_CTYPE, "C.UTF-8");
	if (size < 3 + nr_keys)
		return 0;
	begin(&top, draw_snapshot(data + 3 + nr_keys, size - 3 - nr_keys));
	draw_frame(&top, &frame, data[1], data[2] % 64);
	for (size_t i = 0; i < nr_keys && !top.is_done; i++) {
		top_press(&top, key_of(data[3 + i]));
		draw_frame(&top, &frame, data[1], data[2] % 64);
	}
	draw_frame(&top, &frame, data[1], FRAME_ALL);
	print(&frame);
	frame_fini(&frame);
	top_fini(&top);
	return 0;
}
