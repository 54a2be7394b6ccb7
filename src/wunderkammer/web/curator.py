"""The curator: what a person sees of each medium, and what they state about it."""

from __future__ import annotations

import hashlib
import io
import math
import re
import threading
from collections.abc import Iterable, Mapping
from typing import Any

from PIL import Image, UnidentifiedImageError

from wunderkammer.core.collection import Collection
from wunderkammer.core.errors import (
    ConfigurationError,
    ImageError,
    WunderkammerError,
    nearest,
)
from wunderkammer.core.files import write_bytes
from wunderkammer.core.identity import ID_LENGTH
from wunderkammer.core.journal import Annotation
from wunderkammer.core.table import literal
from wunderkammer.imaging.mask_agreement import iou
from wunderkammer.imaging.masks import decode_mask, encode_mask, from_grey, resize_mask
from wunderkammer.web import pictures
from wunderkammer.web.pictures import Cache, preview_size, read_mask, scaled_mask
from wunderkammer.web.queue import find_id, read_drawn, read_queue, read_row
from wunderkammer.web.schemas import (
    Box,
    Judgement,
    Medium,
    Order,
    Queue,
    Stated,
    Statement,
    Term,
    Tool,
)

MASKS = "annotations/masks"
"""Folder of the masks that people drew, below the collection."""


_KEPT_ROWS = 2000
_TERMS: dict[Tool, set[Term]] = {"cutout": {"cutout", "mask"}, "upright": {"angle_deg"}}
_SAID: dict[Term, str] = {"cutout": "said_verdict", "mask": "said_mask", "angle_deg": "said_angle"}


class Curator:
    """Shows media to one person and writes down what they say.

    Parameters
    ----------
    collection : Collection
        It needs records and images; no map.
    who : str
        The name that stands by each statement; empty for the user of this machine.
    """

    def __init__(self, collection: Collection, who: str = "") -> None:
        self.collection = collection
        self.who = who or Annotation(media_id="0" * ID_LENGTH, term="who", value=None).who
        self._pictures = Cache()
        self._agreements: dict[tuple[str, str, str], float] = {}
        self._rows: dict[tuple[Tool, str], Mapping[str, Any]] = {}
        self._writing = threading.Lock()
        self._reading = threading.Lock()

    def queue(self, tool: Tool, order: Order, offset: int = 0, limit: int = 60) -> Queue:
        """Return a part of the media to review, in the order asked for."""
        agreements = self._all_agreements() if tool == "cutout" else {}
        page = read_queue(self.collection, tool, order, (offset, limit), agreements)
        for row in page.rows:
            self._keep(tool, row)
        media = [_medium(row, agreements.get(row["id"])) for row in page.rows]
        return Queue(n=page.n, offset=offset, media=media)

    def medium(self, tool: Tool, media_id: str) -> Medium:
        """Return one medium as it is judged now."""
        row = self._row(tool, media_id)
        return _medium(row, self._agreement(row))

    def find(self, tool: Tool, name: str) -> str | None:
        """Return the medium that an id or the name of a file means, or None."""
        return find_id(self.collection, tool, name.strip()) if name.strip() else None

    def picture(self, kind: str, tool: Tool, media_id: str, part: str = "") -> bytes:
        """Return a picture of a medium.

        Parameters
        ----------
        kind : str
            ``photograph`` or ``small`` (JPEG), ``mask`` or ``drawn`` (PNG), ``cutout`` (WebP).
        tool : str
            Whose medium it is.
        media_id : str
            The medium.
        part : str
            Which of its cut-outs; by default the one with its own id.
        """
        row = self._rows.get((tool, media_id)) or self._row(tool, media_id)
        root = self.collection.root
        makers = {
            "photograph": lambda: pictures.photograph(root, row),
            "small": lambda: pictures.small(root, row),
            "mask": lambda: pictures.machine_mask(root, row),
            "drawn": lambda: pictures.drawn_mask(root, row),
            "cutout": lambda: pictures.cut_out(root, row, part or media_id),
        }
        cells = [str(row[name]) for name in ("thumbnail", "machine_mask", "said_mask", "cutouts")]
        return self._pictures.get((kind, media_id, part, *cells), makers[kind])

    def state(self, tool: Tool, media_id: str, statements: Iterable[Statement]) -> Stated:
        """Append statements about a medium; on disk when it returns.

        Raises
        ------
        ConfigurationError
            If a value is none that the term can have.
        """
        wanted = list(statements)
        with self._writing:
            row = self._row(tool, media_id)
            for one in wanted:
                if one.term not in _TERMS[tool]:
                    raise ConfigurationError(
                        f"'{one.term}' is not stated in '{tool}'.",
                        hint=nearest(one.term, _TERMS[tool]),
                    )
            values = {one.term: self._checked(one, row) for one in wanted}
            return self._annotate(tool, row, values)

    def save_mask(self, media_id: str, content: bytes) -> Stated:
        """Keep the mask that a person drew; on disk when it returns.

        Parameters
        ----------
        media_id : str
            The medium, as ``cutout`` sees it.
        content : bytes
            A PNG of the photograph's full size or of its preview; white is specimen.

        Returns
        -------
        Stated
            A mask takes back that there is no specimen.

        Raises
        ------
        ImageError
            If it is no mask, has another size, or is empty.
        """
        with self._writing:
            row = self._row("cutout", media_id)
            full, preview = (row["width"], row["height"]), preview_size(row["width"], row["height"])
            _refuse_other_sizes(content, full, preview)
            mask = decode_mask(content)
            if not mask.any():
                raise ImageError(
                    "the mask is empty: no pixel of it is white.",
                    hint="Reject the medium if it shows no specimen.",
                )
            stored = encode_mask(scaled_mask(mask, *full))
            cell = f"{MASKS}/{hashlib.sha256(stored).hexdigest()}.png"
            if not (self.collection.root / cell).exists():
                write_bytes(self.collection.root / cell, stored)
            values: dict[Term, str | None] = {"mask": cell}
            if row["said_verdict"] == "rejected":
                values["cutout"] = None
            return self._annotate("cutout", row, values)

    def _annotate(
        self, tool: Tool, row: Mapping[str, Any], values: Mapping[Term, str | None]
    ) -> Stated:
        media_id = row["id"]
        before = [Statement(term=term, value=_shown(term, row[_SAID[term]])) for term in values]
        self.collection.annotate(
            {"media_id": media_id, "term": term, "value": value, "was": row[_SAID[term]],
             "who": self.who}
            for term, value in values.items()
        )  # fmt: skip
        return Stated(medium=self.medium(tool, media_id), before=before)

    def _row(self, tool: Tool, media_id: str) -> Mapping[str, Any]:
        return self._keep(tool, read_row(self.collection, tool, media_id))

    def _keep(self, tool: Tool, row: Mapping[str, Any]) -> Mapping[str, Any]:
        """Keep a row for the pictures that are asked for next; forget old ones."""
        with self._reading:
            self._rows[tool, row["id"]] = row
            while len(self._rows) > _KEPT_ROWS:
                self._rows.pop(next(iter(self._rows)))
        return row

    def _checked(self, one: Statement, row: Mapping[str, Any]) -> str | None:
        """Return the value to write down; refuse one that the term cannot have."""
        if one.value is None:
            return None
        if one.term == "angle_deg":
            return angle_text(one.value)
        if one.term == "mask":
            return self._mask_called(one.value, row["id"])
        if one.value not in {"accepted", "rejected"}:
            raise ConfigurationError(
                f"cutout = '{one.value}': a cut-out is 'accepted' or 'rejected', or null."
            )
        return one.value

    def _mask_called(self, name: str, media_id: str) -> str:
        """Return where the mask of that name lies, if it was ever stated for this medium."""
        sql = (
            "SELECT DISTINCT value FROM annotations WHERE term = 'mask' AND value IS NOT NULL "  # noqa: S608
            f"AND media_id = {literal(media_id)}"
        )
        for known in self.collection.query(sql).to_pydict()["value"]:
            if mask_name(known) == name:
                return str(known)
        raise ConfigurationError(
            f"no mask called '{name}' was drawn for this medium.", hint="Draw it again."
        )

    def _all_agreements(self) -> dict[str, float]:
        found = {row["id"]: self._agreement(row) for row in read_drawn(self.collection)}
        return {media_id: value for media_id, value in found.items() if value is not None}

    def _agreement(self, row: Mapping[str, Any]) -> float | None:
        """Return how well the machine's mask fits the person's, or None."""
        if not row["said_mask"] or not row["machine_mask"]:
            return None
        key = (row["id"], row["said_mask"], row["machine_mask"])
        if key not in self._agreements:
            try:
                self._agreements[key] = self._compared(row)
            except WunderkammerError:
                return None
        return self._agreements[key]

    def _compared(self, row: Mapping[str, Any]) -> float:
        root = self.collection.root
        machine = from_grey((root / row["machine_mask"]).read_bytes()) >= 0.5
        return iou(machine, resize_mask(read_mask(root, row["said_mask"]), *machine.shape))


def mask_name(cell: str) -> str:
    """Return the name by which the page calls a mask; paths do not travel.

    Examples
    --------
    >>> mask_name("annotations/masks/" + 64 * "a" + ".png") == 64 * "a"
    True
    """
    found = re.fullmatch(rf"{MASKS}/([0-9a-f]{{64}})\.png", cell)
    return found[1] if found else hashlib.sha256(cell.encode()).hexdigest()


def angle_text(value: str) -> str:
    """Return degrees as they are written down: in [-180, 180), to a hundredth.

    Raises
    ------
    ConfigurationError
        If it is no number.

    Examples
    --------
    >>> angle_text("190"), angle_text("12.50"), angle_text("-0.001")
    ('-170', '12.5', '0')
    """
    try:
        degrees = float(value)
    except ValueError:
        degrees = math.nan
    if not math.isfinite(degrees):
        raise ConfigurationError(f"angle_deg = '{value}': an angle is a number of degrees.")
    turned = round((degrees + 180) % 360 - 180, 2)
    return f"{-180.0 if turned >= 180 else turned + 0.0:g}"


def _refuse_other_sizes(content: bytes, full: tuple[int, int], preview: tuple[int, int]) -> None:
    """Read the size that a PNG states, before anything is decoded."""
    try:
        with Image.open(io.BytesIO(content), formats=("PNG",)) as image:
            size = image.size
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError):
        raise ImageError(
            f"the mask is no PNG ({len(content):,} bytes).", hint="Draw it and save it again."
        ) from None
    if size not in {full, preview}:
        (width, height), (wide, tall) = full, preview
        raise ImageError(
            f"the mask has {size[0]} x {size[1]} pixels; its photograph has {width} x {height} "
            f"and is drawn on at {wide} x {tall}.",
            hint="The photograph may have been replaced: load the page again.",
        )


def _medium(row: Mapping[str, Any], agreement: float | None) -> Medium:
    """Return what the page is told of a row."""
    wide, tall = preview_size(row["width"], row["height"])
    return Medium(
        id=row["id"],
        caption=_base(row["caption"]) or row["id"],
        file=_base(row["file"]),
        width=row["width"],
        height=row["height"],
        preview_width=wide,
        preview_height=tall,
        confidence=row["confidence"],
        reason=row["reason"] or "",
        rejected=bool(row["rejected"]),
        made_by=row["made_by"] or "",
        agreement=agreement,
        has_machine_mask=bool(row["machine_mask"]),
        cutouts=[_box(one) for one in row["cutouts"] or ()],
        turned_deg=row["turned_deg"],
        judgement=_judgement(row),
    )


def _base(text: str) -> str:
    """Return the last part of a path; other text as it is."""
    return text.rsplit("/", 1)[-1] if re.search(r"\.\w{3,4}$", text) else text


def _box(one: Mapping[str, Any]) -> Box:
    sides = {side: one[f"cutout_{side}"] or 0 for side in ("left", "top", "width", "height")}
    return Box(id=one["id"], **sides)


def _judgement(row: Mapping[str, Any]) -> Judgement:
    verdict = row["said_verdict"]
    angle = _shown("angle_deg", row["said_angle"])
    return Judgement(
        verdict=verdict if verdict in {"accepted", "rejected"} else None,
        mask=_shown("mask", row["said_mask"]),
        angle_deg=None if angle is None else float(angle),
        who=row["who"] or "",
        when=row["when"] or "",
    )


def _shown(term: Term, value: str | None) -> str | None:
    """Return a stated value as the page is told it."""
    if value is None:
        return None
    if term == "mask":
        return mask_name(value)
    if term == "angle_deg":
        try:
            return angle_text(value)
        except ConfigurationError:
            return None
    return value
