#!/bin/sh
# conformance.sh PROGRAM: runs it over the published cases.
cases=${PAWL_SHARED:-../shared}/vectors/cel/conformance.json
if [ ! -e "$cases" ]; then
  echo "skipped: $cases is absent"
  exit 77
fi
exec "$1" "$cases"
