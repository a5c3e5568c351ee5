#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The HTML report as a file: whole, alone, and with nothing in it that somebody else put there.

test_browser.py looks at the same in a browser.
"""
import base64
import hashlib
import html.parser
import random
import re

import world
from harness import *

MB = 1000 * 1000
VOID = {"meta", "link"}
URLS = re.compile(r"""(?:https?:)?//|@import|url\((?!#)""")
HOSTILE = "</text><script>alert(1)</script><img src=x onerror=alert(1)>\"'\x1b[2J&amp;`@everyone`"


class Page(html.parser.HTMLParser):
    """Elements and texts of one report; what does not fit into each other is @wrong."""

    def __init__(self, text):
        super().__init__()
        self.open, self.wrong, self.elements, self.texts = [], [], [], []
        self.feed(text)
        self.close()
        self.wrong += ["%s is never closed" % tag for tag in self.open]

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.wrong.append("</%s> closes another" % tag)

    def handle_data(self, data):
        if self.open and self.open[-1] not in ("script", "style"):
            self.texts.append(data)

    def all(self, tag, **attrs):
        return [found for name, found in self.elements
                if name == tag and all(found.get(key) == value for key, value in attrs.items())]

    def text(self):
        return " ".join(" ".join(self.texts).split())


def show(*args):
    result = run("report", *args, "-f", "html")
    ok(result.status in (0, 3) and result.out, "%s: a report" % os.path.basename(args[0]), result.err)
    return result.text(), Page(result.text())


def flat(text):
    return " ".join(text.replace("`", " ").split())


def check_alone(name, text, page):
    """Well-formed, one script that the policy knows, and nothing that is fetched."""
    equal(page.wrong, [], "%s: elements are closed in order" % name)
    scripts = re.findall(r"<script>(.*?)</script>", text, re.S)
    equal(len(scripts), 1, "%s: one script" % name)
    digest = base64.b64encode(hashlib.sha256(scripts[0].encode()).digest()).decode()
    policy = [meta["content"] for meta in page.all("meta") if "http-equiv" in meta]
    ok(len(policy) == 1 and policy[0].startswith("default-src 'none'") and
       "script-src 'sha256-%s'" % digest in policy[0],
       "%s: the policy has the script's hash and no other source" % name, digest, policy)
    handlers = [attrs for _, attrs in page.elements for key in attrs if key.startswith("on")]
    fetched = [attrs for tag, attrs in page.elements for key in ("src", "href", "srcset", "data",
               "action", "xlink:href") if key in attrs and not re.match("#|data:,$", attrs[key])]
    equal((handlers, fetched), ([], []), "%s: no handler, and no address" % name)
    style = "".join(re.findall(r"<style>(.*?)</style>", text, re.S))
    ok(style and not URLS.search(style + scripts[0].replace("// ", "")), "%s: nor in its style and script" % name)
    ids = [attrs["id"] for _, attrs in page.elements if "id" in attrs]
    equal(len(ids), len(set(ids)), "%s: each id once" % name)
    dangling = [a["href"] for a in page.all("a") if a["href"][1:] not in ids]
    equal(dangling, [], "%s: each link leads somewhere" % name)


def check_tree(name):
    tree = os.path.join(FIXTURES, name)
    text, page = show(tree)
    document = run("report", tree, "-f", "json").json()
    said = page.text()
    check_alone(name, text, page)
    missing = [words for words in [document["headline"]] +
               [w for f in document["findings"] if f["id"] != "evidence-missing"
                for w in f["evidence"]] + [r["text"] for r in document.get("ruled_out", [])]
               if flat(words).replace(" ", "") not in said.replace(" ", "")]
    equal(missing, [], "%s: headline, evidence, and what is ruled out" % name)
    pins = document.get("pins", [])
    equal(len(page.all("a", **{"class": "m"})), len(pins), "%s: a mark for each page" % name)
    if "signature" in document:
        ok(document["signature"] in said, "%s: its signature" % name)
    return page


def checkered(nr):
    """Where each page differs from the next, a map has most in it."""
    return ["device" if i % 2 else "pin" if i % 4 == 0 else "lent" for i in range(nr)]


def check_size():
    text, page = show(world.make(checkered(131072), []))
    check_alone("512 MiB", text, page)
    ok(len(text) < 2 * MB, "512 MiB of which each page differs from the next stay under 2 MB", len(text))
    drawn = sum(int(run) for path in page.all("path", **{"class": "dev"})
                for run in re.findall(r"h(\d+)", path["d"]))
    equal(drawn, 65536 + 4 * 4, "each page of a device is drawn, and four rows of the legend")
    held = sum(int(run) for path in page.all("path", **{"class": "held"})
               for run in re.findall(r"h(\d+)", path["d"]))
    marks = page.all("a", **{"class": "m"})
    equal(held + len(marks), 32768, "each pinned page is a mark, or drawn among those that have none")
    ok(len(marks) == 2048 and "30720 more pages" in page.text(), "and the others are counted",
       len(marks))


def check_places():
    """Random pages, each where it is."""
    seed = random.randrange(1 << 32)
    rand = random.Random(seed)
    states = rand.choices(["free", "lent", "device", "pin"], weights=[60, 20, 15, 5], k=4096)
    pinned = [world.BASE_PFN + i for i, state in enumerate(states) if state == "pin"]
    text, page = show(world.make(states, [(10, 4096, pinned[0]), (11, 64, None)]))
    check_alone("seed %d" % seed, text, page)
    marks = re.findall(r'<a class="m" href="#p(\w+)"><path class="pin" d="M(\d+) (\d+)h8', text)
    equal([(int(pfn, 16), 84 + (int(pfn, 16) - world.BASE_PFN) % 64 * 8,
            (int(pfn, 16) - world.BASE_PFN) // 64 * 8) for pfn, _, _ in marks],
          [(pfn, 84 + (pfn - world.BASE_PFN) % 64 * 8, (pfn - world.BASE_PFN) // 64 * 8)
           for pfn in pinned], "seed %d: a mark for each pinned page" % seed)
    equal([(int(x), int(y)) for _, x, y in marks],
          [(84 + (pfn - world.BASE_PFN) % 64 * 8, (pfn - world.BASE_PFN) // 64 * 8)
           for pfn in pinned], "seed %d: and in its place" % seed)
    equal(text.count('class="ring" cx') - text.count('cx="8" cy="8" r="6"'), 1,
          "seed %d: one of them blocked" % seed)
    for state, css in (("device", "dev"), ("lent", "lent")):
        cells = set()
        for path in page.all("path", **{"class": css}):
            if "scale(8)" in path["transform"]:
                cells |= set(cells_of(path["d"]))
        # What is pinned was lent before it was pinned.
        want = {i for i, s in enumerate(states) if s == state or (s == "pin" and state == "lent")}
        equal(cells, want, "seed %d: what is %s" % (seed, state))


def cells_of(path):
    """The cells that a path of rows draws, by index, in 64 columns."""
    x = row = 0
    for command, a, b in re.findall(r"([Mmh])([\d.]+)(?: ([\d.]+))?", path):
        if command == "M":
            x, row = int(a), int(float(b))
        elif command == "m":
            x += int(a)
        else:
            yield from range(row * 64 + x, row * 64 + x + int(a))
            x += int(a)


def check_hostile():
    long = "x" * 10000
    for what, comm in (("markup", HOSTILE), ("10000 characters", long),
                       ("newlines", "a\nb\r\nc\u202ed")):
        tree = world.make(["pin"] * 3 + ["lent"] * 61, [(10, 64, world.BASE_PFN)], comm=comm)
        world.write(tree, "proc/cmdline", comm.encode() + b"\xff\xfe\n")
        text, page = show(tree)
        check_alone(what, text, page)
        equal(len(page.all("script")) + len(page.all("img")), 1, "%s: no element of theirs" % what)
        ok(all(c == "\n" or c == "\t" or c.isprintable() for c in text), "%s: printable" % what)
    saved = json.loads(run("report", os.path.join(FIXTURES, "v6.12-x86_64-pinned"), "-f", "json").out)
    saved["headline"] = saved["findings"][0]["severity"] = HOSTILE
    saved["signature"] = saved["areas"][0]["name"] = HOSTILE
    text, page = show(put(json.dumps(saved).encode(), "saved.json"))
    check_alone("a saved report", text, page)
    equal(len(page.all("script")) + len(page.all("img")), 1, "a saved report: no element of theirs")
    ok("As ltpin" in page.text() and "alert(1)" in page.text(), "a saved report: its words")


for tree in TREES:
    check_tree(tree)
check_places()
check_size()
check_hostile()
done()
