#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Kernel logs that were damaged on their way: test/logs/README says what the files are."""
from harness import *

LOGS = os.path.join(TOP, "test", "logs")
EMPTY = scratch()
NR_CUTS = 15
DAMAGED = ("09-printk-caller", "25-wording-5.10-busy", "30-wording-7.2", "47-caller-from-driver",
           "50-memory-info", "51-page-dump-6.1")


def report(log):
    """What ltpin makes of a log, and of nothing else; of less than a message, nothing."""
    result = run("report", "-f", "json", "--root", EMPTY, "--dmesg", "-", stdin=log)
    return {} if result.status == 2 and "has no message of a kernel" in result.err else result.json()


def check_same(name, how, log, whole):
    document = report(log)
    for key in ("attempts", "areas", "nr_attempts_suppressed"):
        equal(document.get(key), whole.get(key), "%s: %s changes no %s" % (name, how, key))


def facts(document):
    """Every number that an attempt tells, apart from times and counts, with its request."""
    return {(a.get("area"), key, a[key]) for a in document.get("attempts", [])
            for key in ("nr_pages", "errno", "nr_free", "largest_free_run", "align",
                        "free_elsewhere_kib") if key in a}


def check_removed_lines(name, log, whole):
    """A lost line may lose facts, and turns none into another."""
    lines = log.splitlines(keepends=True)
    wrong = []
    for i in range(len(lines)):
        lost = report(b"".join(lines[:i] + lines[i + 1:]))
        wrong += ["without line %d: %s" % (i + 1, fact) for fact in facts(lost) - facts(whole)]
    ok(not wrong, "%s: a line less is no other number" % name, *wrong)


def check_cut(name, log, whole):
    """A log that ends in the middle of a line."""
    wrong = []
    for end in range(len(log) - 1, 0, -max(1, len(log) // NR_CUTS)):
        wrong += ["%d bytes: %s" % (end, fact)
                  for fact in facts(report(log[:end])) - facts(whole)]
    ok(not wrong, "%s: cut anywhere, no other number" % name, *wrong)


def check_doubled(name, log, whole):
    twice = report(b"".join(line + line for line in log.splitlines(keepends=True)))
    wrong = [fact for fact in facts(twice) - facts(whole)]
    ok(not wrong, "%s: every line twice, no other number" % name, *wrong)


def check_damage(name):
    with open(os.path.join(LOGS, name + ".log"), "rb") as file:
        log = file.read()
    whole = report(log)
    check_same(name, "CR LF", log.replace(b"\n", b"\r\n"), whole)
    check_same(name, "a line with NUL", b"\0\0\n" + log, whole)
    check_same(name, "a line without end", log + b"[    1.0] cma: cma_alloc: x", whole)
    check_same(name, "bytes that are not UTF-8", b"\xff\xfe\x80 \xc3(\n" + log, whole)
    check_removed_lines(name, log, whole)
    check_cut(name, log, whole)
    check_doubled(name, log, whole)


def check_busy_alone():
    """Ranges that were busy are told of, also where what the request came to is not on record."""
    lines = [b"[ 2606.%06d] alloc_contig_range: [%x, %x) PFNs busy\n" % (at, pfn, pfn + 266)
             for at, pfn in ((0, 0x2ef00), (30, 0x2f000), (1000, 0x25a00))]
    busy = b"".join(lines)
    driver = b"[ 2606.000999] vc4-drm soc:gpu: failed to allocate buffer with size 1089536\n"
    for name, log, end in (
            ("the log begins late", busy, "whether a cma_alloc failed for that is not known"),
            ("a driver fails between", b"".join(lines[:2]) + driver + lines[2],
             "first at PFN 0x2ef00: pages there could not be moved. Whether the request failed "
             "for that is not known")):
        said = report(log)["headline"]
        ok("a busy contiguous range 3 times, " in said and end in said,
           "busy ranges alone: " + name, said)


for log_name in DAMAGED:
    check_damage(log_name)
check_busy_alone()
done()
