#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# policy_tests.sh: runs the tests that stand beside the built-in rules.
exec "$PLIMSOLL" test policies
