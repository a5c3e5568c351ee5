#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
# Tried (SECURITY.md): time and memory that grow faster than the input
"""Eight times the input takes about eight times as long, whatever was forged to make it longer."""
import resource

from harness import *

LEAST_S = 0.02  # less is the program's start alone
TIMES, GROWTH_MAX = 8, 24  # n log n makes 10 of it, n squared 64; clock and caches the rest
BASE_PFN, NR_PAGES = 0x100000, 1 << 20
FORMATS = ("text", "json")


def log_of_failures(nr):
    """Every request has a size of its own."""
    return {"dmesg.txt": "".join(
        "[%5d.%06d] cma: cma_alloc: a: alloc failed, req-size: %d pages, ret: -12\n" %
        (i // 1000, i % 1000, i + 1) for i in range(nr))}


def log_of_busy_ranges(nr):
    return {"dmesg.txt": "".join(
        "[%5d.%06d] alloc_contig_range: [%x, %x) PFNs busy\n" %
        (2 * i, 0, BASE_PFN + i, BASE_PFN + i + 1 + i % 7) for i in range(nr))}


def log_of_long_lines(nr):
    """What begins an envelope again and again, and is none; up to the longest line that is kept."""
    units = ("[", "12:", "ab:", '{"a":[', "<a", "> ", "&", "\x1b[", "[   50.000001] {", "cma: c ", "a=b ", "x\r")
    return {"dmesg.txt": "[   50.000001] usb: a\n" + "".join(
        unit * (nr // len(unit)) + "\n" for unit in units)}


def trace_of_failures(nr):
    """Every attempt fails by a page of its own, the last page first."""
    lines = ["# tracer: nop\n"]
    for i in range(nr):
        stamp = "  task-%d [000] .....  %d.%06d: " % (i, i // 1000, i % 1000)
        first, blocker = BASE_PFN, BASE_PFN + 2 * (nr - i)
        lines += [
            stamp + "cma_alloc_start: name=a count=%d align=0\n" % (2 * nr + i),
            stamp + "test_pages_isolated: start_pfn=0x%x end_pfn=0x%x fin_pfn=0x%x ret=fail\n" %
            (first, first + 2 * nr + i, blocker),
            stamp + "cma_alloc_finish: name=a pfn=0x0 page=0000000000000000 count=%d align=0 "
            "errorno=-16\n" % (2 * nr + i)]
    return {"sys/kernel/tracing/trace": "".join(lines)}


def log_and_trace(nr):
    """Every call stands in both, all of them asked for the same within a second."""
    return {"dmesg.txt": "".join(
        "[    5.%06d] cma: cma_alloc: a: alloc failed, req-size: 64 pages, ret: -16\n" % i
        for i in range(nr)), "sys/kernel/tracing/trace": "# tracer: nop\n" + "".join(
            "  task-%d [000] .....  5.%06d: cma_alloc_start: name=a count=64 align=0\n"
            "  task-%d [000] .....  5.%06d: cma_alloc_finish: name=a pfn=0x0 "
            "page=0000000000000000 count=64 align=0 errorno=-16\n" % (i, i, i, i)
            for i in range(nr))}


def buffers(nr):
    """Every buffer has an exporter and a device of its own."""
    head = ("\nDma-buf Objects:\nsize    \tflags   \tmode    \tcount   \texp_name\tino     \tname\n")
    return {"sys/kernel/debug/dma_buf/bufinfo": head + "".join(
        "%08d\t00000002\t00080007\t00000002\texp%d\t%08d\t<none>\n\tAttached Devices:\n\tdev%d\n"
        "Total 1 devices attached\n\n" % (4096, i, i + 1, i) for i in range(nr)) +
        "\nTotal %d objects, %d bytes\n" % (nr, 4096 * nr)}


def drivers(nr):
    """page_owner: every page of the area was allocated by a stack of its own."""
    return {
        "sys/kernel/debug/page_owner": "".join(
            "Page allocated via order 0, mask 0xcc0(GFP_KERNEL), pid %d, tgid %d (task%d), ts 1 ns\n"
            "PFN 0x%x type Movable Block 2048 type CMA Flags 0x0()\n"
            " cma_alloc+0x1/0x2\n driver%d_alloc+0x%x/0x9 [driver%d]\n\n" %
            (i, i, i, BASE_PFN + i, i, i, i) for i in range(nr)),
        "sys/kernel/debug/cma/a/bitmap": " ".join(["4294967295"] * (NR_PAGES // 32)) + "\n",
        "sys/kernel/debug/cma/a/used": "%d\n" % NR_PAGES}


def areas_and_answer(nr, source):
    """What was kept of the pages grows with the areas, the highest of which comes first."""
    files = {"ltpin/%s.json" % source: json.dumps({
        "schema": "ltpin.answer/1", "source": source,
        "folios": [{"pfn": BASE_PFN + i, "nr_pages": 1, "refcount": 1 + i % 2, "mapcount": 1,
                    "pins": 0, "flags": 5} for i in range(10 * nr)],
        "result": {"errno": 0}})}
    for i in range(nr):
        for name, number in (("base_pfn", BASE_PFN + 10 * (nr - 1 - i)), ("count", 10),
                             ("order_per_bit", 0)):
            files["sys/kernel/debug/cma/a%d/%s" % (i, name)] = "%d\n" % number
    return files


def areas_of_module(nr):
    return areas_and_answer(nr, "module")


def areas_of_kcore(nr):
    return areas_and_answer(nr, "kcore")


def tree(files):
    where = scratch()
    common = {} if "sys/kernel/debug/cma/a0/count" in files else {
              "sys/kernel/debug/cma/a/base_pfn": "%d\n" % BASE_PFN,
              "sys/kernel/debug/cma/a/count": "%d\n" % NR_PAGES,
              "sys/kernel/debug/cma/a/order_per_bit": "0\n"}
    common["proc/version"] = "Linux version 6.12.0 (a@b) (gcc) #1 SMP\n"
    for path, text in {**common, **files}.items():
        path = os.path.join(where, path)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w") as file:
            file.write(text)
    return where


def seconds(where, form):
    """Processor time of the quicker of two runs, which both have an answer."""
    times = []
    for _ in range(2):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        result = (run("--root", where, "top", "--once", "--view", "failures") if form == "top" else
                  run("report", where, "-f", form))
        if not result.out:
            return float("inf")
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        times.append(after.ru_utime - before.ru_utime)
    return min(times)


def growth_of(small, large, form):
    """Whatever else the machine does makes a run slower, never quicker: so look again."""
    once = more = float("inf")
    for _ in range(4):
        once, more = min(once, seconds(small, form)), min(more, seconds(large, form))
        if more / max(once, LEAST_S) <= GROWTH_MAX:
            break
    return once, more, more / max(once, LEAST_S)


def check(make, nr, forms=FORMATS):
    small, large = tree(make(nr)), tree(make(TIMES * nr))
    for form in forms:
        once, more, growth = growth_of(small, large, form)
        told = "%d take %.3f s, %d take %.3f s: %.1f times" % (nr, once, TIMES * nr, more, growth)
        ok(growth <= GROWTH_MAX, "%s, %s" % (make.__name__, form), told)
        print("#", told)


check(log_of_failures, 6000)
check(log_of_busy_ranges, 6000)
check(log_of_long_lines, 120000, ("json",))
check(trace_of_failures, 3000)
check(log_and_trace, 3000, FORMATS + ("top",))
check(buffers, 3000)
check(drivers, 3000)
check(areas_of_module, 250)
check(areas_of_kcore, 250)
done()
