#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""`report -f ndjson`: rows of one or many captures, which add up to their reports."""
import validate
import world
from harness import *

PINNED = [os.path.join(FIXTURES, tree) for tree in TREES if tree.endswith("-pinned")]
KINDS = {"attempt": "attempts", "finding": "findings", "area": "areas", "group": "groups"}


def rows(*args, env=None):
    result = run("report", *args, "-f", "ndjson", env=env)
    return result, [must_be_valid(validate.parse(line), args) for line in result.text().splitlines()]


def of(found, kind):
    return [row for row in found if row["row"] == kind]


def check_one(path):
    name = os.path.basename(path)
    result, found = rows(path)
    document = run("report", path, "-f", "json").json()
    equal(result.status, 0, "%s: done" % name)
    equal({kind: len(of(found, kind)) for kind in KINDS},
          {kind: len(document.get(many, [])) for kind, many in KINDS.items()}, "%s: a row each" % name)
    equal({(row.get("device"), row.get("boot_id"), row.get("kernel"), row.get("captured_at"))
           for row in found}, {(document.get("machine"), document.get("boot_id"),
                                document["kernel"].get("release"), document.get("captured_at"))},
          "%s: each says whose it is" % name)
    ok(all(not isinstance(value, (dict, list)) for row in found for value in row.values()),
       "%s: rows are flat" % name)
    same = ("area", "nr_pages", "errno", "cause", "nr_failed", "at_least", "first_ns", "last_ns", "signature")
    equal([{key: row.get(key) for key in same} for row in of(found, "group")],
          [{key: group.get(key) for key in same} for group in document.get("groups", [])],
          "%s: groups as in the report" % name)
    same = ("ts_ns", "area", "nr_pages", "errno", "latency_ns", "caller")
    equal([{key: row.get(key) for key in same} for row in of(found, "attempt")],
          [{key: attempt.get(key) for key in same} for attempt in document.get("attempts", [])],
          "%s: attempts as in the report" % name)
    equal([(row["id"], row["severity"], row["confidence"]) for row in of(found, "finding")],
          [(f["id"], f["severity"], f["confidence"]) for f in document["findings"]],
          "%s: findings as in the report" % name)
    failed = [row for row in of(found, "attempt") if row.get("failed")]
    equal({row["signature"] for row in failed},
          {group["signature"] for group in document.get("groups", [])}, "%s: signatures" % name)
    return result.out


def check_signatures():
    """The same failure was made on each kernel of a line; lines share nothing."""
    lines = (("v6.1-x86_64-pinned", "v6.12-x86_64-pinned", "v7.2-x86_64-pinned"),
             ("v5.10-arm64-cma-failure", "v6.1-arm64-cma-failure"))
    found = [{row["signature"] for name in line
              for row in of(rows(os.path.join(FIXTURES, name))[1], "group")} for line in lines]
    equal([len(signatures) for signatures in found], [1] * len(lines),
          "one failure has one signature on every kernel")
    equal(len(set().union(*found)), len(lines), "and another one has another")


def check_many():
    apart = [check_one(path) for path in PINNED]
    result, found = rows(*PINNED)
    ok(len(PINNED) > 2 and len(found) > 20, "several captures")
    equal((result.status, result.out), (0, b"".join(apart)), "many captures: the rows of each")
    equal(len({row["kernel"] for row in found}), len(PINNED), "and of which one each is")
    result = run("report", *PINNED, "-f", "json")
    ok(result.status == 2 and not result.out, "other formats are of one device", result.err)
    result, _ = rows(*PINNED, "--fail-on", "critical")
    equal(result.status, 1, "--fail-on, if any is")
    result = run("report", PINNED[0], scratch(), "-f", "ndjson")
    equal(result.status, 2, "one that has nothing")


def check_files():
    logs = [os.path.join(TOP, "test", "logs", name) for name in ("28-wording-6.12.log",)]
    result, found = rows(*logs)
    ok(result.status == 0 and of(found, "attempt"), "a log", result.err)
    path = put(run("report", PINNED[0], "-f", "json").out, "saved.json")
    result = run("report", path, "-f", "ndjson")
    ok(result.status == 2 and "rows" in result.err, "a saved report has no attempts", result.err)


def check_hostile():
    comm = "a\n{\"x\":1}\x1b[2J\u202e" + "x" * 10000
    tree = world.make(["pin"] * 4 + ["lent"] * 60, [(10, 64, world.BASE_PFN)], comm=comm)
    result, found = rows(tree)
    ok(all(c == "\n" or c.isprintable() for c in result.text()) and len(of(found, "attempt")) == 1,
       "a hostile name breaks no line")
    secret = 'the "secret" \\x1bapp'
    result, found = rows("--redact-names", world.make(["pin"] * 64, [(10, 64, world.BASE_PFN)], comm=secret))
    ok(found and b"secret" not in result.out, "rows are redacted too")


for tree in TREES:
    check_one(os.path.join(FIXTURES, tree))
check_signatures()
check_many()
check_files()
check_hostile()
done()
