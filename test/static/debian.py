# SPDX-License-Identifier: GPL-2.0-or-later
"""Debian's packages: what apt installs for a list of them, and which has a file."""
import os
import re
import subprocess

FIELDS = ("Depends", "Pre-Depends", "Provides", "Priority", "Essential", "Status")


def _stanzas(lines):
    """{package: {field: text}}, of what apt and dpkg write."""
    packages, stanza = {}, {}
    for line in lines:
        if line == "\n":
            if "Package" in stanza:
                packages.setdefault(stanza["Package"], stanza)
            stanza = {}
        elif line[0] not in " \t":
            field, _, text = line.partition(":")
            if field == "Package" or field in FIELDS:
                stanza[field] = text.strip()
    return packages


def installed():
    with open("/var/lib/dpkg/status", encoding="utf-8") as status:
        return {name: fields for name, fields in _stanzas(status).items()
                if fields.get("Status", "").endswith(" installed")}


def available():
    """From apt's lists if the machine has them, else what is installed; and which it was."""
    process = subprocess.run(["apt-cache", "dumpavail"], capture_output=True, text=True, check=False)
    listed, here = _stanzas(process.stdout.splitlines(keepends=True)), installed()
    if len(listed) > 2 * len(here):
        return listed, "apt's lists"
    return here, "the packages that are installed here, for apt has no lists"


def _groups(fields):
    """Dependencies: each is a list of alternatives."""
    text = ", ".join(fields[name] for name in ("Pre-Depends", "Depends") if fields.get(name))
    for group in filter(None, text.split(", ")):
        yield [re.match(r"[^ (:\[]+", one.strip()).group() for one in group.split("|")]


class Index:
    """Packages, by their names and by what they provide."""

    def __init__(self, packages):
        self.packages = packages
        self.providers = {}
        for name, fields in packages.items():
            for group in _groups({"Depends": fields.get("Provides", "")}):
                self.providers.setdefault(group[0], []).append(name)

    def base(self):
        """`debootstrap --variant=minbase`: what is required, and apt."""
        return ["apt"] + [name for name, fields in self.packages.items()
                          if fields.get("Essential") == "yes" or fields.get("Priority") == "required"]

    def _satisfies(self, group, have):
        return any(name in have or have.intersection(self.providers.get(name, ()))
                   for name in group)

    def _first(self, group):
        """The alternative that apt would take."""
        for name in group:
            if name in self.packages:
                return name
            if name in self.providers:
                return sorted(self.providers[name])[0]
        return None

    def closure(self, names):
        """With all that they depend on. What is recommended does not count."""
        have, new, choices = set(), list(names), []
        while new or choices:
            while new:
                name = new.pop()
                if name in have or name not in self.packages:
                    continue
                have.add(name)
                for group in _groups(self.packages[name]):
                    if len(group) == 1 and group[0] in self.packages:
                        new.append(group[0])
                    else:
                        choices.append(group)
            choices = [group for group in choices if not self._satisfies(group, have)]
            if choices:
                new = list(filter(None, [self._first(choices.pop(0))]))
        return have


def _paths(path):
    """The names by which dpkg may know a file: /bin is /usr/bin, and links have targets."""
    for name in {path, os.path.normpath(path), os.path.realpath(path)}:
        yield name
        if name.startswith("/usr/"):
            yield name[len("/usr"):]
        else:
            yield "/usr" + name


def _choices(path):
    """All that a name of Debian's alternatives system can stand for."""
    link = os.readlink(path) if os.path.islink(path) else ""
    if not link.startswith("/etc/alternatives/"):
        return [path]
    said = subprocess.run(["update-alternatives", "--list", os.path.basename(link)],
                          capture_output=True, text=True, check=False)
    return said.stdout.split() or [path]


def owners(paths):
    """{path: packages, any of which has it}."""
    names = {path: {name for choice in _choices(path) for name in _paths(choice)}
             for path in paths}
    said = subprocess.run(["dpkg-query", "-S", "--", *sorted(set().union(*names.values()))],
                          capture_output=True, text=True, check=False).stdout
    found = {}
    for line in said.splitlines():
        packages, _, name = line.rpartition(": ")
        if not line.startswith("diversion by"):
            found[name] = {one.split(":")[0] for one in packages.split(", ")}
    return {path: set().union(*(found.get(name, set()) for name in names[path]))
            for path in paths}
