# SPDX-License-Identifier: GPL-2.0-or-later
# Fuzz targets: test/fuzz/fuzz_<noun>.c defines what fuzz.h declares. A new one is
# its name in FUZZ_TARGETS and its LDADD below.
#
# `make check-slow` runs each over docs, test/fixtures, fuzz/corpus, malformed and saved, and over
# 2000 mutations of its seeds (standalone.c; LTPIN_FUZZ_RUNS says how many).
# `make fuzz` builds the same targets with clang and libFuzzer below fuzz/; then
#     mkdir corpus && fuzz/test/fuzz/fuzz_zoneinfo corpus test/fixtures/v*/proc
FUZZ_TARGETS = \
	test/fuzz/fuzz_archive \
	test/fuzz/fuzz_attempts \
	test/fuzz/fuzz_bench \
	test/fuzz/fuzz_buddyinfo \
	test/fuzz/fuzz_cma_bitmap \
	test/fuzz/fuzz_command \
	test/fuzz/fuzz_device_tree \
	test/fuzz/fuzz_dma_buf \
	test/fuzz/fuzz_fact_sheet \
	test/fuzz/fuzz_iomem \
	test/fuzz/fuzz_json \
	test/fuzz/fuzz_kconfig \
	test/fuzz/fuzz_kcore \
	test/fuzz/fuzz_kind \
	test/fuzz/fuzz_klog \
	test/fuzz/fuzz_maps \
	test/fuzz/fuzz_meminfo \
	test/fuzz/fuzz_meta \
	test/fuzz/fuzz_module_events \
	test/fuzz/fuzz_mountinfo \
	test/fuzz/fuzz_page_owner \
	test/fuzz/fuzz_page_pinner \
	test/fuzz/fuzz_pagetypeinfo \
	test/fuzz/fuzz_pin_event \
	test/fuzz/fuzz_process \
	test/fuzz/fuzz_saved_report \
	test/fuzz/fuzz_render \
	test/fuzz/fuzz_selftest \
	test/fuzz/fuzz_top \
	test/fuzz/fuzz_trace \
	test/fuzz/fuzz_trace_now \
	test/fuzz/fuzz_vmcoreinfo \
	test/fuzz/fuzz_vmstat \
	test/fuzz/fuzz_zoneinfo

check_PROGRAMS += $(FUZZ_TARGETS)
TESTS += $(FUZZ_TARGETS)

# What several of them need: evidence made of bytes, and what output has to be.
test_fuzz_libdrawn_a_SOURCES = \
	test/fuzz/draw.c test/fuzz/draw.h \
	test/fuzz/shown.c test/fuzz/shown.h
check_LIBRARIES += test/fuzz/libdrawn.a

FUZZ_CLI_LDADD = test/fuzz/libstandalone.a test/fuzz/libdrawn.a $(LTPIN_CLI_LIBS)
FUZZ_LDADD = test/fuzz/libstandalone.a libltpin.a $(LTPIN_LIBS)
check_LIBRARIES += test/fuzz/libstandalone.a
test_fuzz_libstandalone_a_SOURCES = \
	test/fuzz/fuzz.h \
	test/fuzz/mutate.c test/fuzz/mutate.h \
	test/fuzz/standalone.c

test_fuzz_fuzz_archive_LDADD = $(FUZZ_LDADD)
test_fuzz_fuzz_attempts_LDADD = $(FUZZ_LDADD)
test_fuzz_fuzz_bench_LDADD = $(FUZZ_LDADD)
test_fuzz_fuzz_buddyinfo_LDADD = $(FUZZ_LDADD)
test_fuzz_fuzz_cma_bitmap_LDADD = $(FUZZ_LDADD)
# With the program's own main(), by another name.
test_fuzz_fuzz_command_SOURCES = test/fuzz/fuzz_command.c test/fuzz/ltpin_main.h cli/main.c
test_fuzz_fuzz_command_CPPFLAGS = $(AM_CPPFLAGS) -include $(top_srcdir)/test/fuzz/ltpin_main.h
test_fuzz_fuzz_command_LDADD = $(FUZZ_CLI_LDADD)
test_fuzz_fuzz_device_tree_LDADD = $(FUZZ_LDADD)
test_fuzz_fuzz_dma_buf_LDADD = $(FUZZ_LDADD)
test_fuzz_fuzz_fact_sheet_LDADD = $(FUZZ_LDADD)
test_fuzz_fuzz_iomem_LDADD = $(FUZZ_LDADD)
test_fuzz_fuzz_json_LDADD = $(FUZZ_LDADD)
test_fuzz_fuzz_kconfig_LDADD = $(FUZZ_LDADD)
test_fuzz_fuzz_kcore_LDADD = $(FUZZ_LDADD)
test_fuzz_fuzz_kind_LDADD = $(FUZZ_LDADD)
test_fuzz_fuzz_klog_LDADD = $(FUZZ_LDADD)
test_fuzz_fuzz_maps_LDADD = $(FUZZ_LDADD)
test_fuzz_fuzz_meminfo_LDADD = $(FUZZ_LDADD)
test_fuzz_fuzz_meta_LDADD = $(FUZZ_LDADD)
test_fuzz_fuzz_module_events_LDADD = $(FUZZ_LDADD)
test_fuzz_fuzz_mountinfo_LDADD = $(FUZZ_LDADD)
test_fuzz_fuzz_page_owner_LDADD = $(FUZZ_LDADD)
test_fuzz_fuzz_page_pinner_LDADD = $(FUZZ_LDADD)
test_fuzz_fuzz_pagetypeinfo_LDADD = $(FUZZ_LDADD)
test_fuzz_fuzz_pin_event_LDADD = $(FUZZ_LDADD)
test_fuzz_fuzz_process_LDADD = $(FUZZ_LDADD)
test_fuzz_fuzz_saved_report_LDADD = $(FUZZ_LDADD)
test_fuzz_fuzz_render_LDADD = $(FUZZ_CLI_LDADD)
test_fuzz_fuzz_selftest_LDADD = $(FUZZ_LDADD)
test_fuzz_fuzz_top_LDADD = $(FUZZ_CLI_LDADD)
test_fuzz_fuzz_trace_LDADD = $(FUZZ_LDADD)
test_fuzz_fuzz_trace_now_LDADD = $(FUZZ_LDADD)
test_fuzz_fuzz_vmcoreinfo_LDADD = $(FUZZ_LDADD)
test_fuzz_fuzz_vmstat_LDADD = $(FUZZ_LDADD)
test_fuzz_fuzz_zoneinfo_LDADD = $(FUZZ_LDADD)

# libFuzzer brings a main(), so that the one in libstandalone.a is not linked.
FUZZ_CC = clang
.PHONY: fuzz
fuzz:
	$(MKDIR_P) fuzz
	test -f fuzz/Makefile || (cd fuzz && $(abs_top_srcdir)/configure CC='$(FUZZ_CC)' \
		CFLAGS='-g -O1 -fsanitize=fuzzer-no-link,address,undefined')
	cd fuzz && $(MAKE) LDFLAGS=-fsanitize=fuzzer $(FUZZ_TARGETS)
