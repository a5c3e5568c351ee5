# SPDX-License-Identifier: GPL-2.0-or-later
"""Stories for scenarios/history, what is true of them, and what of ltpin's report is not."""
import collections
import re

NAMES = ("camera", "video", "audio", "modem", "gpu-daemon", "isp", "sensors", "recorder")
KINDS = ("pin", "pin", "pin", "vmsplice", "vmsplice", "none", "kept")

# How a hold of the kind shows.
HOLDS = {"pin": "pin", "kept": "pin", "vmsplice": "extra-ref"}

DENIALS = re.compile(r"No failed cma_alloc|no cma_alloc failed|no page in the CMA area is pinned",
                     re.I)

# The causes that a page in the way can be.
IN_THE_WAY = {"pin-in-cma", "extra-ref-in-cma", "unmovable-in-cma", "page-in-the-way",
              "busy-transient"}


# --- Making one up ---

class Script:
    """The steps of a story, and who is there meanwhile."""

    def __init__(self, rng, name, count, is_stock=False):
        self.rng = rng
        self.is_stock = is_stock
        self.name = name
        self.count = count
        self.present = []
        self.nr = 0
        self.has_kept = self.has_given = False
        self.lines = []

    def take(self):
        kind = self.rng.choice(KINDS)
        who = f"{self.name}-{self.nr}"
        self.nr += 1
        inner = self.rng.choice(("", " --inner", " --inner"))
        self.lines.append(f"take {who} {self.rng.choice(NAMES)} {kind} "
                          f"{self.rng.choice((1, 1, 1, 2, 5))}{inner}")
        if kind == "kept":
            self.lines.append(f"leave {who}")
            self.has_kept = True
        else:
            self.present.append(who)

    def leave(self):
        if self.present:
            who = self.present.pop(self.rng.randrange(len(self.present)))
            self.lines.append(f"leave {who}")

    def ask(self):
        sizes = [self.count, self.count, self.count, self.count // 2, self.count // 4 * 3]
        if not self.is_stock:  # there is more of the area than is told of
            sizes.append(self.count + 1)
        nr = self.rng.choice(sizes)
        self.lines.append(f"ask {nr}")

    def give(self):
        if not self.has_given and not self.is_stock:
            self.lines.append(f"give {self.rng.choice((1, 64, self.count // 2))}")
            self.has_given = True

    def back(self):
        if self.has_given:
            self.lines.append("back")
            self.has_given = False

    def release(self):
        if self.has_kept:
            self.lines.append("release")
            self.has_kept = False

    def other(self):
        self.lines.append(self.rng.choice(("compact", "sleep 0.2")))

    def finish(self):
        """Everybody goes, so that the next story begins with nothing."""
        self.lines.append("report")
        self.back()
        self.release()
        while self.present:
            self.leave()


def script(rng, name, count, is_stock=False):
    """A story: text for the guest. In one of five ltpin has the log and no trace.

    On a stock kernel nobody can give part of the area to a device, and keep that.
    """
    made = Script(rng, name, count, is_stock)
    made.lines.append(f"story {name} {int(rng.random() < 0.8)}")
    made.take()
    for _ in range(rng.randrange(5, 12)):
        step = rng.choice((made.take, made.take, made.leave, made.ask, made.ask, made.ask,
                           made.give, made.back, made.release, made.other))
        if step != made.take or len(made.present) < 4:
            step()
    made.ask()
    made.finish()
    return "\n".join(made.lines) + "\n"


# --- What is true ---

class Holder:
    """Somebody who got pages."""

    def __init__(self, pid, comm, kind, pfns):
        self.pid = pid
        self.comm = comm
        self.kind = kind
        self.pfns = pfns
        self.is_present = self.is_holding = True

    def holds(self, pfn):
        return self.is_holding and self.kind in HOLDS and pfn in self.pfns


class Attempt:
    """A cma_alloc() as the kernel traced it."""

    def __init__(self, ns, nr_pages):
        self.from_ns = self.to_ns = ns
        self.nr_pages = nr_pages
        self.tests = []  # that failed
        self.nr_tests = 0
        self.failed = True
        self.errno = None
        self.nr_free = self.longest = 0


# A page that blocked, who held it then, and who held any in the range: they alone would have done.
Test = collections.namedtuple("Test", "pfn holders in_range at")


class Truth:
    """Played again from the marks and events of a trace, in their order."""

    LINE = re.compile(r"^\s*(.+)-(\d+)\s+\[\d+\] \S+\s+(\d+)\.(\d+): (\w+): (.*)$")

    def __init__(self, text, story, result, count, base):
        self.count, self.base = count, base
        self.result = result
        self.kinds = {words[1]: (words[2], words[3]) for words in map(str.split, story.splitlines())
                      if words[0] == "take"}
        self.holders = {}
        self.attempts = []
        self.open = {}
        self.given = {}
        self.freed = []  # (position, PFN): when nothing held it any more
        self.got = []  # (position, range): allocated, so nothing held it then
        self.failed_to_take = 0
        # what tests ranges without such an event is no cma_alloc(), but the blocker placing pages
        self.has_starts = " cma_alloc_start: " in text
        for at, match in enumerate(filter(None, map(self.LINE.match, text.splitlines()))):
            self.at = at
            task, pid, seconds, micros, event, rest = match.groups()
            ns = int(seconds) * 10**9 + int(micros) * 1000
            getattr(self, "on_" + event, self.on_other)((task, pid), ns, rest)

    def on_other(self, *event):
        """Nothing of interest."""

    def on_tracing_mark_write(self, _task, _ns, rest):
        what, _, who = rest.partition(" ")
        if what == "held":
            comm, kind = self.kinds[who]
            self.holders[who] = Holder(int(self.result.text(f"{who}.pid")), comm, kind,
                                       set(self.result.held(who)))
        elif what == "failed":
            self.failed_to_take += 1
        elif what == "left":
            self.holders[who].is_present = False
            if self.holders[who].kind != "kept":
                self.let_go(self.holders[who])
        elif what == "released":
            for holder in self.holders.values():
                if holder.kind == "kept":
                    self.let_go(holder)

    def let_go(self, holder):
        if holder.is_holding and holder.kind in HOLDS:
            self.freed += [(self.at, pfn) for pfn in holder.pfns]
        holder.is_holding = False

    def held_by(self, pfn):
        return [holder for holder in self.holders.values() if holder.holds(pfn)]

    def attempt_of(self, task, ns, nr_pages=0):
        if task not in self.open:
            self.open[task] = Attempt(ns, nr_pages)
            self.attempts.append(self.open[task])
        self.open[task].to_ns = ns
        return self.open[task]

    @staticmethod
    def number(rest, key):
        match = re.search(rf"\b{key}=(-?(?:0x)?[0-9a-f]+)\b", rest)
        return int(match.group(1), 16 if key in ("pfn", "fin_pfn", "page", "start_pfn",
                                                 "end_pfn") else 10) if match else None

    def on_cma_alloc_start(self, task, ns, rest):
        self.open.pop(task, None)  # larger than the area: there is no end
        nr_pages = self.number(rest, "count")
        attempt = self.attempt_of(task, ns, self.number(rest, "request_count")
                                  if nr_pages is None else nr_pages)
        self.count_free(attempt)

    def on_test_pages_isolated(self, task, ns, rest):
        if self.has_starts and task not in self.open:
            return
        attempt = self.attempt_of(task, ns)
        attempt.nr_tests += 1
        attempt.nr_pages = self.number(rest, "end_pfn") - self.number(rest, "start_pfn")
        if rest.endswith("ret=fail"):
            pfn, start = self.number(rest, "fin_pfn"), self.number(rest, "start_pfn")
            attempt.tests.append(Test(pfn, self.held_by(pfn), [
                holder for holder in self.holders.values()
                if any(start <= at < start + attempt.nr_pages and holder.holds(at)
                       for at in holder.pfns)], self.at))

    def on_cma_alloc_finish(self, task, ns, rest):
        attempt = self.attempt_of(task, ns)
        attempt.nr_pages = self.number(rest, "count")
        attempt.failed = self.number(rest, "page") == 0
        attempt.errno = -(self.number(rest, "errorno") or 0)
        self.count_free(attempt)
        if not attempt.failed:
            pfn = self.number(rest, "pfn")
            self.given[pfn] = (attempt.nr_pages, int(task[1]))
            self.got.append((self.at, range(pfn, pfn + attempt.nr_pages)))
        del self.open[task]

    def on_cma_alloc(self, task, ns, rest):
        attempt = self.attempt_of(task, ns)
        self.on_cma_alloc_finish(task, ns, rest)
        # shown by scenarios/behaviour
        attempt.errno = 0 if not attempt.failed else 16 if attempt.tests else 12

    def on_cma_release(self, _task, _ns, rest):
        start, end = self.number(rest, "pfn"), self.number(rest, "count")
        end += start
        for pfn in [pfn for pfn in self.given if start <= pfn < end]:
            del self.given[pfn]

    def count_free(self, attempt):
        """What the bitmap had, and its longest run."""
        at = self.base
        attempt.nr_free = attempt.longest = 0
        for pfn, (nr_pages, _) in [*sorted(self.given.items()), (self.base + self.count, (0, 0))]:
            attempt.nr_free += pfn - at
            attempt.longest = max(attempt.longest, pfn - at)
            at = pfn + nr_pages

    def failed(self):
        return [attempt for attempt in self.attempts if attempt.failed]

    def guilty(self):
        """Whoever held a page that made an attempt fail, or has part of the area for a device."""
        holders = {holder.pid for attempt in self.failed() for test in attempt.tests
                   for holder in test.in_range}
        return holders | {pid for _, pid in self.given.values()}

    def holding(self):
        """Whoever holds pages now."""
        return {holder.pid for holder in self.holders.values()
                if holder.is_holding and holder.kind in HOLDS}

    def exchange(self, one, other):
        """Another truth: each of two holders has the other's pages."""
        one.pid, other.pid = other.pid, one.pid


# --- What of a report is true ---

Statement = collections.namedtuple("Statement", "kind confidence is_true text")


class Judge:
    """Holds a report against the truth."""

    def __init__(self, report, truth):
        self.report = report
        self.truth = truth
        self.said = []
        self.unmatched = []
        clock = report.get("clock", {})
        self.log_to_trace = clock.get("trace_ns", 0) - clock.get("log_ns", 0)
        for said in report.get("attempts", []):
            self.attempt(said)
        self.groups()
        self.headline()

    def say(self, kind, confidence, is_true, text):
        self.said.append(Statement(kind, confidence, bool(is_true), text))

    def find(self, said):
        """The attempt of the truth; the log has times of another clock."""
        is_log = said["source"] == "log"
        ns = said["ts_ns"] + (self.log_to_trace if is_log else 0)
        same = [a for a in self.truth.attempts
                if a.nr_pages == said.get("nr_pages", a.nr_pages) and
                a.failed == bool(said.get("failed"))]

        def far(attempt):
            return min(abs(attempt.from_ns - ns), abs(attempt.to_ns - ns))
        nearest = min(same, key=far, default=None)
        return nearest if nearest and far(nearest) < (10**8 if is_log else 10**7) else None

    def attempt(self, said):
        attempt = self.find(said)
        if not attempt:
            self.unmatched.append(f"{said['source']} {said['ts_ns']}: {said}")
            return
        for blocker in said.get("blockers", []):
            self.blocker(attempt, blocker)
        if "errno" in said and said["errno"] and attempt.errno is not None:
            self.say("errno", "proven", said["errno"] == attempt.errno,
                     f"{said['errno']}, not {attempt.errno}")
        cause = said.get("cause", {})
        if "id" in cause:
            self.say("cause", cause["confidence"], self.is_cause(attempt, cause["id"]),
                     f"{attempt.nr_pages} pages failed for {cause['id']}")

    def is_cause(self, attempt, cause):
        if cause in IN_THE_WAY:
            kinds = {HOLDS[h.kind] for test in attempt.tests for h in test.in_range}
            wanted = {"pin-in-cma": "pin", "extra-ref-in-cma": "extra-ref"}.get(cause)
            return attempt.tests and (not wanted or wanted in kinds)
        is_too_large = attempt.nr_pages > self.truth.count
        is_exhausted = attempt.nr_free < attempt.nr_pages
        return not attempt.tests and {
            "request-too-large": is_too_large,
            "area-exhausted": is_exhausted and not is_too_large,
            "area-fragmented": not is_exhausted and attempt.longest < attempt.nr_pages,
        }.get(cause, False)

    def blocker(self, attempt, said):
        pfn = said["pfn"]
        tests = [test for test in attempt.tests if test.pfn == pfn]
        where = f"{pfn:#x} of {attempt.nr_pages} pages"
        self.say("blocked", "proven", tests, where)
        if not tests:
            return
        if "nr_windows" in said:
            self.say("windows", "proven", said["nr_windows"] == len(tests),
                     f"{where}: {said['nr_windows']}, not {len(tests)}")
        now = self.truth.held_by(pfn)
        then = tests[-1].holders
        if "state" in said:
            self.say("state", "proven", self.is_state(said["state"], tests[-1], now),
                     f"{where}: {said['state']}")
        if "hold" in said:
            self.say("hold", said["confidence"], said["hold"] in {HOLDS[h.kind] for h in then},
                     f"{where}: {said['hold']}")
        if "by" in said:
            by = said["by"]
            self.say("holder", by["confidence"],
                     any(h.pid == by["pid"] and h.is_present for h in now if h in then),
                     f"{where}: {by['comm']}[{by['pid']}] by {by['basis']}")

    def is_state(self, state, test, now):
        if state == "held-since":
            return any(holder in now for holder in test.holders)
        if state == "held-now":
            return now
        if not test.holders:  # it passed; who holds it now may have come after that
            return not now or any(at > test.at and test.pfn in pages for at, pages in self.truth.got)
        return any(at > test.at and pfn == test.pfn for at, pfn in self.truth.freed)

    def groups(self):
        failed = [a for a in self.report.get("attempts", []) if a.get("failed")]
        for i, group in enumerate(self.report.get("groups", [])):
            nr = sum(a["count"] for a in failed if a.get("cause", {}).get("group") == i)
            self.say("group", "proven", group["nr_failed"] == nr,
                     f"{i}: {group['nr_failed']} attempts, not {nr}")
            wanted = [a for a in self.truth.failed() if a.nr_pages == group["nr_pages"]]
            self.say("group", "proven", group["nr_failed"] <= len(wanted),
                     f"{i}: {group['nr_failed']} attempts of at most {len(wanted)}")

    def headline(self):
        text = self.report.get("headline", "")
        is_of_failures = text.startswith("cma_alloc")
        named = self.truth.guilty() if is_of_failures else self.truth.holding()
        # whose pages are pinned now may be named where nothing tells of then, but as a hint alone
        for sentence in re.split(r"(?<=[.:]) ", text):
            for comm, pid in re.findall(r"([\w-]+)\[(\d+)\]", sentence):
                self.say("named", "hint" if "(hint)" in sentence else "proven", int(pid) in named,
                         f"{comm} in the headline: {text}")
        if self.truth.failed():
            self.say("denial", "proven", not DENIALS.search(text), text)

    def wrong(self):
        return [s for s in self.said if s.confidence == "proven" and not s.is_true]
