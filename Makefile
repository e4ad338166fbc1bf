# SPDX-License-Identifier: EUPL-1.2
#
# The two commands are `make run` and `make test`; `make help` lists the rest. CMake and Ninja do
# the building (firmware/CMakeLists.txt); this file names the tasks.
.DEFAULT_GOAL := build
SHELL := /bin/bash
B ?= build
T ?=
MINUTES ?= 10
JOBS := $(shell nproc)
TARGETS ?= programs

# Every Debian package that building, testing and running needs.
PACKAGES_BUILD := gcc libc6-dev cmake ninja-build pkg-config gettext libsdl2-dev libsdl2-ttf-dev \
  libsdl2-image-dev libdrm-dev libqrencode-dev libusb-1.0-0-dev libmbedtls-dev libssl-dev libevent-dev libjansson-dev \
  libsqlite3-dev libfribidi-dev libunibreak-dev libhyphen-dev hyphen-nl hyphen-en-us fonts-noto-core \
  libcmocka-dev
PACKAGES_RUN := xvfb xdotool zbar-tools x11-utils x11-apps python3
PACKAGES_TEST := clang git python3 python3-yaml python3-jsonschema openssl curl \
  libclang-rt-14-dev clang-format clang-tidy cppcheck umockdev chromium python3-websocket debian-archive-keyring \
  qemu-system-x86 busybox-static cpio kmod udev
PACKAGES_IMAGE := mmdebstrap debian-archive-keyring openssl git zstd python3 binutils qemu-system-x86 \
  qemu-system-arm qemu-utils ovmf qemu-efi-aarch64 mtools sbsigntool netpbm
PACKAGES_FLASH := python3 openssl zstd mtools fdisk util-linux eject
PACKAGES_FLASH_TEST := bmap-tools dosfstools e2fsprogs dmsetup
PACKAGES_BENCH := redis-server redis-tools chromium libx11-dev

.PHONY: build
build: deps-build ## build every program into build/release
	@$(MAKE) --no-print-directory compile TARGETS="$(TARGETS)"

.PHONY: compile
compile:
	@cmake -S firmware -B $(B)/release -G Ninja -DCMAKE_BUILD_TYPE=RelWithDebInfo > $(B).cmake.log 2>&1 \
	  || { cat $(B).cmake.log; exit 1; }; rm -f $(B).cmake.log
	@ninja -C $(B)/release -j$(JOBS) --quiet $(TARGETS)

.PHONY: run
run: deps-run build ## open the whole town hall on this desk; without a display take the tour
	@bash tests/journey/run.sh $(B)

.PHONY: tour
tour: deps-run build ## one visit from scan to contact in real windows, without a display
	@bash tests/journey/tour.sh $(B)

.PHONY: test
test: deps-run deps-test ## everything CI runs; T=name runs the tests whose name contains it
	@bash tests/run.sh "$(B)" "$(T)"

.PHONY: lint
lint: deps-test ## layout, clang-tidy, cppcheck and the house's own rules
	@bash tests/tidy/lint.sh $(B)

.PHONY: format
format: ## lay out every C file
	@find firmware tests -name '*.[ch]' -print0 | xargs -0 clang-format -i

.PHONY: fuzz
fuzz: deps-test ## run every fuzz target; MINUTES=n each
	@bash tests/fuzz/run.sh "$(B)" "$(MINUTES)"

.PHONY: bench
bench: TARGETS := programs benches
bench: deps-run deps-bench build ## measure against peers; writes build/bench.json
	@bash tests/bench/run.sh $(B)

BOARD ?= qemu-x86_64
VERSION ?=
KIND ?= disk
-include board/$(BOARD)/board.mk
export BOARD_ARCH BOARD_BOOT BOARD_CMDLINE BOARD_MODULES BOARD_MODULES_SCREEN BOARD_MODULES_LATE BOARD_QEMU BOARD_QEMU_FIRMWARE KIND

.PHONY: image
image: deps-image ## one board's image: BOARD=qemu-x86_64 pc-x86_64 qemu-arm64 rpi-cm4, VERSION=1.2, KIND=stick
	@bash board/common/image.sh "$(BOARD)" "$(B)" "$(VERSION)"

.PHONY: bundle
bundle: TARGETS := inloop-technician
bundle: deps-image build ## that image as a signed update: VERSION=1.2, perhaps MINIMUM=1.1 TOWN=denhaag
	@bash board/common/bundle.sh "$(BOARD)" "$(B)" "$(VERSION)"

.PHONY: run-image
run-image: deps-image ## start that image in QEMU; without a display a picture and the time it took
	@python3 board/common/run.py "$(BOARD)" "$(B)/image/$(BOARD)"

DEV ?=
SITE ?=
KEYS ?= $(B)/keys
.PHONY: flash
flash: deps-flash ## write it to a disk: DEV=/dev/sdX, SITE=file, KIND=stick, FORCE=1, YES=1
	@board/common/flash --image "$(B)/image/$(BOARD)/$(KIND).img" --keys "$(KEYS)/update.pub.pem" \
	  --device "$(DEV)" $(if $(SITE),--site "$(SITE)") $(if $(FORCE),--force) $(if $(YES),--yes)

.PHONY: test-flash
test-flash: deps-flash ## every refusal, every byte: onto loop devices (root) or files
	@bash tests/deps.sh $(PACKAGES_FLASH_TEST)
	@python3 tests/image/flash_test.py

.PHONY: bench-image
bench-image: deps-image ## the image beside a kiosk of Debian and Chromium; writes build/bench-image.json
	@python3 tests/bench/image.py $(B)

.PHONY: deps-flash
deps-flash: ; @bash tests/deps.sh $(PACKAGES_FLASH)

.PHONY: test-image
test-image: BOARD := qemu-x86_64
test-image: deps-image deps-run build image ## a hall of guests from that image; CUTS=n power cuts, SEED=n, T=story
	@CUTS="$(CUTS)" SEED="$(SEED)" T="$(T)" bash tests/image/run.sh "$(B)"

.PHONY: deps-image
deps-image: ; @bash tests/deps.sh $(PACKAGES_IMAGE)

.PHONY: deps-build deps-run deps-test deps-bench
deps-build deps-run: ; @bash tests/deps.sh $(PACKAGES_BUILD) $(PACKAGES_RUN)
deps-test: ; @bash tests/deps.sh $(PACKAGES_BUILD) $(PACKAGES_RUN) $(PACKAGES_TEST)
deps-bench: ; @bash tests/deps.sh $(PACKAGES_BENCH)

.PHONY: clean
clean: ## remove everything built
	@rm -rf $(B)

.PHONY: help
help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 12
