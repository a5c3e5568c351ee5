#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""ltpin's own JSON, given back to it: a report is shown again, rows of watch are attempts."""
import html
import re

import validate
from harness import *

MALFORMED = os.path.join(TOP, "test", "malformed", "saved_report")
TREE = os.path.join(FIXTURES, "v6.12-x86_64-pinned")


def words(text):
    """Without how the lines are broken, and without what Markdown escapes."""
    return " ".join(re.sub(r"\\(.)", r"\1", text).replace("&lt;", "<").replace("`", "").split())


def plain(page):
    """What is read of HTML."""
    return html.unescape(re.sub(r"<[^>]*>", "", page))


def check_report(name):
    saved = run("report", "-f", "json", os.path.join(FIXTURES, name))
    document, path = saved.json(), put(saved.out)
    equal(run("report", "-f", "json", path).out, saved.out, "%s: the same bytes" % name)
    equal(run("report", "-f", "json", "-", stdin=saved.out).out, saved.out, "%s: and from a pipe" % name)
    for form in ("text", "markdown", "html"):
        result = run("report", "-f", form, path)
        said = words(plain(result.text()) if form == "html" else result.text())
        equal(result.status, 0, "%s: shown again as %s" % (name, form))
        ok(words(document["headline"]) in said, "%s: its headline" % name, said[:400])
        ok("nothing was judged again" in said and document.get("captured_at", "") in said,
           "%s: and when it was judged" % name, said[:600])
        missing = [word for finding in document["findings"]
                   for word in [finding["id"], finding.get("text"), finding.get("advice"),
                                finding.get("confirm")] + finding["evidence"]
                   if word and words(word) not in said]
        equal(missing, [], "%s: and all findings as %s" % (name, form))
        short = [document.get("signature"), document.get("note")] + \
            [row[key] for row in document.get("ruled_out", []) for key in ("cause", "text")] + \
            [group["cause"] for group in document.get("groups", []) if "cause" in group]
        missing = [word for word in short if word and words(word) not in said]
        equal(missing, [], "%s: and its signature, causes and what it ruled out as %s" % (name, form))
    bad = any(f["severity"] == "critical" for f in document["findings"])
    equal(run("report", "--fail-on", "critical", path).status, int(bad), "%s: --fail-on" % name)
    brief = run("report", "--brief", path).text()
    ok(len(brief) < len(run("report", path).text()) and words(document["headline"]) in words(brief),
       "%s: --brief" % name, brief)


def check_refused():
    path = put(run("report", "-f", "json", TREE).out)
    for args in (["areas", path], ["report", path, TREE], ["report", TREE, path],
                 ["report", "--trace", path], ["report", "--dmesg", path], ["pages", path],
                 ["explain", "reserved", "64", path]):
        result = run(*args)
        ok(result.status == 2 and not result.out and "a report of ltpin" in result.err,
           "a report is no evidence: %s" % args[0], result.status, result.err)
    for args in (["--boot", "1"], ["--since", "3"], ["--selftest", os.path.join(
            TOP, "test", "saved", "selftest-6.12-kept.json")]):
        result = run("report", *args, path)
        ok(result.status == 2 and "as it was judged" in result.err, "nor is it judged again: %s" %
           args[0], result.err)
    for name in ("cut", "no-headline"):
        result = run("report", os.path.join(MALFORMED, name + ".json"))
        ok(result.status == 2 and not result.out and "cannot read" in result.err, "%s is refused" % name,
           result.status, result.err)
    result = run("report", os.path.join(MALFORMED, "other-schema.json"))
    ok(result.status == 2 and "an answer of ltpin" in result.err, "another schema", result.err)


def check_hostile():
    for form in ("text", "markdown"):
        out = run("report", "-f", form, os.path.join(MALFORMED, "hostile.json")).out
        ok(b"cma_alloc failed" in out and not re.search(rb"[\x00-\x09\x0b-\x1f\x7f]", out),
           "no control byte of a stranger's comes out as %s" % form, out)
    ok(b"<script>" not in out and b"<b>" not in out, "nor HTML in Markdown", out)


def check_long():
    """What is cut off ends with a whole character."""
    saved = run("report", "-f", "json", TREE).json()
    for lead in ("", "x", "xx"):
        long = lead + "\u00e9\u4e16" * 1000
        saved["areas"][0]["name"] = saved["groups"][0]["area"] = saved["machine"] = long
        saved["note"] = saved["ruled_out"][0]["text"] = long
        path = put(json.dumps(saved).encode())
        for form in ("text", "markdown", "html"):
            ok(run("report", "-f", form, path).text().count("..."), "a long name behind %d bytes as %s" %
               (len(lead), form))


def rows_of(document, boot_id="01234567-89ab-cdef-0123-456789abcdef"):
    rows = [{"schema": "ltpin.watch/1", "ltpin_version": "9.9.9", "boot_id": boot_id, "attempt": a}
            for a in document["attempts"]]
    rows.append({"schema": "ltpin.watch/1", "ltpin_version": "9.9.9", "boot_id": boot_id,
                 "summary": {"nr_attempts": len(rows)}})
    return [json.dumps(row).encode() + b"\n" for row in rows]


def short(document):
    return [(a.get("area"), a["nr_pages"], a.get("errno"), a.get("caller"),
             [b["pfn"] for b in a.get("blockers", [])]) for a in document.get("attempts", [])]


OF_OTHERS = ("cause", "blockers", "windows")  # what is concluded of an attempt, not read of it


def evidence():
    """Every way in which an attempt comes to be known."""
    for name in TREES:
        yield name, [os.path.join(FIXTURES, name)]
    for path in ("malformed/trace/counts", "saved/trace/6.12-kernel"):
        yield path, [os.path.join(TOP, "test", path)]
    where = os.path.join(TOP, "test", "attached")
    for name in sorted(os.listdir(where)):
        if os.path.isdir(os.path.join(where, name)):
            files = validate.load(os.path.join(where, name, "expect.json"))["files"]
            yield name, [os.path.join(where, name, file) for file in files]


def read_back(attempts, boot_id=None):
    document = {"schema": "ltpin.attempts/1", "ltpin_version": "9.9.9", "attempts": attempts}
    path = put(json.dumps(dict(document, boot_id=boot_id) if boot_id else document).encode(), "attempts.json")
    return json.loads(run("report", "-f", "json", path).out.replace(path.encode(), b"FILE"))


def check_attempts():
    """All that was read of an attempt is saved and read back, and evaluated as it was before."""
    lost, changed, nr, members = [], [], 0, set()
    for name, files in evidence():
        want = run("report", "-f", "json", *files)
        want = json.loads(want.out) if want.status in (0, 3) else {}
        if not want.get("attempts"):
            continue
        got = read_back(want["attempts"], want.get("boot_id"))
        again = read_back(got["attempts"], want.get("boot_id"))
        for a, b in zip(want["attempts"], got["attempts"]):
            nr += 1
            members |= set(a) | {"tries." + key for tried in a.get("tries", []) for key in tried}
            lost += [(name, key, a.get(key), b.get(key)) for key in sorted(set(a) | set(b))
                     if key not in OF_OTHERS and a.get(key) != b.get(key)]
        lost += [(name, "number")] * (len(got["attempts"]) != len(want["attempts"]))
        changed += [(name, key, got.get(key), again.get(key)) for key in
                    ("headline", "signature", "nr_failed", "findings", "groups", "ruled_out", "attempts")
                    if got.get(key) != again.get(key)]
    ok(nr > 100 and not lost, "%d attempts, saved and read back: nothing is lost" % nr, *lost[:9])
    ok(not changed, "and they are evaluated alike, however often", *changed[:3])
    wanted = {"refused", "paired", "busy_if_full", "nr_area", "largest_aligned_run", "stack", "fallback",
              "counts", "nr_pages_max", "tries.emptied"}
    equal(wanted - members, set(), "among them are all kinds")


def check_rows():
    """What watch writes, as attempts; what it does not know, and half a row, are passed over."""
    want = run("report", "-f", "json", TREE).json()
    rows = rows_of(want)
    got = run("report", "-f", "json", put(b"".join(rows), "rows.ndjson")).json()
    same(short(got), [(a, n, e, c, p) for a, n, e, c, p in short(want)], "rows of watch are attempts")
    equal(sources(got)["attempts"], "ok", "and are read in full")
    damaged = run("report", "-f", "json", put(b"".join(rows) + rows[0][:-30] + b"\n")).json()
    equal(short(damaged), short(got), "half a row is none")
    equal(sources(damaged)["attempts"], "partial", "and is counted")
    other = run("report", "-f", "json", put(b"".join(rows + rows_of(want, "f" * 36)))).json()
    equal(short(other), short(got), "rows of another boot are left out")
    ok(any("another boot" in s.get("detail", "") for s in other["sources"]), "and that is said",
       other["sources"])


for tree in TREES:
    check_report(tree)
check_refused()
check_hostile()
check_long()
check_attempts()
check_rows()
done()
