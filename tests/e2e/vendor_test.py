#!/usr/bin/env python3
"""After `pawl lock --vendor` no registry and no remote is needed any more: both are stopped, and the work goes on.

usage: vendor_test.py PATH-TO-PAWL [unittest arguments].
"""
import functools
import http.server
import json
import os
import shutil
import subprocess
import threading
import unittest

import podinfo
import registry
from podinfo import VERSIONS

SOURCES = """  sources:
    podinfo: {{ image: ghcr.io/stefanprodan/podinfo, version: "6.12.*" }}
    base: {{ git: "{url}", version: ">=1 <2", path: files }}
    trunk: {{ git: "{url}", branch: main }}
    local: {{ files: deploy }}
"""


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


class Vendor(podinfo.PodinfoCase):
    def setUp(self):
        # A registry of this case's own, because it is stopped.
        self.registry = registry.Registry()
        super().setUp()
        self.serve_a_repository()
        self.write_project(SOURCES.format(url=self.url))

    def tearDown(self):
        self.stop_everything()
        super().tearDown()

    def serve_a_repository(self):
        """A bare repository over plain HTTP, as any file server gives it."""
        work, bare = os.path.join(self.root, "base"), os.path.join(self.root, "http/base.git")
        os.makedirs(os.path.join(work, "files"))
        with open(os.path.join(work, "files/values.yaml"), "w") as f:
            f.write("replicas: 2\n")
        git = functools.partial(subprocess.run, env=self.env, check=True, stdout=subprocess.DEVNULL)
        for arguments in (["init", "-q", "-b", "main"], ["add", "-A"], ["commit", "-qm", "one"], ["tag", "1.4.0"]):
            git(["git", *arguments], cwd=work)
        git(["git", "clone", "-q", "--bare", work, bare])
        git(["git", "update-server-info"], cwd=bare)
        handler = functools.partial(Quiet, directory=os.path.join(self.root, "http"))
        self.http = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        threading.Thread(target=self.http.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.http.server_address[1]}/base.git"

    def stop_everything(self):
        if self.http:
            self.http.shutdown()
            self.http.server_close()
            self.registry.__exit__()
            self.http = None
            shutil.rmtree(os.path.join(self.root, ".cache"), ignore_errors=True)  # the clones that this user kept

    def stored(self):
        return set(os.listdir(os.path.join(self.repo, ".pawl/oci/blobs/sha256")))

    def test_the_work_goes_on_without_registry_and_remote(self):
        self.pawl("lock", "--vendor")
        self.assert_images_are_stored()
        self.stop_everything()

        checked = self.json("lock", "--check")
        self.assertFalse(checked["stale"])
        self.assertTrue(any(note.startswith("base was taken from the store") for note in checked["notes"]), checked["notes"])
        released = self.json("release", VERSIONS[0], "-m", "offline", "--dirty")
        self.promote_everywhere()
        self.assertEqual(self.heads()["production"]["bundle"], {b["environment"]: b["digest"] for b in released["bundles"]}["production"])
        self.assertTrue(self.json("reproduce", VERSIONS[0])["reproduced"])
        self.pawl("verify", VERSIONS[0])
        self.pawl("audit", "verify", "--replay")
        # What has to be asked for anew still says that nobody answers.
        self.pawl("lock", "--update", "base", expect=8)

    def assert_images_are_stored(self):
        stored = self.stored()
        with open(os.path.join(self.repo, "pawl.lock")) as f:
            images = f.read().split("images:")[1]
        digests = {word[7:] for word in images.split() if word.startswith("sha256:")}
        self.assertEqual(len(digests), 2 * 3, "two images for two platforms")
        self.assertLessEqual(digests, stored, "indexes and platforms' manifests")
        for digest in digests:
            with open(os.path.join(self.repo, ".pawl/oci/blobs/sha256", digest)) as f:
                manifest = json.load(f)
            if "config" in manifest:
                self.assertIn(manifest["config"]["digest"][7:], stored)
                self.assertNotIn(manifest["layers"][0]["digest"][7:], stored, "no layers")

    def test_a_check_without_the_store_says_that_nobody_answers(self):
        self.pawl("lock")
        self.stop_everything()
        self.pawl("lock", "--check", expect=8)

    def test_A1_a_vendored_blob_that_was_changed_is_refused(self):
        self.pawl("lock", "--vendor")
        self.pawl("lock", "--check")
        with open(os.path.join(self.repo, "pawl.lock")) as f:
            tree = f.read().split("name: base")[1].split("digest: sha256:")[1][:64]
        with open(os.path.join(self.repo, ".pawl/oci/index.json")) as f:
            entries = json.load(f)["manifests"]
        name = "source-" + tree
        digest = next(e["digest"] for e in entries if e["annotations"]["org.opencontainers.image.ref.name"] == name)
        path = os.path.join(self.repo, ".pawl/oci/blobs/sha256", digest[7:])
        with open(path, "r+b") as f:
            f.seek(512)
            f.write(b"R")
        self.stop_everything()
        self.pawl("lock", "--check", expect=10)
        self.pawl("audit", "verify", expect=10)


if __name__ == "__main__":
    unittest.main(verbosity=2)
