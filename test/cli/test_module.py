#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""A module that is refused: why, and what to do, with the errno of the running kernel."""
import shutil

from harness import *

# EPERM without the right, ENOSYS of a kernel without modules.
REASONS = {"CAP_SYS_MODULE": "Run it as root", "CONFIG_MODULES": "ltpin doctor"}


def check_refused(prefix):
    # Where everybody may read; what is in it does not matter.
    where = scratch()
    os.chmod(where, 0o755)
    path = shutil.copy(os.path.join(TOP, "COPYING"), os.path.join(where, "ltpin.ko"))
    os.chmod(path, 0o644)
    result = run("module", "load", path, prefix=prefix)
    lines = result.err.splitlines()
    equal((result.status, result.out, len(lines)), (2, b"", 2), "refused: exit status 2, two lines")
    found = [reason for reason in REASONS if reason in result.err]
    ok(lines and lines[0].startswith("ltpin: cannot load the module: ") and len(found) == 1,
       "the first says why", result.err)
    ok(found and REASONS[found[0]] in lines[-1], "the second what to do", result.err)


def check_document():
    """What it is when the module has answered, test/unit/test_module_status.c writes."""
    path = os.path.join(TOP, "test", "saved", "module-status.json")
    document = load_valid(path)
    areas = {area["name"]: area.get("requests") for area in document["areas"]}
    equal(areas["reserved"]["errors"], [{"errno": 16, "nr_failed": 2}, {"errno": 12, "nr_failed": 1},
                                        {"errno": 4, "nr_failed": 0}], "failures by error")
    equal((areas["of 6.1"].get("errors"), areas["of 6.1"].get("nr_other_errno")), (None, None),
          "of errors that are not known nothing is said, not even 0")
    equal(areas["not counted"], None, "nor of requests that nobody counted")


def check_not_loaded():
    ok("load it with `ltpin module load`" in run("module").err, "how to load it")
    result = run("module", "--json")
    document = result.json()
    equal((result.status, document["state"], "nr_pinned" in document),
          (1, "not-loaded", False), "status as JSON of a module that is not loaded")
    equal(run("module", "status", "-f", "json").out, result.out, "-f json is the same")
    for option in ("--json", "-fjson", "-o/dev/null"):
        refused = run("module", "unload", option)
        ok(refused.status == 2 and "are for status" in refused.err,
           f"unload {option}: nothing is done for what prints nothing", refused.err)


check_document()
result = run("module", "load", "/nonexistent/ltpin.ko")
if "libkmod" in result.err:
    skip("module load", "built without libkmod")
else:
    if not os.path.isdir("/sys/module/ltpin"):
        check_not_loaded()
    equal((result.status, result.err),
          (2, "ltpin: cannot load the module: /nonexistent/ltpin.ko: No such file or directory\n"),
          "a file that is not there")
    PREFIX = dropped()
    if PREFIX is None:
        skip("refused", "setpriv is not there")
    elif run("--version", prefix=PREFIX).status:
        skip("refused", "the program lies where others cannot go")
    else:
        check_refused(PREFIX)
done()
