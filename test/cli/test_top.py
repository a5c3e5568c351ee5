#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""`ltpin top`: the frame that --once prints, and the full screen, driven by keys in tmux."""
import re
import shlex
import shutil
import signal
import subprocess
import time

from harness import *

TREE = os.path.join(FIXTURES, "v6.12-x86_64-pinned")
DIR = scratch()
VIEWS = ("areas", "failures", "pages", "processes", "ledger", "cpus", "sources")
WAIT_S = 30


class Pane:
    """A terminal with a shell that runs top."""
    nr = 0

    def __init__(self, *args, tree=TREE, term="screen", size=(80, 24), env=""):
        Pane.nr += 1
        self.socket = os.path.join(DIR, "tmux%d" % Pane.nr)
        self.pid_file = os.path.join(DIR, "pid%d" % Pane.nr)
        self.modes = [os.path.join(DIR, "modes%d.%s" % (Pane.nr, when)) for when in ("1", "2")]
        command = " ".join(shlex.quote(arg) for arg in (LTPIN, "--root", tree, "top") + args)
        script = os.path.join(DIR, "script%d" % Pane.nr)
        with open(script, "w", encoding="utf-8") as out:
            out.write("set -m\n"
                      "cd %s\n" % shlex.quote(os.getcwd()) +
                      "stty -g >%s\n" % self.modes[0] +
                      "%s TERM=%s sh -c 'echo $$ >%s; exec \"$@\"' - %s 2>%s.err\n" %
                      (env, term, self.pid_file, command, script) +
                      "status=$?\n"
                      "stty -g >%s\n" % self.modes[1] +
                      "echo status $status\n"
                      "read -r line && fg; echo status $?; read -r line\n")
        self.tmux("-f", "/dev/null", "new-session", "-d", "-x", str(size[0]), "-y", str(size[1]),
                  "bash --norc " + script)
        self.wait("help|status")

    def tmux(self, *args):
        return subprocess.run(["tmux", "-S", self.socket, *args], stdout=subprocess.PIPE,
                              text=True, check=True, timeout=WAIT_S).stdout

    def lines(self, *args):
        return self.tmux("capture-pane", "-p", *args).rstrip("\n").split("\n")

    def wait_until(self, is_there):
        """The lines, once @is_there holds for them; what there is if it never does."""
        end = time.monotonic() + WAIT_S
        while True:
            lines = self.lines()
            if is_there(lines) or time.monotonic() > end:
                return lines
            time.sleep(0.05)

    def wait(self, pattern):
        return self.wait_until(lambda lines: has(lines, pattern))

    def press(self, *keys):
        self.tmux("send-keys", *keys)

    def resize(self, width, height):
        self.tmux("resize-window", "-x", str(width), "-y", str(height))

    def kill(self, signo):
        with open(self.pid_file, encoding="ascii") as pid:
            os.kill(int(pid.read()), signo)

    def cpu_s(self):
        with open(self.pid_file, encoding="ascii") as pid:
            with open("/proc/%s/stat" % pid.read().strip(), encoding="utf-8") as stat:
                fields = stat.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def is_alternate(self):
        return self.tmux("display", "-p", "#{alternate_on}").strip() == "1"

    def same_modes(self):
        texts = []
        for path in self.modes:
            with open(path, encoding="ascii") as text:
                texts.append(text.read())
        return texts[0] == texts[1]

    def is_running(self):
        with open(self.pid_file, encoding="ascii") as pid:
            try:
                with open("/proc/%s/stat" % pid.read().strip(), encoding="utf-8") as stat:
                    return stat.read().rsplit(")", 1)[1].split()[0] not in "ZX"
            except FileNotFoundError:
                return False

    def close(self):
        # A leak checker that is hung up while it stops the program never ends.
        if self.is_running():
            self.kill(signal.SIGKILL)
        self.hang_up()

    def hang_up(self):
        subprocess.run(["tmux", "-S", self.socket, "kill-server"], check=False,
                       stderr=subprocess.DEVNULL)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def has(lines, pattern):
    return any(re.search(pattern, line) for line in lines)


def shows(pane, pattern, name):
    """Wait for @pattern, which is known from what the fixture's maker did."""
    lines = pane.wait(pattern)
    ok(has(lines, pattern), name, pattern, *lines)
    return lines


def once(view, *args, tree=TREE):
    return run("--root", tree, "top", "--once", "--view", view, *args)


def check_narrow():
    """What one waits for is whole at 40 columns, and in 8 lines the rest is not lost."""
    with Pane(size=(40, 24)) as pane:
        lines = pane.wait_until(lambda lines: "camera-hal" in "\n".join(lines) and
                                has(lines[-1:], "help"))
        said = " ".join(line.strip() for line in lines[2:5])
        ok("-EBUSY, 0x1ae03 mapped by camera-hal[60]" in said and "s: reserved, 16384 pages:" in said,
           "40 columns: the failure, its page and process", *lines)
        pane.resize(40, 8)
        # right after it the screen may be half drawn
        lines = pane.wait_until(lambda lines: len(lines) <= 8 and has(lines, "AREA") and
                                has(lines, "reserved"))
        ok(has(lines, "AREA") and has(lines, "reserved"), "40x8: a row is there", *lines)


def check_once():
    facts = {
        "areas": r"^reserved +64 MiB P\.+ +0 +3 +16381 +3 +16384$",
        "failures": r"2\.344106 s trace reserved +16384 -EBUSY +1 0x1ae03 +held +camera-hal\[60\]",
        "pages": r"^0x1ae05 +1 pin +~1 +1025 reserved camera-hal\[60\] camera-hal\[60\] \?",
        "processes": r"^camera-hal +60 +\? +\? +3 +1$",
        "ledger": r"^\? +ltpin reserved +0 +0 +0 KiB +\? +3 +3 not seen$",
        "cpus": r"^DMA32 +0 +1 +1829 +5665 +31 \+{6}\.{14}$",
        "sources": r"^vmstat +ok",
    }
    for view in VIEWS:
        result = once(view)
        lines = result.text().splitlines()
        ok(result.status == 0 and has(lines, facts[view]), "--once --view %s" % view, *lines)
        ok(has(lines, r"^2\.344106 s: reserved, 16384 pages: -EBUSY, 0x1ae03 mapped by camera-hal\[60\]$"),
           "with the last failure", *lines)
    lines = once("areas").text().splitlines()
    ok(has(lines, "^Pins outstanding 3  Failed 2 "), "one reading shows no change of the pins", *lines)
    ok(has(lines, "^Read once; reading took pages "), "nor that it is read again", *lines)
    ok(has(lines, "^1:areas 2:failures 3:pages "), "the keys of the views", *lines)
    ok(has(once("pages").text().splitlines(), r"ALLOCATED BY +PINNED BY$"), "nothing is cut")
    lines = once("cpus").text().splitlines()
    ok(has(lines, "^DMA32: ") and not has(lines, "^(DMA|Normal|Movable)[ :]"),
       "cpus: no zone that has no page", *lines)
    text = once("areas").text()
    ok(text and "\033" not in text, "no escape sequences into a pipe")
    nr = 0
    for tree in TREES:
        for view in VIEWS:
            result = once(view, tree=os.path.join(FIXTURES, tree))
            nr += bool(result.text())
            if result.status not in (0, 3):
                ok(False, "%s: %s" % (tree, view), result.err)
    equal(nr, len(TREES) * len(VIEWS), "--once of every fixture")


def check_log_and_trace():
    """A call that both tell of is one row, with the page that only the trace names."""
    tree = copy_tree("v6.12-x86_64-pinned")
    log = os.path.join(tree, "dmesg.txt")
    line = "<3>[    %s] cma: cma_alloc: reserved: alloc failed, req-size: 16384 pages, ret: -16\n"
    for ts, nr, name in (("2.379000", 2, "the call that the trace tells of"),
                         ("9.000000", 3, "the control: another call")):
        with open(log, "a", encoding="utf-8") as out:
            out.write(line % ts)
        lines = once("failures", tree=tree).text().splitlines()
        equal(len(column(lines, ".* 16384 -EBUSY ")), nr, name)


def check_long_name():
    tree = copy_tree("v6.12-x86_64-pinned")
    areas = os.path.join(tree, "sys", "kernel", "debug", "cma")
    os.rename(os.path.join(areas, "reserved"), os.path.join(areas, "\033[31m" + "long-" * 12))
    lines = once("areas", tree=tree).text().splitlines()
    ok(has(lines, r"^\\x1b\[31m(long-){12} +64 MiB .* +0 +3 +16381"),
       "a long name is whole in a pipe, and harmless", *lines)
    return tree


def check_long_name_on_screen(tree):
    with Pane(tree=tree) as pane:
        shows(pane, r"^\\x1b\[31mlong-long-lo +64 MiB .* +0 +3 +16381",
              "on a terminal it leaves room for the numbers")


def check_usage():
    for value in ("0", "0.05", "3601", "1x", "", "1.2.3"):
        equal(run("top", "--once", "--interval", value).status, 2, "--interval '%s'" % value)
    result = run("top", "--once", "--view", "colours")
    ok(result.status == 2 and "processes" in result.err, "an unknown view", result.err)
    result = run("--root", TREE, "top")
    ok(result.status == 2 and "--once" in result.err, "without a terminal", result.err)


def check_views():
    with Pane() as pane:
        shows(pane, r"^reserved +64 MiB", "it begins with the areas")
        shows(pane, r"^\? help .*q quit$", "the last line has the keys")
        for key, pattern in (("2", r"camera-hal\[60\]$"), ("3", r"^0x1ae04"),
                             ("4", r"^camera-hal +60"), ("5", r"^\? +ltpin reserved"),
                             ("6", r"^DMA32 +0 +0"), ("7", r"^zoneinfo +ok")):
            pane.press(key)
            shows(pane, pattern, "view %s" % key)
        pane.press("Tab")
        shows(pane, r"^reserved +64 MiB", "Tab comes round")
        pane.press("?")
        lines = shows(pane, r"^PgDn +a screen down", "help")
        pane.press("G")
        shows(pane, r"^q +quit", "help scrolls")
        pane.press("Left")
        shows(pane, r"^reserved +64 MiB", "and back")
        return lines


def check_drill():
    with Pane() as pane:
        pane.press("Enter")
        shows(pane, r"^0x1ae00-0x1aeff +256 +0 +3 P\.{31}", "area to stretch")
        pane.press("Down", "Up", "Enter")
        lines = shows(pane, r"^0x1ae03 +1 pin \*", "stretch to pages")
        ok(has(lines, "> area > pages"), "the way is shown", *lines)
        pane.press("Down", "Enter")
        lines = shows(pane, r"^camera-hal +60 0x", "pages to page")
        ok(has(lines, r"^0x1ae04 \(at 0x1ae04000\) in reserved: pin"), "the one that was selected")
        ok(has(lines, r"^allocated by camera-hal\[60\] at"), "who allocated it")
        ok(has(lines, r"^pinned by \?"), "who pinned it is not known")
        pane.press("Enter")
        lines = shows(pane, r"camera-hal\[60\]: pages that it maps", "page to process")
        ok(has(lines, r"^0x1ae03 "), "with its pages", *lines)
        pane.press("Left", "BSpace", "Escape")
        shows(pane, r"^0x1ae00-0x1aeff", "three ways back")
        pane.press("Down", "Enter")
        shows(pane, r"^no page here is kept from moving", "a stretch without any")
        pane.press("2", "Enter")
        shows(pane, r"^0x1ae03 \(at 0x1ae03000\) in reserved: pin, anon, made an", "failure to page")


def column(lines, pattern):
    return [match.group(0) for match in (re.match(pattern, line) for line in lines) if match]


def check_sort_and_filter():
    with Pane() as pane:
        pane.press("3")
        lines = shows(pane, r"^PFN\+", "pages by PFN")
        equal(column(lines, "0x1ae0."), ["0x1ae03", "0x1ae04", "0x1ae05"], "ascending")
        pane.press("Down")
        pane.press("S")
        lines = shows(pane, r"^PFN-", "the other way")
        equal(column(lines, "0x1ae0."), ["0x1ae05", "0x1ae04", "0x1ae03"], "descending")
        pane.press("Enter")
        shows(pane, r"^0x1ae04 \(at", "what was selected stays selected")
        pane.press("Left", "s")
        shows(pane, r"^PFN +PAGES-", "by the next column")
        pane.press("/", "1", "A", "E", "0", "5")
        lines = shows(pane, r"^Only rows with: 1AE05_", "a filter is typed")
        equal(column(lines, "0x1ae0."), ["0x1ae05"], "and works at once, in any case")
        pane.press("Enter")
        shows(pane, r"\[1AE05\]", "it stays, and says so")
        pane.press("Escape")
        lines = shows(pane, r"^0x1ae03", "Escape ends it")
        pane.press("/", "q", "x")
        shows(pane, r"no row has what", "a filter that nothing fits")
        pane.press("BSpace", "BSpace")
        shows(pane, r"^0x1ae03", "it can be corrected")
        pane.press("Escape", "f")
        shows(pane, r"FROZEN", "freeze")
        pane.press("f")
        shows(pane, r"at 3 s$", "and on")


def check_sizes():
    with Pane(size=(60, 15)) as pane:
        lines = pane.lines()
        ok(has(lines, "^reserved") and has(lines, "help") and len(lines) == 15, "60x15", *lines)
        pane.press("Enter", "G")
        shows(pane, "^0x1ed00-0x1edff", "the last row can be reached")
        pane.resize(200, 60)
        shows(pane, "^0x1bf00", "200x60: more rows")
        # It is drawn from above: the last line comes last.
        lines = pane.wait_until(lambda lines: len(lines) == 60 and has(lines[-1:], "help"))
        ok(len(lines) == 60 and has(lines[-1:], "help"), "the whole of it", len(lines))
        pane.press("3")
        shows(pane, r"ALLOCATED BY +PINNED BY$", "and every column")
        pane.resize(80, 24)
        shows(pane, r"PINNED B$|PINNED BY$", "80x24")
        lines = pane.wait_until(lambda lines: len(lines) == 24 and has(lines[-1:], "help"))
        ok(len(lines) == 24 and has(lines[-1:], "help"), "the last line is the last", *lines)
        pane.resize(20, 4)
        shows(pane, "too small", "a size for nothing")
        pane.resize(80, 24)
        shows(pane, "^0x1ae03", "and back")


def check_terminals():
    with Pane(term="vt100") as pane:
        lines = shows(pane, r"^reserved +64 MiB", "vt100")
        ok("\033[31" not in "\n".join(pane.lines("-e")), "has no colour")
        ok(every("".join(lines), lambda c: ord(c) < 128), "and nothing but ASCII")
    with Pane(term="screen") as pane:
        ok(re.search(r"\033\[[0-9;]*31m", "\n".join(pane.lines("-e"))), "others have",
           *pane.lines("-e"))
    with Pane(term="screen", env="NO_COLOR=1") as pane:
        ok(not re.search(r"\033\[[0-9;]*31m", "\n".join(pane.lines("-e"))), "unless NO_COLOR")
    # ncurses itself leaks then
    with Pane(term="nonsense", env="ASAN_OPTIONS=detect_leaks=0") as pane:
        shows(pane, "^status 2", "a type that nobody knows")
    with Pane(term="dumb", env="ASAN_OPTIONS=detect_leaks=0") as pane:
        shows(pane, "^status 2", "one that cannot place its cursor")


def must_end(pane, status, name):
    lines = shows(pane, r"^status %s" % status, name)
    ok(not pane.is_alternate() and pane.same_modes(), "%s: the terminal is as it was" % name,
       *lines)


def check_ends():
    for name, end, status in (("q", lambda pane: pane.press("q"), 0),
                              ("Ctrl-C", lambda pane: pane.press("C-c"), 0),
                              ("SIGTERM", lambda pane: pane.kill(signal.SIGTERM), 0),
                              ("SIGHUP", lambda pane: pane.kill(signal.SIGHUP), 0),
                              ("a crash", lambda pane: pane.kill(signal.SIGSEGV), "[1-9]"),
                              ("SIGQUIT", lambda pane: pane.kill(signal.SIGQUIT), "[1-9]")):
        with Pane() as pane:
            ok(pane.is_alternate(), "%s: on its own screen" % name)
            end(pane)
            must_end(pane, status, name)


def check_hang_up():
    with Pane(env="ASAN_OPTIONS=detect_leaks=0") as pane:
        pane.hang_up()
        end = time.monotonic() + WAIT_S
        while pane.is_running() and time.monotonic() < end:
            time.sleep(0.05)
        ok(not pane.is_running(), "it ends when the terminal is gone")


def check_stops():
    for name, stop in (("Ctrl-Z", lambda pane: pane.press("C-z")),
                       ("SIGSTOP", lambda pane: pane.kill(signal.SIGSTOP))):
        with Pane() as pane:
            stop(pane)
            shows(pane, r"status 1\d\d", "%s stops it" % name)
            if name == "Ctrl-Z":
                ok(not pane.is_alternate() and pane.same_modes(), "the terminal is as it was")
            pane.press("C-j")
            lines = shows(pane, r"^\? help .*q quit$", "it comes back")
            ok(not has(lines, "status"), "and draws all of it", *lines)
            pane.press("3")
            shows(pane, "^0x1ae03", "keys work")
            pane.press("q")
            shows(pane, r"^status 0", "and it ends")


def check_running_system():
    with Pane("--interval", "7", tree="/") as pane:
        shows(pane, "^Every 7 s; reading took", "the running system is read again and again")
        pane.press("q")


def check_lost_source():
    tree = copy_tree("v6.12-x86_64-pinned")
    path = os.path.join(tree, "proc", "vmstat")
    with Pane(tree=tree) as pane:
        shows(pane, "^Pins outstanding 3 ", "pins by vmstat")
        os.rename(path, path + ".away")
        pane.press("r")
        lines = shows(pane, r"tables as of \d+ s ago: vmstat: ", "a source that fails says why")
        ok(has(lines, "^Pins outstanding 3 "), "and what it told last stays", *lines)
        os.rename(path + ".away", path)
        pane.press("r")
        lines = shows(pane, "^Read once; reading took", "until it is back")
        with open(path, "w", encoding="ascii") as out:
            out.write("nr_foll_pin_acquired 12\nnr_foll_pin_released 5\n")
        pane.press("r")
        shows(pane, r"^Pins outstanding 7 \(most 7, \+4 in a minute\)", "what changed is shown")
        with open(path, "wb") as out:
            out.write(b"\xff\x00" * 1000)
        pane.press("r")
        shows(pane, r"tables as of \d+ s ago: vmstat: ", "a source that breaks is one that fails")


def check_idle():
    with Pane() as pane:
        log = os.path.join(DIR, "idle")
        pane.tmux("pipe-pane", "cat >" + log)
        time.sleep(1)  # the end of the first frame may still be on its way
        sent, before_s = os.path.getsize(log), pane.cpu_s()
        time.sleep(2.5)
        equal(os.path.getsize(log), sent, "nothing is sent while nothing changes")
        ok(pane.cpu_s() - before_s < 0.8, "and little time is spent", pane.cpu_s() - before_s)
        pane.press("f")
        shows(pane, "FROZEN", "frozen")
        before_s = pane.cpu_s()
        time.sleep(2.5)
        ok(pane.cpu_s() - before_s < 0.8, "it waits", pane.cpu_s() - before_s)
        pane.press("Down")
        pane.press("?")
        shows(pane, "this list", "the pipe is there")
        ok(os.path.getsize(log) > sent, "the control: it would have been seen")


check_once()
check_log_and_trace()
LONG = check_long_name()
check_usage()
if "without ncurses" in run("--root", TREE, "top").err:
    skip("the full screen", "this ltpin was built without ncurses")
elif not shutil.which("tmux"):
    skip("the full screen", "tmux is not there")
else:
    check_views()
    check_narrow()
    check_long_name_on_screen(LONG)
    check_drill()
    check_sort_and_filter()
    check_sizes()
    check_terminals()
    check_ends()
    check_hang_up()
    check_stops()
    check_running_system()
    check_lost_source()
    check_idle()
done()
