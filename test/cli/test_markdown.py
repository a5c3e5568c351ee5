#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Markdown fits a bug tracker, whatever is in it, and says what it had no room for."""
import re

import world
from harness import *

LIMIT = 60000


def markdown(path):
    result = run("report", "-f", "markdown", path)
    ok(result.status in (0, 3) and result.out, "%s: a report" % os.path.basename(path), result.err)
    return result.text()


def headings(text):
    return re.findall(r"^## (.+)$", text, flags=re.M)


def check(name, text, document):
    ok(0 < len(text) <= LIMIT, "%s: %d characters" % (name, len(text)))
    block = [line for line in text.split("\n## ")[0].splitlines() if line.startswith("- Finding")]
    same(block, list(dict.fromkeys(block)), "%s: the block says each thing once" % name)
    equal(text.count("<details>"), text.count("</details>"), "%s: what is folded ends" % name)
    said = re.sub(r"\\(.)", r"\1", text).replace("`", "").replace("&lt;", "<")
    ok(document["headline"].replace("`", "")[:200] in said, "%s: begins with the headline" % name, said[:300])
    return re.findall(r"^- Left out, as a bug tracker has no room for it: (.*)\. Full report", text, flags=re.M)


def check_fits():
    for tree in TREES:
        path = os.path.join(FIXTURES, tree)
        left = check(tree, markdown(path), run("report", "-f", "json", path).json())
        equal(left, [], "%s: all of it" % tree)


def check_many():
    """Many requests: their table goes, and what matters more stays."""
    pinned = [world.BASE_PFN]
    tree = world.make(["pin"] + ["lent"] * 4095, [(10 + i / 100, i + 1, None if i > 9 else pinned[0])
                                                  for i in range(2000)])
    text, document = markdown(tree), run("report", "-f", "json", tree).json()
    left = check("2000 requests", text, document)
    ok(left and "Zones" in left[0] and "Attempts to allocate" in left[0], "what is left out is said", left)
    shown = headings(text)
    ok("Findings" in shown and "Areas" in shown and "Pages that are held, or that blocked" in shown and
       not set(left[0].split("; ")) & set(shown), "what matters more stays", shown)


def check_findings():
    """More findings than there is room for: the last ones go, which are the least severe."""
    pinned = world.BASE_PFN
    tree = world.make(["pin"] + ["lent"] * 4095, [(10 + i / 100, i + 1, pinned) for i in range(250)],
                      comm="x" * 200)
    text, document = markdown(tree), run("report", "-f", "json", tree).json()
    left = check("250 failures", text, document)
    wanted = [f["id"] for f in document["findings"] if f["id"] != "evidence-missing"]
    shown = re.findall(r"^### `([a-z-]+)`", text, flags=re.M)
    counted = re.search(r"(\d+) findings", left[0]) if left else None
    ok(counted and 10 < len(shown) and len(shown) + int(counted.group(1)) == len(wanted) and
       shown == wanted[:len(shown)], "the first findings, and the others are counted",
       len(shown), len(wanted), left)


def check_long_names():
    comm = "@a`b<c>" + "x" * 10000
    tree = world.make(["pin"] * 20 + ["lent"] * 44, [(10, 64, world.BASE_PFN)], comm=comm)
    text = markdown(tree)
    check("long names", text, run("report", "-f", "json", tree).json())
    prose = re.sub(r"^(`{3,})text\n.*?^\1$", "", text, flags=re.S | re.M)
    prose = re.sub(r"`[^`\n]*`", "", re.sub(r"\\[^\w\s]", "", prose))
    prose = re.sub(r"^</?details>(?:<summary>[\w, :]*</summary>)?$", "", prose, flags=re.M)
    ok(not re.search(r"[<>@]", prose), "and none of them is markup", re.findall(r".{20}[<>@].{20}", prose))


check_fits()
check_many()
check_findings()
check_long_names()
done()
