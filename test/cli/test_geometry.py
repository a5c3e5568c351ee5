#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Pages of 16 and 64 KiB, and a 32-bit machine with memory above 4 GiB.

No kernel here has them, so these trees are WRITTEN, after the grammar of 6.1: one
area, one failed attempt, one page in the way.
"""
from harness import *

MEMORY_KIB = 1048576

DMESG = """\
[    0.000000] Linux version 6.1.0-geometry (written, not captured)
[    0.000000] cma: Reserved {mib} MiB at {phys:#018x}
[    0.000000] Memory: {kib}K/{kib}K available (1K kernel code, {cma_kib}K cma-reserved)
[    9.500000] cma: cma_alloc: reserved: alloc failed, req-size: {count} pages, ret: -16
"""
ZONEINFO = """\
Node 0, zone   Normal
  pages free     {free}
        boost    0
        min      64
        low      80
        high     96
        spanned  {present}
        present  {present}
        managed  {present}
        cma      {cma}
        protection: (0, 0)
      nr_free_pages {free}
      nr_free_cma  {cma}
  pagesets
    cpu: 0
              count: 0
              high:  378
              batch: 63
  node_unreclaimable:  0
  start_pfn:           {start}
"""
MEMINFO = """\
MemTotal:       {kib} kB
MemFree:        {kib} kB
CmaTotal:       {cma_kib} kB
CmaFree:        {cma_kib} kB
"""
TRACE = """\
# tracer: nop
#
  camera-hal-812  [000] .....     9.400000: cma_alloc_start: name=reserved count={count} align=8
  camera-hal-812  [000] .....     9.450000: test_pages_isolated: start_pfn={base:#x} end_pfn={end:#x} fin_pfn={blocker:#x} ret=fail
  camera-hal-812  [000] .....     9.460000: cma_alloc_busy_retry: name=reserved pfn={base:#x} page=0000000012345678 count={count} align=8
  camera-hal-812  [000] .....     9.500000: cma_alloc_finish: name=reserved pfn={base:#x} page=0000000000000000 count={count} align=8
"""


def write_tree(page_kib, phys, mib):
    root = scratch()
    base, cma = phys // 1024 // page_kib, mib * 1024 // page_kib
    facts = {
        "phys": phys, "mib": mib, "kib": MEMORY_KIB, "cma_kib": mib * 1024, "cma": cma,
        "present": MEMORY_KIB // page_kib, "free": MEMORY_KIB // page_kib // 2, "base": base,
        "start": base - 4096, "count": cma // 2, "end": base + cma // 2, "blocker": base + 0x21,
    }
    for path, text in (("dmesg.txt", DMESG), ("proc/zoneinfo", ZONEINFO),
                       ("proc/meminfo", MEMINFO), ("sys/kernel/tracing/trace", TRACE)):
        os.makedirs(os.path.dirname(os.path.join(root, path)), exist_ok=True)
        with open(os.path.join(root, path), "w") as out:
            out.write(text.format(**facts))
    return root, facts


def check(name, page_kib, phys, mib):
    root, facts = write_tree(page_kib, phys, mib)
    report = run("report", root, "-f", "json").json()
    equal(report["kernel"].get("page_size"), page_kib * 1024, "%s: page size" % name)
    equal([(a["ranges"], a["nr_pages"]) for a in report["areas"]],
          [([{"base_pfn": facts["base"], "nr_pages": facts["cma"]}], facts["cma"])],
          "%s: the area" % name)
    traced = [a for a in report["attempts"] if a["source"] == "trace"]
    equal([t["blocker_pfn"] for t in traced[0]["tries"]], [facts["blocker"]],
          "%s: the page in the way" % name)
    equal([(p["pfn"], p["area"]) for p in report["pins"]], [(facts["blocker"], "reserved")],
          "%s: and its area" % name)
    text = run("report", root).text()
    ok("%d pages (%d MiB)" % (facts["count"], mib // 2) in text, "%s: sizes in MiB" % name, text)
    ok("physical %#x-" % phys in run("--root", root, "areas").text(),
       "%s: the physical address" % name)


check("16 KiB", 16, 0x140000000, 512)
check("64 KiB", 64, 0x140000000, 512)
# 32-bit ARM with LPAE: a PFN fits into 32 bits, its address does not.
check("LPAE", 4, 0x14c000000, 128)
# the control: the address decides, not the pages
check("4 KiB", 4, 0x4c000000, 128)
done()
