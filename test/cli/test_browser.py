#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The HTML report in a real browser: what it shows, fetches, and says to those who cannot see it.

Where there is no chromedriver it is skipped. LTPIN_SCREENSHOTS names a directory for pictures.
LTPIN_AXE names the script of axe-core, which looks whether everybody can use the page: with
LTPIN_LAB_FULL=1 it has to be there.
"""
import browser
import world
from harness import *

PICTURES = os.environ.get("LTPIN_SCREENSHOTS")
VIEWS = [(width, scheme) for width in (390, 1280) for scheme in ("light", "dark")]
AXE = os.environ.get("LTPIN_AXE")
LEAST_CONTRAST = 4.5  # WCAG 2, AA, of text

# Every text that is drawn, with its colour and what lies behind it, as the browser computes them.
CONTRAST = """
function parts(color) {
	var found = color.match(/[\\d.]+/g).map(Number);
	return found.length > 3 && found[3] === 0 ? null : found.slice(0, 3);
}
function light(rgb) {
	var sum = rgb.map(function (v) {
		v /= 255;
		return v <= 0.03928 ? v / 12.92 : Math.pow((v + 0.055) / 1.055, 2.4);
	});
	return 0.2126 * sum[0] + 0.7152 * sum[1] + 0.0722 * sum[2];
}
var bad = [], nr = 0, walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), node;
while ((node = walker.nextNode())) {
	var element = node.parentElement;
	if (!node.data.trim() || element.closest("script, style"))
		continue;
	var style = getComputedStyle(element), behind = null;
	var color = parts(element instanceof SVGElement ? style.fill : style.color);
	for (var up = element; up && !behind; up = up.parentElement)
		behind = parts(getComputedStyle(up).backgroundColor);
	var a = light(color), b = light(behind || [255, 255, 255]);
	var ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
	nr++;
	if (ratio < arguments[0])
		bad.push([node.data.slice(0, 40), ratio]);
}
return [nr, bad.slice(0, 5)];
"""


def report_of(path, *args):
    return put(run("report", path, "-f", "html", *args).out, "report.html")


def check_alone(b, name, path):
    b.requests()
    b.open(path)
    equal(b.requests(), ["file://" + path], "%s: nothing is fetched but the file" % name)
    equal(b.log("browser"), [], "%s: nothing on the console" % name)


def check_views(b, name, path):
    for width, scheme in VIEWS:
        b.view(width, scheme=scheme)
        b.open(path)
        inner, whole = b.run("return [innerWidth, document.documentElement.scrollWidth]")
        ok(whole <= inner, "%s: %d wide: the page does not scroll sideways" % (name, width), whole)
        nr, bad = b.run(CONTRAST, LEAST_CONTRAST)
        ok(nr > 20 and not bad, "%s: %d wide, %s: contrast of %d texts" % (name, width, scheme, nr), bad)
        if PICTURES:
            b.save_screenshot(os.path.join(PICTURES, "%s-%d-%s.png" % (name, width, scheme)))
    b.view(1280)


def check_names(b, name, path):
    """What can be reached or is a picture has a name."""
    b.open(path)
    nodes = b.cdp("Accessibility.getFullAXTree")["nodes"]
    wanted = [node for node in nodes if not node["ignored"] and
              node["role"]["value"] in ("link", "button", "region", "group", "table", "img")]
    nameless = [node["role"]["value"] for node in wanted if not node.get("name", {}).get("value")]
    ok(len(wanted) > 10 and not nameless, "%s: %d elements have a name" % (name, len(wanted)), nameless)
    regions = [node["name"]["value"] for node in wanted if node["role"]["value"] == "region"]
    twice = {region for region in regions if regions.count(region) > 1}
    ok(len(regions) > 5 and not twice, "%s: of %d regions no two have the same name" %
       (name, len(regions)), twice)


# What it finds, and how many rules had something to look at.
RUN_AXE = """
var done = arguments[arguments.length - 1];
axe.run(document, { resultTypes: ["violations", "incomplete"] }).then(function (said) {
	done([said.passes.length, said.violations.map(function (rule) {
		return [rule.id, rule.impact, rule.nodes.length, rule.nodes[0].html.slice(0, 200)];
	})]);
}, function (error) { done([0, [String(error)]]); });
"""


def axe_says(b):
    with open(AXE, encoding="utf-8") as file:
        b.run(file.read())
    return b.run_async(RUN_AXE)


def check_axe(b, name, path):
    """Everything open, as whoever listens to the page may have it."""
    if not AXE and not os.environ.get("LTPIN_LAB_FULL"):
        skip("%s: axe-core" % name, "takes what ./quickstart check --full installs")
        return
    if not AXE:
        ok(False, "%s: axe-core" % name, "LTPIN_AXE has to name its script")
        return
    for width, scheme in VIEWS:
        b.view(width, scheme=scheme)
        b.open(path)
        b.run("document.querySelectorAll('details').forEach(function (d) { d.open = true; })")
        nr, violations = axe_says(b)
        ok(nr > 20 and not violations,
           "%s: %d wide, %s: axe-core finds nothing" % (name, width, scheme), nr, violations)
    b.run("document.querySelector('h1, h2').insertAdjacentHTML('afterend', '<img src=\"data:,\">')")
    equal([rule[0] for rule in axe_says(b)[1]], ["image-alt"],
          "%s: and what it should find it does" % name)
    b.view(1280)


def focused(b):
    return b.run("""
        var e = document.activeElement, text = e.querySelector("text");
        return e.classList.contains("m") ?
            [e.getAttribute("href"), text.textContent, getComputedStyle(text).opacity] : null""")


def check_marks(b, name, path, pinned, scripts):
    """From the keyboard and with the mouse, each page says what it is and who has it."""
    b.cdp("Emulation.setScriptExecutionDisabled", value=not scripts)
    b.open(path)
    equal(len(b.find_all("a.m")), len(pinned), "%s: so many marks" % name)
    reached = {}
    for _ in range(100 + len(pinned)):
        b.press(browser.TAB)
        mark = focused(b)
        if mark:
            reached[mark[0]] = mark
    equal(sorted(reached), sorted("#p%x" % pfn for pfn in pinned), "%s: the focus reaches each" % name)
    for pfn in pinned:
        href, text, opacity = reached.get("#p%x" % pfn, (None, "", "0"))
        ok(text.startswith("Page 0x%x: pin" % pfn) and "mapped by camera-hal[60]" in text and
           opacity == "1", "%s: page 0x%x is named, and shown" % (name, pfn), text, opacity)
    mark = b.find_all("a.m")[1]
    b.run("document.activeElement.blur()")
    hidden = b.run("return getComputedStyle(arguments[0].querySelector('text')).opacity", mark)
    b.run("arguments[0].scrollIntoView({ block: 'center' })", mark)
    b.point_at(b.find_all("a.m path")[1])
    shown = b.run("return getComputedStyle(arguments[0].querySelector('text')).opacity", mark)
    equal((hidden, shown), ("0", "1"), "%s: and where it is pointed at" % name)
    b.cdp("Emulation.setScriptExecutionDisabled", value=False)


def column(b, table, index):
    return b.run("""
        var index = arguments[1];
        return Array.from(arguments[0].tBodies[0].rows).map(function (row) {
            return row.cells[index].textContent;
        })""", table, index)


def click_heading(b, table, index):
    b.run("arguments[0].querySelectorAll('th button')[arguments[1]].click()", table, index)
    return b.run("return arguments[0].querySelectorAll('th')[arguments[1]].getAttribute('aria-sort')",
                 table, index)


def table_named(b, name):
    return b.run("""
        var name = arguments[0];
        return Array.from(document.querySelectorAll("table")).find(function (table) {
            return table.caption.textContent === name;
        })""", name)


def check_sort(b, name, path, nr_attempts):
    b.open(path)
    table = table_named(b, "Each attempt")
    before = column(b, table, 3)
    equal(len(before), nr_attempts, "%s: a row for each attempt" % name)
    for wanted, reverse in (("ascending", False), ("descending", True)):
        equal(click_heading(b, table, 3), wanted, "%s: sorted %s" % (name, wanted))
        equal(column(b, table, 3), sorted(before, key=int, reverse=reverse),
              "%s: by pages, %s" % (name, wanted))
    click_heading(b, table, 0)
    equal(column(b, table, 0), sorted(column(b, table, 0), key=lambda cell: float(cell.split()[0])),
          "%s: by time, as a number" % name)


def check_without_script(b, path, headline):
    b.cdp("Emulation.setScriptExecutionDisabled", value=True)
    b.open(path)
    said = b.run("return document.body.innerText")
    ok(" ".join(headline.replace("`", "").split()) in " ".join(said.split()) and
       not b.find_all("th button"), "without a script: the headline, and no dead button")
    folded = b.find_all("details")[0]
    b.run("arguments[0].querySelector('summary').focus()", folded)
    b.press("\ue007")
    ok(b.run("return arguments[0].open", folded), "without a script: what is folded opens")
    b.cdp("Emulation.setScriptExecutionDisabled", value=False)


def check_print(b, path):
    b.open(path)
    printed = b.cdp("Page.printToPDF", printBackground=True)["data"]
    ok(len(printed) > 10000, "it prints", len(printed))
    ok(b.run("return Array.from(document.querySelectorAll('details')).every("
             "function (d) { return d.open; })"), "with what was folded")


def check_large(b):
    states = ["pin"] * 3 + ["lent"] * 131069
    tree = world.make(states, [(10 + i / 100, i % 9 + 3, None if i % 3 else world.BASE_PFN)
                               for i in range(10000)])
    path = report_of(tree)
    check_alone(b, "10000 attempts", path)
    check_sort(b, "10000 attempts", path, 10000)
    saved = json.loads(run("report", os.path.join(FIXTURES, "v6.12-x86_64-pinned"), "-f", "json").out)
    saved["findings"] = saved["findings"][:1] * 1000
    path = report_of(put(json.dumps(saved).encode(), "saved.json"))
    check_alone(b, "1000 findings", path)
    equal(len(b.find_all("article.finding")), 1000, "1000 findings: each is there")


def main():
    if not browser.find():
        skip("the HTML report in a browser", "there is no chromedriver and chromium")
        done()
        return
    b = browser.Browser()
    states = ["pin", "lent", "free", "device"] * 4 + ["free"] * 4080
    pinned = [world.BASE_PFN + i for i in range(0, 16, 4)]
    tree = world.make(states, [(10 + i, 64 + i, pinned[0]) for i in range(5)] + [(20, 2, None)])
    path, headline = report_of(tree), run("report", tree, "-f", "json").json()["headline"]
    check_alone(b, "small", path)
    check_views(b, "small", path)
    check_names(b, "small", path)
    check_axe(b, "small", path)
    check_marks(b, "with script", path, pinned, True)
    check_marks(b, "without script", path, pinned, False)
    check_without_script(b, path, headline)
    check_sort(b, "small", path, 6)
    check_print(b, path)
    fixture = report_of(os.path.join(FIXTURES, "v5.10-arm64-areas"))
    check_alone(b, "fixture", fixture)
    check_views(b, "fixture", fixture)
    check_axe(b, "fixture", fixture)
    check_large(b)
    done()


main()
