#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What people see, for every captured tree: test/golden/<tree>.<what>.

After a change that is meant, look at the difference and write the files anew:
    LTPIN=./ltpin top_srcdir=. test/cli/test_golden.py --refresh
Which sources are absent or not asked for is left out: test_report.py knows that, and a new
source shall move only what has to do with it.
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


def keep_available(line):
    kept = [name for name in line.group(1).split(", ") if not name.endswith("(absent)")]
    return "- Not available: %s\n" % ", ".join(kept) if kept else ""


def view(text):
    """@text without the sources that are absent or unused."""
    more = r"(?:    .*\n)*"
    text = re.sub(r"^  (?:[a-z-]+ absent,|Not asked for:) .*\n" + more, "", text, flags=re.M)
    return re.sub(r"^- Not available: (.*)\n", keep_available, text, flags=re.M)


def with_another(text):
    """@text as it would be with one more source, which is absent, and one that is not used."""
    text = re.sub(r"^  Not asked for: ", r"\g<0>another, ", text, flags=re.M)
    text = re.sub(r"^  [a-z-]+ absent,", "  another absent, would prove much, as\n"
                  r"    all do: CONFIG_ANOTHER=y\n\g<0>", text, count=1, flags=re.M)
    return text.replace("Not available: ", "Not available: another (absent), ")


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
    return want


def check_width(name, text, want):
    wide = [line for line in text.splitlines() if len(line) > 80]
    ok(not wide and bool(text) == bool(want), "%s: fits 80 columns" % name, *wide)


def check_block(name, text):
    block = text.split("\n## ")[0].splitlines()
    ok(0 < len(block) <= BLOCK_LINES, "%s: begins with a short block" % name, len(block))


def main():
    for tree in TREES:
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
            else:
                check_width(name, text, want)
    if "--refresh" not in sys.argv:
        done()


main()
