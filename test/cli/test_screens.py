#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What is printed fits the screen that it is for: sentences wrap, tables group, recipes paste."""
import re

import world
from harness import *

TREE = os.path.join(FIXTURES, "v6.12-x86_64-pinned")
BARE = os.path.join(FIXTURES, "v6.1-arm64")
COMMANDS = (("report",), ("areas",), ("pages",), ("zones",), ("doctor",), ("explain", "64M"), ())


def lines_of(columns, *args):
    out = on_terminal(*args, "--root", TREE, columns=columns,
                      env={"TERM": "xterm", "NO_PAGER": "1", "NO_COLOR": "1"})[1]
    return out.decode("utf-8").replace("\r\n", "\n").splitlines()


def check_widths():
    for command in COMMANDS:
        for columns in (80, 120):
            lines = lines_of(columns, *command)
            # A command is never broken, as it is copied.
            long = [line for line in lines if len(line) > columns and not line.strip().startswith("`ltpin ")]
            ok(lines and not long, "ltpin %s: %d columns" % (" ".join(command), columns), long)
    ok(len(lines_of(120, "report")) < len(lines_of(80, "report")), "a wide screen has fewer lines")


def check_many_pins():
    """1024 pins of one process are a few lines, and a row each only if asked for."""
    tree = world.make(["pin", "lent"] * 1024, [(10, 2048, world.BASE_PFN)])
    few, each = (run("pages", tree, *option).text().splitlines() for option in ((), ("-a",)))
    rows = [line for line in each if re.match(r" +0x[0-9a-f]+ ", line)]
    equal(len(rows), 1024, "pages -a: a row for each")
    heads = [line for line in few if " pin " in line]
    ok(len(heads) == 2 and "1023" in heads[1], "pages: those that are alike are one row", heads)
    ok(few.index(heads[1]) < 4, "which begins on the first screen", few[:6])


def check_recipes():
    """A line of doctor is pasted as it is."""
    said = run("doctor", BARE).text()
    lines = re.findall(r"^ {7}(.*)$", said, flags=re.M)
    ok("echo 1 >/sys/kernel/tracing/events/cma/enable" in lines, "the trace: by whole paths", lines)
    ok("trace_event=cma,page_isolation page_owner=on" in lines, "and over a reboot", lines)
    said = " ".join(run("report", BARE).text().split())
    ok("more are missing, and would not change this verdict" in said, "other sources are counted", said[-300:])


check_widths()
check_many_pins()
check_recipes()
done()
