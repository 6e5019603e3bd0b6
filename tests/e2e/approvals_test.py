#!/usr/bin/env python3
"""Three people, their keys and one store: who asks, who agrees, and who cannot. usage: approvals_test.py PATH-TO-PAWL"""
import datetime
import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

PAWL = os.path.abspath(sys.argv.pop(1)) if len(sys.argv) > 1 else "pawl"

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
      gates: [{ approval: { count: COUNT, from: [sre] } }]
  people: { ada: [keys/ada.pub, keys/laptop.pub], grace: keys/grace.pub, alan: keys/alan.pub }
  groups: { sre: [ada, grace, alan] }
  allow: { apply: [ada] }
"""
MANIFEST = "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: web }\ndata: { value: \"1\" }\n"


POLICY = """apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: { name: no-maps }
spec:
  matchConstraints: { resourceRules: [{ apiGroups: [""], apiVersions: ["*"], operations: ["*"], resources: [configmaps] }] }
  validations: [{ expression: "false" }]
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: { name: no-maps }
spec: { policyName: no-maps, validationActions: [Deny] }
"""
EXCEPTIONS = """  policySources: { own: { files: policies } }
  exceptions: { from: [sre], longest: 7d }
"""


class Approvals(unittest.TestCase):
    def setUp(self):
        self.root = tempfile.mkdtemp(prefix="pawl-approvals-")
        self.project = self.root + "/project"
        os.makedirs(self.project + "/manifests")
        self.write(self.project + "/manifests/web.yaml", MANIFEST)
        self.configure(2)
        self.env = {"PATH": os.environ["PATH"], "HOME": self.root, "XDG_STATE_HOME": self.root + "/state", "TZ": "UTC"}
        os.makedirs(self.project + "/keys")
        for person in ("ada", "laptop", "grace", "alan", "mallory"):
            self.pawl("key", "new", f"{self.root}/{person}.pem")
            shutil.copy(f"{self.root}/{person}.pub", self.project + "/keys/")
        self.pawl("init")
        self.pawl("release", "1.0.0")
        self.pawl("promote", "--to", "dev")

    def tearDown(self):
        shutil.rmtree(self.root, ignore_errors=True)

    def write(self, path, text):
        with open(path, "w", encoding="utf-8") as f:
            f.write(text)

    def configure(self, count):
        self.write(self.project + "/pawl.yaml", PROJECT.replace("COUNT", str(count)))

    def pawl(self, *arguments, by="", expect=0, cwd=None):
        env = {**self.env, **({"PAWL_KEY": f"{self.root}/{by}.pem"} if by else {})}
        done = subprocess.run([PAWL, *arguments], cwd=cwd or self.project, env=env, capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, expect, f"{arguments} by {by}\n{done.stdout}{done.stderr}")
        return done

    def live(self):
        return os.path.exists(self.project + "/live/production")

    def test_two_of_three_agree_and_somebody_goes_on(self):
        self.pawl("promote", "--to", "production", expect=4)
        asked = self.pawl("promote", "--to", "production", "--reason", "friday", by="ada", expect=6)
        self.assertIn("0 of 2 from sre", asked.stdout)
        self.pawl("approve", "2", "--comment", "looked at it", by="grace")
        self.pawl("promote", "--to", "production", by="grace", expect=6)
        self.pawl("approve", "production", by="alan")
        self.assertFalse(self.live())
        self.assertIn("ok", self.pawl("promote", "--to", "production", by="alan").stdout)
        described = json.loads(self.pawl("describe", "promotion", "2", "-o", "json").stdout)["promotions"][0]
        self.assertEqual(described["requester"], "ada")
        self.pawl("audit", "verify", "--replay")

    def test_S4_neither_whoever_asked_nor_a_stranger_nor_two_keys(self):
        self.pawl("promote", "--to", "production", by="ada", expect=6)
        self.pawl("approve", "2", by="ada", expect=4)
        self.pawl("approve", "2", by="laptop", expect=4)
        self.pawl("approve", "2", by="mallory", expect=4)
        self.pawl("approve", "2", expect=4)
        self.pawl("promote", "--to", "production", by="ada", expect=6)
        self.assertFalse(self.live())

    def test_on_another_machine_with_nothing_but_a_key(self):
        self.pawl("promote", "--to", "production", by="ada", expect=6)
        elsewhere = self.root + "/elsewhere"
        os.makedirs(elsewhere)
        self.write(elsewhere + "/request.json", self.pawl("approvals", "2", "--export").stdout)
        for person in ("grace", "alan"):
            record = self.pawl("approve", "--request", "request.json", "--comment", "from home", by=person, cwd=elsewhere).stdout
            self.write(f"{self.root}/{person}.json", record)
        self.pawl("approve", "--import", f"{self.root}/grace.json")
        self.assertIn("before", self.pawl("approve", "--import", f"{self.root}/grace.json").stdout)
        self.pawl("approve", "--import", f"{self.root}/alan.json")
        self.pawl("promote", "--to", "production", by="ada")

    def in_need_of_an_exception(self, folder):
        """A store of its own in `folder`, where ada asked for exception 1: the same in each."""
        shutil.copytree(self.project, folder, ignore=shutil.ignore_patterns(".pawl", "live"))
        os.makedirs(folder + "/policies")
        self.write(folder + "/policies/rules.yaml", POLICY)
        self.write(folder + "/pawl.yaml", PROJECT.replace("COUNT", "1") + EXCEPTIONS)
        self.pawl("init", cwd=folder)
        self.pawl("release", "1.0.0", cwd=folder)
        end = (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=3)).strftime("%Y-%m-%dT00:00:00Z")
        self.pawl("exception", "ask", "no-maps", "--in", "dev", "--reason", "for now", "--until", end, by="ada", cwd=folder)
        return folder

    def test_an_exception_is_answered_on_another_machine_with_nothing_but_a_key(self):
        store = self.in_need_of_an_exception(self.root + "/store")
        elsewhere = self.root + "/elsewhere"
        os.makedirs(elsewhere)
        self.write(elsewhere + "/request.json", self.pawl("exception", "list", "1", "--export", cwd=store).stdout)
        signed = self.pawl("exception", "approve", "--request", "request.json", by="grace", cwd=elsewhere).stdout
        self.assertEqual(os.listdir(elsewhere), ["request.json"])
        self.write(elsewhere + "/answer.json", signed)
        self.pawl("promote", "--to", "dev", cwd=store, expect=1)
        self.pawl("exception", "approve", "--import", elsewhere + "/answer.json", cwd=store)
        self.pawl("promote", "--to", "dev", cwd=store)
        self.pawl("audit", "verify", "--replay", cwd=store)

    def test_S3_what_was_said_to_an_exception_of_one_store_is_said_to_none_of_another(self):
        one = self.in_need_of_an_exception(self.root + "/one")
        other = self.in_need_of_an_exception(self.root + "/other")
        self.write(self.root + "/request.json", self.pawl("exception", "list", "1", "--export", cwd=one).stdout)
        signed = self.pawl("exception", "approve", "--request", self.root + "/request.json", by="grace").stdout
        self.write(self.root + "/answer.json", signed)
        refused = self.pawl("exception", "approve", "--import", self.root + "/answer.json", cwd=other, expect=7)
        self.assertIn("it is about an exception of another store", refused.stderr)
        self.pawl("promote", "--to", "dev", cwd=other, expect=1)

    def test_S3_what_was_signed_for_one_promotion_is_none_for_the_next(self):
        self.pawl("promote", "--to", "production", by="ada", expect=6)
        self.write(self.root + "/request.json", self.pawl("approvals", "2", "--export").stdout)
        self.write(self.root + "/grace.json", self.pawl("approve", "--request", self.root + "/request.json", by="grace").stdout)
        self.pawl("abort", "production", "--yes", by="ada")
        self.pawl("promote", "--to", "production", by="ada", expect=6)
        self.pawl("approve", "--import", self.root + "/grace.json", expect=7)
        with open(self.root + "/grace.json", encoding="utf-8") as f:
            changed = f.read().replace("dsseEnvelope", "dsseEnvelop")
        self.write(self.root + "/changed.json", changed)
        self.assertNotEqual(self.run_code("approve", "--import", self.root + "/changed.json"), 0)

    def test_S3_a_changed_configuration_voids_what_was_approved(self):
        self.pawl("promote", "--to", "production", by="ada", expect=6)
        self.pawl("approve", "2", by="grace")
        self.configure(1)
        self.pawl("apply", by="grace", expect=4)
        self.pawl("apply", by="ada")
        waiting = self.pawl("promote", "--to", "production", by="ada", expect=6).stdout
        self.assertIn("the plan is another one now", waiting)
        self.pawl("approve", "2", by="grace")
        self.pawl("promote", "--to", "production", by="ada")

    def test_a_rejection_ends_it(self):
        self.pawl("promote", "--to", "production", by="ada", expect=6)
        self.pawl("reject", "2", "--comment", "not on a friday", by="alan")
        self.pawl("approve", "2", by="grace", expect=7)
        described = json.loads(self.pawl("describe", "promotion", "2", "-o", "json").stdout)["promotions"][0]
        self.assertEqual((described["outcome"], described["reason"]), ("Blocked", "alan rejected it: not on a friday"))
        self.assertFalse(self.live())

    def test_waiting_ends_with_6_where_it_still_waits_and_goes_on_once_they_agree(self):
        self.configure(1)
        self.pawl("apply", by="ada")
        self.pawl("promote", "--to", "production", "--wait", "--timeout", "3s", by="ada", expect=6)
        waits = subprocess.Popen([PAWL, "promote", "--to", "production", "--wait", "--timeout", "50s"], cwd=self.project,
                                 env={**self.env, "PAWL_KEY": self.root + "/ada.pem"}, stdout=subprocess.DEVNULL)
        try:
            self.pawl("approve", "2", by="grace")
            self.assertEqual(waits.wait(timeout=55), 0)
        finally:
            waits.kill()
            waits.wait()
        self.assertTrue(self.live())

    def test_a_freeze_holds_what_was_approved(self):
        self.pawl("promote", "--to", "production", by="ada", expect=6)
        self.pawl("approve", "2", by="grace")
        self.pawl("approve", "2", by="alan")
        self.pawl("freeze", "production", "--reason", "incident 12", "--until", "4h", by="alan")
        self.assertIn("incident 12", self.pawl("promote", "--to", "production", by="ada", expect=6).stdout)
        self.pawl("freeze", "production", "--off", by="alan")
        self.pawl("promote", "--to", "production", by="ada")

    def run_code(self, *arguments):
        return subprocess.run([PAWL, *arguments], cwd=self.project, env=self.env, capture_output=True, timeout=60).returncode


if __name__ == "__main__":
    unittest.main()
