#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""`make bench`: ltpin beside other programs that read the same bytes.

Each row is one command of ltpin and one of a peer, run in turn, and how many times the peer's
processor time (user and system) ltpin may take: the median of the rounds' ratios counts. Seconds
differ from machine to machine and from minute to minute; ratios of runs beside each other do not.

    BENCH_MB      size of the inputs, 250
    BENCH_ROUNDS  5
    BENCH_ONLY    rows whose name has this word
    BENCH_DIR     where the inputs are kept, else a temporary directory

Prints a table, writes bench.json to the directory it runs in, and ends with 1 if a ratio misses.
"""
import glob
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
LTPIN = os.environ.get("LTPIN", "./ltpin")
SIZE = int(os.environ.get("BENCH_MB", "250")) * 10 ** 6
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "5"))
ONLY = os.environ.get("BENCH_ONLY", "")
SORT_SOURCES = "linux-source-6.12"


def lab_cache():
    base = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    return os.environ.get("LTPIN_LAB_CACHE") or os.path.join(base, "ltpin", "lab")


def member_of_package(package, name):
    """The text of one file in the kernel sources that a package of Debian's has."""
    pipe = "dpkg-deb --fsys-tarfile %s | tar -xO ./usr/src/%s.tar.xz | tar -xJO --wildcards '%s'"
    return subprocess.run(["sh", "-c", pipe % (package, SORT_SOURCES, name)], check=True,
                          stdout=subprocess.PIPE).stdout


def sort_source(work):
    """page_owner_sort.c: of a tree that the lab has unpacked, else of the package."""
    trees = glob.glob(os.path.join(lab_cache(), "tree", SORT_SOURCES + "-*", "src"))
    found = [path for tree in sorted(trees)
             for path in glob.glob(os.path.join(tree, "tools", "mm", "page_owner_sort.c"))]
    if found:
        with open(found[-1], "rb") as file:
            return file.read()
    packages = glob.glob(os.path.join(lab_cache(), "download", SORT_SOURCES + "_*.deb"))
    if not packages:
        subprocess.run(["apt-get", "download", SORT_SOURCES], cwd=work, check=True,
                       stdout=subprocess.DEVNULL)
        packages = glob.glob(os.path.join(work, SORT_SOURCES + "_*.deb"))
    return member_of_package(packages[-1], "*/tools/mm/page_owner_sort.c")


def built(work, name, source):
    path = os.path.join(work, name)
    with open(path + ".c", "wb") as file:
        file.write(source)
    subprocess.run([os.environ.get("BENCH_CC", "cc"), "-O2", "-w", "-o", path, path + ".c"], check=True)
    return path


def made(work, *args):
    """The path of an input; made if it is not there."""
    path = os.path.join(work, "-".join(str(arg) for arg in args))
    if not os.path.exists(path):
        with open(path + ".new", "wb") as out:
            subprocess.run([sys.executable, os.path.join(HERE, "inputs.py"), *map(str, args)],
                           stdout=out, check=True)
        os.rename(path + ".new", path)
    return path


def run(command, work):
    """Processor time in s, of all that the shell command starts."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    # To a file: grep does less for /dev/null.
    with open(os.path.join(work, "out"), "wb") as out:
        subprocess.run(["sh", "-c", command], check=True, stdout=out, stderr=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def peak_kib(peak, command, work):
    path = os.path.join(work, "peak-kib")
    subprocess.run([peak, path, *command.split()], check=True, stdout=subprocess.DEVNULL)
    with open(path, encoding="ascii") as file:
        return int(file.read())


def rows(work):
    """(name, ours, peer, at most so many times)"""
    sort = built(work, "page_owner_sort", sort_source(work))
    for stacks, sorts, lines in ((60, 40, 3.5), (3000, 40, 3.5), (100000, 18, 6)):
        text = made(work, "page-owner", stacks, SIZE)
        owners = f"{LTPIN} owners {text}"
        name = f"owners, {stacks} stacks"
        yield f"{name} / page_owner_sort", owners, f"{sort} {text} {work}/sorted", 1 / sorts
        yield f"{name} / wc -l", owners, f"wc -l {text}", lines
        if stacks != 3000:
            continue
        yield (f"{name}, from a pipe / cat | wc -l", f"cat {text} | {LTPIN} owners -",
               f"cat {text} | wc -l", 2)
        for option in "--by task", "--by gfp,migratetype", "--by stack,task", "--cma":
            yield f"{name}, {option} / by stack", f"{owners} {option}", owners, 2
    empty = os.path.join(work, "empty")
    os.makedirs(empty, exist_ok=True)
    for kind, most in ("log", 5), ("journal", None):
        text = made(work, kind, SIZE * 6 // 5)
        yield (f"report, {kind} / grep -c cma", f"{LTPIN} --root {empty} report --dmesg {text}",
               f"grep -c cma {text}", most)
    events = SIZE // 250
    text = made(work, "trace", events)
    yield (f"report, trace of {events} events / wc -l",
           f"{LTPIN} --root {empty} report --trace {text}", f"wc -l {text}", None)
    yield "100 x --help / true", f"for i in $(seq 100); do {LTPIN} --help; done", \
        "for i in $(seq 100); do /bin/true; done", None


def memory_rows(work):
    """(name, KiB, at most so many)"""
    with open(os.path.join(TOP, "test", "lab", "peak.c"), "rb") as file:
        peak = built(work, "peak", file.read())
    for stacks, most in (3000, 16384), (10000, 16384), (100000, None):
        text = made(work, "page-owner", stacks, SIZE)
        yield f"owners, {stacks} stacks", peak_kib(peak, f"{LTPIN} owners {text}", work), most


def measure(name, ours, peer, most, work):
    ratios, times = [], {"ours": [], "peer": []}
    for _ in range(ROUNDS):
        times["ours"].append(run(ours, work))
        times["peer"].append(run(peer, work))
        ratios.append(times["ours"][-1] / max(times["peer"][-1], 1e-4))
    ratio = statistics.median(ratios)
    return {"name": name, "at_most": most, "ratio": ratio, "ratio_min": min(ratios),
            "ratio_max": max(ratios), "ours_s": statistics.median(times["ours"]),
            "peer_s": statistics.median(times["peer"]), "kept": most is None or ratio <= most}


def verdict(row):
    return "" if row["at_most"] is None else "kept" if row["kept"] else "MISSED"


def show(row):
    most = "" if row["at_most"] is None else "%.3g" % row["at_most"]
    print("%-48s %8.4g %19s %8s %10.1f %10.1f  %s" %
          (row["name"], row["ratio"], "%.4g to %.4g" % (row["ratio_min"], row["ratio_max"]), most,
           1e3 * row["ours_s"], 1e3 * row["peer_s"], verdict(row)), flush=True)


def bench(work):
    print("%-48s %8s %19s %8s %10s %10s" % ("ltpin / peer, processor time", "ratio", "spread",
                                            "at most", "ours, ms", "peer, ms"), flush=True)
    measured, memory = [], []
    for row in rows(work):
        if ONLY in row[0]:
            measured.append(measure(*row, work))
            show(measured[-1])
    for name, kib, most in memory_rows(work) if ONLY in "peak memory" else ():
        memory.append({"name": name, "kib": kib, "at_most": most,
                       "kept": most is None or kib <= most})
        print("%-48s %8d KiB %24s  %s" % (name + ", peak memory", kib, most or "",
                                          verdict(memory[-1])), flush=True)
    with open("bench.json", "w", encoding="utf-8") as out:
        json.dump({"machine": platform.machine(), "rounds": ROUNDS, "bytes": SIZE,
                   "ratios": measured, "memory": memory}, out, indent=1)
    missed = [row["name"] for row in measured + memory if not row["kept"]]
    print("%d of %d missed%s" % (len(missed), len(measured + memory),
                                 ": " + ", ".join(missed) if missed else ""))
    return 1 if missed or not measured else 0


def main():
    if "BENCH_DIR" in os.environ:
        os.makedirs(os.environ["BENCH_DIR"], exist_ok=True)
        return bench(os.environ["BENCH_DIR"])
    with tempfile.TemporaryDirectory(prefix="ltpin-bench-") as work:
        return bench(work)


if __name__ == "__main__":
    sys.exit(main())
