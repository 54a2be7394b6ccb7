"""Taxonomy: a block for each taxon, blocks within blocks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

import numpy as np
import numpy.typing as npt
from pydantic import BeforeValidator, Field, field_validator

from wunderkammer.core.errors import ConfigurationError, nearest
from wunderkammer.layouts import Mark, Placement, registry
from wunderkammer.layouts._blocks import nested, rooms
from wunderkammer.layouts._filling import filled
from wunderkammer.layouts._fitting import Canonical, from_top_left
from wunderkammer.layouts._keeping import Keeping, Old
from wunderkammer.layouts._marking import blocks
from wunderkammer.layouts._reading import refuse_unknown
from wunderkammer.layouts._walling import wall
from wunderkammer.vocab.ranks import RANKS, classification

if TYPE_CHECKING:
    import pyarrow as pa

_NAME_TERMS = (
    "scientificName",
    "genericName",
    "specificEpithet",
    "infraspecificEpithet",
    "identificationQualifier",
)
_FROM_NAMES = RANKS.index("genus")
_SEPARATOR = "\x1f"

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]


def _listed(value: Any) -> Any:
    """Return text that lists ranks as these ranks; anything else as it is."""
    if isinstance(value, str):
        return tuple(name.strip() for name in value.split(",") if name.strip())
    return value


@registry.register
class Taxonomy(Keeping):
    """Nested blocks of taxa, as large as they have media; in each, like beside like.

    Notes
    -----
    The blocks are a squarified treemap [1]_. In an innermost block the media stand in
    cells of one size, in the order of the embedding. Media whose record has no
    name at a rank share a block of their own there, beside the named ones. Media that
    are added later take free cells of their block or next to it; where there are none
    left, and for taxa that are new, there are new blocks below. It is a StageError if
    no medium has a name at any of the ranks.

    References
    ----------
    .. [1] Bruls, M., Huizing, K. & van Wijk, J. J. (2000). Squarified treemaps.
       Proceedings of the Joint Eurographics and IEEE TCVG Symposium on Visualization, 33-42.
    """

    name: Literal["taxonomy"] = "taxonomy"
    version: Literal["1"] = "1"
    ranks: Annotated[tuple[str, ...], BeforeValidator(_listed)] = Field(
        ("order", "family", "genus"),
        min_length=1,
        description="Ranks of the blocks, the widest outside; of kingdom to subspecies.",
    )
    gap: float = Field(
        0.08, ge=0, le=2, description="Distance between cells of a block, in longest sides."
    )
    margin: float = Field(
        0.6,
        ge=0,
        le=20,
        description="Least distance between blocks, in longest sides; those of a wider rank "
        "stand further apart, by so much more for each rank.",
    )
    aspect: float = Field(
        1.5, gt=0, le=100, description="Width divided by height of the whole, about."
    )
    spare: float = Field(
        0.05,
        ge=0,
        le=1,
        description="Cells that are left free in each block for media that are added later, as a "
        "share of its media.",
    )

    @field_validator("ranks")
    @classmethod
    def _are_ranks(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for rank in value:
            if rank not in RANKS:
                raise ConfigurationError(
                    f"layout, taxonomy: no rank is called '{rank}'.", hint=nearest(rank, RANKS)
                )
        return tuple(rank for rank in RANKS if rank in value)

    def reads(self) -> tuple[str, ...]:
        """Return the ranks, and from the genus down what names are read from."""
        if max(map(RANKS.index, self.ranks)) < _FROM_NAMES:
            return self.ranks
        # names of wider ranks tell a scientificName such as "Nymphalidae" from a genus
        found = ("order", "family", "subfamily", "tribe", "genus", *self.ranks, *_NAME_TERMS)
        derived = {"species", "subspecies"}
        return tuple(name for name in dict.fromkeys(found) if name not in derived)

    def _continued(
        self, given: Canonical, sizes: Floats, records: pa.Table | None, old: Old
    ) -> Floats:
        of, _ = self._named(given, records)
        return filled(of, given.points, sizes + self.gap, old.places, old.stays, self.margin)

    def _anew(self, given: Canonical, sizes: Floats, records: pa.Table | None) -> Floats:
        of, paths = self._named(given, records)
        return from_top_left(self._blocks(of, paths, given.points, sizes), sizes)

    def marks(self, placement: Placement, records: pa.Table | None = None) -> list[Mark]:
        """Return a rectangle for each named taxon, those of the widest rank first."""
        of, paths = self._taxa(records, len(placement.positions))
        return blocks(self.ranks, of, paths, placement)

    def _blocks(
        self, of: Indices, paths: list[tuple[str, ...]], points: Floats, sizes: Floats
    ) -> Floats:
        """Return a cell for each sprite in the block of its taxon, some left free at the end."""
        counts = np.bincount(of, minlength=len(paths))
        n_cells = counts + np.rint(counts * self.spare).astype(np.int64)
        pitch = sizes.max(axis=0) + self.gap
        found = rooms(nested(paths, n_cells.tolist()), n_cells, pitch, self.margin, self.aspect)
        positions = np.empty_like(sizes)
        members = np.split(np.argsort(of, kind="stable"), counts.cumsum()[:-1])
        boxes = zip(members, found.rectangles, found.columns, n_cells, strict=True)
        for those, box, columns, n_held in boxes:
            held = np.array([columns, -(-n_held // columns)]) * pitch
            corner = box[:2] + (box[2:] - held) / 2
            positions[those] = wall(points[those], int(columns), pitch) + corner
        return positions

    def _named(
        self, given: Canonical, records: pa.Table | None
    ) -> tuple[Indices, list[tuple[str, ...]]]:
        """Return the blocks as :meth:`_taxa` does; refuse records without any name."""
        of, paths = self._taxa(records, len(given.order))
        named = np.array([any(path) for path in paths])[of]
        refuse_unknown(named, self.name, " or ".join(self.ranks))
        return of[given.order], paths

    def _taxa(
        self, records: pa.Table | None, n_media: int
    ) -> tuple[Indices, list[tuple[str, ...]]]:
        """Return the innermost block of each medium, and the path of each block."""
        terms = [
            name for name in self.reads() if records is not None and name in records.column_names
        ]
        written, texts = _distinct(records, terms, n_media)
        read = (dict(zip(terms, text.split(_SEPARATOR), strict=False)) for text in texts)
        found = [self._path(dict(classification(one))) for one in read]
        paths = sorted(set(found))
        place = {path: leaf for leaf, path in enumerate(paths)}
        return np.array([place[path] for path in found], np.int64)[written], paths

    def _path(self, taxa: dict[str, str]) -> tuple[str, ...]:
        """Return the names from the widest rank to the narrowest, empty where there is none."""
        return tuple(" ".join(taxa.get(rank, "").split()).capitalize() for rank in self.ranks)


def _distinct(
    records: pa.Table | None, terms: list[str], n_media: int
) -> tuple[Indices, list[str]]:
    """Return a code for each medium, and the cells of each code as one text."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if records is None or not terms:
        return np.zeros(n_media, np.int64), [""]
    cells = [pc.fill_null(pc.cast(records[name], pa.string()), "") for name in terms]
    plain = [pc.replace_substring(cell, _SEPARATOR, " ") for cell in cells]
    joined = pc.binary_join_element_wise(*plain, _SEPARATOR)
    codes = joined.combine_chunks() if hasattr(joined, "combine_chunks") else joined
    codes = codes.dictionary_encode()
    return codes.indices.to_numpy().astype(np.int64), codes.dictionary.to_pylist()
