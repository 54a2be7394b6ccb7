"""Counts: how many media, specimens and names each set of a sample holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from wunderkammer.sampling.classes import Classes
from wunderkammer.sampling.pool import Step

COUNTS = pa.schema(
    [
        ("set", pa.string()),
        ("media", pa.int64()),
        ("specimens", pa.int64()),
        ("species", pa.int64()),
        ("genera", pa.int64()),
        ("families", pa.int64()),
        ("institutions", pa.int64()),
    ]
)
"""Columns of the table of counts: one row a set, then one of what was left out."""

STEPS = pa.schema([("step", pa.string()), ("media", pa.int64())])
"""Columns of the table of steps: how many media are still in the pool after each."""

LEFT_OUT = "left out"


def count_sets(split: pa.Array, sets: Sequence[str], classes: Mapping[str, Classes]) -> pa.Table:
    """Return how many media, and how many different values, each set holds.

    Parameters
    ----------
    split : pyarrow.Array of string
        The set of each medium; null where it was left out.
    sets : sequence of str
        Names of the sets, in order.
    classes : mapping of str to Classes
        The counted columns beside ``media``, a row a medium.
    """
    names = [*sets, LEFT_OUT]
    place = np.full(len(split), len(sets), dtype=np.int64)
    encoded = split.dictionary_encode()
    where = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    table = np.array([names.index(name) for name in encoded.dictionary.to_pylist()], np.int64)
    place[where >= 0] = table[where[where >= 0]]
    columns = {"set": pa.array(names), "media": np.bincount(place, minlength=len(names))}
    for name in COUNTS.names[2:]:
        columns[name] = _different(place, len(names), classes[name])
    return pa.table(columns, schema=COUNTS)


def _different(
    place: npt.NDArray[np.int64], n_sets: int, classes: Classes
) -> npt.NDArray[np.int64]:
    """Return how many different values each set holds."""
    seen = np.zeros((n_sets, len(classes.names)), dtype=np.bool_)
    known = classes.known
    seen[place[known], classes.codes[known]] = True
    return np.asarray(np.count_nonzero(seen, axis=1), dtype=np.int64)


def step_table(steps: Sequence[Step]) -> pa.Table:
    """Return the steps of a draw, in order."""
    rows = [{"step": step.name, "media": step.n_media} for step in steps]
    return pa.Table.from_pylist(rows, schema=STEPS)
