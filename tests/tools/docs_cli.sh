#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# docs_cli.sh: prints docs/cli.md, made by the program from its option table.
exec "$PLIMSOLL" help --format markdown
