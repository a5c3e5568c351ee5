# SPDX-License-Identifier: GPL-2.0-or-later
"""A device as large as a test wants: a captured tree whose every page is known here too."""
import os

from harness import copy_tree, json

BASE_PFN = 0x80000
BUDDY = 1 << 8
STATES = {  # refcount, mapcount, pins, flags
    "free": (0, 0, 0, BUDDY | 2),
    "lent": (1, 1, 0, 1 << 15 | 1 << 32 | 1 << 35 | 2),
    "pin": (1025, 1, 1, 9418863312896),
    "device": (1, 0, 0, 2),
}


def write(tree, path, data):
    path = os.path.join(tree, path)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as out:
        out.write(data)


def answer(source, **members):
    return json.dumps({"schema": "ltpin.answer/1", "ltpin_version": "0.0.0", "source": source,
                       **members, "result": {"errno": 0}}).encode()


def runs(states):
    """[(first, number, state)]: pinned pages one each, for each is a folio of its own."""
    first = 0
    for i in range(1, len(states) + 1):
        if i == len(states) or states[i] != states[first] or states[i] == "pin":
            yield first, i - first, states[first]
            first = i


def folios(states):
    return [dict(zip(("pfn", "nr_pages", "refcount", "mapcount", "pins", "flags"),
                     (BASE_PFN + first, nr) + STATES[state]))
            for first, nr, state in runs(states)]


def bitmap(states):
    words = [sum((states[i + bit] == "device") << bit for bit in range(32))
             for i in range(0, len(states), 32)]
    return (" ".join(map(str, words)) + "\n").encode()


def trace(attempts, task=b"camera-hal"):
    """Of (at, pages, blocking PFN or None), each of which tried one range from the first page on."""
    lines = [b"# tracer: nop"]
    for at, pages, pfn in attempts:
        def line(after, words):
            lines.append(b"%16s-96      [001] .....  %9.6f: %s" % (task, at + after, words))

        line(0, b"cma_alloc_start: name=reserved count=%d align=0" % pages)
        line(1e-6, b"test_pages_isolated: start_pfn=0x%x end_pfn=0x%x fin_pfn=0x%x ret=%s" %
             (BASE_PFN, BASE_PFN + pages, BASE_PFN + pages if pfn is None else pfn,
              b"success" if pfn is None else b"fail"))
        if pfn is not None:
            line(2e-6, b"cma_alloc_busy_retry: name=reserved pfn=0x%x page=0000000000000000 "
                 b"count=%d align=0" % (BASE_PFN, pages))
        line(3e-6, b"cma_alloc_finish: name=reserved pfn=0x%x page=%s count=%d align=0 errorno=%d" %
             ((BASE_PFN, b"00000000deadbeef", pages, 0) if pfn is None else
              (0, b"0000000000000000", pages, -16)))
    return b"\n".join(lines) + b"\n"


def make(states, attempts, comm="camera-hal"):
    """The tree; @states has one of STATES for each page, @attempts is as trace() takes it."""
    tree = copy_tree("v6.12-x86_64-pinned")
    cma = "sys/kernel/debug/cma/reserved/"
    pinned = [BASE_PFN + i for i, state in enumerate(states) if state == "pin"]
    for name, value in (("count", len(states)), ("base_pfn", BASE_PFN), ("order_per_bit", 0),
                        ("used", states.count("device")), ("maxchunk", len(states))):
        write(tree, cma + name, b"%d\n" % value)
    write(tree, cma + "bitmap", bitmap(states))
    write(tree, "sys/kernel/tracing/trace", trace(attempts))
    write(tree, "dmesg.txt", b"[    0.000000] Linux version 6.12.117\n")
    write(tree, "sys/kernel/debug/page_owner", b"")
    write(tree, "ltpin/module.json", answer("module", folios=folios(states)))
    write(tree, "ltpin/kpageflags.json", answer(
        "kpageflags", pins=[{"pfn": pfn, "class": "anon", "mapcount": 1} for pfn in pinned]))
    write(tree, "ltpin/pagemap.json", answer(
        "pagemap", pins=[{"pfn": pfn, "mapped_by_total": 1} for pfn in pinned],
        mappers=[{"pfn": pfn, "pid": 60, "comm": comm, "vma": "anonymous",
                  "vma_kind": "anonymous", "addr": 0x7f0000000000 + 4096 * pfn} for pfn in pinned]))
    return tree


__all__ = ["BASE_PFN", "make", "write"]
