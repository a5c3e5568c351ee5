#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""docs/ has an example of each format, as it is written today.

After a change that is meant, look at the difference and write them anew:
    LTPIN=./ltpin top_srcdir=. test/cli/test_examples.py --refresh
"""
import difflib
import re
import sys

from harness import *

DOCS = os.path.join(TOP, "docs")
TREE, OTHER = "v6.12-x86_64-pinned", "v6.1-x86_64-pinned"
EXAMPLES = {
    "report.txt": ["report", TREE],
    "report.md": ["report", "-f", "markdown", TREE],
    "report.html": ["report", "-f", "html", TREE],
    "report.json": ["report", "-f", "json", TREE],
    "report.ndjson": ["report", "-f", "ndjson", TREE],
    "redacted.txt": ["report", "--redact-names", TREE],
    "diff.txt": ["diff", OTHER, TREE],
    "diff.md": ["diff", "-f", "markdown", OTHER, TREE],
    "diff.json": ["diff", "-f", "json", OTHER, TREE],
}


def example(args):
    """Without the version, which every release changes."""
    version = run("--version").text().split()[1]
    return re.sub(r"(ltpin(?:_version\": \")? ?)" + re.escape(version), r"\1VERSION", run(*args).text())


def main():
    os.chdir(FIXTURES)  # suggested commands name the tree
    for name, args in EXAMPLES.items():
        path, now = os.path.join(DOCS, name), example(args)
        if "--refresh" in sys.argv:
            with open(path, "w", encoding="utf-8") as out:
                out.write(now)
            continue
        kept = ""
        if os.path.exists(path):
            with open(path, encoding="utf-8") as file:
                kept = file.read()
        diff = difflib.unified_diff(kept.splitlines(), now.splitlines(), "docs", "now", lineterm="")
        ok(kept == now and now, "%s is as `ltpin %s` writes it" % (name, " ".join(args)),
           *[line[:200] for line in list(diff)[:20]])
    if "--refresh" not in sys.argv:
        equal(sorted(os.listdir(DOCS)), sorted([*EXAMPLES, "README.md", "remedies.md"]), "and nothing else is there")
        done()


main()
