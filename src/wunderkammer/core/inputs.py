"""Inputs: what a table stage is handed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa


class Inputs:
    """The cells that a table stage reads: one row a medium, sorted by id.

    Parameters
    ----------
    ids : list of str
    scalars : pyarrow.Table
        Scalar and blob columns by name.
    vectors : mapping of str to ndarray of float32, shape (n_media, length)
    artifacts : mapping of str to Path
        Folders of earlier table stages, by group.
    steps : sequence of mapping
        How earlier stages were set, in order, for provenance.
    before : pyarrow.Table, optional
        What the stage made of the media at its last finished run with the same settings,
        one row a medium: the columns of :meth:`TableStage.remembers`, null where it is new,
        and ``unchanged``: whether the cells that are read of it are those of then. None if
        there is nothing to go on from.
    asked_again : bool, optional
        Whether a person asked for all of it to be done again from what was made before.
    artifact_ids : callable, optional
        Returns the media of an earlier table stage, by group: see :meth:`artifact_ids`.
    """

    def __init__(
        self,
        ids: list[str],
        scalars: pa.Table,
        vectors: Mapping[str, npt.NDArray[np.float32]],
        artifacts: Mapping[str, Path],
        steps: Sequence[Mapping[str, Any]] = (),
        *,
        before: pa.Table | None = None,
        asked_again: bool = False,
        artifact_ids: Callable[[str], list[str]] | None = None,
    ) -> None:
        self.ids = ids
        self.scalars = scalars
        self.artifacts = artifacts
        self.steps = steps
        self.before = before
        self.asked_again = asked_again
        self._vectors = vectors
        self._artifact_ids = artifact_ids

    def __len__(self) -> int:
        """Return the number of media."""
        return len(self.ids)

    def column(self, name: str) -> list[Any]:
        """Return a scalar or blob column as Python values, None where it is empty."""
        return list(self.scalars[name].to_pylist())

    def numbers(self, name: str) -> npt.NDArray[np.float64]:
        """Return a numeric column as float64, NaN where it is empty."""
        values = self.scalars[name].cast(pa.float64()).to_numpy(zero_copy_only=False)
        return np.asarray(values, dtype=np.float64)

    def vectors(self, name: str) -> npt.NDArray[np.float32]:
        """Return a vector column as an array of shape (n_media, length)."""
        return self._vectors[name]

    def artifact_ids(self, group: str) -> list[str]:
        """Return the media that the files of an earlier table stage are of, sorted by id.

        They may be more or fewer than those of this stage.
        """
        return self.ids if self._artifact_ids is None else self._artifact_ids(group)
