# SPDX-License-Identifier: EUPL-1.2
#
# Cross-compiles for 64-bit ARM with Debian's own cross compiler and multi-arch packages:
#   dpkg --add-architecture arm64
#   apt-get install gcc-aarch64-linux-gnu lib...-dev:arm64
#   cmake -S firmware -B build/arm64 -G Ninja --toolchain toolchain.cmake -DINLOOP_DEVICE=ON
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(CMAKE_C_COMPILER aarch64-linux-gnu-gcc)
set(CMAKE_LIBRARY_ARCHITECTURE aarch64-linux-gnu)
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(PKG_CONFIG_EXECUTABLE aarch64-linux-gnu-pkg-config CACHE FILEPATH "")
