#!/bin/sh
# Looks at what was applied, as a smoke test would look at what runs: every workload has replicas, every image a digest.
set -eu
status=0
for file in "$PAWL_TARGET_PATH"/*/*.yaml; do
  if grep -q '^  replicas: 0$' "$file"; then
    echo "$(basename "$file"): no replicas, nobody would answer"
    status=1
  fi
  if grep '^ *image: ' "$file" | grep -vq '@sha256:'; then
    echo "$(basename "$file"): an image without a digest"
    status=1
  fi
done
exit $status
