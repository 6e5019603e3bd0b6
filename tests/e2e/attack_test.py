#!/usr/bin/env python3
"""Attacks on the whole program that no unit shows: memory that stays bounded, keys that change hands, text that steers.

usage: attack_test.py PATH-TO-PAWL [unittest arguments]. The example is the project.
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

PAWL = os.path.abspath(sys.argv.pop(1)) if len(sys.argv) > 1 else "pawl"
EXAMPLE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../examples/shop")
MIB = 1 << 20


class Attack(unittest.TestCase):
    def setUp(self):
        self.root = tempfile.mkdtemp(prefix="pawl-attack-")
        self.shop = os.path.join(self.root, "shop")
        shutil.copytree(EXAMPLE, self.shop)
        self.env = {"PATH": os.environ["PATH"], "HOME": self.root, "XDG_STATE_HOME": self.root + "/state",
                    "PAWL_REGISTRY_MIRRORS": f"ghcr.io=oci:{self.shop}/images,docker.io=oci:{self.shop}/images"}
        self.pawl("init")

    def tearDown(self):
        shutil.rmtree(self.root, ignore_errors=True)

    def path(self, *parts):
        return os.path.join(self.shop, *parts)

    def run_pawl(self, *arguments):
        return subprocess.run([PAWL, *arguments], cwd=self.shop, env=self.env, capture_output=True, text=True, timeout=120)

    def pawl(self, *arguments, expect=0):
        result = self.run_pawl(*arguments)
        self.assertEqual(result.returncode, expect, f"{arguments}\n{result.stdout}{result.stderr}")
        return result.stdout + result.stderr

    def peak_memory(self, *arguments, expect):
        """The most memory, in bytes, that the program held while it ran."""
        process = subprocess.Popen([PAWL, *arguments], cwd=self.shop, env=self.env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        said = process.stderr.read().decode()
        process.stderr.close()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        self.assertIn(process.returncode, expect, said)
        return usage.ru_maxrss * 1024

    def grow(self, path, size):
        """Makes a file large without writing it."""
        os.chmod(path, 0o644)
        with open(path, "r+b") as f:
            f.truncate(size)

    def test_X1_a_scalar_of_one_gibibyte(self):
        usual = self.peak_memory("render", "dev", expect=(0,))
        path = self.path("deploy/base/web.yaml")
        with open(path, "a") as f:
            f.write("---\nkey: ")
        self.grow(path, 1 << 30)
        self.assertLess(self.peak_memory("render", "dev", expect=(2,)), usual + 8 * MIB)
        project = self.path("pawl.yaml")
        self.grow(project, 1 << 30)
        self.assertLess(self.peak_memory("render", "dev", expect=(2,)), usual + 8 * MIB)

    def test_S8_a_record_of_129_mebibytes(self):
        self.pawl("release", "1.0.0")
        usual = self.peak_memory("verify", "1.0.0", expect=(0,))
        for path in self.records():
            self.grow(path, 129 * MIB)
        self.assertLess(self.peak_memory("verify", "1.0.0", expect=(2, 10)), usual + 8 * MIB)

    def records(self):
        found = []
        for path in glob.glob(self.path(".pawl/oci/blobs/sha256/*")):
            with open(path, "rb") as f:
                if b"sigstore.bundle.v0.3" in f.read() and os.path.getsize(path) > 800:
                    found.append(path)
        self.assertTrue(found)
        return found

    def test_A5_manifests_pin_the_index_and_the_lock_names_every_platform(self):
        os.remove(self.path("pawl.lock"))
        self.pawl("lock")
        with open(self.path("pawl.lock")) as f:
            lock = f.read()
        with open(self.path("images/index.json")) as f:
            indexes = {e["annotations"]["org.opencontainers.image.ref.name"]: e["digest"] for e in json.load(f)["manifests"]}
        rendered = self.run_pawl("render", "staging").stdout
        pinned = re.findall(r"image: (\S+)@(sha256:[0-9a-f]{64})", rendered)
        self.assertEqual(len(pinned), 3)
        self.assertEqual(len(re.findall(r"image: ", rendered)), 3, "none is left by its tag")
        for reference, digest in pinned:
            full = reference if "ghcr.io" in reference else "docker.io/library/" + reference
            self.assertEqual(digest, indexes[full])
            with open(self.path("images/blobs/sha256", digest[7:])) as f:
                for platform in json.load(f)["manifests"]:
                    self.assertIn(platform["digest"], lock)
                    self.assertNotIn(platform["digest"], rendered)

    def test_A1_a_mirror_with_other_bytes_under_a_locked_digest(self):
        self.pawl("lock", "--check")
        with open(self.path("images/index.json")) as f:
            digest = json.load(f)["manifests"][0]["digest"]
        path = self.path("images/blobs/sha256", digest[7:])
        with open(path) as f:
            text = f.read()
        with open(path, "w") as f:
            f.write(text + " ")
        self.assertIn(digest, self.pawl("lock", "--check", expect=10))
        self.pawl("lock", "--vendor", expect=10)
        self.assertFalse(os.path.exists(self.path(".pawl/oci/blobs/sha256", digest[7:])), "nothing of it is kept")

    def trust(self, *names):
        with open(os.path.join(EXAMPLE, "pawl.yaml")) as f:
            text = f.read()
        with open(self.path("pawl.yaml"), "w") as f:
            f.write(text + "\n  trust: { release: [" + ", ".join(f"keys/{name}.pub" for name in names) + "] }\n")
        self.pawl("apply")

    def new_release_key(self, name):
        os.makedirs(self.path("keys"), exist_ok=True)
        for old in glob.glob(self.path(".pawl/keys/release.*")):
            os.remove(old)
        self.pawl("key", "new", ".pawl/keys/release.pem")
        shutil.copy(self.path(".pawl/keys/release.pub"), self.path(f"keys/{name}.pub"))

    def test_S6_a_key_that_was_rotated_and_one_that_was_revoked(self):
        self.new_release_key("first")
        self.pawl("release", "1.0.0")
        self.new_release_key("second")
        self.assertIn("no record of release 1.0.0 counts", self.pawl("verify", "1.0.0", expect=10))
        self.trust("first", "second")
        shutil.copytree(self.path("changes/1.1.0"), self.shop, dirs_exist_ok=True)
        self.pawl("release", "1.1.0")
        for version in ("1.0.0", "1.1.0"):
            self.pawl("verify", version)
        # Whoever holds a revoked key can write any time into what it signs, so that nothing it ever signed counts.
        self.trust("second")
        self.pawl("verify", "1.0.0", expect=10)
        self.pawl("verify", "1.1.0")
        self.trust("first")
        self.pawl("verify", "1.0.0")
        self.pawl("verify", "1.1.0", expect=10)

    def test_X8_text_from_outside_never_steers_the_terminal(self):
        hostile = "x\x1b]0;pwned\x07\r\n\u202egnp\u2066\x9b2J"
        self.pawl("release", "1.0.0", "-m", hostile)
        self.pawl("promote", "--to", "dev", "--reason", hostile)
        self.pawl("hold", "dev", "--reason", hostile)
        name = self.path("live/dev/web", "\x1b[31mred\n.yaml")
        with open(name, "w") as f:
            f.write("kind: \"\x1b\"\n")
        for arguments in (["get", "releases"], ["history", "dev"], ["audit", "log"], ["describe", "promotion", "1"], ["status"],
                          ["why", "1.0.0", "dev"], ["describe", "release", "1.0.0"], ["drift", "dev"], ["verify", hostile],
                          ["promote", hostile, "--to", hostile], ["render", hostile], [hostile], ["explain", hostile]):
            result = self.run_pawl(*arguments)
            self.assert_harmless(result.stdout + result.stderr, arguments)

    def test_X8_names_in_manifests(self):
        path = self.path("deploy/base/web.yaml")
        with open(path) as f:
            text = f.read()
        for field in ("name: web", "kind: Deployment", "image: ghcr.io/example/shop-web:1.0.0"):
            key = field.split(":")[0]
            with open(path, "w") as f:
                f.write(text.replace(field, key + ': "a\\e[2J\\r\\u202eb"', 1))
            result = self.run_pawl("release", "9")
            self.assertNotEqual(result.returncode, 0)
            self.assert_harmless(result.stdout + result.stderr, field)

    def assert_harmless(self, said, about):
        bad = [c for c in said if (ord(c) < 0x20 and c not in "\n\t") or 0x7F <= ord(c) <= 0x9F or c in "\u202e\u2066"]
        self.assertEqual(bad, [], f"{about}: {said!r}")


if __name__ == "__main__":
    unittest.main(verbosity=2)
