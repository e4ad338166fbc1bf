#!/bin/bash
# SPDX-License-Identifier: EUPL-1.2
#
# Signs one board's image as an update: bundle.sh BOARD BUILD VERSION. The image is made anew when
# the one that is there is of another version. KEYS names another folder of keys than the build
# folder's test keys, MINIMUM the oldest version that may take it, TOWN the one town it is for. With
# a key that is kept offline `bundle make` is run there (TRUST.md); this is for all others.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
BOARD=$1
build=$(cd "$2" && pwd)
VERSION=$3
out=$build/image/$BOARD
keys=${KEYS:-$build/keys}
[ -n "$VERSION" ] || { echo "which version? make bundle BOARD=$BOARD VERSION=1.2" >&2; exit 1; }

version_of() { # the image's own word, a section of it
    objcopy -O binary --only-section=.osrel --set-section-flags .osrel=alloc "$1" "$out/.osrel" 2>/dev/null || return 0
    sed -n 's/^VERSION_ID="\{0,1\}\([0-9.]*\)"\{0,1\}$/\1/p' "$out/.osrel"
    rm -f "$out/.osrel"
}

if [ ! -f "$out/inloop.efi" ] || [ "$(version_of "$out/inloop.efi")" != "$VERSION" ]; then
    bash "$here/image.sh" "$BOARD" "$build" "$VERSION"
fi
day=$(date -u -d "@${SOURCE_DATE_EPOCH:-$(git -C "$here" log -1 --format=%ct)}" +%F)
"$build/release/inloop-technician" bundle make --key "$keys/update.pem" --version "$VERSION" --board "$BOARD" \
    --minimum "${MINIMUM:-0}" --town "${TOWN:-*}" --made "$day" --out "$out/inloop-$BOARD-$VERSION.bundle" \
    "uki=$out/inloop.efi"
"$build/release/inloop-technician" bundle show "$out/inloop-$BOARD-$VERSION.bundle" --keys "$keys/update.pub.pem"
