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
    # mandoc takes a heading that begins so for a macro: "In passing" became "<passing>".
    words = re.findall(r"^\.It (?:In|An|At|Do|So|It) .*", read(name), flags=re.M)
    ok(not words, "%s: no word is taken for a macro" % name, *words)


def check_references(name):
    for other, section in re.findall(r"^\.(?:It )?Xr (\S+) (\d)", read(name), flags=re.M):
        ok(os.path.exists(os.path.join(MAN, "%s.%s" % (other, section))),
           "%s: %s(%s) exists" % (name, other, section))


def check_command(command):
    name = "ltpin-%s.1" % command
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
    told = page_findings(read("ltpin-report.1").split(".Sh FINDINGS")[1].split(".El")[0])
    same(told, {name: " to ".join(SEVERITIES[level] for level in sorted(set(levels)))
                for name, levels in given.items()},
         "ltpin-report.1 explains each finding with its severity, and no other")
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
    page = read("ltpin-selftest.1")
    for option, rows in (("backend", backends), ("prime", primers)):
        names = set(re.findall(r"^  (\S+)", rows, flags=re.M))
        ok(len(names) > 3, "there are values for --%s" % option, names)
        equal(names - words(option_section(page, option)), set(),
              "ltpin-selftest.1 tells of each --%s" % option)
    told = words(page.split(".Ss CASES")[1].split(".Ss ")[0])
    names = set(re.findall(r"^[* ] (\S+)", cases, flags=re.M))
    parts = sorted(told, key=len, reverse=True)
    known = re.compile("(?:%s)+" % "|".join("-?" + re.escape(part.lstrip("-")) for part in parts))
    ok(len(names) > 90, "there are cases", len(names))
    equal(sorted(name for name in names if not known.fullmatch(name)), [],
          "ltpin-selftest.1 tells of each part of a case's name")


# Which page explains the columns of which tables. "?" is explained beside the table.
TABLES = {
    "cli/render/area.c": "ltpin-areas.1", "cli/render/attempt.c": "ltpin-report.1",
    "cli/render/bench.c": "ltpin-bench.1", "cli/render/correlation.c": "ltpin-report.1",
    "cli/render/explain.c": "ltpin-explain.1", "cli/render/holder.c": "ltpin-report.1",
    "cli/render/ledger.c": "ltpin-report.1",
    "cli/render/owner_groups.c": "ltpin-owners.1", "cli/render/pin.c": "ltpin-pages.1",
    "cli/render/pin_group.c": "ltpin-pages.1", "cli/render/pin_hint.c": "ltpin-report.1",
    "cli/render/selftest.c": "ltpin-selftest.1", "cli/render/trial.c": "ltpin-explain.1",
    "cli/render/zone.c": "ltpin-zones.1",
}
ELSEWHERE = {"ltpin-top.1": ("ltpin-areas.1", "ltpin-pages.1", "ltpin-report.1")}  # which says so


def source_tables():
    """{file: names of its columns}, from the sources."""
    found = {}
    for room in ("render", "tui", "cmd"):
        where = os.path.join(TOP, "cli", room)
        for name in sorted(os.listdir(where)):
            if not name.endswith(".c"):
                continue
            with open(os.path.join(where, name), encoding="utf-8") as file:
                text = file.read()
            columns = re.findall(r'\{ "([^"]+)",\s+(?:TABLE|ROWS)_', text)
            if "text_unit(text), TABLE" in text:
                columns.append("PAGES")
            if columns:
                found["cli/%s/%s" % (room, name)] = columns
    return found


def explained(page):
    """Names of columns that the page explains."""
    section = re.search(r"^\.Sh COLUMNS$(.*?)^\.Sh", read(page), flags=re.M | re.S)
    return {name for names in re.findall(r"^\.It Li (.*)", section.group(1) if section else "",
                                         flags=re.M) for name in names.replace("\\&", "").split(" , ")}


def check_columns():
    """Every column of every table is explained, in the page of the command that prints it."""
    tables = source_tables()
    ok(len(tables) >= 12, "there are tables", sorted(tables))
    for file, columns in tables.items():
        page = TABLES.get(file, "ltpin-top.1" if "/tui/" in file else None)
        if not ok(page, "%s: a page explains its columns (TABLES in test_man.py)" % file):
            continue
        known = explained(page)
        for other in ELSEWHERE.get(page, ()):
            known |= explained(other)
        equal([name for name in columns if name not in known], [],
              "%s explains each column of %s" % (page, file))


def sections(page):
    """{title: text} of the sections and subsections of a page."""
    parts = re.split(r'^\.S[hs] "?([^"\n]*)"?$', read(page), flags=re.M)
    return dict(zip(parts[1::2], parts[2::2]))


def plain(text):
    """Without macros, as far as a search for words needs."""
    text = re.sub(r"^\.(?:Fl|It Fl|Dl|Nm|Op|Ql|Li|Cm|It|Pa) ?", "", text, flags=re.M)
    return re.sub(r"\s+", " ", text.replace("\\&", "").replace(" Cm ", " ").replace("Fl -", "--"))


def check_questions():
    """What a person asks is answered where the list says, and the page has the words."""
    with open(os.path.join(TOP, "test", "questions.txt"), encoding="utf-8") as file:
        lines = [line.rstrip("\n") for line in file if line.strip() and not line.startswith("#")]
    ok(len(lines) >= 60, "there are questions", len(lines))
    for question, answer in zip(lines[::2], lines[1::2]):
        page, section, *wanted = answer.strip().split("\t")
        name = re.sub(r"\((\d)\)$", r".\1", page)
        text = plain(sections(name).get(section, "")) if os.path.exists(
            os.path.join(MAN, name)) else ""
        equal([word for word in wanted if word not in text] if text else "no such section", [],
              "%s %s: %s" % (page, section, question))


names = commands()
pages = sorted(page for page in os.listdir(MAN) if re.search(r"\.\d$", page))
same([page for page in pages if page.endswith(".1")],
     sorted(["ltpin.1"] + ["ltpin-%s.1" % name for name in names]), "a page for each command")
for page in pages:
    lint(page)
    check_references(page)
check_findings()
check_selftest()
check_columns()
check_questions()
for option in set(re.findall(r"^ .*?--([a-z-]+)", run("--help").text(), flags=re.M)) | {"json"}:
    ok("Fl -%s" % option in read("ltpin.1"), "ltpin.1 explains --%s, which commands share" % option)
for command in names:
    check_command(command)
    ok("ltpin-%s 1" % command in read("ltpin.1"), "ltpin.1 lists %s" % command)
done()
