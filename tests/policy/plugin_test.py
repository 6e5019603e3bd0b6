#!/usr/bin/env python3
"""Asks the admission plugin of k8s.io/apiserver and core/policy the same and compares: verdict, message, reason, code,
warnings, annotations. usage: plugin_test.py POLICY-REVIEW [SET]

The plugin is the apiserver's own code (apiserver/plugin/main.go); no server runs, so requests hold what cases.py says and
no defaults. apiserver_test.py makes the same requests of a server.
"""
import glob
import json
import os
import subprocess
import sys

import cases

RESOURCES = {"ConfigMap": ("configmaps", True), "Namespace": ("namespaces", False), "Deployment": ("deployments", True),
             "ClusterRole": ("clusterroles", False), "Widget": ("widgets", False), "Scale": ("deployments", True)}
GROUPS = {"ada": ["system:masters", "sre"], "system:admin": ["system:masters"]}
OPERATIONS = {"POST": ("CREATE", "CreateOptions"), "PUT": ("UPDATE", "UpdateOptions"), "DELETE": ("DELETE", "DeleteOptions")}


def split(version):
    group, _, name = version.rpartition("/")
    return group, name


def fact(made):
    made = json.loads(json.dumps(made))
    if made["kind"] == "Namespace":
        made["metadata"].setdefault("labels", {})["kubernetes.io/metadata.name"] = made["metadata"]["name"]
        made.update({"spec": {"finalizers": ["kubernetes"]}, "status": {"phase": "Active"}})
    return made


FACTS = [fact(made) for made in cases.WORLD]


def old_of(made, asked):
    """What is there under the same name, as the version that is asked in."""
    if made["kind"] == "Scale":
        return {**made, "spec": {"replicas": 2}}
    for known in FACTS:
        same = known["kind"] == made["kind"] and known["metadata"]["name"] == made["metadata"]["name"]
        if same and known["metadata"].get("namespace") == made["metadata"].get("namespace"):
            return {**known, "apiVersion": made["apiVersion"]}
    raise KeyError(asked)


def review(asked):
    """The request as it stands in an AdmissionReview."""
    made = fact(asked["object"])
    group, version = split(made["apiVersion"])
    resource_group, resource_version = ("apps", "v1") if made["kind"] == "Scale" else (group, version)
    plural, namespaced = RESOURCES[made["kind"]]
    operation, options = OPERATIONS[asked["verb"]]
    name = made["metadata"]["name"]
    user = asked.get("user", "system:admin")
    space = made["metadata"]["namespace"] if namespaced else name if made["kind"] == "Namespace" else None
    kind = {"group": group, "version": version, "kind": made["kind"]}
    resource = {"group": resource_group, "version": resource_version, "resource": plural}
    return {"requestKind": kind, "requestResource": resource, "kind": kind, "resource": resource, "name": name,
            "operation": operation, **({"namespace": space} if space else {}),
            **({"subResource": asked["subresource"]} if "subresource" in asked else {}),
            "userInfo": {"username": user, "uid": user, "groups": GROUPS[user]},
            "object": None if operation == "DELETE" else made,
            "oldObject": None if operation == "CREATE" else old_of(made, asked),
            "options": {"kind": options, "apiVersion": "meta.k8s.io/v1", "dryRun": ["All"]}, "dryRun": True}


def ask(program, documents, reviews, facts):
    asked = {"policies": documents, "facts": facts, "reviews": reviews}
    ran = subprocess.run([program], input=json.dumps(asked), capture_output=True, text=True)
    if ran.returncode != 0:
        raise RuntimeError(f"{program}: {ran.stderr}")
    answer = json.loads(ran.stdout)
    return answer.get("verdicts") or [answer] * len(reviews)


def differs(theirs, ours):
    fields = ["allowed", "warnings", "annotations"] + ([] if theirs["allowed"] else ["message", "reason", "code"])
    return any(theirs.get(field) != ours.get(field) for field in fields)


def documents_of(program, files):
    if not files:
        return []
    return json.loads(subprocess.run([program, "json", *files], capture_output=True, text=True, check=True).stdout)


def real_objects(program):
    """Objects of published projects; none where PAWL_SHARED does not have them."""
    inputs = os.path.join(os.environ.get("PAWL_SHARED", ""), "inputs")
    return documents_of(program, sorted(glob.glob(os.path.join(inputs, "**", "*.yaml"), recursive=True)))


def reviews_of(program, documents):
    """As if they were new."""
    kinds = {}
    for row in json.loads(subprocess.run([program, "kinds"], capture_output=True, text=True, check=True).stdout):
        group, version, kind, plural, namespaced = row.split(" ")
        kinds[group, version, kind] = (plural, namespaced == "true")
    made = []
    for document in documents:
        group, version = split(document.get("apiVersion") or "")
        kind = document.get("kind")
        metadata = document.get("metadata")
        if (group, version, kind) not in kinds or not isinstance(metadata, dict) or "name" not in metadata:
            continue
        plural, namespaced = kinds[group, version, kind]
        if namespaced:
            metadata["namespace"] = "shop"
        names = {"kind": {"group": group, "version": version, "kind": kind},
                 "resource": {"group": group, "version": version, "resource": plural}}
        space = "shop" if namespaced else metadata["name"] if kind == "Namespace" else None
        made.append({**names, "requestKind": names["kind"], "requestResource": names["resource"],
                     "name": metadata["name"], **({"namespace": space} if space else {}), "operation": "CREATE",
                     "userInfo": {"username": "ada", "groups": ["sre"]}, "object": document, "oldObject": None,
                     "options": None, "dryRun": False})
    return made


PARAMS = {"allowed-registries": {"registries": ["registry.example.com", "docker.io/library/redis", "quay.io/team/"]},
          "required-labels": {"labels": ["team", "app.kubernetes.io/name"], "kinds": []},
          "required-resources": {"limits": ["memory"], "requests": ["cpu", "memory"]}}


def library_sets(program):
    """(name, documents, facts, objects): the built-in policies about Kubernetes' objects, with those of their tests."""
    for path in sorted(glob.glob("src/core/policy/library/*.yaml")):
        policy, *definitions = documents_of(program, [path])
        name = policy["metadata"]["name"]
        if "pawl.dev" in policy["spec"]["matchConstraints"]["resourceRules"][0]["apiGroups"]:
            continue
        bound, facts = cases.binding(name), []
        if definitions:
            bound["spec"]["paramRef"] = {"name": name, "parameterNotFoundAction": "Deny"}
            kind = policy["spec"]["paramKind"]
            facts = definitions + [{**kind, "metadata": {"name": name}, "spec": PARAMS[name]}]
        table, = documents_of(program, [f"tests/policy/library/{name}.yaml"])
        objects = [case["object"] for case in table["cases"]]
        # Pawl's own objects are not meant by a wildcard here; an apiserver has none.
        yield "library: " + name, [policy, bound], facts, [o for o in objects if not o["apiVersion"].startswith("pawl.dev/")]


def main():
    plugin = os.environ.get("PAWL_VAP_PLUGIN", "")
    if not os.access(plugin, os.X_OK):
        print("skipped: no admission plugin (PAWL_VAP_PLUGIN, built by .ci/run)")
        return 77
    program = os.path.abspath(sys.argv[1])
    asked = [(name, documents, [review(one) for one in requests], FACTS) for name, documents, requests in cases.sets()]
    real = reviews_of(program, real_objects(program))
    asked += [(name, documents, real, FACTS) for name, documents in cases.real_sets()]
    asked += [(name, documents, reviews_of(program, objects) + real, FACTS + facts)
              for name, documents, facts, objects in library_sets(program)]
    compared = denied = differences = 0
    for name, documents, reviews, facts in asked:
        if len(sys.argv) > 2 and sys.argv[2] not in name:
            continue
        for request, theirs, ours in zip(reviews, ask(plugin, documents, reviews, facts),
                                          ask(program, documents, reviews, facts)):
            compared += 1
            denied += 0 if theirs["allowed"] else 1
            if differs(theirs, ours):
                differences += 1
                print(f"DIFFERS [{name}] {request['operation']} {request['kind']['kind']} {request['name']}\n"
                      f"  plugin: {theirs}\n  pawl:   {ours}")
    print(f"{compared} compared, {denied} denied, {differences} differences")
    return 1 if differences or not compared else 0


if __name__ == "__main__":
    sys.exit(main())
