"""A system that a gate asks, over TLS on loopback: it signs its answers, and does wrong what a test tells it to."""
import hashlib
import hmac
import http.server
import json
import ssl
import subprocess
import threading
import time

SECRET = "0123456789abcdef-canary"


def sign(secret, stamp, text):
    return hmac.new(secret.encode(), stamp.encode() + b"." + text, hashlib.sha256).hexdigest()


class Tracker(http.server.ThreadingHTTPServer):
    """Runs until stop(). `plan` says, request by request, what it does; the last one is repeated. `seen` is what it was asked,
    each with whether it was signed well. Only whoever trusts `certificate`, a file in the folder, believes it."""

    def __init__(self, folder, *plan):
        key, self.certificate = folder + "/tls.key", folder + "/tls.crt"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", self.certificate, "-days", "2",
                        "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"], check=True, capture_output=True)
        super().__init__(("127.0.0.1", 0), Answer)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate, key)
        self.socket = context.wrap_socket(self.socket, server_side=True)
        self.plan, self.seen, self.seen_macs = list(plan), [], []
        self.url = f"https://localhost:{self.server_port}/check"
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def stop(self):
        self.shutdown()
        self.server_close()


class Answer(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        header = self.headers["Pawl-Signature"]
        stamp, mac = (part.split("=", 1)[1] for part in header.split(","))
        good = hmac.compare_digest(mac, sign(SECRET, stamp, body))
        self.server.seen.append((good, json.loads(body)))
        step = self.server.plan[min(len(self.server.seen), len(self.server.plan)) - 1]
        if step == "slow":
            time.sleep(3)
        if step == "reset":
            self.connection.close()
            return
        status = step if isinstance(step, int) else 200
        answer = step if isinstance(step, dict) else {"answer": "passed", "reason": "CHG-1"}
        out = json.dumps(answer).encode() if step != "large" else b"x" * 100_000
        key = "another secret!!" if step == "forged" else SECRET
        about = self.server.seen_macs[-1] if step == "replayed" and self.server.seen_macs else mac
        self.server.seen_macs.append(mac)
        self.send_response(status)
        self.send_header("Content-Length", str(len(out)))
        if step == "moved":
            self.send_header("Location", "http://127.0.0.1:1/")
        if step != "unsigned":
            self.send_header("Pawl-Signature", f"t={stamp},v1={sign(key, stamp, about.encode() + b'.' + out)}")
        self.end_headers()
        try:
            self.wfile.write(out)
        except OSError:
            pass  # whoever asked has had enough

    def log_message(self, *_):
        pass
