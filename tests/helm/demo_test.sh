#!/usr/bin/env bash
# The example with its chart, where helm is; `demo` is the one without. usage: demo_test.sh DEMO PATH-TO-PAWL
set -euo pipefail
helm=${PAWL_HELM4:-${PAWL_CACHE:-$HOME/.cache/pawl}/go/bin/helm4}
[ -x "$helm" ] || { echo "helm 4 ($helm) is absent"; exit 77; }
unshare --user --map-root-user true 2>/dev/null || { echo "there are no user namespaces"; exit 77; }
printed=$(PAWL_QUIET=1 PAWL_HELM=$helm "$1" "$2")
echo "$printed"
[[ $printed == *"one layer more, out of a chart"* ]]
