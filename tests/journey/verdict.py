# SPDX-License-Identifier: EUPL-1.2
#
# What did not hold, gathered so that one run tells all of it.
failures = []


def expect(truth, words):
    if not truth:
        failures.append(words)


def tell():
    """Prints them and their count; gives the program's exit status."""
    for failure in failures:
        print(failure)
    print(f"{len(failures)} failures")
    return 1 if failures else 0
