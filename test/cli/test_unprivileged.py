#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Without privileges: what can be read is reported, the rest is named, exit status 3."""
from harness import *


def check_live(prefix):
    for form in ("text", "markdown", "json"):
        result = run("report", "-f", form, prefix=prefix)
        ok(result.status in (0, 3) and result.out, "report -f %s" % form, result.status)
    report = result.json()
    denied = {name for name, status in sources(report).items() if status == "denied"}
    equal(result.status, 3 if denied else 0, "exit status 3 if anything was denied")
    for name in denied:
        ok("could not read %s" % name in result.err, "%s is named" % name, result.err)
    if os.path.exists("/proc/pagetypeinfo"):
        ok("pagetypeinfo" in denied, "pagetypeinfo is for root alone", denied)
    ok(report["memory"].get("mem_total_kib"), "what anybody can read is reported")
    for command in ([], ["areas"], ["zones"], ["pages"], ["doctor"]):
        result = run(*command, prefix=prefix)
        ok(result.status in (0, 3) and result.out, "ltpin %s" % " ".join(command), result.err)


def check_tree(prefix):
    tree = copy_tree("v6.12-x86-custom")
    os.chmod(os.path.dirname(tree), 0o755)
    os.chmod(os.path.join(tree, "proc/pagetypeinfo"), 0)
    os.chmod(os.path.join(tree, "sys/kernel/debug/cma"), 0)
    result = run("report", tree, "-f", "json", prefix=prefix)
    report = result.json()
    status = sources(report)
    equal((result.status, status["pagetypeinfo"], status["cma-debugfs"], status["zoneinfo"]),
          (3, "denied", "denied", "ok"), "unreadable files of a captured tree")
    ok(report["zones"] and not any("free" in zone for zone in report["zones"]),
       "zoneinfo is reported without them")
    os.chmod(os.path.join(tree, "sys/kernel/debug/cma"), 0o755)


PREFIX = dropped()
if PREFIX is None:
    skip("unprivileged", "setpriv is not there")
elif run("--version", prefix=PREFIX).status:
    skip("unprivileged", "the program lies where others cannot go")
else:
    check_live(PREFIX)
    check_tree(PREFIX)
done()
