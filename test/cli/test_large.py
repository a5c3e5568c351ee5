#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
# Tried (SECURITY.md): time and memory that grow faster than the input
"""Input far larger than memory allows for: a page_owner text, lines of many MiB, many requests.

The large text is real text repeated, made on the fly and never stored. What it must come to is
counted here, independently of the program.
"""
import collections
import re
import subprocess
import threading

from harness import *

CMA_TEXT = os.path.join(FIXTURES, "v5.10-x86-custom-cmaheavy", "page_owner.cma-records.txt")
CUT_TEXT = os.path.join(FIXTURES, "v6.12-x86-custom", "sys/kernel/debug/page_owner")

MB = 1000 * 1000
PEAK_MAX_KIB = 32 * 1000
LINE_MIB = 10
NR_REQUESTS = 10000
EMPTY = scratch()


def is_sanitized():
    with open(LTPIN, "rb") as program:
        return b"__asan_init" in program.read()


def pages_of(record):
    return 1 << int(re.match(rb"Page allocated via order (\d+),", record).group(1))


def stack_of(record):
    return tuple(line[1:].decode() for line in record.split(b"\n") if line.startswith(b" "))


def peak_kib(pid):
    """What was resident at most; 0 once it is gone. (getrusage() counts us, before the exec.)"""
    with open("/proc/%d/status" % pid) as status:
        match = re.search(r"^VmHWM:\s*(\d+) kB", status.read(), re.M)
    return int(match.group(1)) if match else 0


def run_on_repeated(block, repeats, *args):
    """Run on @block written to a pipe @repeats times: status, output, peak memory in KiB."""
    child = subprocess.Popen([LTPIN, *args], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    out = []
    peaks = []

    def take_output():
        out.append(child.stdout.read(1))
        peaks.append(peak_kib(child.pid))  # grouping is over
        out.append(child.stdout.read())

    reader = threading.Thread(target=take_output)
    reader.start()
    try:
        for _ in range(repeats):
            child.stdin.write(block)
        child.stdin.flush()
        peaks.append(peak_kib(child.pid))
        child.stdin.close()
    except BrokenPipeError:
        pass  # it died; its status tells
    reader.join()
    return child.wait(), b"".join(out), max(peaks)


def check_large(size, operand):
    records = page_owner_records(CMA_TEXT) + page_owner_records(CUT_TEXT)
    block = b"".join(record + b"\n\n" for record in records)
    repeats = size // len(block) + 1
    want = collections.Counter()
    for record in records:
        want[stack_of(record)] += pages_of(record) * repeats

    name = "%d MB through a pipe as %s: " % (len(block) * repeats // MB, operand)
    status, out, peak = run_on_repeated(block, repeats, "owners", operand, "-f", "json")
    if not equal(status, 0, name + "exit status"):
        return
    got = json.loads(out)
    equal(got["nr_records"], len(records) * repeats, name + "every record counted")
    equal(got["nr_unknown_lines"], 0, name + "every line understood")
    equal({tuple(group.get("stack", ())): group["nr_pages"] for group in got["groups"]},
          dict(want), name + "the groups that were counted here")
    sizes = [group["nr_pages"] for group in got["groups"]]
    equal(sizes, sorted(sizes, reverse=True), name + "largest first")
    if is_sanitized():
        skip(name + "memory", "sanitizers take more than the program")
    else:
        ok(0 < peak < PEAK_MAX_KIB, name + "at most %d KiB resident" % peak, PEAK_MAX_KIB)


def attempts_of_log(log):
    return run("report", "-f", "json", "--root", EMPTY, "--dmesg", "-", stdin=log).json()["attempts"]


def check_long_lines():
    """One line of many MiB, of each kind that a parser looks into."""
    with open(os.path.join(TOP, "test", "logs", "28-wording-6.12.log"), "rb") as file:
        log = file.read()
    whole = attempts_of_log(log)
    ok(whole, "the log without a long line has attempts")
    for part in (b"[a]", b"cma: ", b"1@2+", b"kernel: ", b"(0): ", b" "):
        line = part * (LINE_MIB * 1024 * 1024 // len(part)) + b"\n"
        equal(attempts_of_log(line + log), whole,
              "%d MiB of %r change nothing" % (LINE_MIB, part.decode()))


def check_many_requests():
    log = b"".join(b"[%5d.000000] cma: cma_alloc: a%d: alloc failed, req-size: %d pages, ret: -12\n"
                   % (i, i % 7, i + 1) for i in range(NR_REQUESTS))
    equal(len(attempts_of_log(log)), NR_REQUESTS, "%d different requests" % NR_REQUESTS)


check_large(25 * MB if is_sanitized() else 250 * MB, "-")
check_large(5 * MB, "/dev/stdin")
check_long_lines()
check_many_requests()
done()
