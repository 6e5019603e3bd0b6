#!/usr/bin/env bash
# The whole story on the embedded default: releases, a gate that blocks, drift, a rollback, a ledger that verifies.
# usage: demo.sh PATH-TO-PAWL. PAWL_QUIET=1 prints the commands and their exit codes only; PAWL_HELM names a helm.
set -euo pipefail
pawl=$1
example=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export XDG_STATE_HOME=$work/state GIT_CONFIG_GLOBAL=/dev/null
export GIT_AUTHOR_NAME=demo GIT_AUTHOR_EMAIL=demo@example.com GIT_COMMITTER_NAME=demo GIT_COMMITTER_EMAIL=demo@example.com
unset PAWL_STORE PAWL_KEY
# The example's images are made up; this folder stands for the registries that would have them.
export PAWL_REGISTRY_MIRRORS="ghcr.io=oci:$example/images,docker.io=oci:$example/images"

say() { printf '\n# %s\n' "$*"; }

# run EXPECTED-EXIT-CODE ARGUMENTS...
run() {
  local expected=$1 got=0
  shift
  printf '$ pawl %s\n' "$*"
  if [ -n "${PAWL_QUIET:-}" ]; then
    "$pawl" "$@" >"$work/output" 2>&1 || got=$?
  else
    "$pawl" "$@" 2>&1 || got=$?
  fi
  if [ "$got" -ne "$expected" ]; then
    [ -n "${PAWL_QUIET:-}" ] && cat "$work/output"
    echo "demo: exit code $got, expected $expected" >&2
    exit 1
  fi
}

commit() { git add -A && git commit -qm "$1"; }

mkdir "$work/shop"
cp -r "$example"/{pawl.yaml,pawl.lock,deploy,tests} "$work/shop"
cd "$work/shop"
git init -q .

# Where helm is, and namespaces to keep it in, the shop has a chart too.
if command -v "${PAWL_HELM:-helm}" >/dev/null && unshare --user --map-root-user true 2>/dev/null; then
  say "helm is here: one layer more, out of a chart"
  cp -r "$example"/with-helm/charts .
  sed -i "/^  layers:\$/r $example/with-helm/layer.yaml" pawl.yaml
fi

say "A repository with overlays, a pawl.yaml and a lock"
run 0 init
run 0 lock
run 0 lock --check
commit "shop 1.0.0"
run 0 release 1.0.0 -m "the first"

say "Production takes only what staging verified"
run 1 promote 1.0.0 --to production
run 0 promote --to dev
run 0 promote --to staging
run 0 promote --to production
run 0 status

say "A new image: what would change, before it does"
cp -r "$example"/changes/1.1.0/. .
run 0 lock
run 0 lock --check
commit "shop 1.1.0"
run 0 release 1.1.0 -m "express checkout"
run 0 plan --to dev
run 0 promote --to dev
run 0 promote --to staging
run 0 promote --to production --reason "express checkout"

say "Somebody edits production by hand"
sed -i 's/^  replicas: 3$/  replicas: 5/' live/production/web/*deployment.web.yaml
run 1 drift production
run 0 reconcile production
run 0 drift production

say "A bad release: its smoke test fails in dev, and staging does not let it in"
cp -r "$example"/changes/1.2.0/. .
commit "shop 1.2.0"
run 0 release 1.2.0 -m "smaller orders"
run 1 promote --to dev
run 1 promote 1.2.0 --to staging
run 1 why 1.2.0 staging
run 0 rollback dev --reason "orders answers nobody"

say "Express checkout is slow: production goes back, byte for byte"
run 0 rollback production --reason "latency"
run 0 history production
run 0 status

say "And all of it can be proven, offline"
run 0 verify 1.0.0
run 0 reproduce 1.1.0
run 0 audit log --limit 8
run 0 audit verify --replay
