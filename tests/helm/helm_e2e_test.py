#!/usr/bin/env python3
"""A project with a chart, as its users meet it. usage: helm_e2e_test.py PATH-TO-PAWL"""
import base64
import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

PAWL = os.path.abspath(sys.argv.pop(1)) if len(sys.argv) > 1 else "pawl"
CACHE = os.environ.get("PAWL_CACHE", os.path.expanduser("~/.cache/pawl"))


def helm(major):
    return os.environ.get("PAWL_HELM" + major, os.path.join(CACHE, "go/bin/helm" + major))


PROJECT = """apiVersion: pawl.dev/v1alpha1
kind: Project
metadata: { name: web }
spec:
  kubernetes: { version: v1.30.0 }
  parameterSchema: { size: { type: integer, minimum: 1, default: 1 } }
  layers:
    - name: web
      helm:
        chart: charts/web
        valuesFiles: [values.yaml]
        values: { size: $(parameters.size) }
        allow: { .Capabilities: the cluster's version is in the lock }
      commonAnnotations: { env: $(environment) }
  environments:
    - { name: dev, target: { directory: live/dev } }
    - { name: prod, promotesFrom: [dev], parameters: { size: 3 }, target: { directory: live/prod } }
"""
TEMPLATE = """apiVersion: v1
kind: ConfigMap
metadata: { name: {{ .Release.Name }} }
data: { size: {{ .Values.size | quote }}, color: {{ .Values.color | quote }}, kube: {{ .Capabilities.KubeVersion.Version | quote }} }
"""


class Helm(unittest.TestCase):
    def setUp(self):
        self.root = tempfile.mkdtemp(prefix="pawl-helm-")
        self.env = {"PATH": "/usr/bin:/bin", "HOME": self.root, "XDG_STATE_HOME": self.root + "/state"}
        self.write("pawl.yaml", PROJECT)
        self.write("values.yaml", "color: red\n")
        self.write("charts/web/Chart.yaml", "apiVersion: v2\nname: web\nversion: 1.0.0\n")
        self.write("charts/web/templates/a.yaml", TEMPLATE)

    def tearDown(self):
        shutil.rmtree(self.root, ignore_errors=True)

    def write(self, path, text):
        path = os.path.join(self.root, path)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w") as file:
            file.write(text)

    def read(self, path):
        with open(os.path.join(self.root, path)) as file:
            return file.read()

    def use(self, major):
        if not os.path.exists(helm(major)):
            self.skipTest(f"helm {major} ({helm(major)}) is absent")
        self.env["PAWL_HELM"] = helm(major)

    def pawl(self, *arguments, expect=0):
        result = subprocess.run([PAWL, *arguments], cwd=self.root, env=self.env, capture_output=True, text=True, timeout=300)
        self.assertEqual(result.returncode, expect, f"{arguments}\n{result.stdout}{result.stderr}")
        return result

    def cut(self, version, *more):
        self.pawl("init")
        self.pawl("lock")
        return self.pawl("release", version, *more)

    def statements(self):
        """Every signed release record in the store."""
        out = []
        for folder, _, names in os.walk(os.path.join(self.root, ".pawl/oci/blobs")):
            for name in names:
                with open(os.path.join(folder, name), "rb") as file:
                    data = file.read()
                try:
                    statement = json.loads(base64.b64decode(json.loads(data)["dsseEnvelope"]["payload"]))
                except (ValueError, KeyError, TypeError):
                    continue
                if statement["predicateType"] == "https://pawl.dev/release/v1":
                    out.append(statement)
        return out

    def test_without_helm_only_a_chart_is_an_error(self):
        self.env["PAWL_HELM"] = "/nonexistent/helm"
        self.pawl("init")
        result = self.pawl("render", "dev", expect=3)
        self.assertIn("pawl.yaml:10:9: error: the chart charts/web needs helm: there is no program", result.stderr)
        self.assertIn("PAWL_HELM", result.stderr)
        self.write("pawl.yaml", PROJECT.replace("helm:\n", "manifests: m\n      x:\n").split("      x:")[0] + PROJECT[PROJECT.index("  environments:"):])
        self.write("m/a.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\n")
        self.pawl("render", "dev")

    def test_lock_release_and_reproduce(self):
        self.use("4")
        result = self.cut("1.0.0")
        self.assertIn(".Capabilities: the cluster's version is in the lock", result.stdout + result.stderr)
        lock = self.read("pawl.lock")
        self.assertIn("kubeVersion: v1.30.0", lock)
        self.assertIn("linux/", lock)
        self.pawl("promote", "--to", "dev")
        applied = subprocess.run(["grep", "-rh", ":", self.root + "/live/dev"], capture_output=True, text=True).stdout
        for line in ('size: "1"', "color: red", "kube: v1.30.0", "env: dev"):
            self.assertIn(line, applied)
        [statement] = self.statements()
        self.assertEqual(statement["predicate"]["helm"]["sandbox"], "namespaces")
        # The snapshot alone is enough.
        shutil.rmtree(self.root + "/charts")
        os.remove(self.root + "/values.yaml")
        self.pawl("reproduce", "1.0.0")

    def test_no_sandbox_is_recorded_and_changes_no_byte(self):
        self.use("4")
        self.pawl("init")
        self.pawl("lock")
        apart = self.pawl("release", "1.0.0", "--dry-run", "-o", "json").stdout
        same = self.pawl("release", "1.0.0", "--sandbox=none", "-o", "json").stdout
        self.assertEqual(json.loads(apart)["bundles"], json.loads(same)["bundles"])
        [statement] = self.statements()
        self.assertEqual(statement["predicate"]["helm"]["sandbox"], "none")

    def test_what_was_let_in_is_said_beside_what_is_rendered(self):
        self.use("4")
        self.pawl("init")
        self.pawl("lock")
        let_in = "warning: a chart is let in with its reason: template charts/web/templates/a.yaml:4: .Capabilities: the cluster's"
        for form in ("table", "name"):
            shown = self.pawl("render", "dev", "-o", form)
            self.assertIn(let_in, shown.stderr)
            self.assertNotIn("let in", shown.stdout, "which can be piped on")
            self.assertNotIn("sandbox", shown.stderr)
        shown = self.pawl("render", "dev", "-o", "json")
        self.assertEqual(shown.stderr, "")
        self.assertIn(".Capabilities: the cluster's", json.loads(shown.stdout)["warnings"][0])
        self.assertIn("warning: helm was not kept apart", self.pawl("render", "dev", "--sandbox=none").stderr)
        self.assertIn("helm was not kept apart", self.pawl("release", "1.0.0", "--sandbox=none").stdout)

    def test_another_helm_is_refused_and_is_not_comparable(self):
        self.use("3")
        self.use("4")
        self.cut("1.0.0")
        self.use("3")
        result = self.pawl("render", "dev", expect=2)
        self.assertIn("pawl lock --update helm", result.stderr)
        self.assertIn("helm v3", self.pawl("reproduce", "1.0.0", expect=9).stdout.replace("has v3", "helm v3"))
        self.pawl("lock", "--update", "helm")
        self.pawl("render", "dev")

    def test_what_no_release_decides_is_refused(self):
        self.use("4")
        self.pawl("init")
        self.write("charts/web/templates/a.yaml", TEMPLATE + "# {{ now }}\n")
        result = self.pawl("lock", expect=2)
        self.assertIn("charts/web/templates/a.yaml:5:6: error: the template asks for now", result.stderr)

    def test_two_renderings_that_differ_are_no_release(self):
        self.use("4")
        self.write("pawl.yaml", PROJECT.replace("allow: {", "allow: { now: to be seen,"))
        self.write("charts/web/templates/a.yaml", TEMPLATE.replace("{{ .Values.color | quote }}", "{{ now | unixEpoch | quote }}"))
        self.pawl("init")
        self.pawl("lock")
        result = self.pawl("release", "1.0.0", expect=2)
        self.assertIn("two renderings of charts/web differ in web/templates/a.yaml", result.stderr)

    def test_parameters_show_where_they_come_from(self):
        self.use("4")
        self.pawl("init")
        self.pawl("lock")
        self.assertIn("parameters.size = 1 (default of parameterSchema)", self.pawl("render", "dev", "--explain").stdout)
        shown = self.pawl("render", "prod", "--explain").stdout
        self.assertIn("parameters.size = 3 (environment prod)", shown)
        self.assertIn("chart web 1.0.0, release web in namespace default", shown)


if __name__ == "__main__":
    unittest.main()
