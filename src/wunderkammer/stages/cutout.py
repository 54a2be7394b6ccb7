"""Cutout: cut the specimens out of each photograph at its full size."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from wunderkammer.core.column import Column
from wunderkammer.core.device import Device
from wunderkammer.core.errors import CutoutError, RecordError, WunderkammerError
from wunderkammer.core.identity import derived_id
from wunderkammer.core.registry import chosen_from
from wunderkammer.core.stage import Context, Done, Failed, RowStage
from wunderkammer.imaging.keeping import KeepRule
from wunderkammer.segmenters import Segmented, Segmenter, registry
from wunderkammer.stages import _cutting, _original
from wunderkammer.stages._cutting import Photograph, Specimen

PERSON = "person"
ACCEPTED, REJECTED = "accepted", "rejected"
NOTHING, BORDER, SMALL = "nothing found", "touches the border", "too small"
DOUBTFUL, UNSURE = "low confidence", "unsure"
BY_PERSON, NOT_ALL = "rejected by a person", "not all kept"

_TOGETHER, _TOGETHER_PX = 16, 48_000_000


class CutoutStage(RowStage):
    """Cut the specimens out of each photograph, at full size and with a soft edge.

    A photograph that shows several gives a medium for each. A mask that a person drew is
    used in place of the segmenter's; a person's verdict wins over every rule.
    """

    optional: ClassVar[bool] = True
    derives: ClassVar[bool] = True
    name: Literal["cutout"] = "cutout"
    version: Literal["2"] = "2"
    batch_size: ClassVar[int] = 32
    segmenter: Annotated[Segmenter, chosen_from(registry)] = Field(
        default_factory=lambda: registry.parse("unet"),
        description="What tells specimen from background: a segmenter's name and its settings.",
    )
    keep: KeepRule = Field(
        default_factory=KeepRule, description="Which parts of a mask belong to specimens."
    )
    square: bool = Field(
        default=False, description="Make every cut-out a square, the specimen in its middle."
    )
    margin: float = Field(
        0.02,
        description="Free margin around a specimen, as a share of its longer side.",
        ge=0,
        le=1,
    )
    min_px: int = Field(
        48,
        description="A specimen whose longer side has fewer pixels is rejected: too small.",
        ge=1,
    )
    min_confidence: float = Field(
        0.5,
        description="Below this confidence a cut-out is rejected: low confidence. The confidence "
        "is the expected overlap with the mask that a person would draw.",
        ge=0,
        le=1,
    )
    sure_confidence: float = Field(
        0.8,
        description="Below this confidence a cut-out is kept, and a person should look at it: "
        "unsure.",
        ge=0,
        le=1,
    )
    max_border: float = Field(
        0.1,
        description="Share of a specimen's outline on the border of the photograph above which it "
        "is rejected: touches the border.",
        ge=0,
        le=1,
    )
    px_per_mm: float = Field(
        0.0,
        description="Pixels of a photograph that show one millimetre, for media that do not say "
        "so themselves in a term px_per_mm; 0: not known.",
        ge=0,
    )
    rejects: Literal["photograph", "leave out"] = Field(
        "photograph",
        description="What becomes of a medium without a usable cut-out: it goes on with its "
        "photograph, or later stages leave it out and 'wk failures' lists it.",
    )
    format: Literal["webp", "png"] = Field("webp", description="Format of the cut-outs.")
    quality: int = Field(90, description="WebP quality of the cut-outs.", ge=1, le=100)
    max_px: int = Field(
        0, description="Longest side of a cut-out's file in pixels; 0: full size.", ge=0
    )

    def reads(self) -> tuple[str, ...]:
        """Return the bytes of the original, and what is stated about it."""
        stated = ("annotation/mask", "annotation/cutout", "record/view", "px_per_mm")
        return (*_original.READS, *stated)

    def looks_up(self) -> tuple[str, ...]:
        """Return where the original lies."""
        return _original.LOOKS_UP

    def files(self, root: Path) -> Mapping[str, Path]:
        """Return the files that the segmenter uses, such as weights."""
        return {f"segmenter.{name}": path for name, path in self.segmenter.files(root).items()}

    def writes(self) -> tuple[Column, ...]:
        """Return the cut-out, the mask, and what is known of both."""
        return (
            Column("cutout", "blob", "The specimen, RGBA, with its margin; empty if rejected."),
            Column(
                "mask", "blob", "The segmenter's probability over the whole photograph at its own "
                "resolution, grey PNG; also where a person drew a mask.",
            ),
            Column(
                "cutout_confidence", "real", "Expected overlap with the mask that a person would "
                "draw, 0 to 1; 1 where a person drew it.",
            ),
            Column(
                "cutout_reason", "text", "Why it was rejected or somebody should look: 'nothing "
                "found', 'too small', 'touches the border', 'low confidence', 'rejected by a "
                "person', 'unsure', 'not all kept'; empty if all is well.",
            ),
            Column("cutout_rejected", "boolean", "Whether there is no usable cut-out."),
            Column("cutout_by", "text", "Who drew the mask: 'person', or the segmenter's name."),
            Column("cutout_left", "integer", "First column of the cut-out in the photograph."),
            Column("cutout_top", "integer", "First row of the cut-out in the photograph."),
            Column(
                "cutout_width", "integer", "Width of the cut-out in pixels of the photograph; its "
                "file may be smaller."
            ),
            Column("cutout_height", "integer", "Height of the cut-out in the same pixels."),
            Column("cutout_area_px", "integer", "Area of the specimen in the same pixels."),
            Column("cutout_width_mm", "real", "Width of the specimen itself, in millimetres."),
            Column("cutout_height_mm", "real", "Height of the specimen itself, in millimetres."),
            Column("n_cutouts", "integer", "Specimens that were cut out of the photograph."),
            Column("view", "text", "Which side is shown, such as dorsal."),
        )  # fmt: skip

    def load(self, context: Context) -> None:
        """Read the segmenter's weights."""
        self.segmenter.load(Device(context.device, context.n_threads), context.root)

    def process(
        self, batch: Sequence[Mapping[str, Any]], context: Context
    ) -> Sequence[Done | Failed]:
        """Let the segmenter look at some photographs at once, then cut one after the other."""
        outcomes: list[Done | Failed] = []
        for photographs in self._portions(batch, context.root, outcomes):
            outcomes.extend(self.cut_out(photographs, context))
        return outcomes

    def cut_out(
        self, photographs: Sequence[Photograph], context: Context
    ) -> Sequence[Done | Failed]:
        """Cut the specimens out of photographs that are decoded.

        Parameters
        ----------
        photographs : sequence of Photograph
            Few enough to be looked at together. A row has ``media_id`` and the cells of
            ``annotation/mask``, ``annotation/cutout``, ``record/view`` and ``px_per_mm``.
        context : Context
            Where what is cut out is written.
        """
        outcomes: list[Done | Failed] = []
        seen = self.segmenter.segment([one.image for one in photographs])
        for photograph, mask in zip(photographs, seen, strict=True):
            try:
                outcomes.append(self._cut(photograph, mask, context))
            except WunderkammerError as error:
                outcomes.append(Failed(photograph.row["media_id"], error))
        return outcomes

    def _portions(
        self, batch: Sequence[Mapping[str, Any]], root: Path, outcomes: list[Done | Failed]
    ) -> Iterator[list[Photograph]]:
        """Decode some photographs at a time, few enough for any memory."""
        portion: list[Photograph] = []
        for row in batch:
            try:
                portion.append(Photograph(row, _original.decoded_original(row, root)))
            except WunderkammerError as error:
                outcomes.append(Failed(row["media_id"], error))
            n_pixels = sum(one.image.size // 3 for one in portion)
            if len(portion) >= _TOGETHER or n_pixels >= _TOGETHER_PX:
                yield portion
                portion = []
        if portion:
            yield portion

    def _cut(self, photograph: Photograph, seen: Segmented, context: Context) -> Done | Failed:
        """Decide on every specimen of a photograph, and cut out those that are kept."""
        from wunderkammer.imaging.masks import as_grey

        row, image = photograph.row, photograph.image
        verdict, where = _verdict(row["annotation/cutout"]), row["annotation/mask"]
        drawn = _cutting.stated_mask(where, context.root, image.shape) if where else None
        chance = _cutting.no_larger(seen.probability, image)
        found = (
            _cutting.found_specimens(chance, image, self.keep)
            if drawn is None
            else _cutting.drawn_specimens(drawn, image, self.keep)
        )
        confidence = seen.confidence if drawn is None else 1.0
        reasons = self._reasons(found, confidence, verdict, drawn=drawn is not None)
        kept = [one for one, why in zip(found, reasons, strict=True) if why is None]
        values = {
            "mask": context.write_blob("mask", as_grey(seen.probability), ".png"),
            "cutout_confidence": confidence,
            "cutout_reason": None,
            "cutout_by": self.segmenter.name if drawn is None else PERSON,
            "cutout_rejected": not kept,
            "n_cutouts": len(kept),
        }
        if not kept:
            why = BY_PERSON if verdict == REJECTED else next(iter(reasons), NOTHING)
            return self._rejected(row, {**values, "cutout_reason": why})
        if len(kept) < len(found):
            values["cutout_reason"] = NOT_ALL
        elif verdict is None and confidence < self.sure_confidence:
            values["cutout_reason"] = UNSURE
        alphas = (_alpha(one.mask, chance, image, drawn=drawn is not None) for one in kept)
        return self._done(photograph, alphas, values, context)

    def _reasons(
        self, found: Sequence[Specimen], confidence: float, verdict: str | None, *, drawn: bool
    ) -> list[str | None]:
        """Return why each specimen is not kept; a person's word wins over every rule."""
        if verdict == REJECTED:
            return [BY_PERSON] * len(found)
        if verdict == ACCEPTED or drawn:
            return [None] * len(found)
        return [self._reason(one, confidence) for one in found]

    def _reason(self, specimen: Specimen, confidence: float) -> str | None:
        """Return which rule rejects a specimen, or None."""
        if specimen.longest_px < self.min_px:
            return SMALL
        if specimen.border_share > self.max_border:
            return BORDER
        return DOUBTFUL if confidence < self.min_confidence else None

    def _rejected(self, row: Mapping[str, Any], values: dict[str, Any]) -> Done | Failed:
        if self.rejects == "photograph":
            return Done(row["media_id"], {**values, "view": row["record/view"] or None})
        return Failed(
            row["media_id"],
            CutoutError(
                f"no usable cut-out: {values['cutout_reason']}.",
                hint="Draw a mask or accept the cut-out, or let rejected media go on with "
                'their photograph: [cutout] rejects = "photograph".',
            ),
        )

    def _done(
        self,
        photograph: Photograph,
        alphas: Iterable[_cutting.Grey],
        known: Mapping[str, Any],
        context: Context,
    ) -> Done:
        """Return the row of one specimen, or of a photograph that gives way to several."""
        row = photograph.row
        media_id, n = row["media_id"], known["n_cutouts"]
        scale = _cutting.scale_px_per_mm(row["px_per_mm"], self.px_per_mm or None)
        rows = [
            {**known, **self._written(photograph.image, alpha, scale, context), "view": view}
            for alpha, view in zip(alphas, _cutting.views(row["record/view"], n), strict=True)
        ]
        if n == 1:
            return Done(media_id, rows[0])
        derived = [
            Done(derived_id(media_id, self.name, place), values)
            for place, values in enumerate(rows)
        ]
        return Done(media_id, {**known, "view": row["record/view"] or None}, derived)

    def _written(
        self, image: _cutting.Pixels, alpha: _cutting.Grey, scale: float | None, context: Context
    ) -> dict[str, Any]:
        """Cut one specimen out, store it and measure it."""
        from wunderkammer.imaging.cutout_files import encode_cutout
        from wunderkammer.imaging.cutting import cut

        rgba, box = cut(image, alpha, self.margin, square=self.square)
        small = _cutting.shrunken(rgba, self.max_px)
        content, suffix = encode_cutout(small, self.format, self.quality)
        area_px, width_px, height_px = _cutting.measures(alpha)
        return {
            "cutout": context.write_blob("cutout", content, suffix),
            "cutout_left": box.left,
            "cutout_top": box.top,
            "cutout_width": box.width,
            "cutout_height": box.height,
            "cutout_area_px": area_px,
            "cutout_width_mm": width_px / scale if scale else None,
            "cutout_height_mm": height_px / scale if scale else None,
        }


def _alpha(
    mask: _cutting.Mask, chance: _cutting.Probability, image: _cutting.Pixels, *, drawn: bool
) -> _cutting.Grey:
    """Return the soft alpha of one specimen over the whole photograph."""
    from wunderkammer.imaging.matting import soft_alpha

    return _cutting.softened(mask) if drawn else soft_alpha(chance, image, mask)


def _verdict(text: str | None) -> str | None:
    """Return what a person said of a cut-out."""
    if text is None or text in {ACCEPTED, REJECTED}:
        return text
    raise RecordError(
        f"the annotation 'cutout' is '{text}', and may be '{ACCEPTED}' or '{REJECTED}'.",
        hint="State it again, or take it back.",
    )
