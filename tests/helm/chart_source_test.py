#!/usr/bin/env python3
"""Charts out of registries and chart repositories: locked, fetched once, rendered as helm renders them.

usage: chart_source_test.py PATH-TO-PAWL [unittest arguments]
"""
import functools
import hashlib
import http.server
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "../e2e"))
import registry

PAWL = os.path.abspath(sys.argv.pop(1)) if len(sys.argv) > 1 else "pawl"
CACHE = os.environ.get("PAWL_CACHE", os.path.expanduser("~/.cache/pawl"))
CHART = os.path.join(HERE, "charts/shop")  # with subcharts, one of them a .tgz once it is packed

PROJECT = """apiVersion: pawl.dev/v1alpha1
kind: Project
metadata: { name: app }
spec:
  kubernetes: { version: v1.31.2, apiVersions: [monitoring.coreos.com/v1] }
  sources:
    shop-chart: { %s }
  layers:
    - name: web
      helm: { chart: $(sources.shop-chart), namespace: prod, valuesFiles: [values.yaml] }
  environments:
    - { name: dev, target: { directory: live/dev } }
"""
PLAIN = """apiVersion: pawl.dev/v1alpha1
kind: Project
metadata: { name: plain }
spec:
  layers: [{ name: web, manifests: m }]
  environments: [{ name: dev, target: { directory: live/dev } }]
"""


def helm_program(major):
    return os.environ.get("PAWL_HELM" + major, os.path.join(CACHE, "go/bin/helm" + major))


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


class WithHelm3(unittest.TestCase):
    major = "3"

    def setUp(self):
        self.helm = helm_program(self.major)
        if not os.path.exists(self.helm):
            self.skipTest(f"helm {self.major} ({self.helm}) is absent")
        if registry.Registry.program is None:
            self.assertNotIn("CI", os.environ, "docker-registry is absent")
            self.skipTest("docker-registry is absent")
        self.root = tempfile.mkdtemp(prefix="pawl-chart-")
        self.registry = registry.Registry()
        self.host = self.registry.url[len("http://"):]
        self.env = {"PATH": os.environ["PATH"], "HOME": self.root, "XDG_STATE_HOME": self.root + "/state", "PAWL_HELM": self.helm,
                    "PAWL_REGISTRY_MIRRORS": f"example.com={self.registry.url},docker.io={self.registry.url}"}
        self.http = None
        self.write("app/values.yaml", "replicas: 2\n")
        self.registry.image("shop", "7")

    def tearDown(self):
        self.stop_everything()
        shutil.rmtree(self.root, ignore_errors=True)

    def stop_everything(self):
        if self.registry:
            self.registry.__exit__()
            self.registry = None
        if self.http:
            self.http.shutdown()
            self.http.server_close()
            self.http = None

    def write(self, path, text):
        path = os.path.join(self.root, path)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w") as file:
            file.write(text)

    def read(self, path):
        with open(os.path.join(self.root, path)) as file:
            return file.read()

    def run_program(self, *argv, cwd="app", expect=0):
        result = subprocess.run(argv, cwd=os.path.join(self.root, cwd), env=self.env, capture_output=True, text=True, timeout=120)
        self.assertEqual(result.returncode, expect, f"{argv}\n{result.stdout}{result.stderr}")
        return result

    def pawl(self, *arguments, expect=0):
        return self.run_program(PAWL, *arguments, expect=expect)

    def pack(self, version):
        """The chart as `helm package` packs it, a subchart of it packed too."""
        work = os.path.join(self.root, "charts/shop")
        shutil.copytree(CHART, work, dirs_exist_ok=True)
        if os.path.isdir(work + "/charts/cache"):
            self.run_program(self.helm, "package", "charts/cache", "--destination", "charts", cwd="charts/shop")
            shutil.rmtree(work + "/charts/cache")
        packages = os.path.join(self.root, "packages")
        self.run_program(self.helm, "package", "shop", "--version", version, "--destination", packages, cwd="charts")
        return os.path.join(packages, f"shop-{version}.tgz")

    def push(self, version):
        self.run_program(self.helm, "push", self.pack(version), f"oci://{self.host}/charts", "--plain-http")

    def serve(self):
        """A chart repository of all packages, as any file server gives it."""
        self.run_program(self.helm, "repo", "index", "packages", cwd=".")
        if self.http is None:
            handler = functools.partial(Quiet, directory=os.path.join(self.root, "packages"))
            self.http = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
            threading.Thread(target=self.http.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{self.http.server_address[1]}"

    def start(self, source):
        self.write("app/pawl.yaml", PROJECT % source)
        self.pawl("init")
        return self.pawl("lock")

    def expect_as_helm(self, reference, *more):
        """What is rendered is what `helm template` prints for the same chart, read back as plain manifests."""
        argv = [self.helm, "template", "web", reference, "--namespace", "prod", "--kube-version", "v1.31.2", "--api-versions",
                "monitoring.coreos.com/v1", "--include-crds", "--skip-tests", "--values", "values.yaml", *more]
        documents = ("\n" + self.run_program(*argv).stdout).split("\n---\n")
        kept = [d for d in documents if not re.search(r'helm.sh/hook: "(pre-delete|post-rollback)"', d)]
        self.assertEqual(len(documents) - len(kept), 2, "the hooks that a layer leaves out")
        self.write("plain/m/all.yaml", "\n---\n".join(kept))
        self.write("plain/pawl.yaml", PLAIN)
        self.run_program(PAWL, "init", cwd="plain")
        wanted = self.run_program(PAWL, "render", "dev", "--no-pin", cwd="plain").stdout
        self.assertEqual(self.pawl("render", "dev", "--no-pin").stdout, wanted)
        self.assertIn("name: web-store", wanted, "of a subchart")
        self.assertIn("name: web-cache", wanted, "of a packed one")

    def expect_offline(self):
        """What was fetched once needs nobody any more."""
        rendered = self.pawl("render", "dev").stdout
        self.stop_everything()
        self.assertEqual(self.pawl("render", "dev").stdout, rendered)
        self.pawl("release", "1")
        self.pawl("promote", "--to", "dev")
        os.remove(os.path.join(self.root, "app/values.yaml"))
        self.pawl("reproduce", "1")

    def test_a_chart_of_a_registry(self):
        for version in ("1.0.0", "1.2.0+build.1", "2.0.0"):
            self.push(version)
        printed = self.start(f'helm: "oci://{self.host}/charts/shop", version: ">=1 <2"').stdout
        self.assertIn("shop-chart", printed)
        self.assertIn("version: 1.2.0+build.1", self.read("app/pawl.lock"))
        self.expect_as_helm(f"oci://{self.host}/charts/shop", "--version", "1.2.0+build.1", "--plain-http")
        self.expect_offline()

    def test_a_chart_of_an_http_repository(self):
        for version in ("1.2.0", "2.0.0"):
            self.pack(version)
        url = self.serve()
        self.start(f'helm: shop, repository: "{url}/", version: "1.*"')
        lock = self.read("app/pawl.lock")
        self.assertIn(f"url: {url}/shop-1.2.0.tgz", lock)
        with open(os.path.join(self.root, "packages/shop-1.2.0.tgz"), "rb") as file:
            self.assertIn("digest: sha256:" + hashlib.sha256(file.read()).hexdigest(), lock)
        self.expect_as_helm("shop", "--repo", url, "--version", "1.2.0")
        self.expect_offline()


class WithHelm4(WithHelm3):
    """The same, and what does not depend on helm's version."""

    major = "4"

    def test_a_chart_of_a_layout(self):
        with open(self.pack("1.0.0"), "rb") as file:
            chart = registry.Artifact((registry.CHART, file.read(), {}), ("application/vnd.cncf.helm.chart.provenance.v1.prov", b"signed", {}))
        layout = os.path.join(self.root, "layout")
        registry.write_layout(layout, ["example.com/shop:7"], {"charts.example/shop:1.0.0": chart})
        self.env["PAWL_REGISTRY_MIRRORS"] = f"charts.example=oci:{layout},example.com=oci:{layout}"
        self.start('helm: shop, repository: "oci://charts.example", version: 1.0.0')
        self.expect_as_helm("../packages/shop-1.0.0.tgz")
        self.expect_offline()

    def test_a_vendored_chart_is_checked_without_anybody(self):
        self.push("1.0.0")
        self.start(f'helm: "oci://{self.host}/charts/shop", version: 1.0.0')
        self.pawl("lock", "--vendor")
        self.stop_everything()
        self.assertIn("shop-chart was taken from the store", self.pawl("lock", "--check").stdout)

    def test_another_repository_is_another_chart(self):
        self.push("1.0.0")
        self.start(f'helm: "oci://{self.host}/charts/shop", version: 1.0.0')
        url = self.serve()
        self.write("app/pawl.yaml", PROJECT % f'helm: shop, repository: "{url}", version: 1.0.0')
        self.assertIn("shop-chart", self.pawl("lock").stdout)
        self.assertIn(f"url: {url}/shop-1.0.0.tgz", self.read("app/pawl.lock"))

    def test_A1_other_bytes_than_were_locked(self):
        package = self.pack("1.0.0")
        url = self.serve()
        self.start(f'helm: shop, repository: "{url}", version: 1.0.0')
        with open(package, "rb") as file:
            kept = os.path.join(self.root, "app/.pawl/oci/blobs/sha256", hashlib.sha256(file.read()).hexdigest())
        os.remove(kept)
        shutil.copyfile(self.pack("1.0.1"), package)
        shown = self.pawl("render", "dev", expect=10).stderr
        self.assertIn("gave other bytes for /shop-1.0.0.tgz", shown)
        self.assertFalse(os.path.exists(kept), "nothing is kept of them")


if __name__ == "__main__":
    unittest.main()
