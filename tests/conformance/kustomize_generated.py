#!/usr/bin/env python3
"""Compares `pawl kustomize` with `kustomize build` on random overlays.

Overlay SEED+i is a function of its number alone. For each, both programs must print the same bytes, or both must fail.
Exit status: 0 all agree, 1 one does not (its folder is kept and named), 77 skipped: no kustomize program.
"""

import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile

import yaml_texts

WORDS = ["web", "api", "db", "cache", "worker", "front", "a", "b1", "x-y"]
IMAGES = ["nginx", "nginx:1.2", "ghcr.io/org/app:v1", "host:5000/img@sha256:" + "a" * 64, "redis:7-alpine", "app"]
# Scalars as they stand in YAML: what they are read as must come out the same.
SCALARS = ["1", "0x1F", "010", "1.0", "1e3", "1.50", "yes", "no", "on", "true", "False", "null", "~", '"8080"', "'true'",
           "2020-01-01", "1_000", ".5", "+7", "-0", "text", '"with: colon"', "'it''s'", '"tab\\there"', "a b  c", "y",
           "12e03", "0o17", "1:30", '"~"', "''", "\"multi\\nline\\n\"", "foo#bar", "'*star'", "=", "é"]

VERSIONS = ["'1'", "'2'", "two"]  # of one label, in several layers


class Generator:
    def __init__(self, seed, folder):
        self.seed = seed
        self.r = random.Random(seed)
        self.folder = folder
        self.objects = []  # (kind, name, namespace or None)

    def chance(self, p):
        return self.r.random() < p

    def pick(self, items):
        return self.r.choice(items)

    def write(self, path, text):
        full = os.path.join(self.folder, path)
        os.makedirs(os.path.dirname(full), exist_ok=True)
        with open(full, "w", encoding="utf-8") as out:
            out.write(text)

    def pairs(self, indent, most=3, odd=False):
        keys = self.r.sample(["app", "tier", "team", "env", "config.io/x", "a.b/c", "n"], self.r.randint(1, most))
        return "".join(f"{' ' * indent}{k}: {self.pick(SCALARS) if odd else self.pick(WORDS)}\n" for k in keys)

    def metadata(self, name, space):
        out = f"metadata:\n  name: {name}\n"
        if space:
            out += f"  namespace: {space}\n"
        if self.chance(0.4):
            out += "  labels:\n" + self.pairs(4)
        if self.chance(0.3):
            out += "  annotations:\n" + self.pairs(4, odd=self.chance(0.3))
        if self.chance(0.05):
            out += "  finalizers: [a.io/x, b.io/y]\n"
        return out

    def refer(self, kind):
        names = [n for k, n, _ in self.objects if k == kind]
        return self.pick(names) if names and self.chance(0.8) else self.pick(WORDS)

    def container(self, indent, name):
        p = " " * indent
        out = f"{p}- name: {name}\n{p}  image: {self.pick(IMAGES)}\n"
        if self.chance(0.5):
            ports = "".join(f"{p}  - containerPort: {n}\n" + (f"{p}    protocol: {self.pick(['TCP', 'UDP'])}\n" if self.chance(0.5) else "")
                            for n in self.r.sample([80, 8080, 443], self.r.randint(1, 2)))
            out += f"{p}  ports:\n{ports}"
        if self.chance(0.6):
            out += f"{p}  env:\n"
            for key in self.r.sample(["A", "B", "C"], self.r.randint(1, 3)):
                how = self.r.random()
                out += f"{p}  - name: {key}\n"
                if how < 0.5:
                    out += f"{p}    value: {self.pick(SCALARS + ['$(VAR)', 'x-$(VAR)-y', '$$(VAR)'])}\n"
                elif how < 0.8:
                    out += f"{p}    valueFrom:\n{p}      configMapKeyRef: {{name: {self.refer('ConfigMap')}, key: k}}\n"
                else:
                    out += f"{p}    valueFrom:\n{p}      secretKeyRef: {{name: {self.refer('Secret')}, key: k}}\n"
        if self.chance(0.3):
            out += f"{p}  args: [--flag, {self.pick(['$(VAR)', 'x', '1'])}]\n"
        if self.chance(0.3):
            out += f"{p}  volumeMounts:\n{p}  - mountPath: /data\n{p}    name: v\n"
        return out

    def pod_spec(self, indent):
        p = " " * indent
        out = f"{p}containers:\n" + "".join(self.container(indent, n) for n in self.r.sample(["main", "side", "log"], self.r.randint(1, 2)))
        if self.chance(0.2):
            out += f"{p}initContainers:\n" + self.container(indent, "init")
        if self.chance(0.4):
            out += f"{p}volumes:\n{p}- name: v\n{p}  configMap:\n{p}    name: {self.refer('ConfigMap')}\n"
        if self.chance(0.2):
            out += f"{p}serviceAccountName: {self.refer('ServiceAccount')}\n"
        return out

    def template(self, indent):
        p = " " * indent
        labels = f"{p}  metadata:\n{p}    labels:\n" + self.pairs(indent + 6) if self.chance(0.7) else ""
        return f"{p}template:\n{labels}{p}  spec:\n" + self.pod_spec(indent + 4)

    def object(self, kind, name, space):
        meta = self.metadata(name, space)
        if kind in ("Deployment", "StatefulSet", "DaemonSet"):
            selector = "  selector:\n    matchLabels:\n" + self.pairs(6) if self.chance(0.7) else ""
            replicas = f"  replicas: {self.r.randint(0, 5)}\n" if self.chance(0.5) and kind != "DaemonSet" else ""
            return f"apiVersion: apps/v1\nkind: {kind}\n{meta}spec:\n{replicas}{selector}" + self.template(2)
        if kind == "Job":
            return f"apiVersion: batch/v1\nkind: Job\n{meta}spec:\n" + self.template(2)
        if kind == "CronJob":
            return (f"apiVersion: batch/v1\nkind: CronJob\n{meta}spec:\n  schedule: '* * * * *'\n  jobTemplate:\n    spec:\n"
                    + self.template(6))
        if kind == "Service":
            return (f"apiVersion: v1\nkind: Service\n{meta}spec:\n  selector:\n" + self.pairs(4) +
                    "  ports:\n  - port: 80\n    targetPort: http\n" + ("  - {port: 443, protocol: TCP}\n" if self.chance(0.3) else ""))
        if kind in ("ConfigMap", "Secret"):
            keys = self.r.sample(["k", "a.b", "z", "key-1"], self.r.randint(1, 3))
            field = "stringData" if kind == "Secret" and self.chance(0.5) else "data"
            return f"apiVersion: v1\nkind: {kind}\n{meta}{field}:\n" + "".join(f"  {k}: {self.pick(SCALARS)}\n" for k in keys)
        if kind == "Ingress":
            return (f"apiVersion: networking.k8s.io/v1\nkind: Ingress\n{meta}spec:\n  rules:\n  - host: {self.pick(['x.io', '$(VAR)'])}\n"
                    f"    http:\n      paths:\n      - path: /\n        backend:\n          service: {{name: {self.refer('Service')}}}\n")
        if kind == "ServiceAccount":
            return f"apiVersion: v1\nkind: ServiceAccount\n{meta}imagePullSecrets:\n- name: {self.refer('Secret')}\n"
        if kind in ("Role", "ClusterRole"):
            return f"apiVersion: rbac.authorization.k8s.io/v1\nkind: {kind}\n{meta}rules:\n- resourceNames: [{self.refer('ConfigMap')}]\n"
        if kind in ("RoleBinding", "ClusterRoleBinding"):
            role = "ClusterRole" if kind == "ClusterRoleBinding" else self.pick(["Role", "ClusterRole"])
            return (f"apiVersion: rbac.authorization.k8s.io/v1\nkind: {kind}\n{meta}roleRef:\n  apiGroup: rbac.authorization.k8s.io\n"
                    f"  kind: {role}\n  name: {self.refer(role)}\nsubjects:\n- kind: ServiceAccount\n  name: {self.pick(['default', self.refer('ServiceAccount')])}\n"
                    + (f"  namespace: {self.pick(['ns1', 'ns2'])}\n" if self.chance(0.6) else ""))
        if kind == "HorizontalPodAutoscaler":
            return f"apiVersion: autoscaling/v1\nkind: {kind}\n{meta}spec:\n  scaleTargetRef: {{kind: Deployment, name: {self.refer('Deployment')}}}\n"
        if kind in ("Namespace", "PriorityClass"):
            group = "v1" if kind == "Namespace" else "scheduling.k8s.io/v1"
            return f"apiVersion: {group}\nkind: {kind}\n{meta}"
        return (f"apiVersion: example.io/v1\nkind: {kind}\n{meta}spec:\n  n: {self.pick(SCALARS)}\n  list:\n  - name: a\n    v: {self.pick(SCALARS)}\n"
                f"  - name: b\n  containers:\n  - image: {self.pick(IMAGES)}\n  ref: {self.pick(WORDS)}\n")

    KINDS = ["Deployment"] * 4 + ["StatefulSet", "DaemonSet", "Job", "CronJob", "Service", "Service", "ConfigMap", "ConfigMap", "Secret",
             "Ingress", "ServiceAccount", "Role", "ClusterRole", "RoleBinding", "ClusterRoleBinding", "HorizontalPodAutoscaler",
             "Namespace", "PriorityClass", "Widget", "Widget"]

    def resources(self, folder):
        files = []
        for index in range(self.r.randint(1, 3)):
            documents = []
            for _ in range(self.r.randint(1, 4)):
                kind, name = self.pick(self.KINDS), self.pick(WORDS)
                space = self.pick([None, None, None, "ns1", "ns2"])
                if any(k == kind and n == name for k, n, _ in self.objects) and self.chance(0.98):
                    name += str(len(self.objects))
                documents.append(self.object(kind, name, space))
                self.objects.append((kind, name, space))
            if self.chance(0.05):
                documents = ["apiVersion: v1\nkind: List\nitems:\n" + "".join(
                    "- " + d.replace("\n", "\n  ").rstrip(" ") for d in documents)]
            self.write(f"{folder}/r{index}.yaml", "---\n".join(documents))
            files.append(f"r{index}.yaml")
        return files

    def strategic_patch(self, kind, name, space):
        group = {"Service": "v1", "ConfigMap": "v1", "Widget": "example.io/v1"}.get(kind, "apps/v1")
        head = f"apiVersion: {group}\nkind: {kind}\nmetadata:\n  name: {name}\n" + (f"  namespace: {space}\n" if space else "")
        if self.chance(0.1):
            return head + "$patch: delete\n"
        if self.chance(0.2):
            head += "  annotations:\n" + self.pairs(4, odd=True)
        if kind == "Service":
            return head + f"spec:\n  ports:\n  - port: {self.pick([80, 443, 9000])}\n    name: p\n"
        if kind == "ConfigMap":
            return head + f"data:\n  k: {self.pick(SCALARS)}\n  extra: {self.pick(SCALARS)}\n"
        if kind == "Widget":
            return head + f"spec:\n  n: {self.pick(SCALARS)}\n  list:\n  - name: c\n"
        directive = self.pick(["", "", "", "      - $patch: replace\n", "      - name: side\n        $patch: delete\n"])
        extra = f"  replicas: {self.pick(['3', 'null'])}\n" if self.chance(0.4) else ""
        return head + f"spec:\n{extra}  template:\n    spec:\n      containers:\n{directive}" + self.container(6, self.pick(["main", "new"]))

    def json_patch(self, kind):
        operations = [f"- op: replace\n  path: /metadata/name\n  value: {self.pick(WORDS)}\n",
                      f"- op: add\n  path: /metadata/annotations/added\n  value: {self.pick(SCALARS)}\n",
                      "- op: add\n  path: /metadata/labels\n  value: {l: m}\n",
                      f"- op: add\n  path: /spec/extra\n  value: {self.pick(SCALARS)}\n",
                      "- op: remove\n  path: /spec/replicas\n",
                      "- op: replace\n  path: /spec/template/spec/containers/0/image\n  value: changed:1\n",
                      "- op: test\n  path: /kind\n  value: " + kind + "\n",
                      "- op: copy\n  from: /metadata/name\n  path: /metadata/annotations/was\n"]
        # Most of them fit any object, so that most overlays build.
        safe = [operations[1], operations[2], operations[6]]
        return "".join(self.r.sample(safe if self.chance(0.85) else operations, self.r.randint(1, 2)))

    def patches(self):
        out = ""
        for _ in range(self.r.randint(0, 3)):
            if not self.objects:
                break
            fitting = [o for o in self.objects if o[0] in ("Deployment", "StatefulSet", "DaemonSet", "Service", "ConfigMap", "Widget")]
            if not fitting:
                break
            kind, name, space = self.pick(fitting)
            inline = lambda text: "  patch: |-\n" + "".join(f"    {line}\n" for line in text.splitlines())
            targeted = self.chance(0.5)
            if self.chance(0.3):
                entry, targeted = inline(self.json_patch(kind)), True
            else:
                entry = inline(self.strategic_patch(kind, name, space))
            if targeted:
                entry += "  target:\n" + self.pick([f"    kind: {kind}\n", f"    kind: {kind}\n    name: {name}\n", "    name: .*b.*\n",
                                                      "    labelSelector: app=web\n", "    kind: Deployment|StatefulSet\n",
                                                      "    annotationSelector: note\n", "    namespace: ns1\n"])
            if self.chance(0.1):
                entry += "  options:\n    allowNameChange: true\n"
            out += "-" + entry[1:]
        return "patches:\n" + out if out else ""

    def generators(self, folder, names):
        out = ""
        for field, kind in (("configMapGenerator", "ConfigMap"), ("secretGenerator", "Secret")):
            if not self.chance(0.4):
                continue
            name = self.pick(["gen", "web", "api"])
            behavior = self.pick(["", "", "  behavior: create\n", "  behavior: merge\n", "  behavior: replace\n"]) if self.chance(0.1) else ""
            if (kind, name) in names or any(k == kind and n == name for k, n, _ in self.objects):
                behavior = self.pick(["  behavior: merge\n", "  behavior: replace\n"])
            names.add((kind, name))
            self.objects.append((kind, name, None))
            out += f"{field}:\n- name: {name}\n{behavior}  literals:\n  - k={self.pick(['v', '1', '$x', 'a=b', ''])}\n  - {self.pick(['z', 'y'])}='q'\n"
            if self.chance(0.3):
                self.write(f"{folder}/data.txt", self.pick(["one\ntwo\n", "x", "tab\there\n", ""]))
                out += "  files:\n  - " + self.pick(["data.txt", "key=data.txt"]) + "\n"
            if self.chance(0.3):
                self.write(f"{folder}/vars.env", "E1=1\n# no\n  E2 = x y\nE3\n")
                out += "  envs: [vars.env]\n"
            if self.chance(0.3):
                out += "  options:\n    " + self.pick(["disableNameSuffixHash: true", "immutable: true", "labels: {gl: x}", "annotations: {ga: '1'}"]) + "\n"
        if out and self.chance(0.2):
            out += "generatorOptions:\n  " + self.pick(["labels: {all: z}", "disableNameSuffixHash: true"]) + "\n"
        return out

    def replacements(self):
        if not self.objects or not self.chance(0.12):
            return ""
        kind, name, _ = self.pick(self.objects)
        to, _, _ = self.pick(self.objects)
        path = self.pick(["metadata.name", "metadata.name", "metadata.name", "metadata.namespace", "spec.replicas", "data.k", "spec.template.spec.containers.0.image"])
        field = self.pick(["metadata.annotations.copied", "metadata.labels.own", "spec.n", "spec.template.spec.containers.[name=main].image",
                           "spec.template.spec.containers.*.env.[name=A].value", "metadata.annotations.[config.io/x]"])
        options = self.pick(["", "    options: {create: true}\n", "    options: {create: true}\n", "    options: {delimiter: ':', index: 1}\n", "    options: {delimiter: '/', index: -1}\n"])
        return (f"replacements:\n- source:\n    kind: {kind}\n    name: {name}\n    fieldPath: {path}\n  targets:\n  - select: {{kind: {to}}}\n"
                f"    fieldPaths: ['{field}']\n{options}")

    def variables(self):
        services = [(k, n) for k, n, _ in self.objects if k == "Service"]
        if not services or not self.chance(0.15):
            return ""
        kind, name = self.pick(services)
        field = self.pick(["", "  fieldref: {fieldPath: metadata.namespace}\n", "  fieldref: {fieldPath: 'spec.ports[0].port'}\n"])
        return f"vars:\n- name: VAR\n  objref: {{kind: {kind}, name: {name}, apiVersion: v1}}\n{field}"

    def transformers(self):
        if not self.chance(0.15):
            return ""
        specs = "    fieldSpecs: [{path: metadata/name}]\n"
        body = self.pick([
            "    kind: PrefixTransformer\n    metadata: {name: t}\n    prefix: tp-\n" + specs,
            "    kind: SuffixTransformer\n    metadata: {name: t}\n    suffix: -ts\n" + specs,
            "    kind: NamespaceTransformer\n    metadata: {name: t, namespace: tns}\n    unsetOnly: true\n    setRoleBindingSubjects: allServiceAccounts\n",
            "    kind: LabelTransformer\n    metadata: {name: t}\n    labels: {tl: x}\n    fieldSpecs: [{path: metadata/labels, create: true}]\n",
            "    kind: ImageTagTransformer\n    metadata: {name: t}\n    imageTag: {name: nginx, newTag: t9}\n    fieldSpecs: [{path: spec/containers/image}]\n",
            "    kind: PatchTransformer\n    metadata: {name: t}\n    target: {kind: Service}\n    patch: '[{\"op\": \"add\", \"path\": \"/spec/type\", \"value\": \"NodePort\"}]'\n",
        ])
        return "transformers:\n- |\n    apiVersion: builtin\n" + body

    def configuration(self, folder):
        if not self.chance(0.1):
            return ""
        self.write(f"{folder}/config.yaml", self.pick([
            "nameReference:\n- kind: ConfigMap\n  version: v1\n  fieldSpecs:\n  - {path: spec/ref, kind: Widget}\n",
            "commonLabels:\n- {path: spec/labels, create: true, kind: Widget}\n",
            "namePrefix:\n- {path: spec/ref, kind: Widget}\n", "images:\n- {path: spec/image, kind: Widget}\n",
            "varReference:\n- {path: spec/ref, kind: Widget}\n"]))
        return "configurations: [config.yaml]\n"

    def fields(self):
        out = ""
        if self.chance(0.4):
            out += f"namePrefix: {self.pick(['p-', 'dev-', 'x'])}\n"
        if self.chance(0.25):
            out += "nameSuffix: -s\n"
        if self.chance(0.4):
            out += f"namespace: {self.pick(['ns1', 'ns2', 'prod'])}\n"
        if self.chance(0.2):
            out += "commonLabels:\n  common: yes-it-is\n" + (f"  app: {self.pick(VERSIONS)}\n" if self.chance(0.3) else "")
        if self.chance(0.3):
            flag = self.pick(["", "  includeSelectors: true\n", "  includeTemplates: true\n", "  includeVolumeClaimTemplates: true\n",
                              "  fields:\n  - {path: spec/labels, create: true, kind: Widget}\n"])
            out += f"labels:\n- pairs: {{l1: v1, app: {self.pick(VERSIONS)}}}\n" + flag
        if self.chance(0.2):
            out += "commonAnnotations: {note: 'true', other: text}\n"
        if self.chance(0.3):
            out += "images:\n" + self.pick(["- {name: nginx, newTag: '2.0'}\n", "- {name: nginx, newName: mirror/nginx, digest: 'sha256:bb'}\n",
                                             "- {name: ghcr.io/org/app, newTag: v2}\n- {name: redis, tagSuffix: -x}\n", "- {name: app, newName: other}\n"])
        if self.chance(0.15):
            names = [n for k, n, _ in self.objects if k in ("Deployment", "StatefulSet")]
            if names or self.chance(0.1):
                out += f"replicas:\n- {{name: {self.pick(names) if names else 'none'}, count: 7}}\n"
        if self.chance(0.1):
            out += "buildMetadata: [" + self.pick(["originAnnotations", "managedByLabel", "transformerAnnotations", "originAnnotations, transformerAnnotations"]) + "]\n"
        if self.chance(0.15):
            out += "sortOptions:\n  order: " + self.pick(["fifo", "legacy", "legacy\n  legacySortOptions:\n    orderFirst: [Service]\n    orderLast: [ConfigMap]"]) + "\n"
        return out

    def kustomization(self, folder, resources, names, component=False):
        head = "kind: Component\napiVersion: kustomize.config.k8s.io/v1alpha1\n" if component else ""
        text = head + ("resources:\n" + "".join(f"- {x}\n" for x in resources) if resources else "")
        text += self.generators(folder, names) + self.fields() + self.patches() + self.replacements() + self.variables()
        text += self.transformers() + self.configuration(folder)
        return text

    def replaced_text(self):
        """A ConfigMap with YAML inside of which a value is replaced. Draws nothing of what decides the rest of the overlay."""
        text = str(yaml_texts.Text(self.seed))
        new = random.Random(self.seed).choice(["new", "a b", "7", '"7"', '"true"'])
        data = "".join("    " + line + "\n" if line else "\n" for line in text.splitlines())
        self.write("text/maps.yaml", f"apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: text-source\ndata:\n  v: {new}\n---\n"
                                     f"apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: text-target\ndata:\n  c.yaml: |\n{data}")
        self.write("text/kustomization.yaml",
                   "resources: [maps.yaml]\nreplacements:\n- source: {kind: ConfigMap, name: text-source, fieldPath: data.v}\n  targets:\n"
                   "  - select: {kind: ConfigMap, name: text-target}\n    fieldPaths: ['data.c\\.yaml.target']\n")
        return "../text"

    def make(self):
        names = set()
        bases = []
        for index in range(self.r.randint(1, 2)):
            folder = f"base{index}"
            files = self.resources(folder)
            self.write(f"{folder}/kustomization.yaml", self.kustomization(folder, files, names))
            bases.append(f"../{folder}")
        if self.seed % 4 == 0:
            bases.append(self.replaced_text())
        own = self.resources("top") if self.chance(0.3) else []
        text = self.kustomization("top", bases + own, names)
        if self.chance(0.2):
            self.write("part/kustomization.yaml", self.kustomization("part", [], names, component=True) + "commonAnnotations: {}\n")
            text += "components: [../part]\n"
        self.write("top/kustomization.yaml", text)


def run(program, folder):
    done = subprocess.run(program + [os.path.join(folder, "top")], capture_output=True, timeout=120, check=False)
    return done.returncode, done.stdout, done.stderr


def write_all(options, folder):
    folders = [os.path.join(folder, str(i)) for i in range(options.seed, options.seed + options.count)]
    for i, one in enumerate(folders, options.seed):
        Generator(i, os.path.join(one, "input")).make()
    return folders


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--pawl")
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep-going", action="store_true", help="name every overlay that differs, not the first alone")
    parser.add_argument("--only-write", metavar="FOLDER", help="write the overlays and run nothing")
    parser.add_argument("--revise", metavar="PROGRAM", help="run tests/conformance/revise_overlays on them, and no kustomize")
    options = parser.parse_args()
    if options.only_write:
        write_all(options, options.only_write)
        return 0
    if options.revise:
        with tempfile.TemporaryDirectory(prefix="pawl-overlays-") as scratch:
            return subprocess.run([options.revise, *write_all(options, scratch)]).returncode
    home = os.environ.get("HOME", "")
    kustomize = os.environ.get("PAWL_KUSTOMIZE", os.path.join(home, ".cache/pawl/go/bin/kustomize"))
    if not os.access(kustomize, os.X_OK):
        print(f"skipped: {kustomize} is absent (go install sigs.k8s.io/kustomize/kustomize/v5@v5.8.2)")
        return 77
    scratch = tempfile.mkdtemp(prefix="pawl-overlays-")
    built = differ = panics = 0
    for i in range(options.seed, options.seed + options.count):
        folder = os.path.join(scratch, str(i))
        Generator(i, folder).make()
        # A repository of its own, so that bases beside the folder are in reach.
        os.makedirs(os.path.join(folder, ".git"))
        theirs, ours = run([kustomize, "build"], folder), run([options.pawl, "kustomize"], folder)
        agree = (theirs[0] == 0) == (ours[0] == 0) and (theirs[0] != 0 or theirs[1] == ours[1])
        if b"panic: " in theirs[2]:
            panics += 1
        elif not agree:
            print(f"overlay {i} differs: {folder}/top (seed {i})\n  kustomize: {theirs[0]} {theirs[2][-300:]!r}\n  pawl: {ours[0]} {ours[2][-300:]!r}")
            differ += 1
            if not options.keep_going:
                return 1
            continue
        built += theirs[0] == 0
        shutil.rmtree(folder)
    if differ:
        print(f"{differ} of {options.count} overlays differ")
        return 1
    shutil.rmtree(scratch)
    print(f"{options.count} overlays compared; all agree but {panics} on which kustomize panics; {built} of them build")
    # Overlays that only fail would prove nothing.
    return 0 if built * 4 > options.count and panics * 100 < options.count else 1


if __name__ == "__main__":
    sys.exit(main())
