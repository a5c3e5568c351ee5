// SPDX-License-Identifier: GPL-2.0-or-later
/* Feeds any bytes to the parser of module events. */
#include "fuzz.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "source/module/module_events.h"
#include "uapi/ltpin_ioctl.h"

const char fuzz_seeds[] = "module_events";

static void parse(const uint8_t *data, size_t size)
{
	struct lt_blocker_event event = { 0 }, none = { 0 };
	void *message = malloc(size ? size : 1); /* aligned, as what read() fills is */
	uint64_t seq = 7;
	int err;

	if (!message)
		return;
	memcpy(message, data, size);
	err = lt_blocker_event_parse(message, size, &seq, &event);
	if (err && (seq != 7 || memcmp(&event, &none, sizeof(event))))
		abort();
	if (!err && strnlen(event.comm, sizeof(event.comm)) == sizeof(event.comm))
		abort();
	free(message);
}

/* As it is, and as a whole record: the seed is one of version 2, which is shorter. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t record[sizeof(struct ltpin_blocker)] = { 0 };

	parse(data, size);
	memcpy(record, data, size < sizeof(record) ? size : sizeof(record));
	parse(record, sizeof(record));
	return 0;
}
