#!/bin/bash
# SPDX-License-Identifier: EUPL-1.2
#
# Builds the programs as a device gets them and looks into the kiosk: nothing that exists for desks
# only is in it. The kiosk of this desk holds all of that, so the looking itself is tried too.
set -eu
build=$INLOOP_BUILD/device
log=$build.log
traces='desk_scanner|desk_printer|desk_io|scanner\.socket|printer\.spool|slip\.part'

if ! { cmake -S "$INLOOP_ROOT/firmware" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Debug \
        -DINLOOP_DEVICE=ON && ninja -C "$build" --quiet programs; } >"$log" 2>&1; then
    cat "$log"
    exit 1
fi

look() { # program
    { nm "$1"; strings -a "$1"; } | grep -oE "$traces" | sort -u || true
}

found=$(look "$INLOOP_BUILD/inloop-kiosk" | wc -l)
if [ "$found" -ne 6 ]; then
    echo "the desk's kiosk shows $found of 6 traces: this test looks for the wrong ones"
    exit 1
fi
left=$(look "$build/inloop-kiosk")
if [ -n "$left" ]; then
    echo "the device's kiosk holds: $left"
    exit 1
fi
for key in scanner.usb printer.usb; do
    # Not with grep -q: it would close the pipe early. Bytes that are no text may stand before it.
    strings -a "$build/inloop-kiosk" | grep -F "$key" >"$build.key" || {
        echo "the device's kiosk does not know $key"
        exit 1
    }
done
echo "no desk-only code on the device"
