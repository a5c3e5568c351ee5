#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
# Tried (SECURITY.md): files that are empty, cut, binary, endless
"""Another input, another output: PFNs moved, an area renamed, each file taken away in turn."""
import re

from harness import *

SHIFT = 0x100000


def report(tree):
    return run("report", "-f", "json", tree).json()


def edit(path, change):
    with open(path, "rb") as old:
        text = old.read()
    with open(path, "wb") as new:
        new.write(change(text))


def check_moved_debugfs():
    tree = copy_tree("v6.12-x86-custom")
    before = report(tree)
    base = os.path.join(tree, "sys/kernel/debug/cma/reserved/base_pfn")
    edit(base, lambda text: b"%d\n" % (int(text) + SHIFT))
    after = report(tree)
    equal(after["areas"][0]["ranges"][0]["base_pfn"],
          before["areas"][0]["ranges"][0]["base_pfn"] + SHIFT, "debugfs: base_pfn moved")
    os.rename(os.path.dirname(base), os.path.join(tree, "sys/kernel/debug/cma/camera"))
    os.rename(os.path.join(tree, "sys/kernel/mm/cma/reserved"),
              os.path.join(tree, "sys/kernel/mm/cma/camera"))
    equal([area["name"] for area in report(tree)["areas"]], ["camera"], "debugfs: area renamed")


def check_moved_log():
    tree = copy_tree("v6.1-arm64")
    edit(os.path.join(tree, "dmesg.txt"),
         lambda text: text.replace(b"Reserved 128 MiB at 0x0000000057600000",
                                   b"Reserved 64 MiB at 0x0000000012300000"))
    area = report(tree)["areas"][0]
    equal((area["ranges"][0]["base_pfn"], area["nr_pages"]), (0x12300, 16384), "log: area moved")


def shift_trace(text):
    """Every PFN of the trace SHIFT higher, in the notation of its field."""
    return re.sub(rb"(pfn=)(0x)?([0-9a-f]+)",
                  lambda m: m.group(1) + (m.group(2) or b"") +
                  b"%x" % (int(m.group(3), 16) + SHIFT), text)


def check_moved_trace(name, base):
    tree = copy_tree(name)
    before = report(tree)
    edit(os.path.join(tree, "sys/kernel/tracing/trace"), shift_trace)
    edit(os.path.join(tree, "dmesg.txt"),
         lambda text: text.replace(b"at 0x%016x" % (base << 12),
                                   b"at 0x%016x" % ((base + SHIFT) << 12)))
    after = report(tree)
    same([pin["pfn"] for pin in after["pins"]],
         [pin["pfn"] + SHIFT for pin in before["pins"]], "%s: blockers moved" % name)

    def windows(document):
        return [(t["start_pfn"], t["end_pfn"]) for a in document["attempts"]
                if a["source"] == "trace" for t in a["tries"]]
    same(windows(after), [(s + SHIFT, e + SHIFT) for s, e in windows(before)],
         "%s: windows moved" % name)


def known_numbers(document):
    """By path, with names or times in place of positions where records have one."""
    for key in ("zones", "areas", "sources"):
        if key in document:
            document[key] = {"%s %s" % (record.get("node", ""), record.get("name", i)): record
                             for i, record in enumerate(document[key])}
    document["attempts"] = {"%s %s" % (a["source"], a.get("ts_ns")): a
                            for a in document.get("attempts", [])}
    return dict(numbers(document))


def check_removed(name):
    whole = report(os.path.join(FIXTURES, name))
    for where, _, files in sorted(os.walk(os.path.join(FIXTURES, name))):
        for file in sorted(files):
            path = os.path.relpath(os.path.join(where, file), os.path.join(FIXTURES, name))
            if not re.search(UNREAD, path):
                check_without(name, path, whole)


# Captured, but no source of today's reads them.
UNREAD = (r"events-format/|/filesystems$|cma/[^/]*/(alloc|free)$|META$|"
          r"page_owner\.cma-records\.txt$")


def check_without(name, path, whole):
    tree = copy_tree(name)
    os.remove(os.path.join(tree, path))
    part = report(tree)
    before, after = known_numbers(json.loads(json.dumps(whole))), known_numbers(part)
    wrong = [key for key, value in after.items() if value == 0 and before.get(key, 0) != 0]
    ok(not wrong, "%s without %s: no number became 0" % (name, path), wrong)
    ok(part["sources"] != list(whole["sources"]) or sources_of(part) != sources_of(whole),
       "%s without %s: the sources tell" % (name, path))


def sources_of(document):
    return sorted(json.dumps(source) for source in document["sources"].values()) \
        if isinstance(document["sources"], dict) \
        else sorted(json.dumps(source) for source in document["sources"])


check_moved_debugfs()
check_moved_log()
check_moved_trace("v5.10-arm64-cma-failure", 0x53400)
check_moved_trace("v6.1-arm64-cma-failure", 0x54800)
for fixture in TREES:
    check_removed(fixture)
done()
