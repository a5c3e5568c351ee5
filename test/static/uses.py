# SPDX-License-Identifier: GPL-2.0-or-later
"""What the build and the tests use of the machine: headers, .pc files, commands, Python modules."""
import ast
import functools
import glob
import os
import re
import shutil
import subprocess

import shell_words

# Not on a Debian 12: what another system has in its place.
ELSEWHERE = {"proc/readproc.h": "procps 3.3, where there is no libproc2"}

# What kernels include when they are built: objtool, and what signs modules.
KERNEL_BUILD = ("gelf.h", "openssl/evp.h")

# What configure, make and kernels (Documentation/process/changes.rst) run by themselves.
BUILD_COMMANDS = ("autoreconf", "automake", "make", "gcc", "ar", "ranlib", "strip", "pkg-config",
                  "gawk", "sed", "m4")


class Use:
    """A file of the machine that a file of ours needs; @path is None if it is not here."""

    def __init__(self, name, where, path):
        self.name, self.where, self.path = name, where, path


@functools.lru_cache(maxsize=None)
def which(command):
    """Where it is; a path is what it names, be it a command or not."""
    if os.path.isabs(command):
        return command if os.path.isfile(command) else None
    return shutil.which(command, path="/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin")


@functools.lru_cache(maxsize=None)
def read(path):
    with open(path, encoding="utf-8", errors="replace") as file:
        return file.read()


@functools.lru_cache(maxsize=None)
def tree():
    """Our own files, but for evidence and what only guests run."""
    said = subprocess.run(["test/files"], capture_output=True, text=True, check=True).stdout
    return [path for path in said.splitlines() if os.path.isfile(path) and not re.match(
        r"test/(fixtures|malformed|golden|logs|saved|lab/(scenarios/|states/.*\.sh|init$))|contrib/",
        path)]


def is_shell(path):
    return path.endswith(".sh") or re.match(r"#!.*\b(ba)?sh\b", read(path)[:64])


def is_python(path):
    return path.endswith(".py") or re.match(r"#!.*\bpython3\b", read(path)[:64])


@functools.lru_cache(maxsize=None)
def _modules():
    """(what pkg-config is asked for, who asks)"""
    return [(module, "test/unit" if module == "cmocka" else "configure.ac")
            for module in _asked_for()]


def _asked_for():
    for line in read("configure.ac").splitlines():
        match = (re.search(r"LT_OPTIONAL\(\[\w+\], \[\w+\], \[([^]]+)\]", line) or
                 re.search(r"LT_LIBRARY\(\[\w+\], \[([^]]+)\]", line))
        if match and match.group(1) != "libprocps":
            yield from match.group(1).split()


@functools.lru_cache(maxsize=None)
def _pc_dirs():
    return subprocess.run(["pkg-config", "--variable", "pc_path", "pkg-config"], capture_output=True,
                          text=True, check=True).stdout.strip().split(":")


def _pc_files(module, seen):
    """The .pc file, and those that it requires."""
    if module in seen:
        return
    seen.add(module)
    path = next(filter(os.path.exists, (f"{where}/{module}.pc" for where in _pc_dirs())), None)
    yield module, path
    for line in read(path).splitlines() if path else ():
        match = re.match(r"Requires(\.private)?:(.*)", line)
        for name in re.findall(r"(?:^|[\s,])([A-Za-z][\w.+-]*)", match.group(2)) if match else ():
            yield from _pc_files(name, seen)


def modules():
    for module, where in _modules():
        for name, path in _pc_files(module, set()):
            yield Use(f"{name}.pc", where, path)


@functools.lru_cache(maxsize=None)
def _cflags():
    return subprocess.run(["pkg-config", "--cflags", *_asked_for()], capture_output=True, text=True,
                          check=False).stdout.split()


@functools.lru_cache(maxsize=None)
def _opened(header, compiler):
    """Every file that the compiler opens for a header; none if it does not find one of them."""
    process = subprocess.run([compiler, "-std=gnu11", "-D_GNU_SOURCE", *_cflags(), "-M", "-x", "c", "-"],
                             input=f"#include <stdarg.h>\n#include <stddef.h>\n#include <stdint.h>\n"
                                   f"#include <setjmp.h>\n#include <{header}>\n",
                             capture_output=True, text=True, check=False)
    if process.returncode:
        return ()
    return tuple(os.path.realpath(path)
                 for path in process.stdout.replace("\\\n", " ").split()[1:] if path != "-")


def _is_kernel_code(path, included):
    """Built by Kbuild: it includes nothing of the C library."""
    return os.path.exists(os.path.join(os.path.dirname(path), "Kbuild")) and not {
        "stdio.h", "unistd.h", "stddef.h", "stdint.h"}.intersection(included)


def headers():
    """Of every C file; with every compiler for what guests of other architectures get."""
    for path in filter(lambda path: path.endswith((".c", ".h")), tree()):
        included = re.findall(r"^\s*#\s*include\s*<([^>]+)>", read(path), re.M)
        if _is_kernel_code(path, included):
            continue
        compilers = ["gcc"]
        if path.startswith("test/lab/blocker/"):
            compilers += re.findall(r'"([\w-]+-gcc)"', read("test/lab/lab.py"))
        for header in included:
            for compiler in compilers if header not in ELSEWHERE else ():
                for opened in _opened(header, compiler) or (None,):
                    yield Use(f"<{header}>", path, opened)
    for header in KERNEL_BUILD:
        for opened in _opened(header, "gcc") or (None,):
            yield Use(f"<{header}>", "test/lab/kernel.sh", opened)


def _scripts():
    """(path, Script) of shell scripts and of the recipes of Makefiles."""
    for path in tree():
        if is_shell(path):
            yield path, shell_words.Script(read(path))
        elif re.search(r"(^|/)(Makefile(\.am)?|[\w-]+\.mk)$", path):
            yield path, shell_words.Script("\n".join(_recipes(read(path))))


def _recipes(text):
    """Lines of shell: what make expands is a variable of unknown content."""
    for line in text.replace("\\\n", " ").splitlines():
        if line.startswith("\t"):
            line = re.sub(r"\$[({][^$(){}]*[)}]|\$[@<^*?]", "${make}", line.lstrip("\t@-+"))
            yield line.replace("$$", "$")


def _shell_commands(path, script, functions):
    for words in script.commands:
        if words[0] not in functions and words[0] not in shell_words.BUILTINS and \
                "/" not in words[0]:
            yield words[0], True
        if words[0] == "need":
            yield from ((word.split(":")[0], True) for word in words[1:] if word)
        elif words[0] in functions or words[0] in shell_words.WRAPPERS or words[0] == "find":
            yield from ((word, False) for word in shell_words.handed_on(words)
                        if word and "/" not in word)
    for name, arrays in script.arrays.items():
        if not name.endswith("_packages"):
            yield from ((words[0], False) for words in arrays if words and words[0])
    yield from ((name, True) for name in re.findall(r"command -v ([\w.-]+)", read(path)))


def _python_commands(path):
    """First words of lists for subprocess, what is looked for, and names that are no plain words."""
    for node in ast.walk(ast.parse(read(path))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
            first = node.args[0]
            if isinstance(first, ast.List) and first.elts:
                first = first.elts[0]
            if node.func.attr in ("run", "Popen", "check_output", "which") and \
                    isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield first.value, getattr(node.func.value, "id", "") in ("subprocess", "shutil")
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            if path.startswith("test/lab/") and re.fullmatch(r"\w+(-\w+)+", node.value):
                yield node.value, False
            yield from ((name, True) for name in
                        re.findall(r"(?<![\w}])/(?:usr/)?s?bin/([\w.+-]+)", node.value))


def commands():
    scripts = list(_scripts())
    functions = set().union(*(script.functions for _, script in scripts))
    found = [(name, path, certain) for path, script in scripts
             for name, certain in _shell_commands(path, script, functions)]
    found += [(name, path, certain) for path in filter(is_python, tree())
              for name, certain in _python_commands(path)]
    found += [(os.path.basename(words[0] if words[0] != "/usr/bin/env" else words[1]), path, True)
              for path in tree() for words in [read(path)[2:].split("\n")[0].split()]
              if read(path).startswith("#!") and words]
    found += [(name, "configure.ac", True) for name in BUILD_COMMANDS]
    for name, path, certain in sorted(set(found)):
        if "/" in name and not os.path.isabs(name):
            continue  # of this tree
        if certain or which(name):
            yield Use(name, path, which(name))


def python_modules():
    """What our Python files import, and is none of ours."""
    ours = {os.path.basename(path)[:-3] for path in tree() if path.endswith(".py")}
    for path in filter(is_python, tree()):
        for node in ast.walk(ast.parse(read(path))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else \
                [node.module] if isinstance(node, ast.ImportFrom) and not node.level else []
            for name in names:
                if name.split(".")[0] not in ours:
                    yield Use(f"import {name}", path, _python_file(name))


@functools.lru_cache(maxsize=None)
def _python_file(name):
    """Of the python3 that the tests run with; the program itself for what is built in."""
    said = subprocess.run(["/usr/bin/python3", "-c", "import importlib, sys\n"
                           "print(getattr(importlib.import_module(sys.argv[1]), '__file__', None) or "
                           "sys.executable)", name], capture_output=True, text=True, check=False)
    return said.stdout.strip() or None


def libraries():
    """What our sources and tests open by name at run time."""
    directories = glob.glob("/usr/lib/*-linux-gnu/") + glob.glob("/lib/*-linux-gnu/")
    for path in tree():
        if not path.startswith(("lib/", "cli/")) or not path.endswith(".c"):
            continue
        for name in re.findall(r'"(lib[\w+-]+\.so\.\d+)"', read(path)):
            yield Use(name, path, next((where + name for where in directories
                                        if os.path.exists(where + name)), None))


def all_uses():
    return [*modules(), *headers(), *commands(), *python_modules(), *libraries()]
