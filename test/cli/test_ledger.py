#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The ledger of device allocations of saved traces: `ltpin watch` and `ltpin report`."""
import re

from harness import *
from harness import must_be_valid, validate

EMPTY = scratch()


class Trace:
    """As 6.12 prints it, with a stack of each request."""

    def __init__(self, written=None):
        self.lines = []
        self.written = written

    def event(self, task, us, text, cpu=0):
        self.lines.append("%16s [%03d] ..... %d.%06d: %s" %
                          (task, cpu, us // 1000000, us % 1000000, text))

    def allocate(self, us, pfn, pages, driver="camera_get", task="camera-812", **where):
        self.event(task, us, "cma_alloc_start: name=reserved count=%d align=0" % pages, **where)
        self.event(task, us, "<stack trace>", **where)
        self.lines += [" => cma_alloc", " => dma_alloc_contiguous", " => " + driver]
        self.event(task, us + 1, "cma_alloc_finish: name=reserved pfn=0x%x page=000000001234abcd "
                   "count=%d align=0 errorno=0" % (pfn, pages), **where)

    def release(self, us, pfn, pages, task="camera-812", **where):
        self.event(task, us, "cma_release: name=reserved pfn=0x%x page=000000001234abcd count=%d" %
                   (pfn, pages), **where)

    def text(self):
        nr = sum(": " in line for line in self.lines)
        head = "# tracer: nop\n#\n# entries-in-buffer/entries-written: %d/%d   #P:2\n#\n" % (
            nr, self.written or nr)
        return (head + "".join(line + "\n" for line in self.lines)).encode()


def watch(trace, *args):
    return run("--root", EMPTY, "watch", "--trace", "-", *args, stdin=trace.text())


def ledger(trace):
    lines = [must_be_valid(validate.parse(line), "watch") for line in
             watch(trace, "-f", "ndjson").text().splitlines()]
    summary = lines[-1]["summary"]
    return summary["ledger"], [f for f in summary["findings"] if f["id"] == "leak-suspected"]


def check_joined():
    trace = Trace()
    trace.allocate(1000000, 0x1000, 64)
    trace.allocate(2000000, 0x1040, 16, driver="video_get", task="kworker/0:1-9")
    trace.release(3000000, 0x1000, 32)
    found, leaks = ledger(trace)
    equal([(r["driver"], r["comm"], r["nr_allocated"], r["nr_held"], r["nr_pages_held"],
            r["nr_partial_releases"]) for r in found["requesters"]],
          [("camera_get", "camera", 1, 1, 32, 1), ("video_get", "kworker", 1, 1, 16, 0)],
          "who asked for what is outstanding")
    equal([(h["pfn"], h["nr_pages"], h["since_ns"], h["requester"], h.get("rest"))
           for h in found["held"]],
          [(0x1020, 32, 1000001000, 0, True), (0x1040, 16, 2000001000, 1, None)],
          "where it is, since when, and that a part was released")
    equal((found["releases"], found["complete"], found["nr_gaps"], leaks), (True, True, 0, []),
          "all of it is on record")
    text = watch(trace).text()
    ok("camera_get" in text and "1 release left a part" in text, "the text has it", text)


def check_released_twice():
    trace = Trace()
    trace.allocate(1000000, 0x1000, 64)
    trace.release(2000000, 0x1000, 64)
    trace.release(3000000, 0x1000, 64, task="other-7")
    found, _ = ledger(trace)
    equal([(a["pfn"], a["nr_pages"], a["first_ns"], a["ts_ns"], a["comm"])
           for a in found["released_again"]], [(0x1000, 64, 2000000000, 3000000000, "other")],
          "what was released twice is named")
    ok("Released twice: 64 pages from 0x1000" in watch(trace).text(), "in the text too")
    trace = Trace()
    trace.allocate(1000000, 0x1000, 64)
    trace.release(2000000, 0x1000, 64)
    trace.lines.append("CPU:1 [LOST 7 EVENTS]")
    trace.release(3000000, 0x1000, 64)
    found, _ = ledger(trace)
    equal((found["nr_released_again"], found["nr_gaps"]), (0, 1),
          "not where an allocation may be missing")


def check_unknown_begin():
    """Each processor's buffer begins where its oldest event is, if any were overwritten."""
    def trace(written):
        trace = Trace(written)
        trace.allocate(1000000, 0x1000, 64)
        trace.event("idle-0", 2000000, "cma_release: name=reserved pfn=0x9000 page=1 count=1", cpu=1)
        return trace
    equal(["doubtful" in h for h in ledger(trace(None))[0]["held"]], [False],
          "a whole trace knows what is outstanding")
    found, _ = ledger(trace(100))
    equal(["doubtful" in h for h in found["held"]], [True],
          "an overwritten one may lack the release by another processor")
    equal([(r["before"], r["nr_pages_released"]) for r in found["requesters"] if r.get("before")],
          [(True, 1)], "what was allocated before is counted when it is released")


def check_leak():
    trace = Trace()
    for i in range(40):
        trace.allocate(1000000 * (i + 1), 0x1000 + i, 1)
        trace.allocate(1000000 * (i + 1) + 100000, 0x8000, 16)
        trace.release(1000000 * (i + 1) + 400000, 0x8000, 16)
    found, leaks = ledger(trace)
    equal([(leak["confidence"], leak["severity"]) for leak in leaks], [("likely", "warning")],
          "memory that grows is a likely leak")
    ok(any("camera_get" in statement for statement in leaks[0]["evidence"]), "with its stack",
       leaks[0])
    leak = found["requesters"][0]["leak"]
    ok(leak["least_nr_pages"] == sorted(set(leak["least_nr_pages"])) and leak["nr_kept"] > 30,
       "and the figures", leak)
    ok("leak-suspected" in watch(trace).text(), "the text of watch has it without a failure")
    shown = run("top", "--once", "--view", "ledger", "-", stdin=trace.text()).text()
    row = r"^camera_get +camera reserved +40 +40 +\? +[0-9.]+ s +80 +40 likely$"
    ok("Failed 0 on record" in shown and re.search(row, shown, re.M),
       "top has it too", shown)


check_joined()
check_released_twice()
check_unknown_begin()
check_leak()
done()
