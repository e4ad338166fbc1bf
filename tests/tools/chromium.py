# SPDX-License-Identifier: EUPL-1.2
#
# A real browser as a visitor's telephone: Chromium without a window, driven over its DevTools
# protocol. What a screen reader would be told, what is on the screen, and a file chosen.
import base64
import contextlib
import json
import os
import pathlib
import signal
import subprocess
import tempfile
import time
import urllib.request

import websocket  # python3-websocket

PATIENCE_S = 60
PHONE = {"width": 412, "height": 915, "deviceScaleFactor": 2, "mobile": True}


class Chromium:
    """One browser with one page of a phone's size."""

    def __enter__(self):
        self.folder = tempfile.TemporaryDirectory()
        self.process = subprocess.Popen(
            ["chromium", "--headless=new", "--no-sandbox", "--disable-gpu", "--remote-debugging-port=0",
             "--remote-allow-origins=*", "--no-first-run", "--disable-background-networking", "--lang=nl",
             f"--user-data-dir={self.folder.name}", "about:blank"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
        said = pathlib.Path(self.folder.name) / "DevToolsActivePort"
        self.wait(lambda: said.exists() and said.read_text(encoding="utf-8").count("\n") >= 1, "the browser did not start")
        port = said.read_text(encoding="utf-8").splitlines()[0]
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/json", timeout=PATIENCE_S) as answer:
            page = next(each for each in json.load(answer) if each["type"] == "page")
        self.line = websocket.create_connection(page["webSocketDebuggerUrl"], timeout=PATIENCE_S)
        self.asked = 0
        for domain in ("Page", "DOM", "Accessibility", "Network", "Runtime"):
            self.ask(f"{domain}.enable")
        # The hub's own certificate authority stands in for the one a phone knows.
        self.ask("Security.setIgnoreCertificateErrors", ignore=True)
        self.ask("Emulation.setDeviceMetricsOverride", **PHONE)
        self.ask("Emulation.setTouchEmulationEnabled", enabled=True)
        return self

    def __exit__(self, *_):
        self.line.close()
        self.process.terminate()
        self.process.wait(PATIENCE_S)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)  # its helpers outlive it for a moment, and write
        end = time.monotonic() + PATIENCE_S
        while not self.is_cleaned():
            assert time.monotonic() < end, "the browser's folder stays"
            time.sleep(0.02)

    def is_cleaned(self):
        try:
            self.folder.cleanup()
        except OSError:  # something was written while it was taken away
            return False
        return True

    def wait(self, is_so, words):
        end = time.monotonic() + PATIENCE_S
        while not is_so():
            assert time.monotonic() < end and self.process.poll() is None, words
            time.sleep(0.02)

    def ask(self, method, **params):
        self.asked += 1
        self.line.send(json.dumps({"id": self.asked, "method": method, "params": params}))
        while True:
            told = json.loads(self.line.recv())
            if told.get("id") == self.asked:
                assert "error" not in told, (method, told["error"])
                return told["result"]

    def scripts(self, are_on):
        self.ask("Emulation.setScriptExecutionDisabled", value=not are_on)

    def until_loaded(self):
        while json.loads(self.line.recv()).get("method") != "Page.loadEventFired":
            pass

    def open(self, url):
        self.ask("Page.navigate", url=url)
        self.until_loaded()

    def nodes(self):
        """What a screen reader walks through, in its order: (role, name, the rest)."""
        told = []
        for node in self.ask("Accessibility.getFullAXTree")["nodes"]:
            if not node.get("ignored"):
                rest = {each["name"]: each["value"].get("value") for each in node.get("properties", ())}
                rest["description"] = node.get("description", {}).get("value", "")
                rest["backend"] = node.get("backendDOMNodeId")
                told.append((node["role"]["value"], node.get("name", {}).get("value", ""), rest))
        return told

    def one(self, role):
        found = [node for node in self.nodes() if node[0] == role]
        assert len(found) == 1, (role, self.nodes())
        return found[0]

    def query(self, selector):
        root = self.ask("DOM.getDocument")["root"]["nodeId"]
        return self.ask("DOM.querySelector", nodeId=root, selector=selector)["nodeId"]

    def box(self, selector):
        """x, y, width and height on the page, in CSS pixels."""
        corners = self.ask("DOM.getBoxModel", nodeId=self.query(selector))["model"]["border"]
        return corners[0], corners[1], corners[2] - corners[0], corners[5] - corners[1]

    def page_width(self):
        return self.ask("Page.getLayoutMetrics")["cssContentSize"]["width"]

    def choose(self, selector, path):
        self.ask("DOM.setFileInputFiles", files=[str(path)], nodeId=self.query(selector))

    def tap(self, selector):
        self.ask("DOM.scrollIntoViewIfNeeded", nodeId=self.query(selector))
        view = self.ask("Page.getLayoutMetrics")["cssVisualViewport"]
        x, y, width, height = self.box(selector)
        at = {"x": x + width / 2 - view["offsetX"], "y": y + height / 2 - view["offsetY"]}
        self.ask("Input.dispatchTouchEvent", type="touchStart", touchPoints=[at])
        self.ask("Input.dispatchTouchEvent", type="touchEnd", touchPoints=[])

    def picture(self, path):
        size = self.ask("Page.getLayoutMetrics")["cssContentSize"]
        clip = {"x": 0, "y": 0, "width": PHONE["width"], "height": max(size["height"], PHONE["height"]), "scale": 1}
        told = self.ask("Page.captureScreenshot", format="png", clip=clip, captureBeyondViewport=True)
        pathlib.Path(path).write_bytes(base64.b64decode(told["data"]))
