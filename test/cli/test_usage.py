#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
# Tried (SECURITY.md): any bytes in names, and in arguments
"""How every command is called, what it answers to mistakes, and its exit status."""
import re

from harness import *

TREE = os.path.join(FIXTURES, "v6.12-x86-custom")
USAGE_STATUS = {"selftest": 129}  # for git bisect run; everything else: 2


def commands():
    """Names in the list of --help."""
    names = []
    for line in run("--help").text().splitlines():
        match = re.match(r"  ([a-z]+) {2,}[A-Z]", line)
        if match:
            names.append(match.group(1))
    return names


def refused(args, status, said, name):
    result = run(*args)
    ok(result.status == status and said in result.err and result.err.startswith("ltpin: ") and
       not result.out, name, result.status, result.err, result.out)


def check_program():
    result = run("--version")
    ok(result.status == 0 and re.match(r"ltpin \d+\.\d+\.\d+\n", result.text()), "--version")
    check_parts(result.text())
    same(run("-V").out, result.out, "-V is --version")
    result = run("--help")
    same(run("-h").out, result.out, "-h is --help")
    ok(result.status == 0 and "Diagnose:" in result.text(), "--help groups the commands")
    same(run("help").out, result.out, "help is --help")
    ok(every(result.text().splitlines(), lambda line: len(line) <= 80),
       "--help fits 80 columns")
    refused(["reprot"], 2, "did you mean 'report'?", "a typing error is recognised")
    refused(["xyzzy"], 2, "no command 'xyzzy'", "nonsense is not")
    refused(["x\x1b[2J\n"], 2, "x\\x1b[2J\\x0a", "and shown harmlessly")
    for args in (["report", "x\x1b[2J"], ["report", "--dmesg", "x\x1b[2J"], ["help", "x\x1b[2J"],
                 ["report", "-f", "x\x1b[2J"], ["--root", "x\x1b[2J", "areas"],
                 ["areas", "-o", "/nonexistent/x\x1b[2J"], ["owners", "--by", "x\x1b[2J"],
                 ["owners", "x\x1b[2J"], ["selftest", "--case", "x\x1b[2J"]):
        result = run(*args)
        ok(result.status and "x\\x1b[2J" in result.err and "\x1b" not in result.err,
           "%s: and so is what an argument has" % args[0], result.err)
    refused(["--nonsense"], 2, "unknown option '--nonsense'", "unknown long option")
    refused(["-Q"], 2, "unknown option '-Q'", "unknown letter")
    for option in ("-f", "--json"):
        refused([option], 2, "stand behind it, as in `ltpin report --json`", "%s before a command" % option)
    refused(["--root"], 2, "needs a value", "option without its value")
    refused(["help", "xyzzy"], 2, "no command", "help for nonsense")
    refused(["--root", "/nonexistent", "areas"], 2, "No such file", "a root that is not there")


def check_parts(said):
    """Each part that configure can leave out, and whether this build has it."""
    with open(os.path.join(TOP, "test", "parts.sh"), encoding="utf-8") as file:
        parts = re.findall(r"--with-(\w+)", file.read())
    equal(sorted(re.findall(r"^  [+-](\w+) ", said, flags=re.M)), sorted(parts),
          "--version names each part of configure")


def check_suggestions():
    refused(["areas", "--formt"], 2, "did you mean '--format'?", "an option, mistyped")
    refused(["--kconfg"], 2, "did you mean '--kconfig'?", "before a command too")
    refused(["areas", "--formt=json"], 2, "did you mean '--format'?", "with a value")
    refused(["areas", "--xyzzy=1"], 2, "unknown option '--xyzzy=1'\n", "nonsense has no neighbour")
    refused(["areas", "--b"], 2, "may be --bytes, --brief", "a beginning that several have")
    refused(["areas", "--brief=1"], 2, "takes no value", "a value that none takes")
    refused(["areas", "-x"], 2, "unknown option '-x'\n", "an unknown letter")
    refused(["areas", "--brief", "-xv"], 2, "unknown option '-x'\n", "one of several, after a word")
    refused(["areas", "-vx"], 2, "unknown option '-x'\n", "or before")
    refused(["areas", "-vf"], 2, "option '-vf' needs a value\n", "a value that is missing")
    refused(["areas", "--format"], 2, "option '--format' needs a value\n", "of a word too")
    refused(["areas", "--\x1b[2J"], 2, "'--\\x1b[2J'", "shown harmlessly")


def check_json():
    same(run("--root", TREE, "areas", "--json").out, run("--root", TREE, "areas", "-f", "json").out,
         "--json is short for -f json")
    same(run("--root", TREE, "areas", "--json", "-f", "text").text(),
         run("--root", TREE, "areas").text(), "the last format counts")


def check_command(name):
    status = USAGE_STATUS.get(name, 2)
    result = run(name, "--help")
    ok(result.status == 0 and result.text().startswith("Usage: ltpin %s" % name) and
       not result.err, "%s --help" % name)
    ok(every(result.text().splitlines(), lambda line: len(line) <= 80),
       "%s --help fits 80 columns" % name)
    options = re.findall(r"^(  (?:-\w, |    )--[a-z-]+(?: [A-Z]+)?)( *)(.*)$", result.text(), re.M)
    ok(every(options, lambda parts: not parts[2] or len(parts[0] + parts[1]) == 27),
       "%s --help: what options do is one column" % name, *options)
    same(run("help", name).out, result.out, "help %s is the same" % name)
    same(run(name, "-h").out, result.out, "%s -h too" % name)
    equal("--json" in result.text(), bool(re.search("--format.*json", result.text())), "%s: --json where there is JSON" % name)
    refused([name, "--nonsense"], status, "unknown option '--nonsense'",
            "%s refuses what it does not know" % name)
    if "--format" in result.text():
        refused([name, "-f", "yaml"], status, "no format 'yaml'", "%s -f yaml" % name)
        refused([name, "-f"], status, "needs a value", "%s -f alone" % name)
    if "[CAPTURE]" not in result.text().splitlines()[0]:
        refused([name] + ["x"] * 9, status, "", "%s with too many operands" % name)


def check_statuses():
    equal(run("report", TREE).status, 0, "report: 0, what this tree lacks is no error")
    equal(run("report", TREE, "--fail-on", "info").status, 1, "report --fail-on info: 1")
    equal(run("report", TREE, "--fail-on", "critical").status, 0, "report --fail-on critical: 0")
    refused(["report", TREE, "--fail-on", "bad"], 2, "--fail-on needs", "report --fail-on bad")
    for option in ("--dmesg", "--trace", "--attempts", "--selftest"):
        refused(["report", TREE, option, "/nonexistent"], 2, "cannot read /nonexistent",
                "report %s: a file that is not there" % option)
    refused(["--root", TREE, "report", TREE], 2, "not both", "report: two roots")
    refused(["--root", TREE, "pages", "--area", "x"], 2, "no area", "pages: unknown area")
    refused(["--root", TREE, "pages", "--every"], 2, "helper module", "pages --every of a capture")
    result = run("-v", "--root", TREE, "areas")
    ok(result.status == 0 and "ltpin: cma-debugfs: ok" in result.err, "-v tells of every source")


def check_bytes():
    text = run("--root", TREE, "areas", "--bytes").text()
    ok("67108864" in text and "16384" not in text, "--bytes", text)


check_program()
names = commands()
ok({"report", "areas", "zones", "pages", "doctor"} <= set(names), "--help lists the commands")
for command in names:
    check_command(command)
check_statuses()
check_bytes()
check_suggestions()
check_json()
done()
