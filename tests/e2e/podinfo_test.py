#!/usr/bin/env python3
"""podinfo's three releases through the program, in a Git repository, with a real registry on loopback.

usage: podinfo_test.py PATH-TO-PAWL [unittest arguments]. Skips, by name, what is absent; under CI that is a failure.
"""
import glob
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import registry

PAWL = os.path.abspath(sys.argv.pop(1)) if len(sys.argv) > 1 else "pawl"
SHARED = os.path.abspath(os.environ.get("PAWL_SHARED", "../shared"))
PODINFO = os.path.join(SHARED, "inputs/podinfo")
VERSIONS = ["6.12.0", "6.13.0", "6.14.1"]


def absent():
    """What this test needs and does not find."""
    if not os.path.isdir(PODINFO):
        return PODINFO
    if registry.Registry.program is None:
        return "docker-registry"
    return None


class Podinfo(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        missing = absent()
        if missing and "CI" in os.environ and missing == "docker-registry":
            raise RuntimeError(f"{missing} is absent")
        if missing:
            raise unittest.SkipTest(f"{missing} is absent")
        cls.registry = registry.Registry()

    @classmethod
    def tearDownClass(cls):
        cls.registry.__exit__()

    def setUp(self):
        self.root = tempfile.mkdtemp(prefix="pawl-e2e-")
        self.repo = os.path.join(self.root, "repo")
        os.makedirs(self.repo)
        self.env = {
            "PATH": os.environ["PATH"],
            "HOME": self.root,
            "XDG_STATE_HOME": os.path.join(self.root, "state"),
            "PAWL_REGISTRY_MIRRORS": f"ghcr.io={self.registry.url},docker.io={self.registry.url}",
            "GIT_AUTHOR_NAME": "e2e", "GIT_AUTHOR_EMAIL": "e2e@example.com",
            "GIT_COMMITTER_NAME": "e2e", "GIT_COMMITTER_EMAIL": "e2e@example.com",
            "GIT_CONFIG_GLOBAL": "/dev/null",
        }
        self.git("init", "-q", ".")
        for version in VERSIONS:
            shutil.rmtree(os.path.join(self.repo, "deploy"), ignore_errors=True)
            shutil.copytree(os.path.join(PODINFO, version, "deploy"), os.path.join(self.repo, "deploy"), copy_function=shutil.copy)
            self.git("add", "-A")
            self.git("commit", "-qm", version)
            self.git("tag", version)
            self.push_images()
        self.checkout(VERSIONS[0])
        self.pawl("init")

    def tearDown(self):
        shutil.rmtree(self.root, ignore_errors=True)

    def git(self, *arguments):
        subprocess.run(["git", *arguments], cwd=self.repo, env=self.env, check=True, stdout=subprocess.DEVNULL)

    def push_images(self):
        found = set()
        for path in glob.glob(os.path.join(self.repo, "deploy/**/*.yaml"), recursive=True):
            with open(path) as f:
                found.update(re.findall(r"image:\s*\"?([^\s\"]+)", f.read()))
        for reference in found:
            self.registry.image(*registry.repository_of(reference))

    def checkout(self, version):
        self.git("checkout", "-q", version, "--", "deploy")
        self.git("add", "-A")
        subprocess.run(["git", "commit", "-qm", "now " + version, "--allow-empty"], cwd=self.repo, env=self.env, check=True)

    def run_pawl(self, *arguments, env=None):
        return subprocess.run([PAWL, *arguments], cwd=self.repo, env=env or self.env, capture_output=True, text=True, timeout=120)

    def pawl(self, *arguments, expect=0, env=None):
        result = self.run_pawl(*arguments, env=env)
        self.assertEqual(result.returncode, expect, f"pawl {' '.join(arguments)}\n{result.stdout}{result.stderr}")
        return result.stdout + result.stderr

    def json(self, *arguments, expect=0):
        return json.loads(self.pawl(*arguments, "-o", "json", expect=expect))

    def heads(self):
        return {e["name"]: e.get("head") for e in self.json("status")["environments"]}

    def release(self, version):
        self.checkout(version)
        return self.json("release", version, "-m", "release " + version)

    def promote_everywhere(self):
        for environment in ("dev", "staging", "production"):
            self.pawl("promote", "--to", environment)

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
        shutil.copytree(self.repo, other, ignore=shutil.ignore_patterns(".pawl"))
        env = {**self.env, "HOME": "/nonexistent", "TZ": "Asia/Kathmandu", "LANG": "tr_TR.UTF-8", "LC_ALL": "C", "USER": "somebody",
               "XDG_STATE_HOME": os.path.join(self.root, "state2")}
        script = 'umask 0077; "$0" init >/dev/null && taskset -c 0 "$0" release ' + VERSIONS[0] + " --dirty -o json"
        result = subprocess.run(["sh", "-c", script, PAWL], cwd=other, env=env, capture_output=True, text=True, timeout=120)
        self.assertEqual(result.returncode, 0, result.stderr)
        again = json.loads(result.stdout)
        self.assertEqual(again["release"]["digest"], first["release"]["digest"])
        self.assertEqual(again["bundles"], first["bundles"])

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

    def test_every_kind_of_file_in_the_store_is_checked(self):
        self.release(VERSIONS[0])
        self.promote_everywhere()
        store = os.path.join(self.repo, ".pawl")
        kinds = {
            "checkpoint": "ledger/checkpoint", "tile": "ledger/tile/0/*", "entries": "ledger/tile/entries/*",
            "blob": "oci/blobs/sha256/*",
        }
        for kind, pattern in kinds.items():
            files = sorted(p for p in glob.glob(os.path.join(store, pattern + "*"), recursive=True) + glob.glob(os.path.join(store, pattern, "*")) if os.path.isfile(p))
            self.assertTrue(files, kind)
            path = max(files, key=os.path.getmtime) if kind != "blob" else files[len(files) // 2]
            with open(path, "rb") as f:
                good = f.read()
            bad = bytearray(good)
            bad[len(bad) // 2] ^= 1
            os.chmod(path, 0o644)
            with open(path, "wb") as f:
                f.write(bad)
            output = self.pawl("audit", "verify", expect=10)
            named = os.path.basename(path)[:12] if kind == "blob" else os.path.relpath(path, os.path.join(store, "ledger")).split(".p/")[0]
            self.assertIn(named, output, kind)
            with open(path, "wb") as f:
                f.write(good)
            self.pawl("audit", "verify")

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
