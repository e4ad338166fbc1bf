#!/bin/bash
# SPDX-License-Identifier: EUPL-1.2
#
# Takes the tour. tour.sh <build folder>
set -u
cd "$(dirname "$0")/../.." || exit 1
export TZ=${TZ:-Europe/Amsterdam}
exec /usr/bin/python3 tests/journey/tour.py "$1"
