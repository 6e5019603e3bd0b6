#!/usr/bin/env python3
"""Sources that decide what is rendered: a base in another repository, an image's version. usage: sources_test.py PATH-TO-PAWL"""
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

PAWL = os.path.abspath(sys.argv.pop(1)) if len(sys.argv) > 1 else "pawl"
IDENTITY = {"GIT_CONFIG_GLOBAL": "/dev/null", "GIT_AUTHOR_NAME": "t", "GIT_AUTHOR_EMAIL": "t@example.com", "GIT_COMMITTER_NAME": "t",
            "GIT_COMMITTER_EMAIL": "t@example.com"}
MAP = "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: flags }\ndata: { mode: %s }\n"
PROJECT = """apiVersion: pawl.dev/v1alpha1
kind: Project
metadata: { name: app }
spec:
  sources:
    platform: { git: "%s", %s }
  layers:
    - name: app
      kustomize: %s
  environments:
    - { name: dev, target: { directory: live/dev } }
"""


class Sources(unittest.TestCase):
    def setUp(self):
        self.root = tempfile.mkdtemp(prefix="pawl-sources-")
        self.env = {"PATH": os.environ["PATH"], "HOME": self.root, "XDG_STATE_HOME": self.root + "/state", **IDENTITY}
        self.platform = os.path.join(self.root, "platform")
        self.url = "file://" + self.platform
        self.write("platform/base/kustomization.yaml", "resources: [map.yaml]\n")
        self.run_program("git", "init", "-q", "-b", "main", ".", cwd=self.platform)
        for version, mode in (("v1.0.0", "old"), ("v1.1.0", "new")):
            self.write("platform/base/map.yaml", MAP % mode)
            self.run_program("git", "add", "-A", cwd=self.platform)
            self.run_program("git", "commit", "-qm", version, cwd=self.platform)
            self.run_program("git", "tag", version, cwd=self.platform)

    def tearDown(self):
        shutil.rmtree(self.root, ignore_errors=True)

    def write(self, path, text):
        path = os.path.join(self.root, path)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w") as f:
            f.write(text)

    def run_program(self, *argv, cwd, expect=0):
        result = subprocess.run(argv, cwd=cwd, env=self.env, capture_output=True, text=True, timeout=60)
        self.assertEqual(result.returncode, expect, f"{argv}\n{result.stdout}{result.stderr}")
        return result.stdout + result.stderr

    def pawl(self, *arguments, expect=0):
        return self.run_program(PAWL, *arguments, cwd=os.path.join(self.root, "app"), expect=expect)

    def project(self, version, kustomize):
        self.write("app/pawl.yaml", PROJECT % (self.url, version, kustomize))
        self.pawl("init")

    def test_a_remote_base_is_the_locked_source_of_its_repository(self):
        self.write("app/deploy/kustomization.yaml", f"namePrefix: my-\nresources: ['{self.url}//base?ref=v1.0.0']\n")
        self.project("tag: v1.0.0", "deploy")
        self.assertIn("pawl lock", self.pawl("render", "dev", expect=3))
        self.pawl("lock")
        self.assertIn("mode: old", self.pawl("render", "dev"))
        shutil.rmtree(self.platform)  # nothing is asked any more
        self.assertIn("name: my-flags", self.pawl("render", "dev"))
        self.pawl("release", "1")
        self.pawl("reproduce", "1")
        self.pawl("promote", "--to", "dev")

    def test_a_version_range_chooses_and_an_update_moves_it(self):
        self.write("app/deploy/kustomization.yaml", f"resources: ['{self.url}//base?ref=v1.0.0']\n")
        self.project('version: ">=1 <2"', "deploy")
        self.pawl("lock")
        self.assertIn("mode: new", self.pawl("render", "dev"))

    def test_a_layer_may_be_a_sources_folder(self):
        self.project("branch: main", "$(sources.platform)/base")
        self.pawl("lock")
        self.assertIn("mode: new", self.pawl("render", "dev"))
        self.project("branch: main", "$(sources.plattform)/base")
        self.assertIn("did you mean $(sources.platform)?", self.pawl("render", "dev", expect=2))

    def test_another_version_than_the_sources_is_refused_with_its_place(self):
        self.write("app/deploy/kustomization.yaml", f"resources:\n- {self.url}//base?ref=v1.1.0\n")
        self.project("tag: v1.0.0", "deploy")
        self.assertIn("deploy/kustomization.yaml:2:3", self.pawl("lock", expect=2))


unittest.main()
