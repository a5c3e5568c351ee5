#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Completion: what is installed is what the tables say, and bash completes by it."""
import re
import shutil
import subprocess

from harness import *

KEPT = os.path.join(TOP, "cli", "completion")
BASH = r"""
. "$1"; shift
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
_ltpin
printf '%s\n' "${COMPREPLY[@]}"
"""


def complete(*words, root=None):
    """What bash offers for the last of @words, on a system as captured below @root."""
    where = scratch()
    if root:
        with open(os.path.join(where, "ltpin"), "w", encoding="utf-8") as program:
            program.write('#!/bin/sh\nexec %s --root %s "$@"\n' % (os.path.abspath(LTPIN), root))
        os.chmod(program.name, 0o755)
    done = subprocess.run(["bash", "-c", BASH, "bash", os.path.join(KEPT, "ltpin"), *words],
                          stdout=subprocess.PIPE, text=True, check=True,
                          env=dict(os.environ, PATH=where + ":" + os.environ["PATH"]))
    return done.stdout.split()


def listed(option):
    """The values that the program itself lists."""
    parts = re.split(r"^(?:Cases|Backends|Ways).*:\n", run("selftest", "--list").text(), flags=re.M)
    return set(re.findall(r"^[* ] +(\S+)", parts[{"case": 1, "backend": 2, "prime": 3}[option]],
                          flags=re.M))


def check_values():
    for option, more in (("case", {"all"}), ("backend", {"auto"}), ("prime", {"auto"})):
        same(set(complete("ltpin", "selftest", "--" + option, "")), listed(option) | more,
             "selftest --%s: every value" % option)
    for words, status in ((("report", TREE, "--fail-on"), (0, 1)), (("top", "--root", TREE, "--once", "--view"), (0,)),
                          (("owners", os.path.join(TREE, "sys/kernel/debug/page_owner"), "--by"), (0, 2)),
                          (("owners", os.path.join(TREE, "sys/kernel/debug/page_owner"), "--sort"), (0,))):
        offered = complete("ltpin", *words, "")
        ok(len(offered) > 1, "%s %s: values" % (words[0], words[-1]), offered)
        for value in offered:
            result = run(*words, value)
            ok(result.status in status and "not '" not in result.err and "no view" not in result.err,
               "%s %s %s is accepted" % (words[0], words[-1], value), result.status, result.err)
    equal(complete("ltpin", "bench", "--part", ""), ["cost", "chance", "reserve"], "bench --part")
    equal(complete("ltpin", "module", ""), ["load", "unload", "status"], "module takes a verb")
    equal(complete("ltpin", "completion", "f"), ["fish"], "completion takes a shell")


def check_here():
    """What only the system knows."""
    areas = [area["name"] for area in run("areas", AREAS, "--json").json()["areas"]]
    same(complete("ltpin", "watch", "--area", "", root=AREAS), areas, "watch --area: the areas here")
    same(complete("ltpin", "explain", areas[0][:3], root=AREAS),
         [area for area in areas if area.startswith(areas[0][:3])], "explain takes an area")
    columns = complete("ltpin", "areas", "--columns", "", root=TREE)
    ok({"AREA", "PAGES"} <= set(columns), "areas --columns: its columns", columns)
    table = run("pages", TREE, "--columns", ",".join(
        complete("ltpin", "pages", "--columns", "", root=TREE)))
    ok(table.status == 0 and "MAPPED BY" in table.text(), "pages --columns: with two words", table.err)


def fish(line):
    """What fish offers for the end of @line."""
    said = subprocess.run(["fish", "--no-config", "-c", 'source $argv[1]; complete -C $argv[2]',
                           os.path.join(KEPT, "ltpin.fish"), line],
                          stdout=subprocess.PIPE, text=True, check=True).stdout
    return [word.split("\t")[0] for word in said.splitlines()]


def check_fish():
    if not shutil.which("fish"):
        skip("fish completes", "fish is not there")
        return
    same(set(fish("ltpin ")) & set(commands()), set(commands()), "fish: every command")
    for command in commands():
        same({word for word in fish("ltpin %s --" % command) if word.startswith("--")},
             options(command), "fish: every option of %s" % command)
    equal(sorted(fish("ltpin report --fail-on ")), ["critical", "info", "warning"], "fish: values")
    equal(fish("ltpin areas --format j"), ["json"], "fish: a format by its beginning")


TREE = os.path.join(FIXTURES, "v6.12-x86_64-pinned")
AREAS = os.path.join(FIXTURES, "v5.10-arm64-areas")


def options(*command):
    return set(re.findall(r"^ .*?(--[a-z-]+)", run("help", *command).text(), flags=re.M))


def commands():
    return re.findall(r"^  ([a-z]+) {2,}[A-Z]", run("--help").text(), flags=re.M)


for shell, name in (("bash", "ltpin"), ("zsh", "_ltpin"), ("fish", "ltpin.fish")):
    with open(os.path.join(KEPT, name), encoding="utf-8") as kept:
        same(kept.read(), run("completion", shell).text(),
             "%s: up to date (else: make completion)" % shell)
equal(run("completion", "tcsh").status, 2, "no other shell is promised")

same(set(complete("ltpin", "")) - {"help", "completion"}, set(commands()), "every command")
equal(complete("ltpin", "rep"), ["report"], "a command by its beginning")
equal(complete("ltpin", "--root", "/x", "rep"), ["report"], "after an option with a value")
same(set(complete("ltpin", "-")), options() - set(), "the options of all")
for command in commands():
    same(set(complete("ltpin", command, "--")), options(command), "%s: every option" % command)
equal(complete("ltpin", "report", "-f", ""), ["text", "markdown", "json", "html", "ndjson"], "formats")
equal(complete("ltpin", "areas", "--format", "j"), ["json"], "a format by its beginning")
equal(complete("ltpin", "help", "are"), ["areas"], "help takes a command")
equal(complete("ltpin", "watch", "--duration", ""), [], "nothing where nothing is known")
check_values()
check_here()
check_fish()

if shutil.which("zsh"):
    equal(subprocess.run(["zsh", "-n", os.path.join(KEPT, "_ltpin")], check=False).returncode, 0,
          "zsh understands its file")
else:
    skip("zsh understands its file", "zsh is not there")
done()
