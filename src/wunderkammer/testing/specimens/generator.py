"""Draws specimens by number: each depends on the seed and its number alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from wunderkammer.core.errors import ConfigurationError, UnknownNameError, nearest
from wunderkammer.core.identity import stable_id
from wunderkammer.testing.specimens import faults, pages, sheets
from wunderkammer.testing.specimens.canvas import Canvas, Image
from wunderkammer.testing.specimens.figures import Figure, Stage, figure
from wunderkammer.testing.specimens.institutions import Institution, institutions
from wunderkammer.testing.specimens.records import Record, draw_record
from wunderkammer.testing.specimens.scene import Caption, Photo, photograph
from wunderkammer.testing.specimens.specimen import FAULTS, KINDS, Kind, Quality, Specimen
from wunderkammer.testing.specimens.taxonomy import Taxon, Taxonomy

GROUP_OF = {"leaf": "plant", "herbarium": "plant"}
INSECTS = ("butterfly", "moth", "beetle")


@dataclass(frozen=True)
class Identity:
    """Who a specimen is, before it is drawn."""

    index: int
    kind: Kind
    taxon: Taxon
    sex: str
    institution: Institution
    record: Record
    occurrence_id: str
    number: str
    missing: tuple[str, ...]
    damage: tuple[str, ...]
    views: tuple[str, ...]


class SpecimenGenerator:
    """An endless, seeded collection of drawn museum specimens with their truth.

    Parameters
    ----------
    seed : int
        Fixes everything; the same seed draws the same bytes.
    size_px : int
        The longer side of every image, 160 to 2000 pixels.
    kinds : sequence of str
        Which kinds to draw, one after the other at random; see ``KINDS``.
    taxonomy : Taxonomy, optional
        The species; by default 4 families x 3 genera x 3 species a group.
    n_institutions : int
        How many museums, each with its own habits.
    institution_bias : float
        Share of each family that its home institution holds, 0 to 1; the rest is
        spread evenly. High values tempt a classifier to learn the museum.
    bad_share, partial_share : float
        Shares of media that cannot be used, and of specimens that lack a wing or
        a large piece.
    turned_share : float
        Share of media on their side or upside down.
    ventral_share : float
        Share of insects that are photographed from both sides.
    again_share : float
        Share of specimens whose first view is photographed a second time, on another day:
        placed and lit anew. That view is called ``again``.

    Raises
    ------
    ConfigurationError
        If a share is not in [0, 1], a kind is unknown, or nothing can be drawn.

    Examples
    --------
    >>> from wunderkammer.testing import SpecimenGenerator
    >>> generator = SpecimenGenerator(seed=7, size_px=200, kinds=("beetle",))
    >>> specimen = generator.specimen(3)
    >>> max(specimen.image.shape), specimen.mask.dtype.name, specimen.taxon.order
    (200, 'bool', 'Coleoptera')
    """

    def __init__(  # noqa: PLR0913  (each is a setting with its own name)
        self,
        seed: int = 0,
        *,
        size_px: int = 800,
        kinds: Sequence[Kind] = KINDS,
        taxonomy: Taxonomy | None = None,
        n_institutions: int = 3,
        institution_bias: float = 0.3,
        bad_share: float = 0.05,
        partial_share: float = 0.06,
        turned_share: float = 0.08,
        ventral_share: float = 0.25,
        again_share: float = 0.0,
    ) -> None:
        self.seed, self.size_px, self.kinds = seed, size_px, tuple(kinds)
        self.taxonomy = taxonomy or Taxonomy.generate(seed)
        self.institutions = institutions(n_institutions, seed)
        self.institution_bias, self.turned_share = institution_bias, turned_share
        self.bad_share, self.partial_share = bad_share, partial_share
        self.ventral_share, self.again_share = ventral_share, again_share
        self._check()

    def _check(self) -> None:
        """Refuse what cannot be drawn."""
        for name in (
            "institution_bias",
            "turned_share",
            "bad_share",
            "partial_share",
            "ventral_share",
            "again_share",
        ):
            value = getattr(self, name)
            if not 0 <= value <= 1:
                raise ConfigurationError(f"{name} = {value}: a share lies between 0 and 1.")
        if not 160 <= self.size_px <= 2000:
            raise ConfigurationError(f"size_px = {self.size_px}: 160 to 2000 pixels can be drawn.")
        if not self.kinds:
            raise ConfigurationError("kinds is empty: name at least one.", hint=nearest("", KINDS))
        for kind in self.kinds:
            if kind not in KINDS:
                raise UnknownNameError(f"no kind is called '{kind}'.", hint=nearest(kind, KINDS))
            if not self._species(kind):
                raise ConfigurationError(f"the taxonomy has no species for the kind '{kind}'.")

    def _species(self, kind: str) -> tuple[Taxon, ...]:
        """Return the species that a kind can show."""
        if kind in {"plate", "text"}:
            return self.taxonomy.taxa
        return self.taxonomy.of(GROUP_OF.get(kind, kind))

    def identity(self, i: int) -> Identity:
        """Return who specimen ``i`` is, without drawing it."""
        rng = np.random.default_rng([self.seed, i, 1])
        kind = self.kinds[int(rng.integers(len(self.kinds)))]
        species = self._species(kind)
        taxon = species[int(rng.integers(len(species)))]
        home = self._institution(taxon, rng)
        insect = kind in INSECTS
        sex = ("male", "female")[int(rng.random() < 0.45)] if insect else ""
        both = insect and rng.random() < self.ventral_share
        missing = self._missing(kind, rng)
        number = home.number.format(n=10_000 + i)
        return Identity(
            index=i, kind=kind, taxon=taxon, sex=sex, institution=home, record=draw_record(rng),
            occurrence_id=f"urn:catalog:{home.code}:{stable_id(str(self.seed), str(i))}",
            number=number, missing=missing, damage=missing,
            views=self._views(i, kind, both=both),
        )  # fmt: skip

    def _views(self, i: int, kind: str, *, both: bool) -> tuple[str, ...]:
        """Return how a specimen is photographed; a draw of its own leaves the others alone."""
        plain = "page" if kind in {"plate", "text"} else "upper"
        views = ("dorsal", "ventral")[: 1 + both] if kind in INSECTS else (plain,)
        again = np.random.default_rng([self.seed, i, 2]).random() < self.again_share
        return (*views, "again") if again else views

    def _institution(self, taxon: Taxon, rng: np.random.Generator) -> Institution:
        """Return where a specimen is kept: often where its family is at home."""
        homes = self.institutions
        if rng.random() < self.institution_bias:
            return homes[taxon.lineage.family_rank % len(homes)]
        return homes[int(rng.integers(len(homes)))]

    def _missing(self, kind: str, rng: np.random.Generator) -> tuple[str, ...]:
        """Return what a specimen has lost."""
        from wunderkammer.testing.specimens import beetles, lepidoptera

        torn = rng.random() < self.partial_share
        count = int(rng.choice([1, 1, 1, 2]))
        order = rng.permutation(6)
        if kind in {"butterfly", "moth"}:
            return tuple(lepidoptera.WINGS[k] for k in order if k < 4)[: count if torn else 0]
        if kind == "beetle":
            lost = int(rng.random() < 0.1)
            return tuple(beetles.LEGS[k] for k in order)[: 3 if torn else lost]
        return ("upper part",) if torn and kind == "leaf" else ()

    def views(self, i: int) -> tuple[str, ...]:
        """Return the views of specimen ``i``: one medium each."""
        return self.identity(i).views

    def media(self, n: int, start: int = 0) -> Iterator[Specimen]:
        """Yield every view of ``n`` specimens from number ``start``."""
        for i in range(start, start + n):
            for view in self.views(i):
                yield self.specimen(i, view)

    def specimen(self, i: int, view: str | None = None) -> Specimen:
        """Return one drawn view of specimen ``i``.

        Parameters
        ----------
        i : int
            Which specimen, from 0; the result depends on nothing drawn before.
        view : str, optional
            One of :meth:`views`; the first by default.

        Raises
        ------
        UnknownNameError
            If the specimen has no such view.
        """
        return _Sitting(self, self.identity(i), view).result(bare=False)

    def without_specimen(self, i: int, view: str | None = None) -> Image:
        """Return the same photograph as :meth:`specimen` takes, with nothing in the outline.

        Backdrop, labels, light and even the shadow are the same, so the two differ
        exactly where the mask is (and on the half-covered pixels of its rim).
        """
        return _Sitting(self, self.identity(i), view).result(bare=True).image


@dataclass(frozen=True)
class _Model:
    """What a figure of a plate was drawn after."""

    kind: str
    taxon: Taxon
    sex: str
    missing: tuple[str, ...]
    index: int

    @classmethod
    def of(cls, who: Identity, taxon: Taxon, k: int) -> _Model:
        """Return the model of figure ``k``, sexes in turn."""
        kind = "leaf" if taxon.group == "plant" else taxon.group
        return cls(kind, taxon, ("male", "female")[k % 2], (), who.index * 16 + k)


def _astray(stage: Stage, shape: tuple[int, int], rng: np.random.Generator) -> Stage:
    """Return a stage whose middle lies on the left or right rim of the photograph."""
    x0, y0, x1, y1 = stage
    left = rng.random() < 0.5
    side = -x0 - 0.5 * (x1 - x0) if left else shape[1] - x1 + 0.5 * (x1 - x0)
    drop = float(rng.normal(0, 0.2)) * (y1 - y0)
    return (x0 + side, y0 + drop, x1 + side, y1 + drop)


class _Sitting:
    """One specimen before the camera."""

    def __init__(self, generator: SpecimenGenerator, who: Identity, view: str | None) -> None:
        self.generator, self.who = generator, who
        self.view = who.views[0] if view is None else view
        if self.view not in who.views:
            raise UnknownNameError(
                f"specimen {who.index} has no view '{self.view}'.",
                hint=nearest(self.view, who.views),
            )
        number = 10 + who.views.index(self.view)
        self.rng = np.random.default_rng([generator.seed, who.index, number])
        self.fault = self._fault()
        self.angle_deg = self._angle()
        self.shape = self._shape()

    def _fault(self) -> str:
        """Return what is wrong with the image, mostly nothing."""
        bad = self.rng.random() < self.generator.bad_share
        which = FAULTS[int(self.rng.integers(len(FAULTS)))]
        return which if bad and self.who.kind != "text" else ""

    def _angle(self) -> float:
        """Return the turn: a little from upright, at times a quarter or half."""
        angle = float(self.rng.normal(0, 2.5))
        quarter = float(self.rng.choice([90.0, -90.0, 180.0]))
        turned = self.rng.random() < self.generator.turned_share
        if self.who.kind in {"herbarium", "plate", "text"}:
            return 0.0
        angle += quarter if turned else 0.0
        return (angle + 180) % 360 - 180

    def _shape(self) -> tuple[int, int]:
        """Return height and width."""
        aspect = self.who.institution.aspect
        if self.who.kind == "herbarium":
            aspect = 0.675
        elif self.who.kind in {"plate", "text"}:
            aspect = 0.72
        size = self.generator.size_px
        wide, tall = (size, size / aspect) if aspect >= 1 else (size * aspect, size)
        return round(tall), round(wide)

    def result(self, *, bare: bool) -> Specimen:
        """Draw and photograph."""
        canvas = Canvas(*self.shape)
        drawn = self._draw(canvas)
        photo = Photo(
            self.who.institution, self.shape,
            Caption(self.who.taxon, self.who.sex, self.who.record, self.who.number, self.view),
            drawn.px_per_mm, self._pin(drawn),
        )  # fmt: skip
        image = self._expose(photo, canvas, drawn.titles, bare=bare)
        return self._truth(image, canvas, drawn)

    def _pin(self, drawn: Figure) -> tuple[float, float] | None:
        """Return where the pin is seen, if it is."""
        hidden = self.view == "ventral" or self.fault == "empty"
        bare_habit = self.who.institution.habit in {"grey", "card"}
        return None if hidden or bare_habit else drawn.pin_at

    def _draw(self, canvas: Canvas) -> Figure:
        """Draw the specimen, or the figures of a plate, on the canvas."""
        height, width = self.shape
        kind, who = self.who.kind, self.who
        if kind == "text":
            return Figure(0.0, None, 0, ())
        box = who.institution.stage
        if kind == "plate":
            return self._draw_plate(canvas)
        if kind == "herbarium":
            box = (0.05, 0.09, 0.93, 0.88)
        stage = (box[0] * width, box[1] * height, box[2] * width, box[3] * height)
        if self.fault == "wrong crop":
            stage = _astray(stage, self.shape, self.rng)
        drawn = figure(canvas, who, self.view, (stage, self.angle_deg, self.rng))
        if self.fault in {"empty", "label only"}:
            canvas.rgba[:] = 0
        return drawn

    def _draw_plate(self, canvas: Canvas) -> Figure:
        """Draw one to nine figures in rows."""
        height, width = self.shape
        rows, columns = ((1, 1), (2, 1), (2, 2), (3, 2), (3, 3))[int(self.rng.integers(5))]
        kin = [
            t
            for t in self.generator.taxonomy.taxa
            if t.lineage.keys[0] == self.who.taxon.lineage.keys[0]
        ]
        shown = [self.who.taxon, *(t for t in kin if t is not self.who.taxon)]
        titles = []
        for k in range(rows * columns):
            row, column = divmod(k, columns)
            x0, x1 = (width * (0.11 + 0.78 * (column + e) / columns) for e in (0.05, 0.95))
            y0, y1 = (height * (0.125 + 0.735 * (row + e) / rows) for e in (0.04, 0.96))
            taxon = shown[k % len(shown)]
            figure(
                canvas, _Model.of(self.who, taxon, k), "dorsal", ((x0, y0, x1, y1), 0.0, self.rng)
            )
            titles.append(taxon.name)
        if self.fault in {"empty", "label only"}:
            canvas.rgba[:] = 0
        return Figure(0.0, None, rows * columns, tuple(titles))

    def _expose(
        self, photo: Photo, canvas: Canvas, titles: tuple[str, ...], *, bare: bool
    ) -> Image:
        """Take the photograph, and spoil it where it is to be bad."""
        kind, rng = self.who.kind, self.rng
        if self.fault == "label only":
            return faults.label_only(photo, rng)
        if kind == "text":
            image = pages.text(photo, rng)
        elif kind == "plate":
            image = pages.plate(photo, canvas, rng, list(titles), bare=bare)
        elif kind == "herbarium":
            image = sheets.photograph(photo, canvas, rng, bare=bare)
        else:
            image = photograph(photo, canvas, rng, bare=bare)
        if self.fault == "blurred":
            return faults.blurred(image)
        return faults.dark(image) if self.fault == "dark" else image

    def _truth(self, image: Image, canvas: Canvas, drawn: Figure) -> Specimen:
        """Return image and truth together."""
        who = self.who
        shown = 0 if self.fault in {"empty", "label only"} else drawn.count
        large = len(who.missing) > (2 if who.kind == "beetle" else 0)
        quality: Quality = "bad" if self.fault else "partial" if large else "good"
        return Specimen(
            index=who.index, kind=who.kind, view=self.view, image=image,
            mask=canvas.alpha >= 128, angle_deg=self.angle_deg, taxon=who.taxon, sex=who.sex,
            damage=who.damage, quality=quality,
            reason=self.fault or (f"missing: {', '.join(who.missing)}" if large else ""),
            institution=who.institution, record=who.record, occurrence_id=who.occurrence_id,
            catalogue_number=who.number, px_per_mm=drawn.px_per_mm, n_figures=shown,
        )  # fmt: skip
