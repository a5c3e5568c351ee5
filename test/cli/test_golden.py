#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What people see, for every captured tree: test/golden/<tree>.<what>.

After a change that is meant, look at the difference and write the files anew:
    LTPIN=./ltpin top_srcdir=. test/cli/test_golden.py --refresh
"""
import difflib
import sys

from harness import *

GOLDEN = os.path.join(TOP, "test", "golden")
WHAT = {
    "txt": ["report"],
    "md": ["report", "-f", "markdown"],
    "areas.txt": ["areas"],
    "zones.txt": ["zones"],
    "home.txt": [],
    "watch.txt": ["watch"],
}
BLOCK_LINES = 25


def has_trace(tree):
    return os.path.exists(os.path.join(FIXTURES, tree, "sys/kernel/tracing/trace"))


def show(tree, args):
    return run("--root", os.path.join(FIXTURES, tree), *args).text()


def compare(name, got):
    path = os.path.join(GOLDEN, name)
    want = ""
    if os.path.exists(path):
        with open(path, encoding="utf-8") as golden:
            want = golden.read()
    diff = difflib.unified_diff(want.splitlines(), got.splitlines(), "golden", "now", lineterm="")
    ok(got == want, name, *list(diff)[:60])


def check_width(name, text):
    wide = [line for line in text.splitlines() if len(line) > 80]
    ok(not wide, "%s: fits 80 columns" % name, *wide)


def check_block(name, text):
    block = text.split("\n## ")[0].splitlines()
    ok(len(block) <= BLOCK_LINES, "%s: begins with a short block" % name, len(block))


def main():
    for tree in TREES:
        for suffix, args in WHAT.items():
            if suffix == "watch.txt" and not has_trace(tree):
                continue
            name = "%s.%s" % (tree, suffix)
            text = show(tree, args)
            if "--refresh" in sys.argv:
                with open(os.path.join(GOLDEN, name), "w", encoding="utf-8") as golden:
                    golden.write(text)
                continue
            compare(name, text)
            if suffix == "md":
                check_block(name, text)
            else:
                check_width(name, text)
    if "--refresh" not in sys.argv:
        done()


main()
