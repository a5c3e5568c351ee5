#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""`ltpin owners`: grouping, hostile names and damage. test_large.py has a text of 250 MB."""
import gzip
import re
import tarfile

from harness import *

V510 = os.path.join(FIXTURES, "v5.10-x86-custom-cmaheavy")
V612 = os.path.join(FIXTURES, "v6.12-x86-custom")
CMA_TEXT = os.path.join(V510, "page_owner.cma-records.txt")
CUT_TEXT = os.path.join(V612, "sys/kernel/debug/page_owner")


def pfn_of(record):
    return int(re.search(rb"\nPFN (\w+) ", record).group(1), 0)


def check_areas():
    got = run("--root", V510, "owners", CMA_TEXT, "--by", "area", "-f", "json").json()
    equal(got["groups"], [{"nr_records": 250, "nr_pages": 250, "area": "reserved"}],
          "--by area takes the areas of --root")

    area = {}
    for name in "base_pfn", "count":
        with open(os.path.join(V612, "sys/kernel/debug/cma/reserved", name)) as stream:
            area[name] = int(stream.read())
    inside = sum(0 <= pfn_of(record) - area["base_pfn"] < area["count"]
                 for record in page_owner_records(CMA_TEXT))
    got = run("--root", V612, "owners", CMA_TEXT, "--cma", "-f", "json").json()
    ok(inside < 250, "--cma: the other system's area is elsewhere")
    equal(got["nr_records"], inside, "--cma goes by page, not by the block's type")

    result = run("owners", CMA_TEXT, "--cma", "-f", "json")
    equal(result.json()["nr_records"], 250, "without --root --cma goes by the block's type")
    ok("type CMA" in result.err, "and says so", result.err)
    equal(run("owners", CMA_TEXT, "--by", "area").status, 2, "nor can it group by area")


def check_options():
    result = run("owners", CUT_TEXT, "--by", "migratetype", "--sort", "records", "--limit", "1",
                 "-f", "json")
    got = result.json()
    equal(result.status, 0, "--sort, --limit: exit status")
    equal((got["nr_groups"], got["groups"]),
          (2, [{"nr_records": 483, "nr_pages": 483, "migratetype": "Movable"}]), "--sort, --limit")
    equal(got["nr_unknown_lines"], 1, "a text that was cut says so")
    got = run("owners", CUT_TEXT, "--by", "task,gfp", "-f", "json").json()
    equal(sum(group["nr_records"] for group in got["groups"]), 622, "no record is lost in groups")
    ok(every(got["groups"], lambda group: "stack" not in group), "what is no key is not shown")
    got = run("owners", CMA_TEXT, "--by", "task", "-f", "json").json()
    equal(got["groups"], [{"nr_records": 250, "nr_pages": 250}], "5.10 tells of no task")
    ok("622 blocks" in run("--root", V612, "owners").text(), "a captured tree's own file")
    for args in ("--by", "colour"), ("--by", ""), ("--sort", "size"), ("--limit", "x"):
        result = run("owners", *args)
        ok(result.status == 2 and not result.out and result.err.startswith("ltpin: "),
           "usage error: %s" % " ".join(args), result.status, result.err)


def check_handles():
    """A text whose stacks are in another file: two handles are two stacks, and it says so."""
    record = ("Page allocated via order 0, mask 0xcc0(GFP_KERNEL), pid 7, tgid 7 (init), ts %d ns\n"
              "PFN 0x%x type Unmovable Block 1 type CMA Flags 0x0()\n%s\n")
    frame = " alloc_pages_noprof+0x1/0x2\n"
    for name, parts, want in (
            ("handles alone", ["handle: 5\n", "handle: 6\n", "handle: 5\n"], 2),
            ("none at all", ["", "", ""], 1),
            ("a handle beside the stack", ["handle: 5\n" + frame, frame + "handle: 6\n", frame], 1)):
        text = "".join(record % (i, 4096 + i, part) for i, part in enumerate(parts)).encode()
        got = run("owners", "-", "-f", "json", stdin=text).json()
        equal((len(got["groups"]), got["nr_records"], got["nr_unknown_lines"]), (want, 3, 0), name)
        shown = run("owners", "-", stdin=text).text()
        equal("Not resolved: 3 records" in shown, want == 2, "%s: what is not resolved" % name)
        equal("handle 5" in shown, want == 2, "%s: is shown as a handle" % name)


def check_captures():
    """A capture instead of a text, and a text that is packed."""
    want = run("--root", V612, "owners", "-f", "json").out
    equal(run("owners", V612, "-f", "json").out, want, "a captured directory")
    packed = os.path.join(scratch(), "capture")
    with tarfile.open(packed, "w:gz") as tar:
        tar.add(V612, "device")
    equal(run("owners", packed, "-f", "json").out, want, "an archive, whatever its name")
    text = os.path.join(scratch(), "text")
    with open(text, "wb") as out, open(CUT_TEXT, "rb") as stream:
        out.write(gzip.compress(stream.read()))
    equal(run("owners", text, "-f", "json").out, want, "a text that is packed")
    result = run("owners", scratch())
    ok(result.status == 2 and not result.out, "a directory without one", result.status, result.err)


def check_hostile_names():
    names = {100000 + byte: b"a%c), ts 1 ns" % byte for byte in range(1, 256)}
    text = b"".join(
        b"Page allocated via order 0, mask 0xcc0(GFP_KERNEL), pid %d, tgid 1 (%s), ts 5 ns\n"
        b"PFN 0x%x type Movable Block 1 type CMA Flags 0x0()\n f+0x1/0x2\n\n" % (pid, comm, pid)
        for pid, comm in names.items())
    result = run("owners", "-", "--by", "task", "-f", "json", stdin=text)
    back = {group["pid"]: re.sub(rb"\\x([0-9a-f]{2})", lambda m: bytes([int(m.group(1), 16)]),
                                 group["comm"].encode()) for group in result.json()["groups"]}
    same(back, names, "no byte of a process name is lost in JSON")
    ok(re.fullmatch(rb"[\n -~]*", result.out), "every byte in a process name: JSON is printable")
    result = run("owners", "-", "--by", "task", "--limit", "0", stdin=text)
    ok(re.fullmatch(rb"[\n -~]*", result.out), "every byte in a process name: text is printable")
    equal(result.out.count(b"[100"), 255, "and every name has its line")


def check_damage():
    for name, text in ("an empty text", b""), ("binary", bytes(range(256)) * 64), ("prose", b"x\n"):
        result = run("owners", "-", stdin=text)
        ok(result.status == 2 and not result.out and re.match(r"ltpin: -:.* \w+", result.err),
           "%s is refused with a reason" % name, result.status, result.err)
    result = run("owners", "/nonexistent/page_owner")
    ok(result.status == 2 and "/nonexistent/page_owner" in result.err, "a missing file is named",
       result.err)
    result = run("--root", scratch(), "owners")
    ok(result.status == 2 and "CONFIG_PAGE_OWNER=y" in result.err and
       "page_owner=on" in result.err,
       "without page_owner, how to have it", result.err)


check_areas()
check_options()
check_handles()
check_captures()
check_hostile_names()
check_damage()
done()
