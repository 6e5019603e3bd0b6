#!/usr/bin/env python3
"""Asks a real kube-apiserver and core/policy the same and compares: verdict, message, reason, warnings, annotations of
the audit event; what either refuses to read; the table of built-in kinds. usage: apiserver_test.py POLICY-REVIEW [SET]

Every set of policies is put in force; then each request is made with ?dryRun=All. A webhook that changes nothing shows
what the apiserver's policies are shown, and core/policy is asked about just that.
"""
import glob
import json
import os
import re
import subprocess
import sys
import time

import cases
from apiserver import ApiServer

PLURALS = {"ValidatingAdmissionPolicy": "validatingadmissionpolicies",
           "ValidatingAdmissionPolicyBinding": "validatingadmissionpolicybindings"}


class Comparison:
    def __init__(self, program, server):
        self.program = program
        self.server = server
        self.resources = {}
        self.compared = self.denied = 0
        self.differences = []
        self.facts = []

    # Paths of objects, as the apiserver's discovery has them.

    def discover(self):
        groups = self.server.must("GET", "/apis")["groups"]
        versions = ["/api/v1"] + [f"/apis/{v['groupVersion']}" for group in groups for v in group["versions"]]
        self.resources = {}
        for base in versions:
            for resource in self.server.must("GET", base)["resources"]:
                if "/" not in resource["name"]:
                    version = base.removeprefix("/api/").removeprefix("/apis/")
                    self.resources[version, resource["kind"]] = (base, resource["name"], resource["namespaced"])

    def path(self, thing, named=True):
        base, plural, namespaced = self.resources[thing["apiVersion"], thing["kind"]]
        metadata = thing["metadata"]
        space = f"/namespaces/{metadata.get('namespace', 'default')}" if namespaced else ""
        return f"{base}{space}/{plural}" + (f"/{metadata['name']}" if named else "")

    def judge(self, documents, reviews):
        asked = json.dumps({"policies": documents, "facts": self.facts, "reviews": reviews})
        ran = subprocess.run([self.program], input=asked, capture_output=True, text=True, check=True)
        return json.loads(ran.stdout)

    def differ(self, where, theirs, ours):
        self.differences.append(f"{where}\n  apiserver: {theirs}\n  pawl:      {ours}")
        print("DIFFERS " + self.differences[-1], flush=True)

    # The world before anything is asked.

    def build_world(self):
        self.discover()
        for made in cases.WORLD:
            if made["kind"] in ("Widget", "Limit"):
                self.discover_until(made["apiVersion"], made["kind"])
            self.eventually_must("POST", self.path(made, named=False), made)
            self.facts.append(self.server.must("GET", self.path(made)))
        self.discover()

    def discover_until(self, version, kind):
        for _ in range(100):
            if (version, kind) in self.resources:
                return
            time.sleep(0.2)
            self.discover()

    def eventually_must(self, method, path, body):
        for attempt in range(50):
            status, answer, _, _ = self.server.request(method, path, body)
            if status < 300 or status == 409:
                return
            if attempt == 49:
                raise RuntimeError(f"{method} {path}: {status}: {answer}")
            time.sleep(0.2)

    # Policies in force.

    def put_in_force(self, documents):
        """The last policy and binding are a canary: once it warns, all before it are in force."""
        rule = cases.rule([""], ["configmaps"], ["CREATE"], resourceNames=["canary"])
        canary = [cases.policy("canary", {"expression": "false", "message": "in force"}, rules=[rule]),
                  cases.binding("canary", actions=["Warn"])]
        made = [*documents, *canary]
        for kind in PLURALS:
            for document in made:
                if document["kind"] == kind:
                    self.server.must("POST", f"/apis/{cases.GROUP}/{PLURALS[kind]}?fieldValidation=Strict", document)
        self.wait(True)
        return made

    def lift(self, documents):
        for document in reversed(documents):
            self.server.must("DELETE", f"/apis/{cases.GROUP}/{PLURALS[document['kind']]}/{document['metadata']['name']}")
        self.wait(False)

    def wait(self, in_force):
        for _ in range(200):
            status, answer, warnings, _ = self.server.request(
                "POST", "/api/v1/namespaces/default/configmaps?dryRun=All", cases.config_map("canary", space="default"))
            if in_force == any("in force" in warning for warning in warnings) and (in_force or status < 300):
                return
            time.sleep(0.1)
        raise RuntimeError(f"policies did not come in force, or stayed: {answer}")

    # One request, both ways.

    def ask(self, request):
        made = request["object"]
        path = request.get("path") or self.path(made, named=request["verb"] != "POST")
        if request["verb"] == "PUT":
            there = self.server.must("GET", path)
            version = there["metadata"]["resourceVersion"]
            made = {**made, "metadata": {**made["metadata"], "resourceVersion": version}}
        for _ in range(50):
            del self.server.witness.seen[:]
            status, answer, warnings, audit = self.server.request(
                request["verb"], path + "?dryRun=All", None if request["verb"] == "DELETE" else made,
                request.get("user", "system:admin"))
            # The apiserver has requests of its own; none of them is dry.
            seen = [one for one in self.server.witness.seen if one.get("dryRun")]
            if seen:
                break
            time.sleep(0.2)
        else:
            raise RuntimeError(f"{request['verb']} {path} did not reach admission: {status}: {answer}")
        annotations = self.server.annotations(audit)
        return {"allowed": status < 300, "message": answer.get("message", "") if status >= 300 else "",
                "reason": answer.get("reason", "") if status >= 300 else "", "code": status if status >= 300 else 0,
                "warnings": sorted(w for w in warnings if "ValidatingAdmissionPolicy" in w),
                "annotations": {k: v for k, v in annotations.items()
                                if k.startswith("validation.policy.admission") or "/" in k and k[0] in "pq"}}, seen[-1]

    def compare_request(self, name, documents, request):
        where = f"[{name}] {request['verb']} {request['object']['kind']} {request['object']['metadata']['name']}"
        for attempt in range(8):
            theirs, review = self.ask(request)
            answer = self.judge(documents, [review])
            if "refused" in answer:
                return self.differ(where, "takes the policies", answer["refused"])
            ours = answer["verdicts"][0]
            if self.agree(theirs, ours):
                break
            time.sleep(0.5)  # informers of params and namespaces follow on their own time
        self.compared += 1
        self.denied += 0 if theirs["allowed"] else 1
        if not self.agree(theirs, ours):
            self.differ(where, theirs, ours)

    @staticmethod
    def agree(theirs, ours):
        if theirs["allowed"] != ours["allowed"]:
            return False
        if not theirs["allowed"]:
            # Which of several policies is named first is chance there.
            prefix = ours["message"].split("ValidatingAdmissionPolicy", 1)[0]
            texts = [prefix + text for text in ours["denials"]]
            if theirs["message"] not in texts:
                return False
            if theirs["message"] == ours["message"] and (theirs["reason"], theirs["code"]) != (ours["reason"], ours["code"]):
                return False
        return theirs["warnings"] == sorted(ours["warnings"]) and annotations_agree(theirs, ours)

    def compare_set(self, name, documents, requests):
        in_force = self.put_in_force(documents)
        for request in requests:
            self.compare_request(name, documents, request)
        self.lift(in_force)

    # What is refused.

    def compare_faulty(self, name, document):
        kind = PLURALS[document["kind"]]
        status, answer, _, _ = self.server.request("POST", f"/apis/{cases.GROUP}/{kind}?dryRun=All&fieldValidation=Strict",
                                                   document)
        theirs = sorted(faults_of(answer)) if status >= 300 else []
        ours = sorted(self.judge([document], []).get("refused", []))
        if not ours and document["kind"].endswith("Binding"):
            ours = ["taken"]
        self.compared += 1
        if theirs != ours or not theirs:
            self.differ(f"[faulty: {name}]", "\n    ".join([str(status), *theirs]), "\n    ".join(ours))

    # What comes with the program must be taken as it is.

    def create_library(self):
        for path in sorted(glob.glob("src/core/policy/library/*.yaml")):
            read = subprocess.run([self.program, "json", path], capture_output=True, text=True, check=True)
            for document in json.loads(read.stdout):
                plural = "validatingadmissionpolicies" if "Policy" in document["kind"] else "customresourcedefinitions"
                status, answer, warnings, _ = self.server.request(
                    "POST", f"/apis/{document['apiVersion']}/{plural}?dryRun=All&fieldValidation=Strict", document)
                self.compared += 1
                if status != 201 or warnings:
                    self.differ(f"[library: {path}] {document['kind']}", f"{status}: {answer.get('message')} {warnings}", "taken")

    # The table.

    def compare_kinds(self):
        ran = subprocess.run([self.program, "kinds"], capture_output=True, text=True, check=True)
        ours = {row for row in json.loads(ran.stdout) if not row.startswith("pawl.dev")}
        theirs = set()
        for (version, kind), (_, plural, namespaced) in self.resources.items():
            if version.startswith(("example.com", "rules.example.com")):
                continue
            group, _, name = version.rpartition("/")
            theirs.add(f"{group} {name} {kind} {plural} {str(namespaced).lower()}")
        self.compared += 1
        if ours != theirs:
            self.differ("[built-in kinds]", sorted(theirs - ours), sorted(ours - theirs))


def annotations_agree(theirs, ours):
    """Of two failures of one request the audit event keeps the one that came first, which is chance with two policies."""
    def plain(annotations):
        return {k: v for k, v in annotations.items() if not k.startswith("validation.policy")}
    failure = [set(a["annotations"]) - set(plain(a["annotations"])) for a in (theirs, ours)]
    return plain(theirs["annotations"]) == plain(ours["annotations"]) and failure[0] == failure[1] and (
        theirs["annotations"] == ours["annotations"] or len(ours["denials"]) > 1)


def faults_of(answer):
    """The causes of a refusal, each as core/policy words it."""
    message = answer.get("message", "")
    found = [] if "strict decoding error" not in message else [
        part.removeprefix("strict decoding error: ") for part in re.findall(r'unknown field "[^"]*"', message)]
    for cause in answer.get("details", {}).get("causes", []):
        first, *rest = [line for line in cause["message"].split("\n") if not line.startswith(" | ")]
        text = f"{cause['field']}: {first}"
        found.append(text)
        found += [text.split("ERROR: ", 1)[0] + line for line in rest]
    return found


def main():
    missing = ApiServer.missing()
    if missing:
        print("skipped: no " + missing)
        return 77
    only = sys.argv[2] if len(sys.argv) > 2 else ""
    with ApiServer() as server:
        comparison = Comparison(os.path.abspath(sys.argv[1]), server)
        comparison.build_world()
        comparison.compare_kinds()
        if not only or only == "faulty":
            for name, document in cases.faulty():
                comparison.compare_faulty(name, document)
        if not only or only == "library":
            comparison.create_library()
        for name, documents, requests in cases.sets():
            if only in name:
                comparison.compare_set(name, documents, requests)
        print(f"{comparison.compared} compared, {comparison.denied} requests denied, "
              f"{len(comparison.differences)} differences")
        return 1 if comparison.differences or comparison.compared < 2 else 0


if __name__ == "__main__":
    sys.exit(main())
