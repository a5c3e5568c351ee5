// SPDX-License-Identifier: GPL-2.0-or-later
/* Feeds any bytes to the parser of pin event. */
#include "fuzz.h"

#include <errno.h>
#include <stdlib.h>

#include "act/pin/kprobe_group.h"
#include "source/trace/page_ref.h"

const char fuzz_seeds[] = "pin_event";

/* "name: fields", a line each. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct lt_text text, line;

	lt_text_init(&text, (const char *)data, size);
	while (lt_text_line(&text, &line)) {
		struct lt_trace_event event = { .fields = line };
		struct lt_pin_event pin = { 0 };
		struct lt_page_ref page = { 0 };
		struct lt_diag diag = { 0 };
		struct lt_span probe;
		int ret;

		lt_text_until(&event.fields, ": ", &event.name);
		ret = lt_pin_event_parse(&event, &pin, &diag);
		if (ret == 1 ? !pin.function : pin.function || pin.ret || pin.addr.known)
			abort();
		if (ret < 0 && (ret != -EBADMSG || !diag.why[0]))
			abort();
		if (lt_kprobe_group_owner(line, &probe) < 0)
			abort();
		if (lt_page_ref_parse(&event, &page, &diag) == 1 &&
		    abs(lt_page_ref_pins(&page)) > 1)
			abort();
	}
	return 0;
}
