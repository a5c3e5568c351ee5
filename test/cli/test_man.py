#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The man pages: well-formed, one for each command, and telling every option."""
import re
import shutil
import subprocess

from harness import *

MAN = os.path.join(TOP, "man")


def read(name):
    with open(os.path.join(MAN, name), encoding="utf-8") as page:
        return page.read()


def commands():
    return re.findall(r"^  ([a-z]+) {2,}[A-Z]", run("--help").text(), flags=re.M)


def lint(name):
    if not shutil.which("mandoc"):
        skip("%s: lint" % name, "mandoc is not there")
        return
    said = subprocess.run(["mandoc", "-Tlint", "-Wstyle", os.path.join(MAN, name)],
                          stdout=subprocess.PIPE, text=True, check=False).stdout
    # Which other pages are installed is not the page's fault.
    wrong = [line for line in said.splitlines() if "referenced manual not found" not in line]
    ok(not wrong, "%s: lint" % name, *wrong)


def check_references(name):
    for other, section in re.findall(r"^\.(?:It )?Xr (\S+) (\d)", read(name), flags=re.M):
        ok(os.path.exists(os.path.join(MAN, "%s.%s" % (other, section))),
           "%s: %s(%s) exists" % (name, other, section))


def check_command(command):
    name = "ltpin-%s.8" % command
    if not ok(os.path.exists(os.path.join(MAN, name)), "%s has a page" % command):
        return
    page = read(name)
    ok(".Sh EXAMPLES" in page and ".Sh EXIT STATUS" in page,
       "%s has examples and exit status" % name)
    common = set(re.findall(r"--([a-z-]+)", run("--help").text())) | {"json"}
    for option in set(re.findall(r"^ .*?--([a-z-]+)", run("help", command).text(), flags=re.M)):
        if option not in common:
            ok("Fl -%s" % option in page, "%s tells of --%s" % (name, option))
    told = set(re.findall(r"^\.It (?:Fl \S+ , )?Fl -([a-z-]+)", page, flags=re.M))
    known = set(re.findall(r"--([a-z-]+)", run("help", command).text()))
    ok(told <= known, "%s tells of nothing else" % name, told - known)


SEVERITIES = ["info", "warning", "critical"]


def listed_findings():
    """{id: (least, most) severity} of `report --list`; of several rows with one id the widest."""
    found = {}
    for line in run("report", "--list").text().splitlines():
        name, severity = re.match(r"([a-z-]+) +(\w+(?: to \w+)?) +\S", line).groups()
        levels = [SEVERITIES.index(level) for level in severity.split(" to ")]
        levels += found.get(name, [])
        found[name] = [min(levels), max(levels)]
    return found


def page_findings(section):
    """{id: what is told in brackets, or ""} of a list of findings."""
    return {word: severity or ""
            for words, severity in re.findall(r"^\.It Li (.*?)(?: Pq (.*))?$", section, flags=re.M)
            for word in words.split(" , ")}


def check_findings():
    """Pages and schema explain each finding that there is, and no other."""
    given = listed_findings()
    ok(len(given) >= 20, "there are findings", given)
    told = page_findings(read("ltpin-report.5").split(".Ss Findings")[1].split(".El")[0])
    same(sorted(told), sorted(given), "ltpin-report.5 explains each finding, and no other")
    told = page_findings(read("ltpin-report.8").split(".Sh FINDINGS")[1].split(".El")[0])
    same(told, {name: " to ".join(SEVERITIES[level] for level in sorted(set(levels)))
                for name, levels in given.items()},
         "ltpin-report.8 explains each finding with its severity, and no other")
    with open(os.path.join(TOP, "schema", "ltpin.schema.json"), encoding="utf-8") as file:
        known = json.load(file)["$defs"]["finding"]["properties"]["id"]["enum"]
    same(known, list(given), "the schema knows each finding, and no other")


def option_section(page, option):
    """What is told of @option: up to the next item."""
    return re.search(r"^\.It Fl -%s .*?\n(.*?)^\.It Fl" % option, page, flags=re.M | re.S).group(1)


def words(section):
    return set(re.findall(r"^\.(?:It )?Cm (\S+)", section, flags=re.M))


def check_selftest():
    """Each case, backend and way to prime is told of."""
    cases, backends, primers = re.split(r"^(?:Cases|Backends|Ways).*:\n", run(
        "selftest", "--list").text(), flags=re.M)[1:]
    page = read("ltpin-selftest.8")
    for option, rows in (("backend", backends), ("prime", primers)):
        names = set(re.findall(r"^  (\S+)", rows, flags=re.M))
        ok(len(names) > 3, "there are values for --%s" % option, names)
        equal(names - words(option_section(page, option)), set(),
              "ltpin-selftest.8 tells of each --%s" % option)
    told = words(page.split(".Ss CASES")[1].split(".Ss ")[0])
    names = set(re.findall(r"^[* ] (\S+)", cases, flags=re.M))
    parts = sorted(told, key=len, reverse=True)
    known = re.compile("(?:%s)+" % "|".join("-?" + re.escape(part.lstrip("-")) for part in parts))
    ok(len(names) > 90, "there are cases", len(names))
    equal(sorted(name for name in names if not known.fullmatch(name)), [],
          "ltpin-selftest.8 tells of each part of a case's name")


names = commands()
pages = sorted(page for page in os.listdir(MAN) if re.search(r"\.\d$", page))
same([page for page in pages if page.endswith(".8")],
     sorted(["ltpin.8"] + ["ltpin-%s.8" % name for name in names]), "a page for each command")
for page in pages:
    lint(page)
    check_references(page)
check_findings()
check_selftest()
for option in set(re.findall(r"^ .*?--([a-z-]+)", run("--help").text(), flags=re.M)) | {"json"}:
    ok("Fl -%s" % option in read("ltpin.8"), "ltpin.8 explains --%s, which commands share" % option)
for command in names:
    check_command(command)
    ok("ltpin-%s 8" % command in read("ltpin.8"), "ltpin.8 lists %s" % command)
done()
