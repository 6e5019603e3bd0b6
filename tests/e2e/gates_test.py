#!/usr/bin/env python3
"""podinfo's releases through every gate there is, and each gate alone in the way. usage: gates_test.py PATH-TO-PAWL

Skips, by name, what is absent; under CI that is a failure.
"""
import json
import os
import shutil
import time
import unittest

import podinfo
from podinfo import VERSIONS
from tracker import SECRET, Tracker

TEST = "https://in-toto.io/attestation/test-result/v0.1"

# How production is entered. A test puts one other line in.
GATES = {
    "soak": "soak: 1s",
    "approval": "approval: { count: 2, from: [sre] }",
    "window": 'window: { schedule: "0 0 * * *", duration: 24h, timeZone: UTC }',
    "evidence": 'evidence: { predicateType: "' + TEST + '", from: [ci] }',
    "external": 'external: { name: ticket, url: "URL", secretFrom: { env: CHANGE_SECRET } }',
}
RULES = {
    "changes": '{ fields: ["*.image", "*.command*", "*.serviceAccountName", spec.minReplicas], most: 22 }',
    "registries": "[ghcr.io/stefanprodan/podinfo, docker.io/library/redis]",
}
PRODUCTION = """      labels: {{ tier: production }}
      gates:
{gates}
      allowedChanges: {changes}
  people: {{ ada: keys/ada.pub, grace: keys/grace.pub, alan: keys/alan.pub }}
  groups: {{ sre: [ada, grace, alan] }}
  trust: {{ ci: [keys/ci.pub] }}
  exceptions: {{ count: 1, from: [sre], longest: 7d }}
  policySources: {{ own: {{ files: policies }} }}
  policyBindings:
    - {{ policy: scales-to-two, environments: {{ tier: production }} }}
    - {{ policy: allowed-registries, environments: {{ tier: production }}, params: {{ registries: {registries} }} }}
    - {{ policy: pod-security-baseline }}
    - {{ policy: clean-commit }}
"""
# podinfo's backend is scaled down to one, and until 6.14.1 its frontend was too.
POLICY = """apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: { name: scales-to-two }
spec:
  matchConstraints:
    resourceRules: [{ apiGroups: [autoscaling], apiVersions: ["*"], operations: [CREATE, UPDATE], resources: [horizontalpodautoscalers] }]
  validations:
    - expression: object.spec.?minReplicas.orValue(1) >= 2
      messageExpression: "object.metadata.name + ' may be scaled down to one'"
"""


class GatesCase(podinfo.PodinfoCase):
    def setUp(self):
        super().setUp()
        self.tracker = Tracker(self.root, {"answer": "passed", "reason": "CHG-1"})
        self.env.update({"SSL_CERT_FILE": self.tracker.certificate, "CHANGE_SECRET": SECRET})
        os.makedirs(self.repo + "/keys")
        os.makedirs(self.repo + "/policies")
        for name in ("ada", "grace", "alan", "ci"):
            self.pawl("key", "new", f"{self.root}/{name}.pem")
            shutil.copy(f"{self.root}/{name}.pub", self.repo + "/keys/")
        self.write(self.repo + "/policies/scales-to-two.yaml", POLICY)
        self.configure()

    def tearDown(self):
        self.tracker.stop()
        super().tearDown()

    def write(self, path, text):
        with open(path, "w", encoding="utf-8") as f:
            f.write(text)
        return path

    def configure(self, **other):
        lines = {**GATES, **RULES, **other}
        gates = "\n".join(f"        - {lines[name]}" for name in GATES).replace("URL", self.tracker.url)
        self.write_project(PRODUCTION.format(gates=gates, changes=lines["changes"], registries=lines["registries"]))

    def by(self, who):
        return {**self.env, "PAWL_KEY": f"{self.root}/{who}.pem"}

    def cut(self, version):
        """The release, promoted to dev and staging, and there for longer than the soak asks for."""
        self.pawl("lock")
        self.release(version)
        self.pawl("promote", "--to", "dev")
        self.pawl("promote", "--to", "staging")
        time.sleep(1)

    def attest(self, version, result):
        path = self.write(self.root + "/result.json", json.dumps({"result": result}))
        self.pawl("attest", version, "--in", "production", "--type", TEST, "--predicate", path, env=self.by("ci"))

    def depart(self, until="7d"):
        self.pawl("exception", "ask", "scales-to-two", "--in", "production", "--object", "*/HorizontalPodAutoscaler/*end", "--reason", "one will do",
                  "--until", until, env=self.by("ada"))
        self.pawl("exception", "approve", "1", env=self.by("grace"))

    def ask(self, version):
        done = self.run_pawl("promote", version, "--to", "production", "-o", "json", env=self.by("ada"))
        self.assertTrue(done.stdout, done.stderr)
        answer = json.loads(done.stdout)
        return done.returncode, {g["gate"]: g["state"] for g in answer["promotion"]["gates"] if g["state"] != "passed"}

    def enter(self, version, approvers=("grace", "alan")):
        """Asks for production, has people agree where it waits, and goes on: the exit code, and the gates that do not pass."""
        code, waiting = self.ask(version)
        if code != 6:
            return code, waiting
        for who in approvers:
            self.pawl("approve", "production", env=self.by(who))
        return self.ask(version)


class Gates(GatesCase):
    def test_three_releases_through_every_gate(self):
        for number, version in enumerate(VERSIONS):
            self.cut(version)
            if number == 0:
                self.depart()
            self.attest(version, "PASSED")
            self.assertEqual(self.enter(version), (0, {}))
            latest = self.json("get", "promotions", "--limit", "1")["promotions"][0]
            described = self.json("describe", "promotion", str(latest["number"]))["promotions"][0]
            self.assertEqual({g["gate"] for g in described["gates"]}, {"upstream", *GATES, "policy"})
            policy = next(g for g in described["gates"] if g["gate"] == "policy")
            self.assertIn("exception 1 lets", " ".join(policy["details"]))
        self.assertEqual({h["version"] for h in self.heads().values()}, {VERSIONS[2]})
        self.pawl("rollback", "production", "--reason", "latency", env=self.by("grace"))
        self.assertEqual(self.heads()["production"]["version"], VERSIONS[1])
        self.pawl("audit", "verify", "--replay")


class Blocked(GatesCase):
    """Everything that lets the first release in is there, but for one thing."""

    def expect(self, code, gate, state, found):
        """Nothing was applied, and no gate is in the way but this one (and approvals, which nobody gives where another says no)."""
        self.assertEqual(found[0], code, found)
        self.assertEqual(found[1].pop(gate, None), state, found)
        self.assertLessEqual(set(found[1]), {"approval"} if code == 1 else set(), found)
        self.assertFalse(os.path.exists(self.repo + "/live/production"))
        self.assertIsNone(self.heads()["production"])

    def prepare(self, **other):
        self.configure(**other)
        self.cut(VERSIONS[0])
        self.depart()
        self.attest(VERSIONS[0], "PASSED")

    def test_by_upstream(self):
        self.prepare()
        self.checkout(VERSIONS[1])
        self.pawl("lock")
        self.release(VERSIONS[1])
        self.pawl("promote", "--to", "dev")
        self.attest(VERSIONS[1], "PASSED")
        code, gates = self.enter(VERSIONS[1])
        self.assertEqual(gates.pop("soak"), "waiting", "no time counts where it is not verified")
        self.expect(1, "upstream", "failed", (code, gates))

    def test_by_soak(self):
        self.prepare(soak="soak: 24h")
        self.expect(6, "soak", "waiting", self.enter(VERSIONS[0]))

    def test_by_approval(self):
        self.prepare()
        self.expect(6, "approval", "waiting", self.enter(VERSIONS[0], approvers=("grace",)))
        self.pawl("approve", "production", env=self.by("ada"), expect=4)
        self.expect(6, "approval", "waiting", self.ask(VERSIONS[0]))

    def test_by_a_rejection(self):
        self.prepare()
        self.assertEqual(self.ask(VERSIONS[0]), (6, {"approval": "waiting"}))
        self.pawl("approve", "production", env=self.by("grace"))
        self.pawl("reject", "production", "--comment", "not on a friday", env=self.by("alan"))
        latest = self.json("get", "promotions", "--limit", "1")["promotions"][0]
        self.assertEqual((latest["environment"], latest["outcome"]), ("production", "Blocked"))
        self.assertFalse(os.path.exists(self.repo + "/live/production"))

    def test_by_nobody_who_is_known(self):
        self.prepare()
        self.pawl("promote", "--to", "production", expect=4)
        self.assertFalse(os.path.exists(self.repo + "/live/production"))

    def test_by_a_window(self):
        month = (time.gmtime().tm_mon + 5) % 12 + 1  # half a year from now
        self.prepare(window=f'window: {{ schedule: "0 0 1 {month} *", duration: 1h, timeZone: UTC }}')
        self.expect(6, "window", "waiting", self.enter(VERSIONS[0]))

    def test_by_evidence_that_is_missing_and_by_a_no(self):
        self.cut(VERSIONS[0])
        self.depart()
        self.expect(6, "evidence", "waiting", self.enter(VERSIONS[0]))
        self.attest(VERSIONS[0], "FAILED")
        self.expect(1, "evidence", "failed", self.ask(VERSIONS[0]))

    def test_by_another_system(self):
        self.prepare()
        self.tracker.plan = [{"answer": "waiting", "reason": "in review", "until": "2099-01-01T00:00:00Z"}]
        self.expect(6, "external", "waiting", self.enter(VERSIONS[0]))
        self.tracker.plan = [{"answer": "failed", "reason": "declined"}]
        self.expect(1, "external", "failed", self.ask(VERSIONS[0]))

    def test_by_a_freeze(self):
        self.prepare()
        self.pawl("freeze", "production", "--reason", "incident 12", "--until", "4h", env=self.by("alan"))
        self.expect(6, "freeze", "waiting", self.enter(VERSIONS[0]))

    def test_by_a_policy_of_the_team(self):
        self.cut(VERSIONS[0])
        self.attest(VERSIONS[0], "PASSED")
        self.expect(1, "policy", "failed", self.enter(VERSIONS[0]))

    def test_by_a_built_in_policy(self):
        self.prepare(registries="[ghcr.io/stefanprodan/podinfo]")
        self.expect(1, "policy", "failed", self.enter(VERSIONS[0]))

    def test_by_the_change_budget(self):
        self.prepare(changes='{ fields: ["*.image"], most: 21 }')
        self.expect(1, "policy", "failed", self.enter(VERSIONS[0]))

    def test_P4_once_the_exception_expired(self):
        self.cut(VERSIONS[0])
        self.attest(VERSIONS[0], "PASSED")
        self.depart(until="5s")
        time.sleep(5)
        self.expect(1, "policy", "failed", self.enter(VERSIONS[0]))
        self.assertIn("exception 1 does not count: it expired", self.pawl("why", VERSIONS[0], "production", expect=1))


if __name__ == "__main__":
    unittest.main(verbosity=2)
