#!/usr/bin/env python3
"""A language model whose answers are known: chat completions in the OpenAI dialect, streamed, on a free port of this machine.

    model.py        prints its base URL, then serves until it is killed

Where a tool must be called it calls the first with the city of the question; asked to count it speaks for some twenty
seconds; all else it answers with two sentences. So a check of the wire does not hang on what a small model happens to say.
"""

import http.server
import json
import time

ANSWER = "It takes two days and costs four euros. Shall I send it to you?".split()
COUNTING = "One is counted.".split() * 20


def answer(request):
    """The deltas of an answer and why it ends."""
    last = request["messages"][-1]
    if request.get("tools") and request.get("tool_choice", "auto") != "auto":
        function = {"name": request["tools"][0]["function"]["name"], "arguments": '{"city": "Oslo"}'}
        return [{"tool_calls": [{"index": 0, "id": "call_1", "type": "function", "function": function}]}], "tool_calls"
    counts = last["role"] == "user" and "count" in str(last["content"]).lower()
    return [{"content": f"{word} "} for word in (COUNTING if counts else ANSWER)], "stop"


class Handler(http.server.BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def do_POST(self):
        request = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.end_headers()
        deltas, finish = answer(request)
        try:
            for delta in deltas:
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
