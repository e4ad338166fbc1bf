# SPDX-License-Identifier: EUPL-1.2
#
# Stories told one after the other, each a sentence that can be false, counted at the end.
import os
import time
import traceback


class Stories:
    def __init__(self):
        self.passed = 0
        self.failed = 0
        self.only = os.environ.get("T", "")
        self.broken = set()  # parts that later stories need

    def tell(self, sentence, work, *words, needs=(), gives=None):
        """True when it held. `needs`: what other stories gave."""
        if self.only and self.only not in sentence and gives is None:
            return False
        missing = [need for need in needs if need in self.broken]
        started = time.monotonic()
        try:
            if missing:
                raise AssertionError(f"not tried: {', '.join(missing)} did not come about")
            work(*words)
        except Exception as failure:
            self.failed += 1
            if gives:
                self.broken.add(gives)
            print(f"FAILED  {sentence}: {failure}  ({time.monotonic() - started:.0f} s)", flush=True)
            if not missing:
                traceback.print_exc()
            return False
        self.passed += 1
        print(f"ok      {sentence}  ({time.monotonic() - started:.0f} s)", flush=True)
        return True

    def close(self):
        print(f"{self.passed} passed, {self.failed} failed", flush=True)
        return 0 if self.failed == 0 and self.passed > 0 else 1
