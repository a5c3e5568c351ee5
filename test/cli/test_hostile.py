#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
# Tried (SECURITY.md): files that are empty, cut, binary, endless
# Tried (SECURITY.md): any bytes in names, and in arguments
"""Text that somebody else chose: every byte in names, and files that are not what they should be."""
import re

import world
from harness import *

EVERY_BYTE = bytes(range(1, 10)) + bytes(range(11, 47)) + bytes(range(48, 256))  # not NUL, LF, /
MARKUP = b"GH-12 #34 *a* _b_ `c` <img src=x onerror=alert(1)> [d](http://e) | # @f ![g](h) ~~i~~ &lt; \\"
FORMS = ("text", "markdown", "html", "json")


def write(path, data):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as out:
        out.write(data)


def is_harmless(text):
    """Printable, one newline at a time; nothing that a terminal would obey."""
    return all(char == "\n" or char.isprintable() for char in text)  # there may be none


def check_harmless(name, tree, *options):
    for form in FORMS:
        result = run("report", tree, "-f", form, *options)
        ok(result.status in (0, 3) and result.out and is_harmless(result.text()) and
           is_harmless(result.err), "%s: %s" % (name, form), result.status, result.err)
        if form == "json":
            result.json()
        if form == "markdown":
            check_markdown(name, result.text())
    for command in ("areas", "zones", "pages", "doctor", "owners"):
        result = run("--root", tree, command)
        ok(result.out + result.err.encode() and is_harmless(result.text()) and is_harmless(result.err),
           "%s: %s" % (name, command), result.err)


def check_markdown(name, text):
    """What is left outside code holds no markup but our own."""
    prose = re.sub(r"^(`{3,})text\n.*?^\1$", "", text, flags=re.S | re.M)
    prose = re.sub(r"`[^`\n]*`", "", re.sub(r"\\[^\w\s]", "", prose))
    ours = r"^<details><summary>Evidence: [\w, ]*</summary>$|^</details>$|linux-mm@kvack\.org"
    prose = re.sub(ours, "", prose, flags=re.M)
    ok(prose.strip() and not re.search(r"[<>\[\]|@]|!\[|https?://|GH-\d|#\d", prose), "%s: no foreign markup" % name,
       *re.findall(r".*[<>\[\]|@].*", prose)[:5])


def hostile_trace(name):
    return b"".join(line + b"\n" for line in (
        b"# tracer: nop",
        b"           " + name + b"-96      [001] .....     4.100000: cma_alloc_start: name=" + name +
        b" count=64 align=0",
        b"           " + name + b"-96      [001] .....     4.200000: test_pages_isolated: "
        b"start_pfn=0xbe00 end_pfn=0xbe40 fin_pfn=0xbe07 ret=fail",
        b"           " + name + b"-96      [001] .....     4.300000: cma_alloc_busy_retry: name=" +
        name + b" pfn=0xbe00 page=0000000000000000 count=64 align=0",
        b"           " + name + b"-96      [001] .....     4.400000: cma_alloc_finish: name=" +
        name + b" pfn=0xbe00 page=0000000000000000 count=64 align=0 errorno=-16",
    ))


def hostile_page_owner(name):
    return (b"Page allocated via order 0, mask 0x100cca(GFP_HIGHUSER_MOVABLE), pid 96, tgid 96 (" +
            name + b"), ts 4000000000 ns\nPFN 0xbe07 type Unmovable Block 95 type CMA Flags "
            b"0x100000000000000(node=0|zone=1)\n " + name + b"+0x1/0x2 [" + name + b"]\n\n")


def check_long():
    """Names longer than any room for them, of characters of several bytes: what is cut off is whole."""
    for lead in ("", "x", "xx", "xxx"):
        name = lead + "\u00e9\u4e16\U0001f600" * 200
        tree = world.make(["pin"] * 4 + ["device"] * 60, [(10, 64, world.BASE_PFN)], comm=name)
        path = os.path.join(tree, "sys/kernel/tracing/trace")
        with open(path, "rb") as file:
            trace = file.read()
        write(path, trace.replace(b"camera-hal", name.encode()).replace(b"reserved", name.encode()))
        write(os.path.join(tree, "sys/kernel/debug/page_owner"), hostile_page_owner(name.encode()).replace(
            b"0xbe07", b"0x%x" % world.BASE_PFN))
        write(os.path.join(tree, "proc/cmdline"), name.encode() + b"\n")
        bad = []
        for args in (["report", "-f", form] for form in FORMS + ("ndjson",)):
            bad += cut_in([*args, tree])
        for args in (["pages"], ["pages", "--all"], ["owners", "--by", "task"], ["areas"], ["zones"], ["doctor"],
                     ["explain", "reserved", "64"], ["report", "--redact"], ["diff", tree + "/."]):
            bad += cut_in([*args, tree])
        for view in ((), ("--view", "failures"), ("--view", "pages"), ("--view", "processes")):
            bad += cut_in(["--root", tree, "top", "--once", *view])
        ok(not bad, "wide names behind %d bytes" % len(lead), *bad)


def cut_in(args):
    """The command, if a character of its output is not whole."""
    result = run(*args)
    try:
        result.out.decode()
    except UnicodeDecodeError as why:
        return [(args, why)]
    return [] if result.out and result.status in (0, 1, 3) else [(args, result.status, result.err)]


def check_names():
    for what, name in (("every byte", EVERY_BYTE), ("markup", MARKUP.replace(b"/", b"")),
                       ("wide characters", "x\u00e9\u4e16\U0001f600".encode() * 25)):
        tree = copy_tree("v6.12-x86-custom")
        debugfs = os.path.join(tree, "sys/kernel/debug/cma/")
        write(os.path.join(tree, "sys/kernel/tracing/trace"), hostile_trace(name))
        write(os.path.join(tree, "sys/kernel/debug/page_owner"), hostile_page_owner(name))
        write(os.path.join(tree, "proc/cmdline"), name + b"\n")
        check_harmless("%s in a trace and page_owner" % what, tree)
        os.rename(os.path.join(debugfs, "reserved").encode(), debugfs.encode() + name)
        check_harmless("%s in the name of an area" % what, tree)


def check_shown():
    """The page that the hostile trace names is reported, with its escaped task."""
    tree = copy_tree("v6.12-x86-custom")
    write(os.path.join(tree, "sys/kernel/debug/page_owner"), hostile_page_owner(b"a\x1b[2Jb)"))
    report = run("report", tree, "-f", "json").json()
    comms = [pin["allocated_by"].get("comm") for pin in report.get("pins", [])
             if "allocated_by" in pin]
    equal(comms, ["a\\x1b[2Jb)"], "an escape sequence is named by its bytes")


DAMAGE = {
    "empty": lambda text: b"",
    "cut in the middle": lambda text: text[:len(text) // 2],
    "binary": lambda text: bytes(range(256)) * 64,
    "a line of 10 MB": lambda text: text + b"x" * 10_000_000 + b"\n",
    "zeroes": lambda text: b"\0" * 4096,
}
DAMAGED = ("proc/zoneinfo", "proc/pagetypeinfo", "proc/meminfo", "proc/vmstat", "dmesg.txt",
           "sys/kernel/debug/page_owner", "sys/kernel/debug/cma/reserved/count",
           "sys/kernel/debug/cma/reserved/bitmap", "sys/kernel/tracing/trace")


def check_damage():
    with open(os.path.join(FIXTURES, "v6.1-arm64-cma-failure/sys/kernel/tracing/trace"),
              "rb") as good:
        trace = good.read()
    for file in DAMAGED:
        for what, damage in DAMAGE.items():
            tree = copy_tree("v6.12-x86-custom")
            path = os.path.join(tree, file)
            text = trace
            if os.path.exists(path):
                with open(path, "rb") as old:
                    text = old.read()
            write(path, damage(text))
            check_damaged(file, what, tree)


def check_damaged(file, what, tree):
    result = run("report", tree, "-f", "json")
    report = result.json()
    bad = [s for s in report["sources"] if s["status"] in ("error", "denied") or "unread" in s]
    name = "%s: %s" % (file, what)
    ok(result.status == (3 if bad else 0) and is_harmless(result.text()), name, result.status)
    for source in bad:
        ok(file.split("/")[-1] in source.get("detail", ""), "%s: %s names the file" % (name,
           source["name"]), source)
        ok(source.get("unread", source.get("detail", "")) in result.err,
           "%s: and so does the message" % name,
           result.err)


def check_given_files():
    tree = os.path.join(FIXTURES, "v6.12-x86-custom")
    where = scratch()
    for option in ("--trace", "--dmesg", "--attempts", "--selftest"):
        for what, damage in DAMAGE.items():
            path = os.path.join(where, "file")
            write(path, damage(b'{"schema": "ltpin.attempts/1", "attempts": [{"count": 1'))
            result = run("report", tree, option, path, "-f", "json")
            refused = result.status == 2 and not result.out and "cannot read " in result.err
            ok(refused or (result.status == 0 and result.json()), "report %s: %s" % (option, what),
               result.status, result.err)


check_names()
check_long()
check_shown()
check_damage()
check_given_files()
done()
