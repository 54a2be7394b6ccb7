"""The report on a trained encoder as one HTML page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from wunderkammer.reports import _pictures as pictures
from wunderkammer.reports._document import document, figures, made_by, table
from wunderkammer.reports._weights import weights_section
from wunderkammer.reports.calibration import Estimate
from wunderkammer.reports.encoder import Channel, EncoderReport, Images, Painted, Show

_SIDE_PX = 160

STYLE = """
h3 { margin: 1.75rem 0 .25rem; font-size: 1.1rem; overflow-wrap: anywhere; }
.strips { margin: 1rem 0; padding: 0; list-style: none; }
.strips li { padding: .6rem 0; border-top: 1px solid var(--line); }
.strips b, .strips span { font-size: .9rem; overflow-wrap: anywhere; }
.strips span { color: var(--soft); }
.strip { display: grid; grid-template-columns: repeat(auto-fit, minmax(0, 1fr)); gap: .25rem;
  grid-auto-flow: column; max-width: 68rem; margin-top: .3rem; }
.strip img { display: block; width: 100%; aspect-ratio: 1; object-fit: contain; }
.strip img.real { outline: 2px solid var(--ink); outline-offset: -2px; }
.pictures .pair img { aspect-ratio: 1; }
.channel { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: 0 1.5rem; }
.channel small { color: var(--soft); }
.channel .end { display: grid; grid-template-columns: 2fr repeat(4, minmax(0, 1fr)); gap: .25rem;
  align-items: end; }
.channel .end.bare { grid-template-columns: repeat(4, minmax(0, 1fr)); }
.channel .end small { grid-column: 1 / -1; }
.channel img { display: block; width: 100%; aspect-ratio: 1; object-fit: contain; }
@media (max-width: 40rem) { .channel { grid-template-columns: minmax(0, 1fr); } }
"""


def page(report: EncoderReport, show: Show) -> str:
    """Return a report as HTML."""
    parts = [
        *_beginning(report),
        "<main>",
        *(_painted(report, report.painted, show) if report.painted else ()),
        *_channels(report),
        *weights_section(report.weights),
        *_settings(report),
        "</main><footer>",
        made_by(report.made, report.contact),
        "</footer>",
    ]
    return document(f"Encoder: {report.weights.folder}", parts, plots=True, style=STYLE)


def _beginning(report: EncoderReport) -> Iterator[str]:
    kind = escape(str(report.settings.get("kind", "")))
    yield f"<header><h1>Encoder {escape(report.weights.folder)}: {kind}</h1>"
    seen = "kept aside from the training" if report.held_out else (
        "<b>that it was trained on: what follows flatters</b>"
    )  # fmt: skip
    yield (
        f'<p class="soft">What an encoder has learned, shown on {len(report.names):,} media of '
        f"{escape(report.title)} {seen}. Made on {report.made:%d %B %Y}.</p>"
    )
    card = report.weights.card
    numbers = [
        ("features", f"{report.n_features:,}"),
        ("pixels a side", f"{report.squares.shape[1]:,}"),
        ("trained on", f"{card.get('n_train', 0):,} media"),
    ]
    loss = report.weights.metrics.get("loss", report.weights.metrics.get("held_out_loss"))
    if isinstance(loss, float):
        numbers.append(("loss, held out", f"{loss:.4g}"))
    if report.painted:
        numbers.append(("similarity, held out", f"{report.painted.similarity().value:.3f}"))
    yield from figures(numbers)
    yield "</header>"


def _painted(report: EncoderReport, painted: Painted, show: Show) -> Iterator[str]:
    yield "<h2>Reconstructions: what is kept?</h2>"
    yield (
        '<p class="soft">Left what the network is shown, right what it paints from '
        f"{report.settings.get('n_latent', report.n_features)} numbers. What is lost "
        "here, its features cannot tell.</p>"
    )
    rows = (
        [("", "measure", name), ("n", "mean", _interval(found))]
        for name, found in (
            ("absolute difference of pixels, 0 the best", painted.error()),
            ("structural similarity, 1 the best", painted.similarity()),
        )
    )
    note = f"Over {len(painted.errors):,} media, with 95 % intervals."
    yield from table("", "How like the original", note, ("measure", "mean"), rows, numbers=(1,))
    yield from pictures.gallery(
        pictures.Shown(
            report.names[row],
            (f"similarity {painted.similarities[row]:.3f}, difference {painted.errors[row]:.3f}",),
            (
                (pictures.encoded(report.squares[row]), "as it is shown"),
                (pictures.encoded(painted.reconstructions[row]), "as it is painted"),
            ),
        )
        for row in range(min(show.n_pictures, len(painted.reconstructions)))
    )
    yield from _interpolations(report, painted)
    yield from _traversals(painted)


def _interpolations(report: EncoderReport, painted: Painted) -> Iterator[str]:
    if not painted.interpolations:
        return
    yield "<h2>Interpolations: what lies between two?</h2>"
    yield (
        '<p class="soft">Framed the two media; between them what the network paints on the '
        "straight line from one code to the other. Where all steps could be specimens, near "
        "codes mean like specimens.</p>"
    )
    yield '<ul class="strips">'
    for one, other, steps in painted.interpolations:
        names = f"{escape(report.names[one])} → {escape(report.names[other])}"
        ends = (_image(report.squares[row], "the medium", "real") for row in (one, other))
        first, last = ends
        yield f'<li><span>{names}</span><div class="strip">{first}{_strip(steps)}{last}</div></li>'
    yield "</ul>"


def _traversals(painted: Painted) -> Iterator[str]:
    if not painted.traversals:
        return
    yield "<h2>Traversals: what does each latent mean?</h2>"
    yield (
        '<p class="soft">The latents that vary most, each alone from 2.5 standard deviations '
        "below its mean to as many above, all others at their means.</p>"
    )
    yield '<ul class="strips">'
    for number, steps in painted.traversals:
        yield f'<li><b>latent {number}</b><div class="strip">{_strip(steps)}</div></li>'
    yield "</ul>"


def _channels(report: EncoderReport) -> Iterator[str]:
    if not report.channels:
        return
    yield "<h2>Channels: what do features answer to?</h2>"
    made = report.channels[0].excited_lowest is not None
    optimised = (
        " The large pictures are optimised: no specimen, but what drives the channel furthest."
        if made
        else ""
    )
    yield (
        '<p class="soft">The features that vary most, and the media at both ends of each.'
        f"{optimised}</p>"
    )
    yield '<ul class="strips">'
    for channel in report.channels:
        yield f"<li>{_channel(report, channel)}</li>"
    yield "</ul>"


def _channel(report: EncoderReport, channel: Channel) -> str:
    ends = []
    for name, rows, made in (
        ("lowest", channel.lowest, channel.excited_lowest),
        ("highest", channel.highest, channel.excited_highest),
    ):
        first = _image(made, f"optimised, {name}") if made is not None else ""
        media = "".join(_image(report.squares[row], report.names[row]) for row in rows)
        kind = "end" if first else "end bare"
        ends.append(f'<div class="{kind}"><small>{name}</small>{first}{media}</div>')
    return (
        f"<b>channel {channel.number}</b> <span>variance {channel.variance:.3g}</span>"
        f'<div class="channel">{"".join(ends)}</div>'
    )


def _settings(report: EncoderReport) -> Iterator[str]:
    rows = (
        [("", "setting", escape(name)), ("", "value", escape(str(value)))]
        for name, value in report.settings.items()
    )
    yield from table("", "Settings of the training", "", ("setting", "value"), rows)


def _interval(found: Estimate) -> str:
    return f"<b>{found.value:.3f}</b><span>{found.low:.3f} to {found.high:.3f}</span>"


def _strip(steps: Sequence[Images] | Images) -> str:
    return "".join(_image(one, "painted") for one in steps)


def _image(pixels: Images, said: str, kind: str = "") -> str:
    return pictures.image(pictures.encoded(pixels, _SIDE_PX), said, kind)
