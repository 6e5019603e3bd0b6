#!/usr/bin/env python3
"""podinfo's releases with production on a branch of a bare repository: promote, a foreign commit, drift, reconcile, rollback.

usage: git_target_test.py PATH-TO-PAWL [unittest arguments].
"""
import os
import re
import subprocess
import unittest

import podinfo
from podinfo import VERSIONS

class GitTarget(podinfo.PodinfoCase):
    def setUp(self):
        super().setUp()
        self.bare = os.path.join(self.root, "live.git")
        self.live("init", "-q", "--bare", "-b", "main", self.bare, cwd=self.root)
        self.write_project(f"      target:\n        git: {{ url: 'file://{self.bare}', branch: production, path: podinfo }}\n")

    def live(self, *arguments, cwd=None):
        result = subprocess.run(["git", *arguments], cwd=cwd or self.bare, env=self.env, check=True, capture_output=True, text=True)
        return result.stdout.strip()

    def commits(self):
        return self.live("rev-list", "--reverse", "production").split()

    def trailers(self, commit):
        text = self.live("log", "-1", "--format=%(trailers:only,unfold)", commit)
        return dict(line.split(": ", 1) for line in text.splitlines())

    def deployment(self):
        names = self.live("ls-tree", "-r", "--name-only", "production").splitlines()
        return next(n for n in names if re.search(r"deployment\.backend\.yaml$", n))

    def foreign_commit(self, change):
        """Somebody else's clone, edit and push."""
        clone = os.path.join(self.root, "theirs")
        self.live("clone", "-q", "-b", "production", self.bare, clone, cwd=self.root)
        path = os.path.join(clone, self.deployment())
        with open(path) as f:
            text = f.read()
        with open(path, "w") as f:
            f.write(change(text))
        with open(os.path.join(clone, "NOTES.md"), "w") as f:
            f.write("mine\n")
        self.live("add", "-A", cwd=clone)
        self.live("commit", "-qm", "by hand", "--author", "Eve <eve@example.com>", cwd=clone)
        self.live("push", "-q", "origin", "production", cwd=clone)
        return self.live("rev-parse", "HEAD", cwd=clone)

    def test_promote_drift_reconcile_and_roll_back(self):
        bundles = {}
        for version in VERSIONS[:2]:
            bundles[version] = {b["environment"]: b["digest"] for b in self.release(version)["bundles"]}
            self.promote_everywhere()
        first, second = self.commits()
        self.check_trailers(first, VERSIONS[0], bundles)
        self.check_trailers(second, VERSIONS[1], bundles)
        self.pawl("drift", "production")
        self.pawl("promote", "--to", "production")
        self.assertEqual(len(self.commits()), 2, "the same again makes no commit")

        good = self.live("show", "production:" + self.deployment())
        foreign = self.foreign_commit(lambda text: text.replace("minReadySeconds: 3", "minReadySeconds: 4"))
        report = self.json("drift", "production", expect=1)
        objects = report["environments"][0]["changes"]["objects"]
        self.assertEqual([(o["object"], [f["path"] for f in o["fields"]]) for o in objects],
                         [("production/Deployment/backend", ["spec.minReadySeconds"])])
        self.assertIn("Eve <eve@example.com>", str(report), "who it was")

        self.pawl("reconcile", "production")
        self.pawl("drift", "production")
        self.assertEqual(self.live("show", "production:" + self.deployment()), good)
        self.assertEqual(self.live("rev-parse", "production^"), foreign, "a foreign commit stays in the history")
        self.assertEqual(self.live("show", "production:NOTES.md"), "mine")

        rolled = self.json("rollback", "production", "--reason", "latency")
        self.assertEqual(rolled["bundle"], bundles[VERSIONS[0]]["production"])
        self.check_trailers("production", VERSIONS[0], bundles)
        self.assertEqual(self.live("rev-parse", "production:podinfo/podinfo"), self.live("rev-parse", first + ":podinfo/podinfo"),
                         "byte for byte as it was")
        self.pawl("drift", "production")
        self.pawl("audit", "verify", "--replay")

    def check_trailers(self, commit, version, bundles):
        """A commit says what it is of, and the ledger says the same under the number that it names."""
        trailers = self.trailers(commit)
        self.assertEqual(trailers["Pawl-Project"], "podinfo")
        self.assertEqual(trailers["Pawl-Environment"], "production")
        self.assertRegex(trailers["Pawl-Release"], "^" + re.escape(version) + " sha256:[0-9a-f]{64}$")
        self.assertEqual(trailers["Pawl-Bundle"], bundles[version]["production"])
        self.assertGreater(int(trailers["Pawl-Epoch"]), 0)
        entries = {e["index"]: e for e in self.json("audit", "log", "--limit", "1000")["entries"]}
        entry = entries[int(trailers["Pawl-Ledger-Index"])]
        self.assertIn("promotion " + trailers["Pawl-Promotion"] + " ", entry["text"].replace(":", " ") + " ")

    def test_R4_a_commit_in_between_is_kept_and_nothing_is_forced(self):
        self.release(VERSIONS[0])
        self.promote_everywhere()
        foreign = self.foreign_commit(lambda text: text)
        self.release(VERSIONS[1])
        self.promote_everywhere()
        self.assertEqual(self.live("rev-parse", "production^"), foreign)
        self.assertEqual(self.live("show", "production:NOTES.md"), "mine")


if __name__ == "__main__":
    unittest.main(verbosity=2)
