#!/usr/bin/env bash
# Every gate in one story: what it holds back, and what lets it in.
# usage: demo.sh PATH-TO-PAWL. PAWL_QUIET=1 prints the commands and their exit codes only.
set -euo pipefail
pawl=$1
example=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap '[ -z "${board:-}" ] || kill "$board"; rm -rf "$work"' EXIT
export XDG_STATE_HOME=$work/state GIT_CONFIG_GLOBAL=/dev/null
export GIT_AUTHOR_NAME=demo GIT_AUTHOR_EMAIL=demo@example.com GIT_COMMITTER_NAME=demo GIT_COMMITTER_EMAIL=demo@example.com
unset PAWL_STORE PAWL_KEY
# The images are made up; the shop's folder stands for the registries that would have them.
export PAWL_REGISTRY_MIRRORS="ghcr.io=oci:$example/../shop/images,docker.io=oci:$example/../shop/images"

say() { printf '\n# %s\n' "$*"; }

# as WHO EXPECTED-EXIT-CODE ARGUMENTS...: signed with the key of WHO
as() {
  local who=$1 expected=$2 got=0
  shift 2
  printf '%s $ pawl %s\n' "$who" "$*"
  PAWL_KEY=$work/$who.pem "$pawl" "$@" >"$work/output" 2>&1 || got=$?
  if [ -z "${PAWL_QUIET:-}" ] || [ "$got" -ne "$expected" ]; then
    cat "$work/output"
  fi
  if [ "$got" -ne "$expected" ]; then
    echo "demo: exit code $got, expected $expected" >&2
    exit 1
  fi
}

commit() { git add -A && git commit -qm "$1"; }

mkdir -p "$work/shop/keys"
cp -r "$example"/{pawl.yaml,manifests,policies,tests} "$work/shop"
cd "$work/shop"
git init -q .

# The change board that production asks, on a port that is free.
CHANGE_SECRET=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
export CHANGE_SECRET
echo open >"$work/ticket"
"$example/change_board.py" "$work/ticket" "$work/port" &
board=$!
for _ in $(seq 100); do [ -s "$work/port" ] || sleep 0.1; done
sed -i "s|127.0.0.1:8484|127.0.0.1:$(cat "$work/port")|" pawl.yaml

say "Ada, Grace, Alan and the CI server make keys; the public halves stand in the repository"
for who in ada grace alan ci; do
  "$pawl" key new "$work/$who.pem" >/dev/null
  cp "$work/$who.pub" keys
done

say "The team's own policy, and the table that it is tested by"
as ada 0 policy test tests --coverage-min 100

say "upstream: production takes only what dev verified"
as ada 0 init
as ada 0 lock
commit "shop 1.0.0"
as ada 0 release 1.0.0
as ada 1 promote 1.0.0 --to production
as ada 0 promote --to dev

say "policy: one redis is too few, and production says so; an exception, asked for and agreed to, ends by itself"
as ada 1 promote --to production
as ada 0 exception ask two-replicas --in production --object "*/Deployment/redis" --reason "no replica of the cache yet" --until 7d
as ada 4 exception approve 1
as grace 0 exception approve 1 --comment "until the cache has its replica"
as ada 0 exception list

say "evidence, approval: it waits for the CI server's word and for two people; Ada asked, so she is none of them"
as ada 6 promote --to production --reason "the first"
as ada 4 approve production
echo '{"result": "PASSED"}' >"$work/result.json"
as ci 0 attest 1.0.0 --in production --type https://in-toto.io/attestation/test-result/v0.1 --predicate "$work/result.json"
as grace 0 approve production --comment "looked at the plan"
as alan 0 approve production
sleep 1  # a second in dev

say "external: the change board is asked, over a channel that both sign, and has not met yet"
as ada 6 promote --to production
echo approved >"$work/ticket"
as alan 0 why 1.0.0 production

say "freeze: nothing enters, whoever agreed, until it is lifted"
as grace 0 freeze production --reason "incident 12" --until 4h
as ada 6 promote --to production
as grace 0 freeze production --off

say "soak: it has been in dev for a second; the window is open, so it enters"
as ada 0 promote --to production --wait --timeout 1m
as ada 0 describe promotion 4

say "allowedChanges: a new image may go to production, another setting may not"
sed -i 's/shop-web:1.0.0/shop-web:1.1.0/; s/value: classic/value: express/' manifests/web.yaml
as ada 0 lock
commit "shop 1.1.0"
as ada 0 release 1.1.0
as ada 0 promote --to dev
as ada 0 plan --to production
as ada 1 promote --to production

say "Everybody's word is in the ledger, and all of it can be proven, offline"
as ada 0 audit log --environment production --limit 8
as ada 0 audit verify --replay
