#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""A command that a report suggests for the evidence that it read has an answer there."""
import glob
import re
import shlex

from harness import *

# What ltpin says where the evidence does not have what was asked for.
NOTHING = re.compile(r"see `ltpin doctor`|may succeed or fail: the state of the pages is not known")


def evidence():
    """[(name, arguments)]"""
    here = os.path.join(TOP, "test")
    yield from ((os.path.basename(path), [path])
                for path in sorted(glob.glob(os.path.join(here, "logs", "*.log"))))
    yield from ((os.path.basename(path), [path])
                for path in sorted(glob.glob(os.path.join(here, "fixtures", "v*"))))
    for path in sorted(glob.glob(os.path.join(here, "attached", "*", ""))):
        yield os.path.basename(os.path.dirname(path)), [os.path.join(path, name) for name in sorted(os.listdir(path))
                                       if name != "expect.json"]


def suggested(report):
    """Commands for the evidence; those for the device are introduced as such."""
    return re.findall(r"\b(?:Next|Confirm): `(ltpin [^`]*)`", report)


def dead_ends(commands):
    for command in commands:
        result = run(*shlex.split(command)[1:])
        if result.status not in (0, 1, 3) or not result.out or NOTHING.search(
                " ".join((result.text() + result.err).split())):
            yield command, result.status, result.text()[:300], result.err[:300]


nr = nr_for_device = 0
for name, arguments in evidence():
    result = run("report", "-f", "markdown", *arguments)
    commands = sorted(set(suggested(result.text()))) if result.status != 2 else []
    nr += len(commands)
    nr_for_device += len(re.findall(r"(?:Next,|Confirm) on the device: `ltpin", result.text()))
    if commands:
        equal(list(dead_ends(commands)), [], "%s: what is suggested has an answer" % name)
ok(nr > 10, "commands were suggested for the evidence", nr)
ok(nr_for_device > 60, "and for the device", nr_for_device)
done()
