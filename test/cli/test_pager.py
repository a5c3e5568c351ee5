#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Long output on a terminal goes through a pager, and only there."""
from harness import *

TREE = os.path.join(FIXTURES, "v6.12-x86_64-pinned")
FIRST = 'in "reserved" failed 2 times'


def shown(*args, **env):
    """What comes to the terminal of a command with @env."""
    names = {"TERM": "vt100", "PATH": os.environ["PATH"], **env}
    status, out = on_terminal(*args, env=names)
    return status, out.decode("utf-8", "replace")


def paged(*args, **env):
    """What a pager got; None if there was none."""
    path = os.path.join(scratch(), "paged")
    status, out = shown(*args, PAGER="cat >" + path, **env)
    if not os.path.exists(path):
        return status, out, None
    with open(path, encoding="utf-8") as file:
        return status, out, file.read()


status, out, text = paged("report", TREE)
ok(text and FIRST in text and FIRST not in out, "a report goes through PAGER", out, text)
ok(text and status == 0, "and its status is the report's", status)
equal(text.count(FIRST) if text else 0, 1, "the pager shows the first sentence: it stands once")
ok(text and "\033[" in text, "colours are passed on")
file = os.path.join(scratch(), "x")
for name, args, env in (("--no-pager", ("report", TREE, "--no-pager"), {}),
                        ("before the command", ("--no-pager", "report", TREE), {}),
                        ("NO_PAGER", ("report", TREE), {"NO_PAGER": "1"}),
                        ("a dumb terminal", ("report", TREE), {"TERM": "dumb"}),
                        ("a file", ("report", TREE, "-o", file), {})):
    status, out, text = paged(*args, **env)
    if os.path.exists(file):
        with open(file, encoding="utf-8") as written:
            out += written.read()
    ok(text is None and FIRST in out, "no pager: " + name, text, out)
status, out = shown("report", TREE, NO_PAGER="1")
lines = out.replace("\r", "").split("\n")
ok(out.count(FIRST) == 2 and any("Next:" in line for line in lines[-4:]),
   "a console has the first sentence once more at the end", *lines[-8:])
equal(run("report", TREE).text().replace("\n", " ").count(FIRST), 1, "a pipe has it once")
status, out, text = paged("report", TREE, "--fail-on", "critical")
equal(status, 1, "--fail-on through a pager")
for pager in ("", "cat"):
    ok(FIRST in shown("report", TREE, PAGER=pager)[1], "PAGER='%s' is none" % pager)
# A less of one's own, and BusyBox's, which is a link to the one program that it is.
for program, is_pager in (("other-less", True), ("busybox", False)):
    there = os.path.join(scratch(), program + ".d")
    os.mkdir(there)
    with open(os.path.join(there, program), "w", encoding="utf-8") as file:
        file.write("#!/bin/sh\ncat >%s/paged\n" % there)
    os.chmod(os.path.join(there, program), 0o755)
    os.symlink(program, os.path.join(there, "less"))
    out = shown("report", TREE, PATH=there + ":" + os.environ["PATH"])[1]
    equal((os.path.exists(os.path.join(there, "paged")), FIRST in out), (is_pager, not is_pager),
          "less is %s: it is %s pager" % (program, "the" if is_pager else "no"))
done()
