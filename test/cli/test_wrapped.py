#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Tables of /proc as mail leaves them: blank lines put in, and rows that are too wide wrapped."""
import random
import textwrap

from harness import *

SEED = int(os.environ.get("LTPIN_TEST_SEED", random.randrange(1 << 32)))
print("# LTPIN_TEST_SEED=%d" % SEED)
RANDOM = random.Random(SEED)
NR_BLANKS = 8  # places for blank lines, each table


def wrap(text, width):
    """As a mail client: at the last blank before @width, the rest from the first column on."""
    return "".join("\n".join(textwrap.wrap(line, width, drop_whitespace=True, expand_tabs=False,
                                           subsequent_indent="", break_on_hyphens=False,
                                           replace_whitespace=False) or [""]) + "\n"
                   for line in text.splitlines())


def put_blanks(text):
    lines = text.splitlines(True)
    for _ in range(NR_BLANKS):
        lines.insert(RANDOM.randrange(len(lines) + 1), RANDOM.choice(["\n", "  \n", "\r\n", "\t\n"]))
    return "".join(lines)


def told(tree, table, text):
    path = os.path.join(scratch(), table)
    with open(path, "w", newline="") as file:
        file.write(text)
    beside = [os.path.join(tree, "META")] if table != "META" else []
    result = run("report", "-f", "json", path, *beside)
    report = result.json()
    state = [s for s in report["sources"] if s["name"] == table][0]["status"]
    return (result.status, state, {key: report.get(key) for key in ("zones", "memory", "kernel")})


NR = 0
for name in ("v5.10-x86_64-pinned", "v6.12-x86_64-pinned", "v7.2-x86_64-hugetlb",
             "v5.10-arm64-areas"):
    top = os.path.join(FIXTURES, name)
    for which in ("pagetypeinfo", "buddyinfo", "zoneinfo", "meminfo", "vmstat", "iomem"):
        with open(os.path.join(top, "proc", which)) as stream:
            whole = stream.read()
        want = told(top, which, whole)
        equal(want[:2], (0, "ok"), "%s of %s" % (which, name))
        equal(told(top, which, put_blanks(whole)), want, "and with blank lines")
        equal(told(top, which, whole.replace("\n", "\r\n")), want, "and with carriage returns")
        if which not in ("pagetypeinfo", "buddyinfo", "zoneinfo"):
            continue
        for columns in (60, 72, 78, 100):
            wrapped = wrap(whole, columns)
            NR += wrapped.count("\n") > whole.count("\n")
            equal(told(top, which, wrapped), want, "and wrapped at %d" % columns)
ok(NR > 12, "rows were wrapped", NR)

done()
