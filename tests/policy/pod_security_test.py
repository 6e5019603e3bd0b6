#!/usr/bin/env python3
"""Judges the pods that k8s.io/pod-security-admission is tested with by the built-in policies of the same levels: what
must pass is allowed, what must fail denied by a rule. usage: pod_security_test.py PAWL
"""
import glob
import os
import re
import subprocess
import sys

RELEASE = "v1.34"


def pods():
    """The folder of the fixtures, at the version that apiserver/go.sum pins; "" where it is not there."""
    cache = os.environ.get("GOMODCACHE") or os.path.join(os.environ.get("GOPATH", os.path.expanduser("~/go")), "pkg/mod")
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "apiserver/go.sum")) as f:
        pinned = re.search(r"^k8s.io/pod-security-admission (v[0-9.]+) ", f.read(), re.M)
    folder = os.path.join(cache, f"k8s.io/pod-security-admission@{pinned.group(1)}/test/testdata") if pinned else ""
    return folder if os.path.isdir(folder) else ""


def verdict(pawl, level, path):
    ran = subprocess.run([pawl, "policy", "check", path, "--policies", f"library/pod-security-{level}"],
                         capture_output=True, text=True)
    clean = "resulted in error" not in ran.stdout and not ran.stderr
    return {0: "pass", 1: "fail"}.get(ran.returncode, "error") if clean else "error", ran.stdout + ran.stderr


def main():
    folder = pods()
    if not folder:
        print("skipped: the module k8s.io/pod-security-admission is not in Go's cache")
        return 77
    judged = wrong = 0
    for level in ["baseline", "restricted"]:
        for expected in ["pass", "fail"]:
            for path in sorted(glob.glob(os.path.join(folder, level, RELEASE, expected, "*.yaml"))):
                judged += 1
                found, said = verdict(os.path.abspath(sys.argv[1]), level, path)
                if found != expected:
                    wrong += 1
                    print(f"{level} {expected} {os.path.basename(path)}: {found}\n{said}")
    print(f"{judged} pods, {wrong} judged otherwise")
    return 1 if wrong or judged < 100 else 0


if __name__ == "__main__":
    sys.exit(main())
