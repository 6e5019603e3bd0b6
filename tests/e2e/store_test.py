#!/usr/bin/env python3
"""Every file of a store, changed by a bit at several places: each change is found, and the file is named.

usage: store_test.py PATH-TO-PAWL [unittest arguments]. The example is the project, so nothing but the program is needed.
"""
import glob
import json
import os
import random
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import unittest

PAWL = os.path.abspath(sys.argv.pop(1)) if len(sys.argv) > 1 else "pawl"
EXAMPLE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../examples/shop")

# Every file of a store is of one of these kinds; a file of none fails the test.
KINDS = {
    "checkpoint": r"ledger/checkpoint",
    "tile": r"ledger/tile/\d/.*",
    "entry bundle": r"ledger/tile/entries/.*",
    "blob": r"oci/blobs/sha256/[0-9a-f]{64}",
    "index": r"oci/index\.json",
    "layout": r"oci/oci-layout",
    "referrers": r"oci/referrers/sha256-[0-9a-f]{64}\.json",
    "database": r"state\.db",
    "public key": r"keys/(ledger|release)\.pub",
    "verifier key": r"keys/ledger\.vkey",
    "private key": r"keys/(ledger|release)\.pem",
}
EMPTY = r"(oci|ledger)/\.lock|state\.db\.open"  # there is no byte in them to change

# What the blobs of a release that was promoted and checked are.
BLOBS = {
    "release", "bundle", "snapshot", "snapshot configuration", "files", "layer", "inventory", "record", "referrer",
    "referrers index", "project configuration", "empty",
}


def blob_kind(data):
    """What a blob is, by its own words."""
    if data in (b"{}", b""):
        return "empty"
    if b"ustar" in data[:512]:
        return "files"
    if not data.startswith(b"{"):
        return "layer" if data.startswith(b"apiVersion:") else "text"
    document = json.loads(data)
    artifact = document.get("artifactType", "")
    for kind in ("release", "bundle", "snapshot"):
        if artifact == f"application/vnd.pawl.{kind}.v1+json":
            return kind
    media_type = document.get("mediaType", "")
    if "sigstore.bundle" in media_type:
        return "record"
    if "subject" in document:
        return "referrer"
    if "manifests" in document:
        return "referrers index"
    if "objects" in document:
        return "inventory"
    return "snapshot configuration" if "renderer" in document else "project configuration"


class Store(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.root = tempfile.mkdtemp(prefix="pawl-store-")
        cls.shop = os.path.join(cls.root, "shop")
        shutil.copytree(EXAMPLE, cls.shop)
        cls.env = {"PATH": os.environ["PATH"], "HOME": cls.root, "XDG_STATE_HOME": cls.root + "/state"}
        for arguments in (["init"], ["release", "1.0.0", "-m", "first"], ["promote", "--to", "dev"], ["promote", "--to", "staging"],
                          ["audit", "verify", "--replay"]):
            result = cls.run_pawl(*arguments)
            assert result.returncode == 0, f"{arguments}\n{result.stdout}{result.stderr}"
        cls.store = os.path.join(cls.shop, ".pawl")
        cls.pristine = os.path.join(cls.root, "pristine")
        shutil.copytree(cls.store, cls.pristine)
        cls.random = random.Random(int(os.environ.get("PAWL_SEED", "11")))

    def setUp(self):
        shutil.rmtree(self.store)
        shutil.copytree(self.pristine, self.store)

    def tearDown(self):
        """Looking at a damaged store damages nothing more: every file that was put right is as it was."""
        for name, kind in self.files().items():
            if kind != "database":
                with open(os.path.join(self.store, name), "rb") as now, open(os.path.join(self.pristine, name), "rb") as then:
                    self.assertEqual(now.read(), then.read(), name)

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.root, ignore_errors=True)

    @classmethod
    def run_pawl(cls, *arguments):
        return subprocess.run([PAWL, *arguments], cwd=cls.shop, env=cls.env, capture_output=True, text=True, timeout=60)

    def files(self):
        """Relative path -> kind of every file in the store."""
        found = {}
        for path in glob.glob(os.path.join(self.store, "**"), recursive=True, include_hidden=True):
            name = os.path.relpath(path, self.store)
            if not os.path.isfile(path) or re.fullmatch(EMPTY, name):
                continue
            kinds = [kind for kind, pattern in KINDS.items() if re.fullmatch(pattern, name)]
            self.assertEqual(len(kinds), 1, f"{name} is of no known kind: is it checked?")
            found[name] = kinds[0]
        return found

    def of_kind(self, *kinds):
        names = sorted(name for name, kind in self.files().items() if kind in kinds)
        self.assertTrue(names, kinds)
        return names

    def offsets(self, size, count):
        return sorted({0, size // 2, size - 1, *(self.random.randrange(size) for _ in range(count))})

    def flipped(self, name, offset, bit=0):
        """Changes a bit of a file until the block ends."""
        return Flip(os.path.join(self.store, name), offset, bit)

    def assert_found(self, name, offset, named, *arguments, codes=(10,)):
        with self.flipped(name, offset):
            result = self.run_pawl(*arguments)
        said = result.stdout + result.stderr
        self.assertIn(result.returncode, codes, f"{arguments} with {name} byte {offset}: {said}")
        self.assertRegex(said, named, f"{name} byte {offset}")

    def test_L1_every_file_is_of_a_kind_that_is_checked(self):
        self.assertEqual(set(self.files().values()), set(KINDS))

    def test_L1_the_ledgers_files(self):
        for name in self.of_kind("checkpoint", "tile", "entry bundle"):
            size = os.path.getsize(os.path.join(self.store, name))
            for offset in self.offsets(size, 9 if name == "ledger/checkpoint" else 1):
                # An entry is named by its number, and the bundle by its place.
                named = re.escape(name.removeprefix("ledger/")) + "|entry .* " + re.escape(name.removeprefix("ledger/").split(".p/")[0])
                self.assert_found(name, offset, named, "audit", "verify")

    def test_L1_blobs_of_every_kind(self):
        kinds = {}
        for name in self.of_kind("blob"):
            with open(os.path.join(self.store, name), "rb") as f:
                kinds.setdefault(blob_kind(f.read()), name)
        self.assertLessEqual(BLOBS, set(kinds))
        for kind, name in kinds.items():
            size = os.path.getsize(os.path.join(self.store, name))
            for offset in self.offsets(size, 3) if size else []:
                self.assert_found(name, offset, os.path.basename(name), "audit", "verify")

    def test_L1_names_and_what_is_attached(self):
        for name in self.of_kind("index", "referrers", "layout"):
            size = os.path.getsize(os.path.join(self.store, name))
            # oci-layout tells a version and nothing else: a store of a version that is not known is not opened.
            codes = (2,) if name == "oci/oci-layout" else (10,)
            for offset in self.offsets(size - 1, 40 if name == "oci/index.json" else 12):  # the last byte ends the line
                self.assert_found(name, offset, re.escape(os.path.basename(name)) + "|OCI layout", "audit", "verify", codes=codes)

    def test_L1_entries_tiles_checkpoint_and_state_in_the_database(self):
        # Everything into the one file, where the bytes of a value can be found.
        with sqlite3.connect(os.path.join(self.store, "state.db")) as database:
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            rows = {
                "entry": database.execute("SELECT bytes FROM entries ORDER BY idx").fetchall(),
                "checkpoint": database.execute("SELECT checkpoint FROM head").fetchall(),
                "record": database.execute("SELECT value FROM records ORDER BY key").fetchall(),
                "hashes": database.execute("SELECT hashes FROM tiles WHERE level = 0").fetchall(),
            }
        database.close()
        with open(os.path.join(self.store, "state.db"), "rb") as f:
            pages = f.read()
        for kind, values in rows.items():
            # Others go over several pages, or have a copy in a page's free space, which nobody reads.
            whole = [(pages.find(value), value) for (value,) in values if pages.count(value) == 1]
            self.assertTrue(whole, kind)
            for at, value in whole[:6] + whole[-2:]:
                for offset in (0, len(value) // 2, len(value) - 1):
                    # The tree's own rows serve the next append alone: it is refused, and the log stays what it is.
                    verb = ("hold", "dev", "--reason", "x") if kind == "hashes" else ("audit", "verify", "--replay")
                    self.assert_found("state.db", at + offset, ".", *verb)

    def test_S6_keys(self):
        """A key that is not the one that signed, or none: nothing verifies, and the way it fails says which file."""
        for name in self.of_kind("public key", "verifier key", "private key"):
            size = os.path.getsize(os.path.join(self.store, name))
            arguments = ("verify", "1.0.0") if name == "keys/release.pub" else ("audit", "verify")
            if name in ("keys/release.pem", "keys/ledger.pub"):
                continue  # read by no verb that only verifies
            for offset in self.offsets(size - 1, 6):  # the last byte ends the line
                self.assert_found(name, offset, ".", *arguments, codes=(2, 10))


class Flip:
    def __init__(self, path, offset, bit):
        self.path, self.offset, self.bit = path, offset, bit

    def __enter__(self):
        self.swap()

    def __exit__(self, *_):
        self.swap()

    def swap(self):
        mode = os.stat(self.path).st_mode
        os.chmod(self.path, mode | 0o200)
        with open(self.path, "r+b") as f:
            f.seek(self.offset)
            byte = f.read(1)[0]
            f.seek(self.offset)
            f.write(bytes([byte ^ (1 << self.bit)]))
        os.chmod(self.path, mode)


if __name__ == "__main__":
    unittest.main(verbosity=2)
