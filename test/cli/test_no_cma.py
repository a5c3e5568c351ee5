#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Systems that have no CMA area at all: each command says so, and none suggests a way to see one."""
from harness import *

ROWS = "MemTotal: 1000000 kB\nMemAvailable: 1000 kB\nPercpu: 424 kB\n"
BEHIND = "HugePages_Total: 0\nHugepagesize: 2048 kB\n"
KCONFIG = "CONFIG_64BIT=y\n# CONFIG_CMA is not set\nCONFIG_CMA_AREAS=7\n"

TYPES = """Page block order: 9
Pages per block:  512

Free pages count per migrate type at order       0      1
Node    0, zone   Normal, type    Unmovable      1      2
Node    0, zone   Normal, type      Movable      1      2
Node    0, zone   Normal, type  Reclaimable      1      2
Node    0, zone   Normal, type   HighAtomic      0      0
Node    0, zone   Normal, type      Isolate      0      0

Number of blocks type     Unmovable      Movable  Reclaimable   HighAtomic      Isolate
Node 0, zone   Normal            2          100            3            0            0
"""


# As 6.18 prints it without CONFIG_CMA.
ZONES = """Node 0, zone   Normal
  pages free     2136129
        boost    0
        min      18865
        low      24259
        high     29653
        spanned  5505024
        present  5505024
        managed  5394266
        cma      0
      nr_free_pages 2136129
      nr_free_cma  0
"""


def tree(meminfo, config="", types="", vmstat="", zones=""):
    top = scratch()
    for path, text in (("proc/meminfo", meminfo), ("proc/config", config), ("proc/pagetypeinfo", types),
                       ("proc/vmstat", vmstat), ("proc/zoneinfo", zones)):
        if not text and path != "proc/config":
            continue
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
check("the types that the kernel has", ["--root", tree(ROWS + BEHIND, types=TYPES)], WITHOUT,
      "CONFIG_DMA_CMA=y")
ALWAYS = {"vmstat": "nr_free_cma 0\n", "zones": ZONES}
check("rows that are always there, and a configuration", [
    "--root", tree(ROWS, **ALWAYS), "--kconfig", os.path.join(tree("", KCONFIG), "proc/config")],
      WITHOUT, "CONFIG_DMA_CMA=y")
check("rows that are always there, and types", ["--root", tree(ROWS + BEHIND, types=TYPES, **ALWAYS)],
      WITHOUT, "CONFIG_DMA_CMA=y")
check("nothing reserved", ["--root", tree(ROWS + "CmaTotal: 0 kB\nCmaFree: 0 kB\n")], NONE, "cma=64M")
equal(check_open("a meminfo that may be cut off", ["--root", tree(ROWS)]), ["likely"],
      "a meminfo that may be cut off: likely")
equal(check_open("a meminfo that a container made up", ["--root", tree(ROWS + BEHIND)]), ["likely"],
      "a meminfo that a container made up: likely")
equal(check_open("types that are cut off", [
    "--root", tree(ROWS + BEHIND, types=TYPES.partition("Number")[0])]), ["likely"],
      "types that are cut off prove nothing")
for what, rows in (("types", {"types": TYPES.replace("Isolate", "CMA")}),
                   ("counters", {"vmstat": "nr_free_cma 0\ncma_alloc_success 0\ncma_alloc_fail 0\n"}),
                   ("pages", {"vmstat": "nr_free_cma 1\n"})):
    equal(check_open("%s of CMA" % what, ["--root", tree(ROWS + BEHIND, **rows)]), [],
          "%s of CMA contradict a meminfo without it" % what)
equal(check_open("a configuration of another kernel", [
    "--root", tree(ROWS, vmstat="nr_free_cma 0\ncma_alloc_success 0\ncma_alloc_fail 0\n"), "--kconfig",
    os.path.join(tree("", KCONFIG), "proc/config")]), [],
      "a configuration without CMA and a counter of it: one is of another kernel")
LOGGED = scratch()
with open(os.path.join(LOGGED, "dmesg.txt"), "w", encoding="ascii") as stream:
    stream.write("[    9.000000] Mem-Info:\n[    9.000000] active_anon:1 inactive_anon:2 isolated_anon:0\n"
                 "[    9.000000] Node 0 DMA free:1000kB min:10kB low:20kB high:30kB\n"
                 "[    9.000000] 65536 pages RAM\n[    9.000000] 0 pages HighMem/MovableOnly\n"
                 "[    9.000000] 1000 pages reserved\n[    9.000000] 0 pages cma reserved\n"
                 "[    9.000000] percpu: Embedded 20 pages/cpu s49152 r8192 d24576 u81920\n")
document = run("report", "-f", "json", "--root", LOGGED).json()
equal([f["evidence"] for f in document["findings"] if f["id"] == "no-cma"], [["log: 0 pages cma reserved"]],
      "what the log says is not said of meminfo")
equal(check_open("a configuration that says otherwise", [
    "--root", tree(ROWS + BEHIND), "--kconfig",
    os.path.join(tree("", KCONFIG.replace("# CONFIG_CMA is not set", "CONFIG_CMA=y")), "proc/config")]), [],
      "two sources that contradict each other prove nothing")
equal(check_open("an area", ["--root", tree(ROWS + "CmaTotal: 65536 kB\n" + BEHIND)]), [],
      "an area that is somewhere: nobody says that there is none")
done()
