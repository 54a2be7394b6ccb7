"""Draw a collection: ``python -m wunderkammer.testing --out DIR --n 600 --seed 1``."""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from wunderkammer.core.errors import WunderkammerError

if TYPE_CHECKING:
    from wunderkammer.testing.specimens.generator import SpecimenGenerator


def main(arguments: Sequence[str] | None = None) -> int:
    """Write an archive as the command line asks; return the exit code."""
    chosen = _parser().parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    try:
        where = _write(chosen)
    except WunderkammerError as error:
        logging.getLogger(__name__).error("%s", error)  # noqa: TRY400  (a user's mistake: no trace)
        return 2
    logging.getLogger(__name__).info("%d specimens in %s", chosen.n, where)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m wunderkammer.testing", description=__doc__)
    add = parser.add_argument
    add("--out", required=True, help="folder for the archive, images and truth")
    add("--n", type=int, default=600, help="specimens (default 600)")
    add("--seed", type=int, default=1, help="same seed, same bytes (default 1)")
    add("--size", type=int, default=800, help="longer side in pixels (default 800)")
    add("--kinds", default="", help="comma-separated; all kinds by default")
    add("--institutions", type=int, default=3, help="museums (default 3)")
    add("--packed", action="store_true", help="text files in dwca.zip")
    add(
        "--library", action="store_true",
        help="page tables and page images of a digital library; all kinds: plate,text",
    )  # fmt: skip
    add(
        "--taxa", type=_counts, default=(4, 3, 3), metavar="FxGxS",
        help="families of each group x genera of each x species of each (default 4x3x3)",
    )  # fmt: skip
    add("--bad", type=float, default=0.05, help="share of unusable images (default 0.05)")
    add("--again", type=float, default=0.0, help="share photographed a second time (default 0)")
    add("--wrong", type=float, default=0.0, help="share of records with a wrong name (default 0)")
    add(
        "--wrong-within", choices=["", "family", "genus"], default="",
        help="what a wrong name has in common with the right one (default: nothing)",
    )  # fmt: skip
    return parser


def _counts(text: str) -> tuple[int, int, int]:
    """Return families, genera and species from ``5x4x4``."""
    families, genera, species = (int(part) for part in text.split("x"))
    return families, genera, species


def _write(chosen: argparse.Namespace) -> str:
    """Draw and write; return where."""
    from wunderkammer.testing import Misnaming, write_archive, write_library

    if chosen.library:
        chosen.kinds = chosen.kinds or "plate,text"
        return str(write_library(chosen.out, _generator(chosen), chosen.n))
    generator = _generator(chosen)
    misnaming = Misnaming(generator.taxonomy, chosen.wrong, chosen.wrong_within, chosen.seed)
    return str(
        write_archive(chosen.out, generator, chosen.n, packed=chosen.packed, misnaming=misnaming)
    )


def _generator(chosen: argparse.Namespace) -> SpecimenGenerator:
    from wunderkammer.testing import SpecimenGenerator, Taxonomy
    from wunderkammer.testing.specimens.specimen import KINDS

    families, genera, species = chosen.taxa
    return SpecimenGenerator(
        chosen.seed,
        size_px=chosen.size,
        kinds=tuple(chosen.kinds.split(",")) if chosen.kinds else KINDS,
        taxonomy=Taxonomy.generate(
            chosen.seed, n_families=families, n_genera=genera, n_species=species
        ),
        n_institutions=chosen.institutions,
        bad_share=chosen.bad,
        again_share=chosen.again,
    )


if __name__ == "__main__":
    sys.exit(main())
