# SPDX-License-Identifier: GPL-2.0-or-later
"""What the CLI tests share: run ltpin and judge its JSON. tap.py counts."""
import atexit
import fcntl
import functools
import json
import os
import pty
import re
import shutil
import struct
import subprocess
import sys
import tempfile

import termios
import validate

TOP = os.path.abspath(os.environ.get("top_srcdir", "."))
sys.path.insert(0, os.path.join(TOP, "test"))

import tap  # noqa: E402, it lies beside this folder
from tap import done, every, skip  # noqa: E402, F401

LTPIN = os.path.abspath(os.environ.get("LTPIN", "./ltpin"))
FIXTURES = os.path.join(TOP, "test", "fixtures")
TREES = sorted(os.listdir(FIXTURES))


@functools.lru_cache(maxsize=None)
def _validator():
    """When it is first needed, for loading it takes longer than most tests."""
    schema = validate.load(os.path.join(TOP, "schema", "ltpin.schema.json"))
    return validate.validator_of(schema)


def must_be_valid(document, whence):
    wrong = [error.message[:300] for error in _validator().iter_errors(document)]
    if wrong:
        raise AssertionError("%s: %s" % (whence, "; ".join(wrong)))
    return document


def load_valid(path):
    return must_be_valid(validate.load(path), path)


NOBODY = 65534


def dropped():
    """How to run as somebody without rights, or None."""
    if os.geteuid():
        return ()
    if not shutil.which("setpriv"):
        return None
    return ("setpriv", "--reuid=%d" % NOBODY, "--regid=%d" % NOBODY, "--clear-groups",
            "--inh-caps=-all", "--bounding-set=-all")


class Result:
    def __init__(self, args, status, out, err):
        self.args = args
        self.status = status
        self.out = out
        self.err = err

    def text(self):
        return self.out.decode("utf-8")

    def json(self):
        """The document, which must be valid by the schema."""
        return must_be_valid(validate.parse(self.text()), self.args)


def run(*args, stdin=b"", env=None, prefix=()):
    """Run ltpin; a crash, or a sanitizer that speaks, ends the test at once."""
    command = list(prefix) + [LTPIN] + [str(arg) for arg in args]
    done = subprocess.run(command, input=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          env=dict(os.environ, **(env or {})), timeout=120)
    if done.returncode < 0 or b"Sanitizer" in done.stderr or b"runtime error" in done.stderr:
        sys.exit("Bail out! %s died with %d:\n%s" %
                 (command, done.returncode, done.stderr.decode("utf-8", "replace")))
    return Result(command, done.returncode, done.stdout, done.stderr.decode("utf-8"))


# A process counts what it was before exec(), and we may be large; so a small one starts it.
_PEAK = """
import os, resource, sys
status = os.spawnv(os.P_WAIT, sys.argv[1], sys.argv[1:])
print(status, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def on_terminal(*args, env, columns=0):
    """Exit status, and what comes to the terminal of a command with @env alone."""
    control, terminal = pty.openpty()
    if columns:
        fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    child = subprocess.Popen([LTPIN, *args], stdin=terminal, stdout=terminal,
                             stderr=subprocess.DEVNULL, env=env)
    os.close(terminal)
    out = b""
    while True:
        try:
            part = os.read(control, 65536)
        except OSError:
            break
        if not part:
            break
        out += part
    os.close(control)
    return child.wait(), out


def peak_kib(*args):
    """The most memory that a run took. What is freed is free with a sanitizer too."""
    options = os.environ.get("ASAN_OPTIONS", "") + ":quarantine_size_mb=1"
    ltpin = shutil.which(LTPIN) or LTPIN
    command = [sys.executable, "-c", _PEAK, ltpin] + [str(arg) for arg in args]
    told = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True,
                          env=dict(os.environ, ASAN_OPTIONS=options)).stdout.splitlines()[-1]
    status, peak = map(int, told.split())
    if status < 0:
        sys.exit("Bail out! %s died with %d" % (command, status))
    return peak


def scratch():
    path = tempfile.mkdtemp(prefix="ltpin-test-")
    atexit.register(shutil.rmtree, path, ignore_errors=True)
    return path


def put(data, name="evidence"):
    """Bytes in a file of their own."""
    path = os.path.join(scratch(), name)
    with open(path, "wb") as file:
        file.write(data)
    return path


def copy_tree(name):
    """A writable copy of a fixture."""
    path = os.path.join(scratch(), name)
    shutil.copytree(os.path.join(FIXTURES, name), path)
    for where, dirs, files in os.walk(path):
        for entry in dirs + files:
            os.chmod(os.path.join(where, entry), 0o755 if entry in dirs else 0o644)
    os.chmod(path, 0o755)
    return path


def page_owner_records(path):
    """Whole records: what follows the last blank line was cut."""
    with open(path, "rb") as stream:
        return stream.read().split(b"\n\n")[:-1]


def ok(good, name, *why):
    return tap.ok(name.replace("#", ""), bool(good), *why)


def equal(got, want, name):
    return tap.is_equal(name.replace("#", ""), got, want)


def same(got, want, name, at_least=1):
    """Two answers, neither of them written down: equal, and not empty."""
    return tap.is_same(name.replace("#", ""), got, want, at_least)


def unplaced(out, place):
    """@out without @place, which every command that is suggested names again."""
    for name in (place, json.dumps(place)[1:-1].replace("/", "\\/")):
        out = re.sub(rb"(?: --root)? " + re.escape(name.encode()) + rb"(?=[`\"])", b"", out)
    return out


def sources(document):
    return {source["name"]: source["status"] for source in document["sources"]}


def numbers(value, path=()):
    """Every number of a document, by its path."""
    if isinstance(value, dict):
        for key, member in value.items():
            yield from numbers(member, path + (key,))
    elif isinstance(value, list):
        for i, member in enumerate(value):
            yield from numbers(member, path + (i,))
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        yield path, value


def strings(value):
    """Every string of a document, keys included."""
    if isinstance(value, dict):
        for key, member in value.items():
            yield key
            yield from strings(member)
    elif isinstance(value, list):
        for member in value:
            yield from strings(member)
    elif isinstance(value, str):
        yield value


__all__ = ["FIXTURES", "LTPIN", "NOBODY", "TOP", "TREES", "copy_tree", "done", "dropped", "equal",
           "every", "json", "load_valid", "must_be_valid", "numbers", "ok", "on_terminal", "os",
           "page_owner_records", "peak_kib", "put", "run", "same", "scratch", "skip", "sources", "strings", "unplaced"]
