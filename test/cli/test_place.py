#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
# Tried (SECURITY.md): links at the place of the output
"""Files that commands write: through links, never through a stranger's, and for whose eyes."""
import stat
import subprocess
import threading

from harness import *

TREE = copy_tree("v6.12-x86_64-pinned")  # that other users may read
os.chmod(os.path.dirname(TREE), 0o755)
REPORT = ["--root", TREE, "report"]
WRONG = ["--root", TREE, "pages", "--area", "nosuch"]
CAPTURE = ["--root", TREE, "capture"]
STRANGER, OTHER = 65533, NOBODY


def content(path):
    with open(path, "rb") as file:
        return file.read()


def write(path, text=b"OLD"):
    with open(path, "wb") as file:
        file.write(text)
    return path


def mode(path):
    return stat.S_IMODE(os.stat(path).st_mode)


def check_links():
    where = scratch()
    os.mkdir(os.path.join(where, "far"))
    target, link = os.path.join(where, "far", "target"), os.path.join(where, "link")
    for name, to in (("relative", "far/target"), ("absolute", target), ("chain", "relative")):
        link = os.path.join(where, name)
        os.symlink(to, link)
        write(target)
        result = run(*WRONG, "-o", link)
        equal((result.status, content(target)), (2, b"OLD"), "no answer through a %s link" % name)
        before = os.stat(target).st_ino
        equal(run(*REPORT, "-o", link).status, 0, "an answer through a %s link" % name)
        ok(os.path.islink(link) and os.stat(target).st_ino != before and content(target) != b"OLD",
           "is beside the target until it is whole")
        os.unlink(target)
        equal((run(*REPORT, "-o", link).status, os.path.isfile(target)), (0, True),
              "a %s link to nothing yet" % name)
        equal(os.listdir(os.path.dirname(target)), ["target"], "nothing else is left there")
    os.symlink("circle", os.path.join(where, "circle"))
    result = run(*REPORT, "-o", os.path.join(where, "circle"))
    ok(result.status == 2 and "Too many levels" in result.err, "a circle of links", result.err)
    os.symlink("new", os.path.join(where, "dir"))
    equal(run(*CAPTURE, "--dir", os.path.join(where, "dir") + "/").status, 0, "--dir by a link")
    ok(os.path.isfile(os.path.join(where, "new", "META")), "writes where the link leads")


def read_fifo(path):
    got = []
    reader = threading.Thread(target=lambda: got.append(content(path)))
    reader.start()
    return reader, got


def check_others():
    """What is no regular file, and what stands for standard output."""
    want = run(*REPORT).out
    where = scratch()
    fifo = os.path.join(where, "fifo")
    os.mkfifo(fifo)
    reader, got = read_fifo(fifo)
    equal(run(*REPORT, "-o", fifo).status, 0, "-o FIFO")
    reader.join(60)
    equal((got, bool(want)), ([want], True), "has the report")
    equal(run(*REPORT, "-o", "/dev/null").status, 0, "-o /dev/null")
    for name in ("/dev/stdout", "/proc/self/fd/1", "/dev/fd/1"):
        same(run(*REPORT, "-o", name).out, want, "-o %s" % name)
        with open(os.path.join(where, "out"), "wb") as out:
            status = subprocess.run([LTPIN] + REPORT + ["-o", name], stdout=out).returncode
        ok(status == 0, "-o %s, a file" % name)
        same(content(os.path.join(where, "out")), want, "-o %s, a file, has the report" % name)
    result = run(*REPORT, "-o", where)
    ok(result.status == 2 and "directory" in result.err, "-o onto a directory", result.err)


def check_modes():
    where = scratch()
    umask = os.umask(0o022)
    path = os.path.join(where, "out")
    run(*REPORT, "-o", path)
    equal(mode(path), 0o644, "a new report has what the umask leaves")
    for old in (0o600, 0o640, 0o664):
        os.chmod(path, old)
        run(*REPORT, "-o", path)
        equal(mode(path), old, "a report over one of %o" % old)
    for old in (0o644, 0o400):
        os.chmod(path, old)
        equal(run(*CAPTURE, "-o", path).status, 0, "a capture over a file of %o" % old)
        equal(mode(path), old & 0o600, "is nobody else's")
    run(*CAPTURE, "-o", os.path.join(where, "new"))
    equal(mode(os.path.join(where, "new")), 0o600, "a new capture is its owner's alone")
    tree = os.path.join(where, "tree")
    run(*CAPTURE, "--dir", tree)
    wide = [os.path.join(at, name) for at, dirs, files in os.walk(tree) for name in dirs + files
            if mode(os.path.join(at, name)) & 0o077]
    equal((mode(tree), wide), (0o700, []), "so is a captured directory, all of it")
    os.umask(umask)


def as_user(uid, *command):
    subprocess.run(["setpriv", "--reuid=%d" % uid, "--regid=%d" % uid, "--clear-groups"] +
                   list(command), check=True)


def shared_dir(top, name):
    path = os.path.join(top, name)
    os.mkdir(path)
    os.chmod(path, 0o1777)
    return path


def refused(path, prefix, what):
    for command, option in ((REPORT, "-o"), (CAPTURE, "-o"), (CAPTURE, "--dir")):
        result = run(*command, option, path, prefix=prefix)
        ok(result.status == 2 and "belongs to somebody else" in result.err,
           "%s %s: %s" % (command[2], option, what), result.status, result.err)


def check_strangers(prefix, uid):
    """As @uid, in a directory as /tmp, where a stranger has been before."""
    who = "as root" if not uid else "as a user"
    top = scratch()
    os.chmod(top, 0o755)
    shared = shared_dir(top, "shared")
    home = os.path.join(top, "home")
    os.mkdir(home)
    os.chown(home, uid, uid)
    victim = write(os.path.join(home, "victim"))
    os.chown(victim, uid, uid)
    as_user(STRANGER, "ln", "-s", victim, os.path.join(shared, "link"))
    refused(os.path.join(shared, "link"), prefix, "a stranger's link, %s" % who)
    as_user(STRANGER, "ln", "-s", home, os.path.join(shared, "way"))
    refused(os.path.join(shared, "way", "new"), prefix, "a stranger's link on the way, %s" % who)
    as_user(STRANGER, "mkfifo", "-m", "666", os.path.join(shared, "fifo"))
    refused(os.path.join(shared, "fifo"), prefix, "a stranger's FIFO, %s" % who)
    as_user(STRANGER, "sh", "-c", "umask 0; : >%s/file" % shared)
    refused(os.path.join(shared, "file"), prefix, "a stranger's file, %s" % who)
    equal((content(victim), os.listdir(home), os.stat(os.path.join(shared, "file")).st_size),
          (b"OLD", ["victim"], 0), "what they lead to is as it was, %s" % who)
    for owner, name in ((uid, "own"), (0, "of the directory's owner")):
        write(victim)
        link = os.path.join(shared, "link of %d" % owner)
        if not os.path.lexists(link):
            as_user(owner, "ln", "-s", victim, link)
        result = run(*REPORT, "-o", link, prefix=prefix)
        ok(result.status == 0 and content(victim) != b"OLD",
           "a link of one's %s, %s" % (name, who), result.err)
    as_user(STRANGER, "ln", "-s", victim, os.path.join(top, "shared", "..", "shared", "last"))
    os.chmod(shared, 0o755)
    result = run(*REPORT, "-o", os.path.join(shared, "last"), prefix=prefix)
    equal(result.status, 0, "a directory that only its owner writes to is trusted, %s" % who)


check_links()
check_others()
check_modes()
if os.geteuid() or dropped() is None:
    skip("strangers", "two users take root and setpriv")
else:
    check_strangers((), 0)
    if run("--version", prefix=dropped()).status:
        skip("strangers, as a user", "the program lies where others cannot go")
    else:
        check_strangers(dropped(), OTHER)
done()
