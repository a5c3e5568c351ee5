# SPDX-License-Identifier: LGPL-2.1-or-later
# The library: reads, models, analyses, acts. Linked into the program; no ABI is promised.
noinst_LIBRARIES += libltpin.a
libltpin_a_CFLAGS = $(AM_CFLAGS)
libltpin_a_SOURCES = \
	lib/uapi/ltpin_ioctl.h \
	lib/uapi/ltpin_netlink.h \
	lib/base/archive.c lib/base/archive.h \
	lib/base/arena.c lib/base/arena.h \
	lib/base/array_size.h \
	lib/base/base64.c lib/base/base64.h \
	lib/base/bundle.c lib/base/bundle.h \
	lib/base/capture.c lib/base/capture.h \
	lib/base/capture_redact.c \
	lib/base/redact.c lib/base/redact.h \
	lib/base/redact_line.c \
	lib/base/command.c lib/base/command.h \
	lib/base/compiler.h \
	lib/base/confine.c lib/base/confine.h lib/base/confine_calls.c lib/base/confine_files.c \
	lib/base/diag.c lib/base/diag.h \
	lib/base/errno_name.c lib/base/errno_name.h \
	lib/base/escape.c lib/base/escape.h \
	lib/base/file.c lib/base/file.h \
	lib/base/gzip.c lib/base/gzip.h \
	lib/base/memstream.h \
	lib/base/hash.h \
	lib/base/index.c lib/base/index.h \
	lib/base/interval.c lib/base/interval.h \
	lib/base/json.c lib/base/json.h \
	lib/base/json_read.c \
	lib/base/library.h \
	lib/base/lockdown.c lib/base/lockdown.h \
	lib/base/log_clock.c lib/base/log_clock.h \
	lib/base/meta.c lib/base/meta.h \
	lib/base/now.h \
	lib/base/needles.c lib/base/needles.h \
	lib/base/num.h \
	lib/base/range.h \
	lib/base/room.c lib/base/room.h \
	lib/base/root.c lib/base/root.h \
	lib/base/size.c lib/base/size.h \
	lib/base/strings.c lib/base/strings.h \
	lib/base/text.c lib/base/text.h \
	lib/base/vec.c lib/base/vec.h \
	lib/model/area.c lib/model/area.h \
	lib/model/area_match.c lib/model/area_match.h \
	lib/model/attempt.c lib/model/attempt.h \
	lib/model/attempt_unite.c lib/model/attempt_unite.h \
	lib/model/bench.c lib/model/bench.h \
	lib/model/bench_way.c lib/model/bench_way.h \
	lib/model/blocker.c lib/model/blocker.h \
	lib/model/clock.c lib/model/clock.h \
	lib/model/completeness.c lib/model/completeness.h \
	lib/model/dma_buf.c lib/model/dma_buf.h \
	lib/model/fact.c lib/model/fact.h \
	lib/model/folio.c lib/model/folio.h \
	lib/model/frame.c lib/model/frame.h \
	lib/model/holder.c lib/model/holder.h \
	lib/model/growth.c lib/model/growth.h \
	lib/model/kernel.c lib/model/kernel.h \
	lib/model/ledger.c lib/model/ledger.h \
	lib/model/ledger_ranges.c lib/model/ledger_ranges.h \
	lib/model/log.h \
	lib/model/memory.h \
	lib/model/no_cma.c lib/model/no_cma.h \
	lib/model/origin.h \
	lib/model/owner.h \
	lib/model/owner_groups.c lib/model/owner_groups.h \
	lib/model/page_class.c lib/model/page_class.h \
	lib/model/page_file.c lib/model/page_file.h \
	lib/model/pfns.c lib/model/pfns.h \
	lib/model/pin.c lib/model/pin.h \
	lib/model/pin_call.c lib/model/pin_call.h \
	lib/model/page_track.c lib/model/page_track.h \
	lib/model/pin_hint.c lib/model/pin_hint.h \
	lib/model/pin_tally.h \
	lib/model/process.h \
	lib/model/record.c lib/model/record.h \
	lib/model/refusal.h \
	lib/model/saved_report.c lib/model/saved_report.h \
	lib/model/selftest.c lib/model/selftest.h \
	lib/model/snapshot.c lib/model/snapshot.h \
	lib/model/source_state.c lib/model/source_state.h \
	lib/model/stack.c lib/model/stack.h \
	lib/model/vma_kind.c lib/model/vma_kind.h \
	lib/model/watch_counts.h \
	lib/model/trial.c lib/model/trial.h \
	lib/model/when.c lib/model/when.h \
	lib/model/zone.c lib/model/zone.h \
	lib/source/given/given.c lib/source/given/given.h \
	lib/source/given/given_check.c \
	lib/source/given/given_place.c \
	lib/source/given/kind.c lib/source/given/kind.h \
	lib/source/given/kind_file.c lib/source/given/kind_file.h \
	lib/source/given/mail.c lib/source/given/mail.h \
	lib/source/given/pasted.c lib/source/given/pasted.h \
	lib/source/given/refusal.c lib/source/given/refusal.h \
	lib/source/given/session.c lib/source/given/session.h \
	lib/source/answer.c lib/source/answer.h \
	lib/source/counters.c lib/source/counters.h \
	lib/source/enable.c lib/source/enable.h \
	lib/source/mountinfo.c lib/source/mountinfo.h \
	lib/source/number.c lib/source/number.h \
	lib/source/source.c lib/source/source.h \
	lib/source/folio/folio_answer.c lib/source/folio/folio_answer.h \
	lib/source/folio/page_places.c lib/source/folio/page_places.h \
	lib/source/folio/page_scan.c lib/source/folio/page_scan.h \
	lib/source/kcore/kcore.c lib/source/kcore/kcore.h \
	lib/source/kcore/kcore_file.c lib/source/kcore/kcore_file.h \
	lib/source/kcore/kcore_folio.c lib/source/kcore/kcore_folio.h \
	lib/source/kcore/kcore_source.c \
	lib/source/kcore/vmcoreinfo.c lib/source/kcore/vmcoreinfo.h \
	lib/source/klog/klog.c lib/source/klog/klog.h \
	lib/source/klog/klog_attempt.c lib/source/klog/klog_attempt.h \
	lib/source/klog/klog_bitmap.c lib/source/klog/klog_bitmap.h \
	lib/source/klog/klog_boot.c lib/source/klog/klog_boot.h \
	lib/source/klog/klog_caller.c lib/source/klog/klog_caller.h \
	lib/source/klog/klog_copy.c \
	lib/source/klog/klog_decoration.c lib/source/klog/klog_envelope.h \
	lib/source/klog/klog_dump_page.c lib/source/klog/klog_dump_page.h \
	lib/source/klog/klog_gap.c lib/source/klog/klog_gap.h \
	lib/source/klog/klog_identity.c lib/source/klog/klog_identity.h \
	lib/source/klog/klog_json.c \
	lib/source/klog/klog_line.c lib/source/klog/klog_line.h \
	lib/source/klog/klog_live.c lib/source/klog/klog_live.h \
	lib/source/klog/klog_logcat.c \
	lib/source/klog/klog_meminfo.c lib/source/klog/klog_meminfo.h \
	lib/source/klog/klog_message.c lib/source/klog/klog_message.h \
	lib/source/klog/klog_page_size.c lib/source/klog/klog_page_size.h \
	lib/source/klog/klog_plain.c lib/source/klog/klog_plain.h \
	lib/source/klog/klog_quiet.c lib/source/klog/klog_quiet.h \
	lib/source/klog/klog_quiet_journal.c \
	lib/source/klog/klog_record.c lib/source/klog/klog_record.h \
	lib/source/klog/klog_refusal.c lib/source/klog/klog_refusal.h \
	lib/source/klog/klog_saved.c lib/source/klog/klog_saved.h \
	lib/source/klog/klog_source.c \
	lib/source/klog/klog_stamp.c lib/source/klog/klog_syslog.c \
	lib/source/klog/klog_text.c lib/source/klog/klog_text.h \
	lib/source/module/module.h \
	lib/source/module/module_source.c \
	lib/source/module/module_answer.c lib/source/module/module_answer.h \
	lib/source/module/module_areas.c lib/source/module/module_areas.h \
	lib/source/module/module_areas_source.c \
	lib/source/module/module_files_source.c \
	lib/source/module/module_events.c lib/source/module/module_events.h \
	lib/source/module/module_folio.c lib/source/module/module_folio.h \
	lib/source/module/module_link.c lib/source/module/module_link.h \
	lib/source/module/module_netlink.c \
	lib/source/module/module_pages.c lib/source/module/module_pages.h \
	lib/source/page/kpageflags.c lib/source/page/kpageflags.h \
	lib/source/page/kpageflags_source.c \
	lib/source/page/page_pinner.c lib/source/page/page_pinner.h \
	lib/source/page/page_pinner_source.c \
	lib/source/page/page_state.c lib/source/page/page_state.h \
	lib/source/page_owner/page_owner.c lib/source/page_owner/page_owner.h \
	lib/source/page_owner/page_owner_body.c lib/source/page_owner/page_owner_body.h \
	lib/source/page_owner/page_owner_head.c lib/source/page_owner/page_owner_head.h \
	lib/source/page_owner/page_owner_file.c lib/source/page_owner/page_owner_file.h \
	lib/source/page_owner/page_owner_join.c lib/source/page_owner/page_owner_join.h \
	lib/source/page_owner/page_owner_source.c \
	lib/source/process/allocators.c lib/source/process/allocators.h \
	lib/source/process/dma_buf.c lib/source/process/dma_buf.h \
	lib/source/process/dma_buf_source.c \
	lib/source/process/dma_buf_users_source.c \
	lib/source/process/hold.h \
	lib/source/process/hold_device.c \
	lib/source/process/hold_io_uring.c \
	lib/source/process/hold_pipe.c \
	lib/source/process/hold_socket.c \
	lib/source/process/hold_vm_pin.c \
	lib/source/process/io_uring.c lib/source/process/io_uring.h \
	lib/source/process/pipe_ends.c lib/source/process/pipe_ends.h \
	lib/source/process/maps.c lib/source/process/maps.h \
	lib/source/process/pagemap.c lib/source/process/pagemap.h \
	lib/source/process/pagemap_source.c \
	lib/source/process/pagemap_answer.c \
	lib/source/process/process_pfns.c lib/source/process/process_pfns.h \
	lib/source/process/process_pins_source.c \
	lib/source/process/process_start.c lib/source/process/process_start.h \
	lib/source/process/process_wait.c lib/source/process/process_wait.h \
	lib/source/process/process_status.c lib/source/process/process_status.h \
	lib/source/process/process_table.c lib/source/process/process_table.h \
	lib/source/read/clocks.c lib/source/read/clocks.h \
	lib/source/read/places.c lib/source/read/places.h \
	lib/source/read/read.c lib/source/read/read.h \
	lib/source/saved/attempts.c lib/source/saved/attempts.h \
	lib/source/saved/attempts_source.c \
	lib/source/saved/bench.c lib/source/saved/bench.h \
	lib/source/saved/pin_probes_source.c \
	lib/source/saved/fact_sheet.c lib/source/saved/fact_sheet.h \
	lib/source/saved/saved_report.c lib/source/saved/saved_report.h \
	lib/source/saved/selftest.c lib/source/saved/selftest.h \
	lib/source/saved/selftest_source.c \
	lib/source/tables/buddyinfo.c lib/source/tables/buddyinfo.h \
	lib/source/tables/buddyinfo_source.c \
	lib/source/tables/cma_bitmap.c lib/source/tables/cma_bitmap.h \
	lib/source/tables/cma_debugfs_source.c \
	lib/source/tables/cma_sysfs_source.c \
	lib/source/tables/cma_use.c lib/source/tables/cma_use.h \
	lib/source/tables/device_tree.c lib/source/tables/device_tree.h \
	lib/source/tables/device_tree_source.c \
	lib/source/tables/iomem.c lib/source/tables/iomem.h \
	lib/source/tables/iomem_source.c \
	lib/source/tables/kconfig.c lib/source/tables/kconfig.h \
	lib/source/tables/kconfig_source.c \
	lib/source/tables/kernel.c lib/source/tables/kernel.h \
	lib/source/tables/kernel_source.c \
	lib/source/tables/meminfo.c lib/source/tables/meminfo.h \
	lib/source/tables/meminfo_source.c \
	lib/source/tables/pagetypeinfo.c lib/source/tables/pagetypeinfo.h \
	lib/source/tables/pagetypeinfo_source.c \
	lib/source/tables/vmstat.c lib/source/tables/vmstat.h \
	lib/source/tables/vmstat_source.c \
	lib/source/tables/zoneinfo.c lib/source/tables/zoneinfo.h \
	lib/source/tables/zoneinfo_source.c \
	lib/source/trace/page_ref.c lib/source/trace/page_ref.h \
	lib/source/trace/pin_event.c lib/source/trace/pin_event.h \
	lib/source/trace/pin_trace.c lib/source/trace/pin_trace.h \
	lib/source/trace/trace.c lib/source/trace/trace.h \
	lib/source/trace/trace_attempts.c lib/source/trace/trace_attempts.h \
	lib/source/trace/trace_event.h \
	lib/source/trace/trace_fields.c lib/source/trace/trace_fields.h \
	lib/source/trace/trace_ledger.c lib/source/trace/trace_ledger.h \
	lib/source/trace/trace_hold.c lib/source/trace/trace_hold.h \
	lib/source/trace/trace_line.c lib/source/trace/trace_line.h \
	lib/source/trace/trace_now.c lib/source/trace/trace_now.h \
	lib/source/trace/trace_searches.c lib/source/trace/trace_searches.h \
	lib/source/trace/trace_pieces.c lib/source/trace/trace_pieces.h \
	lib/source/trace/trace_source.c \
	lib/source/trace/trace_stack.c lib/source/trace/trace_stack.h \
	lib/source/trace/trace_track.c lib/source/trace/trace_track.h \
	lib/source/trace/trace_text.c lib/source/trace/trace_text.h \
	lib/analyse/blocking_page.c lib/analyse/blocking_page.h \
	lib/analyse/cause.c lib/analyse/cause.h \
	lib/analyse/cause_page.c lib/analyse/cause_page.h \
	lib/analyse/cause_suspect.c lib/analyse/cause_suspect.h \
	lib/analyse/clearance.c lib/analyse/clearance.h \
	lib/analyse/contingency.c lib/analyse/contingency.h \
	lib/analyse/correlation.c lib/analyse/correlation.h \
	lib/analyse/correlation_met.c lib/analyse/correlation_met.h \
	lib/analyse/correlation_owner.c lib/analyse/correlation_owner.h \
	lib/analyse/explain.c lib/analyse/explain.h \
	lib/analyse/explain_gain.c \
	lib/analyse/explain_obstacle.c \
	lib/analyse/explain_part.h \
	lib/analyse/explain_room.c \
	lib/analyse/explain_state.c \
	lib/analyse/explain_words.c \
	lib/analyse/failure.c lib/analyse/failure.h \
	lib/analyse/finding.c lib/analyse/finding.h \
	lib/analyse/headline.c lib/analyse/headline.h \
	lib/analyse/known.c lib/analyse/known.h \
	lib/analyse/missing.c lib/analyse/missing.h \
	lib/analyse/moment.c lib/analyse/moment.h \
	lib/analyse/report.c lib/analyse/report.h \
	lib/analyse/rule.h \
	lib/analyse/rule_area.c \
	lib/analyse/rule_reservation.c \
	lib/analyse/rule_blocker.c lib/analyse/rule_blocker.h \
	lib/analyse/rule_busy.c \
	lib/analyse/rule_evidence.c \
	lib/analyse/leak.c lib/analyse/leak.h \
	lib/analyse/rule_hang.c \
	lib/analyse/rule_leak.c \
	lib/analyse/rule_kernel.c \
	lib/analyse/rule_log.c \
	lib/analyse/rule_pin.c \
	lib/analyse/rule_promise.c \
	lib/analyse/ruled_out.c lib/analyse/ruled_out.h \
	lib/analyse/signature.c lib/analyse/signature.h \
	lib/analyse/search.c lib/analyse/search.h \
	lib/analyse/search_fate.c lib/analyse/search_fate.h \
	lib/analyse/timeline.c lib/analyse/timeline.h \
	lib/analyse/unexplained.c lib/analyse/unexplained.h \
	lib/analyse/window_count.c lib/analyse/window_count.h \
	lib/analyse/words.c lib/analyse/words.h \
	lib/analyse/words_command.c \
	lib/analyse/words_file.c lib/analyse/words_file.h \
	lib/analyse/words_hold.c lib/analyse/words_hold.h \
	lib/analyse/words_track.c lib/analyse/words_track.h \
	lib/analyse/words_page.c lib/analyse/words_page.h \
	lib/act/alloc/alloc.c lib/act/alloc/alloc.h \
	lib/act/backend/backend.c lib/act/backend/backend.h \
	lib/act/backend/backend_af_xdp.c \
	lib/act/backend/backend_gup_benchmark.c \
	lib/act/backend/backend_gup_test.c \
	lib/act/backend/backend_io_uring.c \
	lib/act/backend/backend_module.c \
	lib/act/backend/backend_udmabuf.c \
	lib/act/bench/bench.c lib/act/bench/bench.h \
	lib/act/bench/bench_chance.c \
	lib/act/bench/bench_cost.c \
	lib/act/bench/bench_job.h \
	lib/act/buffer/buffer.c lib/act/buffer/buffer.h \
	lib/act/device/device.c lib/act/device/device.h \
	lib/act/device/kmod.c lib/act/device/kmod.h \
	lib/act/device/live.c lib/act/device/live.h \
	lib/act/device/module_refusal.c lib/act/device/module_refusal.h \
	lib/act/device/pin_counters.c lib/act/device/pin_counters.h \
	lib/act/follow/follow.c lib/act/follow/follow.h \
	lib/act/follow/follow_comm.c lib/act/follow/follow_comm.h \
	lib/act/follow/follow_reader.h \
	lib/act/follow/follow_text.c \
	lib/act/follow/trace_clock.c lib/act/follow/trace_clock.h \
	lib/act/follow/trace_instance.c lib/act/follow/trace_instance.h \
	lib/act/pin/kprobe_group.c lib/act/pin/kprobe_group.h \
	lib/act/pin/pin_flag.c lib/act/pin/pin_flag.h \
	lib/act/pin/pin_watch.c lib/act/pin/pin_watch.h \
	lib/act/prime/prime.c lib/act/prime/prime.h \
	lib/act/prime/prime_cma_debugfs.c \
	lib/act/prime/prime_module.c \
	lib/act/prime/prime_pressure.c \
	lib/act/remedy/remedy.c lib/act/remedy/remedy.h \
	lib/act/selftest/pin_scope.c lib/act/selftest/pin_scope.h \
	lib/act/selftest/selftest.c lib/act/selftest/selftest.h \
	lib/act/selftest/selftest_case.c lib/act/selftest/selftest_case.h \
	lib/act/selftest/selftest_rival.c lib/act/selftest/selftest_rival.h \
	lib/act/selftest/selftest_run.c lib/act/selftest/selftest_run.h \
	lib/act/selftest/selftest_verdict.c lib/act/selftest/selftest_verdict.h \
	lib/act/selftest/watchdog.c lib/act/selftest/watchdog.h \
	lib/act/watch/watch.c lib/act/watch/watch.h \
	lib/act/watch/watch_case.c lib/act/watch/watch_case.h \
	lib/act/watch/watch_ledger.c lib/act/watch/watch_ledger.h \
	lib/act/watch/watch_instants.c lib/act/watch/watch_instants.h \
	lib/act/watch/watch_pins.c lib/act/watch/watch_pins.h

if WITH_TRACEFS
libltpin_a_SOURCES += lib/act/follow/follow_raw.c
endif

LTPIN_LIBS = $(SECCOMP_LIBS) $(JSON_C_LIBS) $(MNL_LIBS) $(KMOD_LIBS) $(PROCPS_LIBS) $(TRACEFS_LIBS) $(ARCHIVE_LIBS) \
	$(ZLIB_LIBS) -lm
