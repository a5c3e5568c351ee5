#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Every view says the same of who blocked: histories that are written here, and what each shows."""
import re
import shutil

from harness import *

FIXTURE = "v6.12-x86_64-pinned"
PFN = 0x1ae03      # camera-hal, which began at 1.7 s, has had it pinned since 1.79 s
WHOLE = (0x1ae00, 16384)
WHO = "camera-hal"
HEAD = "# tracer: nop\n#\n"


def event(at_s, text, task="video-700"):
    return "%16s [000] .....  %.6f: %s\n" % (task, at_s, text)


def attempt(at_s, blocker=None, area=WHOLE, name="reserved", errno=16):
    """One request for all of the area: @blocker made it fail, or it succeeded and was released."""
    start, nr = area
    retry = "" if blocker is None else event(
        at_s + .002, "cma_alloc_busy_retry: name=%s pfn=0x%x page=000000006df1f305 count=%d align=8"
        % (name, start, nr))
    ended = "pfn=0x%x page=%016x count=%d align=8 errorno=%d" % (
        (start, 0, nr, -errno) if blocker else (start, 1, nr, 0))
    return (event(at_s, "cma_alloc_start: name=%s count=%d align=8" % (name, nr)) +
            event(at_s + .001, "test_pages_isolated: start_pfn=0x%x end_pfn=0x%x fin_pfn=0x%x ret=%s"
                  % (start, start + nr, blocker or start + nr, "fail" if blocker else "success")) +
            retry + event(at_s + .003, "cma_alloc_finish: name=%s %s" % (name, ended)))


def write(tree, path, text, mode="w"):
    with open(os.path.join(tree, path), mode, encoding="utf-8") as out:
        out.write(text)


def device(*history, no=()):
    """The fixture with another past: @history are the events, @no the files it lacks."""
    tree = copy_tree(FIXTURE)
    write(tree, "sys/kernel/tracing/trace", HEAD + "".join(history))
    for path in no:
        os.remove(os.path.join(tree, path))
    return tree


def edit(tree, path, pattern, text):
    path = os.path.join(tree, path)
    with open(path, encoding="utf-8") as file:
        old = file.read()
    new = re.sub(pattern, text, old)
    assert new != old, pattern
    with open(path, "w", encoding="utf-8") as file:
        file.write(new)


class Views:
    """What each command says of a tree."""
    def __init__(self, tree):
        self.json = run("report", tree, "-f", "json").json()
        self.text = run("report", tree).text()
        self.markdown = run("report", tree, "-f", "markdown").text()
        self.watch = run("--root", tree, "watch").text()
        self.pages = run("--root", tree, "pages", "--all").text()
        self.pins = run("--root", tree, "pages", "-f", "json").json().get("pins", [])
        self.failures = run("--root", tree, "top", "--once", "--view", "failures").text()
        self.top_pages = run("--root", tree, "top", "--once", "--view", "pages").text()
        self.processes = run("--root", tree, "top", "--once", "--view", "processes").text()

    def pin(self, pfn=PFN):
        return next((pin for pin in self.pins if pin["pfn"] == pfn), {})

    def explained(self):
        """What findings say of why an attempt failed, and rest that on."""
        return [[finding["text"], finding["advice"]] +
                [said for said in finding["evidence"] if "whether it was" not in said]
                for finding in self.json["findings"] if "blocked" in finding["text"]]

    def owners(self):
        return [(owner["comm"], owner["nr_failed"]) for owner in
                self.json.get("correlation", {}).get("owners", [])]

    def summary(self):
        """The headline of watch, which comes after the attempts and their number."""
        return self.watch.partition(" failed.\n\n")[2].split("\n\n")[0]

    def accusing(self):
        """Each view that names WHO with what failed."""
        last = [line for line in self.failures.splitlines() if ": reserved, " in line]
        rows = [line for line in self.failures.splitlines() if " 16384 -EBUSY" in line]
        block = self.markdown.split("\n\n")[0]
        places = {"headline": self.json["headline"], "findings": json.dumps(self.explained()), "markdown": block,
                  "text": self.text.split("\n\n")[0],
                  "correlation": json.dumps(self.owners()), "top": "".join(last + rows),
                  "watch": self.summary()}
        blocked = re.search(WHO + r" +\d+ .* (\d+)$", self.processes, re.M)
        found = {name for name, text in places.items() if WHO in text}
        if blocked and blocked.group(1) != "0":
            found.add("processes")
        if re.search(r"^ *0x1ae03 .* \*.*" + WHO, self.pages, re.M):
            found.add("pages")
        if re.search(r"^0x1ae03 .* \*.*" + WHO, self.top_pages, re.M):
            found.add("top pages")
        return sorted(found)


ALL = {"headline", "findings", "markdown", "text", "watch", "correlation", "top", "processes",
       "pages", "top pages"}


def check_holder():
    """The control: it had the page pinned before, and has it still."""
    views = Views(device(attempt(1.5), attempt(2.2, PFN), attempt(2.4, PFN)))
    equal(sorted(ALL - set(views.accusing())), [], "the holder is named in every view")
    equal(views.pin().get("blocker_state"), "held-since", "the page is held since then")
    equal(views.owners(), [(WHO, 2)], "with its share of the failures")
    ok(re.search(r"0x1ae03 +held +camera-hal\[60\]", views.failures), "top: held", views.failures)


def check_newcomer():
    """It failed, another had the page then; it was given to a request; then somebody came."""
    views = Views(device(attempt(1.2, PFN), attempt(1.4)))
    equal(views.accusing(), [], "who got the page later is named nowhere as the cause")
    equal(views.pin().get("blocker_state"), "reused", "the page came to another use")
    ok(views.pin().get("mapped_by"), "who maps it now is a fact all the same", views.pin())
    ok(re.search(r"^ +0x1ae03 +1 pin ~", views.pages, re.M) and "~ blocked one, was released, and is in "
       "other use now" in words_of(views.pages), "pages: marked as such", views.pages)
    ok(re.search(r"^0x1ae03 +1 pin ~", views.top_pages, re.M), "top: likewise", views.top_pages)
    ok(re.search(r"0x1ae03 +released +\?", views.failures), "top: released", views.failures)
    ok("0x1ae03, released since" in views.failures, "and in its last failure", views.failures)
    ok("has been released since" in views.json["headline"], "the headline says so",
       views.json["headline"])


def words_of(text):
    return " ".join(text.split())


def check_later_allocation():
    """Nothing succeeded in between, but page_owner has the time of the allocation."""
    views = Views(device(attempt(1.75, PFN)))
    equal(views.accusing(), [], "a page that was allocated later: nobody is named")
    equal(views.pin().get("blocker_state"), "reused", "it came to another use")


def check_not_shown():
    """Without page_owner and successes nothing shows whose page it was."""
    tree = device(attempt(2.2, PFN), no=["sys/kernel/debug/page_owner"])
    views = Views(tree)
    equal(views.pin().get("blocker_state"), "held-now", "held now, and no more is shown")
    ok("whether it was so then is not known" in views.json["headline"], "the headline says so",
       views.json["headline"])
    ok(re.search(r"0x1ae03 +held now +camera-hal", views.failures), "top too", views.failures)
    ok("correlation" not in views.json, "what it met is in no table", views.json.get("correlation"))


def check_later_process():
    """Neither page_owner nor a success, but the process began after the attempt."""
    tree = device(attempt(1.2, PFN), no=["sys/kernel/debug/page_owner"])
    edit(tree, "ltpin/pagemap.json", '"start_ns": 1700000000', '"start_ns": [1699000000, 1700000000]')
    views = Views(tree)
    equal(set(views.accusing()) - {"pages", "top pages"}, set(),
          "a process that began later is not named with the failure")
    edit(tree, "ltpin/pagemap.json", r'"start_ns": .1699', '"start_ns": [1199')
    ok("headline" in Views(tree).accusing(), "the control: one that may have been there is")


def check_two_times():
    """One held the page, it was given to a request, then another held it: each has its own finding."""
    views = Views(device(attempt(1.2, PFN), attempt(1.4), attempt(2.2, PFN), attempt(2.3, PFN)))
    found = {finding["id"]: json.dumps(finding) for finding in views.json["findings"]}
    ok(WHO in found["pin-in-cma"], "the holder of today is named with what failed since",
       found["pin-in-cma"])
    ok(WHO not in found["busy-transient"], "and not with what failed before",
       found["busy-transient"])
    equal(views.owners(), [(WHO, 2)], "two of three failures")
    equal(re.findall(r"0x1ae03 +(held|released) +(\S+)", views.failures),
          [("held", "camera-hal[60]"), ("held", "camera-hal[60]"), ("released", "?")],
          "top: the newest first")
    ok(re.search(r"1\.200000 s.*?released since; who uses it now came later\.", views.watch, re.S) and
       views.watch.count("probably holds it (likely).\n") == 2, "watch: likewise", views.watch)


def check_bystander():
    """A page that the kernel did not name; the one that it named is not there any more."""
    views = Views(device(attempt(1.8, 0x1b777)))
    equal(views.accusing(), [], "pins elsewhere in the area are not the cause")
    ok(re.search(r"^ +0x1ae03 +1 pin +anon", views.pages, re.M), "they are listed without a mark",
       views.pages)


def check_two_holders():
    """Two failures by the page of one, then two by another's, which comes before it in the area."""
    tree = device(*(attempt(2.0 + i / 10, PFN + (i < 2)) for i in range(4)))
    owner = "sys/kernel/debug/page_owner"
    edit(tree, "ltpin/pagemap.json", r'("pfn": 110084, "pid": )60(, "comm": "camera-hal)"', r'\g<1>81\g<2>2"')
    edit(tree, owner, r"pid 60, tgid 60 \(camera-hal(\), ts \d+ ns\nPFN 0x1ae04)",
         r"pid 81, tgid 81 (camera-hal2\1")
    edit(tree, owner, r"ts \d+ ns(\nPFN 0x1ae03)", r"ts 2150000000 ns\1")
    views = Views(tree)
    equal(sorted(views.owners()), [("camera-hal", 2), ("camera-hal2", 2)], "each has its two")
    shares = [owner["share"] for owner in views.json["correlation"]["owners"]]
    equal(shares, [0.5, 0.5], "half of the failures, and not more")
    equal(words_of(views.text).count("blocked 2 of 4 failures (50%; likely)"), 2, "as text too")
    equal(len(re.findall(r"0x1ae03 +held +camera-hal\[60\]", views.failures)), 2, "top: one")
    equal(len(re.findall(r"0x1ae04 +held +camera-hal2\[81", views.failures)), 2, "top: the other")


def check_other_area():
    """A page outside of every located area blocked; what is pinned in another one is not the cause."""
    views = Views(device(attempt(2.2, 0x40001, area=(0x40000, 1024), name="modem")))
    equal(views.accusing(), [], "pins in another area are not the cause")
    ok("page 0x40001 blocked it (proven)" in views.json["headline"], "the headline has the page",
       views.json["headline"])
    equal(views.pin(0x40001).get("is_blocker"), True, "pages lists it")
    ok(re.search(r"1024 -EBUSY +1 0x40001 ", views.failures), "top: the page", views.failures)
    ok("Page 0x40001 (at 0x40001000) blocked 1 range." in views.watch, "watch: the page", views.watch)


def check_no_range():
    """-EBUSY for want of room: no range was tried, so no page was met."""
    start, nr = WHOLE
    views = Views(device(event(2.2, "cma_alloc_start: name=reserved count=%d align=8" % nr),
                         event(2.201, "cma_alloc_finish: name=reserved pfn=0x0 page=0000000000000000 "
                               "count=%d align=8 errorno=-16" % nr)))
    equal(views.accusing(), [], "no range, no page: nobody is named")
    ok(re.search(r" 16384 -EBUSY +1 \? +\? ", views.failures), "top: no page", views.failures)
    equal([pin["pfn"] for pin in views.pins if pin["is_blocker"]], [], "no page is marked")


def check_log_and_trace():
    """The log has a line for the call that the trace has: one attempt, one finding."""
    tree = device(attempt(2.2, PFN))
    write(tree, "dmesg.txt", "<3>[    2.203000] cma: cma_alloc: reserved: alloc failed, req-size: "
          "16384 pages, ret: -16\n", "a")
    views = Views(tree)
    equal([a["sources"] for a in views.json["attempts"]], [["log", "trace"]], "one attempt of both")
    equal(len(views.explained()), 1, "and one finding")
    equal(sorted(ALL - set(views.accusing())), [], "the holder is named all the same")


def check_silence():
    """No failure is on record, and the kernel counts two: nothing says that none was."""
    tree = device(no=["ltpin/module.json", "ltpin/kpageflags.json", "ltpin/pagemap.json",
                      "sys/kernel/debug/page_owner"])
    views = Views(tree)
    home = words_of(run("--root", tree).text())
    equal(views.accusing(), [], "nobody is named")
    ok("The kernel counts 2 failed cma_alloc calls since boot, of which none is on record" in
       words_of(views.text) and "The kernel counts 2 failed" in home, "report and home say so", home)
    ok("Next, on the device: `ltpin watch --count 1 --capture-on-failure FILE`." in home,
       "home: see the next one", home)
    ok(re.search(r"Failed 0 on record \(2 by the kernel", views.failures), "top: both counts",
       views.failures)


def check_unlocated():
    """No source reports where the area is: the page that the trace names is there all the same."""
    tree = device(attempt(2.2, PFN), no=["ltpin/module.json", "ltpin/kpageflags.json"])
    shutil.rmtree(os.path.join(tree, "sys/kernel/debug/cma"))
    edit(tree, "dmesg.txt", r"(?m)^.*cma: Reserved.*\n", "")
    views = Views(tree)
    equal([area.get("ranges") for area in views.json["areas"]], [None], "the area has no place")
    for name, text in (("report", views.json["headline"]), ("watch", words_of(views.watch))):
        ok("page 0x1ae03 blocked it (proven)" in text, "%s: the page" % name, text)
        ok("0 pages" not in text and "0x0" not in text, "%s: and none that is not there" % name, text)
    equal(views.pin().get("is_blocker"), True, "pages: the page")
    ok(re.search(r"-EBUSY +1 0x1ae03 ", views.failures), "top: the page", views.failures)


check_holder()
check_newcomer()
check_later_allocation()
check_not_shown()
check_later_process()
check_two_times()
check_bystander()
check_two_holders()
check_other_area()
check_no_range()
check_log_and_trace()
check_silence()
check_unlocated()
done()
