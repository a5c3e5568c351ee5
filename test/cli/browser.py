# SPDX-License-Identifier: GPL-2.0-or-later
"""A headless Chromium, by the WebDriver protocol: chromedriver speaks JSON over HTTP on loopback."""
import atexit
import base64
import json
import os
import re
import shutil
import subprocess
import tempfile
import urllib.request

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
TAB = "\ue004"
FLAGS = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
         "--hide-scrollbars", "--disable-background-networking", "--no-first-run"]


def find():
    """The driver and the browser, or None: what is not there cannot be tested with."""
    driver = os.environ.get("CHROMEDRIVER") or shutil.which("chromedriver")
    program = os.environ.get("CHROMIUM") or shutil.which("chromium")
    return (driver, program) if driver and program else None


class Browser:
    def __init__(self):
        driver, program = find()
        self.home = tempfile.mkdtemp(prefix="ltpin-browser-")
        self.child = subprocess.Popen([driver, "--port=0"], stdout=subprocess.PIPE,
                                      stderr=subprocess.DEVNULL, text=True,
                                      env=dict(os.environ, HOME=self.home))
        atexit.register(self.close)
        for line in self.child.stdout:
            port = re.search(r"started successfully on port (\d+)", line)
            if port:
                break
        self.base = "http://127.0.0.1:%s" % port.group(1)
        options = {"binary": program, "args": FLAGS + ["--user-data-dir=" + self.home + "/profile"]}
        self.session = None
        self.session = self.call("POST", "/session", {"capabilities": {"alwaysMatch": {
            "goog:chromeOptions": options,
            "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"}}}})["sessionId"]

    def call(self, method, path, body=None):
        where = self.base + ("/session/" + self.session + path if self.session else path)
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(where, data=data, method=method,
                                         headers={"Content-Type": "application/json"})
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=120) as answer:
            return json.load(answer)["value"]

    def cdp(self, cmd, **params):
        return self.call("POST", "/goog/cdp/execute", {"cmd": cmd, "params": params})

    def view(self, width, height=900, scheme="light"):
        self.cdp("Emulation.setDeviceMetricsOverride", width=width, height=height,
                 deviceScaleFactor=1, mobile=width < 600)
        self.cdp("Emulation.setEmulatedMedia",
                 features=[{"name": "prefers-color-scheme", "value": scheme}])

    def open(self, path):
        self.call("POST", "/url", {"url": "file://" + path})

    def run(self, script, *args):
        return self.call("POST", "/execute/sync", {"script": script, "args": list(args)})

    def run_async(self, script, *args):
        """A script that ends by calling its last argument with the result."""
        return self.call("POST", "/execute/async", {"script": script, "args": list(args)})

    def find_all(self, selector):
        return self.call("POST", "/elements", {"using": "css selector", "value": selector})

    def point_at(self, element):
        self.call("POST", "/actions", {"actions": [{
            "type": "pointer", "id": "mouse", "actions": [
                {"type": "pointerMove", "duration": 0, "x": 0, "y": 0, "origin": element}]}]})

    def press(self, *keys):
        self.call("POST", "/actions", {"actions": [{"type": "key", "id": "keys", "actions": [
            {"type": what, "value": key} for key in keys for what in ("keyDown", "keyUp")]}]})

    def log(self, kind):
        return self.call("POST", "/se/log", {"type": kind})

    def requests(self):
        """Addresses that were asked for since the last call; the browser's own pictures are not."""
        events = [json.loads(entry["message"])["message"] for entry in self.log("performance")]
        urls = [event["params"]["request"]["url"] for event in events
                if event["method"] == "Network.requestWillBeSent"]
        return [url for url in urls if not url.startswith("chrome://")]

    def save_screenshot(self, path):
        """Of the whole page, as far as a picture of it can be looked at."""
        size = self.run("return [innerWidth, Math.min(4000, document.documentElement.scrollHeight)]")
        shot = self.cdp("Page.captureScreenshot", captureBeyondViewport=True, clip={
            "x": 0, "y": 0, "width": size[0], "height": size[1], "scale": 1})
        with open(path, "wb") as out:
            out.write(base64.b64decode(shot["data"]))

    def close(self):
        if self.child.poll() is None:
            if self.session:
                try:
                    self.call("DELETE", "")
                except OSError:
                    pass  # it went first
            self.child.terminate()
            self.child.wait()
        shutil.rmtree(self.home, ignore_errors=True)


__all__ = ["Browser", "TAB", "find"]
