// Package apiserver pins the Kubernetes apiserver that tests/policy compares with. `go install -C tests/policy/apiserver
// k8s.io/kubernetes/cmd/kube-apiserver` builds it.
package apiserver

import _ "k8s.io/kubernetes/cmd/kube-apiserver"
