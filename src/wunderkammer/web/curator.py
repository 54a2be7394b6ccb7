"""The curator: what a person sees of each medium, and what they state about it."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
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
from wunderkammer.web.kept import Cache
from wunderkammer.web.labels import LABEL, LabelReview
from wunderkammer.web.pictures import preview_size, read_mask, scaled_mask
from wunderkammer.web.queue import Question, find_id, read_drawn, read_queue, read_row
from wunderkammer.web.schemas import (
    Medium,
    Order,
    Queue,
    Reasons,
    Stated,
    Statement,
    Tool,
)
from wunderkammer.web.suspects import label_term
from wunderkammer.web.telling import MASKS, angle_text, mask_name, medium_of, shown

_CUTOUTS = Question("cutout")
_KEPT_ROWS = 2000
_TERMS: dict[Tool, set[str]] = {"cutout": {"cutout", "mask"}, "upright": {"angle_deg"}}
_SAID: dict[str, str] = {"cutout": "said_verdict", "mask": "said_mask", "angle_deg": "said_angle"}


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
        self.labels = LabelReview(collection)
        self._pictures = Cache()
        self._agreements: dict[tuple[str, str, str], float] = {}
        self._rows: dict[tuple[Tool, str], Mapping[str, Any]] = {}
        self._writing = threading.Lock()
        self._reading = threading.Lock()

    def queue(self, question: Question, order: Order, offset: int = 0, limit: int = 60) -> Queue:
        """Return a part of the media to review, in the order asked for."""
        agreements = self._all_agreements() if question.tool == "cutout" else {}
        page = read_queue(self.collection, question, order, (offset, limit), agreements)
        for row in page.rows:
            self._keep(question, row)
        media = [medium_of(row, question, agreements.get(row["id"])) for row in page.rows]
        return Queue(
            n=page.n, n_media=page.n_media, n_judged=page.n_judged, offset=offset, media=media
        )

    def medium(self, question: Question, media_id: str) -> Medium:
        """Return one medium as it is judged now."""
        row = self._row(question, media_id)
        return medium_of(row, question, self._agreement(row))

    def find(self, question: Question, name: str) -> str | None:
        """Return the medium that an id or the name of a file means, or None."""
        return find_id(self.collection, question, name.strip()) if name.strip() else None

    def reasons(self, question: Question, media_id: str) -> Reasons:
        """Return why a label is suspected; pictures of all media in it are at hand then."""
        found, rows = self.labels.reasons(question, media_id)
        for row in rows:
            self._keep(question, row)
        return found

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
        # labels and names are those of specimens, suspected or not
        seen = Question(Question(tool).shows)
        row = self._rows.get((seen.tool, media_id)) or self._row(seen, media_id)
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

    def state(
        self, question: Question, media_id: str, statements: Iterable[Statement], who: str = ""
    ) -> Stated:
        """Append statements about a medium; on disk when it returns.

        Parameters
        ----------
        question : Question
            What they answer.
        media_id : str
            The medium.
        statements : iterable of Statement
            What is said.
        who : str
            Whose word it is; empty for the curator's.

        Raises
        ------
        ConfigurationError
            If a value is none that the term can have.
        """
        wanted = list(statements)
        with self._writing:
            row = self._row(question, media_id)
            if question.tool == "labels":
                return self._judge(question, row, wanted, who)
            if question.tool == "name":
                return self._name(question, row, wanted, who)
            for one in wanted:
                if one.term not in _TERMS[question.tool]:
                    raise ConfigurationError(
                        f"'{one.term}' is not stated in '{question.tool}'.",
                        hint=nearest(one.term, _TERMS[question.tool]),
                    )
            values = {one.term: self._checked(one, row) for one in wanted}
            return self._annotate(question, row, values, who)

    def save_mask(self, media_id: str, content: bytes, who: str = "") -> Stated:
        """Keep the mask that a person drew; on disk when it returns.

        Parameters
        ----------
        media_id : str
            The medium, as ``cutout`` sees it.
        content : bytes
            A PNG of the photograph's full size or of its preview; white is specimen.
        who : str
            Who drew it; empty for the curator.

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
            row = self._row(_CUTOUTS, media_id)
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
            values: dict[str, str | None] = {"mask": cell}
            if row["said_verdict"] == "rejected":
                values["cutout"] = None
            return self._annotate(_CUTOUTS, row, values, who)

    def _annotate(
        self,
        question: Question,
        row: Mapping[str, Any],
        values: Mapping[str, str | None],
        who: str,
    ) -> Stated:
        before = [Statement(term=term, value=shown(term, row[_SAID[term]])) for term in values]
        was = {term: row[_SAID[term]] for term in values}
        return self._written(question, row["id"], values, was, before, who)

    def _name(
        self, question: Question, row: Mapping[str, Any], statements: Iterable[Statement], who: str
    ) -> Stated:
        """State an identification, or restore the one before."""
        values = self.labels.identification(question, row, statements, who or self.who)
        held = self.labels.held(row["id"], values)
        before = [Statement(term=term, value=held.get(term)) for term in values]
        return self._written(
            question, row["id"], values, self.labels.seen(row, values), before, who
        )

    def _judge(
        self, question: Question, row: Mapping[str, Any], statements: Iterable[Statement], who: str
    ) -> Stated:
        """State what is said of a label, and the identification that it is."""
        values = self.labels.values(question, row, statements, who or self.who)
        term = label_term(question.rank)
        terms = [one for one in values if one != term]
        held = self.labels.held(row["id"], terms)
        before = [Statement(term=LABEL, value=row["said_label"])]
        before += [Statement(term=one, value=held.get(one)) for one in terms]
        # a word on a label holds for the label that was seen
        was = self.labels.seen(row, terms) | {term: row["issue_label"]}
        return self._written(question, row["id"], values, was, before, who)

    def _written(
        self,
        question: Question,
        media_id: str,
        values: Mapping[str, str | None],
        was: Mapping[str, str | None],
        before: list[Statement],
        who: str,
    ) -> Stated:
        """Append statements, all of one moment, and tell how the medium is judged then."""
        now = dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds")
        self.collection.annotate(
            {"media_id": media_id, "term": term, "value": value, "was": was.get(term),
             "who": who or self.who, "when": now}
            for term, value in values.items()
        )  # fmt: skip
        return Stated(medium=self.medium(question, media_id), before=before)

    def _row(self, question: Question, media_id: str) -> Mapping[str, Any]:
        return self._keep(question, read_row(self.collection, question, media_id))

    def _keep(self, question: Question, row: Mapping[str, Any]) -> Mapping[str, Any]:
        """Keep a row for the pictures that are asked for next; forget old ones."""
        with self._reading:
            self._rows[question.shows, row["id"]] = row
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
