#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
# Tried (SECURITY.md): other locales and processors
"""The same capture gives the same bytes: in any locale, and on any processor.

LTPIN_SAME_AS names an ltpin of another architecture, which must print what this one does: test/ci
has some. Without it, it is this one in the C locale.
"""
import re
import shutil
import subprocess

from harness import *

OTHER = os.environ.get("LTPIN_SAME_AS")
LOCALES = ("tr_TR", "de_DE")
PACKAGE = "/usr/sbin/locale-gen"  # of Debian's locales, which has their sources
COMMANDS = (
    ("report",), ("report", "-f", "json"), ("report", "-f", "markdown"), ("report", "-f", "html"),
    ("report", "-f", "ndjson"), ("areas",), ("zones", "-f", "json"), ("pages",), ("doctor",),
    ("pages", "--all", "-f", "json"), ("owners",), ("owners", "--by", "task", "-f", "json"),
    ("explain", "reserved", "512", "-f", "json"), ("top", "--once"),
    ("top", "--once", "--view", "failures"), ("diff", "OTHER"), ("diff", "OTHER", "-f", "json"),
    ("diff", "OTHER", "-f", "markdown"),
)
PAIR = ("v6.12-x86_64-pinned", "v5.10-arm64-cma-failure", "v7.2-x86_64-pinned")


def locales():
    """{name: environment}: made here, since no machine has to have them."""
    where = scratch()
    made = {}
    for name in LOCALES:
        if not os.path.exists(PACKAGE) or not shutil.which("localedef"):
            continue
        subprocess.run(["localedef", "--no-archive", "-f", "UTF-8", "-i", name,
                        os.path.join(where, name + ".UTF-8")], check=False,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        made[name] = {"LOCPATH": where, "LC_ALL": name + ".UTF-8"}
    return made


def is_in_force(name, env):
    """A program that formats numbers by the locale writes a comma."""
    done = subprocess.run(["/usr/bin/printf", "%.1f", "0,5"], stdout=subprocess.PIPE, check=False,
                          stderr=subprocess.DEVNULL, env={**os.environ, **env})
    ok(done.stdout == b"0,5", "%s is in force" % name, done.stdout)


def output(program, args, env):
    """Status, standard output and error; LC_ALL=C where @env has no other."""
    done = subprocess.run([program, *args], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, timeout=300, check=False,
                          env={**os.environ, "LC_ALL": "C", **env})
    # How long reading took is no part of the capture.
    return done.returncode, re.sub(rb"\b\d+ ms\b", b"N ms", done.stdout), done.stderr


def arguments(tree, command):
    other = PAIR[PAIR.index(tree) - 1]
    if command[0] == "diff":
        return [other if word == "OTHER" else word for word in ("diff", tree, *command[1:])]
    return ["--root", tree, *command]


def check(name, program, env):
    for tree in PAIR:
        differing = []
        for command in COMMANDS:
            said = output(OTHER or LTPIN, arguments(tree, command), {})
            if not (said[1] or said[2]) or said != output(program, arguments(tree, command), env):
                differing.append(" ".join(command))
        ok(not differing, "%s, %s: %d commands" % (name, tree, len(COMMANDS)), *differing)


def main():
    os.chdir(FIXTURES)
    said = [output(LTPIN, arguments(PAIR[0], command), {}) for command in COMMANDS]
    silent = [" ".join(command) for command, (status, out, _) in zip(COMMANDS, said)
              if not out or status not in (0, 1, 3)]
    ok(not silent, "each command has an answer", *silent)
    ok(len({out for _, out, _ in said}) == len(COMMANDS), "which differs from the others'")
    if OTHER:
        check("another processor", LTPIN, {})
    elif not locales():
        skip("locales", "this machine has no localedef, or not the package locales")
    else:
        for name, env in locales().items():
            is_in_force(name, env)
            check(name, LTPIN, env)
    done()


main()
