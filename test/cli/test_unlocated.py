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


def add_counters(tree, name, nr_pages):
    counters = os.path.join(tree, "sys/kernel/mm/cma", name)
    os.makedirs(counters, exist_ok=True)
    for file, number in (("alloc_pages_success", 5), ("alloc_pages_fail", 3),
                         ("total_pages", nr_pages), ("available_pages", nr_pages - 384)):
        with open(os.path.join(counters, file), "w") as out:
            out.write("%d\n" % number)


def unlocated_tree(name, keep="$^"):
    """A fixture as it would be without CMA debugfs and module, weeks after boot; lines like @keep stay."""
    tree = copy_tree(name)
    for path in ("sys/kernel/debug/cma", "ltpin"):
        shutil.rmtree(os.path.join(tree, path), ignore_errors=True)
    with open(os.path.join(tree, "dmesg.txt"), "rb+") as log:
        late = [line for line in log.read().splitlines(True)
                if re.search(keep.encode(), line) or re.match(rb"<\d+>\[ *\d+\.\d+\]", line) and b" 0.0" not in line[:18]
                and b"cma" not in line.lower()]
        log.seek(0)
        log.truncate()
        log.writelines(late)
    with open(os.path.join(tree, "proc", "meminfo")) as meminfo:
        nr_pages = int(re.search(r"CmaTotal: *(\d+)", meminfo.read()).group(1)) // 4
    add_counters(tree, "reserved", nr_pages)
    return tree


def commands():
    """Every command that help lists, bare `ltpin` too."""
    listed = re.findall(r"^  ([a-z-]+)  +\S", run("--help").text(), re.M)
    return [[]] + [[name] + ARGS.get(name, []) for name in listed]


def check_command(tree, command):
    name = " ".join(["ltpin"] + command[:1])
    # diff takes two trees, and no --root
    result = run("diff", tree, tree) if command == ["diff"] else run("--root", tree, *command)
    if LIVE in result.err:
        equal(result.status, 129 if command == ["selftest"] else 2, "%s takes no tree" % name)
        return
    equal(result.status, STATUS.get("".join(command[:1]), 0), name)
    ok(result.out or result.err or "-o" in command, "%s answers" % name)


def check_located(name):
    """A kernel that only counts and sizes its areas, as 6.15 and later do: the log has the place."""
    tree = unlocated_tree(name, "cma: Reserved")
    want = run("areas", "-f", "json", os.path.join(FIXTURES, name)).json()["areas"]
    got = run("areas", "-f", "json", tree).json()["areas"]
    equal([(a["name"], a["nr_pages"], a.get("ranges")) for a in got],
          [("reserved", a["nr_pages"], a["ranges"]) for a in want], "%s: located" % name)
    equal(got[0]["source"], "klog", "by the log")
    result = run("--root", tree, "explain", "reserved", "64")
    ok(result.status == 3 and "0x1ae00" in result.text(), "explain has its place", result.err)
    ok("is not known" not in run("--root", tree, "doctor").text(), "and nothing is open")


def check_by_iomem():
    """Neither debugfs nor log nor device tree: memory that is reserved tells the places by size."""
    name = "v5.10-arm64-areas"
    tree = unlocated_tree(name)
    want = run("areas", "-f", "json", os.path.join(FIXTURES, name)).json()["areas"]
    shutil.rmtree(os.path.join(tree, "sys/firmware"))
    shutil.rmtree(os.path.join(tree, "sys/kernel/mm/cma"))
    for area in want:
        add_counters(tree, area["name"], area["nr_pages"])
    got = {a["name"]: a for a in run("areas", "-f", "json", tree).json()["areas"]}
    for area in want:
        twin = [a["name"] for a in want if a["nr_pages"] == area["nr_pages"]]
        equal(got[area["name"]].get("ranges"), None if len(twin) > 1 else area["ranges"],
              "iomem: %s, %d of its size" % (area["name"], len(twin)))
    ok("place not known: default, modem" in run("--root", tree, "doctor").text(),
       "what is open is named", run("--root", tree, "doctor").text())


for fixture in ("v7.2-x86_64-pinned", "v6.12-x86_64-pinned"):
    check_located(fixture)
check_by_iomem()
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
    ok("no source says where the area is" in result.err, "explain says that it cannot", result.err)
done()
