#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Do failures go with pins? Experiments whose truth is set up here."""
from harness import *

BASE, NR_PAGES = 0x10000, 64
EMPTY = scratch()


def attempt(i, failed, pinned, windows=1, sampled=True, nr_pages=NR_PAGES):
    """One attempt of NR_PAGES at second i. The page in the way is BASE, pinned or not."""
    tries = [{"start_pfn": BASE - w, "end_pfn": BASE - w + nr_pages, "ok": False, "stage": "test",
              "blocker_pfn": BASE} for w in range(windows)]
    record = {"ts_ns": (i + 1) * 10**9, "source": "alloc", "nr_pages": nr_pages, "failed": failed,
              "errno": 16 if failed else 0, "latency_ns": 10**6, "caller": "ltpin-7", "count": 1,
              "tries": tries if failed else [
                  {"start_pfn": BASE, "end_pfn": BASE + nr_pages, "ok": True}]}
    if sampled:
        record["pinned"] = [{"start_pfn": BASE, "end_pfn": BASE + 1}] if pinned else []
        record["sampled_after_ns"] = (1 + i % 7) * 10**6
    return record


def experiment(attempts, *more):
    path = os.path.join(scratch(), "attempts.json")
    with open(path, "w", encoding="ascii") as file:
        json.dump({"schema": "ltpin.attempts/1", "attempts": attempts}, file)
    return run("report", "--root", EMPTY, "--attempts", path, *more)


def correlation(attempts):
    return experiment(attempts, "-f", "json").json().get("correlation")


def text(attempts):
    return " ".join(experiment(attempts).text().split())


def mixed(pinned_failed, pinned_ok, clean_failed, clean_ok):
    """Attempts of the four kinds, one after the other by turns."""
    left = {(True, True): pinned_failed, (False, True): pinned_ok, (True, False): clean_failed,
            (False, False): clean_ok}
    out = []
    while any(left.values()):
        for kind in left:
            if left[kind]:
                left[kind] -= 1
                out.append(attempt(len(out), *kind))
    return out


def table(found):
    return [found["table"][key] for key in
            ("pinned_failed", "pinned_ok", "clean_failed", "clean_ok")]


def check_none():
    """As many fail with a pinned page as without: no association."""
    found = correlation(mixed(10, 10, 10, 10))
    equal(table(found), [10, 10, 10, 10], "no association: the table")
    equal((found["odds_ratio"], found["p_value"]), (1, 1), "odds ratio and p are 1")
    ok(found["ci95"][0] < 1 < found["ci95"][1], "the interval includes 1", found["ci95"])
    equal(found["sampled_after_ms"], 7, "and how late the pins were sampled at most")
    ok("these attempts do not show that failures occur together with pins" in text(mixed(10, 10, 10, 10)),
       "the text says so")


def check_strong():
    found = correlation(mixed(20, 1, 1, 20))
    equal(table(found), [20, 1, 1, 20], "strong association: the table")
    ok(abs(found["odds_ratio"] - 400) < 1e-6, "odds ratio 400", found["odds_ratio"])
    # 2 * (C(21,20) C(21,1) + 1) / C(42,21)
    ok(abs(found["p_value"] - 2 * (21 * 21 + 1) / 538257874440) < 1e-15, "p", found["p_value"])
    ok(found["ci95"][0] > 1, "the interval excludes 1", found["ci95"])
    words = text(mixed(20, 1, 1, 20))
    ok("Failures occur together with pinned pages." in words and "p < 0.0001" in words, "the text says so")
    ok("Failures occur without pinned pages" in text(mixed(1, 20, 20, 1)), "and the opposite")


def check_windows():
    """One page in the way of forty windows is one page, and one failure."""
    found = correlation([attempt(0, True, True, windows=40), attempt(1, False, False)])
    equal((found["nr_attempts"], found["nr_blockers"], table(found)), (2, 1, [1, 0, 0, 1]),
          "forty windows of one page count once")
    ok("p_value" not in found, "two attempts have no p", found)
    ok("Fewer than 5 attempts: too few for a p-value" in text([attempt(0, True, True)]),
       "the text says why")


def check_small():
    for nr in range(1, 8):
        found = correlation([attempt(i, i % 2 == 0, i % 2 == 0) for i in range(nr)])
        equal("p_value" in found, nr >= 5, "%d attempts: p from five on" % nr)


def check_one_sided():
    found = correlation([attempt(i, True, True) for i in range(6)])
    ok("odds_ratio" not in found and found["p_value"] == 1, "all alike: nothing to compare", found)
    ok("No comparison is possible" in text([attempt(i, True, True) for i in range(6)]),
       "the text says so")


def check_unsampled():
    found = correlation(mixed(3, 0, 0, 3) +
                        [attempt(10 + i, True, True, sampled=False) for i in range(9)])
    equal((found["nr_attempts"], found["nr_unknown"], found["nr_failed"], table(found)),
          (6, 9, 12, [3, 0, 0, 3]), "attempts whose pins nobody sampled are in no cell")
    ok("odds_ratio" not in found and "p_value" not in found,
       "they could turn the result: no figure", found)
    words = text(mixed(3, 0, 0, 3) + [attempt(10 + i, True, True, sampled=False) for i in range(9)])
    ok("9 more attempts are not counted: nothing shows what was pinned then. This could turn the "
       "result, so there is no odds ratio and no p-value." in words and "Failures go" not in words,
       "the text says so", words)
    sure = mixed(20, 1, 1, 20) + [attempt(50, True, True, sampled=False)]
    ok("odds_ratio" in correlation(sure) and "This cannot turn the result." in text(sure),
       "one among many cannot turn it", text(sure))
    ok(correlation([attempt(i, True, True, sampled=False) for i in range(9)]) is None,
       "if none was sampled there is no correlation")
    ok(correlation([]) is None, "nor without attempts")


def check_timeline():
    """Ten good ones, then ten that a pin blocks, in a second each."""
    attempts = [attempt(i, i >= 10, i >= 10) for i in range(20)]
    spans = correlation(attempts)["timeline"]
    equal([(s["pinned_failed"], s["clean_ok"]) for s in spans], [(0, 1)] * 10 + [(1, 0)] * 10,
          "one span each, in order, and none for nothing")
    ok(every(zip(spans, attempts), lambda both:
             both[0]["start_ns"] <= both[1]["ts_ns"] < both[0]["end_ns"], at_least=20),
       "each at its time")
    strip = [line for line in experiment(attempts).text().splitlines()
             if line.startswith("  [") and set(line[3:-1]) <= set(" P.")]
    equal(["".join(line[3:-1].split()) for line in strip], ["." * 10 + "P" * 10],
          "the text draws it")
    equal(len(correlation(mixed(250, 250, 250, 250))["timeline"]), 60, "and is bounded")
    ok("timeline" not in correlation([attempt(0, True, True)]), "one moment is no timeline")


def check_sizes():
    """No pin makes a request for one page fail; beside large ones it looks as if pins did."""
    small = [attempt(i, False, False, nr_pages=1) for i in range(129)]
    large = [attempt(200 + i, True, True) for i in range(6)]
    found = correlation(small + large)
    equal((table(found), found["min_pages"], found["max_pages"]), ([6, 0, 0, 0], 64, 64),
          "the failed requests have a table of their own")
    ok("odds_ratio" not in found and found["p_value"] == 1, "which shows nothing", found)
    ok("others" not in found, "the small ones, none of which failed, have none", found)
    words = text(small + large)
    ok("Requests for 64 pages of" in words and
       "No comparison is possible" in words, "the text has what failed", words)
    both = correlation(large + small + [attempt(300, True, False, nr_pages=1)])
    equal([(table(other), other["max_pages"]) for other in both["others"]],
          [([0, 0, 1, 129], 1)], "once one of them did they have theirs")
    both = text(large + [attempt(300, True, False, nr_pages=1)])
    ok("Requests for 64 pages" in both and "Requests for 1 page " in both, "of each size", both)


check_none()
check_sizes()
check_strong()
check_windows()
check_small()
check_one_sided()
check_unsampled()
check_timeline()
done()
