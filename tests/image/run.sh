#!/bin/bash
# SPDX-License-Identifier: EUPL-1.2
#
# The image in guests: run.sh <build folder>. CUTS: how often the power is cut; SEED: when; T: only
# stories with this in their name. Closes with one line that counts.
set -u
cd "$(dirname "$0")/../.." || exit 1
if ! command -v qemu-system-x86_64 >/dev/null; then
    echo "skipped: no QEMU"
    exit 0
fi
export TZ=${TZ:-Europe/Amsterdam} INLOOP_BUILD=$1/release
exec /usr/bin/python3 tests/image/run.py "$1"
