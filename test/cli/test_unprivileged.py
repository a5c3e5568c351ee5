#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Without privileges: what can be read is reported, the rest is named, exit status 3."""
import shutil
import subprocess

from harness import *


def check_live(prefix):
    for form in ("text", "markdown", "json"):
        result = run("report", "-f", form, prefix=prefix)
        ok(result.status in (0, 3) and result.out, "report -f %s" % form, result.status)
    report = result.json()
    denied = {name for name, status in sources(report).items() if status == "denied"}
    equal(result.status, 3 if denied else 0, "exit status 3 if anything was denied")
    lines = [line for line in result.err.splitlines() if "not root: " in line]
    equal(len(lines), 1 if denied else 0, "what root would open is one line")
    for name in denied:
        ok(name in lines[0] and "could not read %s" % name not in result.err,
           "%s is named in it" % name, result.err)
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


def check_unread(prefix):
    """A file that is there and shut is named, whatever else was read; no --fail-on is green then."""
    tree = copy_tree("v6.12-x86_64-pinned")
    os.chmod(os.path.dirname(tree), 0o755)
    for path in ("sys/kernel/debug/cma/reserved/bitmap", "sys/kernel/debug/cma/reserved/base_pfn",
                 "sys/kernel/debug/cma/reserved/count", "sys/kernel/debug/cma/reserved",
                 "sys/kernel/mm/cma/reserved/alloc_pages_fail", "proc/cmdline", "META"):
        full = os.path.join(tree, path)
        mode = os.stat(full).st_mode & 0o777
        os.chmod(full, 0)
        result = run("report", tree, prefix=prefix)
        equal(result.status, 3, "%s is shut: exit status 3" % path)
        ok("/%s" % path in result.err and "Permission denied" in result.err,
           "%s is shut: named" % path, result.err)
        ok(run("report", tree, "--fail-on", "critical", prefix=prefix).status in (1, 3),
           "%s is shut: --fail-on is not green" % path)
        os.chmod(full, mode)
    equal(run("report", tree, prefix=prefix).status, 0, "all is open again: exit status 0")
    os.chmod(os.path.join(tree, "sys/kernel/debug/cma/reserved/base_pfn"), 0)
    shutil.rmtree(os.path.join(tree, "ltpin"))
    result = run("report", tree, "--fail-on", "critical", prefix=prefix)
    findings = run("report", tree, "-f", "json", prefix=prefix).json()["findings"]
    is_bad = any(finding["severity"] == "critical" for finding in findings)
    equal(result.status, 1 if is_bad else 3, "--fail-on: what was not read is not well")
    ok(is_bad or "--fail-on" in result.err, "and says so", result.err)


def check_root_without_rights():
    """Root without a capability, as in a container, is refused too, and not told to be root."""
    if os.geteuid():
        skip("root without rights", "takes root")
        return
    prefix = ("setpriv", "--bounding-set=-all", "--inh-caps=-all", "--securebits=+noroot")
    # Where this kernel has no CMA, nothing that is closed would matter.
    where = scratch()
    os.chmod(where, 0o755)
    config = os.path.join(where, "config")
    with open(config, "w", encoding="ascii") as out:
        out.write("CONFIG_CMA=y\nCONFIG_DMA_CMA=y\nCONFIG_MMU=y\n")
    results = [run("--kconfig", config, *args, prefix=prefix)
               for args in (("doctor",), (), ("report",))]
    doctor = " ".join(results[0].text().split())
    ok("closed to root too: a capability is missing" in doctor,
       "root without capabilities: doctor says what may be missing", doctor)
    said = "".join(result.text() + result.err for result in results)
    ok("CMA" in said and "Run as root" not in said and "run as root." not in said and "not root" not in said,
       "and nothing advises root to be root", said)
    prefix = ("unshare", "--user", "--map-root-user")
    if subprocess.run(prefix + ("true",), capture_output=True, check=False).returncode:
        skip("root of a user namespace", "the kernel makes none here")
        return
    doctor = run("--kconfig", config, "doctor", prefix=prefix).text()
    ok("Run as root: " in doctor, "root of another user namespace alone is", doctor)


PREFIX = dropped()
if PREFIX is None:
    skip("unprivileged", "setpriv is not there")
elif run("--version", prefix=PREFIX).status:
    skip("unprivileged", "the program lies where others cannot go")
else:
    check_root_without_rights()
    check_live(PREFIX)
    check_tree(PREFIX)
    check_unread(PREFIX)
done()
