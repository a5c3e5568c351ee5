# SPDX-License-Identifier: GPL-2.0-or-later
# The program from the outside: Python scripts that speak TAP, by way of harness.py.
CLI_TESTS = \
	test/cli/test_attached.py \
	test/cli/test_bench.py \
	test/cli/test_browser.py \
	test/cli/test_bundle.py \
	test/cli/test_columns.py \
	test/cli/test_completion.py \
	test/cli/test_confine.py \
	test/cli/test_correlation.py \
	test/cli/test_cost.py \
	test/cli/test_diff.py \
	test/cli/test_examples.py \
	test/cli/test_explain.py \
	test/cli/test_faults.py \
	test/cli/test_files.py \
	test/cli/test_findings.py \
	test/cli/test_geometry.py \
	test/cli/test_golden.py \
	test/cli/test_growth.py \
	test/cli/test_hostile.py \
	test/cli/test_html.py \
	test/cli/test_large.py \
	test/cli/test_ledger.py \
	test/cli/test_log_boots.py \
	test/cli/test_log_damage.py \
	test/cli/test_logs.py \
	test/cli/test_man.py \
	test/cli/test_module.py \
	test/cli/test_markdown.py \
	test/cli/test_mutation.py \
	test/cli/test_next.py \
	test/cli/test_no_cma.py \
	test/cli/test_output.py \
	test/cli/test_owners.py \
	test/cli/test_pager.py \
	test/cli/test_place.py \
	test/cli/test_redact.py \
	test/cli/test_report.py \
	test/cli/test_row.py \
	test/cli/test_samples.py \
	test/cli/test_same.py \
	test/cli/test_saved.py \
	test/cli/test_screens.py \
	test/cli/test_shapes.py \
	test/cli/test_space.py \
	test/cli/test_top.py \
	test/cli/test_unlocated.py \
	test/cli/test_unprivileged.py \
	test/cli/test_usage.py \
	test/cli/test_views.py \
	test/cli/test_watch.py \
	test/cli/test_workers.py \
	test/cli/test_wrapped.py

TESTS += $(CLI_TESTS)
dist_check_SCRIPTS += $(CLI_TESTS)
dist_check_DATA = test/questions.txt test/tap.py test/cli/harness.py test/cli/validate.py test/cli/browser.py test/cli/world.py
