// SPDX-License-Identifier: GPL-2.0-or-later
#include "test.h"

#include <errno.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>

#include "source/module/module_events.h"
#include "uapi/ltpin_netlink.h"

/* A message of the module, made by hand. */
static union {
	struct nlmsghdr header;
	char bytes[1024];
} msg;

static const struct ltpin_page_state pinned = {
	.pfn = 0x1c2f7, .nr_pages = 1, .refcount = 1025, .mapcount = 1, .pins = 1,
	.flags = LTPIN_PAGE_ANON | LTPIN_PAGE_LRU,
};

static void begin(uint8_t cmd)
{
	struct genlmsghdr genl = { .cmd = cmd, .version = LTPIN_GENL_VERSION };

	memset(&msg, 0, sizeof(msg));
	memcpy(msg.bytes + NLMSG_HDRLEN, &genl, sizeof(genl));
	msg.header.nlmsg_len = NLMSG_LENGTH(GENL_HDRLEN);
}

static void add(uint16_t type, const void *data, size_t len)
{
	struct nlattr attr = { .nla_len = (uint16_t)(NLA_HDRLEN + len), .nla_type = type };
	char *at = msg.bytes + msg.header.nlmsg_len;

	memcpy(at, &attr, sizeof(attr));
	memcpy(at + NLA_HDRLEN, data, len);
	msg.header.nlmsg_len += (uint32_t)NLA_ALIGN(attr.nla_len);
}

/* All that the module sends, but @without. */
static void make(uint16_t without)
{
	const struct {
		uint16_t type;
		uint64_t number;
	} numbers[] = {
		{ LTPIN_A_SEQ, 41 },		{ LTPIN_A_TS_NS, 5000000007 },
		{ LTPIN_A_START_PFN, 0x1c000 }, { LTPIN_A_END_PFN, 0x1c400 },
		{ LTPIN_A_PFN, 0x1c2f7 },
	};
	const uint32_t pid = 812, tid = 815;

	begin(LTPIN_CMD_BLOCKER);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		if (numbers[i].type != without)
			add(numbers[i].type, &numbers[i].number, sizeof(numbers[i].number));
	if (without != LTPIN_A_PID)
		add(LTPIN_A_PID, &pid, sizeof(pid));
	if (without != LTPIN_A_TID)
		add(LTPIN_A_TID, &tid, sizeof(tid));
	if (without != LTPIN_A_COMM)
		add(LTPIN_A_COMM, "camera-app", sizeof("camera-app"));
	if (without != LTPIN_A_PAGES)
		add(LTPIN_A_PAGES, &pinned, sizeof(pinned));
}

static int parse(struct lt_blocker_event *event, uint64_t *seq)
{
	return lt_blocker_event_parse(&msg, msg.header.nlmsg_len, seq, event);
}

static void all_of_a_message_is_taken(void **state)
{
	struct lt_blocker_event event;
	uint64_t seq = 0;

	(void)state;
	make(0);
	add(LTPIN_A_MAX + 1, "new", 4); /* of a later module */
	assert_int_equal(parse(&event, &seq), 0);
	assert_int_equal(seq, 41);
	assert_int_equal(event.ts_ns, 5000000007);
	assert_int_equal(event.pid, 812);
	assert_int_equal(event.tid, 815);
	assert_string_equal(event.comm, "camera-app");
	assert_int_equal(event.pfns.start_pfn, 0x1c000);
	assert_int_equal(event.pfns.end_pfn, 0x1c400);
	assert_int_equal(event.pfn, 0x1c2f7);
	assert_int_equal(event.folio.pfn, 0x1c2f7);
	assert_int_equal(event.folio.nr_pages, 1);
	assert_int_equal(event.folio.refcount, 1025);
	assert_int_equal(event.folio.mapcount, 1);
	assert_int_equal(event.folio.pins, 1);
	assert_int_equal(event.folio.flags, LTPIN_PAGE_ANON | LTPIN_PAGE_LRU);
}

/* test/lab on 6.12-x86_64: one page pinned once, all of a 64 MB area asked for. */
static void a_kernels_message_is_taken(void **state)
{
	struct lt_buf buf = test_file("test/saved/module_events/6.12-x86_64");
	struct lt_blocker_event event;
	uint64_t seq = 7;

	(void)state;
	if (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__) {
		assert_int_equal(lt_blocker_event_parse(buf.data, buf.len, &seq, &event), 0);
		assert_int_equal(seq, 0);
		assert_string_equal(event.comm, "camera-app");
		assert_int_equal(event.pfns.start_pfn, 0x1ae00);
		assert_int_equal(event.pfns.end_pfn, 0x1ee00);
		assert_int_equal(event.pfn, 0x1ae7f);
		assert_int_equal(event.folio.pfn, 0x1ae7f);
		assert_int_equal(event.folio.refcount, 1025);
	}
	free(buf.data);
}

static void a_hole_has_no_folio(void **state)
{
	struct lt_blocker_event event;
	uint64_t seq;

	(void)state;
	make(LTPIN_A_PAGES);
	assert_int_equal(parse(&event, &seq), 0);
	assert_int_equal(event.folio.nr_pages, 0);
}

static void what_misses_something_is_refused(void **state)
{
	const uint16_t needed[] = { LTPIN_A_SEQ,  LTPIN_A_TS_NS,     LTPIN_A_PID,     LTPIN_A_TID,
				    LTPIN_A_COMM, LTPIN_A_START_PFN, LTPIN_A_END_PFN, LTPIN_A_PFN };
	struct lt_blocker_event event = { .pfn = 3 };
	uint64_t seq = 7;

	(void)state;
	for (size_t i = 0; i < sizeof(needed) / sizeof(needed[0]); i++) {
		make(needed[i]);
		assert_int_equal(parse(&event, &seq), -EBADMSG);
	}
	begin(LTPIN_CMD_INFO);
	assert_int_equal(parse(&event, &seq), -EBADMSG);
	make(LTPIN_A_PAGES);
	add(LTPIN_A_PAGES, &pinned, sizeof(pinned) - 4);
	assert_int_equal(parse(&event, &seq), -EBADMSG);
	make(LTPIN_A_PID);
	add(LTPIN_A_PID, "812", 3);
	assert_int_equal(parse(&event, &seq), -EBADMSG);
	assert_int_equal(seq, 7);
	assert_int_equal(event.pfn, 3);
}

static void a_cut_message_is_refused(void **state)
{
	struct lt_blocker_event event;
	uint64_t seq;

	(void)state;
	make(0);
	for (size_t len = 0; len < msg.header.nlmsg_len; len++) {
		void *cut = malloc(len ? len : 1);

		assert_non_null(cut);
		memcpy(cut, &msg, len);
		assert_int_equal(lt_blocker_event_parse(cut, len, &seq, &event), -EBADMSG);
		free(cut);
	}
}

static void a_long_name_is_cut(void **state)
{
	struct lt_blocker_event event;
	char name[200];
	uint64_t seq;

	(void)state;
	memset(name, 'n', sizeof(name)); /* and has no end */
	make(LTPIN_A_COMM);
	add(LTPIN_A_COMM, name, sizeof(name));
	assert_int_equal(parse(&event, &seq), 0);
	assert_int_equal(strlen(event.comm), sizeof(event.comm) - 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_of_a_message_is_taken),
		cmocka_unit_test(a_kernels_message_is_taken),
		cmocka_unit_test(a_hole_has_no_folio),
		cmocka_unit_test(what_misses_something_is_refused),
		cmocka_unit_test(a_cut_message_is_refused),
		cmocka_unit_test(a_long_name_is_cut),
	};

#ifndef HAVE_MNL
	puts("1..0 # SKIP built without libmnl");
	return 0;
#endif
	return cmocka_run_group_tests(tests, NULL, NULL);
}
