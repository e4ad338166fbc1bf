#!/bin/bash
# SPDX-License-Identifier: EUPL-1.2
#
# Opens the whole hall on this desk until Ctrl-C; without a display takes the tour. run.sh <build>
set -u
cd "$(dirname "$0")/../.." || exit 1
export TZ=${TZ:-Europe/Amsterdam}
if [ -z "${DISPLAY:-}" ] && [ -z "${WAYLAND_DISPLAY:-}" ]; then
    echo "no display: taking the tour instead"
    exec bash tests/journey/tour.sh "$1"
fi
exec /usr/bin/python3 tests/journey/open.py "$1"
