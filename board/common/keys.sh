#!/bin/bash
# SPDX-License-Identifier: EUPL-1.2
#
# Makes the test keys of a build folder, once: keys.sh FOLDER. boot.*: Secure Boot (RSA, the
# certificate goes into a machine's db); update.*: bundles (P-256, the public half goes into the
# image). The real ones are made offline (TRUST.md) and named with KEYS=.
set -eu
keys=$1
mkdir -p "$keys"
chmod 700 "$keys"
if [ ! -f "$keys/boot.pem" ]; then
    openssl req -new -x509 -newkey rsa:2048 -nodes -sha256 -days 7300 -subj "/CN=Inloop test, never trust" \
        -keyout "$keys/boot.key" -out "$keys/boot.pem" 2>/dev/null
fi
if [ ! -f "$keys/update.pub.pem" ]; then
    openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$keys/update.pem" 2>/dev/null
    openssl pkey -in "$keys/update.pem" -pubout -out "$keys/update.pub.pem"
fi
chmod 600 "$keys"/*.key "$keys/update.pem"
