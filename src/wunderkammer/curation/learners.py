"""Learners: heads on features in seconds, or networks on pictures in minutes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from wunderkammer.core.blobs import read_blob
from wunderkammer.core.collection import Collection
from wunderkammer.core.device import Device
from wunderkammer.curation.ensemble import EnsembleSettings, fit_ensemble, held_out_logits
from wunderkammer.curation.media import FeatureRows, MediaTable
from wunderkammer.curation.predictions import Logits
from wunderkammer.curation.presets import Images, NetworkSettings, as_pictures
from wunderkammer.curation.rounds import (
    MEMBERS,
    NETWORKS,
    Progress,
    round_numbers,
    rounds_folder,
)
from wunderkammer.curation.task import TaskSettings

_AT_ONCE = 512
_MAX_PIXELS = 1 << 30

Places = npt.NDArray[np.int64]


class Saved(Protocol):
    """Members that can be written."""

    def save(self, path: Path) -> None:
        """Write them as one file."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Lesson:
    """What is learnt from, and what is then to be predicted.

    Attributes
    ----------
    places : ndarray of int64, shape (n,)
        Of all media in the table, ascending: the order of the lot.
    codes : ndarray of int64, shape (n,)
        Label of each; below 0 for none.
    labelled : ndarray of int64, shape (n_labelled,)
        Which of the n have a class.
    groups : sequence of str, length n_labelled
        What each of these belongs to, such as its specimen.
    is_random : ndarray of bool, shape (n,)
        Which of the n belong to the answered beginning of the lot.
    classes : tuple of str
    """

    places: Places
    codes: npt.NDArray[np.int64]
    labelled: Places
    groups: Sequence[str]
    is_random: npt.NDArray[np.bool_]
    classes: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Learnt:
    """What members say once they have learnt.

    Attributes
    ----------
    logits : ndarray of float32, shape (n_members, n, n_classes)
        Of all media of the lesson.
    held_out : ndarray of float32, shape (n_members, n_labelled, n_classes)
        Of labelled media, from members that did not see them; NaN where none was held out.
    temperature : float
    members : Saved
    file : str
        Name of their file in the round's folder.
    by_lot : ndarray of float32, shape (n_members, n_random, n_classes), optional
        Of labelled media of the lot's beginning, from members that learnt from other such media
        only; None where that was not tried.
    """

    logits: Logits
    held_out: Logits
    temperature: float
    members: Saved
    file: str
    by_lot: Logits | None = None


class Learner(Protocol):
    """Whoever learns a round's lesson."""

    def places(self) -> Places:
        """Return the media that it can look at, ascending."""
        ...

    def learn(self, lesson: Lesson, progress: Progress) -> Learnt:
        """Learn from the labels and predict all media."""
        ...


class Heads:
    """Linear heads on frozen features; see :func:`~wunderkammer.curation.ensemble.fit_ensemble`.

    Parameters
    ----------
    collection : Collection
    settings : TaskSettings
    media : MediaTable
    """

    def __init__(self, collection: Collection, settings: TaskSettings, media: MediaTable) -> None:
        features = collection.configuration.stage(f"features/{settings.features}")
        self._rows = FeatureRows(collection, features, media.place)
        self._how = EnsembleSettings(n_members=settings.n_members, seed=settings.seed)

    def places(self) -> Places:
        """Return the media that have features."""
        return self._rows.places()

    def learn(self, lesson: Lesson, progress: Progress) -> Learnt:
        """Fit the heads, and put all features through them block by block."""
        progress(0.2, f"learning from {len(lesson.labelled):,} labels")
        fitted = fit_ensemble(
            self._rows.of(lesson.places[lesson.labelled]), lesson.codes[lesson.labelled],
            lesson.classes, self._how, groups=lesson.groups,
        )  # fmt: skip
        progress(0.6, f"predicting {len(lesson.places):,} media")
        m, c = fitted.ensemble.intercepts.shape
        logits = np.empty((m, len(lesson.places), c), np.float32)
        for places, features in self._rows.blocks():
            logits[:, np.searchsorted(lesson.places, places)] = fitted.ensemble.logits(features)
        members = fitted.ensemble
        by_lot = self._by_lot(lesson)
        return Learnt(logits, fitted.held_out, members.temperature, members, MEMBERS, by_lot)

    def _by_lot(self, lesson: Lesson) -> Logits | None:
        """Return what members say that learnt from labels drawn by lot, of others so drawn."""
        rows = lesson.labelled[lesson.is_random[lesson.labelled]]
        if not len(rows):
            return None
        groups = [
            group for row, group in zip(lesson.labelled, lesson.groups, strict=True)
            if lesson.is_random[row]
        ]  # fmt: skip
        features, codes = self._rows.of(lesson.places[rows]), lesson.codes[rows]
        return held_out_logits(features, codes, lesson.classes, self._how, groups)


class Networks:
    """Networks fine-tuned on pictures; see :func:`~wunderkammer.curation.networks.fit_networks`.

    Each goes on from the member of its place in the last round of networks, if there is one.

    Parameters
    ----------
    collection : Collection
    settings : TaskSettings
    media : MediaTable
    how : NetworkSettings
    device : Device, optional
    """

    def __init__(
        self,
        collection: Collection,
        settings: TaskSettings,
        media: MediaTable,
        how: NetworkSettings,
        device: Device | None = None,
    ) -> None:
        self._root, self._task, self._media = collection.root, settings.task, media
        self._how = how.model_copy(update={"n_members": settings.n_members, "seed": settings.seed})
        self._device = device or Device()

    def places(self) -> Places:
        """Return all media: each has a picture."""
        return np.arange(len(self._media))

    def learn(self, lesson: Lesson, progress: Progress) -> Learnt:
        """Train the networks, and show them all pictures block by block."""
        from wunderkammer.curation.networks import fit_networks

        progress(0.0, "reading pictures")
        chosen = lesson.places[lesson.labelled]
        fitted = fit_networks(
            self._pictures(chosen), lesson.codes[lesson.labelled], lesson.classes,
            [self._media.ids[place] for place in chosen], self._how, groups=lesson.groups,
            warm=self._before(), device=self._device,
            told=lambda share, what: progress(0.8 * share, what),
        )  # fmt: skip
        progress(0.8, f"predicting {len(lesson.places):,} media")
        blocks = [
            fitted.ensemble.logits(self._pictures(places), self._device)
            for places in _in_blocks(lesson.places)
        ]
        members = fitted.ensemble
        logits = np.concatenate(blocks, axis=1)
        return Learnt(logits, fitted.held_out, members.temperature, members, NETWORKS)

    def _pictures(self, places: Places) -> Images:
        from wunderkammer.imaging.decoding import decode

        cells = [self._cell(self._media.ids[place]) for place in places]
        return as_pictures(
            (decode(read_blob(self._root, one), max_pixels=_MAX_PIXELS).pixels for one in cells),
            self._how,
        )

    def _cell(self, media_id: str) -> str:
        """Return the picture of a medium: its cut-out where it has one of its own."""
        row = self._media.row(media_id)
        return str(row["cutouts"][0]["cutout"] if row["cutouts"] else row["thumbnail"])

    def _before(self) -> Any:
        """Return the networks of the last round that has some, or None."""
        from wunderkammer.curation.networks import NetworkEnsemble

        folder = rounds_folder(self._root, self._task)
        for number in reversed(round_numbers(self._root, self._task)):
            path = folder / f"{number:04d}" / NETWORKS
            if path.exists():
                return NetworkEnsemble.load(path)
        return None


def _in_blocks(places: Places) -> Iterator[Places]:
    for start in range(0, len(places), _AT_ONCE):
        yield places[start : start + _AT_ONCE]
