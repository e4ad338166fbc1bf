#!/bin/bash
# SPDX-License-Identifier: EUPL-1.2
#
# Measures against peers. run.sh <build folder>
set -eu
ninja -C "$1/release" --quiet
exec /usr/bin/python3 tests/bench/run.py "$1"
