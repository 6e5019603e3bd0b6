#!/usr/bin/env python3
"""How the program talks: help, suggestions, errors, exit codes, machine output. usage: cli_test.py PATH-TO-PAWL"""
import fcntl
import http.server
import json
import os
import pty
import shutil
import signal
import ssl
import struct
import subprocess
import sys
import tempfile
import termios
import threading
import time
import unittest

PAWL = os.path.abspath(sys.argv.pop(1)) if len(sys.argv) > 1 else "pawl"
EXAMPLE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../examples/shop")


class Cli(unittest.TestCase):
    def setUp(self):
        self.root = tempfile.mkdtemp(prefix="pawl-cli-")
        self.env = {"PATH": os.environ["PATH"], "HOME": self.root, "XDG_STATE_HOME": self.root + "/state"}

    def tearDown(self):
        shutil.rmtree(self.root, ignore_errors=True)

    def pawl(self, *arguments, expect=0, cwd=None, env=None):
        result = subprocess.run([PAWL, *arguments], cwd=cwd or self.root, env={**self.env, **(env or {})}, capture_output=True, text=True, timeout=60)
        self.assertEqual(result.returncode, expect, f"{arguments}\n{result.stdout}{result.stderr}")
        return result

    def shop(self):
        folder = os.path.join(self.root, "shop")
        shutil.copytree(EXAMPLE, folder)
        self.pawl("init", cwd=folder)
        self.pawl("release", "1.0.0", cwd=folder)
        return folder

    def write_project(self, text):
        with open(os.path.join(self.root, "pawl.yaml"), "w") as f:
            f.write(text)

    def test_no_arguments_and_help_show_the_front_page(self):
        for arguments in ([], ["--help"], ["help"]):
            page = self.pawl(*arguments).stdout
            self.assertIn("pawl init && pawl release 1 && pawl promote --to dev", page)
        page = self.pawl("promote", "--help").stdout
        self.assertLess(page.index("Examples"), page.index("Usage"))
        self.assertIn("integrity", self.pawl("help", "exit-codes").stdout)

    def test_a_typo_gets_a_suggestion_and_runs_nothing(self):
        result = self.pawl("promot", expect=2)
        self.assertEqual(result.stdout, "")
        self.assertIn('did you mean "pawl promote"?', result.stderr)

    def test_without_a_project_the_way_out_is_named(self):
        result = self.pawl("status", expect=3)
        self.assertIn("pawl init", result.stderr)

    def test_every_error_of_a_file_at_once_with_its_place(self):
        self.write_project("apiVersion: pawl.dev/v1alpha1\nkind: Project\nmetadata: { name: x }\nspec:\n  layers: [{ name: a, manifests: m }]\n"
                           "  environments:\n    - name: dev\n      gate: []\n      target: { directory: d }\n    - { name: Prod }\n")
        self.pawl("init")
        result = self.pawl("render", "dev", expect=2)
        self.assertIn('pawl.yaml:8:7: error: unknown field "gate" in environments[0]', result.stderr)
        self.assertIn('did you mean "gates"?', result.stderr)
        self.assertIn("Prod", result.stderr)
        report = json.loads(self.pawl("render", "dev", "-o", "json", expect=2).stdout)
        self.assertFalse(report["valid"])
        errors = [d for d in report["diagnostics"] if d["severity"] == "error"]
        self.assertEqual(report["error_count"], len(errors))
        with open(os.path.join(self.root, "pawl.yaml")) as f:
            byte = f.read().index("gate:")
        self.assertEqual(errors[0]["range"]["start"], {"line": 8, "column": 7, "byte": byte})
        self.assertEqual(errors[0]["range"]["end"], {"line": 8, "column": 11, "byte": byte + 4})
        self.assertEqual(errors[0]["snippet"]["code"], "      gate: []")

    def test_json_of_every_view_parses_and_has_its_fields(self):
        folder = self.shop()
        self.pawl("promote", "--to", "dev", cwd=folder)
        for arguments, field in ((["status"], "environments"), (["get", "releases"], "releases"), (["history", "dev"], "visits"),
                                 (["why", "1.0.0", "staging"], "gates"), (["describe", "promotion", "1"], "promotions"),
                                 (["plan", "--to", "staging"], "changes"), (["drift", "dev"], "environments"), (["verify", "1.0.0"], "facts"),
                                 (["audit", "log"], "entries"), (["audit", "verify"], "root")):
            self.assertIn(field, json.loads(self.pawl(*arguments, "-o", "json", cwd=folder).stdout), arguments)
        self.assertEqual(self.pawl("get", "environments", "-o", "name", cwd=folder).stdout, "dev\nstaging\nproduction\n")

    def test_colour_only_where_it_is_wanted(self):
        folder = self.shop()
        self.assertNotIn("\x1b", self.pawl("promote", "--to", "dev", cwd=folder).stdout)
        self.assertIn("\x1b", self.pawl("verify", "1.0.0", cwd=folder, env={"CLICOLOR_FORCE": "1"}).stdout)
        self.assertNotIn("\x1b", self.pawl("verify", "1.0.0", cwd=folder, env={"CLICOLOR_FORCE": "1", "NO_COLOR": "1"}).stdout)

    def test_X8_control_characters_in_a_message_are_escaped(self):
        folder = os.path.join(self.root, "shop")
        shutil.copytree(EXAMPLE, folder)
        self.pawl("init", cwd=folder)
        self.pawl("release", "1.0.0", "-m", "fine\x1b[31m\nforged \u202e line", cwd=folder)
        listing = self.pawl("get", "releases", cwd=folder).stdout
        self.assertNotIn("\x1b", listing)
        self.assertNotIn("\u202e", listing)
        self.assertEqual(listing.count("\n"), 2)

    def test_schema_explain_completion(self):
        self.assertEqual(json.loads(self.pawl("schema").stdout)["$schema"], "http://json-schema.org/draft-07/schema#")
        self.assertIn("whoever asked never counts", self.pawl("explain", "environments.gates.approval").stdout)
        self.assertIn("did you mean", self.pawl("explain", "enviroments", expect=3).stderr)

    def test_a_release_that_is_there_is_not_cut_twice(self):
        folder = self.shop()
        self.assertTrue(json.loads(self.pawl("release", "1.0.0", "-o", "json", cwd=folder).stdout)["existed"])
        self.pawl("release", "1.0.1", cwd=folder)
        self.assertEqual(json.loads(self.pawl("get", "releases", "-o", "json", cwd=folder).stdout)["releases"][0]["versions"], ["1.0.0", "1.0.1"])
        shutil.copytree(os.path.join(folder, "changes/1.1.0"), folder, dirs_exist_ok=True)
        self.pawl("release", "1.0.0", cwd=folder, expect=7)

    def test_a_layer_alone_is_promoted_by_the_command_that_plan_prints(self):
        folder = self.shop()
        self.pawl("promote", "--to", "dev", cwd=folder)
        shutil.copytree(os.path.join(folder, "changes/1.1.0"), folder, dirs_exist_ok=True)
        self.pawl("release", "1.1.0", cwd=folder)
        plan = self.pawl("plan", "--to", "dev", "--layer", "web", cwd=folder).stdout
        command = plan.split("Next: pawl ")[1].split()
        self.assertIn("--layer", command)
        self.pawl(*command, cwd=folder)
        self.pawl("drift", "dev", cwd=folder)
        # What was put together from layers inherits no verification of the whole.
        self.pawl("promote", "1.1.0", "--to", "staging", cwd=folder, expect=0 if self.same_bundle(folder) else 1)

    def same_bundle(self, folder):
        """Whether the release's own bundle for dev is what the layer made."""
        head = json.loads(self.pawl("status", "-o", "json", cwd=folder).stdout)["environments"][0]["head"]["bundle"]
        facts = json.loads(self.pawl("describe", "release", "1.1.0", "-o", "json", cwd=folder).stdout)["facts"]
        return any(head in fact for fact in facts)

    def test_foreign_files_are_in_the_way_until_adopted_and_kept(self):
        folder = self.shop()
        os.makedirs(os.path.join(folder, "live/dev"))
        with open(os.path.join(folder, "live/dev/notes.txt"), "w") as f:
            f.write("mine")
        self.assertIn("--adopt", self.pawl("promote", "--to", "dev", cwd=folder, expect=7).stderr)
        self.assertIn("--yes", self.pawl("promote", "--to", "dev", "--adopt", cwd=folder, expect=2).stderr)
        self.pawl("promote", "--to", "dev", "--adopt", "--yes", cwd=folder)
        with open(os.path.join(folder, "live/dev/notes.txt")) as f:
            self.assertEqual(f.read(), "mine")

    # Completion, as the shells really ask for it.

    def completions(self, line, folder):
        """What bash offers behind `line`."""
        script = ("source <(pawl completion bash)\nCOMP_LINE=$1 COMP_POINT=${#1}\n_pawl\nprintf '%s\\n' \"${COMPREPLY[@]}\"\n")
        path = os.path.dirname(PAWL) + ":" + os.environ["PATH"]
        done = subprocess.run(["bash", "-c", script, "bash", line], cwd=folder, env={**self.env, "PATH": path}, capture_output=True, text=True, timeout=60)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return done.stdout.split()

    def test_bash_completes_verbs_flags_environments_and_releases(self):
        folder = self.shop()
        self.assertEqual(self.completions("pawl prom", folder), ["promote"])
        self.assertEqual(self.completions("pawl audit ", folder), ["log", "verify"])
        self.assertEqual(self.completions("pawl promote --to ", folder), ["dev", "staging", "production"])
        self.assertEqual(self.completions("pawl promote --to=st", folder), ["staging"])
        self.assertEqual(self.completions("pawl promote --dry", folder), ["--dry-run"])
        self.assertEqual(self.completions("pawl promote ", folder), ["1.0.0"])
        self.assertEqual(self.completions("pawl why 1.0.0 prod", folder), ["production"])
        self.assertEqual(self.completions("pawl diff dev live:d", folder), ["dev"])
        self.assertEqual(self.completions("pawl get -o json rel", folder), ["releases"])
        self.assertEqual(self.completions("pawl describe release ", folder), ["1.0.0"])

    def test_completion_without_a_project_is_silent(self):
        self.assertEqual(self.completions("pawl promote --to ", self.root), [])

    @unittest.skipUnless(shutil.which("zsh"), "zsh is not installed")
    def test_zsh_completes_environments_and_verbs(self):
        folder = self.shop()
        path = os.path.dirname(PAWL) + ":" + os.environ["PATH"]
        # What zsh's completion system would call stands here as functions that print.
        script = ("compdef() { : }; _files() { print :files }; compadd() { print -l -- ${@:2} }; source <(pawl completion zsh); "
                  "words=(pawl promote --to ''); CURRENT=4; _pawl; words=(pawl prom); CURRENT=2; _pawl; words=(pawl --store ''); CURRENT=3; _pawl")
        done = subprocess.run(["zsh", "-f", "-c", script], cwd=folder, env={**self.env, "PATH": path}, capture_output=True, text=True, timeout=60)
        self.assertEqual(done.stdout.split(), ["dev", "staging", "production", "promote", ":files"], done.stderr)

    @unittest.skipUnless(shutil.which("fish"), "fish is not installed")
    def test_fish_completes_environments(self):
        folder = self.shop()
        path = os.path.dirname(PAWL) + ":" + os.environ["PATH"]
        done = subprocess.run(["fish", "-c", "pawl completion fish | source; complete -C 'pawl promote --to '"], cwd=folder,
                              env={**self.env, "PATH": path}, capture_output=True, text=True, timeout=60)
        self.assertEqual(sorted(done.stdout.split()), ["dev", "production", "staging"])

    # On a terminal.

    def on_terminal(self, arguments, folder, keys=b"", rows=24, env=None):
        """What a person sees who types `keys`, and the exit code."""
        child, descriptor = pty.fork()
        if child == 0:
            os.chdir(folder)
            os.execve(PAWL, [PAWL, *arguments], {**self.env, "TERM": "xterm", "LANG": "C.UTF-8", **(env or {})})
        fcntl.ioctl(descriptor, termios.TIOCSWINSZ, struct.pack("HHHH", rows, 100, 0, 0))
        os.write(descriptor, keys)
        seen = b""
        while True:
            try:
                part = os.read(descriptor, 65536)
            except OSError:
                break
            if not part:
                break
            seen += part
        return seen.decode(), os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])

    def test_a_terminal_gets_colour_and_symbols(self):
        folder = self.shop()
        seen, code = self.on_terminal(["promote", "--to", "dev"], folder)
        self.assertEqual(code, 0)
        self.assertIn("\x1b[32m\u2713 ok\x1b[0m", seen)
        plain, _ = self.on_terminal(["promote", "--to", "dev"], folder, env={"TERM": "dumb"})
        self.assertNotIn("\x1b", plain)
        self.assertNotIn("\u2713", plain)

    def test_what_takes_long_shows_progress_and_leaves_nothing_of_it(self):
        folder = self.shop()
        with open(os.path.join(folder, "tests/smoke.sh"), "w") as f:
            f.write("#!/bin/sh\nsleep 0.6\n")
        self.pawl("release", "2.0.0", cwd=folder)
        seen, code = self.on_terminal(["promote", "--to", "dev"], folder)
        self.assertEqual(code, 0)
        self.assertIn("promote: check smoke", seen)
        self.assertTrue(seen.rsplit("\r\x1b[K", 1)[1].startswith("\x1b[32m"), seen)

    def test_severe_actions_ask_on_a_terminal(self):
        folder = self.shop()
        os.makedirs(os.path.join(folder, "live/dev"))
        with open(os.path.join(folder, "live/dev/notes.txt"), "w") as f:
            f.write("mine")
        seen, code = self.on_terminal(["promote", "--to", "dev", "--adopt"], folder, keys=b"n\n")
        self.assertIn("[y/N]", seen)
        self.assertEqual(code, 1)
        self.assertFalse(os.path.exists(os.path.join(folder, "live/dev/web")))
        _, code = self.on_terminal(["promote", "--to", "dev", "--adopt", "--no-input"], folder)
        self.assertEqual(code, 2)
        _, code = self.on_terminal(["promote", "--to", "dev", "--adopt"], folder, keys=b"n\n", env={"CI": "true"})
        self.assertEqual(code, 2)
        _, code = self.on_terminal(["promote", "--to", "dev", "--adopt"], folder, keys=b"y\n")
        self.assertEqual(code, 0)

    def test_long_output_is_paged_on_a_terminal_only(self):
        folder = self.shop()
        pager = {"PAGER": "sed 's/^/paged:/'"}
        seen, code = self.on_terminal(["render", "dev"], folder, rows=10, env=pager)
        self.assertEqual(code, 0)
        self.assertIn("paged:apiVersion", seen)
        for arguments, rows, env in ((["render", "dev"], 5000, pager), (["render", "dev", "--no-pager"], 10, pager), (["render", "dev"], 10, {**pager, "CI": "1"}),
                                     (["render", "dev"], 10, {"PAGER": "/nonexistent/pager"})):
            self.assertNotIn("paged:", self.on_terminal(arguments, folder, rows=rows, env=env)[0])
        self.assertNotIn("paged:", self.pawl("render", "dev", cwd=folder, env=pager).stdout)

    def test_the_second_interrupt_forces(self):
        folder = self.shop()
        with open(os.path.join(folder, "tests/smoke.sh"), "w") as f:
            f.write("#!/bin/sh\ntrap '' TERM\nsleep 30\n")
        self.pawl("release", "2.0.0", cwd=folder)
        child = subprocess.Popen([PAWL, "promote", "--to", "dev"], cwd=folder, env=self.env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        while not os.path.exists(os.path.join(folder, "live/dev")):
            time.sleep(0.02)
        time.sleep(0.3)
        child.send_signal(signal.SIGINT)
        time.sleep(0.3)
        start = time.time()
        child.send_signal(signal.SIGINT)
        child.communicate(timeout=20)
        self.assertEqual(child.returncode, 130)
        self.assertLess(time.time() - start, 1.5)
        shutil.copy(os.path.join(EXAMPLE, "tests/smoke.sh"), os.path.join(folder, "tests/smoke.sh"))
        self.assertIn("promotion 1", self.pawl("status", cwd=folder).stdout)

    def tls_server(self):
        """An HTTPS server that knows nothing: (port, its certificate's file, the paths that were asked for)."""
        certificate = os.path.join(self.root, "server.pem")
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=127.0.0.1", "-addext",
                        "subjectAltName=IP:127.0.0.1", "-keyout", certificate + ".key", "-out", certificate], check=True, capture_output=True)
        asked = []

        class Nothing(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                asked.append(self.path)
                self.send_error(404)
            do_HEAD = do_GET

            def log_message(self, *_):
                pass

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Nothing)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, certificate + ".key")
        server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        return server.server_address[1], certificate, asked

    def proxy(self):
        """A proxy that refuses: (port, the places that it was asked to connect to)."""
        asked = []

        class Refusing(http.server.BaseHTTPRequestHandler):
            def do_CONNECT(self):
                asked.append(self.path)
                self.send_error(403)

            def log_message(self, *_):
                pass

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Refusing)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        return server.server_address[1], asked

    def test_proxies_and_certificates_of_the_environment_are_honoured(self):
        folder = self.shop()
        with open(os.path.join(folder, "deploy/base/web.yaml")) as f:
            text = f.read()
        with open(os.path.join(folder, "deploy/base/web.yaml"), "w") as f:
            f.write(text.replace("ghcr.io/example/shop-web:1.0.0", "registry.example/web:9"))
        mirror, certificate, asked = self.tls_server()
        proxy, connected = self.proxy()
        env = {"PAWL_REGISTRY_MIRRORS": f"registry.example=https://127.0.0.1:{mirror}", "HTTPS_PROXY": f"http://127.0.0.1:{proxy}", "NO_PROXY": "127.0.0.1"}
        result = self.pawl("lock", cwd=folder, expect=8, env=env)
        self.assertEqual(asked, [])  # nobody vouches for the mirror's certificate
        self.assertIn("registry.example:443", connected)
        self.assertIn("registry.example", result.stderr)
        self.assertIn("Trying again can help.", result.stderr)
        self.pawl("lock", cwd=folder, expect=8, env={**env, "SSL_CERT_FILE": certificate})
        self.assertTrue(asked)

    def test_watching_renders_again_on_a_change_and_outlives_an_error(self):
        folder = self.shop()
        child = subprocess.Popen([PAWL, "render", "dev", "--watch", "--no-pin"], cwd=folder, env=self.env, stdout=subprocess.PIPE,
                                 stderr=subprocess.PIPE, text=True)

        def until_waiting():
            lines = []
            for line in child.stderr:
                lines.append(line)
                if line.startswith("waiting"):
                    return "".join(lines)
            self.fail("it ended: " + "".join(lines))

        try:
            until_waiting()
            manifest = os.path.join(folder, "deploy/base/web.yaml")
            with open(manifest) as f:
                text = f.read()
            for changed, expected in ((text + "]", "error"), (text.replace("8080", "8099"), "")):
                with open(manifest, "w") as f:
                    f.write(changed)
                self.assertIn(expected, until_waiting())
        finally:
            child.send_signal(signal.SIGINT)
        out, _ = child.communicate(timeout=20)
        self.assertEqual(child.returncode, 130)
        self.assertIn("8080", out)
        self.assertIn("8099", out)

    def test_beside_a_watch_a_new_process_prints_the_same(self):
        folder = self.shop()
        base = os.path.join(folder, "deploy/base")
        with open(os.path.join(base, "many.yaml"), "w") as f:
            f.write("---\n".join(f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{ name: many-{i} }}\n" for i in range(300)))
        kustomization = os.path.join(base, "kustomization.yaml")
        with open(kustomization) as f:
            text = f.read()
        with open(kustomization, "w") as f:
            f.write(text.replace("resources:\n", "resources:\n  - many.yaml\n"))
        env = {**self.env, "XDG_CACHE_HOME": os.path.join(folder, "cache")}
        socket = os.path.join(env["XDG_CACHE_HOME"], "pawl/watch/stamps")
        overlay = os.path.join(folder, "deploy/overlays/dev")

        def kustomize(own_env=env):
            return subprocess.run([PAWL, "kustomize", overlay], env=own_env, capture_output=True, text=True, check=True).stdout

        child = subprocess.Popen([PAWL, "render", "dev", "--watch", "--no-pin"], cwd=folder, env=env, stdout=subprocess.DEVNULL,
                                 stderr=subprocess.PIPE, text=True)
        try:
            next(line for line in child.stderr if line.startswith("waiting"))
            deadline = time.monotonic() + 10
            while not os.path.exists(socket):  # a thread of its own listens there
                self.assertLess(time.monotonic(), deadline)
                time.sleep(0.01)
            manifest = os.path.join(base, "many.yaml")
            for i in range(20):
                with open(manifest, "a") as f:
                    f.write(f"---\napiVersion: v1\nkind: ConfigMap\nmetadata: {{ name: more-{i} }}\n")
                printed = kustomize()
                self.assertIn(f"more-{i}\n", printed)
                self.assertEqual(printed, kustomize({**env, "XDG_CACHE_HOME": os.path.join(folder, f"other-{i}")}))
        finally:
            child.send_signal(signal.SIGINT)
            child.communicate(timeout=20)


if __name__ == "__main__":
    unittest.main(verbosity=2)
