"""Duplicates: the same bytes or the same picture twice; which one is kept of each group."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from pydantic import Field

from wunderkammer.core.blobs import read_blob
from wunderkammer.core.column import Column
from wunderkammer.core.inputs import Inputs
from wunderkammer.core.stage import Context, TableResult, TableStage

if TYPE_CHECKING:
    from wunderkammer.duplicates.groups import Groups

_NO_BOMB = 1 << 30
_REMEMBERED = 64
_SLICE = 65_536

Indices = npt.NDArray[np.int64]


class DuplicatesStage(TableStage):
    """Find media with the same bytes or the same picture; keep the best of each group."""

    name: Literal["duplicates"] = "duplicates"
    version: Literal["1"] = "1"
    max_distance: int = Field(
        24,
        description="Most bits of 256 in which the fingerprints of two media may differ for "
        "their thumbnails to be compared.",
        ge=0,
        le=31,
    )
    min_correlation: float = Field(
        0.96,
        description="Least correlation of two thumbnails, laid over each other, that makes them "
        "one picture; 1 is a perfect copy.",
        ge=0,
        le=1,
    )
    max_patch_difference: float = Field(
        0.1,
        description="Most that any patch of the two may differ in, as a share of its detail: "
        "finds the digit in which two labels differ.",
        ge=0,
        le=2,
    )

    def reads(self) -> tuple[str, ...]:
        """Return what makes media alike, and what makes one of them the better."""
        return (
            "sha256", "fingerprint", "thumbnail", "width", "height", "n_bytes", "specimen_id"
        )  # fmt: skip

    def writes(self) -> tuple[Column, ...]:
        """Return the kept medium of the group, and how it is alike."""
        return (
            Column("duplicate_of", "text", "Medium that is kept of its group; empty for that one."),
            Column("duplicate_kind", "text", "'exact': the same bytes; 'near': the same picture."),
            Column(
                "duplicate_distance",
                "integer",
                "Bits of 256 in which the fingerprints differ; 0 if exact.",
            ),
            Column(
                "duplicate_same_specimen",
                "boolean",
                "Whether both media are of one specimen; False: two records share a picture.",
            ),
        )

    def process(self, inputs: Inputs, context: Context) -> TableResult:
        """Rank the media, group them, and count."""
        from wunderkammer.duplicates.groups import group_duplicates

        ranked = _ranked(inputs)
        cells = inputs.scalars["thumbnail"]
        fingerprints, comparable = _fingerprints(inputs.scalars["fingerprint"])
        look = _Look(context.root, self.min_correlation, self.max_patch_difference)
        groups = group_duplicates(
            _numbered(inputs.scalars["sha256"])[ranked],
            fingerprints[ranked],
            comparable[ranked],
            lambda row, keeper: look.same(
                cells[int(ranked[row])].as_py(), cells[int(ranked[keeper])].as_py()
            ),
            max_distance=self.max_distance,
        )
        values = _values(inputs, ranked, groups)
        return TableResult(values, _counted(values, groups))


class _Look:
    """Compares thumbnails; keeps the last ones it decoded."""

    def __init__(self, root: Path, min_correlation: float, max_patch_difference: float) -> None:
        self.root = root
        self.min_correlation = min_correlation
        self.max_patch_difference = max_patch_difference
        self.grey = functools.lru_cache(_REMEMBERED)(self._grey)

    def same(self, first: str, second: str) -> bool:
        """Say whether two thumbnails show one picture."""
        from wunderkammer.imaging.registration import agreement

        if first == second:
            return True
        found = agreement(self.grey(second), self.grey(first))
        return (
            found.correlation >= self.min_correlation
            and found.worst_patch <= self.max_patch_difference
        )

    def _grey(self, cell: str) -> npt.NDArray[np.float32]:
        from wunderkammer.imaging.decoding import decode
        from wunderkammer.imaging.perceptual_hash import grey_square
        from wunderkammer.imaging.registration import SIDE_PX

        content = read_blob(self.root, cell)
        decoded = decode(content, max_pixels=_NO_BOMB)
        return grey_square(decoded.pixels, SIDE_PX)


def _ranked(inputs: Inputs) -> Indices:
    """Return the rows, best first: most pixels, then most bytes, then smallest id."""
    n_pixels = inputs.numbers("width") * inputs.numbers("height")
    by_id = np.arange(len(inputs))  # rows come sorted by id
    return np.lexsort((by_id, -inputs.numbers("n_bytes"), -n_pixels))


def _numbered(texts: pa.ChunkedArray) -> Indices:
    """Return a number a text, equal for equal texts."""
    codes = texts.combine_chunks().dictionary_encode().indices
    return np.asarray(codes.to_numpy(zero_copy_only=False), np.int64)


def _fingerprints(
    texts: pa.ChunkedArray,
) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.bool_]]:
    """Return fingerprints as bits, zeros where there is none, and where there is one."""
    present = pc.fill_null(pc.equal(pc.utf8_length(texts), 64), fill_value=False)
    known = np.asarray(present.to_numpy(), np.bool_)
    found = np.zeros((len(known), 32), np.uint8)
    for start in range(0, len(known), _SLICE):
        here = np.flatnonzero(known[start : start + _SLICE])
        joined = "".join(texts.slice(start, _SLICE).take(pa.array(here)).to_pylist())
        found[start + here] = np.frombuffer(bytes.fromhex(joined), np.uint8).reshape(-1, 32)
    return found, known


def _values(inputs: Inputs, ranked: Indices, groups: Groups) -> dict[str, Any]:
    """Return the written columns, in the order of the ids."""
    kept = np.empty(len(ranked), np.int64)
    kept[ranked] = ranked[groups.kept]
    exact = np.empty(len(ranked), np.bool_)
    exact[ranked] = groups.exact
    distances = np.empty(len(ranked), np.int64)
    distances[ranked] = groups.distances
    alone = kept == np.arange(len(kept))
    ids = pa.array(inputs.ids, pa.string())
    specimens = inputs.scalars["specimen_id"].combine_chunks().cast(pa.string())
    one_specimen = pc.equal(specimens, specimens.take(pa.array(kept)))
    unknown = pa.array(alone)
    return {
        "duplicate_of": pc.if_else(unknown, None, ids.take(pa.array(kept))),
        "duplicate_kind": pc.if_else(unknown, None, pc.if_else(pa.array(exact), "exact", "near")),
        "duplicate_distance": pa.array(distances, mask=alone),
        "duplicate_same_specimen": pc.if_else(unknown, None, one_specimen),
    }


def _counted(values: dict[str, Any], groups: Groups) -> dict[str, float]:
    """Return how many duplicates there are of each kind, and what deciding took."""
    kinds = values["duplicate_kind"]
    shared = values["duplicate_same_specimen"]
    n_near = pc.sum(pc.equal(kinds, "near")).as_py() or 0
    return {
        "n_exact": float(len(kinds) - kinds.null_count - n_near),
        "n_near": float(n_near),
        "n_of_other_specimens": float(pc.sum(pc.invert(shared)).as_py() or 0),
        "n_looked_at": float(groups.n_looked_at),
        "n_told_apart": float(groups.n_refused),
    }
