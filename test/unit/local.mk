# SPDX-License-Identifier: GPL-2.0-or-later
# One program a noun: a line here and test/unit/test_<noun>.c. test.h opens fixtures.
UNIT_TESTS = \
	test/unit/test_allocators \
	test/unit/test_answer \
	test/unit/test_area \
	test/unit/test_area_match \
	test/unit/test_attempt \
	test/unit/test_attempt_unite \
	test/unit/test_attempts \
	test/unit/test_backend \
	test/unit/test_bench \
	test/unit/test_cma_use \
	test/unit/test_blocker \
	test/unit/test_blocking_page \
	test/unit/test_buddyinfo \
	test/unit/test_bundle \
	test/unit/test_capture_dir \
	test/unit/test_cause \
	test/unit/test_clock \
	test/unit/test_command \
	test/unit/test_cma_debugfs \
	test/unit/test_cma_sysfs \
	test/unit/test_contingency \
	test/unit/test_correlation \
	test/unit/test_damage \
	test/unit/test_device_tree \
	test/unit/test_dma_buf \
	test/unit/test_enable \
	test/unit/test_escape \
	test/unit/test_folio \
	test/unit/test_explain \
	test/unit/test_gzip \
	test/unit/test_holder \
	test/unit/test_index \
	test/unit/test_interval \
	test/unit/test_io_uring \
	test/unit/test_iomem \
	test/unit/test_json \
	test/unit/test_kconfig \
	test/unit/test_kcore_file \
	test/unit/test_kcore_folio \
	test/unit/test_kernel \
	test/unit/test_klog \
	test/unit/test_klog_bitmap \
	test/unit/test_klog_boot \
	test/unit/test_klog_envelope \
	test/unit/test_klog_live \
	test/unit/test_klog_saved \
	test/unit/test_kpageflags \
	test/unit/test_known \
	test/unit/test_kprobe_group \
	test/unit/test_leak \
	test/unit/test_ledger \
	test/unit/test_maps \
	test/unit/test_meminfo \
	test/unit/test_memory \
	test/unit/test_meta \
	test/unit/test_module_areas \
	test/unit/test_module_events \
	test/unit/test_module_files \
	test/unit/test_module_link \
	test/unit/test_module_pages \
	test/unit/test_module_refusal \
	test/unit/test_module_status \
	test/unit/test_needles \
	test/unit/test_output \
	test/unit/test_owner_groups \
	test/unit/test_page_owner \
	test/unit/test_page_owner_file \
	test/unit/test_page_owner_join \
	test/unit/test_page_pinner \
	test/unit/test_page_scan \
	test/unit/test_pagemap \
	test/unit/test_pagetypeinfo \
	test/unit/test_pin \
	test/unit/test_pin_call \
	test/unit/test_pin_event \
	test/unit/test_pin_flag \
	test/unit/test_pin_probes \
	test/unit/test_pin_trace \
	test/unit/test_prime_pressure \
	test/unit/test_process_pins \
	test/unit/test_process_start \
	test/unit/test_process_wait \
	test/unit/test_process_status \
	test/unit/test_record \
	test/unit/test_remedy \
	test/unit/test_report \
	test/unit/test_root \
	test/unit/test_rule_busy \
	test/unit/test_rule_log \
	test/unit/test_rule_pin \
	test/unit/test_search \
	test/unit/test_selftest \
	test/unit/test_selftest_case \
	test/unit/test_selftest_verdict \
	test/unit/test_signature \
	test/unit/test_source \
	test/unit/test_stack \
	test/unit/test_text \
	test/unit/test_trace \
	test/unit/test_trace_now \
	test/unit/test_trace_pieces \
	test/unit/test_vmcoreinfo \
	test/unit/test_vmstat \
	test/unit/test_watch_case \
	test/unit/test_watch_instants \
	test/unit/test_watch_ledger \
	test/unit/test_when \
	test/unit/test_window_count \
	test/unit/test_zoneinfo

check_PROGRAMS += $(UNIT_TESTS)
TESTS += $(UNIT_TESTS)

# Memory that runs out, see fault.h.
MEMORY_FAULTS = -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc,--wrap=strdup,--wrap=strndup \
	-Wl,--wrap=lt_vec_grow,--wrap=lt_strings_add,--wrap=lt_strings_restore,--wrap=json_tokener_parse_ex
test_unit_test_memory_LDFLAGS = $(AM_LDFLAGS) $(MEMORY_FAULTS)

AM_CFLAGS += $(CMOCKA_CFLAGS)
LDADD = libltpin.a $(LTPIN_LIBS) $(CMOCKA_LIBS)
test_unit_test_module_status_LDADD = $(LTPIN_CLI_LIBS) $(CMOCKA_LIBS)
