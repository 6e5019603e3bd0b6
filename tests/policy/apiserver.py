"""A real kube-apiserver on loopback, over an etcd of its own, that tells what it asked its admission plugins."""
import http.client
import json
import os
import shutil
import socket
import ssl
import subprocess
import tempfile
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

TOKENS = {"system:admin": ("admin-token", ["system:masters"]), "ada": ("ada-token", ["system:masters", "sre"])}

AUDIT_POLICY = """
apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived]
rules: [{level: Metadata, verbs: [create, update, patch, delete]}]
"""


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Witness:
    """A webhook that changes nothing and remembers the requests that the apiserver shows it, before its policies."""

    def __init__(self, folder):
        self.certificate = os.path.join(folder, "witness.crt")
        key = os.path.join(folder, "witness.key")
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1"]
            + ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", self.certificate],
            check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.seen = []
        seen = self.seen

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                review = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                seen.append(review["request"])
                answer = {"apiVersion": review["apiVersion"], "kind": "AdmissionReview",
                          "response": {"uid": review["request"]["uid"], "allowed": True}}
                body = json.dumps(answer).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate, key)
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def configuration(self):
        import base64
        with open(self.certificate, "rb") as f:
            bundle = base64.b64encode(f.read()).decode()
        return {
            "apiVersion": "admissionregistration.k8s.io/v1", "kind": "MutatingWebhookConfiguration",
            "metadata": {"name": "witness"},
            "webhooks": [{
                "name": "witness.pawl.dev", "sideEffects": "None", "admissionReviewVersions": ["v1"],
                "failurePolicy": "Fail", "timeoutSeconds": 10,
                "clientConfig": {"url": f"https://127.0.0.1:{self.server.server_address[1]}/", "caBundle": bundle},
                "rules": [{"apiGroups": ["*"], "apiVersions": ["*"], "operations": ["*"], "resources": ["*/*"]}],
            }],
        }


class ApiServer:
    """Starts etcd and kube-apiserver and stops them. Use as a context manager."""

    program = os.environ.get("PAWL_KUBE_APISERVER", "")
    etcd = shutil.which("etcd")

    @classmethod
    def missing(cls):
        """What it takes and is not here: text, or None."""
        if not (cls.program and os.access(cls.program, os.X_OK)):
            return "kube-apiserver (PAWL_KUBE_APISERVER, built by .ci/run)"
        return None if cls.etcd else "etcd (Debian's etcd-server)"

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="pawl-apiserver-")
        self.processes = []
        self.connection = None
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        self.context.check_hostname = False
        self.context.verify_mode = ssl.CERT_NONE
        try:
            self._start()
        except BaseException:
            self.close()
            raise

    def _run(self, name, arguments):
        with open(os.path.join(self.folder, name + ".log"), "wb") as log:
            self.processes.append(subprocess.Popen(arguments, stdout=log, stderr=log, cwd=self.folder))

    def _file(self, name, text):
        path = os.path.join(self.folder, name)
        with open(path, "w", encoding="utf-8") as f:
            f.write(text)
        return path

    def _start(self):
        client, peer, self.port = free_port(), free_port(), free_port()
        self._run("etcd", [
            self.etcd, "--data-dir", "etcd", "--listen-client-urls", f"http://127.0.0.1:{client}",
            "--advertise-client-urls", f"http://127.0.0.1:{client}", "--listen-peer-urls", f"http://127.0.0.1:{peer}",
            "--initial-advertise-peer-urls", f"http://127.0.0.1:{peer}",
            "--initial-cluster", f"default=http://127.0.0.1:{peer}", "--unsafe-no-fsync"]
            if self._etcd_can("--unsafe-no-fsync") else [
            self.etcd, "--data-dir", "etcd", "--listen-client-urls", f"http://127.0.0.1:{client}",
            "--advertise-client-urls", f"http://127.0.0.1:{client}", "--listen-peer-urls", f"http://127.0.0.1:{peer}",
            "--initial-advertise-peer-urls", f"http://127.0.0.1:{peer}",
            "--initial-cluster", f"default=http://127.0.0.1:{peer}"])
        tokens = "".join(f'{token},{user},{user},"{",".join(groups)}"\n' for user, (token, groups) in TOKENS.items())
        key = os.path.join(self.folder, "sa.key")
        subprocess.run(["openssl", "genrsa", "-out", key, "2048"], check=True, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL)
        self.audit = os.path.join(self.folder, "audit.log")
        self._run("apiserver", [
            self.program, "--etcd-servers", f"http://127.0.0.1:{client}", "--bind-address", "127.0.0.1",
            "--secure-port", str(self.port), "--cert-dir", os.path.join(self.folder, "certs"),
            "--token-auth-file", self._file("tokens.csv", tokens), "--authorization-mode", "RBAC",
            "--service-account-issuer", "https://127.0.0.1", "--service-account-key-file", key,
            "--service-account-signing-key-file", key, "--service-cluster-ip-range", "10.0.0.0/24",
            "--disable-admission-plugins", "ServiceAccount", "--allow-privileged=true",
            "--audit-policy-file", self._file("audit.yaml", AUDIT_POLICY), "--audit-log-path", self.audit,
            "--endpoint-reconciler-type", "none"])
        self._wait_until_ready()
        self.witness = Witness(self.folder)
        self.must("POST", "/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations",
                  self.witness.configuration())

    def _etcd_can(self, flag):
        return flag in subprocess.run([self.etcd, "--help"], capture_output=True, text=True).stdout

    def _wait_until_ready(self):
        for _ in range(600):
            if any(process.poll() is not None for process in self.processes):
                break
            try:
                if self.request("GET", "/readyz")[0] == 200:
                    return
            except (OSError, http.client.HTTPException):
                pass
            time.sleep(0.2)
        with open(os.path.join(self.folder, "apiserver.log"), encoding="utf-8", errors="replace") as f:
            raise RuntimeError("kube-apiserver did not start: " + "".join(f.readlines()[-20:]))

    def _exchange(self, method, path, data, headers):
        """Over the connection that is open; a server may close one that was idle, and then another is opened."""
        again = self.connection is not None
        if self.connection is None:
            self.connection = http.client.HTTPSConnection("127.0.0.1", self.port, timeout=30, context=self.context)
        try:
            self.connection.request(method, path, data, headers)
            answer = self.connection.getresponse()
            return answer, answer.read().decode()
        except (OSError, http.client.HTTPException):
            self.connection.close()
            self.connection = None
            if not again:
                raise
        return self._exchange(method, path, data, headers)

    def request(self, method, path, body=None, user="system:admin"):
        """(status, answer, warnings, audit id)"""
        data = None if body is None else json.dumps(body).encode()
        headers = {"Authorization": "Bearer " + TOKENS[user][0], "Content-Type": "application/json",
                   "Accept": "application/json"}
        answer, text = self._exchange(method, path, data, headers)
        warnings = [line[len('299 - "'):-1].replace('\\"', '"').replace("\\\\", "\\")
                    for line in answer.headers.get_all("Warning") or []]
        parsed = json.loads(text) if "json" in answer.headers.get("Content-Type", "") else text
        return answer.status, parsed, warnings, answer.headers.get("Audit-Id")

    def must(self, method, path, body=None):
        status, answer, _, _ = self.request(method, path, body)
        if status >= 300:
            raise RuntimeError(f"{method} {path}: {status}: {answer}")
        return answer

    def annotations(self, audit_id):
        """Of the audit event of one request."""
        for _ in range(50):
            with open(self.audit, encoding="utf-8") as f:
                for line in f:
                    if audit_id in line:
                        return json.loads(line).get("annotations", {})
            time.sleep(0.05)
        return {}

    def close(self):
        for process in reversed(self.processes):
            process.terminate()
        for process in reversed(self.processes):
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
        if not os.environ.get("PAWL_KEEP"):
            shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
