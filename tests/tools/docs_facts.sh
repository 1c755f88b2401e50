#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# docs_facts.sh: prints docs/facts.md, made by the program from facts/schema.def.
exec "$PLIMSOLL" facts schema --format markdown
