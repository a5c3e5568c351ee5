#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""`report -f ndjson` of many captures, several at the same time: whatever their number, the same bytes.

A reader that waits is one of a FIFO that nobody writes to: so no test depends on who is faster.
"""
import fcntl
import pty
import resource
import select
import signal
import subprocess
import time

import world
from harness import *

# A test in the background is started with it ignored, and all that it starts would be too.
signal.signal(signal.SIGINT, signal.default_int_handler)

PINNED = [os.path.join(FIXTURES, tree) for tree in TREES if tree.endswith("-pinned")]
DEADLINE_S = 60  # nothing is asserted about time; without an end a test would hang


def rows(*args):
    result = run("report", "-f", "ndjson", *args)
    return result.status, result.out, result.err


def log():
    with open(os.path.join(PINNED[0], "dmesg.txt"), "rb") as file:
        return file.read()


def bad_ones():
    """What is named, and a word of why it cannot be read."""
    bundle = os.path.join(scratch(), "whole.tar.gz")
    run("--root", PINNED[0], "capture", "-o", bundle)
    with open(bundle, "rb") as file:
        whole = file.read()
    return {put(whole[:len(whole) // 2], "cut.tar.gz"): "", put(b"", "empty.tar.gz"): "empty",
            os.path.join(scratch(), "missing.tar.gz"): "No such file", scratch(): ""}


def check_same():
    """In the order of the arguments, byte for byte, messages too."""
    files = PINNED + list(bad_ones()) + [os.path.join(FIXTURES, tree) for tree in TREES]
    apart = [rows(path, PINNED[0], "-j1")[1] for path in files]
    first = rows(PINNED[0], PINNED[0], "-j1")[1]
    first = first[:len(first) // 2]
    one = rows("-j1", *files)
    ok(one[0] == 2 and len(one[1].splitlines()) > 100, "many captures, and bad ones", one[2])
    ok(one[1] == b"".join(out[:-len(first)] for out in apart), "are the rows of each")
    for jobs in ("-j2", "-j4", "--jobs=40", "-j256"):
        equal(rows(jobs, *files), one, "%s: the same output, messages and status" % jobs)
    equal(rows(*files), one, "and without a number")


def check_bad():
    for path, why in bad_ones().items():
        name = os.path.basename(path)
        for files in ((path, *PINNED), (PINNED[0], path, *PINNED[1:]), (*PINNED, path)):
            for jobs in ("-j1", "-j4"):
                status, out, err = rows(jobs, *files)
                equal(out, rows(*PINNED)[1], "%s %s at %d: the others are there" % (jobs, name, files.index(path)))
                ok(status == 2 and path in err and why in err, "and it is named", status, err)
    bad = next(iter(bad_ones()))
    out = os.path.join(scratch(), "rows")
    ok(run("report", "-f", "ndjson", *PINNED, bad, "-o", out).status == 2 and
       put(rows(*PINNED)[1]) and open(out, "rb").read() == rows(*PINNED)[1], "also with -o")
    incomplete = copy_tree("v6.12-x86_64-pinned")
    os.unlink(os.path.join(incomplete, "proc/zoneinfo"))
    os.mkdir(os.path.join(incomplete, "proc/zoneinfo"))
    status, _, err = rows(PINNED[0], incomplete)
    ok(status == 3 and all(incomplete in line for line in err.splitlines()) and err,
       "what could not be read has the name of the capture", status, err)
    equal(rows(PINNED[0], incomplete, bad)[0], 2, "failed is worse than incomplete")
    equal(rows(PINNED[0], incomplete, "--fail-on", "critical")[0], 1, "and so is bad")
    full = run("report", "-f", "ndjson", *PINNED, "-o", "/dev/full")
    ok(full.status == 2 and "No space left" in full.err, "no room for the output", full.err)


def check_half():
    """Rows are there as a whole or not at all: whoever writes more than he may dies of it."""
    tree = world.make(["pin"] * 64, [(10 + i, 64, world.BASE_PFN) for i in range(200)])
    long, short = [tree, tree + "/."], PINNED[0]
    limit = 16384
    ok(len(rows(tree)[1]) > 2 * limit > 2 * len(rows(short)[1]), "one with many rows")
    done = subprocess.run([LTPIN, "report", "-f", "ndjson", *long, short], check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)))
    equal((done.returncode, done.stdout), (2, rows(short)[1]), "no half of what was cut off")
    ok(done.stderr.decode().count(tree) == 2 and tree + "/." in done.stderr.decode(), "each is named", done.stderr)


def check_usage():
    for value in ("0", "257", "-1", "x", ""):
        result = run("report", "-j", value, *PINNED, "-f", "ndjson")
        ok(result.status == 2 and not result.out and "--jobs" in result.err, "-j '%s'" % value, result.err)
    equal(run("report", "-j4", PINNED[0]).out, run("report", PINNED[0]).out, "-j for one changes nothing")


def workers_of(pid):
    """Its children that live."""
    found = []
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open("/proc/%s/stat" % name) as file:
                state, parent = file.read().rsplit(")", 1)[1].split()[:2]
        except OSError:
            continue
        if int(parent) == pid and state != "Z":
            found.append(int(name))
    return found


def until(condition):
    """What it came to; None if it never did."""
    end = time.monotonic() + DEADLINE_S
    while time.monotonic() < end:
        found = condition()
        if found:
            return found
        time.sleep(0.02)
    return None


class Waiting:
    """Reads captures between two FIFOs, whose readers wait until they are fed."""

    def __init__(self, jobs="-j3", stderr=subprocess.PIPE):
        self.fifos = [os.path.join(scratch(), name) for name in ("first", "last")]
        for fifo in self.fifos:
            os.mkfifo(fifo)
        self.child = subprocess.Popen(
            [LTPIN, "report", "-f", "ndjson", jobs, self.fifos[0], *PINNED, self.fifos[1]],
            stdout=subprocess.PIPE, stderr=stderr, stdin=subprocess.DEVNULL)
        # One waits from the start on, and nothing of the others can be printed before.
        self.readers = until(lambda: workers_of(self.child.pid)) or []

    def feed(self, fifo, data):
        """False if nobody reads it any more."""
        def try_open():
            try:
                return os.open(fifo, os.O_WRONLY | os.O_NONBLOCK) + 1
            except OSError:
                return 0
        fd = until(try_open)
        if not fd:
            return False
        fcntl.fcntl(fd - 1, fcntl.F_SETFL, 0)
        with os.fdopen(fd - 1, "wb") as out:
            out.write(data)
        return True


def check_dead_worker():
    """One that dies takes nobody with it, and its file is named."""
    waiting = Waiting("-j1")
    if not ok(len(waiting.readers) == 1, "the reader of the first waits"):
        return
    os.kill(waiting.readers[0], signal.SIGKILL)
    ok(waiting.feed(waiting.fifos[1], log()), "the last is read all the same")
    out, err = waiting.child.communicate(timeout=DEADLINE_S)
    last = rows(put(log()))[1]
    ok(waiting.child.returncode == 2 and last, "status 2", waiting.child.returncode)
    equal(out, rows(*PINNED)[1] + last, "the rows of all others")
    ok(waiting.fifos[0] in err.decode() and "signal 9" in err.decode() and waiting.fifos[1] not in err.decode(),
       "and which one has none", err)


def check_killed():
    """However it ends, nobody is left who reads."""
    for number in (signal.SIGKILL, signal.SIGTERM, signal.SIGINT):
        waiting = Waiting()
        readers = workers_of(waiting.child.pid)
        os.kill(waiting.child.pid, number)
        waiting.child.wait()
        ok(readers and until(lambda: not any(os.path.exists("/proc/%d/exe" % pid) for pid in readers)),
           "%s: no process is left" % number.name, readers)
        waiting.child.communicate()
    waiting = Waiting()
    readers = workers_of(waiting.child.pid)
    waiting.child.stdout.close()  # as head(1) does
    ok(waiting.feed(waiting.fifos[0], log()), "the output is closed")
    ok(waiting.child.wait() in (-signal.SIGPIPE, 2) and
       until(lambda: not any(os.path.exists("/proc/%d/exe" % pid) for pid in readers)),
       "nobody reads: no process is left", waiting.child.returncode)
    waiting.child.communicate()


def check_progress():
    """On a terminal alone, and gone at the end."""
    control, terminal = pty.openpty()
    waiting = Waiting(stderr=terminal)
    os.close(terminal)
    seen = b""

    def has_shown():
        nonlocal seen
        while select.select([control], [], [], 0)[0]:
            try:
                seen += os.read(control, 4096)
            except OSError:  # the other end is closed
                break
        return b"captures read: 0 of %d" % (len(PINNED) + 2) in seen
    ok(until(has_shown), "how many were read is shown on a terminal", seen)
    for fifo in waiting.fifos:
        waiting.feed(fifo, log())
    out, _ = waiting.child.communicate(timeout=DEADLINE_S)
    has_shown()
    last = rows(put(log()))[1]
    equal(out, last + rows(*PINNED)[1] + last, "and is no part of the output")
    ok(seen.endswith(b"\r\x1b[K") and b"\n" not in seen, "and is taken away", seen)
    os.close(control)
    waiting = Waiting()
    for fifo in waiting.fifos:
        waiting.feed(fifo, log())
    equal(waiting.child.communicate(timeout=DEADLINE_S)[1], b"", "elsewhere nothing is said")


def check_memory():
    few, many = peak_kib("report", "-f", "ndjson", "-j2", *PINNED[:2]), \
        peak_kib("report", "-f", "ndjson", "-j2", *PINNED[:2] * 40)
    ok(few and many < few * 1.2, "memory does not grow with the number of captures", few, many)


check_same()
check_bad()
check_half()
check_usage()
check_dead_worker()
check_killed()
check_progress()
check_memory()
done()
