"""The report on cut-outs as one HTML page."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

from wunderkammer.core.blobs import read_blob
from wunderkammer.core.collection import Collection
from wunderkammer.core.errors import WunderkammerError
from wunderkammer.imaging.masks import THRESHOLD, Mask, from_grey
from wunderkammer.imaging.turning import on_colour
from wunderkammer.reports import _pictures as pictures
from wunderkammer.reports._charts import bars, count_axis, line, plot, share_axis
from wunderkammer.reports._document import document, figures, made_by, table
from wunderkammer.reports._media import LeftOut
from wunderkammer.reports._weights import weights_section
from wunderkammer.reports.agreement import MOST_PX, THIN, TOLERANCE
from wunderkammer.reports.calibration import Estimate
from wunderkammer.reports.cutout import (
    N_BINS,
    PARTS,
    CutoutReport,
    Measured,
    least_sure,
    masks_of,
)

_LABELS = {
    "iou": ("intersection over union (IoU)", "shared area as a share of both areas together"),
    "dice": ("Dice", "twice the shared area over the sum of both areas"),
    "boundary_f": ("boundary F", "outlines that agree within the tolerance"),
    "thin_part_recall": ("thin parts found", "antennae, legs, tails: the share of them found"),
}
PART_NAMES = {"held_out": "held out", "trained_on": "trained on"}
_MOST_REASONS, _NAMED = 20, 8


def page(collection: Collection, report: CutoutReport, *, n_pictures: int) -> str:
    """Return a report as HTML, with at most ``n_pictures`` in a gallery."""
    parts = [
        *_beginning(report),
        "<main>",
        *_measured(report),
        *_calibration(report),
        *_confidence(report),
        *_counts(report),
        *_worst(collection.root, report, n_pictures),
        *_least_sure(collection, n_pictures),
        *weights_section(report.weights),
        "</main><footer>",
        f"<p>{_method()}</p>",
        made_by(report.made, report.contact),
        "</footer>",
    ]
    return document(f"Cut-outs: {report.title}", parts, plots=True)


def _beginning(report: CutoutReport) -> Iterator[str]:
    counts = report.counts
    yield f"<header><h1>Cut-outs: {escape(report.title)}</h1>"
    who = f" by '{escape(report.weights.plugin)}'" if report.weights.plugin else ""
    yield (
        f'<p class="soft">How well the specimens of this collection were cut out{who}, and '
        f"where a person should look. Made on {report.made:%d %B %Y}.</p>"
    )
    held_out = report.estimates("held_out")["iou"]
    numbers = [
        ("photographs", f"{counts.n_photographs:,}"),
        ("cut out", f"{counts.n_cut:,}"),
        ("rejected", f"{counts.n_rejected:,}"),
        ("for a person to look at", f"{counts.n_for_a_person:,}"),
        ("mean IoU, held out", three(held_out.value) if held_out.n else "not known"),
    ]
    yield from figures(numbers)
    yield "</header>"


def _measured(report: CutoutReport) -> Iterator[str]:
    yield "<h2>Measured against people's masks</h2>"
    yield f"<p>{_what_was_measured(report)}</p>"
    if report.measured:
        heads = ("measure", *(PART_NAMES[part] for part in PARTS))
        by_part = {part: report.estimates(part) for part in PARTS}
        cells = (
            [
                ("", "measure", f"<b>{label}</b><span>{said}</span>"),
                *(("n", PART_NAMES[part], interval(by_part[part][name])) for part in PARTS),
            ]
            for name, (label, said) in _LABELS.items()
        )
        note = "Means with their 95 % intervals. Higher is better; 1 is the best there is."
        yield from table("", "Agreement with people", note, heads, cells, numbers=(1, 2))
    if report.left_out:
        yield from left_out_table(report.left_out)


def _what_was_measured(report: CutoutReport) -> str:
    n_held_out, n_seen = (len(report.of(part)) for part in PARTS)
    source = f"the folder {escape(report.masks)}" if report.masks else "this collection"
    drawn = f" in {source}" if report.masks else ""
    if not report.measured:
        return (
            f"<b>Nothing was held out:</b> {source} has no mask drawn by a person that could be "
            "compared, so nobody knows how good these cut-outs are. What follows is what the "
            "machine says of itself. Draw some masks, or name a folder of them with --masks."
        )
    seen = (
        f"{n_seen:,} were trained on or chose when training stopped: their figures flatter."
        if n_seen
        else "The weights had seen none of them."
    )
    nothing = "<b>Nothing was held out:</b> " if not n_held_out else ""
    return (
        f"{nothing}{len(report.measured):,} photographs have a mask drawn by a person{drawn}. "
        f"{n_held_out:,} of them were held out: the weights have not seen them, nor another "
        f"photograph of the specimen. {seen} The two are never mixed."
    )


def _calibration(report: CutoutReport) -> Iterator[str]:
    found = report.calibration()
    yield "<h2>Can the confidence be believed?</h2>"
    if not found.bins:
        yield "<p>That can only be said of held-out photographs, and there are none.</p>"
        return
    n_media = len(report.of("held_out"))
    said = f"Expected calibration error {three(found.error)} over {n_media:,} held-out photographs."
    points = [(one.confidence, one.measured) for one in found.bins]
    axes = share_axis("confidence: overlap foretold"), share_axis("overlap measured (IoU)")
    svg = line("Reliability of the confidence", said, *axes, points, diagonal=True)
    rows = (
        [
            f"{one.low:.1f} to {one.high:.1f}",
            three(one.confidence),
            three(one.measured),
            f"{one.n:,}",
        ]
        for one in found.bins
    )
    note = f"{said} On the dashed line, the confidence is the truth; below it, boasts."
    yield from plot(svg, note, ("confidence", "mean", "IoU", "media"), rows)
    yield from _coverage(report)


def _coverage(report: CutoutReport) -> Iterator[str]:
    curve = report.kept_surest()
    half = next(mean for share, _, mean in curve if share >= 0.5)
    said = f"Keep the surest half: mean IoU {three(half)}. Keep all: {three(curve[-1][2])}."
    points = [(share, mean) for share, _, mean in curve]
    axes = share_axis("share kept, the surest first"), share_axis("mean IoU")
    svg = line("What is kept and how good it is", said, *axes, points)
    rows = ([f"{share:.0%}", three(least), three(mean)] for share, least, mean in curve)
    yield from plot(svg, said, ("kept", "confidence from", "mean IoU"), rows)


def _confidence(report: CutoutReport) -> Iterator[str]:
    counts = report.counts.confidence
    yield "<h2>Confidence of all media</h2>"
    if not sum(counts):
        yield "<p>The machine has stated no confidence.</p>"
        return
    edges = [place / N_BINS for place in range(N_BINS + 1)]
    sure = sum(counts[int(0.8 * N_BINS) :])
    said = f"{sure:,} of {sum(counts):,} media have a confidence of 0.8 or more."
    x, y = share_axis("confidence"), count_axis(counts)
    svg = bars("Confidence of the machine's cut-outs", said, x, y, edges, counts)
    rows = (
        [f"{low:.2f} to {high:.2f}", f"{count:,}"]
        for low, high, count in zip(edges, edges[1:], counts, strict=False)
        if count
    )
    yield from plot(svg, said, ("confidence", "media"), rows)


def _counts(report: CutoutReport) -> Iterator[str]:
    counts = report.counts
    lines = (
        ("photographs", counts.n_photographs),
        ("photographs with several specimens", counts.n_several),
        ("media cut out", counts.n_cut),
        ("of these by a person's mask", counts.n_by_person),
        ("media rejected", counts.n_rejected),
        ("photographs that failed (wk failures cutout)", counts.n_failed),
        ("photographs judged by a person", counts.n_judged),
        ("media with a reason to look, not yet judged", counts.n_for_a_person),
    )
    yield "<h2>What became of them</h2>"
    cells = ([("", "what", name), ("n", "number", f"{number:,}")] for name, number in lines)
    yield from table("quiet", "Counts", "", ("what", "number"), cells, numbers=(1,))
    if counts.reasons:
        reasons = list(counts.reasons.items())[:_MOST_REASONS]
        rows = ([("", "reason", escape(why)), ("n", "media", f"{n:,}")] for why, n in reasons)
        heads = ("reason", "media")
        yield from table("", "Rejected or doubtful, by reason", "", heads, rows, numbers=(1,))


def _worst(root: Path, report: CutoutReport, n_pictures: int) -> Iterator[str]:
    part = next((part for part in PARTS if report.of(part)), None)
    if part is None or not n_pictures:
        return
    worst = sorted(report.of(part), key=lambda one: one.agreement.iou)[:n_pictures]
    yield f"<h2>Worst agreement, {PART_NAMES[part]}</h2>"
    yield (
        '<p class="soft">Left the photograph with two outlines: the machine\'s orange, the '
        "person's blue. Right the cut-out as it is now: a person's mask is used where "
        "there is one.</p>"
    )
    yield from pictures.gallery(_measured_entry(root, one) for one in worst)


def _measured_entry(root: Path, one: Measured) -> pictures.Shown:
    truth, found = one.truth, one.agreement
    probability, drawn = masks_of(root, truth)
    shown = _pair(root, truth.thumbnail, truth.cutout, probability >= THRESHOLD, drawn)
    lines = (
        f"IoU {three(found.iou)}, boundary F {three(found.boundary_f)}",
        f"thin parts {three(found.thin_part_recall)}, confidence {three(one.confidence)}",
    )
    return pictures.Shown(truth.name, lines, shown)


def _least_sure(collection: Collection, n_pictures: int) -> Iterator[str]:
    rows = least_sure(collection, n_pictures) if n_pictures else []
    if not rows:
        return
    yield "<h2>Least sure</h2>"
    yield (
        '<p class="soft">What the machine was least sure of and nobody has judged: its outline '
        "on the photograph, and the cut-out if there is one.</p>"
    )
    yield from pictures.gallery(_doubtful_entry(collection.root, row) for row in rows)


def _doubtful_entry(root: Path, row: Mapping[str, Any]) -> pictures.Shown:
    mask = None
    if row["mask"]:
        try:
            mask = from_grey(read_blob(root, row["mask"])) >= THRESHOLD
        except WunderkammerError:
            mask = None
    shown = _pair(root, row["thumbnail"], row["cutout"], mask, None)
    lines = (f"confidence {three(row['cutout_confidence'])}", row["cutout_reason"] or "")
    return pictures.Shown(row["name"], lines, shown)


def _pair(
    root: Path,
    thumbnail: str | None,
    cutout: str | None,
    machine: Mask | None,
    person: Mask | None,
) -> tuple[tuple[bytes, str], ...]:
    """Return the photograph with its outlines, and the cut-out; what is gone is left out."""
    shown = []
    try:
        if thumbnail:
            photograph = pictures.photograph(root, thumbnail)
            drawn = pictures.outlined(photograph, machine, pictures.MACHINE)
            drawn = pictures.outlined(drawn, person, pictures.PERSON)
            shown.append((pictures.encoded(drawn), "photograph with outlines"))
        if cutout:
            rgb = on_colour(pictures.cutout(root, cutout), pictures.GROUND)
            shown.append((pictures.encoded(rgb), "cut-out"))
    except WunderkammerError:
        return tuple(shown)
    return tuple(shown)


def left_out_table(left_out: Sequence[LeftOut]) -> Iterator[str]:
    """Yield what could not be measured, by reason, as HTML."""
    by_reason: dict[str, list[str]] = {}
    for one in left_out:
        by_reason.setdefault(one.why, []).append(one.name)
    often = sorted(by_reason.items(), key=lambda item: -len(item[1]))[:_MOST_REASONS]
    cells = (
        [
            ("n", "number", f"{len(names):,}"),
            ("w", "why", escape(why)),
            ("w", "which", escape(", ".join(names[:_NAMED]) + (", …" * (len(names) > _NAMED)))),
        ]
        for why, names in often
    )
    note = "The JSON file beside this page names each."
    heads = ("number", "why", "which")
    yield from table("", f"{len(left_out):,} not measured", note, heads, cells, numbers=(0,))


def three(value: float) -> str:
    """Return a figure with three decimals; a minus for what is not a number."""
    return "-" if math.isnan(value) else f"{value:.3f}"


def interval(found: Estimate, form: str = "{:.3f}") -> str:
    """Return a figure with its interval and how many it is of, as HTML."""
    if not found.n:
        return "none"
    value, low, high = (form.format(one) for one in found[:3])
    between = "" if math.isnan(found.low) else f"{low} to {high}, "
    return f"<b>{value}</b><span>{between}n = {found.n:,}</span>"


def _method() -> str:
    return (
        "What is compared is the segmenter's own mask (probability one half and more) before "
        "labels are taken away and edges refined, at the size of the person's mask and at most "
        f"{MOST_PX:,} pixels. Outlines agree within {TOLERANCE:.1%} of the diagonal; parts "
        f"narrower than {THIN:.0%} of it are thin. Intervals: percentile bootstrap, 2,000 "
        "resamples, one seed."
    )
