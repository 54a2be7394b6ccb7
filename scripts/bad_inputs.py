"""Try every bad input through ``wk``, and write docs/reference/bad-inputs.md.

With ``--check`` nothing is written, and the script fails if the page would change.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from bad_inputs import CASES
from bad_inputs.page import PAGE, page, tried_pictures
from bad_inputs.trying import THROUGH_WK, tried


def main() -> int:
    """Write the page, or say whether it is current."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="Write nothing.")
    check = parser.parse_args().check
    outcomes = {}
    for number, case in enumerate(CASES):
        with tempfile.TemporaryDirectory() as folder:
            outcomes[case] = tried(case, Path(folder), by_library=number % THROUGH_WK > 0)
        found = outcomes[case]
        if (found.status, found.kept) != (case.status, case.kept) or found.strangers:
            print(f"{case}: {found}")
            return 1
    with tempfile.TemporaryDirectory() as folder:
        written = page(outcomes, tried_pictures(Path(folder)))
    if check:
        return int(PAGE.read_text(encoding="utf-8") != written)
    PAGE.write_text(written, encoding="utf-8")
    print(f"{PAGE}: {len(CASES)} inputs and the images")
    return 0


if __name__ == "__main__":
    sys.exit(main())
