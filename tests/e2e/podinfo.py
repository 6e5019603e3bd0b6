"""What tests on podinfo share: its three versions as tagged commits of a repository, and a registry with their images.

The program under test is the first argument of the script that imports this.
"""
import glob
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import registry

PAWL = os.path.abspath(sys.argv.pop(1)) if len(sys.argv) > 1 else "pawl"
SHARED = os.path.abspath(os.environ.get("PAWL_SHARED", "../shared"))
PODINFO = os.path.join(SHARED, "inputs/podinfo")
VERSIONS = ["6.12.0", "6.13.0", "6.14.1"]

# A project of the three overlays; what a test has beside that is appended to the end, the last environment.
PROJECT = """apiVersion: pawl.dev/v1alpha1
kind: Project
metadata: { name: podinfo }
spec:
  layers:
    - name: podinfo
      kustomize: deploy/overlays/$(environment)
  defaults:
    target: { directory: live/$(environment) }
  environments:
    - name: dev
    - name: staging
      promotesFrom: [dev]
    - name: production
      promotesFrom: [staging]
"""


def absent():
    """What this test needs and does not find."""
    if not os.path.isdir(PODINFO):
        return PODINFO
    if registry.Registry.program is None:
        return "docker-registry"
    return None


class PodinfoCase(unittest.TestCase):
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

    def write_project(self, more):
        with open(os.path.join(self.repo, "pawl.yaml"), "w") as f:
            f.write(PROJECT + more)

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
