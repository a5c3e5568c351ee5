#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Texts for measurements: the same arguments give the same bytes, of any length.

    inputs.py page-owner STACKS BYTES    as 6.12 prints it; its stacks are drawn one by one, the
                                         first ones more often: real texts have runs of one stack,
                                         which are easier
    inputs.py log BYTES                  a kernel log in which cma_alloc() fails now and then
    inputs.py journal BYTES              the same as `journalctl -o json` has it
    inputs.py trace EVENTS               a text trace of attempts, every fourth of which fails
"""
import bisect
import itertools
import json
import random
import sys

SEED = 18
NR_TASKS = 300
BLOCK = 4096  # what is made at a time

ENTRIES = (
    ("do_syscall_64+0x50/0x100", "entry_SYSCALL_64_after_hwframe+0x4b/0x53"),
    ("do_user_addr_fault+0x159/0x5e0", "exc_page_fault+0x7c/0x140", "asm_exc_page_fault+0x2b/0x30"),
    ("kthread+0xd2/0x100", "ret_from_fork+0x34/0x50", "ret_from_fork_asm+0x1a/0x30"),
)
ALLOC = ("get_page_from_freelist+0x1279/0x1400", "__alloc_pages_noprof+0x112/0x200")
FLAGS = (("0x140cca", "GFP_HIGHUSER_MOVABLE|__GFP_COMP", "Movable"),
         ("0x140dca", "GFP_HIGHUSER_MOVABLE|__GFP_COMP|__GFP_ZERO", "Movable"),
         ("0xcc0", "GFP_KERNEL", "Unmovable"), ("0x2cc0", "GFP_KERNEL|__GFP_NOWARN", "Unmovable"),
         ("0xd20c0", "__GFP_IO|__GFP_FS|__GFP_NOWARN|__GFP_NORETRY|__GFP_COMP|__GFP_NOMEMALLOC",
          "Reclaimable"))
PAGE_FLAGS = ("0x4000000000020808(uptodate|owner_2|swapbacked|zone=1)",
              "0x400000000002003c(referenced|uptodate|dirty|lru|swapbacked|zone=1)",
              "0x4000000000000000(zone=1)", "0x400000000000082c(referenced|uptodate|lru|owner_2|zone=1)")
TASKS = ("systemd", "sh", "camera-hal", "surfaceflinger", "kworker/u9:2", "ModemManager", "cat")


def functions(rng):
    """Names of functions, as long as the kernel's are."""
    words = ("alloc", "page", "folio", "shmem", "ext4", "inode", "map", "range", "get", "do", "vm",
             "handle", "fault", "read", "write", "iter", "submit", "bio", "dma", "buf", "net", "skb")
    names = ["_".join(rng.choices(words, k=rng.randint(2, 4))) for _ in range(4000)]
    return ["%s+0x%x/0x%x" % (name, rng.randint(4, 0x600), rng.randint(0x600, 0x1500))
            for name in names]


def stacks(rng, nr):
    """@nr different ones; neighbours share frames, as calls of one function do."""
    names = functions(rng)
    trunks = [rng.choices(names, k=8) for _ in range(1 + nr // 8)]
    seen = set()
    while len(seen) < nr:
        trunk = rng.choice(trunks)
        frames = (*ALLOC, *rng.choices(names, k=rng.randint(1, 4)), *trunk[:rng.randint(3, 8)],
                  *rng.choice(ENTRIES))
        if frames not in seen:
            seen.add(frames)
            yield "".join(" %s\n" % frame for frame in frames) + "\n"


def page_owner(nr_stacks, size, out):
    rng = random.Random(SEED)
    bodies = list(stacks(rng, nr_stacks))
    weights = list(itertools.accumulate(1 / (i + 20) for i in range(nr_stacks)))
    pids = [rng.randrange(1, 4000) for _ in range(NR_TASKS)]
    pfn, ts_ns, done = 0x1000, 2 * 10 ** 9, 0
    while done < size:
        records = []
        for _ in range(BLOCK):
            body = bodies[bisect.bisect(weights, rng.random() * weights[-1])]
            mask, words, kind = FLAGS[rng.randrange(len(FLAGS))]
            order = (0, 0, 0, 0, 0, 0, 1, 3)[rng.randrange(8)]
            pid = pids[int(rng.random() ** 2 * len(pids))]
            records.append(
                "Page allocated via order %d, mask %s(%s), pid %d, tgid %d (%s), ts %d ns\n"
                "PFN 0x%x type %s Block %d type %s Flags %s\n%s" %
                (order, mask, words, pid, pid, TASKS[pid % len(TASKS)], ts_ns, pfn, kind, pfn >> 9,
                 "CMA" if pfn >> 16 & 7 == 3 else kind, PAGE_FLAGS[pid % len(PAGE_FLAGS)], body))
            pfn += 1 << order
            ts_ns += rng.randrange(1, 200000)
        text = "".join(records).encode()
        done += out.write(text)


def log_lines():
    """Times in ns and messages, without end."""
    rng = random.Random(SEED)
    drivers = ("usb 1-1", "mmc0", "EXT4-fs (mmcblk0p2)", "imx-sdma 302c0000.dma-controller", "systemd[1]")
    texts = ("new high-speed device number %d", "card never left busy state, tuning %d", "mounted %d",
             "channel %d terminated", "Started Session %d of user root.")
    for i in itertools.count():
        ns = 10 ** 9 + i * 1000003
        if i % 1000:
            which = rng.randrange(len(drivers))
            yield ns, drivers[which] + ": " + texts[which] % rng.randrange(1000)
        else:
            yield ns, ("cma: __cma_alloc: reserved: alloc failed, req-size: %d pages, ret: %d" %
                       (rng.randrange(1, 4096), (-12, -16)[rng.randrange(2)]))


def log(size, out, form):
    lines = log_lines()
    done = 0
    while done < size:
        text = "".join(form(*next(lines)) for _ in range(BLOCK))
        done += out.write(text.encode())


def syslog_form(ns, text):
    return "[%5d.%06d] %s\n" % (ns // 10 ** 9, ns // 1000 % 10 ** 6, text)


def journal_form(ns, text):
    return json.dumps({"_TRANSPORT": "kernel", "PRIORITY": "6", "SYSLOG_IDENTIFIER": "kernel",
                       "_BOOT_ID": "b0b0b0b0b0b04b0b8b0b0b0b0b0b0b0b",
                       "__REALTIME_TIMESTAMP": str(1790000000000000 + ns // 1000),
                       "__MONOTONIC_TIMESTAMP": str(ns // 1000),
                       "_SOURCE_MONOTONIC_TIMESTAMP": str(ns // 1000), "MESSAGE": text}) + "\n"


def trace(nr_events, out):
    rng = random.Random(SEED)
    out.write(b"# tracer: nop\n#\n")
    for i in range(0, nr_events, 4):
        pages, us, fails = 1 << rng.randrange(10), 1000000 + i * 50, i % 16 == 0
        first = 0x40000 + rng.randrange(0x4000)
        head = "     camera-hal-%d     [00%d] ..... " % (800 + i % 7, i % 4)
        out.write("".join(
            "%s%5d.%06d: %s\n" % (head, (us + at) // 10 ** 6, (us + at) % 10 ** 6, event)
            for at, event in enumerate((
                "cma_alloc_start: name=reserved count=%d align=0" % pages,
                "test_pages_isolated: start_pfn=0x%x end_pfn=0x%x fin_pfn=0x%x ret=%s" %
                (first, first + pages, first + (0 if fails else pages), "fail" if fails else "success"),
                "cma_alloc_busy_retry: name=reserved pfn=0x%x page=00000000 count=%d align=0" %
                (first, pages) if fails else
                "cma_release: name=reserved pfn=%x page=00000000 count=%d" % (first, pages),
                "cma_alloc_finish: name=reserved pfn=0x%x page=%s count=%d align=0 errorno=%d" %
                (first, "00000000" if fails else "0badcafe", pages, -16 if fails else 0)))).encode())


def main():
    out = sys.stdout.buffer
    kind, *numbers = sys.argv[1:]
    numbers = [int(number) for number in numbers]
    make = {"page-owner": lambda: page_owner(*numbers, out),
            "log": lambda: log(*numbers, out, syslog_form),
            "journal": lambda: log(*numbers, out, journal_form),
            "trace": lambda: trace(*numbers, out)}
    make[kind]()


if __name__ == "__main__":
    main()
