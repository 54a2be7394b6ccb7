"""The report on a trained encoder: what it was held to, and what it has learned, in pictures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from wunderkammer.core.collection import Collection
from wunderkammer.core.errors import NotEnoughMediaError, WunderkammerError
from wunderkammer.core.files import write_bytes
from wunderkammer.imaging.preparing import prepared
from wunderkammer.reports._weights import WeightsUsed
from wunderkammer.reports.calibration import Estimate, estimate

if TYPE_CHECKING:
    from wunderkammer.training.excitation import Excited
    from wunderkammer.training.latents import Latents
    from wunderkammer.training.trained_encoder import TrainedEncoder

Images = npt.NDArray[np.uint8]

N_MEDIA = 400
"""Held-out media that are looked at; more would change no figure much."""

N_STEPS = 7
"""Pictures of an interpolation or a traversal."""

_AT_ONCE = 32
_REACH = 4


@dataclass(frozen=True, slots=True)
class Show:
    """How much of an encoder is shown.

    Attributes
    ----------
    n_pictures : int
        Reconstructions.
    n_pairs : int
        Interpolations between two media.
    n_channels : int
        Channels: traversed, shown by their media, and excited.
    n_steps : int
        Steps of each excitation; 0 leaves them out.
    seed : int
        Of the media that are chosen and of the excitations.
    """

    n_pictures: int = 12
    n_pairs: int = 4
    n_channels: int = 6
    n_steps: int = 256
    seed: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Channel:
    """A channel by what it answers to.

    Attributes
    ----------
    number : int
    variance : float
        Over the media looked at.
    lowest, highest : sequence of int
        Rows of the media at both ends, the most extreme first.
    excited_lowest, excited_highest : ndarray of uint8 or None
        Optimised pictures.
    """

    number: int
    variance: float
    lowest: Sequence[int]
    highest: Sequence[int]
    excited_lowest: Images | None = None
    excited_highest: Images | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Painted:
    """What an autoencoder paints.

    Attributes
    ----------
    reconstructions : ndarray of uint8, shape (n, side, side, 3)
        Of the first of the media that are shown.
    errors, similarities : sequence of float
        Of all media, see :class:`wunderkammer.training.latents.Likeness`.
    interpolations : sequence of (int, int, ndarray)
        Rows of two media, and the pictures from one to the other.
    traversals : sequence of (int, ndarray)
        A latent, and the pictures along it.
    """

    reconstructions: Images
    errors: Sequence[float]
    similarities: Sequence[float]
    interpolations: Sequence[tuple[int, int, Images]]
    traversals: Sequence[tuple[int, Images]]

    def error(self) -> Estimate:
        """Return the mean error with its interval."""
        return estimate(list(self.errors))

    def similarity(self) -> Estimate:
        """Return the mean structural similarity with its interval."""
        return estimate(list(self.similarities))


@dataclass(frozen=True, slots=True, eq=False)
class EncoderReport:
    """What a trained encoder has learned.

    Attributes
    ----------
    title, contact : str
        Of the collection.
    made : datetime.datetime
        In universal time.
    weights : WeightsUsed
    settings : mapping
        Of the training.
    n_features : int
    held_out : bool
        Whether the media shown were kept aside from the training.
    names : sequence of str
        Of the media looked at.
    squares : ndarray of uint8, shape (n, side, side, 3)
        The media as the network sees them.
    painted : Painted or None
        None for an encoder that has no decoder.
    channels : sequence of Channel
    """

    title: str
    contact: str
    made: dt.datetime
    weights: WeightsUsed
    settings: Mapping[str, Any]
    n_features: int
    held_out: bool
    names: Sequence[str]
    squares: Images
    painted: Painted | None = None
    channels: Sequence[Channel] = field(default_factory=tuple)


def encoder_report(
    collection: Collection, weights: str, show: Show | None = None, *, picture: str = ""
) -> EncoderReport:
    """Look at what a trained encoder makes of a collection's media.

    Parameters
    ----------
    collection : Collection
    weights : str
        Name of a folder below ``weights/``, of which the first digits suffice, or its path.
    show : Show, optional
    picture : str, optional
        ``upright``, ``cutout`` or ``image``; default: the last of these that there is.

    Raises
    ------
    StageError
        If the weights are missing, broken, or of no encoder.
    ImageMissingError, NotEnoughMediaError
        If the collection has no pictures, or fewer than two can be read.
    """
    from wunderkammer.training.trained_encoder import KIND, TrainedEncoder
    from wunderkammer.training.weights import read_weights, weights_folder

    show = show or Show()
    read = read_weights(weights_folder(weights, collection.root, collection.root), KIND)
    encoder = TrainedEncoder(read)
    split = read.split().to_pydict()
    parts = dict(zip(split["media_id"], split["part"], strict=True))
    used = WeightsUsed("trained", read.folder.name, read.card, read.metrics, parts)
    names, squares, held_out = _media(collection, encoder, used, show, picture)
    about = collection.configuration.about
    return EncoderReport(
        about.title,
        about.contact,
        dt.datetime.now(dt.UTC),
        used,
        encoder.training.settings(),
        encoder.n_features,
        held_out,
        names,
        squares,
        _painted(encoder, squares, show),
        _channels(encoder, squares, show),
    )


def _media(
    collection: Collection, encoder: TrainedEncoder, used: WeightsUsed, show: Show, picture: str
) -> tuple[list[str], Images, bool]:
    """Return names and squares of media that were held out; of any if none was."""
    from wunderkammer.reports._album import Album
    from wunderkammer.training.gathering import picture_examples

    examples = {one.media_id: one for one in picture_examples(collection, picture)}
    rng = np.random.default_rng(show.seed)
    held_out = sorted(one for one in examples if used.parts.get(one) == "test")
    # an encoder of another collection has seen none of these media
    others = sorted(one for one in examples if one not in used.parts)
    chosen = held_out or others or sorted(examples)
    chosen = [chosen[row] for row in rng.permutation(len(chosen))[:N_MEDIA]]
    squares, ids = [], []
    for media_id in chosen:
        try:
            squares.append(prepared(examples[media_id].load(), encoder.preparation))
        except (WunderkammerError, OSError):
            continue
        ids.append(media_id)
    if len(ids) < 2:
        raise NotEnoughMediaError(
            f"report: 2 media with a picture are needed to look at an encoder, and {len(ids)} "
            "can be read.",
            hint="Run 'wk run image' first.",
        )
    album = Album(collection, ids)
    return [album.name(one) for one in ids], np.stack(squares), bool(held_out or others)


def _painted(encoder: TrainedEncoder, squares: Images, show: Show) -> Painted | None:
    from wunderkammer.training.latents import (
        Latents,
        between,
        likeness,
        most_variable,
        traversal,
    )
    from wunderkammer.training.networks import Reconstruction

    if not isinstance(encoder.network, Reconstruction):
        return None
    latents = Latents(encoder)
    codes = latents.codes(squares)
    like = [one for some in _likenesses(latents, squares, codes, likeness) for one in some]
    pairs = [(row, row + 1) for row in range(0, len(codes) - 1, 2)][: show.n_pairs]
    variable = most_variable(codes, show.n_channels)
    return Painted(
        latents.pictures(codes[: max(1, show.n_pictures)]),
        [one.error for one in like],
        [one.similarity for one in like],
        [
            (one, other, latents.pictures(between(codes[one], codes[other], N_STEPS)))
            for one, other in pairs
        ],
        [(number, latents.pictures(traversal(codes, number, N_STEPS))) for number in variable],
    )


def _likenesses(latents: Latents, squares: Images, codes: Any, likeness: Any) -> Any:
    for start in range(0, len(squares), _AT_ONCE):
        made = latents.pictures(codes[start : start + _AT_ONCE])
        yield likeness(squares[start : start + _AT_ONCE], made)


def _channels(encoder: TrainedEncoder, squares: Images, show: Show) -> list[Channel]:
    """Return the most variable channels of the features."""
    import torch

    from wunderkammer.training.latents import most_variable

    if not show.n_channels:
        return []
    parts = []
    with torch.inference_mode():
        for start in range(0, len(squares), _AT_ONCE):
            some = torch.from_numpy(squares[start : start + _AT_ONCE]).permute(0, 3, 1, 2)
            parts.append(encoder.features(some).numpy())
    features = np.concatenate(parts)
    numbers = most_variable(features, show.n_channels)
    made = _excited(encoder, numbers, show)
    n = min(_REACH, len(features))
    found = []
    for place, number in enumerate(numbers):
        order = np.argsort(features[:, number], kind="stable")
        ends = (order[:n].tolist(), order[::-1][:n].tolist())
        pictures = (made.lowest[place], made.highest[place]) if made else (None, None)
        found.append(Channel(number, float(features[:, number].var()), *ends, *pictures))
    return found


def _excited(encoder: TrainedEncoder, numbers: Sequence[int], show: Show) -> Excited | None:
    from wunderkammer.training.excitation import Excitation, excited
    from wunderkammer.training.trained_encoder import FeaturesOnly

    if not show.n_steps:
        return None
    how = Excitation(n_steps=show.n_steps, seed=show.seed)
    return excited(FeaturesOnly(encoder.network).eval(), numbers, encoder.preparation, how)


def write_page(report: EncoderReport, path: Path, show: Show | None = None) -> None:
    """Write a report as one HTML page that needs no other file and no network."""
    from wunderkammer.reports._encoder_page import page

    write_bytes(path, page(report, show or Show()).encode())
