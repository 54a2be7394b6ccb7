"""A case: one encoder before the examiner, with its features and what is known of its media."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Hashable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from wunderkammer.core.device import Device
from wunderkammer.evaluation.media import Labels, Media
from wunderkammer.evaluation.split import TRAIN, Parts
from wunderkammer.evaluation.vectors import Encoded

_Found = TypeVar("_Found")

Rows = npt.NDArray[np.float32]

_AT_ONCE = 200_000
"""Up to so many media have their vectors in memory; of more, those that are looked at."""


class Some:
    """Some of the media of a case, in the order of their ids.

    Attributes
    ----------
    ids, groups : tuple of str
    features : ndarray of float32, shape (n, n_features)
    parts : tuple
        The set of each.
    """

    def __init__(self, case: Case, rows: npt.NDArray[np.int64]) -> None:
        self._case, self.rows = case, rows
        self.ids = tuple(case.ids[row] for row in rows)
        self.groups = tuple(case.groups[row] for row in rows)
        self.parts = tuple(case.parts[row] for row in rows)

    def __len__(self) -> int:
        """Return the number of media."""
        return len(self.rows)

    @property
    def features(self) -> Rows:
        """The vectors, one row a medium."""
        return self._case.features_of(self.rows)

    def labels(self, name: str) -> Labels:
        """Return what each medium is at a rank, or by a column."""
        found = self._case.labels[name]
        return tuple(found[row] for row in self.rows)

    def labelled(self, name: str) -> Some:
        """Return those that have a label."""
        has = [one is not None for one in self.labels(name)]
        return Some(self._case, self.rows[np.array(has, np.bool_)])


class Case:
    """One encoder's media with their features, sets and labels.

    Parameters
    ----------
    some : Encoded
        The media that have features.
    load : callable
        Returns the vectors of some ids, in their order; called only if they are looked at.
    media : Media
        What is known of all media.
    parts : Parts
        The set of each of them.
    ranks, columns : sequence of str
        What is told, wide to narrow; and what should not be.
    device : Device
    root : Path
        The collection's folder.
    """

    def __init__(
        self,
        some: Encoded,
        load: Callable[[Sequence[str]], Rows],
        media: Media,
        parts: Parts,
        *,
        ranks: Sequence[str],
        columns: Sequence[str] = (),
        device: Device | None = None,
        root: Path = Path(),
    ) -> None:
        place = {one: row for row, one in enumerate(media.ids)}
        known = [row for row, one in enumerate(some.ids) if one in place]
        rows = [place[some.ids[row]] for row in known]
        self.encoder, self.root, self.device = some.encoder, root, device or Device()
        self.ids = tuple(some.ids[row] for row in known)
        self.digests = tuple(some.digests[row] for row in known)
        self.groups = tuple(media.groups[row] for row in rows)
        self.parts = tuple(parts.of[row] for row in rows)
        self.labels: Mapping[str, Labels] = {
            name: tuple(values[row] for row in rows) for name, values in media.labels.items()
        }
        self.sets, self.tests = parts.names, parts.tests
        self.ranks, self.columns = media.told(ranks), media.shared(media.told(columns))
        self._load = load
        self._found: dict[Hashable, Any] = {}

    def features_of(self, rows: npt.NDArray[np.int64]) -> Rows:
        """Return the vectors of some media; they are read when they are first asked for."""
        if len(self.ids) <= _AT_ONCE:
            every = self.once("features", lambda: self._load(self.ids))
            return np.asarray(every[rows])
        asked = ("features", rows.tobytes())
        return self.once(asked, lambda: self._load([self.ids[row] for row in rows]))

    def of(self, *names: str, most: int = 0, seed: int = 0) -> Some:
        """Return the media of some sets.

        Parameters
        ----------
        names : str
            Sets; none: all media, those of no set among them.
        most : int, optional
            No more media than this, drawn by lot; 0: all.
        seed : int, optional
            Of that lot.
        """
        rows = np.array(
            [row for row, part in enumerate(self.parts) if not names or part in names], np.int64
        )
        if 0 < most < len(rows):
            rows = np.sort(np.random.default_rng(seed).choice(rows, most, replace=False))
        return Some(self, rows)

    @property
    def train(self) -> str:
        """Name of the training set."""
        return TRAIN

    def digest(self, names: Sequence[str], labels: Sequence[str]) -> str:
        """Return the SHA-256 of all that is known of some sets: features, specimens, labels.

        Parameters
        ----------
        names : sequence of str
            Sets; none: all media.
        labels : sequence of str
            Ranks and columns that count.
        """
        hashed = [self._hashed(("parts", "groups", "digests", "ids"), tuple(names))]
        hashed += [f"{one}:{self._hashed((one,), tuple(names))}" for one in labels]
        return hashlib.sha256("\n".join(hashed).encode()).hexdigest()

    def _hashed(self, columns: tuple[str, ...], names: tuple[str, ...]) -> str:
        """Return the SHA-256 of columns of the media of some sets."""

        def make() -> str:
            digest = hashlib.sha256()
            own: Mapping[str, Labels] = {
                "parts": self.parts, "groups": self.groups, "digests": self.digests,
                "ids": self.ids,
            }  # fmt: skip
            several = [own[one] if len(columns) > 1 else self.labels[one] for one in columns]
            for part, *cells in zip(self.parts, *several, strict=True):
                if not names or part in names:
                    digest.update("\x1f".join(one or "\x00" for one in cells).encode())
                    digest.update(b"\x1e")
            return digest.hexdigest()

        return self.once(("digest", columns, names), make)

    def once(self, key: Hashable, make: Callable[[], _Found]) -> _Found:
        """Return what was found before under a key, or find it now."""
        if key not in self._found:
            self._found[key] = make()
        found: _Found = self._found[key]
        return found
