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


result = run("module", "load", "/nonexistent/ltpin.ko")
if "libkmod" in result.err:
    skip("module load", "built without libkmod")
else:
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
