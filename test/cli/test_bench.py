#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""bench where it cannot run, and what a report makes of measurements."""
import json

from harness import *

SAVED = os.path.join(TOP, "test", "saved", "bench-5.10-highatomic.json")
TREE = os.path.join(FIXTURES, "v5.10-x86_64-pinned")


def findings(path):
    report = run("--root", TREE, "report", "-f", "json", "--selftest", path).json()
    return {finding["id"]: finding for finding in report["findings"]}


def check_no_module():
    if os.path.exists("/dev/ltpin"):
        skip("bench without the module", "it is loaded here")
        return
    result = run("bench")
    equal(result.status, 2, "bench without the module: exit status")
    equal(result.out, b"", "prints nothing")
    ok("ltpin module load" in result.err, "and says what to do: %s" % result.err.strip())


def check_usage():
    for args in (["--part", "price"], ["--samples", "0"], ["--samples", "1000001"]):
        equal(run("bench", *args).status, 2, "bench %s is a usage error" % " ".join(args))


def check_report():
    saved = load_valid(SAVED)
    found = findings(SAVED)
    ok("highatomic-drained" in found, "a reserve that was drained is a finding")
    ok(any("1024" in words and "960" in words
           for words in found["highatomic-drained"]["evidence"]), "with what was measured")

    saved["reserve"]["in_scope"]["during"] = saved["reserve"]["in_scope"]["before"]
    path = os.path.join(scratch(), "kept.json")
    with open(path, "w", encoding="utf-8") as out:
        json.dump(saved, out)
    ok("highatomic-drained" not in findings(path), "one that was not is none")


check_no_module()
check_usage()
check_report()
done()
