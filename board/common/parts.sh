#!/bin/bash
# SPDX-License-Identifier: EUPL-1.2
#
# Inside the build root: builds what a device needs smaller than Debian has it, from Debian's own
# source packages, into /opt/device. SDL without X11, Wayland, PulseAudio and Mesa (the picture is
# ours, sound is ALSA's), SDL_image with SVG alone, SDL_ttf on that SDL; BusyBox with the tools that
# the image's own scripts call and no other: no getty, no telnet, no editor.
set -eu
arch=$1
jobs=$(nproc)
export CCACHE_DIR=/ccache CMAKE_C_COMPILER_LAUNCHER=ccache SOURCE_DATE_EPOCH=1 KCONFIG_NOTIMESTAMP=1
cmake_words=(-G Ninja -DCMAKE_BUILD_TYPE=Release -DCMAKE_INSTALL_PREFIX=/opt/device
    -DCMAKE_INSTALL_LIBDIR=lib -DCMAKE_PREFIX_PATH=/opt/device -DBUILD_SHARED_LIBS=ON)
cross=
if [ "$arch" = arm64 ]; then
    cross=aarch64-linux-gnu-
    cmake_words+=(--toolchain /src/toolchain.cmake)
fi
mkdir -p /tmp/parts
cd /tmp/parts
apt-get update -qq
apt-get source -qq libsdl2 libsdl2-image libsdl2-ttf busybox >/dev/null

off() { # prefix names...: -D<prefix><name>=OFF for each
    local prefix=$1
    shift
    printf -- "-D$prefix%s=OFF\n" "$@"
}

build() { # folder words...
    local folder
    folder=$(echo $1)
    shift
    cmake -S "$folder" -B "build/$folder" "${cmake_words[@]}" "$@"
    nice -n 5 ninja -C "build/$folder" -j"$jobs" install/strip
}

# "libsdl2-2*": the folder of a source package is its name and its version.
build "libsdl2-2*" -DSDL_ALSA=ON -DSDL_ALSA_SHARED=OFF $(off SDL_ X11 WAYLAND OPENGL OPENGLES \
    VULKAN PULSEAUDIO PIPEWIRE JACK SNDIO ESD NAS ARTS OSS KMSDRM LIBUDEV DBUS IBUS FCITX \
    JOYSTICK HAPTIC SENSOR HIDAPI LIBSAMPLERATE STATIC TEST RPATH)
export PKG_CONFIG_PATH=/opt/device/lib/pkgconfig
build "libsdl2-image-*" -DSDL2IMAGE_SVG=ON $(off SDL2IMAGE_ AVIF BMP GIF JPG JXL LBM PCX PNG PNM \
    QOI TGA TIF WEBP XCF XPM XV SAMPLES TESTS DEPS_SHARED VENDORED BACKEND_STB)
build "libsdl2-ttf-*" -DSDL2TTF_HARFBUZZ=ON $(off SDL2TTF_ SAMPLES VENDORED)

# Nothing, then what the list names, then "no" to whatever that makes possible.
cd busybox-*
make allnoconfig >/dev/null
cp .config none
grep '^CONFIG' /src/board/common/busybox.config >chosen
awk -F'[ =]' 'NR == FNR {chosen[$1]; next} !($1 in chosen) && !($2 in chosen)' chosen none >.config
cat chosen >>.config
yes n | make oldconfig >/dev/null || true # yes dies of the closed pipe
while read -r line; do
    grep -qxF "$line" .config || { echo "BusyBox knows no $line" >&2; exit 1; }
done <chosen
nice -n 5 make CROSS_COMPILE=$cross CC="ccache ${cross}gcc" -j"$jobs" busybox busybox.links
install -D busybox /opt/device/bin/busybox
install -m 644 busybox.links /opt/device/bin/
cd ..
for folder in libsdl2-2* libsdl2-image-* libsdl2-ttf-* busybox-*; do
    [ -d "$folder/debian" ] && dpkg-parsechangelog -l "$folder/debian/changelog" -S Source &&
        dpkg-parsechangelog -l "$folder/debian/changelog" -S Version
done | paste - - >/opt/device/sources
rm -rf /tmp/parts
