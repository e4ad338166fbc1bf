#!/bin/bash
# SPDX-License-Identifier: EUPL-1.2
#
# Makes the image of one board: image.sh BOARD BUILD [VERSION]. The words BOARD_* come from
# board/<name>/board.mk by way of the Makefile. What is downloaded and made once is kept in
# INLOOP_CACHE; KEYS names another folder of keys than the build
# folder's test keys; TESTS=0 leaves the unit tests out, for a look at one's own desk.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
repo=$(cd "$here/../.." && pwd)
BOARD=$1
build=$(mkdir -p "$2" && cd "$2" && pwd)
VERSION=${3:-$(sed -n 's/^## \([0-9][0-9.]*\).*/\1/p' "$repo/CHANGELOG.md" | head -1)}
cache=${INLOOP_CACHE:-$build/cache}
keys=${KEYS:-$build/keys}
[ -n "${BOARD_ARCH:-}" ] || { echo "board/$BOARD/board.mk names no architecture" >&2; exit 1; }

# The same sources have the same date, wherever they lie.
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git -C "$repo" log -1 --format=%ct 2>/dev/null || echo 1767225600)}
out=$build/image/$BOARD
programs=$build/image/.programs-$BOARD_ARCH
mkdir -p "$out" "$programs" "$cache/ccache"
bash "$here/keys.sh" "$keys"
roots=$(bash "$here/buildroot.sh" "$BOARD_ARCH" "$cache")
read -r root parts <<<"$roots"
vectors=() # the tests' vectors lie beside the repository
[ ! -d "$repo/../shared" ] || vectors=("$(cd "$repo/../shared" && pwd):/shared:ro")
"$here/enter.sh" "$root" "${vectors[@]}" "$repo:/src:ro" "$parts:/opt/device:ro" "$programs:/build" "$out:/out" \
    "$cache/ccache:/ccache" "$keys:/keys:ro" -- \
    env BOARD="$BOARD" BOARD_ARCH="$BOARD_ARCH" BOARD_BOOT="$BOARD_BOOT" \
    BOARD_CMDLINE="$BOARD_CMDLINE" BOARD_MODULES="$BOARD_MODULES" \
    BOARD_MODULES_SCREEN="$BOARD_MODULES_SCREEN" BOARD_MODULES_LATE="$BOARD_MODULES_LATE" VERSION="$VERSION" \
    TESTS="${TESTS:-1}" SOURCE_DATE_EPOCH="$SOURCE_DATE_EPOCH" KIND="${KIND:-disk}" bash /src/board/common/inside.sh
(cd "$out" && sha256sum inloop.efi disk.img >sha256 && cat sha256)
echo "build/image/$BOARD: version $VERSION, $(($(stat -c %s "$out/inloop.efi") / 1024)) KiB"
