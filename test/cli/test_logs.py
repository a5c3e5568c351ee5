#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Kernel logs in every prefix and wording: test/logs/README says what the files are."""
import re

from harness import *

LOGS = os.path.join(TOP, "test", "logs")
EMPTY = scratch()


def report(log):
    """What ltpin makes of a log, and of nothing else."""
    result = run("report", "-f", "json", "--root", EMPTY, "--dmesg", "-", stdin=log)
    if result.status not in (0, 3):
        raise AssertionError("exit status %d: %s" % (result.status, result.err))
    return result.json()


def read(name):
    with open(os.path.join(LOGS, name), "rb") as file:
        return file.read()


def tries_of(attempt):
    return [[t["start_pfn"], t["end_pfn"]] for t in attempt.get("tries", [])]


# What follows from others on the same line, and is expected of some.
FOLLOWING = ("nr_area", "largest_aligned_run", "busy_if_full")


def attempts_of(document, expected=()):
    """Attempts as the expectations are written: what follows from other members is left out."""
    attempts = []
    for i, attempt in enumerate(document.get("attempts", [])):
        short = {k: v for k, v in attempt.items()
                 if k not in ("source", "sources", "failed", "errno_name", "tries", "blockers",
                              "cause")}
        if "failed" in attempt and attempt["failed"] is not True:
            short["failed"] = attempt["failed"]
        if attempt.get("tries", []):
            want = expected[i].get("tries", []) if i < len(expected) else []
            plain = want and isinstance(want[0], list)
            short["tries"] = tries_of(attempt) if plain else [
                {k: v for k, v in t.items() if k not in ("ok", "ts_ns")} for t in attempt.get("tries", [])]
        for key in FOLLOWING:
            if i >= len(expected) or key not in expected[i]:
                short.pop(key, None)
        attempts.append(short)
    return attempts


def detail(document):
    return next(s.get("detail", "") for s in document["sources"] if s["name"] == "klog")


def unattributed(document):
    found = re.search(r"\(unattributed\): (\d+)", detail(document))
    return int(found.group(1)) if found else 0


def check(name):
    want = json.loads(read(name + ".json"))
    document = report(read(name + ".log"))
    expected = [{k: v for k, v in a.items() if v is not None} for a in want["attempts"]]
    equal(attempts_of(document, expected), expected, "%s: attempts" % name)
    ok(not [a for a in document.get("attempts", []) if a.get("tries") == []],
       "%s: ranges that no source has are absent" % name)
    totals = [a["nr_area"] for a in document.get("attempts", []) if "nr_area" in a]
    ok(all(b"%d" % nr in read(name + ".log") for nr in totals), "%s: totals" % name, totals)
    equal(document.get("nr_attempts_suppressed", 0), want.get("suppressed", 0),
          "%s: failures kept back" % name)
    equal(unattributed(document), want.get("unattributed", 0), "%s: unattributed" % name)
    ids = {finding["id"] for finding in document["findings"]}
    ok(set(want.get("findings", [])) <= ids, "%s: findings" % name, ids)
    ok(not set(want.get("no_findings", [])) & ids, "%s: and not others" % name, ids)
    if "areas" in want:
        equal([[a["ranges"][0]["base_pfn"], a["nr_pages"]] for a in document["areas"]],
              want["areas"], "%s: areas" % name)
    ok(want.get("headline", "") in document["headline"], "%s: headline" % name,
       document["headline"])
    ok(want.get("detail", "") in detail(document), "%s: detail" % name, detail(document))
    if "cma_total_kib" in want:
        equal(document["memory"].get("cma_total_kib"), want["cma_total_kib"], "%s: total" % name)
    return document


def check_renamed(name):
    log = read(name + ".log")
    document = report(log.replace(b"reserved: alloc", b"modem: alloc"))
    equal({a["area"] for a in document["attempts"]}, {"modem"}, "%s: area renamed" % name)


def check_shifted(name, old, new, by):
    """The same excerpt with every PFN and address moved."""
    log = read(name + ".log")
    for before, after in zip(old, new):
        log = log.replace(before, after)
    before, after = report(read(name + ".log")), report(log)
    same([[[s + by, e + by] for s, e in tries_of(a)] for a in before["attempts"]],
         [tries_of(a) for a in after["attempts"]], "%s: ranges moved" % name)
    same([a["ranges"][0]["base_pfn"] + by for a in before["areas"]],
         [a["ranges"][0]["base_pfn"] for a in after["areas"]], "%s: area moved" % name)


def check_grouped(name, row, suppressed):
    """What is single in JSON is one row with a count where people look."""
    log = b"[    0.000000] Linux version 6.1.0\n" + read(name + ".log")
    tree = scratch()
    with open(os.path.join(tree, "dmesg.txt"), "wb") as out:
        out.write(log + suppressed)
    at_least = "at least " if suppressed else ""
    text = run("report", "--root", tree).text()
    rows = [line.split() for line in text.splitlines() if "reserved" in line and " log " in line]
    equal([r[0] + " " + r[-3] for r in rows if "512" in r], [row % ("+" if suppressed else "")],
          "%s: one row of the table" % name)
    equal({tuple(r[-2:]) for r in rows}, {("?", "?")}, "%s: a log does not have the ranges that were tried" % name)
    ok("- Failed: 512 pages from reserved, %s10 times" % at_least in
       run("report", "-f", "markdown", "--root", tree).text(), "%s: one line of markdown" % name)
    ok("calls: %s11 on record" % at_least in run("--root", tree).text(), "%s: at home" % name)
    lines = run("--root", tree, "top", "--once", "--view", "failures").text().splitlines()
    equal([line.split()[::6] for line in lines if re.match(r" *700\.0", line) and " log " in line],
          [[row.split()[0], "10"]], "%s: one row of top" % name)
    ok(any("Failed %s11" % at_least in line for line in lines), "%s: the head of top" % name)


NAMES = sorted(name[:-4] for name in os.listdir(LOGS) if name.endswith(".log"))

ok(len(NAMES) >= 50, "at least 50 excerpts", len(NAMES))
equal(sorted(n[:-5] for n in os.listdir(LOGS) if n.endswith(".json")), NAMES,
      "each with what it must give")
for log_name in NAMES:
    check(log_name)
check_renamed("28-wording-6.12")
check_shifted("25-wording-5.10-busy",
              [b"0000000040000000", b"[40", b", 40"], [b"0000000140000000", b"[140", b", 140"],
              0x100000)
check_grouped("41-storm", "700.009000 10%s", b"")
check_grouped("41-storm", "700.009000 10%s",
              b"[  701.000000] cma_alloc: 5 callbacks suppressed\n")
done()
