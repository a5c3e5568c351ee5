#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""`ltpin diff` lists what the test changed, and nothing else."""
import copy
import random
import re
import shutil

import world
from harness import *

TREE = os.path.join(FIXTURES, "v6.12-x86_64-pinned")
SEED = random.randrange(1 << 32)
RAND = random.Random(SEED)


def differences(a, b, want=1):
    result = run("diff", a, b, "-f", "json")
    equal((result.status, bool(result.out)), (want, True), "exit status of %s and %s" % (os.path.basename(a), os.path.basename(b)))
    document = result.json()
    return document, {(d["section"], d["key"], d["change"], d.get("a"), d.get("b"))
                      for d in document["differences"]}


def check_itself(path, name):
    result = run("diff", path, path)
    ok(result.status == 0 and "Nothing differs." in result.text(), "%s and itself: nothing" % name,
       result.status, result.text())
    equal(differences(path, path, 0)[1], set(), "%s and itself, as JSON" % name)


def check_lost_sources():
    """What cannot be seen in one of them is not gone, nor new in the other."""
    fewer = os.path.join(scratch(), "fewer")
    shutil.copytree(TREE, fewer)
    for name in ("ltpin/module.json", "ltpin/kpageflags.json"):
        os.remove(os.path.join(fewer, name))
    shutil.rmtree(os.path.join(fewer, "sys/kernel/tracing"))
    for a, b, which in ((TREE, fewer, "A"), (fewer, TREE, "B")):
        text = run("diff", a, b).text()
        ok("Read in %s alone: kpageflags, module, trace\n" % which in text, "%s read more" % which, text)
        ok("only in %s: pin in reserved, camera-hal: 3" % which in text and
           not re.search(r"^ +(?:gone|new): ", text, re.M), "nothing is gone, nothing is new", text)
        document = differences(a, b)[0]
        equal(document["sources_of_%s_alone" % which.lower()], ["kpageflags", "module", "trace"],
              "the same as JSON")
        changes = {entry["change"] for entry in document["differences"]}
        ok("only-in-%s" % which.lower() in changes and not changes & {"new", "gone"},
           "nor is anything as JSON", changes)
    shutil.copytree(TREE, fewer + "2")
    os.remove(os.path.join(fewer + "2", "ltpin/module.json"))
    shutil.rmtree(os.path.join(fewer + "2", "sys/kernel/tracing"))
    os.remove(os.path.join(fewer + "2", "ltpin/kpageflags.json"))
    equal(run("diff", fewer, fewer + "2").status, 0, "both lack the same: nothing differs")


def saved(document):
    return put(json.dumps(document).encode(), "report.json")


def counted(findings):
    found = {}
    for finding in findings:
        key = "%s (%s, %s)" % (finding["id"], finding["severity"], finding["confidence"])
        found[key] = found.get(key, 0) + 1
    return found


def change_at_random(document):
    """What was done to a report, as diff must list it."""
    done = set()
    area, kernel = document["areas"][0], document["kernel"]
    for key in RAND.sample(["nr_allocated", "nr_free", "nr_pinned", "largest_free_run"], 2):
        old, area[key] = area[key], area[key] + RAND.randrange(1, 1000)
        done.add(("area", "%s: %s" % (area["name"], key), "changed", old, area[key]))
    old, area["counters"]["alloc_success"] = area["counters"]["alloc_success"], 7
    done.add(("counter", area["name"] + ": alloc_success", "changed", old, 7))
    old, kernel["release"] = kernel["release"], "6.%d.1" % RAND.randrange(20, 99)
    done.add(("kernel", "release", "changed", old, kernel["release"]))
    option = RAND.choice(sorted(kernel["options"]))
    done.add(("option", option, "gone", kernel["options"].pop(option), None))
    kernel["options"]["CMA_" + str(SEED)] = "y"
    done.add(("option", "CMA_" + str(SEED), "new", None, "y"))
    before = counted(document["findings"])
    document["findings"].pop(RAND.randrange(len(document["findings"])))
    document["findings"].append(dict(document["findings"][0], id="area-exhausted"))
    after = counted(document["findings"])
    for key in set(before) | set(after):
        if before.get(key) != after.get(key):
            done.add(("finding", key, "new" if key not in before else "gone" if key not in after else
                      "changed", before.get(key), after.get(key)))
    cause = document["ruled_out"].pop()["cause"]
    done.add(("ruled-out", cause, "gone", "ruled out", None))
    pin = copy.deepcopy(document["pins"][0])
    pin.update(pfn=pin["pfn"] + 100, nr_pages=RAND.randrange(1, 9), mapped_by=[{"pid": 9, "comm": "codec"}])
    document["pins"].append(pin)
    done.add(("hold", "pin in %s, codec" % area["name"], "new", None, pin["nr_pages"]))
    return done


def check_random():
    document = run("report", TREE, "-f", "json").json()
    a = saved(document)
    for turn in range(10):
        changed = copy.deepcopy(document)
        want = change_at_random(changed)
        b = saved(changed)
        got = differences(a, b)[1]
        equal(sorted(map(str, got)), sorted(map(str, want)), "seed %d, %d: what was done" % (SEED, turn))
        swapped = {(s, k, {"new": "gone", "gone": "new"}.get(c, c), y, x) for s, k, c, x, y in want}
        equal(differences(b, a)[1], swapped, "seed %d, %d: and the other way round" % (SEED, turn))
    ok(differences(TREE, a, 0)[1] == set(), "a capture and its report: nothing")


def check_devices():
    """Two real captures' worth: holds gained and lost, and a failure that was seen before."""
    base = ["pin"] * 3 + ["lent"] * 61
    other = ["lent"] * 40 + ["pin"] * 5 + ["device"] * 19
    failed = [(10, 64, world.BASE_PFN), (11, 64, world.BASE_PFN)]
    first, again = world.make(base, failed), world.make(base, failed, comm="other-hal")
    second = world.make(other, [(10, 64, world.BASE_PFN + 40)], comm="codec")
    document, got = differences(first, again)
    ok(document["seen_before"] is True, "another process: the failure was seen before", document)
    equal({d for d in got if d[0] == "hold"},
          {("hold", "pin in reserved, camera-hal", "gone", 3, None),
           ("hold", "pin in reserved, other-hal", "new", None, 3)}, "who lost it, and who has it now")
    equal({d[0] for d in got}, {"hold"}, "and nothing else")
    _, got = differences(first, second)
    ok(("hold", "pin in reserved, codec", "new", None, 5) in got and
       ("area", "reserved: nr_pinned", "changed", 3, 5) in got, "another hold, another count", got)
    clean = world.make(base, [])
    document, got = differences(clean, first)
    ok(document["seen_before"] is False and
       ("failure", document["b"]["signature"], "new", None, 2) in got, "a new failure", document, got)
    document, got = differences(first, clean)
    ok("seen_before" not in document, "no failure, no word of it", document)


def check_forms():
    changed = run("report", TREE, "-f", "json").json()
    hostile = "<script>alert(1)</script>@all\x1b[2J`" + "x" * 10000
    changed["areas"][0]["name"], changed["kernel"]["release"] = hostile, "6.99"
    path = saved(changed)
    for form in ("text", "markdown", "json"):
        result = run("diff", TREE, path, "-f", form)
        said = result.text()
        ok(result.status == 1 and "6.12.117" in said and "6.99" in said, "as %s" % form, said[:300])
        ok(all(c == "\n" or c.isprintable() for c in said), "%s: printable" % form)
        if form == "markdown":
            prose = re.sub(r"\\[^\w\s]|`[^`\n]*`", "", said)
            ok(not re.search(r"[<>@]", prose), "markdown: no foreign markup", prose[:300])
    ok("seen before" in run("diff", TREE, TREE).text(), "it says that a failure was seen before")


def check_words():
    """JSON has names for programs; who reads text sees words, each thing once."""
    other = os.path.join(FIXTURES, "v5.10-arm64-areas")
    keys = {key for section, key, *_ in differences(TREE, other)[1]
            if section in ("area", "counter", "kernel")}
    ok(len(keys) > 40, "members differ", len(keys))
    for form in ("text", "markdown"):
        said = run("diff", TREE, other, "-f", form).text().replace("\\", "")
        names = re.findall(r"\b(?:nr_\w+|\w+_(?:kib|run|size|order|success|fail)|order_per_bit)\b", said)
        equal(names, [], "%s: no name for programs" % form)
        lines = re.findall(r"^(?:- |  )((?:changed|new|gone|only in [AB]): .*)", said, flags=re.M)
        ok(len(lines) > 40 and len(set(lines)) == len(lines), "%s: each once" % form, len(lines))


def check_usage():
    for args in ([], [TREE, TREE, TREE], ["--root", TREE, TREE]):
        result = run("diff", *args)
        equal((result.status, result.out), (2, b""), "usage: %d operands" % len(args))
    result = run("diff", TREE, os.path.join(TREE, "nothing"))
    equal((result.status, result.out), (2, b""), "one that is not there")
    live = run("diff", TREE, "-f", "json")
    ok(live.status == 1 and live.json()["b"]["name"] == "this system", "one alone, and this system",
       live.status, live.err)
    selftest = os.path.join(TOP, "test", "saved", "selftest-6.12-kept.json")
    check_itself(selftest, "a self-test")


for name in TREES:
    check_itself(os.path.join(FIXTURES, name), name)
check_itself(saved(run("report", TREE, "-f", "json").json()), "a saved report")
check_random()
check_devices()
check_forms()
check_words()
check_usage()
check_lost_sources()
done()
