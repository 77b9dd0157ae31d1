#!/usr/bin/env python3
"""A language model whose answers are known: chat completions in the OpenAI dialect, streamed, on a free port of this machine.

    model.py        prints its base URL, then serves until it is killed

Where a tool must be called it calls the first with the city of the question; asked to count it counts to forty; all else it
answers with two sentences. So a check of the wire does not hang on what a small model happens to say.
"""

import http.server
import json
import time

NUMBERS = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()
FORTY = NUMBERS + [f"{tens} {unit}".strip() for tens in ("twenty", "thirty") for unit in [""] + NUMBERS[:9]] + ["forty"]
ANSWER = "It takes two days and costs four euros. Shall I send it to you?"


def deltas(request):
    last = request["messages"][-1]
    if request.get("tools") and request.get("tool_choice", "auto") != "auto":
        function = {"name": request["tools"][0]["function"]["name"], "arguments": '{"city": "Oslo"}'}
        yield {"tool_calls": [{"index": 0, "id": "call_1", "type": "function", "function": function}]}
        return
    counts = last["role"] == "user" and "count" in str(last["content"]).lower()
    words = [f"{number.capitalize()}." for number in FORTY] if counts else ANSWER.split()
    for word in words:
        yield {"content": f"{word} "}


class Handler(http.server.BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def do_POST(self):
        request = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.end_headers()
        finish = "stop"
        try:
            for delta in deltas(request):
                finish = "tool_calls" if "tool_calls" in delta else finish
                self.send({"choices": [{"index": 0, "delta": delta}]})
                time.sleep(0.01)
            self.send({"choices": [{"index": 0, "delta": {}, "finish_reason": finish}]})
            self.send({"choices": [], "usage": {"prompt_tokens": 20, "completion_tokens": 20, "total_tokens": 40}})
            self.wfile.write(b"data: [DONE]\n\n")
        except (BrokenPipeError, ConnectionResetError):
            pass  # an answer that nobody wants any more

    def send(self, event):
        self.wfile.write(b"data: " + json.dumps(event).encode() + b"\n\n")
        self.wfile.flush()


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(f"http://127.0.0.1:{server.server_port}/v1", flush=True)
server.serve_forever()
