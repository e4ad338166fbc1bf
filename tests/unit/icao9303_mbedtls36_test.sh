#!/bin/bash
# SPDX-License-Identifier: EUPL-1.2
#
# The image has mbedtls 3.6, a Debian 12 desk 2.28: the same vectors against the other one. Fetches
# Debian 13's package with apt into the build folder (nothing is installed), builds drivers/document
# with the tests of its arithmetic, and runs them. Without the package it fails.
set -u
keep=$(dirname "$INLOOP_BUILD")/mbedtls36
out=$INLOOP_BUILD/mbedtls36
mkdir -p "$keep" "$out" || exit 1

die() {
    echo "$1" >&2
    [ -f "$out/log" ] && tail -20 "$out/log" >&2
    exit 1
}

# A Debian 13 machine has it installed; elsewhere the archive is the one this machine is set up for.
fetch() {
    local archive apt
    archive=$(apt-get indextargets --format '$(REPO_URI) $(COMPONENT) $(SITE)' 2>/dev/null |
        awk '$2 == "main" && $1 ~ /\/debian\/?$/ {print $1; exit}')
    [ -n "$archive" ] || die "no Debian archive in this machine's apt sources (apt-get update first)"
    mkdir -p "$keep/lists/partial" "$keep/cache/archives/partial"
    : >"$keep/status"
    printf 'Types: deb\nURIs: %s\nSuites: trixie\nComponents: main\nSigned-By: %s\n' "$archive" \
        /usr/share/keyrings/debian-archive-keyring.gpg >"$keep/trixie.sources"
    apt=(apt-get -o "Dir::Etc::sourcelist=$keep/trixie.sources" -o Dir::Etc::sourceparts=/dev/null
        -o "Dir::State::lists=$keep/lists" -o "Dir::Cache=$keep/cache"
        -o "Dir::State::status=$keep/status" -o Acquire::Languages=none -o Acquire::Retries=3
        -o APT::Sandbox::User=root)
    { "${apt[@]}" update && (cd "$keep" && "${apt[@]}" download libmbedtls-dev); } >"$out/log" 2>&1 ||
        die "Debian 13's libmbedtls-dev cannot be fetched"
    rm -rf "$keep/lists" "$keep/cache" "$keep/root.new"
    dpkg -x "$keep"/libmbedtls-dev_3*.deb "$keep/root.new" || die "the package cannot be unpacked"
    mv "$keep/root.new" "$keep/root"
}

if grep -qs 'MBEDTLS_VERSION_MAJOR *3' /usr/include/mbedtls/build_info.h; then
    root=
else
    root=$keep/root
    [ -d "$root" ] || fetch
fi
libs=$(dirname "$(find "$root/usr/lib" -name libmbedcrypto.a -print -quit)")
[ -f "$libs/libmbedcrypto.a" ] || die "no static libmbedcrypto of 3.6"
grep -q 'VERSION_STRING  *"3\.6' "$root/usr/include/mbedtls/build_info.h" || die "not mbedtls 3.6"

flags=(-std=c11 -D_GNU_SOURCE -DINLOOP_SANITIZED -O1 -g1 -Wall -Wextra -Wconversion -Wshadow -Werror
    -fsanitize=address,undefined -fno-sanitize-recover=all -isystem "$root/usr/include"
    -I"$INLOOP_ROOT/firmware" -I"$INLOOP_ROOT")
for source in "$INLOOP_ROOT"/firmware/drivers/document/*.c "$INLOOP_ROOT"/firmware/base/*.c; do
    echo "$source"
done | xargs -P 2 -I{} sh -c 'gcc "$@" -c "{}" -o "$0/$(basename "{}" .c).o"' "$out" "${flags[@]}" \
    2>"$out/log" || die "drivers/document does not build with mbedtls 3.6"
# Arithmetic, ICAO's numbers, RSA and whole security objects.
for test in cipher curve icao9303 active_auth emrtd_keys emrtd_sod master_list; do
    gcc "${flags[@]}" -o "$out/$test" "$INLOOP_ROOT/tests/unit/${test}_test.c" \
        "$INLOOP_ROOT/tests/fakes/signers.c" "$out"/*.o -lcmocka -ljansson -lpthread \
        "$libs/libmbedcrypto.a" 2>"$out/log" || die "$test does not build"
    "$out/$test" || die "$test fails with mbedtls 3.6"
done
