"""Draw a collection: ``python -m wunderkammer.testing --out DIR --n 600 --seed 1``."""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Sequence

from wunderkammer.core.errors import WunderkammerError


def main(arguments: Sequence[str] | None = None) -> int:
    """Write an archive as the command line asks; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m wunderkammer.testing", description=__doc__)
    parser.add_argument("--out", required=True, help="folder for the archive, images and truth")
    parser.add_argument("--n", type=int, default=600, help="specimens (default 600)")
    parser.add_argument("--seed", type=int, default=1, help="same seed, same bytes (default 1)")
    parser.add_argument("--size", type=int, default=800, help="longer side in pixels (default 800)")
    parser.add_argument("--kinds", default="", help="comma-separated; all kinds by default")
    parser.add_argument("--institutions", type=int, default=3, help="museums (default 3)")
    parser.add_argument("--packed", action="store_true", help="text files in dwca.zip")
    chosen = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    try:
        where = _write(chosen)
    except WunderkammerError as error:
        logging.getLogger(__name__).error("%s", error)  # noqa: TRY400  (a user's mistake: no trace)
        return 2
    logging.getLogger(__name__).info("%d specimens in %s", chosen.n, where)
    return 0


def _write(chosen: argparse.Namespace) -> str:
    """Draw and write; return where."""
    from wunderkammer.testing import SpecimenGenerator, write_archive
    from wunderkammer.testing.specimens.specimen import KINDS

    kinds = tuple(chosen.kinds.split(",")) if chosen.kinds else KINDS
    generator = SpecimenGenerator(
        chosen.seed, size_px=chosen.size, kinds=kinds, n_institutions=chosen.institutions
    )
    return str(write_archive(chosen.out, generator, chosen.n, packed=chosen.packed))


if __name__ == "__main__":
    sys.exit(main())
