"""What the apiserver and core/policy are both asked: sets of policies with the requests that are made under them."""

GROUP = "admissionregistration.k8s.io/v1"


def rule(groups, resources, operations=("*",), versions=("*",), **more):
    return {"apiGroups": list(groups), "apiVersions": list(versions), "operations": list(operations),
            "resources": list(resources), **more}


CONFIG_MAPS = rule([""], ["configmaps"])
ANY = rule(["*"], ["*"])


def policy(name, *validations, rules=(CONFIG_MAPS,), constraints=None, **spec):
    """Validations are expressions or maps."""
    made = [v if isinstance(v, dict) else {"expression": v} for v in validations]
    if made:
        spec["validations"] = made
    return {"apiVersion": GROUP, "kind": "ValidatingAdmissionPolicy", "metadata": {"name": name},
            "spec": {"matchConstraints": {"resourceRules": list(rules), **(constraints or {})}, **spec}}


def binding(name, of=None, actions=("Deny",), **spec):
    return {"apiVersion": GROUP, "kind": "ValidatingAdmissionPolicyBinding", "metadata": {"name": name},
            "spec": {"policyName": of or name, "validationActions": list(actions), **spec}}


def config_map(name, data=None, space="shop", labels=None):
    return {"apiVersion": "v1", "kind": "ConfigMap",
            "metadata": {"name": name, "namespace": space, **({"labels": labels} if labels else {})},
            **({"data": data} if data is not None else {})}


def deployment(name, image="web:1", replicas=1, space="shop", labels=None, **container):
    return {"apiVersion": "apps/v1", "kind": "Deployment",
            "metadata": {"name": name, "namespace": space, "labels": labels or {"app": name}},
            "spec": {"replicas": replicas, "selector": {"matchLabels": {"app": name}},
                     "template": {"metadata": {"labels": {"app": name}},
                                  "spec": {"containers": [{"name": "main", "image": image, **container}]}}}}


def namespace(name, labels=None):
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels or {}}}


def cluster_role(name, verbs=("get",)):
    return {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole", "metadata": {"name": name},
            "rules": [{"apiGroups": [""], "resources": ["pods"], "verbs": list(verbs)}]}


def widget_definition():
    schema = {"openAPIV3Schema": {"type": "object", "x-kubernetes-preserve-unknown-fields": True}}
    return {"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
            "metadata": {"name": "widgets.example.com"},
            "spec": {"group": "example.com", "scope": "Cluster",
                     "names": {"kind": "Widget", "plural": "widgets", "singular": "widget", "listKind": "WidgetList"},
                     "versions": [{"name": "v1", "served": True, "storage": True, "schema": schema},
                                  {"name": "v2", "served": True, "storage": False, "schema": schema}]}}


def limit_definition():
    schema = {"openAPIV3Schema": {"type": "object", "x-kubernetes-preserve-unknown-fields": True}}
    return {"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
            "metadata": {"name": "limits.rules.example.com"},
            "spec": {"group": "rules.example.com", "scope": "Namespaced",
                     "names": {"kind": "Limit", "plural": "limits", "singular": "limit", "listKind": "LimitList"},
                     "versions": [{"name": "v1", "served": True, "storage": True, "schema": schema}]}}


def widget(name, version="v1", **spec):
    return {"apiVersion": f"example.com/{version}", "kind": "Widget", "metadata": {"name": name}, "spec": spec}


def limit(name, most, space="shop", labels=None):
    return {"apiVersion": "rules.example.com/v1", "kind": "Limit",
            "metadata": {"name": name, "namespace": space, "labels": labels or {}}, "most": most}


# What is there before anything is asked: (object, whether it is a fact for policies).
WORLD = [
    namespace("shop", {"tier": "prod", "team": "checkout"}),
    namespace("dev", {"tier": "dev"}),
    namespace("bare"),
    widget_definition(),
    limit_definition(),
    limit("small", 2, labels={"of": "limits"}),
    limit("large", 5, labels={"of": "limits"}),
    limit("small", 1, "dev"),
    config_map("words", {"forbidden": "bad,worse"}, "dev"),
    config_map("there", {"a": "1", "keep": "yes"}),
    config_map("other", {"a": "1"}, "dev"),
    cluster_role("reader"),
    widget("there", size=1),
    deployment("running", replicas=2),
]


def create(made, **more):
    return {"verb": "POST", "object": made, **more}


def update(made, **more):
    return {"verb": "PUT", "object": made, **more}


def delete(made, **more):
    return {"verb": "DELETE", "object": made, **more}


MAPS = [create(config_map("a")), create(config_map("b", {"a": "1"})), create(config_map("c", {"a": "2", "b": "x" * 40})),
        create(config_map("d", {"a": "bad"}, "dev", {"app": "d", "tier": "web"})),
        update(config_map("there", {"a": "2", "keep": "yes"})), update(config_map("there", {"a": "1"})),
        delete(config_map("there")), create(config_map("e", {}, "bare"))]

OTHERS = [create(cluster_role("writer", ["get", "delete"])), update(cluster_role("reader", ["list"])),
          delete(cluster_role("reader")), create(namespace("fresh", {"tier": "prod"})),
          update(namespace("dev", {"tier": "prod"})), delete(namespace("dev")), create(widget("w", size=3)),
          create(widget("w", "v2", size=3)), update(widget("there", "v2", size=9)), delete(widget("there")),
          create(deployment("web", "web:latest", 7)), update(deployment("running", "web:2", 3)),
          create(deployment("web", "registry.example.com/web@sha256:" + "a" * 64, 1, "dev"))]

EVERYTHING = MAPS + OTHERS

# An apiserver takes seconds for what costs its whole budget: it is asked once.
COSTLY = (rule([""], ["configmaps"], resourceNames=["a"]),)

LONG = "[0,1,2,3,4,5,6,7,8,9]"


def nested(depth):
    text = "true"
    for i in range(depth):
        text = f"{LONG}.all(x{i}, {text})"
    return text


def sets():
    """(name, documents, requests)"""
    def one(title, made, requests=MAPS, **bound):
        return (title, [made, binding(made["metadata"]["name"], **bound)], requests)

    yield one("an expression", policy("p", "has(object.data) && size(object.data) > 1"))
    yield one("null on delete", policy("p", "object != null || oldObject.data.keep != 'yes'"))
    yield one("a message", policy("p", {"expression": "has(object.data)", "message": "  data is missing "}))
    yield one("line breaks in an expression", policy("p", "  object != null &&\n  has(object.data)\n"))
    yield one("reasons", policy("p", {"expression": "object != null && has(object.data)", "reason": "Forbidden"},
                                {"expression": "object == null || size(object.data) < 2",
                                 "reason": "RequestEntityTooLarge", "message": "too large"}))
    yield one("message expressions", policy(
        "p", {"expression": "request.operation == 'DELETE' || !has(object.data) || !has(object.data.b)",
              "messageExpression": "object.metadata.name + ' has ' + string(size(object.data)) + ' of ' + request.operation"}))
    yield one("a message expression that errs", policy(
        "p", {"expression": "false", "messageExpression": "string(object.data.none)", "message": "fallback"}))
    yield one("a message expression with a line break", policy(
        "p", {"expression": "false", "messageExpression": "'one\\ntwo'", "message": "fallback"}))
    yield one("a message expression of blanks", policy("p", {"expression": "false", "messageExpression": "'  '"}))
    yield one("a message expression that is too long", policy(
        "p", {"expression": "false", "messageExpression": f"'{'x' * 100}' + {LONG}.map(i, '{'y' * 600}').join('')"}))
    yield one("a field that is missing", policy("p", "object.data.a == '1'"))
    yield one("a field that is missing, ignored", policy("p", "object.data.a == '1'", failurePolicy="Ignore"))
    yield one("a type that does not fit", policy("p", "object.metadata.name > 1"))
    yield one("overflow", policy("p", "object == null || int(object.data.a) + 9223372036854775807 > 0"))
    yield one("division by zero", policy("p", "1 / (object == null ? 0 : size(object.metadata.name) - 1) > 0"))
    yield one("a conversion that fails", policy("p", "object == null || int(object.data.a) > 0"))
    yield one("an index behind the end", policy("p", "object == null || [1, 2][size(object.metadata.name)] == 1"))
    yield one("an expression that costs too much", policy("p", nested(7), rules=COSTLY), MAPS[:1])
    yield one("a policy that costs too much", policy("p", *[nested(5)] * 60, rules=COSTLY), MAPS[:1])
    yield one("messages that cost too much", policy(
        "p", *[{"expression": "true", "messageExpression": f"string({nested(5)})"}] * 60, rules=COSTLY), MAPS[:1])
    yield one("cost, ignored", policy("p", *[nested(5)] * 60, failurePolicy="Ignore", rules=COSTLY), MAPS[:1])
    yield one("conditions that cost too much", policy(
        "p", "true", matchConditions=[{"name": f"c{i}", "expression": nested(5)} for i in range(30)], rules=COSTLY), MAPS[:1])
    yield one("variables", policy(
        "p", "variables.size < 2", {"expression": "variables.names.all(n, n != 'b')",
                                    "messageExpression": "'keys: ' + variables.names.join(',')"},
        variables=[{"name": "data", "expression": "object != null && has(object.data) ? object.data : {}"},
                   {"name": "names", "expression": "variables.data.map(k, string(k))"},
                   {"name": "size", "expression": "variables.names.size()"}]))
    yield one("a variable that errs", policy(
        "p", "variables.outer > 1", variables=[{"name": "inner", "expression": "int(object.data.none)"},
                                               {"name": "outer", "expression": "variables.inner + 1"}]))
    yield one("a variable that errs and is not read", policy(
        "p", "true", "has(object.metadata) || variables.bad == 1",
        variables=[{"name": "bad", "expression": "int(object.data.none)"}]))
    yield one("variables that cost too much", policy(
        "p", "variables.a && variables.b", *["variables.a"] * 3,
        variables=[{"name": "a", "expression": nested(7)}, {"name": "b", "expression": nested(5)}], rules=COSTLY), MAPS[:1])
    yield one("variables of many kinds", policy(
        "p", "variables.d < duration('2h')", "variables.t > timestamp('2020-01-01T00:00:00Z')",
        "variables.q.isLessThan(quantity('2Gi'))", "variables.l.exists(x, x == 3)", "variables.m['a'] == 2",
        "variables.n == null", "variables.o.orValue('none') == 'none'",
        variables=[{"name": "d", "expression": "duration('1h')"},
                   {"name": "t", "expression": "timestamp('2021-01-01T00:00:00Z')"},
                   {"name": "q", "expression": "quantity('1Gi')"}, {"name": "l", "expression": "[1, 2]"},
                   {"name": "m", "expression": "{'a': 1}"}, {"name": "n", "expression": "null"},
                   {"name": "o", "expression": "object.?data.?a"}]))
    yield one("conditions", policy("p", "false", matchConditions=[
        {"name": "created", "expression": "request.operation == 'CREATE'"},
        {"name": "named", "expression": "object.metadata.name in ['a', 'c']"}]))
    yield one("conditions that err", policy("p", "true", matchConditions=[
        {"name": "one", "expression": "object.data.a == '1'"}, {"name": "two", "expression": "object.data.b != ''"}]))
    yield one("conditions that err, ignored", policy("p", "false", failurePolicy="Ignore", matchConditions=[
        {"name": "one", "expression": "object.data.a == '1'"}]))
    yield one("a condition that is false beside one that errs", policy("p", "false", matchConditions=[
        {"name": "one", "expression": "object.data.none == '1'"},
        {"name": "two", "expression": "request.operation == 'DELETE'"}]))
    yield one("conditions see no namespace", policy("p", "false", matchConditions=[
        {"name": "one", "expression": "namespaceObject == null"}]))
    yield one("the request", policy(
        "p", {"expression": "false",
              "messageExpression": "[request.kind.group, request.kind.version, request.kind.kind, "
                                   "request.resource.group, request.resource.version, request.resource.resource, "
                                   "request.requestKind.version, request.requestResource.resource, request.name, "
                                   "has(request.namespace) ? request.namespace : '-', request.operation, "
                                   "request.userInfo.username, string(request.dryRun), "
                                   "has(request.subResource) ? request.subResource : '-', "
                                   "request.userInfo.groups.join('+'), string(dyn(request).uid), "
                                   "string(has(request.userInfo.extra)), string(dyn(request).object == null)].join(' ')"},
        rules=[ANY]), EVERYTHING)
    yield one("the request's options", policy(
        "p", "request.options.kind == 'CreateOptions'", "request.options.dryRun.size() == 1"), MAPS)
    yield one("who asks", policy("p", {"expression": "'sre' in request.userInfo.groups",
                                       "messageExpression": "request.userInfo.username + ' may not'"}),
              MAPS[:3] + [create(config_map("mine"), user="ada")])
    yield one("the namespace", policy(
        "p", {"expression": "namespaceObject != null && namespaceObject.metadata.labels.tier == 'prod'",
              "messageExpression": "namespaceObject == null ? 'none' : namespaceObject.metadata.name + ' is ' + "
                                   "namespaceObject.metadata.labels['kubernetes.io/metadata.name']"},
        rules=[ANY]), EVERYTHING)
    yield one("namespaces by label", policy("p", "false", rules=[ANY],
                                            constraints={"namespaceSelector": {"matchLabels": {"tier": "prod"}}}),
              EVERYTHING)
    yield one("namespaces by expressions", policy("p", "false", rules=[ANY], constraints={
        "namespaceSelector": {"matchExpressions": [{"key": "tier", "operator": "NotIn", "values": ["prod"]},
                                                   {"key": "kubernetes.io/metadata.name", "operator": "Exists"}]}}),
              EVERYTHING)
    yield one("objects by label", policy("p", "false", rules=[ANY], constraints={
        "objectSelector": {"matchExpressions": [{"key": "app", "operator": "In", "values": ["d", "running", "web"]}]}}),
              EVERYTHING)
    yield one("objects without a label", policy("p", "false", rules=[ANY], constraints={
        "objectSelector": {"matchExpressions": [{"key": "app", "operator": "DoesNotExist"}]}}), EVERYTHING)
    yield one("names", policy("p", "false", rules=[rule(["*"], ["*"], resourceNames=["a", "there", "reader"])]),
              EVERYTHING)
    yield one("operations", policy("p", "false", rules=[rule(["*"], ["*"], ["UPDATE", "DELETE"])]), EVERYTHING)
    yield one("cluster scope", policy("p", "false", rules=[rule(["*"], ["*"], scope="Cluster")]), EVERYTHING)
    yield one("namespaced scope", policy("p", "false", rules=[rule(["*"], ["*"], scope="Namespaced")]), EVERYTHING)
    yield one("groups and versions", policy("p", "false", rules=[
        rule(["apps", "example.com"], ["*"], versions=["v1"]), rule(["rbac.authorization.k8s.io"], ["clusterroles"])]),
              EVERYTHING)
    yield one("excludes", policy("p", "false", rules=[ANY], constraints={
        "excludeResourceRules": [rule([""], ["configmaps"], ["DELETE", "UPDATE"]),
                                 rule(["*"], ["*"], resourceNames=["b", "reader"])]}), EVERYTHING)
    yield one("an equivalent version", policy(
        "p", {"expression": "false", "messageExpression": "object == null ? 'gone' : object.apiVersion + ' by ' + "
                                                          "request.kind.version + ' for ' + request.requestKind.version"},
        rules=[rule(["example.com"], ["widgets"], versions=["v2"])]), OTHERS)
    yield one("an exact version", policy("p", "false", rules=[rule(["example.com"], ["widgets"], versions=["v2"])],
                                         constraints={"matchPolicy": "Exact"}), OTHERS)
    yield one("an excluded equivalent version", policy("p", "false", rules=[rule(["example.com"], ["widgets"])],
                                                       constraints={"excludeResourceRules": [
                                                           rule(["example.com"], ["widgets"], versions=["v2"])]}), OTHERS)
    yield one("subresources", policy(
        "p", {"expression": "object.spec.replicas < 5", "messageExpression": "request.subResource + ' ' + object.kind"},
        rules=[rule(["apps"], ["deployments/scale"])]),
              OTHERS + [scale("running", 3), scale("running", 9)])
    yield one("every subresource", policy("p", "object.spec.replicas < 5", rules=[rule(["apps"], ["*/scale"]),
                                                                                rule(["apps"], ["deployments"])]),
              OTHERS + [scale("running", 3), scale("running", 9)])
    for actions in (["Warn"], ["Audit"], ["Warn", "Audit"], ["Deny", "Audit"]):
        yield one(" and ".join(actions), policy(
            "p", "1 < 0 && '&' != ''", {"expression": "has(object.data)", "message": "no \"data\" in <it>"},
            auditAnnotations=[{"key": "name", "valueExpression": "'name: ' + string(object.metadata.name)"},
                              {"key": "nothing", "valueExpression": "null"},
                              {"key": "blank", "valueExpression": "'  '"}]), actions=actions)
    yield one("an annotation that errs", policy("p", auditAnnotations=[
        {"key": "a", "valueExpression": "string(object.data.a)"}]), actions=["Audit"])
    yield one("an annotation that errs, ignored", policy("p", failurePolicy="Ignore", auditAnnotations=[
        {"key": "a", "valueExpression": "string(object.data.a)"}]), actions=["Audit"])
    yield one("an annotation that is long", policy("p", auditAnnotations=[
        {"key": "a", "valueExpression": f"{LONG}.map(i, '{'y' * 1100}').join('')"}]), MAPS[:2], actions=["Audit"])
    yield one("a binding's own resources", policy("p", "false", rules=[ANY]), EVERYTHING, matchResources={
        "resourceRules": [rule([""], ["configmaps"], ["CREATE"])],
        "namespaceSelector": {"matchLabels": {"tier": "prod"}}})
    yield one("a binding's excludes", policy("p", "false", rules=[ANY]), EVERYTHING, matchResources={
        "excludeResourceRules": [rule([""], ["configmaps"])], "objectSelector": {"matchLabels": {"app": "running"}}})
    yield ("two bindings", [policy("p", "object == null || has(object.data)"), binding("one", "p", ["Warn"]),
                            binding("two", "p", ["Deny"], matchResources={"objectSelector": {"matchLabels": {"app": "d"}}}),
                            binding("three", "p", ["Audit"])], MAPS)
    yield ("two policies", [policy("p", "object == null || has(object.data)"), binding("one", "p"),
                            policy("q", "object != null && object.metadata.name != 'a'"), binding("two", "q")], MAPS)
    yield ("a policy that is not bound", [policy("p", "false")], MAPS[:3])
    kind = {"apiVersion": "rules.example.com/v1", "kind": "Limit"}
    sized = {"expression": "params == null || object == null || size(object.?data.orValue({})) < params.most",
             "messageExpression": "'at most ' + string(params.most) + ' of ' + params.metadata.name + ' ' + params.kind"}

    def with_params(title, requests=MAPS, spec=None, **ref):
        return one(title, policy("p", sized, paramKind=kind, **(spec or {})), requests,
                   **({"paramRef": {"parameterNotFoundAction": "Deny", **ref}} if ref else {}))

    yield with_params("params by name", name="small", namespace="shop")
    yield with_params("params of the request's namespace", name="small")
    yield with_params("params that are not there", name="none", namespace="shop")
    yield with_params("params that need not be there", name="none", namespace="shop", parameterNotFoundAction="Allow")
    yield with_params("params that are not there, ignored", spec={"failurePolicy": "Ignore"}, name="none",
                      namespace="shop")
    yield with_params("params by label", selector={"matchLabels": {"of": "limits"}}, namespace="shop")
    yield with_params("params by label in the request's namespace", selector={})
    yield with_params("params that no label selects", selector={"matchLabels": {"of": "nothing"}})
    yield with_params("no params", )
    yield one("params in a cluster", policy("p", "params.most > 1", rules=[ANY], paramKind=kind), OTHERS,
              paramRef={"name": "small", "parameterNotFoundAction": "Deny"})
    yield one("params in conditions", policy(
        "p", "false", paramKind=kind, matchConditions=[{"name": "c", "expression": "params.most == 2"}]), MAPS,
              paramRef={"name": "small", "parameterNotFoundAction": "Allow"})
    yield one("a namespace for params that have none", policy(
        "p", "true", paramKind={"apiVersion": "example.com/v1", "kind": "Widget"}), MAPS[:3],
              paramRef={"name": "there", "namespace": "shop", "parameterNotFoundAction": "Deny"})
    yield one("cluster params", policy(
        "p", {"expression": "params.spec.size > 5", "messageExpression": "params.apiVersion + string(params.spec.size)"},
        paramKind={"apiVersion": "example.com/v1", "kind": "Widget"}), MAPS[:3],
              paramRef={"name": "there", "parameterNotFoundAction": "Deny"})
    yield one("config maps as params", policy(
        "p", {"expression": "object == null || params.data.forbidden.split(',').all(w, "
                            "object.?data.orValue({}).all(k, object.data[k] != w))",
              "messageExpression": "params.kind + ' ' + params.apiVersion + ' forbids ' + params.data.forbidden"},
        paramKind={"apiVersion": "v1", "kind": "ConfigMap"}), MAPS,
              paramRef={"name": "words", "namespace": "dev", "parameterNotFoundAction": "Deny"})
    yield one("a kind of params that is not there", policy(
        "p", "true", paramKind={"apiVersion": "nowhere.example.com/v1", "kind": "Nothing"}), MAPS[:3],
              paramRef={"name": "x", "parameterNotFoundAction": "Allow"})
    yield one("real rules", policy(
        "p", {"expression": "variables.containers.all(c, !c.image.endsWith(':latest'))",
              "messageExpression": "'latest: ' + variables.containers.filter(c, c.image.endsWith(':latest'))"
                                   ".map(c, c.name).join(', ')"},
        {"expression": "object.spec.replicas <= 5", "message": "at most five"},
        {"expression": "oldObject == null || object.spec.replicas >= oldObject.spec.replicas", "reason": "Forbidden"},
        {"expression": "variables.containers.all(c, c.image.matches('^[a-z./]+(:[a-z0-9.]+|@sha256:[0-9a-f]{64})$'))"},
        rules=[rule(["apps"], ["deployments"], ["CREATE", "UPDATE"], ["v1"])],
        variables=[{"name": "containers", "expression": "object.spec.template.spec.containers"}]),
              OTHERS + [update(deployment("running", "web:2", 1)), create(deployment("x", "UP:1"))])


def scale(name, replicas, space="shop"):
    return {"verb": "PUT", "subresource": "scale",
            "object": {"apiVersion": "autoscaling/v1", "kind": "Scale", "metadata": {"name": name, "namespace": space},
                       "spec": {"replicas": replicas}},
            "path": f"/apis/apps/v1/namespaces/{space}/deployments/{name}/scale"}


def real_sets():
    """(name, documents) that objects of published projects are judged by, one rule a set so that each is seen."""
    workloads = rule(["apps"], ["deployments", "daemonsets", "statefulsets"], ["CREATE", "UPDATE"], ["v1"])
    spec = "object.spec.template.spec"
    containers = [{"name": "containers", "expression": f"{spec}.containers + {spec}.?initContainers.orValue([])"}]
    names = "variables.containers.filter(c, {}).map(c, string(c.name) + '=' + string(c.image)).join(', ')"
    rules = {
        "images": "c.image.contains(':') && !c.image.endsWith(':latest')",
        "digests": "c.image.matches('@sha256:[0-9a-f]{64}$')",
        "limits": "has(c.resources) && has(c.resources.limits) && 'memory' in c.resources.limits",
        "memory": "quantity(c.resources.limits.memory).isLessThan(quantity('200Mi'))",
        "root": "c.?securityContext.?readOnlyRootFilesystem.orValue(false)",
        "privileges": "has(c.securityContext.allowPrivilegeEscalation) && !c.securityContext.allowPrivilegeEscalation",
        "probes": "has(c.readinessProbe) || has(c.livenessProbe)",
        "environment": "!has(c.env) || c.env.all(e, has(e.value) ? !e.value.contains('password') : has(e.valueFrom))",
        "ports": "c.ports.all(p, p.containerPort > 1024)",
    }
    for name, expression in rules.items():
        yield "real: " + name, [policy("p", {"expression": f"variables.containers.all(c, {expression})",
                                             "messageExpression": "'" + name + ": ' + " + names.format("true")},
                                       rules=[workloads], variables=containers), binding("p")]
    for name, expression in {
        "labels": "has(object.metadata.labels) && 'app.kubernetes.io/name' in object.metadata.labels",
        "labels that are missing": "object.metadata.labels.app != ''",
        "names": "object.metadata.name.matches('^[a-z]{1,12}$')",
        "spaces": "!has(request.namespace) || request.namespace == object.metadata.namespace",
        "whole objects": "object == oldObject || size(object) > 4",
        "roles": "!has(object.rules) || object.rules.all(r, !has(r.verbs) || !r.verbs.exists(v, v == '*' || v == 'delete'))",
        "services": "object.kind != 'Service' || object.spec.ports.all(p, p.port < 1024 || p.name.startsWith('http'))",
    }.items():
        yield "real: " + name, [policy("p", expression, rules=[ANY]), binding("p")]


def faulty():
    """(name, document): refused when they are created."""
    def spec(name, **more):
        made = policy("p", "true")
        made["spec"].update(more)
        return (name, made)

    yield spec("an unknown word", failurePolicy="Maybe")
    yield spec("an unknown field", validation=[])
    yield spec("no rules", validations=[])
    yield spec("no constraints", matchConstraints=None)
    yield spec("no resource rules", matchConstraints={})
    yield ("an upper-case name", policy("P", "true"))
    for name, expression in [
        ("no bool", "object.spec.replicas"), ("text", "'x'"), ("an unknown name", "nothing == 1"),
        ("two unknown names", "nothing == something"), ("syntax", "1 +"), ("blank", "  "), ("types", "1 + 'a' == 2"),
        ("an unknown function", "object.nothing() == 1"), ("an unknown field of the request", "request.object == null"),
        ("params without a kind", "params.x == 1"), ("variables without any", "variables.x == 1"),
        ("a regular expression", "'a'.matches('(')"), ("a macro", "[1].all(1, true)"),
        ("a field of the namespace", "namespaceObject.kind == 'x'"),
    ]:
        yield ("an expression: " + name, policy("p", expression))
    for expression in ["timestamp('2020-01-01T00:00:00Z')", "duration('1s')", "[1]", "{'a': [1]}", "b'x'", "null", "1u",
                       "object.?a", "quantity('1')", "type(1)", "[]", "request.kind", "namespaceObject", "1.5"]:
        yield ("an expression of another type: " + expression, policy("p", expression))
    yield ("a message of another type", policy("p", {"expression": "true", "messageExpression": "1"}))
    yield ("a message that asks who may", policy("p", {"expression": "true", "messageExpression": "string(authorizer)"}))
    yield ("a blank message", policy("p", {"expression": "true", "message": " "}))
    yield ("a blank message expression", policy("p", {"expression": "true", "messageExpression": " "}))
    yield ("a message of two lines", policy("p", {"expression": "true", "message": "a\nb"}))
    yield ("an unknown reason", policy("p", {"expression": "true", "reason": "Because"}))
    yield spec("a variable by a reserved word", variables=[{"name": "in", "expression": "1"}])
    yield spec("a variable that reads a later one", variables=[{"name": "a", "expression": "variables.b"},
                                                               {"name": "b", "expression": "1"}])
    yield spec("a variable without expression", variables=[{"name": "a", "expression": " "}])
    yield ("a variable's type", policy("p", "variables.a == 'x'", variables=[{"name": "a", "expression": "1"}]))
    yield spec("conditions of one name", matchConditions=[{"name": "a", "expression": "true"}] * 2)
    yield spec("a condition that reads a variable", variables=[{"name": "a", "expression": "true"}],
               matchConditions=[{"name": "a", "expression": "variables.a"}])
    yield spec("a condition's name", matchConditions=[{"name": "a b", "expression": "true"}])
    yield spec("65 conditions", matchConditions=[{"name": f"c{i}", "expression": "true"} for i in range(65)])
    yield spec("an annotation's key", auditAnnotations=[{"key": "a/b", "valueExpression": "'x'"}])
    yield spec("an annotation's type", auditAnnotations=[{"key": "a", "valueExpression": "1"}])
    yield spec("annotations of one key", auditAnnotations=[{"key": "a", "valueExpression": "'x'"}] * 2)
    yield spec("a param kind without version", paramKind={"kind": "X"})
    yield spec("a param kind of three parts", paramKind={"apiVersion": "a/b/c", "kind": "X"})
    yield spec("a param kind by a strange name", paramKind={"apiVersion": "A_/v1", "kind": "X Y"})
    yield ("empty lists", policy("p", "true", rules=[rule([], [], [], [])]))
    yield ("a star and more", policy("p", "true", rules=[rule(["*", "a"], ["*", "b"], ["*", "CREATE"], ["*", "v1"])]))
    yield ("resources twice", policy("p", "true", rules=[rule([""], ["pods/*", "pods/log", "*/log", "a/log"])]))
    yield ("everything and more", policy("p", "true", rules=[rule([""], ["*/*", "pods"])]))
    yield ("an unknown operation", policy("p", "true", rules=[rule([""], ["pods"], ["PATCH"])]))
    yield ("an unknown scope", policy("p", "true", rules=[rule([""], ["pods"], scope="Here")]))
    yield ("names twice", policy("p", "true", rules=[rule([""], ["pods"], resourceNames=["a", "a", "b/c"])]))
    yield ("a selector", policy("p", "true", constraints={"objectSelector": {
        "matchLabels": {"a b": "c d"}, "matchExpressions": [
            {"key": "x", "operator": "In"}, {"key": "y", "operator": "Exists", "values": ["1"]},
            {"key": "z", "operator": "Is"}, {"key": "w", "operator": "In", "values": ["a b"]}]}}))
    yield ("long labels", policy("p", "true", constraints={"objectSelector": {
        "matchLabels": {"k" * 64: "v" * 64, "a" * 254 + "/k": "v"}}}))
    yield ("a match policy", policy("p", "true", constraints={"matchPolicy": "Loose"}))
    yield ("a binding of nothing", binding("b", actions=[]))
    yield ("a binding's actions", binding("b", actions=["Deny", "Warn", "Deny"]))
    yield ("a binding's unknown action", binding("b", actions=["Refuse"]))
    yield ("a binding without policy", {**binding("b"), "spec": {"validationActions": ["Deny"]}})
    yield ("a binding's params", binding("b", paramRef={"name": "a", "selector": {}}))
    yield ("a binding's params of nothing", binding("b", paramRef={"parameterNotFoundAction": "Maybe"}))
    yield ("a binding of a strange name", binding("b", of="A_B"))
