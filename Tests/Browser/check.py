#!/usr/bin/env python3
"""Uses the page of a running server as a person does, in Chromium without a window.

    check.py STEP --url http://127.0.0.1:7350/ [--voice FILE.wav] [--key KEY] [--shots FOLDER]

    talk       speaks, is understood and answered aloud, and interrupts; needs --voice
    linear     the same where the browser has no WebCodecs
    reconnect  loses the network in the middle of a reply and goes on; needs --voice
    stall      the same where the network falls silent without a word
    type       has no microphone: types, interrupts by key, hangs up, calls again
    keys       mutes and pushes to talk by keyboard; needs --voice
    key        is asked for an API key; needs --key
    embed      uses the module in a page of another origin, as Browser.md shows it; needs --voice
    rules      the rules of playing and resampling, without a server's sound

The voice is the microphone, again and again: some seconds of silence, a short question, more silence. The agent must answer at length.
Needs Python 3.9 and Chromium (`apt-get install chromium`), nothing else. Ends with 0 when all was as it should be, with 77 and a message where
there is no Chromium, else with 1.
"""

import argparse
import http.server
import json
import os
import sys
import threading
import time
import urllib.request

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import devtools
import rules
from devtools import Browser, Failure
from relay import Relay

# Words that were heard of an answer, not of the greeting: that may be cut short before anything of it was heard.
ANSWERED = "document.querySelectorAll('.caller ~ .agent-said .word.heard').length"
STATE = "document.body.dataset.state"
STATUS = "document.body.dataset.status"
METER = "Number(document.getElementById('meter-%s').getAttribute('aria-valuenow'))"
SAID = "document.querySelectorAll('.caller:not(.partial)').length"
HEARD = "document.querySelectorAll('.word.heard').length"

# What the page showed and when, in milliseconds; kept from the moment that this runs.
DIARY = """(() => {
    window.diary = [];
    let last = '';
    const look = () => {
        const now = [document.body.dataset.state, %s, document.querySelectorAll('.broken').length];
        if (String(now) !== last) diary.push([performance.now(), ...now]);
        last = String(now);
    };
    new MutationObserver(look).observe(document, {subtree: true, childList: true, attributes: true});
    look();
})()""" % (METER % "agent")


def expect(condition, what):
    if not condition:
        raise Failure(what)


class Visit:
    """One person before one page."""

    def __init__(self, options, voice=True):
        self.options = options
        self.browser = Browser(voice=options.voice if voice else None)

    def __enter__(self):
        self.browser.__enter__()
        self.browser.look()
        return self

    def __exit__(self, *error):
        if error[0] is None:
            self.shot("end")
        self.browser.__exit__(*error)

    def shot(self, name):
        if self.options.shots:
            os.makedirs(self.options.shots, exist_ok=True)
            self.browser.shot(os.path.join(self.options.shots, f"{self.options.step}-{name}.png"))

    def arrive(self, url=None):
        self.browser.open(url or self.options.url)
        self.browser.until("document.body.dataset.view === 'lobby'")
        expect(self.browser.run("document.querySelectorAll('#agents input').length > 0"), "no agent can be chosen")
        expect(self.browser.run("document.querySelectorAll('#agents input:checked').length === 1"), "no agent is chosen beforehand")
        self.shot("lobby")

    def call(self, button=".primary"):
        self.browser.click(f"#lobby {button}")
        self.browser.until(f"{STATUS} === 'open'")

    def say(self, text):
        self.browser.run("document.getElementById('say-text').focus()")
        self.browser.type(text)
        self.browser.key("Enter", "Enter", 13, text="\r")

    def end(self):
        expect(not self.browser.complaints, f"the page complained: {self.browser.complaints}")


def talk(options, before=""):
    with Visit(options) as visit:
        page = visit.browser
        if before:
            page.ask("Page.addScriptToEvaluateOnNewDocument", source=before)
        visit.arrive()
        page.run(DIARY)
        visit.call()
        page.until(f"{HEARD} > 0 && {METER % 'agent'} > 0")
        visit.shot("greeting")
        page.until(f"{METER % 'caller'} > 0")
        page.until(f"{SAID} > 0")
        visit.shot("understood")
        page.until(f"{STATE} === 'speaking' && {METER % 'agent'} > 0 && {ANSWERED} > 0")
        visit.shot("speaking")
        page.until("document.querySelectorAll('.broken').length > 0 && document.querySelectorAll('.word.unheard').length > 0")
        visit.shot("interrupted")
        page.until("document.querySelectorAll('.latency .bar i').length > 0")
        diary = page.run("diary")
        # From the moment that it gave way the loudspeaker is still, until another reply begins; a meter tells of the 40 ms before it.
        broken = next(place for place, (_, _, _, count) in enumerate(diary) if count > 0)
        gave_way = max(place for place in range(broken) if diary[place][1] == "speaking") + 1
        speaks = next((place for place in range(broken, len(diary)) if diary[place][1] == "speaking"), len(diary))
        stop = diary[gave_way][0]
        sounds = [(round(time - stop), meter) for time, _, meter, _ in diary[gave_way:speaks] if time > stop + 150 and meter > 0]
        expect(not sounds, f"the agent went on sounding after it was interrupted: {sounds}")
        page.click("#end")
        page.until(f"{STATUS} === 'closed'")
        visit.end()


def linear(options):
    talk(options, before="delete globalThis.AudioEncoder; delete globalThis.AudioDecoder;")


def reconnect(options, is_silent=False):
    relay = Relay(int(options.url.split(":")[2].split("/")[0]))
    with Visit(options) as visit:
        page = visit.browser
        visit.arrive(f"http://127.0.0.1:{relay.port}/")
        visit.call()
        visit.say("tell me the long story")
        page.until(f"{METER % 'agent'} > 0 && {ANSWERED} > 3")
        heard = page.run(ANSWERED)
        if is_silent:
            relay.stall()
        else:
            relay.cut()
        page.until(f"{STATUS} === 'reconnecting'")
        # Old sound does not go on while nobody listens.
        page.until(f"{METER % 'agent'} === 0")
        visit.shot("lost")
        relay.mend()
        page.until(f"{STATUS} === 'open'")
        page.until(f"{ANSWERED} > {heard}")
        visit.shot("back")
        text = page.run("document.getElementById('transcript').innerText")
        expect("tell me the long story" in text, f"what was said is gone: {text}")
        expect("goes on" in text and "new one began" not in text, f"another call began: {text}")
        page.complaints = [one for one in page.complaints if "WebSocket" not in one and "ERR_" not in one]
        visit.end()


def stall(options):
    reconnect(options, is_silent=True)


def type_(options):
    with Visit(options, voice=False) as visit:
        page = visit.browser
        visit.arrive()
        visit.call()
        page.until("document.getElementById('notice').textContent !== ''")
        expect(page.run("document.getElementById('mic').disabled"), "there is a microphone")
        visit.shot("no-microphone")
        visit.say("tell me the long story")
        page.until(f"{STATE} === 'speaking' && {ANSWERED} > 3")
        page.key("Escape", "Escape", 27)
        page.until("document.querySelectorAll('.broken').length > 0")
        page.until(f"{METER % 'agent'} === 0")
        page.click("#end")
        page.until(f"{STATUS} === 'closed' && !document.getElementById('after').hidden")
        visit.shot("ended")
        page.click("#redial")
        page.until(f"{STATUS} === 'open'")
        expect(page.run(SAID) > 0, "what was said is gone")
        visit.end()


def keys(options):
    with Visit(options) as visit:
        page = visit.browser
        visit.arrive()
        # The lobby by keyboard alone: the chosen agent has the focus, Enter calls.
        page.run("document.querySelector('#agents input:checked').focus()")
        page.key("Enter", "Enter", 13, text="\r")
        page.until(f"{STATUS} === 'open' && document.body.dataset.microphone === 'on'")
        page.key("m", "KeyM", 77, text="m")
        page.until("document.getElementById('mic').getAttribute('aria-pressed') === 'true' && document.body.dataset.microphone === 'off'")
        visit.shot("muted")
        page.key("m", "KeyM", 77, text="m")
        page.until(f"document.body.dataset.microphone === 'on' && {METER % 'caller'} > 0")
        page.click("#ptt")
        page.run("document.activeElement.blur()")
        page.until("document.body.dataset.microphone === 'off'")
        before = page.run(SAID)
        page.key(" ", "Space", 32, kind=("keyDown",), text=" ")
        page.until(f"document.body.dataset.microphone === 'on' && {METER % 'caller'} > 20 && {STATE} === 'hearing'")
        visit.shot("talking")
        page.key(" ", "Space", 32, kind=("keyUp",))
        page.until(f"document.body.dataset.microphone === 'off' && {SAID} > {before}")
        visit.end()


def key(options):
    with Visit(options, voice=False) as visit:
        page = visit.browser
        page.open(options.url)
        page.until("document.body.dataset.view === 'key'")
        visit.shot("asked")
        for given in ("wrong", options.key):
            page.run("document.getElementById('key-text').focus()")
            page.type(given)
            page.click("#key button")
            page.until("document.body.dataset.view === 'lobby' || document.getElementById('key-fault').textContent !== ''")
        page.until("document.body.dataset.view === 'lobby'")
        visit.call(".quiet")
        page.until(f"{HEARD} > 0")
        page.complaints = [one for one in page.complaints if "401" not in one]
        visit.end()


def example(url):
    """The page of Browser.md, with this server's address and an agent that it has."""
    document = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../Sources/Gateway/Gateway.docc/Browser.md")
    with open(document, encoding="utf-8") as file:
        page = file.read().split("```html\n")[1].split("```")[0]
    with urllib.request.urlopen(url + "v1/agents") as answer:
        agent = json.load(answer)["default"]
    return page.replace("http://127.0.0.1:7350/", url).replace("assistant.en", agent)


def serve(page):
    """Serves one page at an origin of its own; gives the port."""
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200 if self.path == "/" else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(page.encode() if self.path == "/" else b"")

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.server_address[1]


def embed(options):
    with Visit(options) as visit:
        page = visit.browser
        page.open(f"http://127.0.0.1:{serve(example(options.url))}/")
        # A module runs when the document is there, which no change of the document tells.
        page.until("document.readyState === 'complete' && document.querySelector('button').onclick !== null")
        page.click("button")
        page.until("document.body.innerText.includes('agent: ') && document.body.innerText.includes('you: ')")
        page.click("button")
        page.until("document.body.innerText.includes('ended: caller')")
        page.complaints = [one for one in page.complaints if "favicon" not in one]
        visit.end()


def run_rules(options):
    with Visit(options, voice=False) as visit:
        visit.browser.open(options.url)
        visit.browser.until("document.readyState === 'complete'")
        for name, script in rules.ALL.items():
            told = visit.browser.run(f"import('/parley-worklet.js').then((module) => {{ {rules.TOOLS} {script} }})")
            expect(told is None, f"{name}: {told}")


STEPS = {
    "talk": talk, "linear": linear, "reconnect": reconnect, "stall": stall, "type": type_, "keys": keys, "key": key, "embed": embed, "rules": run_rules,
}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("step", choices=STEPS)
    parser.add_argument("--url", required=True)
    parser.add_argument("--voice")
    parser.add_argument("--key")
    parser.add_argument("--shots")
    options = parser.parse_args()
    if not devtools.program():
        print("skipped: there is no Chromium; install the package chromium, or name one in PARLEY_CHROMIUM")
        return 77
    begin = time.monotonic()
    try:
        STEPS[options.step](options)
    except Failure as failure:
        print(f"{options.step}: {failure}")
        return 1
    print(f"{options.step}: as it should be, {time.monotonic() - begin:.1f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
