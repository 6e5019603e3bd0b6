#!/usr/bin/env python3
"""Evidence of others and a system that is asked, over the command line. usage: evidence_test.py PATH-TO-PAWL"""
import base64
import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from tracker import SECRET, Tracker

PAWL = os.path.abspath(sys.argv.pop(1)) if len(sys.argv) > 1 else "pawl"

TEST = "https://in-toto.io/attestation/test-result/v0.1"
VSA = "https://slsa.dev/verification_summary/v1"
PROJECT = """apiVersion: pawl.dev/v1alpha1
kind: Project
metadata: { name: shop }
spec:
  layers: [{ name: web, manifests: manifests }]
  defaults: { target: { directory: live/$(environment) } }
  environments:
    - name: dev
    - name: production
      promotesFrom: [dev]
      gates: [GATES]
  people: { ada: keys/ada.pub }
  trust: { ci: [keys/ci.pub] }
"""
MANIFEST = "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: web }\ndata: { value: \"1\" }\n"


class Evidence(unittest.TestCase):
    def setUp(self):
        self.root = tempfile.mkdtemp(prefix="pawl-evidence-")
        self.project = self.root + "/project"
        os.makedirs(self.project + "/manifests")
        os.makedirs(self.project + "/keys")
        self.write(self.project + "/manifests/web.yaml", MANIFEST)
        self.env = {"PATH": os.environ["PATH"], "HOME": self.root, "XDG_STATE_HOME": self.root + "/state", "TZ": "UTC"}
        for name in ("ada", "ci", "mallory"):
            self.pawl("key", "new", f"{self.root}/{name}.pem", "--type", "ecdsa-p256")
            shutil.copy(f"{self.root}/{name}.pub", self.project + "/keys/")
        self.server = None

    def tearDown(self):
        if self.server:
            self.server.stop()
        shutil.rmtree(self.root, ignore_errors=True)

    def write(self, path, text):
        with open(path, "w", encoding="utf-8") as f:
            f.write(text)
        return path

    def start(self, gates):
        self.write(self.project + "/pawl.yaml", PROJECT.replace("GATES", gates))
        self.pawl("init")
        self.pawl("release", "1.0.0")
        self.pawl("promote", "--to", "dev")
        bundles = json.loads(self.pawl("plan", "--to", "production", "-o", "json").stdout)
        self.bundle = bundles["bundle"]

    def pawl(self, *arguments, by="", expect=0):
        env = {**self.env, **({"PAWL_KEY": f"{self.root}/{by}.pem"} if by else {})}
        done = subprocess.run([PAWL, *arguments], cwd=self.project, env=env, capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, expect, f"{arguments} by {by}\n{done.stdout}{done.stderr}")
        self.assertNotIn(SECRET, done.stdout + done.stderr)
        return done

    def gate(self, name="evidence"):
        done = subprocess.run([PAWL, "why", "1.0.0", "production", "-o", "json"], cwd=self.project, env=self.env, capture_output=True, text=True)
        return next(f"{g['state']}: {g['found']}" for g in json.loads(done.stdout)["gates"] if g["gate"] == name)

    def attest(self, predicate, type=TEST, by="ci", *more, **options):
        path = self.write(self.root + "/predicate.json", json.dumps(predicate))
        return self.pawl("attest", "1.0.0", "--in", "production", "--type", type, "--predicate", path, *more, by=by, **options)

    def envelope(self, predicate, type=TEST, about=None, key="ci"):
        """A DSSE envelope as another tool makes it: openssl signs, nothing of Pawl is in it."""
        subject = [{"name": "web", "digest": {"sha256": (about or self.bundle).removeprefix("sha256:")}}]
        payload = json.dumps({"_type": "https://in-toto.io/Statement/v1", "subject": subject, "predicateType": type, "predicate": predicate}).encode()
        kind = b"application/vnd.in-toto+json"
        pae = b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(payload), payload)
        signature = subprocess.run(["openssl", "dgst", "-sha256", "-sign", f"{self.root}/{key}.pem"], input=pae, capture_output=True, check=True)
        out = {"payload": base64.b64encode(payload).decode(), "payloadType": kind.decode(),
               "signatures": [{"keyid": "", "sig": base64.b64encode(signature.stdout).decode()}]}
        return self.write(self.root + "/envelope.json", json.dumps(out))

    def test_another_tools_envelope_lets_it_in(self):
        self.start("{ evidence: { predicateType: \"" + TEST + "\", from: [ci] } }")
        waits = self.pawl("promote", "--to", "production", expect=6).stdout
        self.assertIn("0 of 1 from ci", waits)
        self.pawl("attest", "1.0.0", "--in", "production", "--import", self.envelope({"result": "PASSED"}, key="mallory"), expect=4)
        self.pawl("attest", "1.0.0", "--in", "dev", "--import", self.envelope({"result": "PASSED"}), expect=7 if self.other_bundle() else 0)
        self.pawl("attest", "1.0.0", "--in", "production", "--import", self.envelope({"result": "PASSED"}))
        self.pawl("promote", "--to", "production")
        described = json.loads(self.pawl("describe", "promotion", "2", "-o", "json").stdout)["promotions"][0]
        gate = next(g for g in described["gates"] if g["gate"] == "evidence")
        listed = json.loads(self.pawl("attest", "1.0.0", "--in", "production", "--list", "-o", "json").stdout)["evidence"]
        self.assertEqual(gate["evidence"], [listed[0]["record"]])
        self.pawl("audit", "verify", "--replay")

    def other_bundle(self):
        done = self.pawl("describe", "release", "1.0.0", "-o", "json").stdout
        return sum(self.bundle in fact for fact in json.loads(done)["facts"]) == 1

    def test_a_no_blocks_until_a_newer_yes(self):
        self.start("{ evidence: { predicateType: \"" + TEST + "\", from: [ci], condition: \"predicate.coverage >= 80\" } }")
        self.attest({"coverage": 80})
        self.attest({"coverage": 79})
        self.assertIn("predicate.coverage >= 80 is false", self.gate())
        self.pawl("promote", "--to", "production", expect=1)
        self.attest({"covered": 99})
        self.assertIn("errs", self.gate())
        self.attest({"coverage": 81})
        self.pawl("promote", "--to", "production")

    def test_S5_a_verdict_of_elsewhere_or_by_another_or_that_says_less(self):
        gate = "{ evidence: { predicateType: \"" + VSA + "\", from: [ci], verifier: \"https://ci\", levels: [SLSA_BUILD_LEVEL_3] } }"
        self.start(gate)
        good = {"resourceUri": f"pawl:shop/production@{self.bundle}", "verifier": {"id": "https://ci"}, "verificationResult": "PASSED",
                "verifiedLevels": ["SLSA_BUILD_LEVEL_3"]}
        cases = [({"resourceUri": f"pawl:shop/dev@{self.bundle}"}, "it is about pawl:shop/dev@"),
                 ({"verifier": {"id": "https://other"}}, "its verifier is https://other, not https://ci"),
                 ({"verificationResult": "FAILED"}, "its result is FAILED"),
                 ({"verifiedLevels": ["SLSA_BUILD_LEVEL_2"]}, "it does not reach SLSA_BUILD_LEVEL_3")]
        for change, words in cases:
            self.attest({**good, **change}, VSA)
            self.assertIn("failed", self.gate())
            self.assertIn(words, self.gate())
            self.pawl("promote", "--to", "production", expect=1)
        self.attest(good, VSA)
        self.pawl("promote", "--to", "production")

    def test_bad_gates_are_named_all_at_once(self):
        self.write(self.project + "/pawl.yaml", PROJECT.replace("GATES", """
        - evidence: { predicateType: none, from: [cii], condition: "predicat.x == 1", count: 2 }
        - evidence: { predicateType: "https://example.com/scan/v1", from: [ci], verifier: x, condition: "'text'" }
        - external: { name: ticket, url: "http://change.example.com/", secretFrom: { env: "A-B" }, timeout: 1h, retries: 99 }
      """.rstrip() + "\n      "))
        with open(self.project + "/pawl.yaml", encoding="utf-8") as f:
            text = f.read()
        self.write(self.project + "/pawl.yaml", text.replace("gates: [\n", "gates:\n").replace("\n      ]", "\n"))
        self.pawl("init")
        said = self.pawl("release", "1.0.0", expect=2).stderr
        for words in ("\"none\" cannot be a predicate type", "\"cii\", which is neither", "did you mean \"ci\"?", "undeclared reference to 'predicat'",
                      "2 statements are wanted, but only 1", "evidence.verifier is of", "it comes to string, and not to bool", "no https:// URL",
                      "no variable's name", "not between 1ms and 2m", "at most 10 retries"):
            self.assertIn(words, said)
        self.assertRegex(said, r"pawl\.yaml:\d+:\d+: error")

    def tracker(self, *plan):
        self.server = Tracker(self.root, *plan)
        self.env["SSL_CERT_FILE"] = self.server.certificate
        self.env["CHANGE_SECRET"] = SECRET
        return self.server.url

    def external(self, *plan, more=""):
        url = self.tracker(*plan)
        self.start("{ external: { name: ticket, url: \"" + url + "\", secretFrom: { env: CHANGE_SECRET }" + more + " } }")
        del self.server.seen[:]

    def test_a_system_that_agrees_lets_it_in_and_is_asked_once(self):
        self.external({"answer": "waiting", "reason": "CHG-1 is in review", "until": "2099-01-01T00:00:00Z"})
        self.assertEqual(self.gate("external"), "waiting: ticket: CHG-1 is in review")
        del self.server.seen[:]
        self.pawl("promote", "--to", "production", "--reason", "friday", expect=6)
        self.assertEqual(len(self.server.seen), 1)
        self.server.plan = [{"answer": "passed", "reason": "CHG-1"}]
        self.pawl("status")
        self.assertEqual(len(self.server.seen), 1, "the home page asks nobody")
        self.pawl("promote", "--to", "production")
        self.assertEqual(len(self.server.seen), 2)
        good, body = self.server.seen[-1]
        self.assertTrue(good)
        self.assertEqual((body["project"], body["environment"], body["promotion"], body["release"], body["bundle"]),
                         ("shop", "production", 2, "1.0.0", self.bundle))
        described = json.loads(self.pawl("describe", "promotion", "2", "-o", "json").stdout)["promotions"][0]
        gate = next(g for g in described["gates"] if g["gate"] == "external")
        blob = f"{self.project}/.pawl/oci/blobs/sha256/{gate['evidence'][0].removeprefix('sha256:')}"
        with open(blob, encoding="utf-8") as f:
            self.assertIn("CHG-1", f.read())
        self.pawl("audit", "verify", "--replay")

    def test_a_no_blocks(self):
        self.external({"answer": "failed", "reason": "CHG-1 was declined"})
        self.pawl("promote", "--to", "production", expect=1)
        self.assertFalse(os.path.exists(self.project + "/live/production"))

    def test_S7_whatever_is_no_signed_answer_lets_nothing_in(self):
        self.external("unsigned", more=", retries: 1, timeout: 1s")
        for step in ("unsigned", "forged", "replayed", "large", "moved", "slow", "reset", 204, 404, 500, {"answer": "yes", "reason": ""}, {"answer": "passed"},
                     {"answer": "passed", "reason": "", "more": 1}, {}):
            self.server.plan = [302 if step == "moved" else step]
            del self.server.seen[:]
            self.assertTrue(self.gate("external").startswith("errored"), step)
        self.pawl("promote", "--to", "production", expect=9)
        self.assertFalse(os.path.exists(self.project + "/live/production"))

    def test_R11_a_system_that_is_busy_is_asked_again_a_bounded_number_of_times(self):
        self.external(503, "reset", {"answer": "passed", "reason": "CHG-1"})
        self.server.plan = [503, "reset", {"answer": "passed", "reason": "CHG-1"}]
        self.assertEqual(self.gate("external"), "passed: ticket: CHG-1")
        self.server.plan = [503]
        del self.server.seen[:]
        self.assertTrue(self.gate("external").startswith("errored"))
        self.assertEqual(len(self.server.seen), 3)

    def test_C1_the_secret_stands_nowhere(self):
        self.external({"answer": "passed", "reason": "CHG-1"})
        self.pawl("promote", "--to", "production")
        for folder, _, files in os.walk(self.project):
            for name in files:
                with open(os.path.join(folder, name), "rb") as f:
                    self.assertNotIn(SECRET.encode(), f.read(), name)
        del self.env["CHANGE_SECRET"]
        self.assertIn("CHANGE_SECRET is not set", self.gate("external"))
        self.env["CHANGE_SECRET"] = "short"
        self.assertIn("shorter than 16 bytes", self.gate("external"))


if __name__ == "__main__":
    unittest.main()
