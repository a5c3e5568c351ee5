# SPDX-License-Identifier: GPL-2.0-or-later
# What test/cli/test_faults.py preloads: no part of what is tested, and built without config.h,
# which gives other names to what it takes the place of.
check_PROGRAMS += test/fault/fault.so
test_fault_fault_so_CPPFLAGS = -D_GNU_SOURCE
test_fault_fault_so_CFLAGS = -std=gnu11 $(WARN_CFLAGS) -fPIC
test_fault_fault_so_LDFLAGS = -shared
test_fault_fault_so_LDADD =

# What test/cli/test_confine.py preloads.
check_PROGRAMS += test/fault/escape.so
test_fault_escape_so_CPPFLAGS = -D_GNU_SOURCE
test_fault_escape_so_CFLAGS = -std=gnu11 $(WARN_CFLAGS) -fPIC
test_fault_escape_so_LDFLAGS = -shared
test_fault_escape_so_LDADD =
