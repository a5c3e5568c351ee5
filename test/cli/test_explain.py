#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""`ltpin explain` of captured systems: what is known there decides what may be said."""
import tarfile

from harness import *

PINNED = ("v5.10-x86_64-pinned", "v6.1-x86_64-pinned", "v6.12-x86_64-pinned",
          "v7.2-x86_64-pinned")
WITHOUT_STATES = "v6.12-x86-custom"


def tree(name):
    return os.path.join(FIXTURES, name)


def explain(root, *args):
    return run("--root", root, "explain", *args)


def pins_of(root):
    return sorted(pin["pfn"] for pin in run("--root", root, "pages", "-f", "json").json()["pins"])


def check_pinned(name):
    """Pages of one process, pinned at the start of the area, which is free otherwise."""
    root, pins = tree(name), pins_of(tree(name))
    whole = explain(root, "reserved", "16384", "-f", "json")
    said = whole.json()
    equal((whole.status, said["prediction"], said["reason"], said["errno_name"]),
          (1, "failure", "blocked", "EBUSY"), "%s: all of the area is not to be had" % name)
    equal([window["blocker_pfn"] for window in said["windows"]], pins[:1],
          "%s: its window fails at the first pinned page" % name)
    equal([(o["how"], o["comm"], o["nr_pages"], o["largest_then"], o["would_succeed"])
           for o in said["owners"]], [("mapped-by", "camera-hal", len(pins), 16384, True)],
          "%s: the owner, and what releasing its pages gains" % name)
    equal((said["cheapest"]["nr_owners"], said["cheapest"]["nr_pages"]), (1, len(pins)),
          "%s: the window that takes least to free" % name)
    ok(said["enough_pages"] > 16384 and "camera-hal[" in said["headline"], "%s: a larger area" % name,
       said)
    part = explain(root, "reserved", said["largest"], "-f", "json")
    equal((part.status, part.json()["prediction"], part.json()["pfn"]),
          (0, "success", pins[0] // 256 * 256 + 256), "%s: the largest that fits" % name)
    more = explain(root, "reserved", said["largest"] + 1, "-f", "json")
    equal(more.status, 1, "%s: one page more does not" % name)
    equal(explain(root, hex(pins[0]), "16384", "-f", "json").json()["request"]["area"], "reserved",
          "%s: the area by a PFN in it" % name)
    least = explain(root, "reserved", "2", "--align", "0", "-f", "json").json()
    ok(least["pfn"] < pins[0] and least["nr_windows"] == 1, "%s: two pages before the pins" % name,
       least)
    wide = [line for line in explain(root, "reserved", "16384").text().splitlines()
            if len(line) > 80]
    ok(not wide, "%s: fits 80 columns" % name, *wide)


def check_in_report(name):
    """The report has the answer to the request that failed, and only where every page is known."""
    report = run("report", tree(name), "-f", "json").json()
    said = explain(tree(name), "reserved", "16384", "--align", "8", "-f", "json").json()
    found = dict(report.get("explain", {}))
    found["headline"] = unplaced(found.get("headline", "").encode(), tree(name)).decode()
    equal(found, {key: said[key] for key in ("prediction", "reason", "headline")},
          "%s: the report replays the request" % name)


def check_without_states():
    root = tree(WITHOUT_STATES)
    result = explain(root, "reserved", "256", "-f", "json")
    said = result.json()
    equal((result.status, said["prediction"], said["reason"], said.get("pfn")),
          (3, "unknown", "no-page-states", None), "no success without the state of the pages")
    ok("ltpin module load" in said["headline"], "it says what would tell", said["headline"])
    too_large = explain(root, "reserved", "20000", "-f", "json")
    equal((too_large.status, too_large.json()["reason"]), (1, "request-too-large"),
          "what is larger than the area fails all the same")


def check_given_out():
    """Bits set in the bitmap: the search goes around them."""
    root = copy_tree(WITHOUT_STATES)
    bitmap = os.path.join(root, "sys/kernel/debug/cma/reserved/bitmap")
    with open(bitmap, "w", encoding="ascii") as words:
        words.write(" ".join(["1", "0", "0", "0"] * 128) + "\n")
    result = explain(root, "reserved", "128", "-f", "json")
    equal((result.status, result.json()["reason"], result.json()["errno_name"],
           result.json()["nr_windows"]), (1, "no-free-run", "ENOMEM", 0),
          "a bit in every 128 pages leaves no run of 128")
    equal(explain(root, "reserved", "64", "-f", "json").status, 3, "but one of 64")


def check_bundle():
    path = os.path.join(scratch(), "device.tar.gz")
    with tarfile.open(path, "w:gz") as bundle:
        bundle.add(tree(PINNED[0]), arcname=PINNED[0])
    same(explain(path, "reserved", "16384", "--brief").text(),
         explain(tree(PINNED[0]), "reserved", "16384", "--brief").text(),
         "a bundle says what its tree does")


def check_amounts():
    """Pages, or a size; an area, or the only one."""
    root = tree(PINNED[0])
    asked = explain(root, "reserved", "16384", "--json").json()
    for args in (("reserved", "64M"), ("64M",), ("16384",), ("65536K",), ("reserved", "64MiB"),
                 ("64m",), ("reserved", "0x4000")):
        equal(explain(root, *args, "--json").json(), asked,
              "explain %s" % " ".join(args))
    same(run("explain", "64M", root).text(), explain(root, "reserved", "16384").text(),
         "without an area, before a file")
    equal(explain(root, "5K", "--json").json()["request"]["nr_pages"], 2, "a part of a page is a page")
    large = explain(root, "100000000")
    equal((large.text().count("(381.5 GiB)"), "390625" in large.text()), (2, False),
          "a size has one unit in all of an answer")
    several = explain(tree("v5.10-arm64-areas"), "16")
    ok(several.status == 2 and "which area?" in several.err and not several.out,
       "several areas: which?", several.err)
    listed = run("areas", tree("v5.10-arm64-areas"), "--json").json()["areas"]
    ok(every(listed, lambda area: area["name"] in several.err), "each is named", several.err)


def check_usage():
    root = tree(PINNED[0])
    for args, said in ((("reserved",), "needs a number of pages"), ((), "needs a number of pages"),
                       (("reserved", "0"), "goes from 1"), (("reserved", "x"), "needs a number of pages, or a size"),
                       (("reserved", "5", "--align", "41"), "--align goes from 0"),
                       (("nowhere", "5"), "there is no area 'nowhere'; areas here: reserved\n"),
                       (("no\x1b[2Jwhere", "5"), "'no\\x1b[2Jwhere'"),
                       (("reserved", "5", "6"), "give what was captured or --root")):
        result = explain(root, *args)
        ok(result.status == 2 and said in result.err and not result.out, "refused: %s" % (args,),
           result.status, result.err)
    equal(explain(root, "reserved", "16384", "--columns", "owner,this-request").text().split("\n")[0],
          "  OWNER          THIS REQUEST", "--columns chooses from the tables")
    brief = explain(root, "reserved", "16384", "--brief")
    ok("Windows" not in brief.text() and brief.text().startswith("cma_alloc of 16384 pages"),
       "--brief is the sentence", brief.text())


def check_try():
    """Nothing is tried on what was captured, nor by those who may not."""
    root = tree(PINNED[0])
    said = explain(root, "reserved", "16384", "--try", "retry,drop-caches,sync", "--dry-run", "-f",
                   "json")
    trials = said.json()["trials"]
    equal([(t["name"], t["status"]) for t in trials],
          [("sync", "planned"), ("drop-caches", "planned"), ("retry", "planned")],
          "--dry-run: in the order of harm, and nothing was done")
    ok(not any({"before", "after", "elapsed_ns", "nr_released"} & set(t) for t in trials) and
       all(len(t["touches"]) > 20 for t in trials), "--dry-run: what each would do", trials)
    equal(said.status, 1, "--dry-run: the answer is that without it")
    text = explain(root, "reserved", "16384", "--try", "compact,drain", "--dry-run").text()
    ok("What would be tried" in text and "compact: moves" in text and "Nothing was done" in text and
       "retry:" not in text, "--dry-run: in the text", text)
    for args, why in ((("--try", "sync"), "--try acts on the running system"),
                      (("--try", "sync,reboot"), "--try has no 'reboot' but sync, drop-caches"),
                      (("--try", ""), "--try has no ''"),
                      (("--dry-run",), "--dry-run belongs to --try")):
        result = explain(root, "reserved", "16384", *args)
        ok(result.status == 2 and why in result.err and not result.out, "refused: %s" % (args,),
           result.status, result.err)
    for args, why in ((("16384", root, "--try", "sync"), "--try acts on the running system"),
                      (("16384", "--redact", "--try", "sync"), "--redact reads a capture")):
        result = run("explain", *args)
        ok(result.status == 2 and " ".join(why.split()) in " ".join(result.err.split()),
           "refused: %s" % (args,), result.err)
    prefix = dropped()
    if prefix is None or run("--version", prefix=prefix).status:
        skip("--try without root", "there is no other user here who may run the program")
    else:
        result = run("explain", "16384", "--try", "sync", prefix=prefix)
        ok(result.status == 2 and "--try needs root; --dry-run shows" in result.err,
           "refused without root", result.err)


for fixture in PINNED:
    check_pinned(fixture)
    check_in_report(fixture)
equal(run("report", tree("v6.1-arm64-cma-failure"), "-f", "json").json().get("explain"), None,
      "without page states the report replays nothing")
check_without_states()
check_given_out()
check_bundle()
check_usage()
check_try()
check_amounts()
done()
