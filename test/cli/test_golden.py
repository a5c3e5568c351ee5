#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What people see, for every captured tree: test/golden/<tree>.<what>.

After a change that is meant, look at the difference and write the files anew:
    LTPIN=./ltpin top_srcdir=. test/cli/test_golden.py --refresh
Which sources are missing is left out: test_report.py knows that, and a new source shall move only
what has to do with it.
"""
import difflib
import re
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


LEFT_OUT = re.compile(r"^  [0-9]+ more (?:is|are) missing, and would not change this verdict\.\n",
                      re.M)


def view(text):
    """@text without the sources that are absent."""
    text = re.sub(r"^  [a-z-]+ absent, .*\n(?:    .*\n)*", "", text, flags=re.M)
    return LEFT_OUT.sub("", text)


def with_another(text):
    """@text as it would be with one more source that is absent."""
    return LEFT_OUT.sub("  99 more are missing, and would not change this verdict.\n", text)


def show(tree, args):
    return run("--root", tree, *args).text()


def compare(name, got):
    path = os.path.join(GOLDEN, name)
    want = ""
    if os.path.exists(path):
        with open(path, encoding="utf-8") as golden:
            want = golden.read()
    diff = difflib.unified_diff(want.splitlines(), got.splitlines(), "golden", "now", lineterm="")
    ok(got == want, name, *list(diff)[:60])
    return want


def check_width(name, text, want):
    wide = [line for line in text.splitlines() if len(line) > 80]
    ok(not wide and bool(text) == bool(want), "%s: fits 80 columns" % name, *wide)


def check_block(name, text):
    block = text.split("\n## ")[0].splitlines()
    ok(0 < len(block) <= BLOCK_LINES, "%s: begins with a short block" % name, len(block))


def check_commands(tree):
    """One that is copied from a terminal has to be in one line, however long its names are."""
    name = os.path.join(FIXTURES, *["."] * 40, tree)
    lines = run("report", "--root", name).text().splitlines()
    ok(any("`" in line for line in lines) or "failed" not in lines[0],
       "%s: there are commands to copy" % tree, *lines[:3])
    broken = [line for line in lines if line.count("`") % 2]
    ok(not broken, "%s: no command is broken" % tree, *broken)


def check_attempts(name, text):
    times = [float(time) for time in re.findall(r"^ +([0-9.]+) s [a-z]+ .* (?:ok|-E[A-Z]+) ", text,
                                                re.M)]
    ok(times == sorted(times) and (times or "LAST" not in text),
       "%s: attempts are in the order of their times" % name, times)


def main():
    os.chdir(FIXTURES)  # suggested commands name the tree
    for tree in TREES:
        if "--refresh" not in sys.argv:
            check_commands(tree)
        for suffix, args in WHAT.items():
            if suffix == "watch.txt" and not has_trace(tree):
                continue
            name = "%s.%s" % (tree, suffix)
            text = show(tree, args)
            if "--refresh" in sys.argv:
                with open(os.path.join(GOLDEN, name), "w", encoding="utf-8") as golden:
                    golden.write(view(text))
                continue
            want = compare(name, view(text))
            if args[:1] == ["report"]:
                ok(with_another(text) != text and view(with_another(text)) == view(text),
                   "%s: another absent source changes nothing" % name)
            if suffix == "md":
                check_block(name, text)
                check_attempts(name, text)
            else:
                check_width(name, text, want)
    if "--refresh" not in sys.argv:
        done()


main()
