#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Areas whose place no source reports: sysfs names and counts them, the log's beginning is gone."""
import re
import shutil

from harness import *

# What a command needs beside its name.
ARGS = {"explain": ["reserved", "64"], "capture": ["-o", os.path.join(scratch(), "x.tar.gz")],
        "completion": ["bash"], "top": ["--once"]}
STATUS = {"explain": 2, "owners": 3}  # owners: the fixtures have the records of CMA alone
LIVE = "acts on the running system"


def unlocated_tree(name):
    """A fixture as it would be without CMA debugfs and module, weeks after boot."""
    tree = copy_tree(name)
    for path in ("sys/kernel/debug/cma", "ltpin"):
        shutil.rmtree(os.path.join(tree, path), ignore_errors=True)
    with open(os.path.join(tree, "dmesg.txt"), "rb+") as log:
        late = [line for line in log.read().splitlines(True)
                if re.match(rb"<\d+>\[ *\d+\.\d+\]", line) and b" 0.0" not in line[:18]
                and b"cma" not in line.lower()]
        log.seek(0)
        log.truncate()
        log.writelines(late)
    counters = os.path.join(tree, "sys/kernel/mm/cma/reserved")
    os.makedirs(counters, exist_ok=True)
    for file, text in (("alloc_pages_success", "5\n"), ("alloc_pages_fail", "3\n"),
                       ("total_pages", "16384\n"), ("available_pages", "16000\n")):
        with open(os.path.join(counters, file), "w") as out:
            out.write(text)
    return tree


def commands():
    """Every command that help lists, bare `ltpin` too."""
    listed = re.findall(r"^  ([a-z-]+)  +\S", run("--help").text(), re.M)
    return [[]] + [[name] + ARGS.get(name, []) for name in listed]


def check_command(tree, command):
    name = " ".join(["ltpin"] + command[:1])
    result = run("--root", tree, *command)
    if LIVE in result.err:
        equal(result.status, 129 if command == ["selftest"] else 2, "%s takes no tree" % name)
        return
    equal(result.status, STATUS.get("".join(command[:1]), 0), name)
    ok(result.out or result.err or "-o" in command, "%s answers" % name)


for fixture in ("v7.2-x86_64-pinned", "v5.10-x86_64-pinned"):
    TREE = unlocated_tree(fixture)
    AREAS = run("--root", TREE, "areas", "-f", "json").json()["areas"]
    equal([(area["name"], area["nr_pages"], "ranges" in area) for area in AREAS],
          [("reserved", 16384, False)], "%s: an area of known size at no known place" % fixture)
    for one in commands():
        check_command(TREE, one)
    for form in ("json", "markdown"):
        equal(run("report", TREE, "-f", form).status, 0, "report -f %s" % form)
    result = run("--root", TREE, "explain", "reserved", "64")
    ok("no source tells where the area is" in result.err, "explain says that it cannot", result.err)
done()
