#!/usr/bin/env python3
"""A change board for the `external` gate: it says yes once a file says "approved".

usage: change_board.py TICKET-FILE PORT-FILE, with the secret in CHANGE_SECRET

Listens on this machine alone, on a port that is free, which it writes to PORT-FILE. docs/evidence.md has the protocol.
"""
import hashlib
import hmac
import http.server
import json
import os
import sys
import time

SECRET = os.environ["CHANGE_SECRET"].encode()
LARGEST = 64 << 10
OLDEST = 300  # seconds


def sign(*parts):
    return hmac.new(SECRET, b".".join(parts), hashlib.sha256).hexdigest()


class Board(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(min(int(self.headers.get("Content-Length", "0")), LARGEST))
        asked = dict(part.partition("=")[::2] for part in self.headers.get("Pawl-Signature", "").split(","))
        then, signature = asked.get("t", ""), asked.get("v1", "")
        fresh = then.isdigit() and abs(time.time() - int(then)) <= OLDEST
        if not fresh or not hmac.compare_digest(signature, sign(then.encode(), body)):
            self.send_error(403, "not signed with the secret")
            return
        self.answer(signature, self.word_on(json.loads(body)))

    def word_on(self, question):
        with open(sys.argv[1]) as f:
            approved = f.read().strip() == "approved"
        if approved:
            return {"answer": "passed", "reason": f"the board agreed to {question['release']}"}
        return {"answer": "waiting", "reason": "the board has not met yet"}

    def answer(self, question_signature, word):
        body = json.dumps(word).encode()
        now = str(int(time.time()))
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Pawl-Signature", f"t={now},v1={sign(now.encode(), question_signature.encode(), body)}")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Board)
with open(sys.argv[2] + ".new", "w") as f:
    f.write(str(server.server_port))
os.rename(sys.argv[2] + ".new", sys.argv[2])
server.serve_forever()
