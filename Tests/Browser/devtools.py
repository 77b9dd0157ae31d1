"""Chromium without a window, driven over the pipe of its DevTools protocol. Needs nothing but Python and Chromium."""

import base64
import json
import os
import queue
import shutil
import subprocess
import tempfile
import threading

LIMIT = 30  # seconds for whatever is waited for


def program():
    """The path of a Chromium; None where there is none."""
    wanted = [os.environ.get("PARLEY_CHROMIUM"), "chromium", "chromium-browser", "google-chrome"]
    return next((path for name in wanted if name and (path := shutil.which(name))), None)


class Failure(Exception):
    """Something that should have happened did not."""


class Browser:
    """One Chromium with one page, gone at the end of a `with`."""

    def __init__(self, voice=None, flags=()):
        """`voice`: a WAV file that is the microphone, again and again; without it there is no microphone."""
        self.profile = tempfile.mkdtemp(prefix="parley-browser-")
        to_read, to_write = os.pipe(), os.pipe()
        arguments = [
            program(), "--headless=new", "--remote-debugging-pipe", f"--user-data-dir={self.profile}", "--no-first-run", "--no-sandbox",
            "--disable-gpu", "--hide-scrollbars", "--mute-audio=false", "--autoplay-policy=no-user-gesture-required",
            # A window that nobody sees must not count as hidden: its timers would come once a minute, and no frame at all.
            "--disable-backgrounding-occluded-windows", "--disable-renderer-backgrounding", "--disable-background-timer-throttling",
            "--disable-background-networking", "--disable-component-update", "--disable-sync", *flags]
        if voice:
            arguments += [
                "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream", f"--use-file-for-fake-audio-capture={voice}"]
        # The browser reads orders from descriptor 3 and writes answers to 4.
        script = 'exec "$@" 3<&%d 4>&%d' % (to_read[0], to_write[1])
        self.process = subprocess.Popen(
            ["sh", "-c", script, "sh", *arguments, "about:blank"], pass_fds=(to_read[0], to_write[1]), stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
        os.close(to_read[0])
        os.close(to_write[1])
        self.orders = os.fdopen(to_read[1], "wb")
        self.answers = os.fdopen(to_write[0], "rb")
        self.number = 0
        self.waiting = {}
        self.session = None
        self.complaints = []  # what the page wrote to the console as an error, and what it threw
        threading.Thread(target=self.listen, daemon=True).start()
        target = next(one for one in self.ask("Target.getTargets")["targetInfos"] if one["type"] == "page")
        self.session = self.ask("Target.attachToTarget", targetId=target["targetId"], flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.ask(f"{domain}.enable")
        self.ask("Emulation.setFocusEmulationEnabled", enabled=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        try:
            self.session = None
            self.ask("Browser.close")
            self.process.wait(5)
        except (Failure, OSError, subprocess.TimeoutExpired):
            pass
        if self.process.poll() is None:
            os.killpg(self.process.pid, 9)
            self.process.wait()
        shutil.rmtree(self.profile, ignore_errors=True)

    def listen(self):
        buffer = b""
        while True:
            piece = os.read(self.answers.fileno(), 1 << 16)
            if not piece:
                break
            *messages, buffer = (buffer + piece).split(b"\0")
            for message in map(json.loads, messages):
                if "id" in message:
                    self.waiting.pop(message["id"]).put(message)
                else:
                    self.note(message)
        for waiting in list(self.waiting.values()):
            waiting.put({"error": {"message": "the browser has ended"}})

    def note(self, message):
        told = message.get("params", {})
        if message["method"] == "Runtime.exceptionThrown":
            self.complaints.append(told["exceptionDetails"].get("exception", {}).get("description", "exception"))
        elif message["method"] == "Log.entryAdded" and told["entry"]["level"] == "error":
            self.complaints.append(f"{told['entry']['text']} {told['entry'].get('url', '')}".strip())

    def ask(self, method, **parameters):
        self.number += 1
        answer = self.waiting[self.number] = queue.Queue()
        message = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        self.orders.write(json.dumps(message).encode() + b"\0")
        self.orders.flush()
        try:
            told = answer.get(timeout=LIMIT + 10)
        except queue.Empty:
            raise Failure(f"{method} was not answered") from None
        if "error" in told:
            raise Failure(f"{method}: {told['error']['message']}")
        return told["result"]

    # -- the page

    def open(self, url):
        self.ask("Page.navigate", url=url)

    def run(self, script):
        """The value of an expression, awaited."""
        told = self.ask("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True, userGesture=True)
        if "exceptionDetails" in told:
            details = told["exceptionDetails"]
            raise Failure(details.get("exception", {}).get("description") or details["text"])
        return told["result"].get("value")

    def until(self, condition, limit=LIMIT):
        """Waits until an expression over the document is true, looking whenever the document changes or has loaded; gives its value."""
        script = """new Promise((done, fail) => {
            const test = () => { let value; try { value = (%s); } catch { return false; } if (value) done(value); return value; };
            if (test()) return;
            const watch = new MutationObserver(() => { if (test()) watch.disconnect(); });
            watch.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
            addEventListener('load', test);
            setTimeout(() => { watch.disconnect(); if (!test()) fail(new Error('waited in vain')); }, %d);
        })""" % (condition, limit * 1000)
        try:
            return self.run(script)
        except Failure as failure:
            # A page that is still being loaded takes what was waiting in it away.
            if "context" in str(failure) or "navigated" in str(failure):
                return self.until(condition, limit)
            seen = self.run("JSON.stringify({...document.body.dataset, text: document.body.innerText.slice(-600)})")
            raise Failure(f"waited in vain for {condition}: {seen}; {self.complaints}") from None

    def click(self, selector):
        """Clicks as a person does, at the middle of an element."""
        place = self.run(
            f"(() => {{ const e = document.querySelector({json.dumps(selector)}); e.scrollIntoView({{block: 'nearest'}});"
            " const r = e.getBoundingClientRect(); return [r.x + r.width / 2, r.y + r.height / 2]; })()")
        for kind in ("mousePressed", "mouseReleased"):
            self.ask("Input.dispatchMouseEvent", type=kind, x=place[0], y=place[1], button="left", clickCount=1)

    def key(self, key, code, number, kind=("keyDown", "keyUp"), text=None):
        for one in kind:
            extra = {"text": text} if text and one == "keyDown" else {}
            self.ask("Input.dispatchKeyEvent", type=one, key=key, code=code, windowsVirtualKeyCode=number, **extra)

    def type(self, text):
        self.ask("Input.insertText", text=text)

    def look(self, width=1100, height=800, scheme="light", phone=False):
        self.ask("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=2 if phone else 1, mobile=phone)
        self.ask("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])

    def shot(self, path):
        with open(path, "wb") as file:
            file.write(base64.b64decode(self.ask("Page.captureScreenshot", format="png")["data"]))
