#!/usr/bin/env python3
"""A language model that breaks: streams the first part of an answer as OpenAI chunks, then closes the connection.

Usage: half_answer.py PORT-FILE     Writes the port it listens on into the file.
"""
import http.server
import json
import sys
import time

PIECES = ["You can change ", "your address in the app. ", "It takes effect within", " one"]


class HalfAnswer(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for piece in PIECES:
            event = {"id": "half", "object": "chat.completion.chunk", "model": "half",
                     "choices": [{"index": 0, "delta": {"content": piece}, "finish_reason": None}]}
            data = b"data: " + json.dumps(event).encode() + b"\n\n"
            self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))
            self.wfile.flush()
            time.sleep(0.05)
        self.close_connection = True  # without the last chunk: broken off, not ended

    def log_message(self, *arguments):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), HalfAnswer)
with open(sys.argv[1], "w") as file:
    file.write(str(server.server_address[1]))
server.serve_forever()
