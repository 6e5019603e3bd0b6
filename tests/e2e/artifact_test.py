#!/usr/bin/env python3
"""OCI artifacts as sources, out of a real registry and a layout. usage: artifact_test.py PATH-TO-PAWL"""
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import registry
from registry import FLUX, LAYER, Artifact, packed

PAWL = os.path.abspath(sys.argv.pop(1)) if len(sys.argv) > 1 else "pawl"
TITLE = "org.opencontainers.image.title"
FILE = "application/vnd.oci.image.layer.v1.tar"  # what oras gives a file
PROJECT = """apiVersion: pawl.dev/v1alpha1
kind: Project
metadata: { name: app }
spec:
  sources:
    platform: { oci: "%s/platform", version: %s }
  layers:
    - { name: app, %s }
  environments:
    - { name: dev, target: { directory: live/dev } }
"""


def flags(mode):
    return f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{ name: flags }}\ndata: {{ mode: {mode} }}\n".encode()


def as_flux(mode):
    """As `flux push artifact` packs a folder: one archive, with entries of its folders."""
    root = tarfile.TarInfo(".")
    root.type = tarfile.DIRTYPE
    return Artifact((FLUX, packed([root, ("./base/kustomization.yaml", b"resources: [map.yaml]\n"), ("./base/map.yaml", flags(mode))]), {}))


def as_oras(mode):
    """As `oras push` takes files and folders: a layer each."""
    folder = {TITLE: "base", "io.deis.oras.content.unpack": "true"}
    return Artifact((FILE, flags(mode), {TITLE: "base/map.yaml"}), (LAYER, packed([("base/kustomization.yaml", b"resources: [map.yaml]\n")]), folder))


def link(name, target, kind=tarfile.SYMTYPE):
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, target
    return info


class Artifacts(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        if registry.Registry.program is None:
            if "CI" in os.environ:
                raise RuntimeError("docker-registry is absent")
            raise unittest.SkipTest("docker-registry is absent")

    def setUp(self):
        self.root = tempfile.mkdtemp(prefix="pawl-artifact-")
        self.registry = registry.Registry()
        self.host = self.registry.url[len("http://"):]
        self.env = {"PATH": os.environ["PATH"], "HOME": self.root, "XDG_STATE_HOME": self.root + "/state"}

    def tearDown(self):
        self.stop()
        shutil.rmtree(self.root, ignore_errors=True)

    def stop(self):
        if self.registry:
            self.registry.__exit__()
        self.registry = None

    def pawl(self, *arguments, expect=0):
        result = subprocess.run([PAWL, *arguments], cwd=self.root, env=self.env, capture_output=True, text=True, timeout=60)
        self.assertEqual(result.returncode, expect, f"{arguments}\n{result.stdout}{result.stderr}")
        return result.stdout + result.stderr

    def start(self, layer="kustomize: $(sources.platform)/base", version="1.*", host=None):
        with open(os.path.join(self.root, "pawl.yaml"), "w") as file:
            file.write(PROJECT % (host or self.host, f'"{version}"', layer))
        self.pawl("init")

    def applied(self):
        folder = os.path.join(self.root, "live/dev/app")
        [name] = os.listdir(folder)
        with open(os.path.join(folder, name)) as file:
            return file.read()

    def test_an_artifact_of_flux_is_a_folder_of_files(self):
        self.registry.artifact("platform", "1.0.0", as_flux("old"))
        self.registry.artifact("platform", "1.1.0", as_flux("new"))
        self.start()
        self.assertIn("pawl lock", self.pawl("render", "dev", expect=3))
        self.assertIn("platform", self.pawl("lock"))
        self.assertIn("mode: new", self.pawl("render", "dev"))
        self.start("manifests: $(sources.platform)/base/map.yaml")
        self.assertIn("mode: new", self.pawl("render", "dev"))

    def test_an_artifact_of_oras_is_a_folder_of_files(self):
        self.registry.artifact("platform", "1.0.0", as_oras("loud"))
        self.start()
        self.pawl("lock")
        self.assertIn("mode: loud", self.pawl("render", "dev"))

    def test_the_whole_of_an_artifact_may_be_a_layer(self):
        self.registry.artifact("platform", "1.0.0", Artifact((FILE, flags("whole"), {TITLE: "map.yaml"})))
        self.start("manifests: $(sources.platform)")
        self.pawl("lock")
        self.assertIn("mode: whole", self.pawl("render", "dev"))

    def test_nobody_is_asked_after_the_lock(self):
        self.registry.artifact("platform", "1.0.0", as_flux("old"))
        self.start()
        self.pawl("lock")
        self.registry.artifact("platform", "1.0.0", as_flux("moved"))
        self.pawl("release", "1")
        self.stop()
        self.pawl("promote", "--to", "dev")
        self.assertIn("mode: old", self.applied())
        self.pawl("release", "2")
        self.pawl("reproduce", "1")
        self.assertIn("platform was taken from the store", self.pawl("lock", "--check"))

    def test_R8_a_rollback_needs_no_registry(self):
        self.registry.artifact("platform", "1.0.0", as_flux("old"))
        self.start(host="oci://" + self.host)
        for version, mode in (("1", "old"), ("2", "new")):
            self.pawl("lock", "--update", "platform")
            self.pawl("release", version)
            self.pawl("promote", "--to", "dev")
            self.assertIn(f"mode: {mode}", self.applied())
            self.registry.artifact("platform", "1.1.0", as_flux("new"))
        self.stop()
        self.pawl("rollback", "dev", "--reason", "slow")
        self.assertIn("mode: old", self.applied())

    def test_what_no_layer_reads_is_vendored_too(self):
        self.registry.artifact("platform", "1.0.0", as_oras("loud"))
        os.makedirs(self.root + "/m")
        with open(self.root + "/m/map.yaml", "wb") as file:
            file.write(flags("local"))
        self.start("manifests: m")
        self.pawl("lock", "--vendor")
        self.stop()
        self.pawl("lock", "--check")
        self.start()
        self.assertIn("mode: loud", self.pawl("render", "dev"))

    def test_a_layout_is_a_mirror_of_artifacts(self):
        registry.write_layout(self.root + "/layout", [], {"platform.example/platform:1.0.0": as_oras("loud")})
        self.env["PAWL_REGISTRY_MIRRORS"] = f"platform.example=oci:{self.root}/layout"
        self.start(host="platform.example")
        self.pawl("lock")
        self.assertIn("mode: loud", self.pawl("render", "dev"))

    def test_A1_a_layer_that_was_changed_in_the_store_is_refused(self):
        artifact = as_flux("old")
        self.registry.artifact("platform", "1.0.0", artifact)
        self.start()
        self.pawl("lock")
        kept = os.path.join(self.root, ".pawl/oci/blobs/sha256", registry.digest_of(artifact.blobs[1])[7:])
        with open(kept, "r+b") as file:
            file.seek(40)
            file.write(b"!!")
        self.pawl("render", "dev", expect=10)

    def test_X3_hostile_artifacts_are_refused_with_what_is_wrong(self):
        hostile = {
            "is not a path inside it": [packed([("../../etc/passwd", b"x")]), packed([("/etc/passwd", b"x")])],
            "is a link": [packed([link("base", "/etc")]), packed([link("base/map.yaml", "../../x", tarfile.LNKTYPE)])],
            "stands twice": [packed([("a", b"x"), ("A", b"y")])],
            "is damaged": [packed([("a", b"x")])[:-9], b"no archive"],
            "holds more than": [packed([("a", bytes(300 << 20))])],
        }
        self.start()
        number = 0
        for what, archives in hostile.items():
            for archive in archives:
                number += 1
                self.registry.artifact("platform", f"1.{number}.0", Artifact((FLUX, archive, {})))
                shown = self.pawl("lock", "--update", "*", expect=2)
                self.assertIn(what, shown)
                self.assertIn("while reading source platform", shown)
        for artifact, what in (
            (Artifact((FILE, b"x", {TITLE: "../x"})), "is not a path inside it"),
            (Artifact(*[(FILE, b"x", {TITLE: f"f{i}"}) for i in range(1001)]), "1001 layers"),
            (Artifact(("application/json", b"{}", {})), "neither a .tar.gz nor a file with a title"),
        ):
            number += 1
            self.registry.artifact("platform", f"1.{number}.0", artifact)
            self.assertIn(what, self.pawl("lock", "--update", "*", expect=2))
        self.registry.image("platform", "1.99.0")
        self.assertIn("an index of several", self.pawl("lock", "--update", "*", expect=2))
        self.assertFalse(os.path.exists(self.root + "/etc"))


if __name__ == "__main__":
    unittest.main()
