#!/usr/bin/env python3
"""podinfo's three releases through the program, in a Git repository, with a real registry on loopback.

usage: podinfo_test.py PATH-TO-PAWL [unittest arguments]. Skips, by name, what is absent; under CI that is a failure.
"""
import glob
import json
import os
import random
import shutil
import signal
import subprocess
import time
import unittest

import podinfo
import registry
from podinfo import PAWL, VERSIONS


class Podinfo(podinfo.PodinfoCase):
    def test_three_releases_to_production_and_back(self):
        self.pawl("lock")
        bundles = {}
        for version in VERSIONS:
            released = self.release(version)
            bundles[version] = {b["environment"]: b["digest"] for b in released["bundles"]}
            self.assertEqual(self.json("plan", "--to", "dev")["verdict"], "passed")
            self.pawl("promote", version, "--to", "production", expect=1)
            self.promote_everywhere()
            self.assertEqual({e: h["bundle"] for e, h in self.heads().items()}, bundles[version])
        self.pawl("promote", "--to", "production")
        self.pawl("why", VERSIONS[2], "production")
        self.pawl("diff", "staging", "production", expect=1)
        self.assertEqual(len(self.json("get", "releases")["releases"]), 3)
        rolled = self.json("rollback", "production", "--reason", "latency")
        self.assertEqual(rolled["bundle"], bundles[VERSIONS[1]]["production"])
        self.pawl("rollback", "production", "--reason", "again")
        self.assertEqual(self.heads()["production"]["bundle"], bundles[VERSIONS[0]]["production"])
        for version in VERSIONS:
            self.pawl("verify", version)
            self.assertTrue(self.json("reproduce", version)["reproduced"])
        self.pawl("audit", "verify", "--replay")
        self.pawl("apply")
        self.pawl("doctor")

    def test_drift_is_found_named_and_reconciled(self):
        self.release(VERSIONS[0])
        self.promote_everywhere()
        path = glob.glob(os.path.join(self.repo, "live/production/*/*deployment.backend.yaml"))[0]
        with open(path) as f:
            text = f.read()
        with open(path, "w") as f:
            f.write(text.replace("minReadySeconds: 3", "minReadySeconds: 4"))
        drift = self.json("drift", "production", expect=1)["environments"][0]["changes"]["objects"]
        self.assertEqual([(o["object"], [f["path"] for f in o["fields"]]) for o in drift],
                         [("production/Deployment/backend", ["spec.minReadySeconds"])])
        self.assertEqual((drift[0]["fields"][0]["before"], drift[0]["fields"][0]["after"]), ("3", "4"))
        self.pawl("reconcile", "production")
        self.pawl("drift", "production")

    def test_A2_a_tag_that_moved_changes_nothing_and_is_reported(self):
        self.pawl("lock")
        before = self.pawl("render", "staging")
        self.pawl("lock", "--check")
        name, tag = registry.repository_of("ghcr.io/stefanprodan/podinfo:" + VERSIONS[0])
        self.registry.image(name, tag, salt="moved")
        try:
            self.assertEqual(self.pawl("render", "staging"), before)
            self.assertIn("podinfo", self.pawl("lock", "--check", expect=1))
        finally:
            self.registry.image(name, tag)

    def test_A8_the_same_digests_for_other_people_on_other_machines(self):
        first = self.json("release", VERSIONS[0], "--dirty")
        other = os.path.join(self.root, "elsewhere/other folder")
        self.copy_backwards(self.repo, other)
        env = {**self.env, "HOME": "/nonexistent", "TZ": "Asia/Kathmandu", "LANG": "tr_TR.UTF-8", "LC_ALL": "C", "USER": "somebody",
               "XDG_STATE_HOME": os.path.join(self.root, "state2")}
        script = 'umask 0077; "$0" init >/dev/null && taskset -c 0 "$0" release ' + VERSIONS[0] + " --dirty -o json"
        result = subprocess.run(["sh", "-c", script, PAWL], cwd=other, env=env, capture_output=True, text=True, timeout=120)
        self.assertEqual(result.returncode, 0, result.stderr)
        again = json.loads(result.stdout)
        self.assertEqual(again["release"]["digest"], first["release"]["digest"])
        self.assertEqual(again["bundles"], first["bundles"])

    def copy_backwards(self, source, target):
        """Copies a folder, its entries made in the other order: what a folder lists first is a file system's affair."""
        os.makedirs(target)
        for name in sorted(os.listdir(source), reverse=True):
            inner = os.path.join(source, name)
            if name != ".pawl":
                (self.copy_backwards if os.path.isdir(inner) else shutil.copy)(inner, os.path.join(target, name))

    def test_A7_an_image_that_is_not_locked_is_refused(self):
        self.pawl("lock")
        path = os.path.join(self.repo, "pawl.lock")
        with open(path) as f:
            lines = f.read().split("- image:")
        with open(path, "w") as f:
            f.write("- image:".join(lines[:-1]))
        output = self.pawl("render", "dev", expect=2)
        self.assertIn("is not in the lock", output)
        self.assertIn("deployment.yaml:", output)

    def test_P8_a_stage_cannot_be_skipped_nor_run_backwards(self):
        self.release(VERSIONS[0])
        self.pawl("promote", VERSIONS[0], "--to", "staging", expect=1)
        self.promote_everywhere()
        self.release(VERSIONS[1])
        self.promote_everywhere()
        output = self.pawl("promote", VERSIONS[0], "--to", "production", expect=7)
        self.assertIn("pawl rollback production", output)

    def test_R1_killed_at_random_points_and_resumed(self):
        rng = random.Random(int(os.environ.get("PAWL_SEED", "7")))
        self.pawl("lock")
        kills = 0
        for version in VERSIONS:
            self.release(version)
            for environment in ("dev", "staging", "production"):
                for _ in range(4):
                    process = subprocess.Popen([PAWL, "promote", "--to", environment], cwd=self.repo, env=self.env,
                                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                    time.sleep(rng.uniform(0.001, 0.05))
                    if process.poll() is None:
                        process.send_signal(signal.SIGKILL)
                        kills += 1
                    process.wait()
                # A lease of a killed driver ends by itself; fencing does not need it.
                deadline = time.time() + 90
                while self.run_pawl("promote", "--to", environment).returncode == 7 and time.time() < deadline:
                    time.sleep(2)
                self.pawl("promote", "--to", environment)
                self.assertEqual(self.heads()[environment]["version"], version)
                self.assertFalse(self.json("drift", environment)["drifted"])
            self.pawl("audit", "verify", "--replay")
        self.assertGreater(kills, 5, "the kills came too late to mean anything")

    def test_L2_an_older_store_put_back_is_found(self):
        self.release(VERSIONS[0])
        self.pawl("promote", "--to", "dev")
        store = os.path.join(self.repo, ".pawl")
        older = os.path.join(self.root, "older")
        shutil.copytree(store, older)
        self.pawl("promote", "--to", "staging")
        seen = os.path.join(self.root, "seen")
        shutil.copy(os.path.join(store, "ledger/checkpoint"), seen)
        shutil.rmtree(store)
        shutil.copytree(older, store)
        self.assertIn("older store", self.pawl("audit", "verify", expect=10))
        forgetful = {**self.env, "XDG_STATE_HOME": os.path.join(self.root, "state3")}
        self.pawl("audit", "verify", env=forgetful)
        self.pawl("audit", "verify", "--against", seen, env=forgetful, expect=10)


if __name__ == "__main__":
    unittest.main(verbosity=2)
