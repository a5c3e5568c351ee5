#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Where output goes: -o whole or not at all, write errors, colour on terminals alone."""
import signal
import subprocess

from harness import *

TREE = os.path.join(FIXTURES, "v6.12-x86-custom")
REPORT = ["--root", TREE, "report"]


def listing(where):
    return sorted(os.listdir(where))


def check_file():
    where = scratch()
    path = os.path.join(where, "out")
    want = run(*REPORT).out
    umask = os.umask(0o027)
    equal(run(*REPORT, "-o", path).status, 0, "-o FILE")
    os.umask(umask)
    with open(path, "rb") as out:
        same(out.read(), want, "-o FILE holds what would have been printed")
    equal(os.stat(path).st_mode & 0o777, 0o640, "with the mode that umask leaves")
    equal(listing(where), ["out"], "and nothing beside it")
    before = os.stat(path).st_ino
    run(*REPORT, "-o", path)
    ok(os.stat(path).st_ino != before, "an old file is replaced, not written over")
    same(run(*REPORT, "-o", "-").out, want, "-o - is standard output")
    result = run("--root", "/nonexistent", "report", "-o", os.path.join(where, "none"))
    equal((result.status, listing(where)), (2, ["out"]), "no file when there is no answer")
    result = run("--root", TREE, "pages", "--area", "x", "-o", path)
    with open(path, "rb") as out:
        equal((result.status, out.read()), (2, want), "an old file stays when there is no answer")
    result = run(*REPORT, "-o", os.path.join(where, "no", "out"))
    ok(result.status == 2 and "cannot write" in result.err, "-o into no directory", result.err)


def check_link():
    where = scratch()
    target, link = os.path.join(where, "target"), os.path.join(where, "link")
    open(target, "w").close()
    os.symlink("target", link)
    run(*REPORT, "-o", link)
    ok(os.path.islink(link) and os.stat(target).st_size, "-o through a symbolic link")


def check_errors():
    for form in ("text", "json", "markdown"):
        result = run(*REPORT, "-f", form, "-o", "/dev/full")
        ok(result.status == 2 and "/dev/full: No space left" in result.err,
           "full disk, %s" % form, result.status, result.err)
    with open("/dev/full", "wb") as full:
        done = subprocess.run([LTPIN] + REPORT, stdout=full, stderr=subprocess.PIPE)
        ok(done.returncode == 2 and b"standard output: No space left" in done.stderr,
           "full disk behind standard output", done.stderr)
    for args in (REPORT, ["--help"]):
        equal(to_closed_pipe(args), (-signal.SIGPIPE, b""),
              "nobody reads: %s ends by SIGPIPE, as any program" % args[-1])
        status, said = to_closed_pipe(args, lambda: signal.signal(signal.SIGPIPE, signal.SIG_IGN))
        ok(status == 2 and b"Broken pipe" in said,
           "nobody reads, and SIGPIPE is ignored: %s" % args[-1], status, said)


def to_closed_pipe(args, before=None):
    """(status, standard error) where nobody reads the output."""
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run([LTPIN] + args, stdout=write, stderr=subprocess.PIPE, preexec_fn=before,
                          check=False)
    os.close(write)
    return done.returncode, done.stderr


def coloured(env):
    return on_terminal(*REPORT, env=dict(os.environ, NO_PAGER="1", **env))[1]


def check_color():
    plain = run(*REPORT, env={"TERM": "xterm"}).out
    ok(b"\033" not in plain, "no colour in a pipe")
    ok(b"\033[" in coloured({"TERM": "xterm", "NO_COLOR": ""}), "colour on a terminal")
    for env in ({"TERM": "xterm", "NO_COLOR": "1"}, {"TERM": "dumb"}):
        out = coloured(env).replace(b"\r\n", b"\n")
        again = plain.split(b"\n\n")[0] + b"\n"
        ok(out == plain + b"\n" + again,
           "on a terminal with %s: as in a pipe, and the headline once more" % env)


check_file()
check_link()
check_errors()
check_color()
done()
