# SPDX-License-Identifier: GPL-2.0-or-later
# The program: options, commands, rendering. A command is a file of cmd/ and a line in main.c.
bin_PROGRAMS += ltpin
ltpin_SOURCES = cli/main.c
ltpin_LDADD = $(LTPIN_CLI_LIBS)

# All but main(), for fuzz targets too.
LTPIN_CLI_LIBS = libltpincli.a libltpin.a $(LTPIN_LIBS) $(SMARTCOLS_LIBS) $(NCURSESW_LIBS)
noinst_LIBRARIES += libltpincli.a
libltpincli_a_CFLAGS = $(AM_CFLAGS) $(NCURSESW_CFLAGS)
libltpincli_a_SOURCES = \
	cli/cmd/alloc.c \
	cli/cmd/area_arg.c cli/cmd/area_arg.h \
	cli/cmd/areas.c \
	cli/cmd/attempts_file.c cli/cmd/attempts_file.h \
	cli/cmd/bench.c \
	cli/cmd/capture.c \
	cli/cmd/capture_dir.c cli/cmd/capture_dir.h \
	cli/cmd/capture_extras.c cli/cmd/capture_extras.h \
	cli/cmd/capture_worth.c cli/cmd/capture_worth.h \
	cli/cmd/capture_meta.c cli/cmd/capture_meta.h \
	cli/cmd/capture_page_owner.c cli/cmd/capture_page_owner.h \
	cli/cmd/cmd.c cli/cmd/cmd.h \
	cli/cmd/cmd_act.c cli/cmd/cmd_act.h \
	cli/cmd/cmd_option.c cli/cmd/cmd_option.h \
	cli/cmd/completion.c cli/cmd/completion.h \
	cli/cmd/confine.c cli/cmd/confine.h \
	cli/cmd/completion_bash.c \
	cli/cmd/completion_fish.c \
	cli/cmd/completion_values.c \
	cli/cmd/completion_zsh.c \
	cli/cmd/diff.c \
	cli/cmd/doctor.c \
	cli/cmd/explain.c \
	cli/cmd/explain_try.c cli/cmd/explain_try.h \
	cli/cmd/format.c cli/cmd/format.h \
	cli/cmd/help.c \
	cli/cmd/home.c \
	cli/cmd/module.c \
	cli/cmd/module_status.c cli/cmd/module_status.h \
	cli/cmd/nearest.c cli/cmd/nearest.h \
	cli/cmd/output.c \
	cli/cmd/owners.c \
	cli/cmd/pages.c \
	cli/cmd/pin.c \
	cli/cmd/place.c cli/cmd/place.h \
	cli/cmd/pager.c cli/cmd/pager.h \
	cli/cmd/progress.c cli/cmd/progress.h \
	cli/cmd/suggest.c cli/cmd/suggest.h \
	cli/cmd/redact.c cli/cmd/redact.h \
	cli/cmd/redact_stream.c cli/cmd/redact_stream.h \
	cli/cmd/report.c \
	cli/cmd/saved_report.c cli/cmd/saved_report.h \
	cli/cmd/selftest.c \
	cli/cmd/top.c \
	cli/cmd/value.c \
	cli/cmd/version.c \
	cli/cmd/watch.c \
	cli/cmd/watch_capture.c cli/cmd/watch_capture.h \
	cli/cmd/watch_exec.c cli/cmd/watch_exec.h \
	cli/cmd/watch_pins.c cli/cmd/watch_pins.h \
	cli/cmd/workers.c cli/cmd/workers.h \
	cli/cmd/zones.c \
	cli/stop/stop.c cli/stop/stop.h \
	cli/render/area.c \
	cli/render/attempt.c \
	cli/render/bench.c \
	cli/render/columns.c cli/render/columns.h \
	cli/render/correlation.c \
	cli/render/diff.c cli/render/diff.h \
	cli/render/diff_label.c \
	cli/render/evidence.h \
	cli/render/trial.c cli/render/trial.h \
	cli/render/explain.c cli/render/explain.h \
	cli/render/finding.c cli/render/finding.h \
	cli/render/gain.c cli/render/gain.h \
	cli/render/folio.c cli/render/folio.h \
	cli/render/holder.c \
	cli/render/ledger.c \
	cli/render/json/json.c cli/render/json/json.h \
	cli/render/json/json_attempt.c \
	cli/render/json/json_bench.c \
	cli/render/json/json_diff.c cli/render/json/json_diff.h \
	cli/render/json/json_correlation.c \
	cli/render/json/json_trial.c \
	cli/render/json/json_explain.c cli/render/json/json_explain.h \
	cli/render/json/json_holder.c \
	cli/render/json/json_ledger.c \
	cli/render/json/json_owner_groups.c cli/render/json/json_owner_groups.h \
	cli/render/json/json_pin.c \
	cli/render/json/json_pin_call.c cli/render/json/json_pin_call.h \
	cli/render/json/json_page_track.c \
	cli/render/json/json_pin_hint.c \
	cli/render/json/json_report.c cli/render/json/json_report.h \
	cli/render/json/json_row.c cli/render/json/json_row.h \
	cli/render/json/json_selftest.c \
	cli/render/json/json_watch.c cli/render/json/json_watch.h \
	cli/render/html_text.c cli/render/html_text.h \
	cli/render/html/html_finding.c \
	cli/render/html/html_map.c \
	cli/render/html/html_page.c \
	cli/render/html/html_part.h \
	cli/render/html/html_report.c cli/render/html/html_report.h \
	cli/render/html/html_saved.c \
	cli/render/html/html_timeline.c \
	cli/render/kernel.c \
	cli/render/ktap_selftest.c \
	cli/render/markdown.c cli/render/markdown.h \
	cli/render/origin.c \
	cli/render/owner_groups.c cli/render/owner_groups.h \
	cli/render/pin.c \
	cli/render/pin_cell.c cli/render/pin_cell.h \
	cli/render/pin_file.c cli/render/pin_group.c \
	cli/render/pin_call.c cli/render/pin_call.h \
	cli/render/pin_hint.c \
	cli/render/report.h \
	cli/render/report_markdown.c \
	cli/render/report_section.c \
	cli/render/report_text.c \
	cli/render/saved_report.c cli/render/saved_report.h \
	cli/render/scols.c cli/render/scols.h \
	cli/render/selftest.c \
	cli/render/source.c \
	cli/render/table.c cli/render/table.h \
	cli/render/text.c cli/render/text.h \
	cli/render/watch.c cli/render/watch.h \
	cli/render/watch_page.c \
	cli/render/zone.c \
	cli/tui/frame.c cli/tui/frame.h \
	cli/tui/keys.c \
	cli/tui/model.c cli/tui/model.h \
	cli/tui/rows.c cli/tui/rows.h \
	cli/tui/said.c cli/tui/said.h \
	cli/tui/screen.c cli/tui/screen.h \
	cli/tui/top.c cli/tui/top.h \
	cli/tui/view.c cli/tui/view.h \
	cli/tui/view_area.c \
	cli/tui/view_cpu.c \
	cli/tui/view_failure.c \
	cli/tui/view_ledger.c \
	cli/tui/view_page.c \
	cli/tui/view_process.c \
	cli/tui/view_source.c

dist_pkgdata_DATA = schema/ltpin.schema.json

# What every HTML report has in it, as strings of C.
HTML_PARTS = cli/render/html/report.css cli/render/html/report.js
html_strings = cli/render/html/report.css.inc cli/render/html/report.js.inc
BUILT_SOURCES += $(html_strings)
CLEANFILES += $(html_strings)
nodist_libltpincli_a_SOURCES = $(html_strings)
# BUILT_SOURCES are made for "all" and "check", not for `make ltpin` in a fresh directory.
cli/render/html/libltpincli_a-html_report.$(OBJEXT): $(html_strings)

cli/render/html/report.css.inc: cli/render/html/report.css
	$(MKDIR_P) $(@D) && sed -e 's/^[[:blank:]]*//' -e 's/[\\"]/\\&/g' -e 's/.*/"&\\n"/' $(srcdir)/cli/render/html/report.css >$@

cli/render/html/report.js.inc: cli/render/html/report.js
	$(MKDIR_P) $(@D) && sed -e 's/^[[:blank:]]*//' -e 's/[\\"]/\\&/g' -e 's/.*/"&\\n"/' $(srcdir)/cli/render/html/report.js >$@

# What `ltpin completion` prints, kept so that a cross build can install it.
if WITH_BASH_COMPLETION_DIR
dist_bashcompletion_DATA = cli/completion/ltpin
endif
if WITH_ZSH_COMPLETION_DIR
dist_zshcompletion_DATA = cli/completion/_ltpin
endif
if WITH_FISH_COMPLETION_DIR
dist_fishcompletion_DATA = cli/completion/ltpin.fish
endif

completion: ltpin
	./ltpin completion bash >$(srcdir)/cli/completion/ltpin
	./ltpin completion zsh >$(srcdir)/cli/completion/_ltpin
	./ltpin completion fish >$(srcdir)/cli/completion/ltpin.fish
