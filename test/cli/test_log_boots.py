#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What a log has beside the failures that are shown: other boots, and lines that nobody could read."""
import resource

from harness import *

EMPTY = scratch()
FAILED = "cma: cma_alloc: reserved: alloc failed, req-size: %d pages, ret: -12\n"
BANNER = "[    0.000000] Linux version 6.6.30 (b@h) #1 SMP\n"
RESET = BANNER + "[    3.000000] usb 1-1: reset\n"
BOUND_KIB = 256 * 1024


def report(log, *options):
    return run("report", "-f", "json", "--root", EMPTY, "--dmesg", "-", *options, stdin=log.encode())


def klog(document):
    return next(s for s in document["sources"] if s["name"] == "klog")


def pages(document):
    return [a["nr_pages"] for a in document.get("attempts", [])]


def check_boots():
    log = BANNER + "[   50.000001] " + FAILED % 300 + RESET
    last = report(log).json()
    equal(pages(last), [], "the last boot has no failure")
    ok("another boot with 1 failed cma_alloc call" in last["headline"] and
       "--boot 1" in last["headline"], "the headline says that another boot has", last["headline"])
    ok("boots in the log: 2" in klog(last)["detail"], "the source says how many boots there are",
       klog(last))
    equal(pages(report(log, "--boot", "1").json()), [300], "the first boot")
    equal(pages(report(log, "--boot=-1").json()), [300], "the one before the last")
    equal(pages(report(log, "--boot", "0").json()), [], "the last, as without the option")
    both = BANNER + "[   50.000001] " + FAILED % 300 + BANNER + "[   60.000001] " + FAILED % 400
    ok("Another boot in the log has 1 more (the last: `ltpin report --boot 1 " in
       report(both).json()["headline"], "nor is it left out beside a failure of this boot",
       report(both).json()["headline"])
    ok("The log holds other boots with 2 failed cma_alloc calls, the last of them in boot 2. "
       "Next: `ltpin report --boot 2 " in report(both + RESET).json()["headline"],
       "several boots are no single one", report(both + RESET).json()["headline"])
    ok("Other boots in the log have 2 more (the last: `ltpin report --boot 2 " in
       report(both + BANNER + "[   70.000001] " + FAILED % 500).json()["headline"],
       "beside a failure likewise")
    for wrong in ("x", "1x", "", "-65", "99999999999"):
        equal(report(log, "--boot=" + wrong).status, 2, "--boot=%s is no number of a boot" % wrong)
    missing = report(log, "--boot", "3")
    equal(missing.status, 2, "a boot that the log has not")
    ok("there is no boot 3 in the log, which has 2" in missing.err, "and how many it has", missing.err)
    pasted = report("[   50.000001] " + FAILED % 300 + "# cat /proc/version\n" + BANNER[15:]).json()
    equal(pages(pasted), [300], "a pasted /proc/version begins no boot")


def check_since():
    log = "".join("[%5d.000000] " % s + FAILED % s for s in (10, 20, 30)) + FAILED % 40
    equal(pages(report(log).json()), [10, 20, 30, 40], "all of them")
    equal(pages(report(log, "--since", "20").json()), [20, 30, 40], "those since, or of unknown time")
    equal(pages(report(log, "--since", "20.001").json()), [30, 40], "a decimal")
    timed = "".join("[%5d.000000] " % s + FAILED % s for s in (10, 20))
    headline = report(timed, "--since", "500").json()["headline"]
    ok("2 are on record and left out" in headline, "what was left out is not denied", headline)
    equal(report(log, "--since", "-1").status, 2, "no time before boot")


def check_not_taken():
    log = "a first line\nthe user says " + FAILED % 7 + "<14>alloc_contig_range: [1, 2) PFNs busy\n"
    document = report(log).json()
    equal(pages(document), [], "somebody else's words are no failure")
    equal(klog(document)["status"], "partial", "and the log is not read in full")
    ok("2 lines that speak of failed cma_alloc calls could not be read, the first: line 2" in
       klog(document)["detail"], "the source counts them", klog(document))
    ok("2 lines of the kernel log speak of failed" in document["headline"] and
       "line 2" in document["headline"] and "on record" not in document["headline"],
       "the headline denies nothing", document["headline"])
    cmaless = scratch()
    write = os.path.join(cmaless, "proc")
    os.mkdir(write)
    with open(os.path.join(write, "meminfo"), "w", encoding="ascii") as out:
        out.write("MemTotal: 1000 kB\nMemFree: 10 kB\nCmaTotal: 0 kB\nCmaFree: 0 kB\n")
    document = run("report", "-f", "json", "--root", cmaless, "--dmesg", "-",
                   stdin=log.encode()).json()
    ok("the first is line 2" in document["headline"], "nor does another finding hide them",
       document["headline"])
    taken = report("> [   50.000001] " + FAILED % 7).json()
    equal(klog(taken)["status"], "ok", "the control: a line that is taken")


def check_reservation():
    """The kernel could not reserve what was asked for: nobody is told to ask for it."""
    log = BANNER + "[    0.000000] cma: Failed to reserve 96 MiB\n"
    tree = scratch()
    os.mkdir(os.path.join(tree, "proc"))
    with open(os.path.join(tree, "proc", "meminfo"), "w", encoding="ascii") as out:
        out.write("MemTotal: 1000 kB\nMemFree: 10 kB\nCmaTotal: 0 kB\nCmaFree: 0 kB\n")
    for more, severity in (("", "critical"),
                           ("[    0.000000] Reserved memory: created CMA memory pool at 0x40000000, "
                            "size 16 MiB\n", "warning")):
        root = tree if not more else EMPTY
        page = "" if not more else ("[    0.000000] Dentry cache hash table entries: 65536 "
                                    "(order: 7, 524288 bytes)\n")
        document = run("report", "-f", "json", "--root", root, "--dmesg", "-",
                       stdin=(log + more + page).encode()).json()
        found = {f["id"]: f["severity"] for f in document["findings"]}
        equal(found.get("reservation-failed"), severity, "reservation-failed is %s" % severity)
        ok("no-cma" not in found, "and nobody is told to reserve an area", found)
    ok("could not reserve an area of 96 MiB at boot" in document["headline"], "the headline says so",
       document["headline"])
    control = run("report", "-f", "json", "--root", tree, "--dmesg", "-", stdin=BANNER.encode()).json()
    ok("no-cma" in {f["id"] for f in control["findings"]}, "the control: no line says so")


def check_long():
    """Longer than what any other file may be, and than what is kept of it."""
    line = "[%8d.000000] usb 1-1: a line that says nothing of interest here, as most do\n"
    chunk = "".join(line % (100 + i) for i in range(10000))
    log = chunk * (70 * 1024 * 1024 // len(chunk)) + "[ 9000.000000] " + FAILED % 300
    equal(pages(report(log).json()), [300], "a log of more than 64 MiB is read to its end")
    used = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    ok(used < BOUND_KIB, "and takes no memory for that", "%d KiB" % used)


check_boots()
check_since()
check_not_taken()
check_reservation()
check_long()
done()
