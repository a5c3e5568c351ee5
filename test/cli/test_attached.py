#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What people attach to their reports: test/attached/README says what the folders hold."""
from harness import *

ATTACHED = os.path.join(TOP, "test", "attached")
NEEDED = {"files"}
KNOWN = NEEDED | {"attempts", "findings", "no_findings", "headline", "words", "no_words", "evidence",
                  "no_evidence", "sources", "only_sources", "status", "err", "page_size", "release",
                  "zones", "cma_total_kib"}


def check_attempts(name, got, want):
    equal(len(got), len(want), "%s: how many attempts" % name)
    for i, (attempt, members) in enumerate(zip(got, want)):
        equal({key: attempt.get(key) for key in members}, members, "%s: attempt %d" % (name, i))


def check_findings(name, document, want):
    found = {finding["id"]: json.dumps(finding, ensure_ascii=False)
             for finding in document["findings"]}
    ok(set(want.get("findings", [])) <= set(found), "%s: findings" % name, found)
    ok(not set(want.get("no_findings", [])) & set(found), "%s: and not others" % name, found)
    for which, is_wanted in (("evidence", True), ("no_evidence", False)):
        for finding, words in want.get(which, {}).items():
            for word in words:
                ok((json.dumps(word, ensure_ascii=False)[1:-1] in found.get(finding, "")) == is_wanted,
                   "%s: %s %s '%s'" % (name, finding, "has" if is_wanted else "has not", word),
                   found.get(finding))


def check_sources(name, document, want):
    states = sources(document)
    for source, state in want.get("sources", {}).items():
        equal(states[source], state, "%s: %s" % (name, source))
    if "only_sources" in want:
        equal(sorted(s for s, state in states.items() if state not in ("absent", "unused")),
              sorted(want["only_sources"]), "%s: nothing else is read" % name)


def check_facts(name, document, want):
    kernel = document.get("kernel", {})
    for member in ("page_size", "release"):
        if member in want:
            equal(kernel.get(member), want[member], "%s: %s" % (name, member))
    if "zones" in want:
        equal(len(document.get("zones", [])), want["zones"], "%s: zones" % name)
    if "cma_total_kib" in want:
        equal(document["memory"]["cma_total_kib"], want["cma_total_kib"], "%s: CmaTotal" % name)


def check_words(name, document, want):
    said = [json.dumps(document, ensure_ascii=False)]
    for word in want.get("headline", []):
        ok(word in document["headline"], "%s: the headline has '%s'" % (name, word),
           document["headline"])
    for word in want.get("words", []):
        ok(any(word in text for text in said), "%s: '%s' is said" % (name, word), said[0][:3000])
    for word in want.get("no_words", []):
        ok(not any(word in text for text in said), "%s: '%s' is not" % (name, word), said[0][:3000])


def check(name):
    folder = os.path.join(ATTACHED, name)
    with open(os.path.join(folder, "expect.json"), encoding="utf-8") as stream:
        want = json.load(stream)
    if not NEEDED < set(want) <= KNOWN:
        raise AssertionError("%s expects what is not known: %s" % (name, sorted(want)))
    result = run("report", "-f", "json", *[os.path.join(folder, file) for file in want["files"]])
    if not ok(result.status in want.get("status", [0]), "%s: exit status" % name, result.status,
              result.err):
        return
    for word in want.get("err", []):
        ok(word in result.err, "%s: the message has '%s'" % (name, word), result.err)
    if result.status == 2:
        equal(result.out, b"", "%s: and nothing else is said" % name)
        return
    document = result.json()
    if "attempts" in want:
        check_attempts(name, document.get("attempts", []), want["attempts"])
    check_findings(name, document, want)
    check_sources(name, document, want)
    check_facts(name, document, want)
    check_words(name, document, want)


NAMES = sorted(name for name in os.listdir(ATTACHED) if name != "README")
if len(NAMES) < 42:
    raise AssertionError("three of each kind, but there are %d" % len(NAMES))
for one in NAMES:
    check(one)
done()
