"""The report on turning as one HTML page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape
from pathlib import Path
from typing import Any

from wunderkammer.core.collection import Collection
from wunderkammer.core.errors import WunderkammerError
from wunderkammer.imaging.turning import on_colour, upright
from wunderkammer.reports import _pictures as pictures
from wunderkammer.reports._charts import Axis, axis_to, bars, count_axis, line, plot, share_axis
from wunderkammer.reports._cutout_page import PART_NAMES, interval, left_out_table, three
from wunderkammer.reports._document import document, figures, made_by, table
from wunderkammer.reports._weights import weights_section
from wunderkammer.reports.calibration import Estimate
from wunderkammer.reports.upright import (
    EDGES_DEG,
    N_BINS,
    PARTS,
    RIGHT_DEG,
    Turned,
    UprightReport,
    least_sure,
)

_LABELS = {
    "median_deg": ("median error", "half of the specimens are off by less", "{:.1f}°"),
    "p95_deg": ("95th percentile", "one of twenty is off by more", "{:.1f}°"),
    "upside_down": ("upside down", "off by more than 90°", "{:.1%}"),
    "within_10_deg": ("right", f"off by {RIGHT_DEG:g}° at most", "{:.1%}"),
}

_METHOD = (
    "<p>Angles are degrees counter-clockwise as seen; an error is the turn from the person's "
    "answer to the machine's. Where the confidence is judged, an answer is right within "
    f"{RIGHT_DEG:g}°. Intervals: percentile bootstrap, 2,000 resamples, one seed.</p>"
)


def page(collection: Collection, report: UprightReport, *, n_pictures: int) -> str:
    """Return a report as HTML, with at most ``n_pictures`` in a gallery."""
    parts = [
        *_beginning(report),
        "<main>",
        *_measured(report),
        *_errors(report),
        *_calibration(report),
        *_confidence(report),
        *_counts(report),
        *_worst(collection.root, report, n_pictures),
        *_least_sure(collection, n_pictures),
        *weights_section(report.weights),
        "</main><footer>",
        _METHOD,
        made_by(report.made, report.contact),
        "</footer>",
    ]
    return document(f"Turned upright: {report.title}", parts, plots=True)


def _beginning(report: UprightReport) -> Iterator[str]:
    counts = report.counts
    who = f" by '{escape(report.weights.plugin)}'" if report.weights.plugin else ""
    yield f"<header><h1>Turned upright: {escape(report.title)}</h1>"
    yield (
        f'<p class="soft">How well the specimens of this collection were turned head up{who}, '
        f"and where a person should look. Made on {report.made:%d %B %Y}.</p>"
    )
    held_out = report.estimates("held_out")
    known = bool(report.of("held_out"))
    yield from figures(
        [
            ("media", f"{counts.n_media:,}"),
            ("turned by the machine", f"{counts.n_by_machine:,}"),
            ("turned by a person", f"{counts.n_by_person:,}"),
            ("for a person to look at", f"{counts.n_for_a_person:,}"),
            ("median error, held out", _written("median_deg", held_out) if known else "not known"),
            ("upside down, held out", _written("upside_down", held_out) if known else "not known"),
        ]
    )
    yield "</header>"


def _written(name: str, found: Mapping[str, Estimate]) -> str:
    return _LABELS[name][2].format(found[name].value)


def _measured(report: UprightReport) -> Iterator[str]:
    yield "<h2>Measured against people's angles</h2>"
    yield f"<p>{_what_was_measured(report)}</p>"
    if report.measured:
        by_part = {part: report.estimates(part) for part in PARTS}
        cells = (
            [
                ("", "measure", f"<b>{label}</b><span>{said}</span>"),
                *(("n", PART_NAMES[part], interval(by_part[part][name], form)) for part in PARTS),
            ]
            for name, (label, said, form) in _LABELS.items()
        )
        heads = ("measure", *(PART_NAMES[part] for part in PARTS))
        note = "With their 95 % intervals."
        yield from table("", "Errors in degrees", note, heads, cells, numbers=(1, 2))
    if report.left_out:
        yield from left_out_table(report.left_out)


def _what_was_measured(report: UprightReport) -> str:
    n_held_out, n_seen = (len(report.of(part)) for part in PARTS)
    if not report.measured:
        return (
            "<b>Nothing was held out:</b> no medium has both an angle that a person stated and an "
            "answer of the machine, so nobody knows how good these turns are. What follows is what "
            "the machine says of itself. Turn some with 'wk review upright'."
        )
    seen = (
        f"{n_seen:,} were trained on or chose when training stopped: their figures flatter."
        if n_seen
        else "The weights had seen none of them."
    )
    nothing = "<b>Nothing was held out:</b> " if not n_held_out else ""
    return (
        f"{nothing}{len(report.measured):,} media have an angle that a person stated. "
        f"{n_held_out:,} of them were held out: the weights have not seen them, nor another "
        f"photograph of the specimen. {seen} The two are never mixed."
    )


def _errors(report: UprightReport) -> Iterator[str]:
    part = next((part for part in PARTS if report.of(part)), None)
    if part is None:
        return
    counts = report.histogram(part)
    small = sum(counts[: EDGES_DEG.index(10)])
    said = f"{small:,} of {sum(counts):,} are off by less than 10 degrees."
    # Bins grow with the error, so each gets the same width and its own tick.
    ticks = tuple(float(place) for place in range(len(EDGES_DEG)))
    names = tuple(f"{edge:g}" for edge in EDGES_DEG)
    x = Axis("error in degrees (wider steps to the right)", 0.0, ticks[-1], ticks, names=names)
    svg = bars(f"Errors, {PART_NAMES[part]}", said, x, count_axis(counts), ticks, counts)
    rows = (
        [f"{low:g}° to {high:g}°", f"{count:,}"]
        for low, high, count in zip(EDGES_DEG, EDGES_DEG[1:], counts, strict=False)
        if count
    )
    yield f"<h2>How far the machine is off, {PART_NAMES[part]}</h2>"
    yield from plot(svg, said, ("error", "media"), rows)


def _calibration(report: UprightReport) -> Iterator[str]:
    found = report.calibration()
    yield "<h2>Can the confidence be believed?</h2>"
    if not found.bins:
        yield "<p>That can only be said of held-out media, and there are none.</p>"
        return
    said = (
        f"Expected calibration error {three(found.error)} over {len(report.of('held_out')):,} "
        "held-out media."
    )
    points = [(one.confidence, one.measured) for one in found.bins]
    axes = share_axis("confidence"), share_axis(f"share right within {RIGHT_DEG:g}°")
    svg = line("Reliability of the confidence", said, *axes, points, diagonal=True)
    rows = (
        [f"{one.low:.1f} to {one.high:.1f}", three(one.confidence), f"{one.measured:.1%}",
         f"{one.n:,}"]
        for one in found.bins
    )  # fmt: skip
    note = f"{said} On the dashed line, the confidence is the share that is right."
    yield from plot(svg, note, ("confidence", "mean", "right", "media"), rows)
    yield from _coverage(report)


def _coverage(report: UprightReport) -> Iterator[str]:
    curve = report.kept_surest()
    half = next(value for share, _, value in curve if share >= 0.5)
    said = (
        f"Keep the surest half: 95 % are off by {half:.1f}° at most. Keep all: {curve[-1][2]:.1f}°."
    )
    points = [(share, value) for share, _, value in curve]
    highest = max(value for _, value in points)
    axes = share_axis("share kept, the surest first"), axis_to(highest, "95th percentile, degrees")
    svg = line("What is kept and how far it is off", said, *axes, points)
    rows = ([f"{share:.0%}", three(least), f"{value:.1f}°"] for share, least, value in curve)
    yield from plot(svg, said, ("kept", "confidence from", "95th percentile"), rows)


def _confidence(report: UprightReport) -> Iterator[str]:
    counts = report.counts.confidence
    yield "<h2>Confidence of all media</h2>"
    if not sum(counts):
        yield "<p>The machine has turned nothing.</p>"
        return
    edges = [place / N_BINS for place in range(N_BINS + 1)]
    sure = sum(counts[int(0.8 * N_BINS) :])
    said = f"{sure:,} of {sum(counts):,} media have a confidence of 0.8 or more."
    axes = share_axis("confidence"), count_axis(counts)
    svg = bars("Confidence of the machine's turns", said, *axes, edges, counts)
    rows = (
        [f"{low:.2f} to {high:.2f}", f"{count:,}"]
        for low, high, count in zip(edges, edges[1:], counts, strict=False)
        if count
    )
    yield from plot(svg, said, ("confidence", "media"), rows)


def _counts(report: UprightReport) -> Iterator[str]:
    counts = report.counts
    lines = (
        ("media", counts.n_media),
        ("turned by the machine", counts.n_by_machine),
        ("turned by a person", counts.n_by_person),
        ("left as they are: nothing was cut out", counts.n_as_they_are),
        ("failed (wk failures upright)", counts.n_failed),
        ("with a reason to look", counts.n_for_a_person),
        *((f"of these: {escape(why)}", number) for why, number in counts.reasons.items()),
    )
    yield "<h2>What became of them</h2>"
    cells = ([("", "what", name), ("n", "number", f"{number:,}")] for name, number in lines)
    yield from table("quiet", "Counts", "", ("what", "number"), cells, numbers=(1,))


def _worst(root: Path, report: UprightReport, n_pictures: int) -> Iterator[str]:
    part = next((part for part in PARTS if report.of(part)), None)
    if part is None or not n_pictures:
        return
    worst = sorted(report.of(part), key=lambda one: -abs(one.error_deg))[:n_pictures]
    yield f"<h2>Furthest off, {PART_NAMES[part]}</h2>"
    yield '<p class="soft">Left as the machine turns it, right as the person says.</p>'
    yield from pictures.gallery(_measured_entry(root, one) for one in worst)


def _measured_entry(root: Path, one: Turned) -> pictures.Shown:
    shown = [
        (picture, said)
        for angle, said in ((one.machine_deg, "as the machine"), (one.stated_deg, "as the person"))
        if (picture := _picture(root, one.picture, angle))
    ]
    lines = (
        f"off by {one.error_deg:+.1f}° (machine {one.machine_deg:.1f}°, person "
        f"{one.stated_deg:.1f}°), confidence {three(one.confidence)}"
    )
    return pictures.Shown(one.name, (lines,), tuple(shown))


def _least_sure(collection: Collection, n_pictures: int) -> Iterator[str]:
    rows = least_sure(collection, n_pictures) if n_pictures else []
    if not rows:
        return
    yield "<h2>Least sure</h2>"
    yield (
        '<p class="soft">What the machine was least sure of: left as it lies in the photograph, '
        "right as the machine turns it.</p>"
    )
    yield from pictures.gallery(_doubtful_entry(collection.root, row) for row in rows)


def _doubtful_entry(root: Path, row: Mapping[str, Any]) -> pictures.Shown:
    angles = ((0.0, "as it lies"), (row["turned_deg"], "as turned"))
    shown = [
        (picture, said)
        for angle, said in angles
        if (picture := _picture(root, row["cutout"], angle))
    ]
    line = f"confidence {three(row['turn_confidence'])}, turned by {row['turned_deg']:.1f}°"
    return pictures.Shown(row["name"], (line,), tuple(shown))


def _picture(root: Path, cell: str | None, angle_deg: float) -> bytes | None:
    """Return a cut-out set upright, or nothing if it is gone."""
    if cell is None:
        return None
    try:
        turned = upright(pictures.cutout(root, cell), angle_deg, pictures.SIDE_PX)
    except WunderkammerError:
        return None
    return pictures.encoded(on_colour(turned, pictures.GROUND))
