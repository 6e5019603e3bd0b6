#!/usr/bin/env python3
"""Every writing system call of a promotion killed or failed in turn, on the real store and target; then it must converge.

usage: fault_test.py PATH-TO-PAWL PATH-TO-SHIM. PAWL_FAULT_POINTS bounds how many points of each kind are tried.
"""
import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

SHIM = os.path.abspath(sys.argv.pop(2))
PAWL = os.path.abspath(sys.argv.pop(1))
EXAMPLE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../examples/shop")
POINTS = int(os.environ.get("PAWL_FAULT_POINTS", "30"))


class Faults(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.root = tempfile.mkdtemp(prefix="pawl-fault-")
        cls.env = {"PATH": os.environ["PATH"], "HOME": cls.root, "XDG_STATE_HOME": cls.root + "/state"}
        cls.start = os.path.join(cls.root, "start")
        shutil.copytree(EXAMPLE, cls.start)
        for arguments in (["init"], ["release", "1.0.0"], ["promote", "--to", "dev"]):
            subprocess.run([PAWL, *arguments], cwd=cls.start, env=cls.env, check=True, stdout=subprocess.DEVNULL)
        shutil.copytree(os.path.join(cls.start, "changes/1.1.0"), cls.start, dirs_exist_ok=True)
        subprocess.run([PAWL, "release", "1.1.0"], cwd=cls.start, env=cls.env, check=True, stdout=subprocess.DEVNULL)

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.root, ignore_errors=True)

    def faulty(self, folder, **settings):
        env = {**self.env, "LD_PRELOAD": SHIM, "PAWL_FAULT_ROOT": folder, **settings}
        return subprocess.run([PAWL, "promote", "--to", "dev"], cwd=folder, env=env, capture_output=True, text=True, timeout=60)

    def pawl(self, folder, *arguments):
        result = subprocess.run([PAWL, *arguments], cwd=folder, env=self.env, capture_output=True, text=True, timeout=60)
        return result.returncode, result.stdout + result.stderr

    def fresh(self):
        folder = os.path.join(self.root, "work")
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.start, folder)
        # Each copy is a history of its own; what was seen of another one would rightly be held against it.
        shutil.rmtree(self.env["XDG_STATE_HOME"], ignore_errors=True)
        return folder

    def count(self):
        counter = os.path.join(self.root, "count")
        self.assertEqual(self.faulty(self.fresh(), PAWL_FAULT_COUNT=counter).returncode, 0)
        with open(counter) as f:
            return int(f.read())

    def converges(self, kind):
        total = self.count()
        self.assertGreater(total, 40, "the shim sees the program's calls")
        points = sorted({1 + i * (total - 1) // max(1, POINTS - 1) for i in range(POINTS)})
        reached = 0
        for at in points:
            folder = self.fresh()
            result = self.faulty(folder, PAWL_FAULT_AT=str(at), PAWL_FAULT_KIND=kind)
            where = f"{kind} at call {at} of {total}: {result.stdout}{result.stderr}"
            # How often the log is published depends on time, so that the last points may lie behind the end of a run.
            self.assertTrue(kind != "kill" or result.returncode in (-9, 0), where)
            reached += 1 if result.returncode != 0 else 0
            for _ in range(3):
                code, output = self.pawl(folder, "promote", "--to", "dev")
                if code == 0:
                    break
            self.assertEqual(code, 0, where + output)
            code, output = self.pawl(folder, "status", "-o", "json")
            head = json.loads(output)["environments"][0]["head"]
            self.assertEqual((head["version"], head["verified"]), ("1.1.0", True), where)
            self.assertEqual(self.pawl(folder, "drift", "dev")[0], 0, where)
            code, output = self.pawl(folder, "audit", "verify", "--replay")
            self.assertEqual(code, 0, where + output)
            self.assertEqual([n for n in os.listdir(os.path.join(folder, "live")) if "stage" in n], [], where)
        # A short write is finished by the next one; every other kind must have been felt.
        self.assertTrue(kind == "short" or reached > len(points) // 3, f"only {reached} of {len(points)} points were felt")

    def test_R1_killed_at_every_call(self):
        self.converges("kill")

    def test_R6_no_space(self):
        self.converges("enospc")

    def test_R6_input_output_errors_and_failed_syncs(self):
        self.converges("eio")

    def test_R6_short_writes(self):
        self.converges("short")


if __name__ == "__main__":
    unittest.main(verbosity=2)
