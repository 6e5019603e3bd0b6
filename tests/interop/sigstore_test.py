#!/usr/bin/env python3
"""npm's @sigstore/verify on Pawl's signed records: the true ones are accepted, altered ones refused.

usage: sigstore_test.py PATH-TO-PAWL [unittest arguments]. Needs node and npm; without them it skips by name, and fails
under CI. The packages that package-lock.json pins are installed once, below $PAWL_CACHE (default ~/.cache/pawl).
"""
import base64
import copy
import glob
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
EXAMPLE = os.path.join(HERE, "../../examples/shop")
PAWL = os.path.abspath(sys.argv.pop(1)) if len(sys.argv) > 1 else "pawl"
BUNDLE_TYPE = "application/vnd.dev.sigstore.bundle.v0.3+json"


def absent():
    return next((program for program in ("node", "npm") if shutil.which(program) is None), None)


def modules():
    """The folder that holds the pinned packages, installed on first use; its name says which ones they are."""
    with open(os.path.join(HERE, "package-lock.json"), "rb") as f:
        name = hashlib.sha256(f.read()).hexdigest()[:16]
    parent = os.path.join(os.environ.get("PAWL_CACHE") or os.path.expanduser("~/.cache/pawl"), "interop")
    folder = os.path.join(parent, name)
    if os.path.isdir(folder):
        return folder
    os.makedirs(parent, exist_ok=True)
    fresh = tempfile.mkdtemp(prefix=name + "-", dir=parent)
    for file in ("package.json", "package-lock.json"):
        shutil.copy(os.path.join(HERE, file), fresh)
    try:
        subprocess.run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], cwd=fresh, check=True, timeout=300)
        os.rename(fresh, folder)
    except OSError:
        if not os.path.isdir(folder):  # else another run was faster
            raise
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return folder


def decoded(text):
    return base64.b64decode(text, validate=True)


def encoded(data):
    return base64.b64encode(data).decode()


def flipped(text, at=-1):
    """Base64 text whose bytes differ in one bit."""
    data = bytearray(decoded(text))
    data[at] ^= 1
    return encoded(data)


class Sigstore(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        missing = absent()
        if missing and "CI" in os.environ:
            raise RuntimeError(f"{missing} is absent")
        if missing:
            raise unittest.SkipTest(f"{missing} is absent")
        cls.modules = modules()

    def setUp(self):
        self.root = tempfile.mkdtemp(prefix="pawl-interop-")
        self.shop = os.path.join(self.root, "shop")
        shutil.copytree(EXAMPLE, self.shop)
        self.env = {"PATH": os.environ["PATH"], "HOME": self.root, "XDG_STATE_HOME": self.root + "/state"}

    def tearDown(self):
        shutil.rmtree(self.root, ignore_errors=True)

    def pawl(self, *arguments):
        result = subprocess.run([PAWL, *arguments], cwd=self.shop, env=self.env, capture_output=True, text=True, timeout=120)
        self.assertEqual(result.returncode, 0, f"{arguments}\n{result.stdout}{result.stderr}")

    def key(self, name="release"):
        """The DER of a public key of the store, and the hint that names it."""
        with open(os.path.join(self.shop, f".pawl/keys/{name}.pub")) as f:
            der = base64.b64decode("".join(line for line in f.read().splitlines() if "-----" not in line))
        return "sha256:" + hashlib.sha256(der).hexdigest(), der

    def records(self, key_type):
        """Every signed record that a release and its promotion leave behind."""
        self.pawl("init")
        if key_type != "ecdsa-p256":  # what init makes
            for old in glob.glob(os.path.join(self.shop, ".pawl/keys/release.*")):
                os.remove(old)
            self.pawl("key", "new", ".pawl/keys/release.pem", "--type", key_type)
        self.pawl("release", "1.0.0", "-m", "first")
        self.pawl("promote", "--to", "dev")
        found = []
        for path in glob.glob(os.path.join(self.shop, ".pawl/oci/blobs/sha256/*")):
            with open(path, "rb") as f:
                data = f.read()
            if data.startswith(b"{") and json.loads(data).get("mediaType") == BUNDLE_TYPE:
                found.append(data.decode())
        return found

    def refusals(self, records, keys=None):
        keys = keys or dict([self.key()])
        request = {"keys": {hint: encoded(der) for hint, der in keys.items()}, "records": records}
        result = subprocess.run(["node", os.path.join(HERE, "verify.cjs"), self.modules], input=json.dumps(request), capture_output=True,
                                text=True, timeout=120)
        self.assertEqual(result.returncode, 0, result.stderr)
        answers = json.loads(result.stdout)
        self.assertEqual(len(answers), len(records))
        return answers

    def accepted_and_altered(self, key_type):
        records = self.records(key_type)
        kinds = {json.loads(decoded(json.loads(r)["dsseEnvelope"]["payload"]))["predicateType"] for r in records}
        self.assertIn("https://pawl.dev/release/v1", kinds)
        self.assertIn("https://in-toto.io/attestation/test-result/v0.1", kinds)
        self.assertEqual(self.refusals(records), [None] * len(records))
        for record in records:
            altered = self.alterations(json.loads(record))
            answers = self.refusals([json.dumps(a) for a in altered.values()])
            self.assertEqual([name for name, answer in zip(altered, answers) if answer is None], [], "accepted")
        self.other_keys(records)

    def alterations(self, record):
        """Name -> the record with one thing about it changed that decides what is signed, by whom, or in which form."""
        out = {}

        def change(name, do):
            copied = copy.deepcopy(record)
            do(copied, copied["dsseEnvelope"], copied["verificationMaterial"])
            out[name] = copied

        payload = decoded(record["dsseEnvelope"]["payload"])
        for at in (0, len(payload) // 2, -1):
            change(f"payload byte {at}", lambda r, e, m, at=at: e.update(payload=flipped(e["payload"], at)))
        change("payload cut", lambda r, e, m: e.update(payload=encoded(payload[:-1])))
        change("payload longer", lambda r, e, m: e.update(payload=encoded(payload + b" ")))
        change("payload empty", lambda r, e, m: e.update(payload=""))
        change("payload type", lambda r, e, m: e.update(payloadType="application/vnd.in-toto+jsom"))
        change("payload type empty", lambda r, e, m: e.update(payloadType=""))
        signature = decoded(record["dsseEnvelope"]["signatures"][0]["sig"])
        for at in range(len(signature)):
            change(f"signature byte {at}", lambda r, e, m, at=at: e["signatures"][0].update(sig=encoded(flip_byte(signature, at))))
        change("signature gone", lambda r, e, m: e.update(signatures=[]))
        change("signature empty", lambda r, e, m: e["signatures"][0].update(sig=""))
        change("signature of zeros", lambda r, e, m: e["signatures"][0].update(sig=encoded(bytes(len(signature)))))
        change("two signatures", lambda r, e, m: e["signatures"].append(e["signatures"][0]))
        change("hint of a stranger", lambda r, e, m: m["publicKey"].update(hint="sha256:" + "0" * 64))
        change("hint empty", lambda r, e, m: m["publicKey"].update(hint=""))
        change("no key", lambda r, e, m: m.pop("publicKey"))
        change("no verification material", lambda r, e, m: r.pop("verificationMaterial"))
        change("a certificate that is none", lambda r, e, m: (m.pop("publicKey"), m.update(certificate={"rawBytes": encoded(b"0")})))
        change("no envelope", lambda r, e, m: r.pop("dsseEnvelope"))
        change("media type", lambda r, e, m: r.update(mediaType="application/json"))
        change("a log entry that proves nothing", lambda r, e, m: m.update(tlogEntries=[{"logIndex": "1"}]))
        return out

    def other_keys(self, records):
        """A true record under a key that did not sign it, however the key is called."""
        hint, der = self.key()
        ledger_hint, ledger_der = self.key("ledger")
        self.assertNotIn(None, self.refusals(records, {ledger_hint: ledger_der}))
        self.assertNotIn(None, self.refusals(records, {hint: ledger_der}))
        self.assertEqual(self.refusals(records, {hint: der, ledger_hint: ledger_der}), [None] * len(records))

    def test_the_packages_are_pinned_by_content_and_by_no_host(self):
        with open(os.path.join(HERE, "package-lock.json")) as f:
            packages = json.load(f)["packages"]
        for name, package in packages.items():
            self.assertNotIn("resolved", package, name)
            self.assertEqual("integrity" in package, name != "", name)

    def test_S1_records_by_an_ecdsa_key(self):
        self.accepted_and_altered("ecdsa-p256")

    def test_S1_records_by_an_ed25519_key(self):
        self.accepted_and_altered("ed25519")


def flip_byte(data, at):
    out = bytearray(data)
    out[at] ^= 1
    return bytes(out)


if __name__ == "__main__":
    unittest.main(verbosity=2)
