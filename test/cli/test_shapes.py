#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
# Tried (SECURITY.md): time and memory that grow faster than the input
"""Four times the records cost n log n more instructions at most: of each table, one shape.

Instructions, not seconds: a busy machine counts the same. What an empty tree costs is taken off.
SHAPES_ONLY=WORD takes the shapes with that word in their names. LTPIN_LAB_FULL=1 takes ten times as
many records, which shows what is cheap and still grows with their square.
"""
import math
import re
import shutil
import struct
import subprocess
import sys

from harness import *

BASE = 0x100000
STEP = 4
TIMES = 10 if os.environ.get("LTPIN_LAB_FULL") else 1
VALGRIND = shutil.which("valgrind")
COUNTED = "sys/kernel/debug/cma/%s/%s"


def area(name, base_pfn, nr_pages):
    return {COUNTED % (name, "base_pfn"): "%d\n" % base_pfn,
            COUNTED % (name, "count"): "%d\n" % nr_pages,
            COUNTED % (name, "order_per_bit"): "0\n", COUNTED % (name, "used"): "0\n"}


ONE_AREA = area("a", BASE, 1 << 20)


def answer(source, **arrays):
    """What a capture keeps of a source that has no file."""
    return {"ltpin/%s.json" % source: json.dumps({
        "schema": "ltpin.answer/1", "source": source, **arrays, "result": {"errno": 0}})}


def folio(i, **more):
    return {"pfn": BASE + 2 * i, "nr_pages": 1, "refcount": 1030, "mapcount": 1, "pins": 1,
            "flags": 0, **more}


def debugfs_areas(nr):
    return {key: text for i in range(nr) for key, text in
            area("a%d" % i, BASE + 64 * i, 64).items()}


def sysfs_areas(nr):
    return {"sys/kernel/mm/cma/a%d/%s" % (i, name): "5\n" for i in range(nr)
            for name in ("alloc_pages_success", "total_pages")}


def module_areas(nr):
    return answer("module-areas", areas=[{"name": "a%d" % i, "nr_pages": 64} for i in range(nr)],
                  ranges=[{"area": i, "base_pfn": BASE + 64 * i, "nr_pages": 64}
                          for i in range(nr)])


def log_areas(nr):
    return {"dmesg.txt": "".join("[    0.000000] cma: Reserved 16 MiB at 0x%016x\n" %
                                 ((BASE + 4096 * i) << 12) for i in range(nr))}


def tree_areas(nr):
    where = "sys/firmware/devicetree/base/reserved-memory/"
    files = {where + "#address-cells": struct.pack(">I", 2),
             where + "#size-cells": struct.pack(">I", 2)}
    for i in range(nr):
        node = where + "n%d/" % i
        files.update({node + "compatible": b"shared-dma-pool\0", node + "reusable": b"",
                      node + "reg": struct.pack(">QQ", (BASE + 4096 * i) << 12, 4096 << 12)})
    return files


def area_ranges(nr):
    files = dict(ONE_AREA)
    for i in range(nr):
        where = "sys/kernel/debug/cma/a/ranges/%d/" % i
        files.update({where + "base_pfn": "%d\n" % (BASE + 2048 * i),
                      where + "bitmap": " ".join(["0"] * 32) + "\n"})
    return files


def attempts(nr, name):
    stamp = "  task-%d [000] .....  %d.%06d: "
    lines = ["# tracer: nop\n"]
    for i in range(nr):
        at = stamp % (i + 1, i // 1000, i % 1000)
        lines += [at + "cma_alloc_start: name=%s count=64 align=0\n" % name(i),
                  at + "test_pages_isolated: start_pfn=0x%x end_pfn=0x%x fin_pfn=0x%x ret=fail\n" %
                  (BASE + 64 * i, BASE + 64 * i + 64, BASE + 64 * i + 2),
                  at + "cma_alloc_finish: name=%s pfn=0x0 page=0000000000000000 count=64 "
                  "align=0 errorno=-16\n" % name(i)]
    return {"sys/kernel/tracing/trace": "".join(lines)}


def attempts_of_areas(nr):
    """Each of its own area."""
    return {**debugfs_areas(nr), **attempts(nr, "a%d".__mod__)}


def attempts_of_one(nr):
    return {**ONE_AREA, **attempts(nr, lambda i: "a")}


def failures_of_log(nr):
    return {**debugfs_areas(nr), "dmesg.txt": "".join(
        "[%5d.%06d] cma: cma_alloc: a%d: alloc failed, req-size: 64 pages, ret: -12\n" %
        (5 + i // 1000, i % 1000, i) for i in range(nr))}


def tries(nr):
    return {**ONE_AREA, "ltpin/attempts.json": json.dumps({
        "schema": "ltpin.attempts/1", "attempts": [
            {"ts_ns": 5, "area": "a", "nr_pages": 64, "errno": 16, "count": 1, "tries": [
                {"start_pfn": BASE + i, "end_pfn": BASE + i + 64, "ok": False, "stage": "test",
                 "blocker_pfn": BASE + i + 5} for i in range(nr)]}]})}


def stacks(nr):
    """Each pin was allocated by a task and a stack of its own."""
    return {**ONE_AREA, **answer("module", folios=[folio(i) for i in range(nr)]),
            "sys/kernel/debug/page_owner": "".join(
                "Page allocated via order 0, mask 0xcc0(GFP_KERNEL), pid %d, tgid %d (task%d), "
                "ts %d ns\nPFN 0x%x type Movable Block 2048 type CMA Flags 0x0()\n"
                " f%d+0x1/0x2\n driver%d_alloc+0x%x/0x9 [d%d]\n\n" %
                (i + 1, i + 1, i, i, BASE + 2 * i, i, i, i, i) for i in range(nr))}


def processes(nr):
    """Each pin is mapped by a process of its own."""
    return {**ONE_AREA, **answer("module", folios=[folio(i) for i in range(nr)]),
            **answer("pagemap",
                     pins=[{"pfn": BASE + 2 * i, "mapped_by_total": 1} for i in range(nr)],
                     mappers=[{"pfn": BASE + 2 * i, "pid": i + 1, "comm": "c%d" % i,
                               "vma": "v%d" % i, "vma_kind": "anon", "addr": 4096 * i,
                               "start_ns": 5} for i in range(nr)])}


def pins_of_areas(nr):
    """Each in an area of its own: as many findings."""
    return {**debugfs_areas(nr),
            **answer("module", folios=[folio(32 * i) for i in range(nr)])}


def extra_references(nr):
    return {**ONE_AREA, **answer("kcore", folios=[folio(i, refcount=3, pins=0)
                                                  for i in range(nr)])}


def holders(nr):
    """Each buffer has an exporter, a device and a user of its own."""
    return {**ONE_AREA, "sys/kernel/debug/dma_buf/bufinfo":
            "\nDma-buf Objects:\nsize    \tflags   \tmode    \tcount   \texp_name\tino     \tname\n"
            + "".join("%08d\t00000002\t00080007\t00000002\texp%d\t%08d\t<none>\n"
                      "\tAttached Devices:\n\tdev%d\nTotal 1 devices attached\n\n" %
                      (4096, i, i + 1, i) for i in range(nr)) +
            "\nTotal %d objects, %d bytes\n" % (nr, 4096 * nr),
            **answer("dma-buf-users", buffers=[
                {"pid": i + 1, "comm": "c%d" % i, "exporter": "exp%d" % i, "name": "n%d" % i,
                 "ino": i + 1, "size": 4096} for i in range(nr)])}


def zones(nr):
    return {**ONE_AREA, "proc/zoneinfo": "".join(
        "Node %d, zone   Normal\n  pages free     100\n        min      1\n        low      2\n"
        "        high     3\n        spanned  1000\n        present  1000\n"
        "        managed  1000\n  start_pfn:           %d\n" % (i, 1000 * i) for i in range(nr)),
        "proc/buddyinfo": "".join("Node %d, zone   Normal %s\n" % (i, " ".join(["1"] * 11))
                                  for i in range(nr))}


def denied_files(nr):
    """META knows of as many files as there are areas."""
    return {**debugfs_areas(nr), "META": json.dumps({"schema": "ltpin.meta/1", "files": [
        {"path": "/sys/kernel/debug/cma/a%d/bitmap" % i, "errno": 13} for i in range(nr)]})}


def striped(nr):
    """Every other page is allocated."""
    return {**ONE_AREA, COUNTED % ("a", "count"): "%d\n" % (32 * nr),
            COUNTED % ("a", "bitmap"): " ".join(["2863311530"] * nr) + "\n"}


def memory_blocks(nr):
    return {**ONE_AREA, "proc/iomem": "".join("%08x-%08x : System RAM\n" %
                                              (8192 * i, 8192 * i + 4095) for i in range(nr))}


REPORT = ("report", "-f", "json")
EXPLAIN = ("explain", "a", "64")
SHAPES = (
    # No kernel has more than 1024 areas, and nobody looks at more.
    (debugfs_areas, 300, (REPORT,)),
    (denied_files, 100, (("capture", "-o", "FILE"),)),
    (sysfs_areas, 600, (REPORT,)),
    (module_areas, 600, (REPORT,)),
    (log_areas, 600, (REPORT,)),
    (tree_areas, 200, (REPORT,)),
    (area_ranges, 100, (REPORT,)),
    (attempts_of_areas, 60, (REPORT,)),
    (attempts_of_one, 200, (REPORT,)),
    (failures_of_log, 100, (REPORT,)),
    (tries, 250, (REPORT,)),
    (stacks, 250, (EXPLAIN, ("pages",))),
    (processes, 250, (REPORT, EXPLAIN)),
    (pins_of_areas, 60, (("report",),)),
    (extra_references, 250, (EXPLAIN,)),
    (holders, 200, (REPORT,)),
    (zones, 150, (("zones",),)),
    (striped, 300, (EXPLAIN,)),
    (memory_blocks, 500, (REPORT,)),
)


def tree(files):
    where = scratch()
    files = {"proc/version": "Linux version 6.12.0 (a@b) (gcc) #1 SMP\n", **files}
    for path, text in files.items():
        path = os.path.join(where, path)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(text if isinstance(text, bytes) else text.encode())
    return where


def instructions(where, args):
    """Of a command that has an answer."""
    args = [os.path.join(scratch(), "out.tar.gz") if word == "FILE" else word for word in args]
    done = subprocess.run([VALGRIND, "--tool=callgrind", "--callgrind-out-file=/dev/null", LTPIN,
                           "--root", where, *args], stdout=subprocess.DEVNULL,
                          stderr=subprocess.PIPE, check=False,
                          env={"PATH": "/usr/bin:/bin", "LC_ALL": "C"})
    if done.returncode not in (0, 1, 3):
        sys.exit("Bail out! %s ends with %d: %s" % (args, done.returncode, done.stderr.decode()))
    return int(re.search(rb"Collected : (\d+)", done.stderr).group(1))


def most(nr):
    """n log n, and a tenth for tables that had just grown."""
    return 1.1 * STEP * math.log(STEP * nr) / math.log(nr)


def is_too_much(once, more, nr):
    return more > once * most(nr)


def check(make, nr, commands):
    nr *= 1 if "areas" in make.__name__ else TIMES
    small, large = tree(make(nr)), tree(make(STEP * nr))
    for args in commands:
        name = "%s, %s" % (make.__name__.replace("_", " "), " ".join(args))
        if os.environ.get("SHAPES_ONLY", "") not in name:
            continue
        base = instructions(tree(make(1)), args)
        once, more = (instructions(where, args) - base for where in (small, large))
        told = "%d cost %d instructions, %d cost %d: %.2f times" % (
            nr, once, STEP * nr, more, more / once)
        ok(once > 0 and not is_too_much(once, more, nr),
           "%s: %d times cost %.1f times as much at most" % (name, STEP, most(nr)), told)
        print("#", told)


def check_memory():
    """A bitmap of stripes has a run for two pages, of which nothing is kept but the pages' bytes."""
    nr = 400000
    took = peak_kib("--root", tree(striped(nr)), "explain", "a", "64")
    spent = 1024 * (took - peak_kib("--root", tree(striped(1)), "explain", "a", "64")) / (32 * nr)
    ok(0.1 < spent < 4, "explain takes less than 4 bytes for a page of a striped area",
       "%.1f bytes" % spent)


for exponent, bad in ((1, False), (1.3, True), (2, True)):
    ok(is_too_much(400 ** exponent, 1600 ** exponent, 400) == bad,
       "n to the power %g is %s" % (exponent, "too much" if bad else "allowed"))
ok(not is_too_much(400 * math.log(400), 1600 * math.log(1600), 400), "n log n is allowed")
check_memory()
with open(LTPIN, "rb") as program:
    is_sanitized = b"__asan_init" in program.read()
if VALGRIND and not is_sanitized:
    for shape in SHAPES:
        check(*shape)
else:
    skip("what shapes cost", "the program has sanitizers, or there is no valgrind")
done()
