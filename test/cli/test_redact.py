#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""--redact: what names somebody is nowhere, and everything else is as it was.

Tokens are random, and planted wherever a device may have a name; each run has others.
"""
import random
import shutil
import string
import subprocess
import tarfile

import world
from harness import *

SEED = random.randrange(1 << 32)
RAND = random.Random(SEED)
COMMANDS = (["report"], ["report", "-f", "markdown"], ["report", "-f", "html"], ["report", "-f", "json"],
            ["areas"], ["areas", "-f", "json"], ["zones"], ["pages", "--all"], ["pages", "-f", "json"],
            ["doctor"], ["top", "--once", "--view", "areas"], ["top", "--once", "--view", "processes"],
            ["top", "--once", "--view", "failures"])
# What does not read a capture of what it was given, or what cannot take it as an operand.
OTHERS = (["owners", "--by", "stack,task,area"], ["owners", "--cma", "--by", "task,area", "-f", "json"],
          ["watch"], ["watch", "-v"], ["watch", "-f", "ndjson"])


def token(prefix=""):
    return prefix + "".join(RAND.choices(string.ascii_lowercase, k=10))


def hexes(nr):
    return "".join(RAND.choices("0123456789abcdef", k=nr))


class Names:
    """What is planted; PROCESSES are names only where those of processes are replaced too."""

    PROCESSES = ("comm", "half", "reader", "freer", "tracee", "killer", "killed", "dumped", "user_of_buffer")

    def __init__(self):
        self.area, self.host, self.memcg, self.log = token("a"), token("h"), token("m"), token("l")
        self.serial, self.usb, self.value = token("S").upper(), token("U").upper(), token("v")
        self.path, self.user, self.env = token("p"), token("u"), token("e")
        self.file, self.blank = token("f"), token("b")
        self.half = token("c")[:7]
        self.comm = "%s %s" % (token("c")[:7], self.half)  # lines may be broken there
        self.reader, self.freer = token("r"), token("f")
        self.tracee, self.killer, self.killed, self.dumped = (token("t") for _ in range(4))
        self.memfd, self.shm, self.anon, self.blank = (token("n") for _ in range(4))
        self.quoted, self.node, self.builder, self.url = (token("q") for _ in range(4))
        self.buffer, self.user_of_buffer, self.second = token("b"), token("b"), token("S").upper()
        self.mac = ":".join("a" + hexes(1) for _ in range(6))
        self.uuid = "-".join(hexes(n) for n in (8, 4, 4, 4, 12))
        self.ip = "10.%d.%d.%d" % tuple(RAND.randrange(100, 256) for _ in range(3))
        self.address = "ffff8" + hexes(11)

    def all(self, with_comm):
        return {what: name for what, name in vars(self).items()
                if what not in self.PROCESSES or with_comm}


def log_of(names):
    lines = [
        "Linux version 6.12.117 (%s@%s) (gcc) #1 SMP" % (names.user, names.host),
        "Kernel command line: cma=64M page_owner=on androidboot.serialno=%s vendor.key=%s" %
        (names.serial, names.value),
        "systemd[1]: Hostname set to <%s>." % names.host,
        "usb 1-1: SerialNumber: %s" % names.usb,
        "eth0: link up, address %s" % names.mac,
        "something of nobody's business: %s" % names.log,
        "%s invoked oom-killer: gfp_mask=0xcc0, order=0" % names.killer,
        "Out of memory: Killed process 99 (%s) total-vm:1kB" % names.killed,
        "CPU: 1 PID: 77 Comm: %s Not tainted, a page" % names.dumped,
        "OF: reserved mem: initialized node %s@40000000, compatible id x" % names.node,
        "cma: see https://%s.example/%s" % (names.url, names.path),
        "memory module, Serial: %s" % names.second,
        "cma: node %s at %s of %s, %s, %s, %s" % (names.host, names.address, names.ip, names.mac,
                                                names.uuid, names.usb),
        "cma: cma_alloc: %s: alloc failed, req-size: 64 pages, ret: -16" % names.area,
        "audit: uid=0 comm=\"%s\" exe=\"/opt/%s/bin/x\"" % (names.comm, names.path),
    ]
    return "".join("[%5d.000000] %s\n" % (i, line) for i, line in enumerate(lines)).encode()


def owner_of(names, pfn):
    return ("Page allocated via order 0, mask 0x100cca(GFP_HIGHUSER_MOVABLE), pid 60, tgid 60 (%s), "
            "ts 4000000000 ns\nPFN 0x%x type Movable Block 1024 type CMA Flags 0x4(node=0|zone=1)\n"
            " __alloc_pages+0x122/0x210\n handle_mm_fault+0x63/0x130\nCharged to memcg %s\n\n" %
            (names.comm, pfn, names.memcg)).encode()


def plant(names):
    tree = world.make(["lent", "pin", "lent", "lent"] * 1024,
                      [(10, 64, world.BASE_PFN + 1), (11, 64, world.BASE_PFN + 1)], comm=names.comm)
    for cma in ("sys/kernel/debug/cma/", "sys/kernel/mm/cma/"):
        os.rename(os.path.join(tree, cma, "reserved"), os.path.join(tree, cma, names.area))
    trace = world.trace([(10, 64, world.BASE_PFN + 1), (11, 64, world.BASE_PFN + 1)],
                        names.comm.encode())
    trace += b"".join(b"%16s [001] ..... %d.000000: cma_%s name=reserved pfn=0x%x page=1234 count=1%s\n" %
                      ((task + "-7").encode(), 20 + i, what, world.BASE_PFN, more)
                      for i, (task, what, more) in enumerate((
                          (names.comm, b"alloc_finish:", b" align=0 errorno=0"),
                          (names.comm, b"release:", b""), (names.freer, b"release:", b""))))
    trace += b"%16s [001] ..... 30.000000: mm_migrate_pages: nr_succeeded=1\n" % (names.tracee + "-9").encode()
    world.write(tree, "sys/kernel/tracing/trace", trace.replace(b"name=reserved",
                                                                b"name=" + names.area.encode()))
    world.write(tree, "ltpin/process-pins.json", json.dumps({
        "schema": "ltpin.answer/1", "source": "process-pins",
        "hints": [{"kind": "pipe", "pid": 10, "comm": names.comm, "inode": 4711, "nr_bytes": 4096,
                   "peer_pid": 77, "peer_comm": names.reader}],
        "result": {"errno": 0}}).encode())
    world.write(tree, "ltpin/module-files.json", json.dumps({
        "schema": "ltpin.answer/1", "source": "module-files",
        "files": [{"pfn": world.BASE_PFN + 1, "fs": "ext2", "device": "vda", "dev": "254:0", "inode": 12,
                   "path": "/%s a/%s \"%s" % (names.file, names.blank, names.blank)}],
        "result": {"errno": 0}}).encode())
    world.write(tree, "dmesg.txt", log_of(names))
    world.write(tree, "proc/cmdline", ("cma=64M page_owner=on androidboot.serialno=%s vendor.key=%s "
                                       "dyndbg=\"file %s +p\" root=/dev/%s\n" %
                                       (names.serial, names.value, names.quoted, names.path)).encode())
    world.write(tree, "proc/version", b"Linux version 6.12.117 (root@%s) (gcc) #1 SMP\n" % names.builder.encode())
    world.write(tree, "sys/kernel/debug/dma_buf/bufinfo", (
        "\nDma-buf Objects:\nsize\tflags\tmode\tcount\texp_name\tino\tname\n"
        "00262144\t00000002\t00080007\t00000002\tsystem\t00000012\tof %s\n"
        "\tAttached Devices:\nTotal 0 devices attached\n\nTotal 1 objects, 262144 bytes\n" %
        names.buffer).encode())
    world.write(tree, "ltpin/dma-buf-users.json", json.dumps({
        "schema": "ltpin.answer/1", "source": "dma-buf-users", "result": {"errno": 0},
        "users": [{"ino": 13, "pid": 5, "comm": names.user_of_buffer, "nr": 1}]}).encode())
    world.write(tree, "sys/kernel/debug/page_owner", owner_of(names, world.BASE_PFN + 1))
    mapped = os.path.join(tree, "ltpin/pagemap.json")
    with open(mapped) as file:
        text = file.read()
    places = ["/memfd:%s (deleted)" % names.memfd, "/dev/shm/%s" % names.shm, "[anon:%s]" % names.anon,
              "/mnt/my %s/x.so" % names.blank, "/data/%s/%s.so" % (names.user, names.path)]
    for place in places:
        text = text.replace('"vma": "anonymous"', '"vma": "%s"' % place, 1 if place != places[-1] else -1)
    world.write(tree, "ltpin/pagemap.json", text.encode())
    with open(os.path.join(tree, "META")) as file:
        meta = file.read().replace("/cma/reserved/", "/cma/%s/" % names.area)
    world.write(tree, "META", meta.encode())
    return tree


def leaks(data, wanted):
    low = data.lower()
    return sorted(what for what, name in wanted.items() if name.lower().encode() in low)


def essence(document):
    """What is found, without a name."""
    return ([(f["id"], f["severity"], f["confidence"], len(f["evidence"])) for f in document["findings"]],
            document.get("signature"), document.get("nr_failed"),
            [(g["nr_pages"], g["errno"], g.get("cause")) for g in document.get("groups", [])],
            [[t.get("blocker_pfn") for t in a.get("tries", [])] for a in document["attempts"]],
            [(p["pfn"], p["kind"], len(p.get("mapped_by", []))) for p in document["pins"]])


def check_outputs(tree, option, wanted, env):
    for command in COMMANDS + (["explain"],):
        args = command + ([option] if option else [])
        if command == ["explain"]:
            area = next(a["name"] for a in run("areas", *args[1:], "-f", "json", tree).json()["areas"])
            args = ["explain", *args[1:], area, "64"]
        result = run(*args, tree, env=env)
        ok(result.status in (0, 1, 3), "%s: done" % " ".join(args), result.status, result.err)
        found = leaks(result.out, wanted)
        if option:
            equal(found, [], "seed %d: %s: no name" % (SEED, " ".join(command)))
            equal(leaks(result.err.encode(), wanted), [], "seed %d: nor in a message" % SEED)


def check_others(tree, option, wanted):
    """With the names where they are not replaced, so that each is looked for where it would be."""
    trace = os.path.join(tree, "sys/kernel/tracing/trace")
    cases = [["--root", tree, *command] for command in OTHERS] + [
        ["watch", "--trace", trace], ["watch", "--trace", trace, "-v", "-f", "ndjson"],
        ["owners", "--by", "task,stack", os.path.join(tree, "sys/kernel/debug/page_owner")]]
    for args in cases:
        said = " ".join(arg for arg in args if "/" not in arg)
        plain, result = run(*args), run(*args, option)
        equal(result.status, plain.status, "seed %d: %s %s: ends as without" % (SEED, said, option))
        ok(set(leaks(plain.out, wanted)) & {"area", "comm"} or option == "--redact",
           "%s: it has names to replace" % said, leaks(plain.out, wanted))
        equal(leaks(result.out, wanted), [], "seed %d: %s %s: no name" % (SEED, said, option))
        equal([len(result.out.splitlines()) > 0, b"area-" in result.out or b"area" not in plain.out],
              [True, True], "seed %d: %s %s: but what it says" % (SEED, said, option))


def check_diff(tree, option, wanted):
    """The same name has one placeholder in both, so that what is the same is."""
    other = os.path.join(scratch(), "other")
    shutil.rmtree(other, ignore_errors=True)
    shutil.copytree(tree, other)
    trace = os.path.join(other, "sys/kernel/tracing/trace")
    with open(trace, "rb") as file:
        text = file.read()
    world.write(other, "sys/kernel/tracing/trace", text[:text.index(b"cma_release")].rpartition(b"\n")[0])
    args = ["diff", tree, other, option]
    for form in ("text", "markdown", "json"):
        result = run(*args, "-f", form)
        equal(leaks(result.out, wanted | {"place": "/other"}), [],
              "seed %d: diff %s as %s: no name" % (SEED, option, form))
    plain, without = run("diff", tree, other, "-f", "json"), run(*args, "-f", "json")
    equal((without.status, len(without.json()["differences"])),
          (plain.status, len(plain.json()["differences"])),
          "seed %d: diff %s: as many differences" % (SEED, option))
    equal(run("diff", tree, tree, option).status, 0, "seed %d: diff %s: none with itself" % (SEED, option))


def check_bundle(names, tree, option, wanted, want, env):
    path = os.path.join(scratch(), "b.tar.gz")
    result = run("--root", tree, "capture", option, "--note", "seen twice on %s" % names.builder, "-o", path, env=env)
    equal(result.status in (0, 3), True, "capture %s" % option)
    with tarfile.open(path) as tar:
        members = [(member.name, tar.extractfile(member).read()) for member in tar if member.isfile()]
    ok(len(members) > 20, "capture %s: its members" % option, len(members))
    for name, data in members:
        equal((leaks(name.encode(), wanted), leaks(data, wanted)), ([], []),
              "seed %d: %s: no name" % (SEED, name.split("/")[-1] if "cma" in name else name))
    meta = json.loads(dict(members)["ltpin-capture/META"])
    kinds = {tally["kind"]: tally for tally in meta["redacted"]}
    ok({"host name", "file path", "serial number", "MAC address", "UUID", "IP address", "area name",
        "kernel address", "memory cgroup", "command line value"} <= set(kinds) and
       all(tally["nr_places"] >= tally["nr_names"] > 0 for tally in kinds.values()),
       "META lists what was replaced, and how often", meta["redacted"])
    document = run("report", path, "-f", "json").json()
    equal(essence(document), want, "seed %d: the bundle says the same" % SEED)
    equal((document["note"], {tally["kind"] for tally in document["redacted"]}),
          ("seen twice on host-%s" % document["note"][-1], set(kinds)), "and its report has the note, and what was replaced")
    area = document["areas"][0]["name"]
    ok(area.startswith("area-") and {a["area"] for a in document["attempts"]} == {area},
       "one area has one placeholder", area)
    for form in ("text", "markdown", "html"):
        said = run("report", path, "-f", form).text()
        ok("seen twice" in said and "host name (" in said, "%s has the note, and kinds" % form)


def check_planted():
    names = Names()
    tree, env = plant(names), {"SECRET": names.env}
    plain = run("report", tree, "-f", "json")
    planted = leaks(plain.out, names.all(True))
    ok({"area", "comm", "reader", "freer", "serial", "value", "path", "user", "file", "blank"}
       <= set(planted),
       "without --redact the names are shown", planted)
    want = essence(plain.json())
    ok(want[1] and want[0], "the device has a failure", want)
    for option, with_comm in (("--redact", False), ("--redact-names", True)):
        wanted = names.all(with_comm)
        check_outputs(tree, option, wanted, env)
        equal(essence(run("report", option, tree, "-f", "json").json()), want,
              "seed %d: report %s finds the same" % (SEED, option))
        check_bundle(names, tree, option, wanted, want, env)
        check_others(tree, option, wanted)
        check_diff(tree, option, wanted)
    saved = put(plain.out, "%s.json" % names.user)
    for form in ("text", "json", "html"):
        result = run("report", "--redact-names", saved, "-f", form)
        equal(leaks(result.out, names.all(True)), [], "seed %d: a saved report as %s" % (SEED, form))


def check_same(paths):
    """Whatever is read, redacted or not, comes to the same."""
    for path in paths:
        plain = run("report", path, "-f", "json")
        result = run("report", "--redact-names", path, "-f", "json")
        if plain.status == 2:
            continue
        a, b = plain.json(), result.json()
        equal([(f["id"], f["severity"], f["confidence"]) for f in b["findings"]],
              [(f["id"], f["severity"], f["confidence"]) for f in a["findings"]],
              "%s: the same findings" % os.path.basename(path))
        equal((b.get("signature"), b.get("nr_failed")), (a.get("signature"), a.get("nr_failed")),
              "%s: and the same failure" % os.path.basename(path))


def check_full(tree):
    """What could not be written is said, as without."""
    for form in ("text", "ndjson"):
        with open("/dev/full", "wb") as full:
            done = subprocess.run([LTPIN, "--root", tree, "watch", "--redact", "-f", form], stdout=full,
                                  stderr=subprocess.PIPE, check=False)
        ok(done.returncode == 2 and b"No space left" in done.stderr, "watch as %s: no room" % form,
           done.returncode, done.stderr)


def check_usage():
    log = os.path.join(TOP, "test", "logs", "28-wording-6.12.log")
    result = run("report", "--redact", "--dmesg", log)
    ok(result.status == 2 and "report --redact FILE" in result.err, "it takes no file by an option",
       result.err)
    result = run("top", "--redact")
    ok(result.status == 2 and "--once" in result.err, "top refuses it on a screen that goes on", result.err)


def main():
    logs = os.path.join(TOP, "test", "logs")
    check_planted()
    check_full(os.path.join(FIXTURES, "v6.12-x86_64-pinned"))
    check_same([os.path.join(FIXTURES, tree) for tree in TREES])
    check_same(sorted(os.path.join(logs, name) for name in os.listdir(logs) if name.endswith(".log")))
    check_usage()
    done()


main()
