#!/usr/bin/env python3
"""How the program talks: help, suggestions, errors, exit codes, machine output. usage: cli_test.py PATH-TO-PAWL"""
import json
import os
import shutil
import subprocess
import sys
import tempfile
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
        self.assertIn("Examples:", self.pawl("promote", "--help").stdout)
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
        self.assertEqual(errors[0]["range"]["start"], {"line": 8, "column": 7})

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
        for shell in ("bash", "zsh", "fish"):
            self.assertIn("promote", self.pawl("completion", shell).stdout)

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
        self.pawl("promote", "--to", "dev", "--adopt", cwd=folder)
        with open(os.path.join(folder, "live/dev/notes.txt")) as f:
            self.assertEqual(f.read(), "mine")


if __name__ == "__main__":
    unittest.main(verbosity=2)
