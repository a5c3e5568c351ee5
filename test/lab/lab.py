# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs a scenario on a lab kernel and brings its files back."""
import functools
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

LAB = pathlib.Path(__file__).resolve().parent
TOP = LAB.parent.parent
sys.path.insert(0, str(TOP / "test"))
from tap import comment, is_equal, ok, skip  # noqa: E402

# The program on this machine, for what the guests bring back.
LTPIN = pathlib.Path(os.environ.get("LTPIN_BUILD") or TOP / "build") / "ltpin"

# What runs guests; another one in the test of these tests.
PROGRAM = os.environ.get("LTPIN_LAB") or LAB / "lab"

# More kernels than the default check has time for.
FULL = bool(os.environ.get("LTPIN_LAB_FULL"))
PATIENCE = 3  # with guests that ran alone: two run at a time, and the machine may be busy

_scratch = tempfile.TemporaryDirectory(prefix="ltpin-test.")
SCRATCH = pathlib.Path(_scratch.name)


COMPILERS = {"x86_64": "gcc", "arm64": "aarch64-linux-gnu-gcc",
             "armhf": "arm-linux-gnueabihf-gcc"}


def arch_of(kernel):
    """The second column of kernels.conf."""
    for line in (LAB / "kernels.conf").read_text().splitlines():
        if line.split()[:1] == [kernel]:
            return line.split()[1]
    raise KeyError(kernel)


@functools.cache
def has(kernel):
    """Whether it can be had: Debian's unstable suite keeps a kernel only until the next one."""
    process = subprocess.run([LAB / "lab", "has", kernel], stdin=subprocess.DEVNULL, check=False)
    if process.returncode not in (0, 1):
        raise RuntimeError(f"lab has {kernel}: status {process.returncode}")
    return process.returncode == 0


def wants(kernel, name, by_default=False):
    """Whether the test @name is to run on @kernel now; if not it is skipped, with the reason."""
    if not (FULL or by_default):
        skip(f"{kernel}: {name}", "takes longer: ./quickstart check --full")
    elif not has(kernel):
        skip(f"{kernel}: {name}", "Debian's archive has its source no more")
    else:
        return True
    return False


def blocker_program(name, arch="x86_64"):
    """test/lab/blocker/NAME, linked statically so that the guest needs nothing."""
    program = SCRATCH / f"{name}-{arch}"
    if not program.exists():
        subprocess.run([COMPILERS[arch], "-O2", "-Wall", "-static", "-o", program,
                        LAB / "blocker" / f"{name}.c", LAB / "blocker" / "place.c"], check=True)
    return program


def fuzz_program():
    """module/test/fuzz, a hostile caller of the module."""
    program = SCRATCH / "fuzz"
    if not program.exists():
        subprocess.run(["cc", "-O2", "-Wall", "-static", "-pthread", "-I", TOP / "lib" / "uapi",
                        "-o", program, *sorted((TOP / "module" / "test" / "fuzz").glob("*.c"))],
                       check=True)
    return program


# How a kernel begins to complain, whatever about; kmemleak when it gives up, too.
COMPLAINT = re.compile(r"BUG:|kernel BUG|WARNING:|INFO: |UBSAN:|Oops|general protection|"
                       r"DMA-API: .*(?:error|driver)|Call Trace|kmemleak: .*(?:new|disabled)|"
                       r"list_(?:add|del) corruption|turning off the locking")


def complaints(log):
    return [line for line in log.splitlines() if COMPLAINT.search(line)]


def was_fuzzed(kernel, result):
    """A hostile caller was at work, did something, and nothing is held when it has gone."""
    said = dict(line.split(" ", 1) for line in result.text("fuzz.out").splitlines())
    comment(f"{kernel}: fuzz, seed {said.pop('seed', '?')}, {said.pop('processes', '?')} processes; "
            "asked, done: " + ", ".join(f"{kind} {nr}" for kind, nr in said.items()))
    is_equal(f"{kernel}: the hostile caller ends well", result.text("fuzz.status").strip(), "0")
    idle = [kind for kind, nr in said.items() if kind != "reserve" and kind != "read" and
            kind != "garbage" and kind != "nonsense" and int(nr.split()[1]) == 0]
    is_equal(f"{kernel}: of each kind of request some are granted", (len(said), idle), (16, []))
    held = result.text("fuzz.held")
    ok(f"{kernel}: nothing is held when it has gone",
       result.text("fuzz.pins").strip() == "0" and result.text("fuzz.used").strip() == "0" and
       re.search(r"^pinned +0 pages", held, re.M) and re.search(r"^allocated +0 pages", held, re.M),
       result.text("fuzz.pins"), result.text("fuzz.used"), held)


def module_test_program():
    """module/test, the module's own test in C."""
    program = SCRATCH / "module_test"
    if not program.exists():
        subprocess.run(["cc", "-O2", "-Wall", "-static", "-pthread", "-I", TOP / "lib" / "uapi",
                        "-o", program, *sorted((TOP / "module" / "test").glob("*.c"))],
                       check=True)
    return program


def follow_program():
    """test/lab/follow, with the library and the libraries of the program on this machine."""
    program = LTPIN.parent / "test" / "lab" / "follow"
    subprocess.run(["make", "-s", "-C", LTPIN.parent, "test/lab/follow"], check=True,
                   stdout=subprocess.DEVNULL)
    return program


def own_program(name):
    """test/lab/NAME.c, linked statically."""
    program = SCRATCH / name
    if not program.exists():
        subprocess.run(["gcc", "-O2", "-Wall", "-static", "-o", program, LAB / f"{name}.c"],
                       check=True)
    return program


def states_program():
    """test/lab/states, which puts a CMA area into random states."""
    program = SCRATCH / "states"
    if not program.exists():
        subprocess.run(["gcc", "-O2", "-Wall", "-static", "-I", TOP / "lib" / "uapi", "-o", program,
                        *sorted((LAB / "states").glob("*.c"))], check=True)
    return program


def archive_libraries():
    """libarchive and all that it needs, to be put into the guest: ltpin opens it with dlopen()."""
    said = subprocess.run(["ldconfig", "-p"], capture_output=True, text=True, check=True).stdout
    path = re.search(r"libarchive\.so\.13 .*x86-64.* => (\S+)", said).group(1)
    said = subprocess.run(["ldd", path], capture_output=True, text=True, check=True).stdout
    return [path, *re.findall(r"=> (/\S+)", said)]


def validate(files):
    """What is wrong with JSON documents of ltpin; nothing if all are valid."""
    process = subprocess.run(["/usr/bin/python3", TOP / "test" / "cli" / "validate.py",
                              TOP / "schema" / "ltpin.schema.json", *files],
                             capture_output=True, text=True, check=False)
    return process.stdout + process.stderr if process.returncode else ""


def documents(result, name):
    """The JSON documents of a file, one a line, each of which must be valid."""
    lines = result.text(name).splitlines()
    files = []
    for i, line in enumerate(lines):
        files.append(SCRATCH / f"line-{i}.json")
        files[-1].write_text(line)
    wrong = validate(files)
    ok(f"{name}: every line is a valid document", files and not wrong, wrong)
    return [json.loads(line) for line in lines]


def unmeasured(value):
    """A document without the bounds of when processes began, which each reading finds anew."""
    if isinstance(value, dict):
        return {key: unmeasured(item) for key, item in value.items() if key != "start_ns"}
    return list(map(unmeasured, value)) if isinstance(value, list) else value


class Result:
    """What came back: exit status, stdout, stderr, and the files of /tmp/out."""

    def __init__(self, process, out):
        self.status = process.returncode
        self.stdout = process.stdout
        self.stderr = process.stderr
        self.out = out

    def text(self, name):
        path = self.out / name
        return path.read_text(errors="replace") if path.exists() else ""

    def is_silent(self, name):
        """Whether the file is there, and nothing was written to it."""
        path = self.out / name
        return path.exists() and not path.stat().st_size

    def held(self, name):
        """PFNs and addresses, as the process that holds them printed them."""
        return {int(pfn, 16): int(addr, 16) for pfn, addr in
                re.findall(r"^PFN (0x[0-9a-f]+) VADDR (0x[0-9a-f]+)", self.text(f"{name}.pages"),
                           re.M)}

    def explain(self):
        return f"exit status {self.status}\n{self.stdout}\n{self.stderr}"


def run(kernel, scenario, *args, cmdline="", timeout=300, name=None, put=(), mem="512M",
        areas=None, options=()):
    """Run test/lab/scenarios/SCENARIO as root on KERNEL; it writes to /tmp/out.

    @put: more HOSTPATH:GUESTPATH to copy in.
    @areas: CMA areas in the device tree, see `lab --help`.
    @options: more options of `lab run`.
    """
    out = SCRATCH / (name or f"{kernel}-{scenario}-{len(list(SCRATCH.iterdir()))}")
    command = [PROGRAM, "run", kernel, "--timeout", str(PATIENCE * timeout), "--cmdline", cmdline,
               "--mem", mem, *options,
               "--put", f"{LAB / 'scenarios' / scenario}:/scenario",
               "--put", f"{LAB / 'scenarios' / 'common.sh'}:/common.sh",
               "--put", f"{LAB / 'scenarios' / 'watching.sh'}:/watching.sh",
               "--put", f"{LAB / 'scenarios' / 'hostile.sh'}:/hostile.sh",
               "--put", f"{blocker_program('hold', arch_of(kernel))}:/usr/local/bin/hold",
               *(("--areas", areas) if areas else ()),
               *(word for pair in put for word in ("--put", pair)),
               "--get", f"/tmp/out:{out}", "--", "/scenario", *args]
    process = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                             errors="replace", check=False, env=os.environ)
    return Result(process, out)


# Of `lab run`: the guest ended without a result, or did not end.
NO_RESULT = 123
NO_END = 124


def run_traced(kernel, scenario, *args, **options):
    """run() for what switches tracepoints and probes many times, or has two processors race for
    one page: once more if the guest crashes or hangs.

    Tracepoints are patched into running code, and once in a dozen runs an emulated processor trips
    over what the other one patches. Up to 5.12 a pin may try to leave CMA for ever.
    """
    result = run(kernel, scenario, *args, **options)
    if result.status not in (NO_RESULT, NO_END):
        return result
    comment(f"{kernel}: {scenario} did not get to its end: {result.stderr.strip()}; once more")
    return run(kernel, scenario, *args, **options)
