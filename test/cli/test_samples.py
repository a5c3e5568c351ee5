#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What man pages and README show of a command is what the command prints.

In a manual page a comment says how a sample is made: .\\" sample: SHELL COMMAND, run where `ltpin`
and test/ are. It stands before .Bd -literal; lines there that begin with "# " are the prompt, and
stay. .\\" printed by: FILE.c is for commands that need a device: each line is one that FILE.c can
print. In Markdown the comment is <!-- sample: SHELL COMMAND -->, before an indented block.

With --refresh it writes the samples anew.
"""
import glob
import re
import shutil
import subprocess
import sys

from harness import *

REFRESH = "--refresh" in sys.argv[1:]
INDENT = "    "


def workplace():
    """A directory with test/ and ltpin in it, as the commands name them."""
    where = scratch()
    os.symlink(os.path.join(os.path.abspath(TOP), "test"), os.path.join(where, "test"))
    os.symlink(os.path.abspath(shutil.which(LTPIN) or LTPIN), os.path.join(where, "ltpin"))
    return where


def printed(command, where):
    env = dict(os.environ, PATH=where + ":" + os.environ["PATH"])
    env.pop("COLUMNS", None)
    done = subprocess.run(["sh", "-c", command], cwd=where, env=env, text=True,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, timeout=60, check=False)
    return done.stdout.rstrip("\n").split("\n")


def roff(line):
    line = line.replace("\\", "\\e")
    return "\\&" + line if line[:1] in (".", "'") else line


def unroff(line):
    return line.removeprefix("\\&").replace("\\e", "\\")


def blocks(path, lines):
    """(comment, first line of the block, line behind it) of each sample of a page."""
    is_man = not path.endswith(".md")
    for i, line in enumerate(lines):
        match = re.match(r'\.\\" (sample|printed by): (.*)' if is_man else r"<!-- (sample): (.*) -->",
                         line)
        if not match:
            continue
        begin = i + 1
        while begin < len(lines) and not (lines[begin].startswith(".Bd -literal") if is_man
                                          else lines[begin].startswith(INDENT)):
            begin += 1
        begin += is_man
        end = begin
        while end < len(lines) and (lines[end] != ".Ed" if is_man
                                    else lines[end].startswith(INDENT) or
                                    (not lines[end] and lines[end + 1:end + 2] and
                                     lines[end + 1].startswith(INDENT))):
            end += 1
        yield match.groups(), begin, end


def as_regex(line):
    """A format as a regular expression: what is padded has its width."""
    line = re.escape(line).replace(r"\%", "%").replace(r"\-", "-")
    line = re.sub(r"%-?([0-9]+)[a-z]", r".{\1,}", line)
    return re.compile(re.sub(r"%(?:\\?\.[0-9]+)?(?:ll|z)?[a-z]", ".*", line) + "$")


def formats(path):
    """What the file can print, as regular expressions; what would fit everything is left out."""
    with open(os.path.join(TOP, path), encoding="utf-8") as file:
        text = re.sub(r'"\s*(PRI[uxd](?:32|64)\s*)?"', lambda m: m.group(1)[3] if m.group(1) else "",
                      file.read())
    for string in re.findall(r'"((?:[^"\\]|\\.)*)"', text):
        for line in string.replace('\\"', '"').split("\\n"):
            if re.search(r"%-[0-9]{2}", line) or len(re.sub(r"%[^a-z]*[a-z]+|\s", "", line)) > 3:
                yield as_regex(line)


def check_printed_by(name, path, lines):
    known = list(formats(path))
    ok(lines and known, "%s: a sample of %s" % (name, path))
    for line in lines:
        ok(any(regex.match(line) for regex in known), "%s: %s can print: %s" % (name, path, line))


def check(path, where):
    name = os.path.basename(path)
    is_man = not path.endswith(".md")
    with open(path, encoding="utf-8") as page:
        lines = page.read().split("\n")
    nr = 0
    for (kind, what), begin, end in reversed(list(blocks(path, lines))):
        nr += 1
        given = [unroff(line) if is_man else line[len(INDENT):] for line in lines[begin:end]]
        prompt = [line for line in given[:1] if line.startswith("# ")]
        if kind == "printed by":
            check_printed_by(name, what, given[len(prompt):])
            continue
        wanted = prompt + printed(what, where)
        if REFRESH:
            lines[begin:end] = [roff(line) if is_man else (INDENT + line).rstrip() for line in wanted]
        same("\n".join(given), "\n".join(wanted),
             "%s: %s (else: test/cli/test_samples.py --refresh)" % (name, what))
    if REFRESH:
        with open(path, "w", encoding="utf-8") as page:
            page.write("\n".join(lines))
    return nr


PLACE = workplace()
if run("--version").status:
    sys.exit("Bail out! %s does not run" % LTPIN)
PAGES = sorted(glob.glob(os.path.join(TOP, "man", "*.[1-9]")))
ok(len(PAGES) > 15, "there are pages")
for page in PAGES:
    ok(check(page, PLACE) > 0, "%s has a sample" % os.path.basename(page))
ok(check(os.path.join(TOP, "README.md"), PLACE) > 0, "README.md has a sample")
done()
