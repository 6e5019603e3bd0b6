#!/usr/bin/env python3
"""Prints requests for bench_cel and celgo: typical rules over a Deployment of ten containers."""
import json

CONTAINERS = [
    {
        "name": f"c{i}",
        "image": f"registry.example.com/team/app{i}:1.{i}",
        "resources": {"limits": {"cpu": "100m", "memory": "128Mi"}},
        "securityContext": {"runAsNonRoot": True, "allowPrivilegeEscalation": False},
        "ports": [{"containerPort": 8080 + i}],
    }
    for i in range(10)
]
OBJECT = {
    "apiVersion": "apps/v1",
    "kind": "Deployment",
    "metadata": {"name": "web", "namespace": "prod", "labels": {"app": "web", "team": "sre"}},
    "spec": {"replicas": 3, "template": {"spec": {"containers": CONTAINERS}}},
}
RULES = [
    "object.spec.replicas <= 5",
    "has(object.metadata.labels) && object.metadata.labels.app == 'web'",
    "object.metadata.name.startsWith('w') && size(object.metadata.name) < 63",
    "object.spec.template.spec.containers.all(c, c.image.startsWith('registry.example.com/') && !c.image.endsWith(':latest'))",
    "object.spec.template.spec.containers.all(c, has(c.resources.limits) && has(c.resources.limits.memory))",
    "object.spec.template.spec.containers.exists(c, c.name == 'c9')",
    "object.spec.template.spec.containers.map(c, c.name).size() == 10",
    "object.spec.template.spec.containers.filter(c, c.ports.exists(p, p.containerPort == 8085)).size() == 1",
    "object.metadata.labels.team in ['sre', 'platform', 'data']",
    "object.spec.template.spec.containers.all(c, c.image.matches('^registry\\\\.example\\\\.com/.+:[0-9.]+$'))",
    "object.spec.template.spec.containers.all(c, quantity(c.resources.limits.memory).isLessThan(quantity('1Gi')))",
    "object.metadata.?labels[?'team'].orValue('none') != 'none'",
]
for rule in RULES:
    print(json.dumps({"dialect": "kubernetes", "expr": rule, "variables": {"object": "dyn"}, "bindings": {"object": OBJECT}}))
