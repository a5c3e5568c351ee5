# SPDX-License-Identifier: GPL-2.0-or-later
# For make, not automake, which has to see all tests to write their rules.
TESTS := $(filter-out $(SLOW_TESTS),$(TESTS))
