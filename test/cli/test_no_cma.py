#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Systems that have no CMA area at all: each command says so, and none suggests a way to see one."""
from harness import *

ROWS = "MemTotal: 1000000 kB\nMemAvailable: 1000 kB\nPercpu: 424 kB\n"
BEHIND = "HugePages_Total: 0\nHugepagesize: 2048 kB\n"
KCONFIG = "CONFIG_64BIT=y\n# CONFIG_CMA is not set\nCONFIG_CMA_AREAS=7\n"


def tree(meminfo, config=""):
    top = scratch()
    for path, text in (("proc/meminfo", meminfo), ("proc/config", config)):
        os.makedirs(os.path.join(top, os.path.dirname(path)), exist_ok=True)
        with open(os.path.join(top, path), "w", encoding="ascii") as out:
            out.write(text)
    return top


def said(*args):
    result = run(*args)
    return " ".join((result.text() + result.err).split())


def check(name, arguments, reason, advice):
    report = run("report", "-f", "json", *arguments).json()
    equal([(f["id"], f["confidence"], f.get("confirm")) for f in report["findings"]
           if f["id"] == "no-cma"], [("no-cma", "proven", None)], "%s: proven, nothing to confirm" % name)
    text = said("report", *arguments)
    ok("would prove" not in text and "Next" not in text, "%s: no source would change that" % name, text)
    for command in (["areas"], ["explain", "64"], ["top", "--once"]):
        text = said(*command, *arguments)
        ok(reason in text.lower() and "doctor" not in text, "%s: %s" % (name, command[0]), text)
    text = said("doctor", *arguments).partition("Read in full")[0]
    ok(advice in text and "events" not in text and "module load" not in text,
       "%s: doctor says what has to come first" % name, text)


def check_open(name, arguments):
    """Nothing proves it: what could show an area is suggested."""
    ok("no cma area could be located; see `ltpin doctor`" in said("areas", *arguments).lower(),
       "%s: areas" % name)
    ok("events/cma/enable" in said("doctor", *arguments), "%s: doctor" % name)
    report = run("report", "-f", "json", *arguments).json()
    return [f["confidence"] for f in report["findings"] if f["id"] == "no-cma"]


WITHOUT, NONE = "this kernel is built without cma", "no cma area is reserved"
check("configuration", ["--root", tree(ROWS), "--kconfig", os.path.join(tree("", KCONFIG), "proc/config")],
      WITHOUT, "CONFIG_DMA_CMA=y")
check("a whole meminfo", ["--root", tree(ROWS + BEHIND)], WITHOUT, "CONFIG_DMA_CMA=y")
check("nothing reserved", ["--root", tree(ROWS + "CmaTotal: 0 kB\nCmaFree: 0 kB\n")], NONE, "cma=64M")
equal(check_open("a meminfo that may be cut off", ["--root", tree(ROWS)]), ["likely"],
      "a meminfo that may be cut off: likely")
equal(check_open("a configuration that says otherwise", [
    "--root", tree(ROWS + BEHIND), "--kconfig",
    os.path.join(tree("", KCONFIG.replace("# CONFIG_CMA is not set", "CONFIG_CMA=y")), "proc/config")]), [],
      "two sources that contradict each other prove nothing")
equal(check_open("an area", ["--root", tree(ROWS + "CmaTotal: 65536 kB\n" + BEHIND)]), [],
      "an area that is somewhere: nobody says that there is none")
done()
