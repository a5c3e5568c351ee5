# The library: reads, models, analyses, acts. Linked into the program; no ABI is promised.
noinst_LIBRARIES += libltpin.a
libltpin_a_CFLAGS = $(AM_CFLAGS)
libltpin_a_SOURCES = \
	lib/uapi/ltpin_ioctl.h lib/uapi/ltpin_netlink.h \
	lib/base/clock.h lib/base/num.h lib/base/range.h \
	lib/base/archive.c lib/base/archive.h \
	lib/base/bundle.c lib/base/bundle.h \
	lib/base/capture.c lib/base/capture.h \
	lib/base/diag.c lib/base/diag.h \
	lib/base/errno_name.c lib/base/errno_name.h \
	lib/base/escape.c lib/base/escape.h \
	lib/base/file.c lib/base/file.h \
	lib/base/gzip.c lib/base/gzip.h \
	lib/base/interval.c lib/base/interval.h \
	lib/base/json.c lib/base/json.h lib/base/json_read.c \
	lib/base/meta.c lib/base/meta.h \
	lib/base/root.c lib/base/root.h \
	lib/base/strings.c lib/base/strings.h \
	lib/base/text.c lib/base/text.h \
	lib/base/vec.c lib/base/vec.h \
	lib/model/area.c lib/model/area.h \
	lib/model/attempt.c lib/model/attempt.h \
	lib/model/bench.c lib/model/bench.h \
	lib/model/blocker.c lib/model/blocker.h \
	lib/model/dma_buf.c lib/model/dma_buf.h \
	lib/model/folio.c lib/model/folio.h \
	lib/model/holder.c lib/model/holder.h \
	lib/model/kernel.c lib/model/kernel.h lib/model/memory.h \
	lib/model/owner.h \
	lib/model/owner_groups.c lib/model/owner_groups.h \
	lib/model/page_class.c lib/model/page_class.h \
	lib/model/pfns.c lib/model/pfns.h \
	lib/model/pin.c lib/model/pin.h lib/model/pin_passed.c \
	lib/model/pin_call.c lib/model/pin_call.h \
	lib/model/pin_hint.c lib/model/pin_hint.h \
	lib/model/process.h \
	lib/model/selftest.c lib/model/selftest.h \
	lib/model/snapshot.c lib/model/snapshot.h \
	lib/model/source_state.c lib/model/source_state.h \
	lib/model/stack.c lib/model/stack.h \
	lib/model/zone.c lib/model/zone.h \
	lib/source/answer.c lib/source/answer.h \
	lib/source/attempts.c lib/source/attempts.h \
	lib/source/bench.c lib/source/bench.h \
	lib/source/buddyinfo.c lib/source/buddyinfo.h \
	lib/source/cma_debugfs.c lib/source/cma_debugfs.h \
	lib/source/cma_sysfs.c \
	lib/source/counters.c lib/source/counters.h \
	lib/source/device_tree.c lib/source/device_tree.h \
	lib/source/dma_buf.c lib/source/dma_buf.h lib/source/dma_buf_users.c \
	lib/source/enable.c lib/source/enable.h \
	lib/source/folio_answer.c lib/source/folio_answer.h \
	lib/source/io_uring.c lib/source/io_uring.h \
	lib/source/iomem.c lib/source/iomem.h \
	lib/source/kconfig.c lib/source/kconfig.h \
	lib/source/kcore.c lib/source/kcore.h lib/source/kcore_source.c \
	lib/source/kcore_file.c lib/source/kcore_file.h \
	lib/source/kcore_folio.c lib/source/kcore_folio.h \
	lib/source/kernel.c lib/source/kernel.h \
	lib/source/klog.c lib/source/klog.h \
	lib/source/klog_attempt.c lib/source/klog_attempt.h \
	lib/source/klog_bitmap.c lib/source/klog_bitmap.h \
	lib/source/klog_caller.c lib/source/klog_caller.h \
	lib/source/klog_dump_page.c lib/source/klog_dump_page.h \
	lib/source/klog_line.c lib/source/klog_line.h \
	lib/source/klog_meminfo.c lib/source/klog_meminfo.h \
	lib/source/klog_source.c \
	lib/source/kpageflags.c lib/source/kpageflags.h \
	lib/source/meminfo.c lib/source/meminfo.h \
	lib/source/module.c lib/source/module.h \
	lib/source/module_answer.c lib/source/module_answer.h \
	lib/source/module_areas.c lib/source/module_areas.h \
	lib/source/module_events.c lib/source/module_events.h \
	lib/source/module_link.c lib/source/module_link.h \
	lib/source/module_netlink.c \
	lib/source/module_pages.c lib/source/module_pages.h \
	lib/source/number.c lib/source/number.h \
	lib/source/pagetypeinfo.c lib/source/pagetypeinfo.h \
	lib/source/maps.c lib/source/maps.h \
	lib/source/page_owner.c lib/source/page_owner.h \
	lib/source/page_owner_file.c lib/source/page_owner_file.h \
	lib/source/page_owner_join.c lib/source/page_owner_join.h \
	lib/source/page_pinner.c lib/source/page_pinner.h \
	lib/source/page_ref.c lib/source/page_ref.h \
	lib/source/page_scan.c lib/source/page_scan.h \
	lib/source/page_state.c lib/source/page_state.h \
	lib/source/pagemap.c lib/source/pagemap.h \
	lib/source/pagemap_answer.c \
	lib/source/pin_event.c lib/source/pin_event.h \
	lib/source/pin_probes.c \
	lib/source/pin_trace.c lib/source/pin_trace.h \
	lib/source/process_pfns.c lib/source/process_pfns.h \
	lib/source/process_pins.c \
	lib/source/process_status.c lib/source/process_status.h \
	lib/source/process_table.c lib/source/process_table.h \
	lib/source/selftest.c lib/source/selftest.h \
	lib/source/source.c lib/source/source.h \
	lib/source/trace.c lib/source/trace.h \
	lib/source/trace_attempts.c lib/source/trace_attempts.h \
	lib/source/trace_event.h \
	lib/source/trace_fields.c lib/source/trace_fields.h \
	lib/source/trace_hold.c lib/source/trace_hold.h \
	lib/source/trace_line.c lib/source/trace_line.h \
	lib/source/trace_searches.c lib/source/trace_searches.h \
	lib/source/trace_source.c \
	lib/source/trace_stack.c lib/source/trace_stack.h \
	lib/source/trace_text.c lib/source/trace_text.h \
	lib/source/vmcoreinfo.c lib/source/vmcoreinfo.h \
	lib/source/vmstat.c lib/source/vmstat.h \
	lib/source/zoneinfo.c lib/source/zoneinfo.h \
	lib/analyse/contingency.c lib/analyse/contingency.h \
	lib/analyse/correlation.c lib/analyse/correlation.h \
	lib/analyse/explain.c lib/analyse/explain.h \
	lib/analyse/explain_gain.c lib/analyse/explain_obstacle.c \
	lib/analyse/explain_part.h \
	lib/analyse/explain_state.c lib/analyse/explain_words.c \
	lib/analyse/failure.c lib/analyse/failure.h \
	lib/analyse/finding.c lib/analyse/finding.h \
	lib/analyse/headline.c lib/analyse/headline.h \
	lib/analyse/known.c lib/analyse/known.h \
	lib/analyse/report.c lib/analyse/report.h \
	lib/analyse/rule.h lib/analyse/rule_area.c lib/analyse/rule_busy.c \
	lib/analyse/rule_evidence.c lib/analyse/rule_kernel.c \
	lib/analyse/rule_log.c lib/analyse/rule_pin.c lib/analyse/rule_promise.c \
	lib/analyse/search.c lib/analyse/search.h \
	lib/analyse/search_fate.c lib/analyse/search_fate.h \
	lib/analyse/timeline.c lib/analyse/timeline.h \
	lib/analyse/words.c lib/analyse/words.h \
	lib/act/alloc.c lib/act/alloc.h \
	lib/act/backend.c lib/act/backend.h \
	lib/act/backend_af_xdp.c \
	lib/act/backend_gup_benchmark.c lib/act/backend_gup_test.c \
	lib/act/backend_io_uring.c lib/act/backend_module.c lib/act/backend_udmabuf.c \
	lib/act/bench.c lib/act/bench.h lib/act/bench_job.h \
	lib/act/bench_chance.c lib/act/bench_cost.c \
	lib/act/buffer.c lib/act/buffer.h \
	lib/act/device.c lib/act/device.h \
	lib/act/follow.c lib/act/follow.h \
	lib/act/follow_comm.c lib/act/follow_comm.h \
	lib/act/follow_reader.h lib/act/follow_text.c \
	lib/act/live.c lib/act/live.h \
	lib/act/module.c lib/act/module.h \
	lib/act/module_refusal.c lib/act/module_refusal.h \
	lib/act/pin_counters.c lib/act/pin_counters.h \
	lib/act/pin_flag.c lib/act/pin_flag.h \
	lib/act/pin_probe.c lib/act/pin_probe.h \
	lib/act/pin_scope.c lib/act/pin_scope.h \
	lib/act/pin_watch.c lib/act/pin_watch.h \
	lib/act/prime.c lib/act/prime.h \
	lib/act/prime_cma_debugfs.c lib/act/prime_module.c lib/act/prime_pressure.c \
	lib/act/selftest.c lib/act/selftest.h \
	lib/act/selftest_case.c lib/act/selftest_case.h \
	lib/act/selftest_rival.c lib/act/selftest_rival.h \
	lib/act/selftest_run.c lib/act/selftest_run.h \
	lib/act/selftest_verdict.c lib/act/selftest_verdict.h \
	lib/act/selftest_watch.c lib/act/selftest_watch.h \
	lib/act/trace_clock.c lib/act/trace_clock.h \
	lib/act/trace_instance.c lib/act/trace_instance.h \
	lib/act/watch.c lib/act/watch.h \
	lib/act/watch_case.c lib/act/watch_case.h \
	lib/act/watch_instants.c lib/act/watch_instants.h \
	lib/act/watch_pins.c lib/act/watch_pins.h

if WITH_TRACEFS
libltpin_a_SOURCES += lib/act/follow_raw.c
endif

LTPIN_LIBS = $(JSON_C_LIBS) $(MNL_LIBS) $(KMOD_LIBS) $(PROCPS_LIBS) $(TRACEFS_LIBS) -lm
