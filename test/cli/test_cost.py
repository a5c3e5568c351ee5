#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What a record or a line costs in instructions: not more than it did.

The difference between a long input and a short one, so that the start of the program is no part of
it. A compiler, a C library and the processor's abilities give other counts: test/bench/costs.json
has those of each, by name. `test_cost.py --refresh` writes those of this machine anew, after a
change that is meant to cost more, or one that is better and shall stay so.
"""
import io
import json
import platform
import re
import shutil
import subprocess
import sys

from harness import *

sys.path.insert(0, os.path.join(TOP, "test", "bench"))
import inputs  # noqa: E402
import tap  # noqa: E402

COSTS = os.path.join(TOP, "test", "bench", "costs.json")
WORSE = 1.05
VALGRIND = shutil.which("valgrind")
WORK = scratch()
EMPTY = scratch()


def made(make, *args):
    out = io.BytesIO()
    make(*args, out)
    return out.getvalue()


def records_of(nr_stacks):
    """Those of a page_owner text."""
    return [record + b"\n\n" for record in made(inputs.page_owner, nr_stacks, 1).split(b"\n\n")[:-1]]


def lines_of(form):
    """More than what is looked at of a file to find out what it is."""
    out = io.BytesIO()
    inputs.log(2 ** 20, out, form)
    return out.getvalue().splitlines(True)


CASES = (
    ("a record of page_owner, known stack", lambda: records_of(60), 1000, ("owners", "FILE")),
    ("a record of page_owner, any stack", lambda: records_of(100000), 500, ("owners", "FILE")),
    ("a record of page_owner, by task", lambda: records_of(60), 1000,
     ("owners", "--by", "task", "FILE")),
    ("a line of a kernel log", lambda: lines_of(inputs.syslog_form), 8000,
     ("--root", EMPTY, "report", "--dmesg", "FILE")),
    ("a line of a journal", lambda: lines_of(inputs.journal_form), 1000,
     ("--root", EMPTY, "report", "--dmesg", "FILE")),
)


def instructions(*args):
    command = [VALGRIND, "--tool=callgrind", "--callgrind-out-file=/dev/null", LTPIN, *args]
    done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False,
                          env={"PATH": "/usr/bin:/bin", "LC_ALL": "C"})
    return int(re.search(rb"Collected : (\d+)", done.stderr).group(1))


def cost(make, nr, command):
    """Instructions of one more piece of the input, of @nr more."""
    pieces = make()
    counts = []
    for length in nr, 2 * nr:
        path = os.path.join(WORK, "input")
        with open(path, "wb") as file:
            file.write(b"".join(pieces[:length]))
        counts.append(instructions(*[path if word == "FILE" else word for word in command]))
    return round((counts[1] - counts[0]) / nr)


def build():
    """What the counts depend on, or why they cannot be compared."""
    with open(LTPIN, "rb") as program:
        code = program.read()
    compiler = re.search(rb"(GCC|clang version)[^\0]*", code)
    with open(os.path.join(os.environ["top_builddir"], "Makefile"), encoding="utf-8") as file:
        flags = re.search(r"^CFLAGS = (.*)", file.read(), re.M).group(1)
    if b"__asan_init" in code or not compiler:
        return None, "the program has sanitizers, or does not say which compiler made it"
    if not VALGRIND:
        return None, "there is no valgrind"
    with open("/proc/cpuinfo", encoding="ascii") as file:
        wide = "avx2" if re.search(r"\bavx2\b", file.read()) else "no avx2"
    return ", ".join((platform.machine(), wide, compiler.group().decode(),
                      " ".join(platform.libc_ver()), flags)), None


def is_worse(got, was):
    return got > was * WORSE


def check_costs(name, was):
    for case, make, nr, command in CASES:
        label = "%s costs %d instructions at most" % (case, was.get(case, 0) * WORSE)
        if case not in was:
            skip(case, "its count is not in costs.json for %s" % name)
            continue
        got = cost(make, nr, command)
        ok(not is_worse(got, was[case]), label, "%d now, %d before: %+.1f%%" %
           (got, was[case], 100 * (got / was[case] - 1)))
        tap.comment("%s: %d, was %d" % (case, got, was[case]))


def refresh(name):
    with open(COSTS, encoding="utf-8") as file:
        costs = json.load(file)
    costs[name] = {case: cost(make, nr, command) for case, make, nr, command in CASES}
    with open(COSTS, "w", encoding="utf-8") as file:
        json.dump(costs, file, indent=1, sort_keys=True)
        file.write("\n")


def main():
    name, why = build()
    if "--refresh" in sys.argv:
        sys.exit(why) if why else refresh(name)
        return
    ok(is_worse(1051, 1000) and not is_worse(1049, 1000), "5% more is too much, and less is not")
    with open(COSTS, encoding="utf-8") as file:
        costs = json.load(file)
    if why or name not in costs:
        skip("what records and lines cost", why or "no counts in costs.json for %s" % name)
    else:
        check_costs(name, costs[name])
    done()


main()
