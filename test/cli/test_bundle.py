#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
# Tried (SECURITY.md): archives that unpack to too much, lead out, or are damaged
"""`ltpin capture`, and bundles as input: the same answers, and no harm from hostile ones."""
import fcntl
import gzip
import io
import random
import re
import resource
import shutil
import signal
import subprocess
import tarfile
import time

import validate
from harness import *
from harness import must_be_valid

TREE = "v6.12-x86-custom"
MEMORY_MAX_KIB = 400 * 1024  # of any ltpin that ran here, sanitizers included
NR_KILLS = 20
TEMP = scratch()             # nothing may be left there
os.environ["TMPDIR"] = TEMP


def fixture(name):
    return os.path.join(FIXTURES, name)


def files_below(top):
    found = {}
    for where, _, names in os.walk(top):
        for name in names:
            path = os.path.join(where, name)
            with open(path, "rb") as file:
                found[os.path.relpath(path, top)] = file.read()
    return found


def member(name, data=b"", kind=tarfile.REGTYPE, target="", size=None):
    info = tarfile.TarInfo(name)
    info.type = kind
    info.linkname = target
    info.size = len(data) if size is None else size
    return info, data


def pack(members, mode="w:gz", **options):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode, **options) as tar:
        for info, data in members:
            tar.addfile(info, io.BytesIO(data))
    return out.getvalue()


def tree_members(name, prefix=""):
    files = files_below(fixture(name))
    return [member(prefix + path, data) for path, data in sorted(files.items())]


def write(data, name="bundle.tar.gz"):
    path = os.path.join(scratch(), name)
    with open(path, "wb") as file:
        file.write(data)
    return path


def report(where, **options):
    result = run("report", where, "-f", "json", **options)
    return unplaced(result.out, where) if result.status == 0 else (result.status, result.err)


def check_good():
    """What people make with tar, in all the usual ways, is what the directory is."""
    want = report(fixture(TREE))
    forms = {
        "tar.gz": pack(tree_members(TREE)),
        "plain tar": pack(tree_members(TREE), "w"),
        "one directory around it": pack([member("dev", kind=tarfile.DIRTYPE)] +
                                        tree_members(TREE, "dev/")),
        "./ before the names": pack([member("./", kind=tarfile.DIRTYPE)] +
                                    tree_members(TREE, "./")),
        "GNU format": pack(tree_members(TREE), format=tarfile.GNU_FORMAT),
        "two gzip members": gzip.compress(pack(tree_members(TREE), "w")[:100000]) +
                            gzip.compress(pack(tree_members(TREE), "w")[100000:]),
    }
    for name, data in forms.items():
        same(report(write(data)), want, "a good bundle: %s" % name)
    same(report("-", stdin=forms["tar.gz"]), want, "a good bundle from standard input")
    same(run("--root", write(forms["tar.gz"]), "areas", "-f", "json").out,
         run("--root", fixture(TREE), "areas", "-f", "json").out, "--root takes a bundle")
    same(run("owners", "--cma", "--root", "-", "-f", "json", stdin=forms["tar.gz"]).out,
         run("owners", "--cma", "--root", fixture(TREE), "-f", "json").out,
         "owners reads standard input once")


def check_links():
    """A link to a file of the bundle stands for it, whichever kind it is."""
    want = report(fixture(TREE))
    base = "sys/kernel/debug/cma/reserved/"
    for name, kind, target in (("symbolic", tarfile.SYMTYPE, "there/base_pfn"),
                               ("absolute", tarfile.SYMTYPE, "/" + base + "there/base_pfn"),
                               ("hard", tarfile.LNKTYPE, base + "there/base_pfn")):
        members = [(info, data) for info, data in tree_members(TREE)
                   if info.name != base + "base_pfn"]
        data = files_below(fixture(TREE))[base + "base_pfn"]
        members += [member(base + "there/base_pfn", data),
                    member(base + "base_pfn", kind=kind, target=target)]
        same(report(write(pack(members))), want, "a %s link inside" % name)


def bomb(said, size):
    """A member that is said to have @said bytes, and @size zeroes of it."""
    info, _ = member("proc/zoneinfo", size=said)
    out = io.BytesIO()
    with gzip.GzipFile(fileobj=out, mode="wb", compresslevel=9) as packed:
        packed.write(info.tobuf(tarfile.GNU_FORMAT))
        for _ in range(size >> 20):
            packed.write(bytes(1 << 20))
    return out.getvalue()


def hostile():
    good = tree_members(TREE)
    packed = pack(good)
    many = [member("proc/%d" % i) for i in range(16385)]
    yield "a name that leads upwards", pack(good + [member("../../etc/passwd", b"x")]), "leads out"
    yield "one that does so in the middle", pack(good + [member("proc/../../x", b"x")]), "leads out"
    yield "an absolute name", pack(good + [member("/etc/passwd", b"x")]), "leads out"
    yield "a symbolic link out", pack(good + [member("proc/x", kind=tarfile.SYMTYPE,
                                                     target="../../etc/passwd")]), "link that leads"
    yield "a hard link out", pack(good + [member("proc/x", kind=tarfile.LNKTYPE,
                                                 target="../etc/passwd")]), "link that leads"
    yield "an absolute hard link", pack(good + [member("proc/x", kind=tarfile.LNKTYPE,
                                                       target="/etc/passwd")]), "link that leads"
    for what, kind in (("character device", tarfile.CHRTYPE), ("block device", tarfile.BLKTYPE),
                       ("FIFO", tarfile.FIFOTYPE)):
        yield "a " + what, pack(good + [member("proc/x", kind=kind)]), "no file"
    yield "a file twice", pack(good + [member("proc/zoneinfo", b"x")]), "twice"
    yield "a file twice, spelled differently", \
        pack(good + [member("proc//./zoneinfo", b"x")]), "twice"
    yield "a file that is a directory too", \
        pack(good + [member("proc/zoneinfo", kind=tarfile.DIRTYPE)]), "twice"
    yield "a name of 300 bytes", pack(good + [member("proc/" + "x" * 300)]), "impossible name"
    yield "a path of 5000 bytes", pack(good + [member("proc/" + "x/" * 2500 + "x")]), "name"
    yield "too many files", pack(many), "more than 16384 files"
    yield "a member said to be huge", bomb(8 << 30, 1 << 20), "more than 1024 MiB"
    yield "zeroes, a thousand times smaller packed", bomb(80 << 20, 80 << 20), "times its size"
    for cut in (1, 10, 100, len(packed) // 2, len(packed) - 100):
        yield "gzip cut after %d bytes" % cut, packed[:cut], \
            "damaged or cut off" if cut > 1 else "nothing that ltpin knows"
    yield "damaged gzip", packed[:5000] + b"\xff" * 100 + packed[5100:], "damaged or cut off"
    yield "tar cut inside a member", pack(good, "w")[:50000], "damaged or cut off"
    yield "no tar file", b"Linux is a kernel.\n" * 100, "nothing that ltpin knows"
    yield "an empty file", b"", "it is empty"
    yield "an empty tar file", pack([]), "nothing in it"


def check_hostile():
    for name, data, why in hostile():
        path = write(data)
        for args, stdin in ((["report", path], b""), (["report", "-"], data),
                            (["--root", path, "areas"], b"")):
            result = run(*args, stdin=stdin)
            ok(result.status == 2 and not result.out and why in result.err and
               result.err.startswith("ltpin: cannot read ") and result.err.count("\n") == 1,
               "refused: %s (%s)" % (name, args[0]), result.status, result.err, result.out[:200])
    ok(not os.path.exists(os.path.join(TEMP, "etc")), "and nothing was unpacked anywhere")


def check_names():
    """Any byte may be in a name; messages and reports show it harmlessly."""
    name = b"sys/kernel/debug/cma/" + bytes(range(1, 47)) + bytes(range(48, 256))
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz", format=tarfile.USTAR_FORMAT,
                      encoding="latin-1") as tar:
        for info, data in tree_members(TREE):
            tar.addfile(info, io.BytesIO(data))
        for file, data in (("count", b"64\n"), ("base_pfn", b"65536\n")):
            info, data = member(name[:90].decode("latin-1") + "/" + file, data)
            tar.addfile(info, io.BytesIO(data))
    document = run("report", write(out.getvalue()), "-f", "json").json()
    names = [area.get("name", "") for area in document["areas"]]
    ok(any("\\x1b" in name for name in names), "control bytes in a name are escaped", names)
    result = run("report", write(pack([member("x\x1b[2Jy/../..", b"")])))
    ok(result.status == 2 and "\x1b" not in result.err and "\\x1b" in result.err,
       "and in the message that refuses it", result.err)


def check_nothing_left():
    equal(os.listdir(TEMP), [], "nothing is left in TMPDIR")
    read, feed = os.pipe()
    child = subprocess.Popen([LTPIN, "report", "-"], stdin=read, stdout=subprocess.DEVNULL,
                             stderr=subprocess.DEVNULL)
    os.close(read)
    os.write(feed, pack(tree_members(TREE), "w")[:40000])
    time.sleep(0.3)
    child.kill()
    child.wait()
    os.close(feed)
    equal(os.listdir(TEMP), [], "not even after SIGKILL")
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    ok(peak < MEMORY_MAX_KIB, "memory is bounded", "%d KiB" % peak)


def documents(size):
    """Our own documents as a stranger may make them: next to nothing, over and over."""
    def array(schema, key, element):
        head, tail = b'{"schema":"%s","source":"module","%s":[' % (schema, key), b'null]}'
        return head + (element + b",") * ((size - len(head)) // (len(element) + 1)) + tail

    yield "empty attempts", "ltpin/attempts.json", array(b"ltpin.attempts/1", b"attempts", b"{}")
    yield "an attempt of empty tries", "ltpin/attempts.json", \
        array(b"ltpin.attempts/1", b'attempts":[{"nr_pages":1,"tries', b"{}")[:-1] + b"}]}"
    yield "an answer about nothing", "ltpin/module.json", array(b"ltpin.answer/1", b"x", b"{}")
    yield "META of empty files", "META", array(b"ltpin.meta/1", b"files", b"{}")
    yield "META of anything", "META", array(b"ltpin.meta/1", b"x", b"[]")


def check_documents(size_kib, most_kib):
    """Memory follows the text of a document, not the trees that it could become."""
    least = peak_kib("report", write(pack([member("proc/version", b"Linux version 6.12.0\n")])))
    for name, path, data in documents(size_kib * 1024):
        if path == "META" and size_kib > 1024:
            continue  # no META is larger
        took = peak_kib("report", write(pack([member(path, data)]))) - least
        ok(took < most_kib, "%s, %d KiB" % (name, size_kib), "%d KiB more" % took)
        print("# %s: %d KiB more" % (name, took))
    empty = os.path.join(scratch(), "selftest.json")
    with open(empty, "wb") as file:
        file.write(b'{"schema":"ltpin.selftest/1","x":[' + b"{}," * (size_kib * 341) + b"{}]}")
    took = peak_kib("report", fixture(TREE), "--selftest", empty) - \
        peak_kib("report", fixture(TREE))
    ok(took < most_kib, "a self-test, %d KiB" % size_kib, "%d KiB more" % took)


def capture(*args, root=TREE, **options):
    return run("--root", fixture(root) if root in TREES else root, "capture", *args, **options)


def check_capture(tree):
    """A capture of a captured tree: byte for byte, and the same report."""
    where = scratch()
    bundle, directory = os.path.join(where, "b.tar.gz"), os.path.join(where, "d")
    want = report(fixture(tree))
    for args in (["-o", bundle], ["--dir", directory + "///"]):
        result = capture(*args, root=tree)
        equal((result.status, result.out), (0, b""), "%s: capture %s" % (tree, args[0]))
        said = re.fullmatch(r"ltpin: wrote (\S+), ([0-9.]+) KiB\n", result.err)
        ok(said and said.group(1) == args[1], "%s: capture %s says where" % (tree, args[0]),
           result.err)
        size = os.path.getsize(bundle) if args[0] == "-o" else sum(map(
            os.path.getsize, (os.path.join(at, name) for at, _, names in os.walk(directory)
                              for name in names if name != "META")))
        ok(said and abs(float(said.group(2)) * 1024 - size) < 1024,
           "%s: capture %s says how large" % (tree, args[0]), result.err, size)
    equal(sorted(os.listdir(where)), ["b.tar.gz", "d"], "%s: nothing beside them" % tree)
    files = files_below(directory)
    meta = must_be_meta(files.pop("META"), tree)
    raw = files_below(fixture(tree))
    files = {path: data for path, data in files.items() if not path.startswith("ltpin/")}
    equal({path for path in files if files[path] != raw[path]}, set(),
          "%s: every file byte for byte" % tree)
    equal(meta["is_complete"], True, "%s: META says it is complete" % tree)
    with tarfile.open(bundle) as tar:
        inside = {info.name.split("/", 1)[1]: tar.extractfile(info).read()
                  for info in tar if info.isfile()}
        equal({info.name.split("/")[0] for info in tar.getmembers()}, {"ltpin-capture"},
              "%s: the bundle unpacks into one directory" % tree)
        equal(tar.getmembers()[-1].name, "ltpin-capture/META", "%s: META comes last" % tree)
    inside.pop("META")
    equal({path for path in inside if inside[path] != raw.get(path, b"")},
          set(), "%s: and so does the bundle" % tree)
    for name, path in (("bundle", bundle), ("directory", directory)):
        same(report(path), want, "%s: the %s gives the same report" % (tree, name))
    for command in ("areas", "zones", "pages", "doctor"):
        same(run("--root", bundle, command, "-f", "json").out,
             run("--root", fixture(tree), command, "-f", "json").out,
             "%s: and the same %s" % (tree, command))


def must_be_meta(data, name):
    return must_be_valid(validate.parse(data.decode("utf-8")), "%s: META" % name)


def meta_of(bundle):
    with tarfile.open(bundle) as tar:
        return must_be_meta(tar.extractfile("ltpin-capture/META").read(), bundle)


def check_pipe():
    result = capture("-o", "-")
    same(report("-", stdin=result.out), report(fixture(TREE)), "into a pipe and out of it")
    same(report("-", stdin=capture().out), report(fixture(TREE)), "standard output is the default")
    done = subprocess.run([LTPIN, "--root", fixture(TREE), "capture", "-o", "/dev/full"],
                          stderr=subprocess.PIPE)
    ok(done.returncode == 2 and b"No space left" in done.stderr, "a full disk", done.stderr)
    read, feed = os.pipe()
    os.close(read)
    done = subprocess.run([LTPIN, "--root", fixture(TREE), "capture"], stdout=feed,
                          stderr=subprocess.PIPE)
    os.close(feed)
    equal((done.returncode, done.stderr), (-signal.SIGPIPE, b""), "nobody reads")


def check_max_size():
    where = scratch()
    path = os.path.join(where, "b.tar.gz")
    whole = len(capture("-o", "-").out)
    result = capture("-o", path, "--max-size", str(whole + 200)) # META has times, of some digits
    ok(result.status == 0 and "left out" not in result.err and meta_of(path)["is_complete"],
       "--max-size: enough", result.err)
    limit = whole * 2 // 3
    result = capture("-o", path, "--max-size", str(limit))
    ok(result.status == 0 and "left out" in result.err and "page_owner" in result.err,
       "--max-size: says what is left out", result.err)
    ok(os.path.getsize(path) <= limit, "--max-size: and keeps to it", os.path.getsize(path), limit)
    meta = meta_of(path)
    equal((meta["is_complete"], [f["path"] for f in meta["files"] if f.get("is_dropped")]),
          (False, ["/sys/kernel/debug/page_owner"]), "--max-size: META names the largest")
    state = sources(run("report", path, "-f", "json").json())
    equal({name: state[name] for name in ("page-owner", "zoneinfo")},
          {"page-owner": "error", "zoneinfo": "ok"}, "--max-size: the report knows")
    before = files_below(where)
    result = capture("-o", path, "--max-size", "1000")
    ok(result.status == 2 and "too few" in result.err and files_below(where) == before,
       "--max-size: too small for anything", result.err)
    directory = os.path.join(where, "d")
    capture("--dir", directory, "--max-size", "200K")
    size = sum(map(len, files_below(directory).values()))
    ok(0 < size <= 200 << 10 and "META" in os.listdir(directory), "--max-size with --dir", size)


def check_worth():
    """What a report needs most is left out last."""
    path = os.path.join(scratch(), "b.tar.gz")
    for limit, lost in ((20000, {"/proc/config.gz"}), (10000, {"/proc/config.gz", "/proc/vmstat"})):
        result = run("--root", fixture("v6.12-x86_64-pinned"), "capture", "-o", path, "--max-size", str(limit))
        ok(result.status == 0 and os.path.getsize(path) <= limit, "--max-size %d" % limit, result.err)
        dropped = {f["path"] for f in meta_of(path)["files"] if f.get("is_dropped")}
        equal(lost - dropped, set(), "%d: what matters least is left out" % limit)
        equal({p for p in dropped if p.startswith(("/dmesg", "/ltpin/")) or p == "/sys/kernel/tracing/trace"},
              set(), "%d: and no record of failures, nor who has the pages" % limit)
        said = run("report", path).text()
        ok("camera-hal[60] maps it" in " ".join(said.split()), "%d: page and process are named" % limit, said)
        ok("/proc/config.gz: left out of the capture by --max-size" in " ".join(said.split()),
           "%d: and why a source is missing" % limit, said)


def check_kconfig():
    where = scratch()
    config = os.path.join(FIXTURES, "v5.10-x86-custom-cmaheavy", "boot", "config")
    path = os.path.join(where, "b.tar.gz")
    capture("-o", path, "--kconfig", config)
    want = run("report", fixture(TREE), "--kconfig", config, "-f", "json").json()["kernel"]
    same(run("report", path, "-f", "json").json()["kernel"], want, "--kconfig goes with it")
    told = {file["path"]: file for file in meta_of(path)["files"]}
    ok(told["/boot/config"]["read_ns"] > 0, "and how long reading it took", told["/boot/config"])


def check_dir():
    where = scratch()
    full, empty = os.path.join(where, "full"), os.path.join(where, "empty")
    os.mkdir(full)
    os.mkdir(empty)
    open(os.path.join(full, "mine"), "w").close()
    result = capture("--dir", full)
    ok(result.status == 2 and os.listdir(full) == ["mine"], "a directory with files is refused",
       result.err)
    equal(capture("--dir", empty).status, 0, "an empty one is taken")
    result = capture("--dir", os.path.join(where, "none", "d"))
    ok(result.status == 2 and "No such file" in result.err, "a directory in none", result.err)
    result = capture("--dir", os.path.join(where, "x"), "-o", "y")
    ok(result.status == 2 and "not both" in result.err, "-o and --dir", result.err)
    equal(sorted(os.listdir(where)), ["empty", "full"], "no half directory stays")


def has_begun(child, where):
    """Whether it has a file there, with or without a name."""
    try:
        fds = ["/proc/%d/fd/%s" % (child.pid, fd) for fd in os.listdir("/proc/%d/fd" % child.pid)]
        return any(os.readlink(fd).startswith(where) for fd in fds)
    except OSError:  # closed meanwhile
        return False


def check_kills():
    """Killed at any moment: a whole one or none; what stays of a directory, the next removes."""
    where = scratch()
    for args in (["-o", "b"], ["--dir", "d"]):
        path = os.path.join(where, args[1])
        started = time.monotonic()
        capture(args[0], path)
        lasts = time.monotonic() - started
        rest = {args[1], args[1] + ".ltpin-incomplete"} - ({"b.ltpin-incomplete"})
        nr_whole, nr_rest, nr, want = 0, 0, 0, report(path)
        while nr < NR_KILLS or (nr_whole in (0, nr) and nr < 20 * NR_KILLS):
            remove(path)
            child = subprocess.Popen([LTPIN, "--root", fixture(TREE), "capture", args[0], path])
            time.sleep(lasts * 1.1 * random.Random(nr).random())
            child.kill()
            child.wait()
            nr += 1
            # A busy machine takes longer at times: aim earlier after a late one, and later after
            # an early one.
            lasts *= 0.8 if os.path.exists(path) else 1.25
            if os.path.exists(path):
                nr_whole += report(path) == want
            left = set(os.listdir(where)) - {"b"}
            nr_rest += bool(left - {args[1]})
            if not ok(left <= rest and (not os.path.exists(path) or report(path) == want),
                      "%s: killed: whole or not there" % args[0], left):
                break
        ok(0 < nr_whole < nr, "%s: some were killed in time, not all" % args[0], nr_whole, nr)
        remove(path)
        equal(capture(args[0], path).status, 0, "%s: the next capture succeeds" % args[0])
    equal(sorted(os.listdir(where)), ["b", "d"], "and nothing is left")


def remove(path):
    if os.path.isdir(path):
        shutil.rmtree(path)
    elif os.path.exists(path):
        os.remove(path)


def check_stale():
    """What a killed capture left is removed; what one is writing, or another's, is not."""
    where = scratch()
    path, temp = os.path.join(where, "d"), os.path.join(where, "d.ltpin-incomplete")
    os.makedirs(os.path.join(temp, "proc", "sys"))
    open(os.path.join(temp, "proc", "version"), "w").close()
    equal((capture("--dir", path).status, os.listdir(where)), (0, ["d"]), "a stale one is removed")
    shutil.rmtree(path)
    os.makedirs(temp)
    lock = os.open(temp, os.O_RDONLY)
    fcntl.flock(lock, fcntl.LOCK_EX)
    result = capture("--dir", path)
    ok(result.status == 2 and "is being written" in result.err and os.listdir(where) ==
       ["d.ltpin-incomplete"], "one that is being written stays", result.err)
    os.close(lock)
    os.rmdir(temp)
    os.symlink(scratch(), temp)
    ok(capture("--dir", path).status == 2 and os.path.islink(temp), "a link is not followed")


def check_early():
    """Without libarchive: refused before anything is read, and saying what would work."""
    where = scratch()
    os.mkfifo(os.path.join(where, "config"))  # reading it would wait for ever
    open(os.path.join(where, "libarchive.so.13"), "w").close()
    for target, want in (("b", "needs none: `--dir DIR`"), ("no/b", "`--dir DIR`")):
        result = run("--root", fixture(TREE), "--kconfig", os.path.join(where, "config"), "capture",
                     "-o", os.path.join(where, target), env={"LD_LIBRARY_PATH": where})
        ok(result.status == 2 and want in result.err and "libarchive" in result.err,
           "capture -o %s without libarchive" % target, result.status, result.err)
    equal(sorted(os.listdir(where)), ["config", "libarchive.so.13"], "and nothing is written")
    equal(run("--root", fixture(TREE), "capture", "--dir", os.path.join(where, "d"),
              env={"LD_LIBRARY_PATH": where}).status, 0, "--dir does without it")


def check_signals():
    """Interrupted in the middle: not a byte stays, under no name."""
    tree = copy_tree(TREE)
    with open(os.path.join(tree, "sys/kernel/debug/page_owner"), "r+b") as file:
        file.truncate(512 << 20)
    for args in (["-o", "out"], ["--dir", "out"]):
        for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            where = scratch()
            child = subprocess.Popen([LTPIN, "--root", tree, "capture", args[0],
                                      os.path.join(where, "out")], stderr=subprocess.PIPE)
            while not has_begun(child, where) and child.poll() is None:
                time.sleep(0.01)
            child.send_signal(sign)
            _, said = child.communicate(timeout=60)
            ok(child.returncode == 2 and b"signal" in said and not os.listdir(where),
               "%s, %s: nothing is left" % (args[0], sign.name), child.returncode, said,
               os.listdir(where))


def check_meta():
    """What META says could not be read fails as it did there; a foreign META is none."""
    tree = copy_tree(TREE)
    os.remove(os.path.join(tree, "proc/pagetypeinfo"))
    os.remove(os.path.join(tree, "dmesg.txt"))
    equal(sources(run("report", tree, "-f", "json").json())["pagetypeinfo"], "absent",
          "without META: absent")
    meta = {"schema": "ltpin.meta/1", "captured_at": "2026-01-02T03:04:05Z", "taken_ns": 5,
            "kernel": {"release": "1.2.3-x\\x1b", "arch": "riscv64", "page_size": 16384},
            "files": [{"path": "/proc/pagetypeinfo", "errno": 13},
                      {"path": "/dmesg.txt", "errno": 1},
                      {"path": "/sys/kernel/debug/page_owner", "extent": "areas"}]}
    path = os.path.join(tree, "META")
    with open(path, "w", encoding="utf-8") as file:
        json.dump(meta, file)
    document = run("report", tree, "-f", "json").json()
    equal((sources(document)["pagetypeinfo"], sources(document)["klog"]), ("denied", "denied"),
          "with META: denied")
    ok(any("CAP_SYSLOG" in source.get("detail", "") for source in document["sources"]),
       "with what would have helped there")
    equal((document["captured_at"], document["kernel"]["release"], document["kernel"]["arch"],
           document["kernel"]["page_size"]),
          ("2026-01-02T03:04:05Z", "1.2.3-x\\x1b", "riscv64", 16384),
          "META tells of time and kernel")
    result = run("--root", tree, "owners", "-f", "json")
    ok(result.status == 3 and "--full" in result.err, "owners says that it has only a part",
       result.status, result.err)
    equal(run("--root", tree, "owners", "--cma", "-f", "json").status, 0, "and all for --cma")
    os.remove(path)
    want = json.loads(report(tree))["kernel"]
    for what, text in (("not JSON", "hello\n"), ("another schema", '{"schema": "x/1"}'),
                       ("deep", "[" * 100000), ("large", '{"schema": "' + "x" * 9999999)):
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        same(json.loads(report(tree))["kernel"], want, "a META that is none: %s" % what)


def check_live():
    """Of the running system: whatever it has, each document is as the schema says."""
    where = os.path.join(scratch(), "live")
    result = run("capture", "--dir", where)
    documents = ["META"] + [os.path.join("ltpin", name) for name in
                            sorted(os.listdir(os.path.join(where, "ltpin")))]
    ok(result.status in (0, 3) and len(documents) > 1, "live: there are documents", documents,
       result.err)
    for name in documents:
        with open(os.path.join(where, name), "rb") as file:
            document = must_be_valid(validate.parse(file.read().decode("utf-8")), "live: " + name)
        if name == "META" and os.readlink("/proc/self/ns/user") == "user:[4026531837]":
            equal(document.get("reader_uid"), os.geteuid(), "live: META says who read")


def check_damaged_meta():
    """META says what the device could not read: where it is not whole, somebody must know."""
    tree = copy_tree("v6.12-x86_64-pinned")
    meta = os.path.join(tree, "META")
    with open(meta, "rb") as file:
        good = file.read()
    for name, text, status in (("whole", good, 0), ("cut", good[:200], 3), ("empty", b"", 3),
                               ("cut in its first line", good[:12], 3),
                               ("of a later ltpin", good.replace(b"meta/1", b"meta/9"), 3),
                               ("larger than any", good + b" " * (1 << 20), 3),
                               ("somebody's", b"name: backup\n", 0),
                               ("somebody's JSON", b'{"schema": "backup/1"}', 0)):
        with open(meta, "wb") as file:
            file.write(text)
        files = files_below(tree)
        bundle = write(pack([member(path, data) for path, data in sorted(files.items())]))
        for where in (tree, bundle):
            result = run("report", where)
            equal((result.status, "META" in result.err), (status, status == 3),
                  "META, %s, of a %s" % (name, "tree" if where == tree else "bundle"))


check_good()
check_links()
check_hostile()
check_names()
check_nothing_left()
check_documents(1000, 8 * 1024)
check_documents(16000, 32 * 1024)
check_damaged_meta()
for name in TREES:
    check_capture(name)
check_pipe()
check_max_size()
check_worth()
check_kconfig()
check_dir()
check_stale()
check_kills()
check_early()
check_signals()
check_meta()
check_live()
done()
