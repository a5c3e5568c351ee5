# SPDX-License-Identifier: GPL-2.0-or-later
"""TAP for Python tests: ok() and is_equal() print a line each, done() ends."""
import difflib
import json
import pprint
import sys
import traceback

_count = 0
_bad = 0


def ok(name, passed, *why):
    """One test; @why is printed if it did not pass. Returns @passed."""
    global _count, _bad
    _count += 1
    if passed:
        print(f"ok {_count} - {name}", flush=True)
        return True
    _bad += 1
    print(f"not ok {_count} - {name}")
    for text in why:
        for line in str(text).splitlines():
            print(f"# {line}")
    sys.stdout.flush()
    return False


def is_equal(name, got, wanted):
    """One test; prints the difference. @wanted is written down; see is_same()."""
    return ok(name, got == wanted, *_difference(got, wanted))


def is_same(name, got, wanted, at_least=1):
    """Two answers, neither of them written down: equal, and about @at_least things."""
    return ok(name, got == wanted and len(got) >= at_least,
              f"{len(got)} compared, at least {at_least} wanted", *_difference(got, wanted))


def every(items, holds, at_least=1):
    """Whether @holds is true of each item, of which there are at least so many."""
    items = list(items)
    return len(items) >= at_least and all(map(holds, items))


def _difference(got, wanted):
    return difflib.unified_diff(pprint.pformat(wanted).splitlines(),
                                pprint.pformat(got).splitlines(), "wanted", "got", lineterm="")


def skip(name, reason):
    global _count
    _count += 1
    print(f"ok {_count} - {name} # SKIP {reason}", flush=True)


def comment(text):
    """A line for the reader of the log."""
    print(f"# {text}", flush=True)


def run(*tests):
    """Call each test function; one that raises is a failed test, not the end."""
    for test in tests:
        try:
            test()
        except Exception:  # a broken test must not hide the others
            ok(f"{test.__name__} runs", False, traceback.format_exc())
    done()


def done():
    print(f"1..{_count}", flush=True)
    sys.exit(1 if _bad else 0)


def load(path):
    """A JSON file; {} and a failed test if it is none."""
    try:
        with open(path, encoding="utf-8") as file:
            return json.load(file)
    except (OSError, ValueError) as error:
        ok(f"{path} is JSON", False, error)
        return {}
