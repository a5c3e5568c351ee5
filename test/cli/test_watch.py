#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""`ltpin watch` of saved traces, and how it is called. Of running systems: test/lab/test_watch."""
import re
import signal
import subprocess
import time

from harness import *
from harness import must_be_valid, validate

TRACED = ("v5.10-arm64-cma-failure", "v6.1-arm64-cma-failure")
HEAD = b"# tracer: nop\n#\n"
PAGES = 64
EMPTY = scratch()


def failure(task=b"camera-812", area=b"reserved", s=1, pfn=0x1000):
    """As 6.12 prints an attempt that a page makes fail."""
    where = b"%16s [000] .....  %d." % (task, s)
    return (where + b"000100: cma_alloc_start: name=%s count=%d align=0\n" % (area, PAGES) +
            where + b"000200: test_pages_isolated: start_pfn=0x%x end_pfn=0x%x fin_pfn=0x%x ret=fail\n"
            % (pfn, pfn + PAGES, pfn + 3) +
            where + b"000300: cma_alloc_busy_retry: name=%s pfn=0x%x page=0000000000000000 count=%d "
            b"align=0\n" % (area, pfn, PAGES) +
            where + b"000400: cma_alloc_finish: name=%s pfn=0x%x page=0000000000000000 count=%d "
            b"align=0 errorno=-16\n" % (area, pfn, PAGES))


def watch(trace, *args, **kwargs):
    return run("--root", EMPTY, "watch", "--trace", "-", *args, stdin=trace, **kwargs)


def documents(result):
    return [must_be_valid(validate.parse(line), "watch") for line in result.text().splitlines()]


def without_cause(attempt):
    return {key: attempt[key] for key in attempt if key not in ("blockers", "cause")}


def check_causes(name, attempts, traced):
    """As far as pages say, at once; which of them it is put down to may be known better later."""
    named = [a for a in attempts if a["failed"] and a.get("blockers")]
    ok(named, "%s: a page blocked some" % name)
    same([[(b["pfn"], b["nr_windows"]) for b in a.get("blockers", [])] for a in attempts],
         [[(b["pfn"], b["nr_windows"]) for b in a.get("blockers", [])] for a in traced],
         "%s: watch names the pages of the report" % name)
    for attempt, later in zip(attempts, traced):
        cause = attempt.get("cause")
        if attempt in named:
            ok(cause and "group" not in cause and cause["confidence"] in ("likely", "proven") and
               cause["id"] in ("page-in-the-way", later["cause"]["id"]),
               "%s: and each failure's cause" % name, cause, later["cause"])
        else:
            equal(cause, None, "%s: no cause where no page was named" % name)


def check_traced(name):
    """What the report knows of the same trace, one by one."""
    tree = os.path.join(FIXTURES, name)
    result = run("--root", tree, "watch", "-f", "ndjson")
    lines = documents(result)
    report = run("--root", tree, "report", "-f", "json").json()
    attempts = [line["attempt"] for line in lines[:-1]]
    traced = [a for a in report["attempts"] if a["source"] == "trace"]
    # Why it failed is evaluated from all that is known, afterwards.
    same([without_cause(a) for a in attempts], [without_cause(a) for a in traced],
         "%s: every attempt of the report, a line each" % name)
    check_causes(name, attempts, traced)
    summary = lines[-1]["summary"]
    equal((summary["nr_attempts"], summary["nr_failed"]),
          (len(attempts), sum(a["failed"] for a in attempts)), "%s: and a summary" % name)
    ok("watched_ns" not in summary and "nr_lost" not in summary,
       "%s: nobody watched, so nobody knows for how long" % name, summary)
    saved = os.path.join(tree, "sys/kernel/tracing/trace")
    same([line["attempt"] for line in documents(run("--root", tree, "watch", "--trace", saved,
                                                    "-f", "ndjson"))[:-1]], attempts,
         "%s: --trace says the same" % name)
    verbose = run("--root", tree, "watch", "-v").text()
    equal(verbose.count("cma_alloc of") - verbose.count("\ncma_alloc of"), len(attempts),
          "%s: -v tells of the successful ones too" % name)


def check_options():
    trace = HEAD + b"".join(failure(area=area, s=i + 1, pfn=0x1000 * (i + 1)) for i, area in
                            enumerate((b"camera", b"video", b"camera", b"camera")))
    def areas(*args):
        return [line["attempt"]["area"] for line in
                documents(watch(trace, "-f", "ndjson", *args))[:-1]]
    equal(areas(), ["camera", "video", "camera", "camera"], "all areas")
    equal(areas("--area", "video"), ["video"], "--area")
    equal(areas("--area", "cam"), [], "--area needs the whole name")
    equal(areas("--count", "2"), ["camera", "video"], "--count")
    path = os.path.join(scratch(), "out")
    result = watch(trace, "-o", path)
    with open(path, "rb") as written:
        ok(not result.out and written.read() == watch(trace).out, "-o FILE")
    ok(every(watch(trace, "-v").text().splitlines(), lambda line: len(line) <= 80),
       "fits 80 columns")
    for args, said in ((("--duration", "1"), "--duration is for the running system"),
                       (("--pins",), "--pins is for the running system"),
                       (("--capture-on-failure", "x"), "--capture-on-failure is for the running"),
                       (("--count", "0"), "--count goes from 1"),
                       (("--count", "x"), "needs a number"),
                       (("--duration", "0"), "needs seconds from 0.001"),
                       (("--duration", "5m"), "needs seconds")):
        result = watch(trace, *args)
        ok(result.status == 2 and said in result.err and not result.out, "refused: %s" % " ".join(args),
           result.status, result.err)


def check_no_trace():
    for trace, name in ((b"no trace at all\n", "text"), (b"\0\xff" * 500, "bytes")):
        result = watch(trace)
        ok(result.status == 2 and "neither the header of a trace" in result.err and not result.out,
           "what is no trace is refused: %s" % name, result.status, result.err)
    for args in (("--root", EMPTY, "watch"), ("watch", "--trace", "/nonexistent")):
        result = run(*args)
        ok(result.status == 2 and not result.out, "no trace: %s" % args[-1], result.err)
    result = watch(HEAD)
    ok(result.status == 0 and "0 attempts, 0 failed" in result.text(), "a trace without attempts",
       result.err)


def check_order():
    """One that began first and ended last: a trace has them as they ended."""
    inner, outer = failure(b"inner-1", s=2).splitlines(True), failure(b"outer-2").splitlines(True)
    trace = HEAD + outer[0] + b"".join(inner) + b"".join(outer[1:]).replace(b" 1.", b" 3.")
    told = re.findall(r"^([0-9.]+) s cma_alloc", watch(trace).text(), flags=re.M)
    equal(told, ["1.000100", "2.000100"], "a saved trace: in the order of the time that is shown")


def check_hostile():
    """Names that would do harm to a terminal, to JSON, and to a shell."""
    place = scratch()
    names = [b"\x1b[2J", b"$(touch pwned)", b"`touch pwned`", b"';touch pwned;'", b"\xff\xfe\x80",
             b"a\"\\b", b"x\rpwned", b"%s%n%s"]
    facts = os.path.join(place, "facts")
    command = "cd %s && printf '%%s\\n' \"$LTPIN_COMM|$LTPIN_AREA|$LTPIN_PID\" >>%s" % (place, facts)
    for i, name in enumerate(names):
        trace = HEAD + failure(task=name + b"-812", area=name)
        result = watch(trace, "-v")
        ok(result.status == 0 and b"failed with -EBUSY" in result.out and
           not any(byte < 32 and byte != 10 for byte in result.out), "hostile %d: as text" % i,
           result.out)
        attempt = documents(watch(trace, "-f", "ndjson"))[0]["attempt"]
        ok(attempt["caller"].endswith("-812"), "hostile %d: as JSON" % i, attempt)
        watch(trace, "--exec", command)
        with open(facts, encoding="utf-8") as lines:
            said = lines.read().splitlines()
        equal((len(said), said[-1]),
              (i + 1, "%s|%s|812" % (attempt["caller"][:-4], attempt["area"])),
              "hostile %d: in the environment, as in the JSON" % i)
    equal(sorted(os.listdir(place)), ["facts"], "no shell ran any of it")


def check_exec():
    place = scratch()
    log = os.path.join(place, "log")
    trace = HEAD + b"".join(failure(s=i + 1, pfn=0x1000 + i * 0x100) for i in range(3))
    result = watch(trace, "-f", "ndjson", "--exec", "env >>%s; echo out; echo err >&2" % log)
    with open(log, encoding="utf-8") as lines:
        facts = [line for line in lines.read().splitlines() if line.startswith("LTPIN_")]
    equal([fact for fact in facts if "PFN" in fact or "PAGES" in fact or "NAME" in fact],
          ["LTPIN_PAGES=64", "LTPIN_ERRNO_NAME=EBUSY"] * 3,
          "for each failure: what was asked; of a page that nobody looked at, nothing")
    ok(len(documents(result)) == 4 and result.err.count("out") == 3 and
       result.err.count("err") == 3, "what it prints goes to standard error", result.err)
    many = HEAD + b"".join(failure(s=i + 1) for i in range(40))
    once = os.path.join(place, "once")
    result = watch(many, "--exec", "mkdir %s && sleep 0.1 && rmdir %s && echo ran" % (once, once))
    ran = result.err.count("ran")
    left_out = sum(map(int, re.findall(r"not run for (\d+) failures", result.err)))
    ok("File exists" not in result.err and ran >= 17 and ran + left_out == 40,
       "one at a time; who waits is bounded, and who is dropped is counted", ran, result.err)
    equal(watch(trace, "--exec", "exit 7").status, 0, "what becomes of it is not ours")


def check_signals():
    """A command that takes for ever does not keep a signal from ending it."""
    for signo in (signal.SIGINT, signal.SIGTERM):
        started = os.path.join(scratch(), "started")
        process = subprocess.Popen([LTPIN, "--root", EMPTY, "watch", "--trace", "-", "--exec",
                                    "echo $$ >%s; exec sleep 1000" % started],
                                   stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                   stderr=subprocess.DEVNULL)
        process.stdin.write(HEAD + failure())
        process.stdin.close()
        while not os.path.exists(started) or not os.path.getsize(started):
            time.sleep(0.01)
        process.send_signal(signo)
        out = process.stdout.read()
        with open(started, encoding="ascii") as file:
            os.kill(int(file.read()), signal.SIGKILL)
        ok(process.wait(timeout=60) == 0 and b"1 failed" in out, "signal %d" % signo,
           process.returncode, out)


def check_closed_pipe():
    read, write = os.pipe()
    os.close(read)
    result = subprocess.run([LTPIN, "--root", EMPTY, "watch", "--trace", "-", "-f", "ndjson"],
                            input=HEAD + failure(), stdout=write, stderr=subprocess.PIPE,
                            timeout=60, check=False)
    os.close(write)
    equal((result.returncode, result.stderr), (-signal.SIGPIPE, b""), "nobody reads")


def check_kept_in_capture():
    """What was found out about a page goes with the bundle: the report of it knows."""
    tree = os.path.join(FIXTURES, "v6.12-x86-custom")
    area = run("--root", tree, "areas", "-f", "json").json()["areas"][0]
    pfn = area["ranges"][0]["base_pfn"] + 3
    attempt = {"ts_ns": 10 ** 9, "source": "trace", "area": area["name"], "nr_pages": PAGES,
               "align": 0, "failed": True, "errno": 16, "caller": "camera-812", "count": 1,
               "tries": [{"start_pfn": pfn - 3, "end_pfn": pfn - 3 + PAGES, "ok": False,
                          "stage": "test", "blocker_pfn": pfn}]}
    for transient, finding in ((None, "page-in-the-way"), (False, "page-in-the-way"),
                               (True, "busy-transient")):
        blocker = {"pfn": pfn, "samples": [], "page": {"pfn": pfn, "nr_pages": 1}}
        if transient is not None:
            blocker["transient"] = transient
        place = scratch()
        saved, kept = os.path.join(place, "attempts.json"), os.path.join(place, "kept")
        with open(saved, "w", encoding="ascii") as file:
            json.dump({"schema": "ltpin.attempts/1", "ltpin_version": "1.2.3",
                       "attempts": [dict(attempt, blockers=[blocker])]}, file)
        result = run("--root", tree, "capture", "--attempts", saved, "--dir", kept)
        report = run("report", kept, "-f", "json").json()
        equal((result.status, [a["caller"] for a in report["attempts"]],
               [f["id"] for f in report["findings"]
                if f["id"] in ("page-in-the-way", "busy-transient")]),
              (0, ["camera-812"], [finding]), "a capture keeps the attempt: transient %s" % transient)
    os.remove(os.path.join(kept, "ltpin/attempts.json"))
    ok(not run("report", kept, "-f", "json").json().get("attempts"), "without it nobody knows")


def check_no_rights():
    prefix = dropped()
    if prefix is None or run("--version", prefix=prefix).status:
        skip("without rights", "setpriv is not there, or the program lies where others cannot go")
        return
    result = run("watch", "--duration", "0.1", prefix=prefix)
    ok(result.status == 2 and "cannot watch" in result.err and "ltpin doctor" in result.err,
       "without rights it says so, and what tells more", result.status, result.err)


for fixture in TRACED:
    check_traced(fixture)
check_options()
check_no_trace()
check_order()
check_hostile()
check_exec()
check_signals()
check_closed_pipe()
check_kept_in_capture()
check_no_rights()
done()
