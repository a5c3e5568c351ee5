#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""--columns and --brief: less of the same, for scripts and for tired eyes."""
from harness import *

TREE = os.path.join(FIXTURES, "v6.12-x86_64-pinned")
COMMANDS = ("areas", "zones", "pages", "owners", "report")


def lines(*args):
    return run("--root", TREE, *args).text().splitlines()


def cells(*args):
    return [line.split() for line in lines(*args)]


def check_columns():
    equal(cells("areas", "--columns", "area,pages"), [["AREA", "PAGES"], ["reserved", "16384"]],
          "the columns that were named, in any case")
    equal(cells("areas", "--columns", "PAGES,AREA"), [["PAGES", "AREA"], ["16384", "reserved"]],
          "in their order")
    equal(cells("pages", "--columns", "mapped-by")[1:], [["camera-hal[60]"]] * 3,
          "a hyphen stands for a blank")
    equal(cells("zones", "--columns", "ZONE"), [["ZONE"], ["DMA32"]], "nothing but that table")
    equal([row[0] for row in cells("owners", "--by", "gfp", "--columns", "gfp")][0], "GFP",
          "columns that only some options bring")
    equal(cells("areas", "--columns", "area", "--bytes"), [["AREA"], ["reserved"]], "with --bytes")


def check_wrong_columns():
    result = run("--root", TREE, "areas", "--columns", "area,colour")
    ok(result.status == 2 and "no column 'colour'" in result.err and "LONGEST" in result.err,
       "an unknown one is an error that names the others", result.err)
    for value in ("", ",", ",".join("abcdefghijklmnopqrstuvwxyz0123456789")):
        equal(run("--root", TREE, "areas", "--columns", value).status, 2, "'%.9s' is none" % value)
    for option in (["--columns", "area"], ["--brief"]):
        result = run("--root", TREE, "areas", "-f", "json", *option)
        ok(result.status == 2 and option[0] in result.err, "JSON is always whole", result.err)
    equal(run("--root", TREE, "pages", "--every", "--columns", "PFN").status, 2,
          "pages --every has no table")


def check_brief():
    for command in COMMANDS:
        whole, brief = lines(command), lines(command, "--brief")
        ok(0 < len(brief) < len(whole), "%s --brief is shorter" % command, len(brief), len(whole))
        ok(set(brief) <= set(whole), "%s --brief is part of it" % command, set(brief) - set(whole))
    doctor = lines("doctor", "--brief")
    ok(len(doctor) < len(lines("doctor")) and "Read in full" in doctor[0], "doctor --brief", doctor)
    report = lines("report", "--brief")
    ok(report[0].startswith("cma_alloc of 16384 pages"), "it begins with the headline", report)
    ok(any(line.startswith("pin-in-cma: ") for line in report), "and names each finding", report)


check_columns()
check_wrong_columns()
check_brief()
done()
