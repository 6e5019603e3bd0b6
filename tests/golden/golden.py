#!/usr/bin/env python3
"""Runs scripts of commands and what they must print. usage: golden.py PAWL SCRIPT.txt | golden.py PAWL --coverage

A script runs in a fresh copy of fixture/ (a project, with a lock, of its own):

    # a comment
    sh COMMAND             must succeed; what it prints is of no matter
    silent PORT            sets the variable PORT to one of loopback that takes connections and never answers
    closed PORT            sets the variable PORT to one of loopback where nobody listens
    interrupt FILE         the next command gets SIGINT once the file is there
    $ pawl VERB ...        run by the shell, with what must come of it below:
    > a line of standard output
    2> a line of standard error
    ? EXIT-CODE            where it is not 0

What differs from run to run is compared by name: digests are numbered in the order in which they are seen, so that the
same one has the same number; times, ages, keys and the folder have fixed names. Columns are compared with two spaces
between them. PAWL_ACCEPT=1 writes what was printed into the script and is reported as skipped (77), never as passed.
"""
import getpass
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
SCRIPTS = os.path.join(HERE, "scripts")
SKIPPED = 77


class Normaliser:
    def __init__(self, root):
        self.root = root
        self.digests = {}

    def digest(self, match):
        digits = match.group(1)
        if len(set(digits)) == 1:
            return match.group(0)  # one of the fixture's
        number = self.digests.setdefault(digits[:12], len(self.digests) + 1)
        return f"sha256:<{number}>" if len(digits) == 64 else f"sha256:<{number}..>"

    def line(self, text):
        text = text.replace(self.root, "ROOT")
        text = re.sub(r"sha256:([0-9a-f]{64}|[0-9a-f]{12})(?![0-9a-f])", self.digest, text)
        text = re.sub(r"(?<![0-9a-f])(?!1{64}|2{64}|3{64})[0-9a-f]{64}(?![0-9a-f])", "HEX", text)
        text = re.sub(r"pawl\.local/[0-9a-f]{16}", "pawl.local/LOG", text)
        text = re.sub(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", "TIME", text)
        text = re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d", "WHEN", text)
        text = re.sub(r"\b(Mon|Tue|Wed|Thu|Fri|Sat|Sun) \d\d:\d\d", "DAY", text)
        text = re.sub(r"(?<=ok )\d+(ms|s|m)\b", "AGE", text)
        text = re.sub(r"(?<=verified )\d+(ms|s|m)\b", "AGE", text)
        text = re.sub(r"\b\d+(ms|s|m)(?= (ago|of) )|\b\d+(ms|s|m)(?= ago)", "AGE", text)
        text = re.sub(r"(?!1{64}|2{64}|3{64})(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{40,}={0,2}", "BASE64", text)
        text = re.sub(r"/tmp/pawl-check-[A-Za-z0-9]+", "CHECK", text)
        text = re.sub(r"local:[A-Za-z0-9_.-]+", "local:USER", text)
        text = re.sub(rf"\bby {re.escape(getpass.getuser())}\b", "by USER", text)
        text = re.sub(r"127\.0\.0\.1:\d+", "127.0.0.1:PORT", text)
        text = re.sub(r"(?<=\S)  +", "  ", text)
        return text.rstrip()

    def lines(self, text):
        return [self.line(line) for line in text.splitlines()]


class Script:
    def __init__(self, pawl, path):
        self.path = path
        self.root = os.path.realpath(tempfile.mkdtemp(prefix="pawl-golden-"))
        self.project = os.path.join(self.root, "store")
        shutil.copytree(os.path.join(HERE, "fixture"), self.project)
        os.makedirs(self.root + "/bin")
        os.symlink(pawl, self.root + "/bin/pawl")
        self.env = {"PATH": self.root + "/bin:/usr/local/bin:/usr/bin:/bin", "HOME": self.root + "/home", "TZ": "UTC", "LANG": "C.UTF-8",
                    "PAWL_SYSTEM_CONFIG": self.root + "/system.yaml", "ROOT": self.root}
        self.normaliser = Normaliser(self.root)
        self.sockets = []
        self.interrupt = None

    def close(self):
        for one in self.sockets:
            one.close()
        shutil.rmtree(self.root, ignore_errors=True)

    def port(self, name, silent):
        one = socket.socket()
        one.bind(("127.0.0.1", 0))
        self.env[name] = str(one.getsockname()[1])
        if silent:
            one.listen()
            self.sockets.append(one)
        else:
            one.close()

    def prepare(self, line):
        """Does what a line that is no command says; returns whether it was one."""
        word, _, rest = line.partition(" ")
        if word == "sh":
            done = subprocess.run(["sh", "-ec", rest], cwd=self.project, env=self.env, capture_output=True, text=True, timeout=120)
            if done.returncode != 0:
                sys.exit(f"{self.path}: {line}\n{done.stdout}{done.stderr}exit {done.returncode}")
        elif word in ("silent", "closed"):
            self.port(rest, word == "silent")
        elif word == "interrupt":
            self.interrupt = rest
        elif line and not line.startswith("#"):
            sys.exit(f"{self.path}: cannot read: {line}")

    def run(self, command):
        process = subprocess.Popen(["sh", "-c", "exec " + command if self.interrupt else command], cwd=self.project, env=self.env, text=True,
                                   stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        if self.interrupt:
            wanted = os.path.join(self.project, self.interrupt)
            deadline = time.time() + 60
            while not os.path.exists(wanted) and process.poll() is None and time.time() < deadline:
                time.sleep(0.02)
            process.send_signal(signal.SIGINT)
            self.interrupt = None
        out, err = process.communicate(timeout=120)
        block = ["> " + line if line else ">" for line in self.normaliser.lines(out)]
        block += ["2> " + line if line else "2>" for line in self.normaliser.lines(err)]
        return block + ([f"? {process.returncode}"] if process.returncode else [])

    def replay(self):
        """The script as it would have to be to agree with the program."""
        out = []
        with open(self.path) as f:
            for line in f.read().splitlines():
                if re.match(r"(2?>|\?)( |$)", line):
                    continue
                out.append(line)
                if line.startswith("$ "):
                    out += self.run(line[2:])
                else:
                    self.prepare(line)
        return "\n".join(out) + "\n"


def compare(pawl, path):
    script = Script(pawl, path)
    try:
        got = script.replay()
    finally:
        script.close()
    with open(path) as f:
        wanted = f.read()
    if os.environ.get("PAWL_ACCEPT"):
        with open(path, "w") as f:
            f.write(got)
        print("accepted, which is no pass")
        return SKIPPED
    if got == wanted:
        return 0
    import difflib
    sys.stdout.writelines(difflib.unified_diff(wanted.splitlines(True), got.splitlines(True), path, "what the program says"))
    return 1


def commands_of_scripts():
    for name in sorted(os.listdir(SCRIPTS)):
        if name.endswith(".txt"):
            with open(os.path.join(SCRIPTS, name)) as f:
                lines = f.read().splitlines()
            for i, line in enumerate(lines):
                if line.startswith("$ "):
                    end = next((j for j in range(i + 1, len(lines)) if not re.match(r"(2?>|\?)( |$)", lines[j])), len(lines))
                    yield line[2:], lines[i + 1:end]


def coverage(pawl):
    """Every verb of the table has examples and is seen as text, as JSON and by name; every exit code is provoked."""
    verbs = json.loads(subprocess.run([pawl, "help", "-o", "json"], capture_output=True, text=True, check=True).stdout)["verbs"]
    codes = subprocess.run([pawl, "help", "exit-codes"], capture_output=True, text=True, check=True).stdout
    wanted = {f"? {code}" for code in re.findall(r"^  (\d+) ", codes, re.M) if code != "0"}
    seen = {verb["name"]: set() for verb in verbs}
    missing = []
    for command, result in commands_of_scripts():
        wanted -= set(result)
        words = re.sub(r"^([A-Z_]+=\S* )*pawl ", "", command)
        form = next((form for form in ("json", "yaml", "name") if f"-o {form}" in command), "text")
        for name in seen:
            if words == name or words.startswith(name + " "):
                seen[name].add(form)
    for verb in verbs:
        if not verb["examples"]:
            missing.append(f"{verb['name']} has no examples")
        forms = {"text"} if verb["name"] == "completion" else {"text", "json", "name"}
        for form in sorted(forms - seen[verb["name"]]):
            missing.append(f"no script shows {verb['name']} as {form}")
    missing += [f"no script ends with exit code {code[2:]}" for code in sorted(wanted)]
    print("\n".join(missing))
    return 1 if missing else 0


if __name__ == "__main__":
    program = os.path.realpath(sys.argv[1])
    sys.exit(coverage(program) if sys.argv[2] == "--coverage" else compare(program, sys.argv[2]))
