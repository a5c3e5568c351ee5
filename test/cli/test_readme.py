#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What README.md shows of a command on a fixture is what the command prints."""
from harness import *

PROMPT = "# ltpin "
MARGIN = "    "
GAP = "[...]"


def blocks(text):
    """Indented blocks as (command, lines): each begins with its prompt."""
    command, lines = None, []
    for line in text.splitlines() + ["end"]:
        if line.startswith(MARGIN + PROMPT) or (line and not line.startswith(MARGIN)):
            if command:
                yield command, lines
            command, lines = None, []
        if line.startswith(MARGIN + PROMPT):
            command = line[len(MARGIN + PROMPT):]
        elif command:
            lines.append(line[len(MARGIN):])


def pieces(lines):
    """What must stand in the output as it is, between the gaps."""
    text = "\n".join(lines).strip("\n") + "\n"
    found = [piece.strip("\n") for piece in text.split(GAP)]
    return [piece for piece in found if piece.strip()]


def check(command, lines):
    out = run(*command.split()).text()
    begin = 0
    wanted = pieces(lines)
    ok(wanted and out.startswith(wanted[0].splitlines()[0]), "%s: it begins so" % command, out[:400])
    for piece in wanted:
        at = ("\n" + out).find("\n" + piece, begin)
        ok(at >= 0, "%s: %s" % (command, piece.strip().splitlines()[0]), piece, out)
        begin = max(begin, at)


with open(os.path.join(TOP, "README.md"), encoding="utf-8") as readme:
    SAMPLES = [(command, lines) for command, lines in blocks(readme.read())
               if "test/fixtures/" in command]
os.chdir(TOP)
ok(SAMPLES, "README.md has a command that can be tried")
for sample in SAMPLES:
    check(*sample)
done()
