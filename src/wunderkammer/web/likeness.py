"""What is like a photograph: it goes the way of the collection's own, in memory alone."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
from PIL import Image, UnidentifiedImageError

from wunderkammer.core.collection import Collection
from wunderkammer.core.errors import ConfigurationError, ImageError
from wunderkammer.core.stage import Context, Done, Failed, Stage
from wunderkammer.exports.features import media_with_features, vector_blocks
from wunderkammer.imaging.decoding import Decoded, decode
from wunderkammer.imaging.resampling import shrink
from wunderkammer.stages._cutting import Photograph
from wunderkammer.stages.atlas import AtlasStage
from wunderkammer.stages.cutout import CutoutStage
from wunderkammer.stages.features import FeaturesStage
from wunderkammer.stages.image import ImageStage
from wunderkammer.stages.neighbours import NeighboursStage
from wunderkammer.stages.upright import UprightStage
from wunderkammer.web.memory import bounded_memory
from wunderkammer.web.schemas import Liked, LikeMedium, LookStep

MAX_PIXELS = 80_000_000
"""Photographs of more pixels are refused before they are decoded."""

MAX_BYTES = 2 * 2**30
"""Memory that decoding one may take."""

FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}
"""What a visitor may send."""

N_LIKE = 24
_LOOKED_AT_PX = 2048
_BLOCK_ROWS = 1 << 15
_ID = "0" * 20

Tell = Callable[[LookStep], None]
_Stage = TypeVar("_Stage", bound=Stage)


@dataclass(frozen=True, slots=True)
class MemoryContext(Context):
    """Where stages run for a visitor: what they make is kept as long as they are asked.

    Attributes
    ----------
    blobs : dict of str to bytes
        What was made so far, by its cell.
    """

    blobs: dict[str, bytes] = field(default_factory=dict)

    def write_blob(self, column: str, content: bytes, suffix: str) -> str:
        """Keep a made image; nothing is written."""
        cell = f"{column}-{len(self.blobs)}{suffix}"
        self.blobs[cell] = content
        return cell

    def read_blob(self, cell: str) -> bytes:
        """Return a made image."""
        return self.blobs[cell]


class Likeness:
    """Finds the media of a collection that are most like a photograph.

    The photograph is cut out, turned and encoded by the collection's own stages, as far as
    it has them, and compared with all features by their direction, exactly to half
    precision. Nothing of it is written.

    Parameters
    ----------
    collection : Collection
        It has features.

    Notes
    -----
    Memory holds the encoder, and two bytes a feature of each medium.
    """

    def __init__(self, collection: Collection) -> None:
        self.collection = collection
        self._stage = features_stage(collection)
        stages = collection.configuration.stages
        self._image = _first(stages, ImageStage)
        self._cutout = _first(stages, CutoutStage)
        self._upright = _first(stages, UprightStage)
        self._loaded = False
        self._ids: Sequence[str] = ()
        self._rows: npt.NDArray[np.float16] = np.empty((0, 0), np.float16)

    def stamp(self) -> tuple[object, ...]:
        """Return what changes when another photograph would be looked at otherwise."""
        chain = (self._image, self._cutout, self._upright, self._stage)
        parts = self.collection.table().parts(self._stage)
        files = [*parts.finished(), *sorted(parts.fresh())]
        sizes = tuple((path.name, path.stat().st_size) for path in files)
        return (*(one.digest() for one in chain if one is not None), sizes)

    def find(self, content: bytes, tell: Tell) -> Liked:
        """Return the media that are most like a photograph.

        Parameters
        ----------
        content : bytes
            A JPEG, PNG or WebP.
        tell : callable
            Is told each step as it begins.

        Raises
        ------
        ImageError
            If it is no such image, broken off, or too large.
        WunderkammerError
            If a stage cannot look at it, such as for want of its weights.
        """
        with bounded_memory(MAX_BYTES):
            decoded = decoded_photograph(content)
        context = MemoryContext(self.collection.root)
        if not self._loaded:
            tell("loading")
            self._load(context)
        medium, n_specimens = self._prepared(decoded, context, tell)
        tell("features")
        vector = _values(self._stage.process([medium], context))[self._stage.group]
        tell("search")
        places, similarities = most_like(self._rows, np.asarray(vector, np.float32), N_LIKE)
        return Liked(
            media=[
                LikeMedium(id=self._ids[place], similarity=round(float(similarity), 4))
                for place, similarity in zip(places, similarities, strict=True)
            ],
            picture=_address(medium, context),
            n_specimens=n_specimens,
        )

    def _load(self, context: Context) -> None:
        """Read weights and features."""
        for stage in (self._cutout, self._upright, self._stage):
            if stage is not None:
                stage.load(context)
        self._ids, self._rows = gathered(self.collection, self._stage)
        self._loaded = True

    def _prepared(
        self, decoded: Decoded, context: MemoryContext, tell: Tell
    ) -> tuple[dict[str, Any], int]:
        """Return the cells that the features read, and how many specimens were cut out."""
        image = self._image or ImageStage()
        thumbnail = context.write_blob("thumbnail", image.thumbnail(decoded), ".jpg")
        medium: dict[str, Any] = {"media_id": _ID, "thumbnail": thumbnail, "cutout": None}
        n_specimens = 0
        if self._cutout is not None:
            tell("cutout")
            medium["cutout"], n_specimens = self._cut(self._cutout, decoded, context)
        if self._upright is not None:
            tell("upright")
            medium |= _values(
                self._upright.process([{**medium, "annotation/angle_deg": None}], context)
            )
        return medium, n_specimens

    def _cut(
        self, stage: CutoutStage, decoded: Decoded, context: Context
    ) -> tuple[str | None, int]:
        """Return the largest specimen, None if there is none, and how many there are."""
        row = dict.fromkeys(stage.reads()) | {"media_id": _ID}
        photograph = Photograph(row, shrink(decoded.pixels, _LOOKED_AT_PX))
        [outcome] = stage.cut_out([photograph], context)
        if isinstance(outcome, Failed):
            return None, 0
        found = [one.values for one in (outcome.derived or [outcome]) if one.values.get("cutout")]
        found.sort(key=lambda values: -values["cutout_area_px"])
        return (found[0]["cutout"], len(found)) if found else (None, 0)


def features_stage(collection: Collection) -> FeaturesStage:
    """Return the stage whose features say what is similar: the atlas's, else the first.

    Raises
    ------
    ConfigurationError
        If the collection has none.
    """
    stages = collection.configuration.stages
    known = [one for one in stages if isinstance(one, FeaturesStage)]
    atlas = _first(stages, AtlasStage)
    for near in stages:
        if isinstance(near, NeighboursStage) and atlas and near.label == atlas.neighbours:
            known.sort(key=lambda one: one.label != near.features)
    if not known:
        raise ConfigurationError(
            "this collection has no features, and nothing can be compared with a photograph.",
            hint="Add [features] to collection.toml, then 'wk run'.",
        )
    return known[0]


def decoded_photograph(content: bytes) -> Decoded:
    """Return a visitor's photograph, turned as the camera says.

    Raises
    ------
    ImageError
        If it is no image of a kind that is taken, broken off, or too large.
    """
    try:
        with Image.open(io.BytesIO(content), formats=tuple(FORMATS.values())) as image:
            width, height = image.size
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError):
        raise ImageError(
            "this is no photograph that can be read.", hint="Send a JPEG, a PNG or a WebP."
        ) from None
    if width * height > MAX_PIXELS:
        raise ImageError(
            f"the photograph has {width:,} x {height:,} pixels, and {MAX_PIXELS:,} are taken.",
            hint="Send a smaller one.",
        )
    try:
        return decode(content, max_pixels=MAX_PIXELS, enough_px=_LOOKED_AT_PX)
    except MemoryError:
        raise ImageError(
            f"the photograph has {width:,} x {height:,} pixels, and decoding it takes more "
            f"memory than it may have.",
            hint="Send a smaller one.",
        ) from None


def gathered(
    collection: Collection, stage: FeaturesStage
) -> tuple[Sequence[str], npt.NDArray[np.float16]]:
    """Return the media that have features, and these scaled to length 1, a row each."""
    [column] = stage.writes()
    ids = media_with_features(collection, stage)
    known = np.asarray(ids)
    rows = np.zeros((len(ids), column.length), np.float16)
    for block in vector_blocks(collection, stage, column):
        found = np.asarray(block["media_id"].to_pylist(), known.dtype.kind)
        places = np.minimum(np.searchsorted(known, found), len(known) - 1)
        there = known[places] == found
        values = block[column.name].combine_chunks().flatten().to_numpy()
        rows[places[there]] = _unit(values.reshape(-1, column.length)[there])
    return ids, rows


def most_like(
    rows: npt.NDArray[np.float16], vector: npt.NDArray[np.float32], k: int
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float32]]:
    """Return the k rows nearest in direction, and the cosine of each, the nearest first.

    Parameters
    ----------
    rows : ndarray of float16, shape (n, n_features)
        Of length 1.
    vector : ndarray of float32, shape (n_features,)
    k : int
        As many as there are, where there are fewer.

    Examples
    --------
    >>> places, _ = most_like(np.eye(3, dtype=np.float16), np.float32([0, 2, 1]), 2)
    >>> places.tolist()
    [1, 2]
    """
    wanted = _unit(vector[None])[0]
    similarities = np.empty(len(rows), np.float32)
    for start in range(0, len(rows), _BLOCK_ROWS):
        block = slice(start, start + _BLOCK_ROWS)
        similarities[block] = rows[block].astype(np.float32) @ wanted
    places = np.argsort(-similarities, kind="stable")[:k]
    return places, np.clip(similarities[places], -1, 1)


def _unit(rows: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.where(lengths > 0, lengths, 1), np.float32)


def _values(outcomes: Sequence[Done | Failed]) -> Mapping[str, Any]:
    """Return what a stage made of the one medium, or raise why it could not."""
    [outcome] = outcomes
    if isinstance(outcome, Failed):
        raise outcome.error
    return outcome.values


def _address(medium: Mapping[str, Any], context: MemoryContext) -> str:
    """Return what was compared, as an address that holds the picture itself."""
    cell = str(medium.get("upright") or medium["cutout"] or medium["thumbnail"])
    kind = {"jpg": "jpeg"}.get(cell.rpartition(".")[2], cell.rpartition(".")[2])
    return f"data:image/{kind};base64,{base64.b64encode(context.blobs[cell]).decode()}"


def _first(stages: Sequence[Stage], kind: type[_Stage]) -> _Stage | None:
    return next((one for one in stages if isinstance(one, kind)), None)
