#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What is found in attempts that were written for it: what accuses, and what clears.

A request is [start_pfn, size, first second, seconds, errno, tries]; a try is
(start_pfn, stage, page in the way).
"""
from harness import *

AREA, NR_PAGES = 0x10000, 16384  # "reserved", as CMA debugfs of 6.12 tells of it
EBUSY, ENOMEM, EINTR = 16, 12, 4


def tree(nr_used=0, is_new=False):
    """A captured tree with one area, of which the first @nr_used pages are allocated."""
    root = scratch()
    words = [(1 << max(0, min(32, nr_used - 32 * i))) - 1 for i in range(NR_PAGES // 32)]
    where = os.path.join(root, "sys/kernel/debug/cma/reserved")
    files = {"base_pfn": AREA, "count": NR_PAGES, "order_per_bit": 0, "used": nr_used,
             "maxchunk": NR_PAGES - nr_used, "bitmap": " ".join(map(str, words))}
    if is_new:
        files.update({"ranges/0/base_pfn": AREA, "ranges/0/bitmap": files["bitmap"]})
    for name, value in files.items():
        path = os.path.join(where, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="ascii") as file:
            file.write("%s\n" % value)
    os.makedirs(os.path.join(root, "proc"))
    with open(os.path.join(root, "proc/pagetypeinfo"), "w", encoding="ascii") as file:
        file.write("Page block order: 9\nPages per block:  512\n\n"
                   "Free pages count per migrate type at order       0      1\n"
                   "Node    0, zone    DMA32, type          CMA      1      0\n\n"
                   "Number of blocks type          CMA\nNode 0, zone    DMA32           32\n")
    return root


def request(caller, nr_pages, begin, length, errno=0, tries=()):
    return {"ts_ns": int(begin * 1e9), "latency_ns": int(length * 1e9), "source": "trace",
            "area": "reserved", "nr_pages": nr_pages, "failed": bool(errno), "errno": errno,
            "caller": caller, "count": 1, "tries": [
                dict({"start_pfn": start, "end_pfn": start + nr_pages, "ok": stage is None},
                     **({"stage": stage} if stage else {}),
                     **({"blocker_pfn": pfn} if pfn else {})) for start, stage, pfn in tries]}


def run_report(root, requests, *more):
    path = os.path.join(scratch(), "attempts.json")
    with open(path, "w", encoding="ascii") as file:
        json.dump({"schema": "ltpin.attempts/1", "attempts": requests}, file)
    return run("report", "--root", root, "--attempts", path, *more)


def check(name, requests, found, headline, absent=(), **world):
    """@found: the id with its confidence."""
    root = tree(**world)
    report = run_report(root, requests, "-f", "json").json()
    told = {f["id"]: f["confidence"] for f in report["findings"]}
    ok(found[0] in told, "%s: %s" % (name, found[0]), told, report["headline"])
    equal(told.get(found[0]), found[1], "%s: %s" % (name, found[1]))
    equal([i for i in absent if i in told], [], "%s: and nothing else is accused" % name)
    ok(headline in report["headline"], "%s: headline" % name, report["headline"])
    for line in run_report(root, requests).text().splitlines():
        if len(line) > 80 and str(root) not in line:
            ok(False, "%s: within 80 columns" % name, line)
    return report


# Written after a trace of 6.12 in which a pageblock was isolated by somebody else.
TRACE = b"""# tracer: nop
#
         modem-40      [000] .....     3.100000: cma_alloc_start: name=reserved count=512 align=0
         modem-40      [000] .....     3.101000: test_pages_isolated: start_pfn=0x13000 end_pfn=0x13200 fin_pfn=0x13200 ret=success
         modem-40      [000] .....     3.102000: cma_alloc_finish: name=reserved pfn=0x13000 page=00000000878dad2d count=512 align=0 errorno=0
      scenario-54      [000] .....     3.868195: cma_alloc_start: name=reserved count=16384 align=0
      scenario-54      [000] .....     3.868195: cma_alloc_busy_retry: name=reserved pfn=0x10000 page=00000000878dad2d count=16384 align=0
      scenario-54      [000] .....     3.884196: cma_alloc_finish: name=reserved pfn=0x10000 page=0000000000000000 count=16384 align=0 errorno=-16
"""


def check_trace():
    report = run("report", "--root", tree(), "--trace", "-", "-f", "json", stdin=TRACE).json()
    told = {f["id"]: f["confidence"] for f in report["findings"]}
    equal(told.get("isolation-refused"), "proven", "a text trace: refused isolation")
    ok("could not isolate the range (proven); no pin is involved" in report["headline"],
       "a text trace: headline", report["headline"])


PINS = ("pin-in-cma", "extra-ref-in-cma", "page-in-the-way", "longterm-pin-in-cma")
SPACE = ("area-exhausted", "area-fragmented", "migration-target-enomem")
BUSY = ("isolation-contention", "isolation-refused", "kernel-regression-hint")

refused = request("camera-1", 512, 1, 0.01, EBUSY, [(AREA, "isolate", None)])

check("refused, and nobody else there", [refused], ("isolation-refused", "proven"),
      "the kernel could not isolate the range (proven); no pin is involved",
      PINS + SPACE + ("isolation-contention",))
check("refused, while another has the pageblock",
      [refused, request("video-2", 64, 1.005, 0.01, 0, [(AREA + 64, None, None)])],
      ("isolation-contention", "likely"),
      "another allocation that was under way (likely); no pin is involved",
      PINS + SPACE + ("isolation-refused",))
check("refused, while another is elsewhere in the area",
      [refused, request("video-2", 64, 1.005, 0.01, 0, [(AREA + 8192, None, None)])],
      ("isolation-contention", "hint"), "failed at least once with -EBUSY", PINS + SPACE)
check("the room was claimed by one that failed",
      [request("video-2", 9000, 1, 0.1, EBUSY, [(AREA, "test", AREA + 5)]),
       request("camera-1", 8000, 1.05, 0, ENOMEM)],
      ("isolation-contention", "likely"), "no page blocked, but another allocation that was "
      "under way (likely)", SPACE)
check("a page was in the way", [request("camera-1", 512, 1, 0.01, EBUSY,
                                        [(AREA, "test", AREA + 5)])],
      ("page-in-the-way", "proven"), "page 0x10005 blocked it (proven); what held it is not known",
      SPACE + BUSY)
check("a page was in the way, and a later request was given it",
      [request("camera-1", 512, 1, 0.01, EBUSY, [(AREA, "test", AREA + 5)]),
       request("camera-1", 512, 2, 0.01, 0, [(AREA, None, None)])],
      ("busy-transient", "proven"), "page 0x10005 blocked it (proven) and has been released since; who held it is not known",
      ("page-in-the-way",) + SPACE + BUSY)
check("no memory to move pages to", [request("camera-1", 512, 1, 0.01, ENOMEM,
                                             [(AREA + 512, "migrate", None)])],
      ("migration-target-enomem", "proven"), "the run at PFN 0x10200 was not allocated, but no "
      "memory was left to move the pages in it to (proven); no pin is involved", PINS + BUSY)
check("killed", [request("camera-1", 512, 1, 0.01, EINTR, [(AREA, "migrate", None)])],
      ("aborted-by-signal", "proven"), "a fatal signal ended it (proven); no pin is involved",
      PINS + SPACE + BUSY)
check("full", [request("camera-1", 8192, 1, 0, ENOMEM)], ("area-exhausted", "likely"),
      "which leaves 1384 pages", PINS + BUSY, nr_used=15000)
check("full by now, but a page was in the way then",
      [request("camera-1", 8192, 1, 0, EBUSY, [(AREA, "test", AREA + 5)])],
      ("page-in-the-way", "proven"), "page 0x10005", SPACE + BUSY, nr_used=15000)
check("full, on a kernel that says -EBUSY of that", [request("camera-1", 8192, 1, 0, EBUSY)],
      ("area-exhausted", "likely"), "no pin is involved", PINS + BUSY, nr_used=15000, is_new=True)
check("not full, on a kernel that says -EBUSY of that", [request("camera-1", 8192, 1, 0, ENOMEM)],
      ("migration-target-enomem", "proven"), "no memory was left to move the area's pages to",
      PINS + BUSY, is_new=True)
check("single pages cannot be had",
      [request("camera-1", 1, 1, 0.01, EBUSY, [(AREA + i, "test", AREA + i) for i in range(9)])],
      ("kernel-regression-hint", "hint"), "failed at least once with -EBUSY", SPACE)
check_trace()
done()
