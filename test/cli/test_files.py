#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Files that people have, given as they are: known by their contents, one device, never mixed."""
import base64
import bz2
import gzip
import io
import lzma
import re
import shutil
import tarfile
import zipfile

from harness import *

TREE = os.path.join(FIXTURES, "v6.12-x86_64-pinned")
OTHER = os.path.join(FIXTURES, "v5.10-arm64-areas")
LOG = (b"[    0.000000] Linux version 6.6.30-board (build@host) #1 SMP\n"
       b"[    0.000000] cma: Reserved 16 MiB at 0x0000000040000000\n"
       b"[   71.500000] cma: __cma_alloc: camera: alloc failed, req-size: 512 pages, ret: -12\n")


OLD = (b"[    0.000000] Linux version 5.10.110-rk (b@c) #4 SMP\n"
       b"[   12.000000] cma: cma_alloc: alloc failed, req-size: 77 pages, ret: -16\n")
BARE = b"[ 9912.123456] cma: cma_alloc: linux,cma: alloc failed, req-size: 4096 pages, ret: -12\n"
JOURNAL = (b"Jan 02 03:04:05 board kernel: Machine model: Some Board\n"
           b"Jan 02 03:04:09 board kernel: cma: __cma_alloc: isp: alloc failed, req-size: 33 pages, "
           b"ret: -4\n")


def read(path):
    with open(path, "rb") as file:
        return file.read()


def tree_of(files):
    top = scratch()
    for path, data in files.items():
        os.makedirs(os.path.dirname(os.path.join(top, path)), exist_ok=True)
        with open(os.path.join(top, path), "wb") as file:
            file.write(data)
    return top


def told(*paths, **more):
    """Sources that had something, by name."""
    result = run("doctor", "-f", "json", *paths, **more)
    if result.status not in (0, 3):
        return result.status, result.err
    return {name for name, status in sources(result.json()).items()
            if status not in ("absent", "unused")}


def attempts(*paths, **more):
    result = run("report", "-f", "json", *paths, **more)
    if result.status:
        return result.status, result.err
    return [(a.get("area"), a["nr_pages"]) for a in result.json().get("attempts", [])]


def check_kinds():
    """Each file alone, by a name that says nothing."""
    base = "sys/kernel/debug/"
    log = put(LOG + b"[    0.000000] Dentry cache hash table entries: 65536 (order: 7, 524288 bytes)\n")
    for path, source in (("dmesg.txt", "klog"), ("proc/zoneinfo", "zoneinfo"),
                         ("proc/meminfo", "meminfo"), ("proc/vmstat", "vmstat"),
                         ("proc/pagetypeinfo", "pagetypeinfo"), ("proc/iomem", "iomem"),
                         ("proc/buddyinfo", "buddyinfo"), ("proc/cmdline", "kernel"),
                         ("proc/version", "kernel"), ("proc/config.gz", "kconfig"),
                         ("sys/kernel/tracing/trace", "trace"),
                         (base + "page_owner", "page-owner")):
        for tree in (TREE, OTHER):
            if not os.path.exists(os.path.join(tree, path)):
                continue
            data = read(os.path.join(tree, path))
            beside = [] if path == "dmesg.txt" else [log]  # the page size, and an area
            want = told(put(data), *beside)
            ok(source in want, "%s of %s" % (path, os.path.basename(tree)), want)
            equal(told("-", *beside, stdin=data), want, "and from standard input")
            equal(told(put(gzip.decompress(data) if path.endswith(".gz") else
                           b"\xef\xbb\xbf" + data), *beside), want, "and as others keep it")
    pinner = os.path.join(TOP, "test", "malformed", "page_pinner")
    for name in sorted(os.listdir(pinner))[:3]:
        ok(isinstance(told(os.path.join(pinner, name)), set), "page_pinner: %s" % name,
           told(os.path.join(pinner, name)))
    buffers = os.path.join(TOP, "test", "malformed", "dma_buf", "v6.12")
    ok("dma-buf" in told(buffers), "bufinfo", told(buffers))
    for name, source in (("attempts-6.12.json", "attempts"), ("selftest-6.12-kept.json", "selftest"),
                         ("bench-5.10-highatomic.json", "selftest")):
        ok(source in told(os.path.join(TOP, "test", "saved", name)), name)
    for program in ("kernel", "trace-cmd", "perf"):
        path = os.path.join(TOP, "test", "saved", "trace", "6.12-" + program)
        ok("trace" in told(path), "a trace of %s" % program, told(path))


def document_of(*paths):
    """The report on @paths, without its time and the commands that name them."""
    out = unplaced(run("report", "-f", "json", *paths).out, " ".join(paths))
    document = json.loads(out)
    document.pop("captured_at", None)
    return document


def check_together():
    """Single files say what the tree says that they were taken from."""
    names = ["dmesg.txt", "sys/kernel/tracing/trace"] + ["proc/" + name for name in (
        "zoneinfo", "meminfo", "vmstat", "pagetypeinfo", "iomem", "buddyinfo", "cmdline", "version")]
    files = [os.path.join(OTHER, name) for name in names]
    flat = tree_of({"%d.txt" % i: read(path) for i, path in enumerate(files)})
    os.rename(os.path.join(flat, "0.txt"), os.path.join(flat, "console-log"))
    os.rename(os.path.join(flat, "8.txt"), os.path.join(flat, "cmdline.txt"))
    kept = tree_of({name: read(os.path.join(OTHER, name)) for name in names})
    want = document_of(kept)
    for paths, name in ((files, "files"), (files[::-1], "in any order"),
                        ([flat], "a directory with other names")):
        equal(document_of(*paths), want, name)
    more = files[:1] + [TREE]
    equal("cma-debugfs" in told(*more), True, "a file stands before those of a directory")
    for command in (["areas"], ["zones"], ["pages"], ["explain", "0x50002", "64"],
                    ["top", "--once"]):
        got, want = (re.sub(rb"\d+ ms", b"N ms", result.out)  # that top took to read
                     for result in (run(*command, *files), run("--root", kept, *command)))
        same(got, want, "%s takes files" % command[0])


def check_packed():
    """One file, a tree and files with other names, as packers pack them."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("device/kernel.log", LOG)
    want = [("camera", 512)]
    forms = {"gzip": gzip.compress(LOG), "xz": lzma.compress(LOG), "bzip2": bz2.compress(LOG),
             "zip": out.getvalue()}
    for mode in ("", "gz", "xz", "bz2"):
        out = io.BytesIO()
        with tarfile.open(fileobj=out, mode="w:" + mode) as tar:
            info = tarfile.TarInfo("case/uart_capture.txt")
            info.size = len(LOG)
            tar.addfile(info, io.BytesIO(LOG))
        forms["tar " + mode] = out.getvalue()
    for name, data in forms.items():
        equal(attempts(put(data)), want, "packed: %s" % name)
        equal(attempts("-", stdin=data), want, "and from standard input")
    for name, data in forms.items():
        status = attempts(put(data[:len(data) // 2]))
        ok(status[0] == 2 or status == want, "cut in half: %s" % name, status)


def check_encoded():
    """A log that nothing in the bytes of the file speaks of."""
    mail = (b"From: a@b\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=x\n\n--x\n"
            b"Content-Type: text/plain\nContent-Transfer-Encoding: base64\n\n%s\n--x\n"
            b"Content-Type: text/x-log\ncontent-transfer-encoding: BASE64\n\n%s\n--x--\n")
    hello = base64.encodebytes(b"Hello,\nsee the log.\n")
    for name, data in (("a mail", mail.replace(b"BASE64", b"base64") %
                        (hello, base64.encodebytes(LOG))),
                       ("a mail of one line", mail.replace(b"BASE64", b"base64") %
                        (hello, base64.b64encode(LOG))),
                       ("UTF-16 without a mark", LOG.decode().encode("utf-16-le"))):
        equal(attempts(put(data)), [("camera", 512)], "encoded: %s" % name)
        equal(attempts("-", stdin=data), [("camera", 512)], "and from standard input")
    status = attempts(put(mail % (hello, hello)))
    equal(status[0], 2, "the control: a mail without a log")


UNREADABLE = {
    b"\xff\xd8\xff\xe0 JFIF": "a JPEG image", b"\x89PNG\r\n": "a PNG image",
    b"\x17\x08\x44tracing": "trace-cmd report FILE", b"PERFILE2": "perf script -i FILE",
    b"\177ELF\2\1\1" + bytes(9) + b"\4\0": "vmcore-dmesg FILE", b"KDUMP   ": "--dump-dmesg",
    b"LPKSHHRH": "journalctl --file FILE", b"7z\xbc\xaf\x27\x1c": "7z x FILE",
    b"\x04\x22\x4d\x18": "lz4 -d FILE", b"\xd0\x0d\xfe\xed": "a compiled device tree",
    b"": "it is empty", b"Dear all, the camera is black.\n": "nothing that ltpin knows",
    b"\0\1\2\3" * 300: "nothing that ltpin knows",
    b'{"schema": "ltpin.owners/1"}': "an answer of ltpin",
}


def check_unreadable():
    for data, said in UNREADABLE.items():
        path = put(data)
        for args in ((path,), ("-",), ("--dmesg", path), ("--dmesg", "-"), ("--root", path),
                     (TREE, path)):
            result = run("report", *args, stdin=data)
            ok(result.status == 2 and said in result.err and not result.out,
               "%s: report %s" % (said, " ".join(args).replace(path, "X").replace(TREE, "TREE")),
               result.status, result.err)
    result = run("report", "--trace", put(b"\x17\x08\x44tracing"))
    ok(result.status == 2 and "trace-cmd report" in result.err, "--trace trace.dat", result.err)
    result = run("report", "--dmesg", os.path.join(TREE, "proc/zoneinfo"))
    ok(result.status == 2 and "zoneinfo" in result.err, "--dmesg of a table", result.err)
    for option in ("--attempts", "--selftest", "--kconfig"):
        result = run("report", option, put(b"\xff\xd8\xff\xe0"), TREE)
        equal((result.status, result.out), (2, b""), "%s of an image" % option)
    for name in ("nosuch", TREE + "/nosuch"):
        result = run("report", name)
        ok(result.status == 2 and "No such file" in result.err, "%s is not there" % name, result.err)


def check_misunderstood():
    """Known by a line, and not understood: alone it is no answer, beside others it is named."""
    for name, data in (("pagetypeinfo", b"Page block order: 9\n"),
                       ("zoneinfo", b"Node 0, zone      DMA\n  pages free     1\n"),
                       ("buddyinfo", b"Node 0, zone      DMA  x\n")):
        result = run("report", put(data))
        ok(result.status == 2 and name in result.err and not result.out, "%s alone" % name,
           result.status, result.err)
        result = run("report", put(data), put(LOG))
        ok(result.status == 3 and name in result.err and b"camera" in result.out,
           "%s beside a log" % name, result.status, result.err)


def check_nothing():
    """Silence is no answer."""
    box = os.path.dirname(tree_of({"x/readme.txt": b"See the ticket.\n"}) + "/x/")
    shutil.copytree(TREE, os.path.join(os.path.dirname(box), "board"))
    cases = {
        "an empty directory": (scratch(), "it is empty"),
        "a directory of others": (box, "it has readme.txt"),
        "one level too high": (os.path.dirname(box), "board in it looks like a captured system"),
        "one level too low": (os.path.join(TREE, "sys", "kernel"), "give " + TREE),
        "/etc": ("/etc", "nothing in it that ltpin reads"),
        "a packed one in it": (tree_of({"bundle.tgz": gzip.compress(b"x")}), "a gzip file: give that"),
        "an image in it": (tree_of({"photo.jpg": b"\xff\xd8\xff\xe0"}), "it has photo.jpg"),
        "a recording in it": (tree_of({"t.dat": b"\x17\x08\x44tracing"}), "trace-cmd report"),
    }
    for name, (path, said) in cases.items():
        for command in (["report"], ["areas"], ["zones"], ["pages"], ["doctor"],
                        ["report", "--fail-on", "critical"]):
            result = run(*command, path)
            ok(result.status == 2 and said in result.err and not result.out,
               "%s: %s" % (name, " ".join(command)), result.status, result.err)
        result = run("--root", path)
        ok(result.status == 2 and said in result.err, "%s: ltpin" % name, result.err)
    equal(attempts(tree_of({"a/b/notes": LOG, "notes": LOG}))[0], 2,
          "a text of any name that quotes a log is no log")


def check_alone():
    """Nothing of the system that the test runs on is told beside a stranger's file."""
    for log in (LOG, OLD, BARE, JOURNAL):
        check_alone_with(log)
    trace = os.path.join(TREE, "sys/kernel/tracing/trace")
    equal(run("report", "--trace", trace).out, run("report", trace).out, "a trace too")


def check_alone_with(log):
    path = put(log)
    for args in ((path,), ("--dmesg", path), ("-",), ("--dmesg", "-")):
        result = run("report", "-f", "json", *args, stdin=log).json()
        equal(len(result["attempts"]), 1, "report %s: its failure" % args[0][:7])
        live = {name for name, status in sources(result).items()
                if status in ("ok", "partial", "denied", "error")} - {"klog", "kernel"}
        equal((live, result.get("zones", []), result["kernel"].get("cmdline"),
               result["kernel"].get("page_size"), [f["id"] for f in result["findings"]
                                                   if f["id"] == "no-cma"]),
              (set(), [], None, None, []), "report %s: the file alone" % args[0][:7])


def check_names():
    """What is wrong is in the file that was named, at its line."""
    bad = b"MemTotal: 5x kB\nMemFree: 1 kB\nBuffers: 1 kB\nCmaTotal: 1 kB\nSwapFree: 1 kB\n"
    path = put(bad)
    ok("cannot read meminfo: %s:1:12: expected" % path in run("report", path).err, "a table by its name",
       run("report", path).err)
    session = put(b"login\n# cat /proc/meminfo\n" + bad + b"# dmesg\n" + LOG)
    ok("%s:3:12: expected" % session in run("report", session).err, "its line in a session",
       run("report", session).err)
    hosts = b"".join(b"Nov  1 10:00:0%d %s kernel: [  %d.5] cma: cma_alloc: a: alloc failed, "
                     b"req-size: 9 pages, ret: -12\n" % (i, host, i + 900)
                     for i, host in enumerate((b"one", b"two", b"one")))
    log = put(hosts)
    for paths, name in (((log,), log), ((put(LOG), log), "and 1 more")):
        err = run("report", *paths).err
        ok(name in err and "two hosts" in err and "dmesg.txt" not in err,
           "%d log(s) by the name" % len(paths), err)


def check_two():
    log = put(LOG)
    later = put(LOG.replace(b"512", b"700").replace(b"71.5", b"91.5").split(b"\n", 2)[2])
    equal(attempts(log, later), [("camera", 512), ("camera", 700)], "logs are read one after the other")
    meminfo = os.path.join(TREE, "proc/meminfo")
    equal(told(meminfo, meminfo), told(meminfo), "a copy is no contradiction")
    result = run("report", meminfo, os.path.join(OTHER, "proc/meminfo"))
    ok(result.status == 2 and "they differ" in result.err, "two of a kind that differ", result.err)
    result = run("report", TREE, OTHER)
    ok(result.status == 2 and "two captured systems" in result.err, "two trees", result.err)
    result = run("report", "--root", TREE, OTHER)
    ok(result.status == 2 and "not both" in result.err, "--root and a tree", result.err)
    result = run("report", "-f", "json", log, os.path.join(TREE, "proc/version")).json()
    kernel = [s for s in result["sources"] if s["name"] == "kernel"][0]
    ok(kernel["status"] == "partial" and "6.6.30-board" in kernel["detail"],
       "files of two kernels", kernel)


def check_contradictions():
    """Files of two devices are not one device's, and that is said."""
    def board(name):
        return LOG.replace(b"[    0.000000] cma", b"[    0.000000] Machine model: %s\n"
                           b"[    0.000000] cma" % name)

    config = (b"#\n# Automatically generated file; DO NOT EDIT.\n"
              b"# Linux/arm64 %s Kernel Configuration\n#\nCONFIG_CMA=y\n")
    for files, source, said in (
            ((board(b"A"), board(b"B")), "klog", "its boots are of two machines, A and B"),
            ((board(b"A"), board(b"A")), "klog", None),
            ((LOG, config % b"6.1.20"), "kconfig", "it is of Linux 6.1.20, the other files are of "
                                                   "6.6.30-board"),
            ((LOG, config % b"6.6.3"), "kconfig", "it is of Linux 6.6.3,"),
            ((LOG, config % b"6.6.30"), "kconfig", None)):
        document = run("report", "-f", "json", *[put(data, "f%d" % i) for i, data in
                                                 enumerate(files)]).json()
        state = [s for s in document["sources"] if s["name"] == source][0]
        detail = state.get("detail", "")
        ok(said in detail and state["status"] == "partial" if said else
           "machines" not in detail and "it is of" not in detail, "%s: %s" % (source, said), state)


def check_kept():
    """What a capture kept of a saved log says where areas are; the log itself has lost it."""
    tree = {"dmesg.txt": BARE, "proc/meminfo": b"MemTotal: 9 kB\nMemFree: 1 kB\nCmaTotal: 16384 kB\n"
                                               b"CmaFree: 1 kB\n"}
    equal(run("report", "-f", "json", tree_of(tree)).json().get("areas"), None, "nothing has the place")
    tree["ltpin/boot-log.txt"] = LOG + (b"[    0.100000] Dentry cache hash table entries: 65536 "
                                        b"(order: 7, 524288 bytes, linear)\n")
    document = run("report", "-f", "json", tree_of(tree)).json()
    equal([area["ranges"] for area in document["areas"]], [[{"base_pfn": 0x40000, "nr_pages": 4096}]],
          "it is located")
    equal([a["nr_pages"] for a in document["attempts"]], [4096], "and its failures are not taken")
    ok(any("places of areas from /ltpin/boot-log.txt" in s.get("detail", "")
           for s in document["sources"]), "and that is said", document["sources"])


def check_identity():
    """A log of another machine, another boot or another page size is told; the same is not."""
    tree = scratch()
    boot_id = "01234567-89ab-cdef-0123-456789abcdef"
    for path, text in (("sys/firmware/devicetree/base/model", "Vendor Board A\0"),
                       ("proc/sys/kernel/random/boot_id", boot_id + "\n"),
                       ("META", json.dumps({"schema": "ltpin.meta/1", "kernel": {
                           "release": "6.6.30-board", "arch": "aarch64", "page_size": 4096}}))):
        os.makedirs(os.path.dirname(os.path.join(tree, path)), exist_ok=True)
        with open(os.path.join(tree, path), "w", encoding="ascii") as file:
            file.write(text)
    log = """-- Boot %s --
[    0.000000] Linux version 6.6.30-board (build@host) #1 SMP
[    0.000000] %s
[    0.100000] Dentry cache hash table entries: 65536 (order: %d, 524288 bytes, linear)
[   71.500000] cma: __cma_alloc: camera: alloc failed, req-size: 512 pages, ret: -12
"""
    same = (boot_id.replace("-", ""), "Machine model: Vendor Board A", 7)
    for what, at, value, told_as in (
            ("the same", 0, same[0], None),
            ("the same, as older kernels print it", 1, "OF: fdt: " + same[1], None),
            ("another machine", 1, "Machine model: Vendor Board B",
             "of a machine Vendor Board B, the other files are of Vendor Board A"),
            ("a longer name", 1, "Machine model: Vendor Board A2", "Vendor Board A2, the other"),
            ("another boot", 0, "f" * 32, "of boot " + "f" * 32),
            ("another page size", 2, 5, "pages of 16384 bytes, the other files are of 4096"),
            ("no name is none of another", 1, "Machine model: ", None),
            ("no id is none of another", 0, "f" * 31, None)):
        values = list(same)
        values[at] = value
        klog = [s for s in run("report", "-f", "json", tree, put((log % tuple(values)).encode())
                               ).json()["sources"] if s["name"] == "klog"][0]
        if told_as:
            ok(klog["status"] == "partial" and told_as in klog.get("detail", ""),
               "the log is of %s" % what, klog)
        else:
            equal((klog["status"], klog.get("detail")), ("ok", None), "the log is of: %s" % what)


def check_counts():
    """Android's trace says how ranges failed, where no page is named."""
    trace = put(b"# tracer: nop\n"
                b"cam-7 [000] .... 1.000000: cma_alloc_finish: name=a pfn=5 page=(null) count=8 align=2\n"
                b"cam-7 [000] .... 1.000010: cma_alloc_info: name=a pfn=0xffffffffffffffff count=8 "
                b"align=2 nr_migrated=40 nr_reclaimed=2 nr_mapped=50 err_iso=1 err_mig=3 err_test=0\n")
    result = run("report", "-f", "json", trace).json()
    equal(result["attempts"][0].get("counts"),
          {"isolate_failed": 1, "migrate_failed": 3, "test_failed": 0, "migrated": 40,
           "reclaimed": 2, "mapped": 50}, "counts of cma_alloc_info")
    ok("1 range could not be isolated, 3 ranges could not be emptied." in result["headline"],
       "the headline has them", result["headline"])


def check_described():
    """The man page names each kind of the table."""
    rows = re.findall(r'(?:UNREADABLE|PACKED|TABLE|kind = \{) ?\(?"(?:an? )?([^"]+)"',
                      read(os.path.join(TOP, "lib/source/given/kind.c")).decode())
    page = re.sub(r"\s+", " ", read(os.path.join(TOP, "man/ltpin-report.1")).decode())
    ok(len(rows) > 30, "there are kinds", rows)
    equal([name for name in rows if name not in page], [], "ltpin-report(1) names every kind")


check_kinds()
check_together()
check_contradictions()
check_kept()
check_encoded()
check_packed()
check_unreadable()
check_misunderstood()
check_nothing()
check_alone()
check_names()
check_two()
check_identity()
check_counts()
check_described()
done()
