#!/bin/bash
# SPDX-License-Identifier: EUPL-1.2
#
# The tour itself, as a test, with the programs of the build under test; and what it left behind:
# the contact is what the register's own OpenAPI file asks for, the slip names the ticket and
# nothing personal, and no log names a resident.
set -eu
cd "$INLOOP_ROOT"
bash tests/journey/tour.sh "$INLOOP_BUILD"
/usr/bin/python3 tests/journey/judge.py "$INLOOP_BUILD/tour"
