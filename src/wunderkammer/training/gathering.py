"""Gathering: what people stated in a collection, as examples to train on."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from wunderkammer.core.collection import Collection
from wunderkammer.core.errors import (
    ConfigurationError,
    ImageError,
    ImageMissingError,
    QueryError,
    RecordError,
    nearest,
)
from wunderkammer.core.table import quoted
from wunderkammer.training._statements import stated
from wunderkammer.training.examples import Image, MaskExample, Skipped
from wunderkammer.training.orientation import TurnExample
from wunderkammer.training.pictures import PictureExample
from wunderkammer.training.turns import Meaning, read_turns

ENOUGH_PX = 1280
"""Photographs need not be decoded larger than this for training."""

_MAX_PIXELS = 300_000_000
_MEDIA = (
    "SELECT r.media_id, r.specimen_id, {file} AS original_file, f.content_path "
    'FROM records r JOIN "fetch" f ON f.media_id = r.media_id '
    "WHERE f.content_path IS NOT NULL ORDER BY r.media_id"
)


def mask_examples(
    collection: Collection, masks: Path | None = None
) -> tuple[list[MaskExample], list[Skipped]]:
    """Return the photographs of a collection that have a mask.

    Masks are those that people drew (term ``mask``), cut-outs that people
    accepted (term ``cutout``; the machine's mask is then the truth), and the
    files of a folder, in this order where a medium has several.

    Parameters
    ----------
    collection : Collection
        Its originals must have been fetched.
    masks : Path, optional
        A folder of PNG files named by medium (``<media_id>.png``) or by original
        file (``moth 1.png`` for ``moth 1.jpg``).

    Returns
    -------
    examples : list of MaskExample
    skipped : list of Skipped
        Files of the folder that belong to no medium.

    Raises
    ------
    ConfigurationError
        If the folder is not there.
    """
    media = _media(collection)
    found: dict[str, Callable[[], bytes]] = {}
    skipped: list[Skipped] = []
    if masks is not None:
        found, skipped = _in_folder(masks, media)
    found.update(_accepted(collection))
    found.update(_drawn(collection))
    return list(_examples(collection.root, media, found)), skipped


def _media(collection: Collection) -> dict[str, Mapping[str, Any]]:
    named = "original_file" in collection.table().record_columns
    sql = _MEDIA.format(file="r.original_file" if named else "NULL")
    return {row["media_id"]: row for row in collection.query(sql).to_pylist()}


def _examples(
    root: Path, media: Mapping[str, Mapping[str, Any]], found: Mapping[str, Callable[[], bytes]]
) -> Iterator[MaskExample]:
    for media_id in sorted(media.keys() & found.keys()):
        medium = media[media_id]
        photograph = partial(_photograph, root / str(medium["content_path"]))
        group = medium["specimen_id"] or media_id
        yield MaskExample(media_id, group, photograph, found[media_id])


def _photograph(path: Path) -> Image:
    from wunderkammer.imaging.decoding import decode

    return decode(path.read_bytes(), max_pixels=_MAX_PIXELS, enough_px=ENOUGH_PX).pixels


def _drawn(collection: Collection) -> dict[str, Callable[[], bytes]]:
    drawn = stated(collection, "mask").items()
    return {media_id: (collection.root / where).read_bytes for media_id, where in drawn}


def _accepted(collection: Collection) -> dict[str, Callable[[], bytes]]:
    """Return the machine's masks of the cut-outs that people accepted."""
    masks = _cells(collection, "mask")
    return {
        media_id: partial(_thresholded, collection.root / masks[media_id])
        for media_id, verdict in stated(collection, "cutout").items()
        if verdict == "accepted" and media_id in masks
    }


def _cells(collection: Collection, column: str) -> dict[str, str]:
    """Return a column of the stage cutout by medium; nothing if there is no such stage."""
    try:
        rows = collection.query(f"SELECT media_id, {column} AS cell FROM cutout")  # noqa: S608
    except QueryError:
        return {}
    pairs = zip(rows["media_id"].to_pylist(), rows["cell"].to_pylist(), strict=True)
    return {media_id: cell for media_id, cell in pairs if cell}


def _thresholded(path: Path) -> bytes:
    from wunderkammer.imaging.masks import encode_mask, from_grey

    return encode_mask(from_grey(path.read_bytes()) > 0.5)


def _in_folder(
    folder: Path, media: Mapping[str, Mapping[str, Any]]
) -> tuple[dict[str, Callable[[], bytes]], list[Skipped]]:
    if not folder.is_dir():
        raise ConfigurationError(
            f"there is no folder {folder}.", hint="Name the folder that holds the masks."
        )
    named = {
        Path(str(row["original_file"])).stem: media_id
        for media_id, row in media.items()
        if row["original_file"]
    }
    found: dict[str, Callable[[], bytes]] = {}
    skipped = []
    for path in sorted(folder.glob("*.png")):
        media_id = path.stem if path.stem in media else named.get(path.stem)
        if media_id is not None:
            found[media_id] = path.read_bytes
            continue
        error = ImageError(
            f"{path.name} belongs to no medium.",
            hint="Name a mask by the medium's id, or like the original file with .png.",
        )
        skipped.append(Skipped(path.name, error))
    return found, skipped


def turn_examples(
    collection: Collection, turns: Path | None = None, meaning: Meaning = "turned"
) -> tuple[list[TurnExample], list[Skipped]]:
    """Return the cut-outs of a collection whose turn is known.

    What people stated (term ``angle_deg``) comes before what a file says.

    Parameters
    ----------
    collection : Collection
        Its specimens must have been cut out.
    turns : Path, optional
        A CSV file of ids and degrees, see :func:`wunderkammer.training.turns.read_turns`.
    meaning : str
        Which way the degrees of the file go.

    Returns
    -------
    examples : list of TurnExample
    skipped : list of Skipped
        Rows and statements that are no angle, or belong to no cut-out.
    """
    known: dict[str, str] = {}
    skipped: list[Skipped] = []
    if turns is not None:
        rows, bad = read_turns(turns, meaning)
        known = {row.media_id: repr(row.angle_deg) for row in rows}
        skipped = [Skipped(f"line {one.line}", one.error) for one in bad]
    known.update(stated(collection, "angle_deg"))
    cutouts = _cells(collection, "cutout")
    groups = _specimens(collection) if cutouts else {}
    examples = []
    for media_id, text in sorted(known.items()):
        angle = _angle(text)
        if angle is None or media_id not in cutouts:
            reason = "has no cut-out" if angle is not None else f"'{text}' is no angle"
            skipped.append(Skipped(media_id, RecordError(f"{media_id}: {reason}.")))
            continue
        load = partial(_cutout, collection.root, cutouts[media_id])
        examples.append(TurnExample(media_id, groups.get(media_id, media_id), load, angle))
    return examples, skipped


def _angle(text: str) -> float | None:
    try:
        angle = float(text)
    except ValueError:
        return None
    return angle if math.isfinite(angle) else None


def _specimens(collection: Collection) -> dict[str, str]:
    """Return the specimen of each medium, those cut out of a photograph of several included."""
    rows = collection.query(
        "SELECT c.media_id, r.specimen_id FROM cutout c "
        "JOIN records r ON r.media_id = coalesce(c.derivedFromMediaID, c.media_id)"
    )
    return dict(zip(rows["media_id"].to_pylist(), rows["specimen_id"].to_pylist(), strict=True))


def _cutout(root: Path, cell: str) -> Image:
    from wunderkammer.core.blobs import read_blob
    from wunderkammer.imaging.cutout_files import decode_cutout

    return decode_cutout(read_blob(root, cell))


def picture_examples(
    collection: Collection, picture: str = "", labels: Sequence[str] = (), sample: str = ""
) -> list[PictureExample]:
    """Return the pictures of a collection, with what is known of them.

    Parameters
    ----------
    collection : Collection
    picture : str
        ``"upright"``, ``"cutout"`` or ``"image"``; empty: the last of these that the
        collection has. A medium without a cut-out shows its photograph.
    labels : sequence of str
        Columns of the records, such as ``"genus"``; what people stated comes first.
    sample : str
        Name of a sample of which only the set ``train`` is gathered; empty: all media.

    Raises
    ------
    ConfigurationError
        If the records have no such column, or the collection no such sample.
    ImageMissingError
        If no medium has such a picture.
    """
    known = collection.table().record_columns
    for label in labels:
        if label not in known:
            raise ConfigurationError(
                f"labels: the records have no column '{label}'.", hint=nearest(label, known)
            )
    for stage in (picture,) if picture else ("upright", "cutout", "image"):
        rows = _pictures(collection, stage, labels)
        if rows:
            wanted = _training_set(collection, sample) if sample else None
            return [
                _picture(collection.root, row, labels)
                for row in rows
                if wanted is None or row["media_id"] in wanted
            ]
    raise ImageMissingError(
        f"no medium has a picture of the stage '{picture or 'image'}'.",
        hint=f"Run 'wk run {picture or 'image'}' first.",
    )


def _training_set(collection: Collection, sample: str) -> set[str]:
    """Return the media of the set ``train`` of a sample."""
    groups = [stage.group for stage in collection.configuration.stages]
    known = [group.removeprefix("sample/") for group in groups if group.startswith("sample/")]
    if sample not in known:
        raise ConfigurationError(
            f"sample: the collection has no sample '{sample}'.", hint=nearest(sample, known)
        )
    column = quoted(f"sample/{sample}/split")
    rows = collection.query(f"SELECT media_id FROM media WHERE {column} = 'train'")  # noqa: S608
    return set(rows["media_id"].to_pylist())


def _pictures(collection: Collection, stage: str, labels: Sequence[str]) -> list[Mapping[str, Any]]:
    """Return the rows of the media that have a picture of a stage."""
    cells = {"upright": "p.upright", "cutout": "p.cutout", "image": "p.thumbnail"}
    cell, beside = cells[stage], ""
    if stage == "cutout":
        cell = "coalesce(nullif(p.cutout, ''), i.thumbnail)"
        beside = "LEFT JOIN image i ON i.media_id = p.media_id "
    columns = "".join(f", r.{quoted(label)}" for label in labels)
    sql = (
        f"SELECT p.media_id, r.specimen_id, {cell} AS cell{columns} "  # noqa: S608
        f"FROM {stage} p {beside}"
        "JOIN media r ON r.media_id = p.media_id "
        f"WHERE {cell} IS NOT NULL ORDER BY p.media_id"
    )
    try:
        return list(collection.query(sql).to_pylist())
    except QueryError:
        return []


def _picture(root: Path, row: Mapping[str, Any], labels: Sequence[str]) -> PictureExample:
    known = {label: str(row[label]) for label in labels if row[label]}
    load = partial(_shown, root, row["cell"])
    group = row["specimen_id"] or row["media_id"]
    # a picture's cell is named by the digest of its bytes
    return PictureExample(row["media_id"], group, load, known, row["cell"])


def _shown(root: Path, cell: str) -> Image:
    from wunderkammer.core.blobs import read_blob
    from wunderkammer.imaging.decoding import decode

    return decode(read_blob(root, cell), max_pixels=_MAX_PIXELS, enough_px=ENOUGH_PX).pixels
