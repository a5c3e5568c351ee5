#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""`ltpin report` and its parts on every captured tree.

TRUTHS was written by hand from the raw files of each tree, never from what
ltpin says: base and size from debugfs base_pfn and count or from the log's
"cma: Reserved ... MiB at ..." line, the rest from the file that is named.
"""
import collections
import re

from harness import *

SAVED = os.path.join(TOP, "test", "saved")
# None of the trees that were copied by hand has them.
NOT_COPIED = {"module", "kcore", "pagemap", "kpageflags", "dma-buf", "dma-buf-users",
              "device-tree"}
# Sources that came when the trees were there already, and that none of them has.
NEWER = set()
# Files that only an option names, and what mainline does not have.
NOT_GIVEN = {"attempts", "selftest", "page-pinner", "process-pins", "pin-probes"}


def pinned(release, base, **more):
    """A tree that test/lab/fixture captured: its scenario and its trace tell the rest."""
    return dict({
        "release": release, "page_size": 4096, "pageblock_order": 9,
        "area": ("reserved", base, 16384), "nr_allocated": 0, "largest_free_run": 16384,
        "cma_total_kib": 65536, "missing": {"device-tree", "dma-buf"},
        "is_captured": True,
        # each run of `ltpin alloc` tries two pages first
        "attempts": [(2, False), (16384, True), (16384, True), (2, False), (1024, False)],
        "nr_tries": [1, 1, 1, 1, 2], "blocker": base + 3,
        "pinned": dict.fromkeys((base + 3, base + 4, base + 5), "camera-hal"),
    }, **more)


TRUTHS = {
    "v5.10-arm64": {
        "release": "5.10.0-32-arm64", "page_size": 4096, "pageblock_order": 9,
        "area": (None, 0x56000, 32768), "cma_total_kib": 131072, "nr_free_cma": 32672,
        "missing": {"kconfig", "cma-debugfs", "cma-sysfs", "trace", "page-owner"},
    },
    "v5.10-arm64-cma-failure": {
        "pageblock_order": 9, "area": (None, 0x53400, 76800), "nr_free_cma": 76523,
        "cma_total_kib": 307200,  # the log's "Memory: ... 307200K cma-reserved"
        "missing": {"kconfig", "meminfo", "buddyinfo", "iomem", "cma-debugfs", "cma-sysfs",
                    "page-owner"},
        # (nr_pages, failed) of the trace, in order, and the page in the way
        "attempts": [(76544, True), (57600, True), (57600, False)], "blocker": 0x5b9e9,
        "nr_tries": [1, 75, 1],
    },
    "v5.10-x86-custom-cmaheavy": {
        # 5.10 names the debugfs directory cma-<name>
        "page_size": 4096, "pageblock_order": 9, "area": ("reserved", 28672, 35840),
        "nr_allocated": 0, "largest_free_run": 35840, "cma_total_kib": 143360,
        "nr_free_cma": 18125, "missing": {"cma-sysfs", "trace"},
    },
    "v6.1-arm64": {
        "release": "6.1.0-56-arm64", "page_size": 4096, "pageblock_order": 9,
        "area": (None, 0x57600, 32768), "cma_total_kib": 131072, "nr_free_cma": 32672,
        "missing": {"kconfig", "cma-debugfs", "cma-sysfs", "trace", "page-owner"},
    },
    "v6.1-arm64-cma-failure": {
        "pageblock_order": 9, "area": ("reserved", 0x54800, 76800), "nr_free_cma": 76523,
        "cma_total_kib": 307200,  # the log's "Memory: ... 307200K cma-reserved"
        "missing": {"kconfig", "meminfo", "buddyinfo", "iomem", "cma-debugfs", "cma-sysfs",
                    "page-owner"},
        "attempts": [(76544, True), (57600, True), (57600, False)], "blocker": 0x5cf3b,
        "nr_tries": [1, 75, 1],
    },
    "v6.1-armhf": {
        "release": "6.1.0-50-armmp", "page_size": 4096, "pageblock_order": 11,
        "area": (None, 0x4c000, 32768), "cma_total_kib": 131072, "nr_free_cma": 32704,
        "missing": {"kconfig", "cma-debugfs", "cma-sysfs", "trace", "page-owner"},
    },
    "v5.10-x86_64-pinned": pinned("5.10.262", 109568, nr_free_cma=16381,
                                  missing={"device-tree", "dma-buf", "cma-sysfs"}),
    "v6.1-x86_64-pinned": pinned("6.1.192", 110080, nr_free_cma=16381),
    "v6.12-x86_64-pinned": pinned("6.12.117", 110080, nr_free_cma=15357),
    "v7.2-x86_64-pinned": pinned("7.2.13", 110080, nr_free_cma=15869),
    # test/lab/fixture: four areas of the device tree, read from debugfs; the trace tells the rest
    "v5.10-arm64-areas": {
        "release": "5.10.262", "page_size": 4096, "pageblock_order": 9, "is_captured": True,
        "areas": {"camera@58000000": [(360448, 8192)], "default": [(391168, 2048)],
                  "modem": [(389120, 2048)], "video@50000000": [(327680, 4096)]},
        "cma_total_kib": 65536, "nr_free_cma": 16283, "missing": {"cma-sysfs"},
        "attempts": [(8192, True), (4096, True), (64, False)], "nr_tries": [1, 1, 1],
        "blockers": [0x50002, 0x58003],
        "pinned": {0x50002: "codec", 0x50003: "codec", 0x58003: "camera-hal",
                   0x58004: "camera-hal", 0x58005: "camera-hal"},
        "area_of_pin": {0x50002: "video@50000000", 0x58003: "camera@58000000"},
    },
    # 8 GB of memory with a hole and hugetlb_cma=2G: an area of two ranges, and a bit of its
    # bitmap is a pageblock
    "v7.2-x86_64-hugetlb": {
        "release": "7.2.13", "page_size": 4096, "pageblock_order": 9, "is_captured": True,
        "areas": {"hugetlb0": [(0x140000, 262144), (0x1c0000, 262144)],
                  "reserved": [(0x100000, 16384)]},
        "order_per_bit": {"hugetlb0": 9, "reserved": 0}, "area_of_pin": {},
        "cma_total_kib": 2162688, "nr_free_cma": 540160, "missing": {"device-tree", "module"},
        "unused": {"trace", "pagemap", "kpageflags"},  # nothing happened
    },
    "v6.12-x86-custom": {
        "release": "6.12.117", "page_size": 4096, "pageblock_order": 9,
        "area": ("reserved", 48640, 16384), "nr_allocated": 0, "largest_free_run": 16384,
        "cma_total_kib": 65536, "nr_free_cma": 16384, "missing": {"kconfig", "trace"},
    },
}


def check_areas(tree, truth, report):
    equal({area["name"]: [(r["base_pfn"], r["nr_pages"]) for r in area["ranges"]]
           for area in report["areas"]},
          truth["areas"], "%s: areas" % tree)
    areas = {pin["pfn"]: pin.get("area") for pin in report["pins"]}
    equal({pfn: areas.get(pfn) for pfn in truth["area_of_pin"]}, truth["area_of_pin"],
          "%s: each page is given to its area" % tree)
    if "order_per_bit" in truth:
        equal({area["name"]: area["order_per_bit"] for area in report["areas"]},
              truth["order_per_bit"], "%s: pages per bit" % tree)


def check_area(tree, truth, report):
    name, base, nr_pages = truth["area"]
    areas = report.get("areas", [])
    if not equal(len(areas), 1, "%s: one area" % tree):
        return
    area = areas[0]
    equal((area.get("name"), area["ranges"], area["nr_pages"]),
          (name, [{"base_pfn": base, "nr_pages": nr_pages}], nr_pages), "%s: area" % tree)
    for key in ("nr_allocated", "largest_free_run"):
        equal(area.get(key), truth.get(key), "%s: %s" % (tree, key))


def check_attempts(tree, truth, report):
    traced = [a for a in report.get("attempts", []) if a["source"] == "trace"]
    equal([(a["nr_pages"], a.get("failed")) for a in traced], truth.get("attempts", []),
          "%s: attempts in the trace" % tree)
    wanted = truth.get("blockers", [truth["blocker"]] if "blocker" in truth else [])
    if not wanted:
        return
    blockers = {t["blocker_pfn"] for a in traced for t in a["tries"] if "blocker_pfn" in t}
    equal(blockers, set(wanted), "%s: the pages in the way" % tree)
    equal([len(a["tries"]) for a in traced], truth["nr_tries"], "%s: ranges tried" % tree)
    equal([p["pfn"] for p in report["pins"] if p["is_blocker"]], wanted,
          "%s: and among the pages that did not move" % tree)
    if "pinned" in truth:
        equal([(p["pfn"], p["kind"], [m["comm"] for m in p["mapped_by"]])
               for p in report["pins"]],
              [(pfn, "pin", [comm]) for pfn, comm in truth["pinned"].items()],
              "%s: pinned pages, and who maps them" % tree)


def check_sources(tree, truth, report):
    status = sources(report)
    absent = {name for name, s in status.items() if s == "absent"}
    equal({name for name, s in status.items() if s in ("denied", "error")}, set(),
          "%s: nothing that is there is unreadable" % tree)
    want = truth["missing"] | NEWER | (set() if "is_captured" in truth else NOT_COPIED)
    # The module need not tell what CMA debugfs did, kcore not what the module told.
    spared = {"kcore"} if status["module"] == "ok" else set()
    if "cma-debugfs" in want:
        want = want | {"module-areas"}
    elif status["module-areas"] != "ok":
        spared = spared | {"module-areas"}
    # No fixture has the files of its pages: they are missing where a page may be of one.
    if any(pin.get("class") not in ("anon", "buddy", "other", "mapped") for pin in report.get("pins", [])):
        want = want | {"module-files"}
    else:
        spared = spared | {"module-files"}
    ok(want <= absent, "%s: every missing source is named" % tree, want - absent)
    ok(not absent - want - {"kernel"}, "%s: and no other" % tree, absent - want)
    equal({name for name, s in status.items() if s == "unused"},
          NOT_GIVEN | spared | truth.get("unused", set()),
          "%s: what was not given or not needed is unused" % tree)
    ok(every((s for s in report["sources"] if s["status"] == "absent"), lambda s: s.get("enable")),
       "%s: with how to have it" % tree)


def check_missing_once(tree):
    """A missing source stands once, with what it would prove and how to have it, or is counted."""
    path = os.path.join(FIXTURES, tree)
    told = " ".join(run("report", path).text().split())
    counted = re.search(r"(\d+) more (?:is|are) missing, and would not change", told)
    nr_left = int(counted.group(1)) if counted else 0
    for source in run("report", path, "-f", "json").json()["sources"]:
        if source["status"] != "absent":
            continue
        if source["name"] + " absent" not in told:
            nr_left -= 1
            continue
        line = "%s absent, would prove %s; %s" % (source["name"], source["proves"],
                                                 source.get("detail", source.get("enable")))
        ok(told.count(line) == 1 and told.count("%s absent" % source["name"]) == 1 and
           told.count("prove " + source["proves"]) == 1,
           "%s: %s is listed once" % (tree, source["name"]), line)
    equal(nr_left, 0, "%s: the others are counted" % tree)


def check_titles(tree, report):
    """--brief has each title once, and says of how many findings it is."""
    said = re.sub(r"\n  +", " ", run("report", "--brief", os.path.join(FIXTURES, tree)).text())
    titles = re.findall(r"^([a-z-]+): .* \((\w+), (\w+)(?:: (\d+) findings)?\)$", said, re.M)
    found = [(name, severity, confidence) for name, severity, confidence, _ in titles]
    equal(len(found), len(set(found)), "%s: --brief: each title once" % tree)
    known = {title: int(nr or 1) for title, nr in zip(found, (nr for *_, nr in titles))}
    equal(known, dict(collections.Counter(
        (f["id"], f["severity"], f["confidence"]) for f in report["findings"]
        if f["id"] in {name for name, *_ in found} or f["id"] != "evidence-missing")),
          "%s: --brief: and of how many findings" % tree)


def check_numbers(tree, truth, report):
    for key in ("release", "page_size", "pageblock_order"):
        if key in truth:
            equal(report["kernel"].get(key), truth[key], "%s: %s" % (tree, key))
    equal(report["memory"].get("cma_total_kib"), truth.get("cma_total_kib"),
          "%s: cma_total_kib" % tree)
    free = sum(zone.get("nr_free_cma", 0) for zone in report["zones"])
    equal(free, truth["nr_free_cma"], "%s: nr_free_cma over all zones" % tree)


def check_tree(tree, truth):
    check_missing_once(tree)
    result = run("report", "-f", "json", os.path.join(FIXTURES, tree))
    equal((result.status, result.err), (0, ""), "%s: exit status 0 and silence" % tree)
    report = result.json()
    (check_areas if "areas" in truth else check_area)(tree, truth, report)
    check_attempts(tree, truth, report)
    check_sources(tree, truth, report)
    check_numbers(tree, truth, report)
    check_titles(tree, report)
    path = os.path.join(FIXTURES, tree)
    same = run("--root", path, "report", "-f", "json")
    equal(unplaced(same.out, path), unplaced(result.out, path),
          "%s: --root is the same, but for commands that name it" % tree)
    for command, key in (("areas", "areas"), ("zones", "zones"), ("pages", "pins"),
                         ("doctor", "kernel")):
        part = run("--root", os.path.join(FIXTURES, tree), command, "-f", "json").json()
        equal(part.get(key), report.get(key), "%s: %s tells the same" % (tree, command))


def check_saved(name):
    """A document that ltpin wrote on a real kernel is valid, and a report takes all of it."""
    path = os.path.join(SAVED, name)
    saved = load_valid(path)
    kind = name.split("-")[0]
    tree = os.path.join(FIXTURES, "v6.12-x86-custom")
    report = run("report", "-f", "json", "--" + kind, path, tree).json()
    equal(sources(report)[kind], "ok", "%s: read" % name)
    if kind == "attempts":
        equal([(a["nr_pages"], a["failed"]) for a in report["attempts"]],
              [(a["nr_pages"], a["failed"]) for a in saved["attempts"]], "%s: attempts" % name)
    else:
        taken = {key: saved[key] for key in saved if key not in ("schema", "ltpin_version")}
        if "upper_bound_95" in taken:  # 12 digits are kept
            taken["upper_bound_95"] = float("%.12g" % taken["upper_bound_95"])
        equal(report["selftests"], [taken], "%s: self-test" % name)


def check_printed(kernel, nr_failed):
    """One run, as the kernel, trace-cmd and perf recorded it at the same time."""
    told = {}
    for program in ("kernel", "trace-cmd", "perf"):
        report = run("report", "-f", "json", "--trace",
                     os.path.join(SAVED, "trace", "%s-%s" % (kernel, program)),
                     os.path.join(FIXTURES, "v%s-x86_64-pinned" % kernel)).json()
        equal(sources(report)["trace"], "ok", "%s: %s: read" % (kernel, program))
        traced = [a for a in report["attempts"] if a["source"] == "trace"]
        ok(every(traced, lambda a: ("stack" in a) == (kernel == "6.12")),
           "%s: %s: stacks" % (kernel, program))
        told[program] = [{key: value for key, value in a.items()
                          if key not in ("ts_ns", "latency_ns", "stack")} for a in traced]
        for a in told[program]:
            a["tries"] = [{k: v for k, v in t.items() if k != "ts_ns"} for t in a["tries"]]
    for program in ("trace-cmd", "perf"):
        equal(told[program], told["kernel"], "%s: %s tells the same" % (kernel, program))
    failed = [a for a in told["kernel"] if a.get("failed")]
    equal(len(failed), nr_failed, "%s: failed attempts" % kernel)
    equal({t.get("blocker_pfn") for a in failed for t in a["tries"]}, {0x24c02},
          "%s: the page in the way" % kernel)


def check_detour():
    """A page that the kernel found a way around made no allocation fail."""
    path = os.path.join(scratch(), "attempts.json")
    tried = {"start_pfn": 48640, "end_pfn": 50640}
    with open(path, "w") as out:
        json.dump({"schema": "ltpin.attempts/1", "attempts": [
            {"ts_ns": 1, "source": "alloc", "area": "reserved", "nr_pages": 2000, "failed": False,
             "tries": [dict(tried, ok=False, stage="test", blocker_pfn=48700),
                       {"start_pfn": 51200, "end_pfn": 53200, "ok": True}]}]}, out)
    report = run("report", "-f", "json", "--attempts", path,
                 os.path.join(FIXTURES, "v6.12-x86-custom")).json()
    equal(len(report["attempts"][0]["tries"]), 2, "a detour: both ranges are told")
    equal(report.get("pins", []), [], "a detour: no page made an allocation fail")
    ok("page-in-the-way" not in [f["id"] for f in report["findings"]], "a detour: no finding")


def check_blockers():
    """A row names the first page that blocked its last attempt, and counts the others."""
    path = os.path.join(scratch(), "attempts.json")
    tried = {"start_pfn": 48640, "end_pfn": 50640, "ok": False, "stage": "test"}
    # What names a page although it passed was not blocked.
    attempts = [[48900], [48700, 48800, 48700, 48700, 48900], []]
    with open(path, "w") as out:
        json.dump({"schema": "ltpin.attempts/1", "attempts": [
            {"ts_ns": n, "source": "trace", "area": "reserved", "nr_pages": 2000, "failed": True,
             "errno": 16, "tries": [dict(tried, blocker_pfn=pfn) for pfn in met] +
             [dict(tried, ok=True, blocker_pfn=49000)]}
            for n, met in enumerate(attempts)]}, out)
    text = run("report", "--attempts", path, os.path.join(FIXTURES, "v6.12-x86-custom")).text()
    rows = [line.split() for line in text.splitlines() if "-EBUSY" in line and " trace " in line]
    equal([row[-2:] for row in rows], [["0xbe3c", "+2"]], "the table counts each page once")


def check_causes():
    """Each attempt says which pages blocked it, what held them, and to which group it belongs."""
    report = run("report", "-f", "json", os.path.join(FIXTURES, "v6.12-x86_64-pinned")).json()
    failed = [a for a in report["attempts"] if a.get("failed")]
    ok(failed and all("cause" not in a for a in report["attempts"]
                      if not a.get("failed")), "causes: only what failed has one")
    groups = report["groups"]
    for i, group in enumerate(groups):
        members = [a for a in failed if a["cause"]["group"] == i]
        equal(group["nr_failed"], len(members), "causes: the members of group %d" % i)
        equal({a["cause"].get("id") for a in members}, {group.get("cause")}, "causes: have its cause")
        equal((min(a["ts_ns"] for a in members), group["errno"], group["at_least"]),
              (group["first_ns"], members[0]["errno"], False), "causes: and its first time")
    page = failed[0]["blockers"][0]
    around = [a["blockers"] for a in report["attempts"] if a.get("failed") is False and "blockers" in a]
    equal(around, [[page]], "causes: a page that another allocation found a way around")
    owner = [pin for pin in report["pins"] if pin["pfn"] == page["pfn"]][0]["allocated_by"]
    equal({key: page[key] for key in ("pfn", "block_only", "state", "since_ns", "hold", "confidence")},
          {"pfn": failed[0]["tries"][0]["blocker_pfn"], "block_only": False, "state": "held-since",
           "since_ns": owner["ts_ns"], "hold": "pin", "confidence": "likely"}, "causes: the page")
    equal((page["by"]["comm"], page["by"]["pid"], page["by"]["basis"], owner["migrated"]),
          (owner["comm"], owner["tgid"], "allocation", False), "causes: and who allocated it")
    ok("explains" not in page, "causes: nobody looked for holders of pins")
    equal(failed[0]["windows"], {"given_out": 0, "passed": 0, "blocked": 1, "not_tried": 0},
          "causes: the only range there is")
    report = run("report", "-f", "json", os.path.join(FIXTURES, "v5.10-arm64-cma-failure")).json()
    equal({a["cause"].get("id") for a in report["attempts"] if a.get("failed") and a["tries"] and
           a["source"] == "trace"}, {"busy-transient"}, "causes: pages that were released")


def check_boots():
    """Attempts of another boot never meet pages of this one; alone they are reported on."""
    attempts = os.path.join(scratch(), "attempts.json")
    tried = {"start_pfn": 48640, "end_pfn": 50640, "ok": False, "stage": "test", "blocker_pfn": 48700}
    document = {"schema": "ltpin.attempts/1", "boot_id": "boot-a", "attempts": [
        {"ts_ns": 1, "source": "alloc", "area": "reserved", "nr_pages": 2000, "failed": True,
         "errno": 16, "tries": [tried]}]}

    def told(boot_id, of, root):
        with open(attempts, "w") as out:
            json.dump({k: v for k, v in dict(document, boot_id=of).items() if v}, out)
        path = os.path.join(root, "proc/sys/kernel/random/boot_id")
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w") as out:
            out.write(boot_id + "\n")
        result = run("report", "-f", "json", "--root", root, "--attempts", attempts)
        report = result.json()
        state = [s for s in report["sources"] if s["name"] == "attempts"][0]
        return result.status, len(report.get("attempts", [])), len(report.get("pins", [])), \
            state["status"], state.get("detail", "")
    tree = copy_tree("v6.12-x86-custom")
    status, nr_attempts, nr_pins, state, detail = told("boot-a", "boot-a", tree)
    equal((status, nr_attempts, nr_pins, state), (0, 1, 1, "ok"), "boots: the same one")
    status, nr_attempts, nr_pins, state, detail = told("boot-b", "boot-a", tree)
    equal((status, nr_attempts, nr_pins, state), (0, 0, 0, "partial"), "boots: another one")
    ok("its 1 attempt is of boot boot-a, the other evidence is of boot boot-b" in detail,
       "boots: which two", detail)
    status, nr_attempts, nr_pins, state, detail = told("boot-b", None, tree)
    equal((nr_attempts, nr_pins, state, detail.endswith("it does not say of which boot it is")),
          (1, 1, "ok", True), "boots: one that is not known is used, and told")
    status, nr_attempts, nr_pins, state, detail = told("", "boot-a", scratch())
    equal((nr_attempts, nr_pins, state), (1, 1, "ok"), "boots: alone")
    for command in ("areas", "zones", "pages", "doctor"):
        equal(run(command, "-f", "json", "--root", tree).json().get("boot_id"), "boot-b",
              "boots: %s says which" % command)
    selftest = os.path.join(scratch(), "selftest.json")
    with open(selftest, "w") as out:
        json.dump({"schema": "ltpin.selftest/1", "ltpin_version": "0", "boot_id": "boot-a",
                   "verdict": "kept", "reason": "kept", "cases": []}, out)
    report = run("report", "-f", "json", "--root", tree, "--selftest", selftest).json()
    equal([t["boot_id"] for t in report["selftests"]], ["boot-a"], "boots: a verdict is of a kernel")
    ok(any(s.get("detail", "").endswith("made in another boot: boot-a") for s in report["sources"]),
       "boots: and says that it is of another one")


def check_doubt():
    """`areas` says where a source that locates areas was not understood, and is silent of others."""
    root = copy_tree("v6.12-x86-custom")
    for path in ("sys/kernel/debug/cma/reserved/bitmap", "proc/vmstat"):
        with open(os.path.join(root, path), "w", encoding="ascii") as file:
            file.write("garbage\n")
    told = run("areas", "--root", root).text()
    ok("cma-debugfs: /sys/kernel/debug/cma/reserved/bitmap:1:1: expected" in told,
       "areas: what is in doubt", told)
    ok("vmstat" not in told, "areas: and nothing else", told)


def check_mount():
    """What to mount is said once of a source, whatever else it needs."""
    root = scratch()
    os.makedirs(os.path.join(root, "sys/kernel/debug"))
    with open(os.path.join(root, "dmesg.txt"), "w", encoding="ascii") as file:
        file.write("[    0.000000] Linux version 6.12.1\n")
    told = {source["name"]: " ".join(str(source.get(key, "")) for key in ("detail", "enable"))
            for source in run("doctor", "--root", root, "-f", "json").json()["sources"]}
    for name in ("cma-debugfs", "page-owner", "dma-buf", "trace", "pin-probes"):
        equal(told[name].count("mount -t"), 1, "%s: what to mount is said once" % name)
    ok(" or CONFIG_DEBUG_PAGE_REF=y" in told["pin-probes"], "pin-probes: an option in its place")
    for args, words in (((), "iomem: absent not in this capture would prove: "),
                        ((), "on the device, enable with: CONFIG_PROC_FS=y"),
                        (("--brief",), "iomem absent: not in this capture; needs CONFIG_PROC_FS=y")):
        out = " ".join(run("doctor", "--root", root, *args).text().split())
        ok(words in out, "a file that was not captured may be on the device: " + words, out)


def check_clock():
    """What META says of the clocks is told, and evidence that was read after them reaches to them."""
    tree = scratch()
    clock = {"log_ns": 9 * 10**9, "trace_ns": 8 * 10**9, "monotonic_ns": 7 * 10**9,
             "boottime_ns": 17 * 10**9, "error_ns": 1000, "suspended_ns": 10 * 10**9}
    files = {
        "META": json.dumps({"schema": "ltpin.meta/1", "boot_id": "0-1-2", "machine": "Some Board",
                            "clock": dict(clock, trace_clock="local")}),
        "dmesg.txt": "[    2.000000] usb: a\n",
        "sys/kernel/tracing/tracing_on": "1\n",
        "sys/kernel/tracing/events/cma/enable": "1\n",
        "sys/kernel/tracing/trace": "# tracer: nop\n"
        "  task-7 [000] .....  1.000002: cma_release: name=a pfn=0x100 page=1 count=8\n"
        "  task-7 [000] .....  1.500002: cma_alloc_start: name=a count=8 align=0\n"}
    for path, text in files.items():
        path = os.path.join(tree, path)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w") as file:
            file.write(text)

    def told(*args):
        report = run("report", "--root", tree, "-f", "json", *args).json()
        return report, {r["source"]: (r.get("from_ns"), r.get("to_ns"), r["successes"])
                        for r in report.get("record", [])}
    report, record = told()
    equal((report["boot_id"], report["machine"], report["clock"]), ("0-1-2", "Some Board", clock),
          "clocks of a capture")
    equal(record, {"log": (2 * 10**9, 9 * 10**9, False), "trace": (1000002000, 8 * 10**9, True)},
          "the record goes to when it was read")
    equal([(a["under_way"], a["age_ns"]) for a in report["attempts"] if "failed" not in a],
          [(True, 8 * 10**9 - 1500002000)], "what has not ended has an age")
    report, record = told("--dmesg", os.path.join(tree, "dmesg.txt"),
                          "--trace", os.path.join(tree, "sys/kernel/tracing/trace"))
    equal((report["clock"].get("log_ns"), report["clock"].get("trace_ns")), (None, None),
          "the clocks of other files were not read")
    equal(record, {"log": (2 * 10**9, 2 * 10**9, False), "trace": (1000002000, 1500002000, True)},
          "and their record goes to their ends")
    with open(os.path.join(tree, "sys/kernel/tracing/events/cma/enable"), "w") as file:
        file.write("0\n")
    equal(told()[1]["trace"], (1000002000, 1500002000, True), "nor while nothing is recorded")
    os.remove(os.path.join(tree, "META"))
    report, record = told()
    ok(not {"clock", "boot_id", "machine"} & report.keys(), "what nobody told is absent", report.keys())


equal(sorted(TRUTHS), TREES, "the truth about every tree is known")
for name in TREES:
    check_tree(name, TRUTHS[name])
for name in sorted(os.listdir(SAVED)):
    if name.startswith(("attempts", "selftest")):
        check_saved(name)
check_detour()
check_clock()
check_blockers()
check_causes()
check_boots()
check_doubt()
check_mount()
check_printed("6.12", 2)  # one of them asks for more than the area has
check_printed("5.10", 1)
done()
