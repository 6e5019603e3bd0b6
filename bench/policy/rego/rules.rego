# The rules of ../rules.yaml, as conftest evaluates them.
package main

import rego.v1

deployment if {
	input.apiVersion == "apps/v1"
	input.kind == "Deployment"
}

pod := input.spec.template.spec

said(text) := sprintf("%s: %s", [input.metadata.name, text])

deny contains said("label app.kubernetes.io/name is missing") if {
	deployment
	not input.metadata.labels["app.kubernetes.io/name"]
}

deny contains said("label team is missing") if {
	deployment
	not input.metadata.labels.team
}

deny contains said("the name is too long") if {
	deployment
	count(input.metadata.name) > 40
}

deny contains said("no object stands in default") if {
	deployment
	input.metadata.namespace == "default"
}

deny contains said("pods are labelled as their deployment is") if {
	deployment
	input.spec.template.metadata.labels["app.kubernetes.io/name"] != input.metadata.labels["app.kubernetes.io/name"]
}

deny contains said("at least two replicas") if {
	deployment
	input.spec.replicas < 2
}

deny contains said("at most ten replicas") if {
	deployment
	input.spec.replicas > 10
}

deny contains said("update by rolling") if {
	deployment
	input.spec.strategy.type != "RollingUpdate"
}

deny contains said("keep at most ten revisions") if {
	deployment
	input.spec.revisionHistoryLimit > 10
}

deny contains said("paused") if {
	deployment
	input.spec.paused
}

deny contains said("an image is the latest") if {
	deployment
	some container in pod.containers
	endswith(container.image, ":latest")
}

deny contains said("an image is of another registry") if {
	deployment
	some container in pod.containers
	not startswith(container.image, "registry.example.com/")
}

deny contains said("a container has no memory limit") if {
	deployment
	some container in pod.containers
	not container.resources.limits.memory
}

deny contains said("a container has no readiness probe") if {
	deployment
	some container in pod.containers
	not container.readinessProbe
}

deny contains said("a secret stands in the environment") if {
	deployment
	some container in pod.containers
	some variable in container.env
	startswith(variable.name, "SECRET_")
}

deny contains said("run as somebody else than root") if {
	deployment
	not pod.securityContext.runAsNonRoot
}

deny contains said("no host network") if {
	deployment
	pod.hostNetwork
}

deny contains said("a container is privileged") if {
	deployment
	some container in pod.containers
	container.securityContext.privileged
}

deny contains said("a container can write to its root") if {
	deployment
	some container in pod.containers
	not container.securityContext.readOnlyRootFilesystem
}

deny contains said("no host paths") if {
	deployment
	some volume in pod.volumes
	volume.hostPath
}
