#!/usr/bin/env python3
"""What differs between releases, environments, folders and revisions, and what made it so. usage: diff_test.py PATH-TO-PAWL"""
import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

PAWL = os.path.abspath(sys.argv.pop(1)) if len(sys.argv) > 1 else "pawl"
EXAMPLE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../examples/shop")
IDENTITY = {"GIT_CONFIG_GLOBAL": "/dev/null", "GIT_AUTHOR_NAME": "t", "GIT_AUTHOR_EMAIL": "t@example.com", "GIT_COMMITTER_NAME": "t",
            "GIT_COMMITTER_EMAIL": "t@example.com"}


class Diff(unittest.TestCase):
    def setUp(self):
        self.root = tempfile.mkdtemp(prefix="pawl-diff-")
        self.env = {"PATH": os.environ["PATH"], "HOME": self.root, "XDG_STATE_HOME": self.root + "/state", **IDENTITY}
        self.shop = os.path.join(self.root, "shop")
        shutil.copytree(EXAMPLE, self.shop)
        self.run_program("git", "init", "-q", ".")
        self.pawl("init")
        self.commit("1.0.0")
        self.pawl("release", "1.0.0")

    def tearDown(self):
        shutil.rmtree(self.root, ignore_errors=True)

    def run_program(self, *argv, expect=0):
        result = subprocess.run(argv, cwd=self.shop, env=self.env, capture_output=True, text=True, timeout=60)
        self.assertEqual(result.returncode, expect, f"{argv}\n{result.stdout}{result.stderr}")
        return result.stdout

    def pawl(self, *arguments, expect=0):
        return self.run_program(PAWL, *arguments, expect=expect)

    def commit(self, tag):
        self.run_program("git", "add", "-A")
        self.run_program("git", "commit", "-qm", tag)
        self.run_program("git", "tag", "v" + tag)

    def edit(self, path, before, after):
        path = os.path.join(self.shop, path)
        with open(path) as f:
            text = f.read()
        self.assertIn(before, text)
        with open(path, "w") as f:
            f.write(text.replace(before, after))

    def causes(self, *sides, environment):
        """From "Kind/name field" to the cause, of one environment's part."""
        parts = json.loads(self.pawl("diff", *sides, "-o", "json", expect=1))["parts"]
        part = next(p for p in parts if p["environment"] == environment)
        found = {}
        for item in part["changes"]["objects"]:
            name = item["object"].split("/", 1)[-1] if item["object"].startswith("shop-") else item["object"]
            for field in item["fields"]:
                found[f"{name} {field['path']}"] = field["origin"]
            if not item["fields"]:
                found[name] = item["origin"]
        return found

    def test_each_change_names_the_lock_a_source_a_parameter_or_the_project(self):
        with open(os.path.join(self.shop, "pawl.lock")) as f:
            redis = f.read().split("image: redis:7.4\n  digest: ")[1].split("\n")[0]
        self.edit("pawl.lock", redis, "sha256:" + "ab" * 32)
        self.edit("deploy/base/web.yaml", "containerPort: 8080", "containerPort: 8081")
        self.edit("pawl.yaml", "parameters: { webReplicas: 3 }", "parameters: { webReplicas: 4 }")
        self.edit("pawl.yaml", "      replicas:\n", "      commonAnnotations: { team: shop }\n      replicas:\n")
        self.commit("1.1.0")
        self.pawl("release", "1.1.0")
        causes = self.causes("1.0.0", "1.1.0", environment="production")
        web = "Deployment/web spec."
        self.assertEqual(causes[web + "replicas"], "parameters")
        self.assertEqual({c for k, c in causes.items() if "8080" in k or "8081" in k or "containerPort" in k}, {"source"})
        self.assertEqual({c for k, c in causes.items() if k.endswith("metadata.annotations") or k.endswith("annotations.team")}, {"project"})
        self.assertEqual({c for k, c in causes.items() if "redis" in k and k.endswith(".image")}, {"lock"})
        # A parameter of production alone changes nothing else in dev.
        self.assertNotIn(web + "replicas", self.causes("1.0.0", "1.1.0", environment="dev"))

    def test_a_plan_says_the_cause_too(self):
        for environment in ("dev", "staging", "production"):
            self.pawl("promote", "1.0.0", "--to", environment)
        self.edit("pawl.yaml", "parameters: { webReplicas: 1 }", "parameters: { webReplicas: 2 }")
        self.commit("1.1.0")
        self.pawl("release", "1.1.0")
        plan = json.loads(self.pawl("plan", "--to", "dev", "-o", "json"))
        self.assertEqual([f["origin"] for o in plan["changes"]["objects"] for f in o["fields"]], ["parameters"])
        self.assertIn("parameters", self.pawl("plan", "--to", "dev"))

    def test_files_revisions_and_folders_are_sides_too(self):
        self.edit("deploy/base/web.yaml", "containerPort: 8080", "containerPort: 8081")
        self.assertEqual(set(self.causes("1.0.0@staging", ".@staging", environment="staging").values()), {"source"})
        self.pawl("diff", "git:v1.0.0@staging", "1.0.0@staging")
        self.assertEqual(set(self.causes("git:v1.0.0@staging", ".@staging", environment="staging").values()), {"source"})
        self.assertIn("8081", self.pawl("diff", "git:HEAD:deploy/base", "./deploy/base", expect=1))
        self.assertIn("equal", self.pawl("diff", "./deploy/base", "./deploy/base"))
        self.commit("1.1.0")
        parts = json.loads(self.pawl("diff", "git:v1.0.0", "git:v1.1.0", "-o", "json", expect=1))["parts"]
        self.assertEqual([p["environment"] for p in parts], ["dev", "staging", "production"])
        self.pawl("diff", "git:v9@staging", ".@staging", expect=3)
        self.pawl("diff", "1.0.0", "./deploy/base", expect=2)

    def test_a_release_beside_an_environment_is_its_part_there(self):
        self.pawl("promote", "1.0.0", "--to", "dev")
        self.assertIn("equal", self.pawl("diff", "dev", "1.0.0"))
        self.assertIn("equal", self.pawl("diff", "live:dev", "dev"))


unittest.main()
