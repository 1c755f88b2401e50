#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# demo.sh: what a newcomer sees first. Findings are expected here, so exit code 1 is success.
set -u
echo '$ build/plimsoll check docs/examples/demo'
build/plimsoll check docs/examples/demo
code=$?
if [ $code -gt 1 ]; then
    exit $code
fi
echo
echo "Exit code $code: findings at or above the threshold. Next: build/plimsoll explain RULE"
