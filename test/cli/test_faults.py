#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
# Tried (SECURITY.md): a library ends the program
# Tried (SECURITY.md): memory limits from 6 to 66 MiB
# Tried (SECURITY.md): every call fails once: memory, open, read, write, streams, names, processes
"""Every call of every command fails once: memory, files, names, processes.

test/fault/fault.so makes the nth call of a kind fail. A command is run once to learn how many
calls it makes, then once for each way through the program that leads to one; a way that another
command has too is taken now and then. Whatever fails, the answer is whole and as without the fault,
or what is missing is named on standard error, and the exit status says which; nothing crashes,
leaks, or is left behind.

    FAULTS_ALL    every way in every command
    FAULTS_ONLY   commands whose name has this word
    FAULTS_KINDS  kinds of calls, by comma
"""
import errno
import re
import resource
import shutil
import subprocess
import sys

from harness import *

import tap

FAULT = os.path.join(os.path.abspath(os.environ.get("top_builddir", ".")), "test/fault/fault.so")
TREE = os.path.join(FIXTURES, "v6.12-x86_64-pinned")
SAVED = os.path.join(TOP, "test", "saved")
OLD = b"what was there before\n"

KINDS = {"malloc": errno.ENOMEM, "open": errno.EMFILE, "read": errno.EIO, "write": errno.ENOSPC,
         "stream": errno.ENOMEM, "fd": errno.EMFILE, "fork": errno.EAGAIN, "socket": errno.ENOBUFS,
         "ioctl": errno.ENOTTY, "dir": errno.EIO, "map": errno.ENOMEM, "stat": errno.EIO,
         "name": errno.ENOSPC, "seek": errno.EIO, "load": errno.ENOENT, "syscall": errno.EPERM,
         "wait": errno.ENOMEM, "sched": errno.EINVAL, "module": errno.ENOMEM}

WORK = scratch()


def saved(name):
    return os.path.join(SAVED, name)


def made(name, *args):
    """What a run of our own writes, to be read by another."""
    path = os.path.join(WORK, name)
    if run(*args, "-o", path).status not in (0, 3):
        sys.exit("Bail out! cannot make %s" % name)
    return path


def commands():
    """Name: arguments; OUT is where the result goes."""
    bundle = made("bundle.tar.gz", "--root", TREE, "capture")
    report = made("report.json", "report", TREE, "-f", "json")
    root = ("--root", TREE)
    return {
        "report": ("report", TREE, "-o", "OUT"),
        "report as Markdown": ("report", TREE, "-f", "markdown", "-o", "OUT"),
        "report as HTML": ("report", TREE, "-f", "html", "-o", "OUT"),
        "report as JSON": ("report", TREE, "-f", "json", "-o", "OUT"),
        "report of a bundle": ("report", bundle, "-f", "json", "-o", "OUT"),
        "report of files": ("report", os.path.join(TREE, "dmesg.txt"),
                            os.path.join(TREE, "proc/zoneinfo"), "-o", "OUT"),
        "report of a report": ("report", report, "-o", "OUT"),
        "rows of several": ("report", TREE, bundle, "-f", "ndjson", "-j1"),
        "report with our documents": (
            *root, "report", "--attempts", saved("attempts-6.12.json"), "--selftest",
            saved("selftest-6.12-kept.json"), "-f", "json", "-o", "OUT"),
        "report, redacted": ("report", TREE, "--redact", "-o", "OUT"),
        "capture, redacted": (*root, "capture", "--redact", "--dir", "OUT"),
        "areas": (*root, "areas", "-o", "OUT"),
        "zones": (*root, "zones", "-f", "json", "-o", "OUT"),
        "pages": (*root, "pages", "-o", "OUT"),
        "pages as JSON": (*root, "pages", "-f", "json", "-o", "OUT"),
        "owners": (*root, "owners", "--by", "stack,task", "-o", "OUT"),
        "explain": (*root, "explain", "reserved", "8192", "-o", "OUT"),
        "doctor": (*root, "doctor", "-o", "OUT"),
        "home": root,
        "top": (*root, "top", "--once"),
        "capture": (*root, "capture", "-o", "OUT"),
        "capture to a directory": (*root, "capture", "--dir", "OUT"),
        "module status": ("module", "status"),
        "help": ("help", "report"),
        "completion": ("completion", "bash"),
    }


class Outcome:
    def __init__(self, status, out, err, left):
        self.status = status
        self.out = out  # standard output, or what OUT came to
        self.err = err
        self.left = left  # names that do not belong there


def contents(path):
    """A file's bytes, or those of a directory's files."""
    if not os.path.isdir(path):
        with open(path, "rb") as file:
            return file.read()
    files = {}
    for where, _, names in os.walk(path):
        for name in names:
            inner = os.path.join(where, name)
            with open(inner, "rb") as file:
                files[os.path.relpath(inner, path)] = file.read()
    return files


class Runs:
    """Runs of one command, each in a directory of its own."""

    def __init__(self, name, args):
        self.name = name
        self.args = args
        self.to_file = "-o" in args and args[args.index("-o") + 1] == "OUT"
        self.nr = 0

    def run(self, kind, nth, calls=None, err=None):
        err = KINDS[kind] if err is None else err
        where = os.path.join(WORK, "run-%s-%d" % (kind, nth))
        for part in ("out", "tmp"):
            os.makedirs(os.path.join(where, part))
        out = os.path.join(where, "out", "result")
        if self.to_file and nth:
            with open(out, "wb") as file:
                file.write(OLD)
        env = dict(os.environ, FAULT_KIND=kind, FAULT_NTH=str(nth), FAULT_ERRNO=str(err),
                   FAULT_DONE=os.path.join(where, "done"), TMPDIR=os.path.join(where, "tmp"),
                   LD_PRELOAD=" ".join(PRELOAD), ASAN_OPTIONS=ASAN)
        limit = None
        if calls:
            env["FAULT_CALLS"] = calls
        if kind == "limit":
            def limit():
                resource.setrlimit(resource.RLIMIT_AS, (err, err))
            del env["LD_PRELOAD"]
        done = subprocess.run([LTPIN] + [out if arg == "OUT" else arg for arg in self.args],
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, env=env, timeout=120, check=False,
                              close_fds=False, preexec_fn=limit)
        has_failed = kind != "limit" and os.path.getsize(os.path.join(where, "done")) > 0
        left = os.listdir(os.path.join(where, "tmp")) + [
            name for name in os.listdir(os.path.join(where, "out")) if name != "result"]
        result = done.stdout
        if "OUT" in self.args:
            result = contents(out) if os.path.exists(out) else None
        shutil.rmtree(where)
        return has_failed, Outcome(done.returncode, result, done.stderr.decode(), left)


def is_sanitized():
    with open(LTPIN, "rb") as program:
        return b"__asan_init" in program.read()


def without_times(out):
    """META of a capture has when, and how long."""
    if isinstance(out, dict):
        return {name: data for name, data in out.items() if name != "META"}
    return re.sub(rb"reading took.*", b"", out) if isinstance(out, bytes) else out


def wrong(runs, good, got):
    """What is wrong with an outcome, or None."""
    if got.status < 0:
        return "died of signal %d" % -got.status
    if "Sanitizer" in got.err or "runtime error" in got.err:
        return "a sanitizer speaks"
    if got.left:
        return "left behind: %s" % got.left
    if got.status not in (good.status, 2, 3):
        return "status %d" % got.status
    if got.status == 2:
        if not got.err.strip():
            return "status 2 without a word"
        if "OUT" in runs.args and got.out not in (None, OLD):
            return "status 2, and there is a result"
        return None
    if got.out is None or got.out == OLD:
        return "status %d without a result" % got.status
    if got.status == 3 and not got.err.strip():
        return "status 3 without a word"
    if got.status == good.status and got.err == good.err and \
            without_times(got.out) != without_times(good.out):
        return "another result, and nothing says so"
    return None


def calls_of(runs, kind):
    """Which calls are to fail, by what way each came, and how the command ends without."""
    path = os.path.join(WORK, "calls")
    _, good = runs.run(kind, 0, path)
    with open(path, encoding="ascii") as file:
        calls = [line.split() for line in file]
    os.unlink(path)
    return [(int(number), way) for number, way, _ in calls], good


def chosen(calls, kind):
    """A way that failed in another command is taken only now and then."""
    some = []
    for i, (number, way) in enumerate(calls):
        is_known = (kind, way) in FAILED
        if ALL or (i % KNOWN_EACH == 0 if is_known else i % NEW_EACH == 0):
            some.append(number)
        FAILED.add((kind, way))
    return some


def check(name, args):
    runs = Runs(name, args)
    for kind in os.environ.get("FAULTS_KINDS", ",".join(KINDS)).split(","):
        calls, good = calls_of(runs, kind)
        bad, nr_failed = [], 0
        for call in chosen(calls, kind):
            has_failed, got = runs.run(kind, call)
            nr_failed += has_failed
            why = wrong(runs, good, got)
            if why:
                bad.append("%s %d: %s, status %d: %s" % (kind, call, why, got.status, got.err))
        if nr_failed or bad:
            ok(not bad, "%s: %s" % (name, kind), *bad)
        COUNTS[kind] = COUNTS.get(kind, 0) + nr_failed


def check_exit(args):
    """A library that ends the program does not choose its exit status."""
    runs = Runs("report of a bundle", args)
    has_failed, got = runs.run("load", 1, err=0)
    ok(has_failed and got.status == 2 and got.err == "ltpin: a library ended the program\n" and
       got.out == OLD and not got.left, "a library that calls exit(1)", got.status, got.err)


def check_limit(name, args):
    """The less memory there may be, the less is there; from too little to enough."""
    runs = Runs(name, args)
    _, good = runs.run("malloc", 0)
    limits = [(6 << 20) + i * (3 << 20) // 4 for i in range(80)]
    statuses, bad = set(), []
    for limit in limits:
        _, got = runs.run("limit", 1, err=limit)
        why = got.status != 127 and wrong(runs, good, got)  # 127: not even the program was loaded
        statuses.add(got.status)
        if why:
            bad.append("%d KiB: %s, status %d: %s" % (limit >> 10, why, got.status, got.err))
    ok(not bad and {2, good.status} <= statuses, "%s: from 6 to 66 MiB of memory" % name, *bad,
       statuses)


ALL = bool(os.environ.get("FAULTS_ALL"))
FAILED, COUNTS = set(), {}
SANITIZED = is_sanitized()
NEW_EACH, KNOWN_EACH = (6, 60) if SANITIZED else (1, 10)
ASAN = os.environ.get("ASAN_OPTIONS", "") + ":verify_asan_link_order=0:allocator_may_return_null=1"
PRELOAD = [FAULT]
ONLY = os.environ.get("FAULTS_ONLY", "")
COMMANDS = {command: words for command, words in commands().items() if ONLY in command}
for command, words in COMMANDS.items():
    check(command, words)
if not ONLY:
    check_exit(COMMANDS["report of a bundle"])
    for command in ("report of a bundle", "capture", "owners") if not SANITIZED else ():
        check_limit(command, COMMANDS[command])
for kind, count in COUNTS.items():
    tap.comment("%s: %d faults" % (kind, count))
for kind in () if ONLY or os.environ.get("FAULTS_KINDS") else ("malloc", "open", "read", "write", "stream"):
    ok(COUNTS[kind] > 10, "calls of %s failed" % kind, COUNTS)
done()
