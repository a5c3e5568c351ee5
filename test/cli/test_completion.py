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


def complete(*words):
    """What bash offers for the last of @words."""
    done = subprocess.run(["bash", "-c", BASH, "bash", os.path.join(KEPT, "ltpin"), *words],
                          stdout=subprocess.PIPE, text=True, check=True)
    return done.stdout.split()


def options(*command):
    return set(re.findall(r"^ .*?(--[a-z-]+)", run("help", *command).text(), flags=re.M))


def commands():
    return re.findall(r"^  ([a-z]+) {2,}[A-Z]", run("--help").text(), flags=re.M)


for shell, name in (("bash", "ltpin"), ("zsh", "_ltpin")):
    with open(os.path.join(KEPT, name), encoding="utf-8") as kept:
        same(kept.read(), run("completion", shell).text(),
             "%s: up to date (else: make completion)" % shell)
equal(run("completion", "fish").status, 2, "no other shell is promised")

same(set(complete("ltpin", "")) - {"help", "completion"}, set(commands()), "every command")
equal(complete("ltpin", "rep"), ["report"], "a command by its beginning")
equal(complete("ltpin", "--root", "/x", "rep"), ["report"], "after an option with a value")
same(set(complete("ltpin", "-")), options() - set(), "the options of all")
for command in commands():
    same(set(complete("ltpin", command, "--")), options(command), "%s: every option" % command)
equal(complete("ltpin", "report", "-f", ""), ["text", "markdown", "json"], "formats")
equal(complete("ltpin", "areas", "--format", "j"), ["json"], "a format by its beginning")
equal(complete("ltpin", "help", "are"), ["areas"], "help takes a command")
equal(complete("ltpin", "areas", "--columns", ""), [], "nothing where nothing is known")

if shutil.which("zsh"):
    equal(subprocess.run(["zsh", "-n", os.path.join(KEPT, "_ltpin")], check=False).returncode, 0,
          "zsh understands its file")
else:
    skip("zsh understands its file", "zsh is not there")
done()
