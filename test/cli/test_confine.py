#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
# Tried (SECURITY.md): escapes from the confined process, 18 kinds
"""What others captured is read in confinement: tried by escaping from inside.

test/fault/escape.so is preloaded and does what an attacker would, after the command has done its
work. A command that reads no capture shows that each of these things is possible here otherwise.
"""
import ctypes
import platform
import re
import subprocess

from harness import *

ESCAPE = os.path.join(os.path.abspath(os.environ.get("top_builddir", ".")), "test/fault/escape.so")
TREE = os.path.join(FIXTURES, "v6.12-x86_64-pinned")
FILES = ("read another file", "list the root", "read /proc", "write a file", "make a file",
         "remove a file", "make a directory", "make a link")
CALLS = ("start a program", "become another program", "talk to the network", "talk to a service",
         "signal its parent", "look into its parent", "type into its terminal",
         "leave its namespaces", "load a module", "make a directory", "make a link")
IN_CHILDREN = ("rows of several",)
RIGHTS = ("keep the rights of root",)
LANDLOCK_CREATE_RULESET = 444


def has_landlock():
    libc = ctypes.CDLL(None, use_errno=True)
    return libc.syscall(LANDLOCK_CREATE_RULESET, None, 0, 1) > 0


def is_sanitized():
    with open(LTPIN, "rb") as program:
        return b"__asan_init" in program.read()


def has_part(name):
    return "\n  +%s " % name in run("--version").text()


def escape(*args, **env):
    """What was possible, and the exit status and output."""
    top = scratch()
    secret, where, to = (os.path.join(top, name) for name in ("secret", "where", "to"))
    os.mkdir(where)
    with open(secret, "wb") as file:
        file.write(b"secret\n")
    env = dict(os.environ, LD_PRELOAD=ESCAPE, ESCAPE_TO=to, ESCAPE_SECRET=secret, ESCAPE_DIR=where,
               TMPDIR=scratch(), **env, ASAN_OPTIONS="verify_asan_link_order=0:detect_leaks=0")
    done = subprocess.run([LTPIN, *args], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, env=env, timeout=120, check=False)
    with open(to, encoding="ascii") as file:
        lines = [line.rsplit(" ", 1) for line in file.read().splitlines()]
    tried = dict(sorted(lines, key=lambda line: line[1] == "done"))  # whoever of several has done it
    return tried, done


def reads():
    bundle = os.path.join(scratch(), "bundle.tar.gz")
    run("--root", TREE, "capture", "-o", bundle)
    report = os.path.join(scratch(), "report.json")
    run("report", TREE, "-f", "json", "-o", report)
    log = os.path.join(TREE, "dmesg.txt")
    return {
        "report of a directory": ("report", TREE),
        "report of a bundle": ("report", bundle),
        "report of a log": ("report", log),
        "report --dmesg": ("report", "--dmesg", log),
        "report of a report": ("report", report),
        "report --redact": ("report", "--redact", TREE),
        "areas": ("areas", TREE), "zones": ("zones", TREE), "pages": ("pages", TREE),
        "owners": ("owners", os.path.join(TREE, "sys/kernel/debug/page_owner")),
        "explain": ("explain", "reserved", "64", TREE),
        "doctor": ("doctor", TREE), "home": ("--root", TREE),
        "top": ("--root", TREE, "top", "--once"),
        IN_CHILDREN[0]: ("report", "-f", "ndjson", "-j1", TREE, bundle),
        "diff of captures": ("diff", TREE, bundle), "diff of a report": ("diff", report, TREE),
        "diff with this system": ("diff", bundle),
        "capture --root": ("--root", bundle, "capture", "-o", os.path.join(scratch(), "x.tar.gz")),
        "capture --dir": ("--root", bundle, "capture", "--dir", os.path.join(scratch(), "x")),
        "capture --redact --dir": ("--root", TREE, "capture", "--redact", "--dir",
                                   os.path.join(scratch(), "x")),
        "capture --redact": ("--root", TREE, "capture", "--redact", "-o", "-"),
    }


def check_possible():
    """Without confinement; as root where something needs it."""
    tried, _ = escape("help")
    for name in FILES + CALLS:
        if name in ("type into its terminal", "leave its namespaces", "load a module"):
            continue  # not in every kernel, nor in a container
        ok(tried.get(name) == "done", "possible otherwise: %s" % name, tried)


def check_confined():
    wanted = []
    if has_landlock():
        # The search for leaks reads /proc.
        wanted += [name for name in FILES if name != "read /proc" or not is_sanitized()]
    else:
        skip("confined to files", "this kernel has no Landlock")
    if has_part("seccomp") and not is_sanitized():
        wanted += CALLS
    else:
        skip("confined to calls", "built without libseccomp, or with sanitizers")
    if not os.geteuid():
        wanted += RIGHTS
    for name, args in reads().items():
        tried, done = escape(*args, **({"ESCAPE_IN": "child"} if name in IN_CHILDREN else {}))
        done_so = [what for what in wanted if tried.get(what, "not tried") in ("done", "not tried")]
        out = next((to for option, to in zip(args, args[1:]) if option in ("-o", "--dir")), "-")
        said = done.stdout if out == "-" else os.path.getsize(out)
        ok(done.returncode in (0, 1) and said and not done_so and wanted,
           "%s: nothing of %d escapes" % (name, len(wanted)), done.returncode, done.stderr, done_so)


def check_dir():
    """What captures to a directory leave, done or failed, is that directory or nothing."""
    where = scratch()
    path = os.path.join(where, "out")
    said = run("-v", "--root", TREE, "capture", "--dir", path)
    ok("ltpin: confined: " in said.err and sorted(os.listdir(where)) == ["out"],
       "capture --dir is confined, and leaves what was asked for", said.err, os.listdir(where))
    other = os.path.join(where, "other")
    os.mkdir(other)
    ok(run("--root", TREE, "capture", "--dir", other).status == 0 and
       sorted(os.listdir(other)) == sorted(os.listdir(path)) and
       sorted(os.listdir(where)) == ["other", "out"], "into an empty directory", os.listdir(where))
    for name, args in {"too much": ("--root", TREE, "capture", "--max-size", "10"),
                       "not there": ("--root", where + "/none", "capture"),
                       "no capture": ("--root", scratch(), "capture")}.items():
        failed = run(*args, "--dir", os.path.join(where, "failed"))
        equal((failed.status, sorted(os.listdir(where))), (2, ["other", "out"]),
              "%s: nothing is left" % name)


def check_output():
    """It gets its name in a directory in which nothing else can be read or written."""
    where = scratch()
    path = os.path.join(where, "report.txt")
    for times in ("new", "replaced"):
        result = run("report", TREE, "-o", path)
        ok(result.status == 0 and os.listdir(where) == ["report.txt"] and os.path.getsize(path),
           "-o, %s" % times, result.err)
    said = run("-v", "report", TREE).err
    ok(re.search(r"^ltpin: confined: files (yes|no), system calls (yes|no), capabilities (yes|no)$",
                 said, re.M), "-v says so", said)
    ok("confined" not in run("-v", "doctor").err, "the running system is not read so")
    trace = os.path.join(TREE, "sys/kernel/tracing/trace")
    for args in (("--root", "/", "--trace", trace), ("/",)):
        ok("confined" not in run("-v", "report", *args).err,
           "nor is it with a file beside it, or by its name: " + args[0])


if platform.libc_ver()[0] == "glibc":
    check_possible()
    check_confined()
check_dir()
check_output()
done()
