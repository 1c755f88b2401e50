#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# docs_coverage.sh: prints docs/coverage.md from the `covers` of the rules in policies/.
LC_ALL=C exec awk -f tests/tools/coverage.awk policies/*/*.plim
