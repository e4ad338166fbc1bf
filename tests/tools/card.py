# SPDX-License-Identifier: EUPL-1.2
#
# The fictional residents' cards for a journey: makes the folder, lays one on the kiosk's desk reader
# and lifts it, by the pid it has.
import json
import pathlib
import subprocess
import time

PATIENCE_S = 30


class Cards:
    """`program` is inloop-chip, `address` what the kiosk's card.desk says."""

    def __init__(self, program, folder, address, data=None):
        self.program = str(program)
        self.folder = pathlib.Path(folder)
        self.address = str(address)
        self.laid = None
        if not (self.folder / "signers.ml").exists():
            subprocess.run([self.program, "--make", self.folder, *(["--data", data] if data else [])], check=True)

    def words(self, who):
        """What is printed on it: can, number, birth and expiry (yymmdd)."""
        return json.loads((self.folder / who / "card.json").read_text(encoding="utf-8"))

    def lay(self, who, *more):
        """Further words as --lie STEP. Gives back once it lies there, for the kiosk may just be starting."""
        self.lift()
        end = time.monotonic() + PATIENCE_S
        while True:
            self.laid = subprocess.Popen([self.program, "--folder", self.folder, "--card", who, "--lay", self.address,
                                          "--with-parent", *more], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            if self.laid.stdout.readline() == b"laid\n":
                return
            said = self.laid.communicate()[1].decode()
            self.laid = None
            if time.monotonic() > end or "no reader listens" not in said:
                raise RuntimeError(f"{who}: {said}")
            time.sleep(0.1)

    def lift(self):
        """Takes it away; gives what it says of its stay."""
        if self.laid is None:
            return ""
        self.laid.terminate()
        said = self.laid.communicate(timeout=PATIENCE_S)[0].decode()
        self.laid = None
        return said

    def kiosk_lines(self):
        return [f"card.desk = {self.address}", f"document.master_list = {self.folder}/signers.ml",
                f"document.master_list_root = {self.folder}/root.der"]
