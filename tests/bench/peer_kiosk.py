# SPDX-License-Identifier: EUPL-1.2
#
# The kiosk that everybody builds: Debian, systemd, X with one window, Chromium on one page kept on
# the disk. Made as its parts' own pages say, nothing added to slow it and nothing left in that
# would: no shell on a screen, no network to wait for, the boot loader without a menu.
import hashlib
import pathlib
import shutil
import subprocess

SUITE = "trixie"
PACKAGES = ("linux-image-amd64", "systemd-sysv", "dbus", "udev", "libpam-systemd", "chromium", "xserver-xorg-core", "xinit",
            "xserver-xorg-input-libinput", "fonts-noto-core", "systemd-boot-efi", "initramfs-tools", "zstd", "libgl1-mesa-dri")
SERVICE = """[Unit]
Description=One page
After=systemd-user-sessions.service dbus.socket systemd-logind.service

[Service]
ExecStart=/usr/bin/xinit /srv/session -- /usr/bin/Xorg :0 vt7 -nolisten tcp -nocursor
Restart=always

[Install]
WantedBy=multi-user.target
"""
# The third line: an emulated machine is slower than Chromium's patience with its own processes.
SESSION = """#!/bin/sh
exec runuser -u kiosk -- /usr/bin/chromium --kiosk --no-first-run --disable-gpu --disable-background-networking \\
  --disable-component-update --disable-sync --window-position=0,0 --window-size=1080,1920 \\
  --ipc-connection-timeout=600 --disable-gpu-watchdog --disable-hang-monitor \\
  --user-data-dir=/tmp/kiosk file:///srv/page.html
"""
ENTRY = """title kiosk
linux /vmlinuz
initrd /initrd.img
options root=LABEL=peer rw quiet loglevel=3 console=tty0 console=ttyS0
"""
ROOT_MB = 2048
ESP_MB = 192


def do(*words, **more):
    subprocess.run([str(word) for word in words], check=True, stdin=subprocess.DEVNULL, capture_output=True, **more)


def mirror():
    """Where this machine's own packages come from."""
    told = subprocess.run(["apt-get", "indextargets", "--format", "$(REPO_URI)", "Origin: Debian", "Component: main"],
                          capture_output=True, text=True, check=True).stdout
    return next(line for line in told.splitlines() if "security" not in line)


def packages_tar(cache):
    words = hashlib.sha256(" ".join(PACKAGES).encode()).hexdigest()[:8]
    path = cache / f"peer-{SUITE}-{words}.tar"
    if not path.exists():
        made = path.with_suffix(".new.tar")
        do("nice", "-n", "5", "mmdebstrap", "--variant=minbase", "--architectures=amd64", f"--include={','.join(PACKAGES)}",
           "--aptopt=Apt::Install-Recommends \"false\"", "--aptopt=Acquire::Check-Valid-Until \"false\"", SUITE, made,
           f"deb {mirror()} {SUITE} main")
        made.rename(path)
    return path


def make(cache, folder, page):
    """`folder`/peer.img and peer.img.zst; `page` is what it shows. Needs root, as any image of this kind does."""
    image = folder / "peer.img"
    tree = folder / "root"
    shutil.rmtree(tree, ignore_errors=True)
    tree.mkdir(parents=True)
    do("tar", "-C", tree, "-xf", packages_tar(cache))
    do("chroot", tree, "useradd", "--create-home", "--uid", "1000", "kiosk")
    (tree / "etc/systemd/system/kiosk.service").write_text(SERVICE, encoding="utf-8")
    (tree / "srv/session").write_text(SESSION, encoding="utf-8")
    (tree / "srv/session").chmod(0o755)
    (tree / "etc/fstab").write_text("LABEL=peer / ext4 rw,noatime 0 1\n", encoding="utf-8")
    shutil.copy(page, tree / "srv/page.html")
    do("chroot", tree, "systemctl", "enable", "kiosk.service")
    do("chroot", tree, "systemctl", "mask", "getty@tty1.service", "serial-getty@ttyS0.service")
    make_disk(tree, folder, image)
    shutil.rmtree(tree)
    return image


def make_disk(tree, folder, image):
    image.unlink(missing_ok=True)
    with image.open("wb") as file:
        file.truncate((ROOT_MB + ESP_MB + 2) << 20)
    table = f"label: gpt\nstart=1M, size={ESP_MB}M, type=U\nsize={ROOT_MB}M, type=L\n"
    subprocess.run(["sfdisk", "--quiet", image], input=table, text=True, check=True, capture_output=True)
    esp = ["-i", f"{image}@@1M"]
    (folder / "loader.conf").write_text("timeout 0\n", encoding="utf-8")
    (folder / "peer.conf").write_text(ENTRY, encoding="utf-8")
    do("mformat", *esp, "-F", "-T", ESP_MB << 11, "::")
    do("mmd", *esp, "::EFI", "::EFI/BOOT", "::loader", "::loader/entries")
    do("mcopy", *esp, tree / "usr/lib/systemd/boot/efi/systemd-bootx64.efi", "::EFI/BOOT/BOOTX64.EFI")
    do("mcopy", *esp, next((tree / "boot").glob("vmlinuz-*")), "::vmlinuz")
    do("mcopy", *esp, next((tree / "boot").glob("initrd.img-*")), "::initrd.img")
    do("mcopy", *esp, folder / "loader.conf", "::loader/loader.conf")
    do("mcopy", *esp, folder / "peer.conf", "::loader/entries/peer.conf")
    do("mkfs.ext4", "-q", "-F", "-L", "peer", "-d", tree, "-E", f"offset={(ESP_MB + 1) << 20}", image, f"{ROOT_MB}m")
    do("zstd", "-q", "-3", "-T0", "-f", image)
