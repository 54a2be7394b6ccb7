"""Planted and suspected wrong labels of an examination as HTML."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any, NamedTuple

from wunderkammer.reports._album import Album
from wunderkammer.reports._charts import Series, lines, plot, share_axis, swatch
from wunderkammer.reports._document import table
from wunderkammer.reports._examination_read import Examination, Figures, leading, value_at
from wunderkammer.reports._examination_tables import folded, grid, part_name, shown

N_ISSUES = 48
"""Suspected labels that the page lists."""

_OPEN, _NEIGHBOURS, _SIDE_PX = 16, 4, 144

STYLE = """
.issues { display: grid; grid-template-columns: repeat(auto-fill, minmax(20rem, 1fr));
  gap: 1.25rem; margin: 1rem 0; padding: 0; list-style: none; }
.issues li { display: grid; grid-template-columns: 7rem minmax(0, 1fr); gap: .2rem .8rem;
  align-content: start; padding-top: .75rem; border-top: 1px solid var(--line); }
.issues li > img { grid-row: span 2; width: 7rem; height: 7rem; object-fit: contain;
  background: #e8ebee; }
.issues p { margin: 0; overflow-wrap: anywhere; font-size: .92rem; line-height: 1.35; }
.issues del { color: var(--bad); }
.issues .near { display: grid; grid-column: 2; grid-template-columns: repeat(4, minmax(0, 1fr));
  gap: .25rem; }
.issues .near figure { margin: 0; min-width: 0; }
.issues .near img { display: block; width: 100%; aspect-ratio: 1; object-fit: contain;
  background: #e8ebee; }
.issues .near figcaption { overflow: hidden; font-size: .75rem; text-overflow: ellipsis;
  white-space: nowrap; }
.gone { overflow-wrap: anywhere; font-size: .75rem; color: var(--soft); }
@media (max-width: 40rem) { .issues { grid-template-columns: minmax(0, 1fr); } }
"""

LEADING_WAY = "both"
"""The way of looking that stands for all: the mean of classifier and neighbours."""

_TOLD = {
    "random": "at random",
    "within_family": "within the family",
    "confidence": "classifier (cleanlab)",
    "neighbours": "neighbours",
    "both": "both together",
}


class Found(NamedTuple):
    """How well one encoder found planted labels in one way.

    Attributes
    ----------
    encoder, rank, split : str
    kind, share, way : str
        How labels were planted, how many, and how they were looked for.
    figures : mapping
    """

    encoder: str
    rank: str
    split: str
    kind: str
    share: str
    way: str
    figures: Figures


def planted(one: Examination, rank: str | None = None, split: str | None = None) -> list[Found]:
    """Return all findings of planted labels, of one rank and set if asked for."""
    return [
        Found(cell.encoder, cell.rank, cell.split, kind, share, way, figures)
        for cell in one.of("mislabels", rank, split)
        for kind, by_share in cell.figures.items()
        if isinstance(by_share, Mapping)
        for share, by_way in by_share.items()
        if isinstance(by_way, Mapping)
        for way, figures in by_way.items()
        if isinstance(figures, Mapping) and "average_precision" in figures
    ]


def told(word: str) -> str:
    """Return how labels were planted or looked for, in words."""
    return _TOLD.get(word, word)


def media_shown(one: Examination) -> set[str]:
    """Return the media whose pictures are shown."""
    found = set()
    for row in _issues(one):
        found.add(row["media_id"])
        found.update((row["neighbours"] or [])[:_NEIGHBOURS])
    return found


def mislabels(one: Examination, album: Album) -> Iterator[str]:
    """Yield how well planted wrong labels are found, and which labels here are suspect."""
    rank, split = leading(one, "mislabels")
    found = planted(one)
    if not found and not _issues(one):
        return
    yield '<h2 id="mislabels">Wrong labels: are they found?</h2>'
    if found:
        yield (
            "<p>Some labels were made wrong on purpose, at random or only to another of the same "
            "family, as people err; then they are looked for. Average precision judges the "
            "whole ranking, the most suspect first; precision and recall what was flagged.</p>"
        )
        yield from _leading(one, rank, split)
        for where in sorted({(each.rank, each.split) for each in found}):
            some = [each for each in found if (each.rank, each.split) == where]
            title = f"All figures, {', '.join(filter(None, (where[0], part_name(where[1]))))}"
            yield from folded(title, _figures(some))
    yield from _suspected(one, album)


def _leading(one: Examination, rank: str, split: str) -> Iterator[str]:
    """Yield the average precision of the leading rank and set, and its curves."""
    some = [each for each in planted(one, rank, split) if each.way == LEADING_WAY]
    columns = {
        (each.kind, each.share): f"{each.share} {told(each.kind)}"
        for each in sorted(some, key=lambda each: (each.kind, float(each.share.rstrip("%"))))
    }
    values = {
        (each.encoder, (each.kind, each.share)): value_at(each.figures, "average_precision")
        for each in some
    }
    title = f"Average precision, {escape(rank)}, {escape(part_name(split))}"
    note = "Looked for by classifier and neighbours together."
    yield from grid(title, note, one.encoders(), columns, values)
    for place, (kind, share) in enumerate(columns):
        curves = {each.encoder: each.figures for each in some
                  if (each.kind, each.share) == (kind, share)}  # fmt: skip
        title = f"Precision and recall, {columns[kind, share]}, {rank}, {part_name(split)}"
        parts = _curve(one, title, curves)
        yield from folded(title, parts) if place else parts


def _figures(some: Sequence[Found]) -> Iterator[str]:
    heads = ("encoder", "planted", "looked for by", "average precision", "precision", "recall",
             "F1", "false alarms", "wrong of all")  # fmt: skip
    keys = ("average_precision", "precision", "recall", "f1", "false_positive_rate")
    rows = (
        [
            ("", "encoder", escape(each.encoder)),
            ("", "planted", escape(f"{each.share} {told(each.kind)}")),
            ("", "looked for by", escape(told(each.way))),
            *(
                ("n", head, shown(value_at(each.figures, key)))
                for head, key in zip(heads[3:], keys, strict=False)
            ),
            ("n", "wrong of all",
             f"{each.figures.get('n_wrong', 0):,} of {each.figures.get('n_media', 0):,}"),
        ]
        for each in some
    )  # fmt: skip
    note = "False alarms: the share of the right labels that are flagged."
    yield from table("wide", "Planted labels, found", note, heads, rows, numbers=range(3, 9))


def _curve(one: Examination, title: str, found: Mapping[str, Figures]) -> Iterator[str]:
    series, rows = [], []
    for place, name in enumerate(one.encoders()):
        curve = found.get(name, {}).get("curve", {})
        points = list(zip(curve.get("recall", ()), curve.get("precision", ()), strict=True))
        series.append(Series(name, points))
        if points:
            value = shown(value_at(found[name], "average_precision"))
            rows.append([f"{swatch(place)}{escape(name)}", value])
    svg = lines(title, title, share_axis("recall"), share_axis("precision"), series)
    yield from plot(svg, escape(f"{title}."), ("encoder", "average precision"), rows, named=True)


def _issues(one: Examination) -> list[dict[str, Any]]:
    """Return the most suspect labels, one a medium."""
    if one.issues is None:
        return []
    kept: dict[str, dict[str, Any]] = {}
    order = one.issues.sort_by([("score", "ascending"), ("media_id", "ascending")])
    for batch in order.to_batches(max_chunksize=N_ISSUES):
        for row in batch.to_pylist():
            kept.setdefault(row["media_id"], row)
            if len(kept) == N_ISSUES:
                return list(kept.values())
    return list(kept.values())


def _suspected(one: Examination, album: Album) -> Iterator[str]:
    rows = _issues(one)
    if one.issues is None or not rows:
        return
    n_media = len(set(one.issues["media_id"].to_pylist()))
    yield '<h3 id="issues">Suspected in this collection</h3>'
    yield (
        f"<p>{n_media:,} media have a label that what they look like speaks against; the most "
        "suspect come first, each beside its nearest neighbours. These are proposals: "
        "'wk review labels' shows them to a person, and the museum's word stays.</p>"
    )
    yield from _list(rows[:_OPEN], album)
    if len(rows) > _OPEN:
        yield from folded(f"{len(rows) - _OPEN:,} more", _list(rows[_OPEN:], album))


def _list(rows: Sequence[Mapping[str, Any]], album: Album) -> Iterator[str]:
    yield '<ul class="issues">'
    for row in rows:
        near = "".join(
            f"<figure>{album.image(media_id, _SIDE_PX)}"
            f'<figcaption title="{escape(str(label))}">{escape(str(label))}</figcaption></figure>'
            for media_id, label in list(
                zip(row["neighbours"] or (), row["neighbour_labels"] or (), strict=False)
            )[:_NEIGHBOURS]
        )
        yield (
            f"<li>{album.image(row['media_id'], 2 * _SIDE_PX)}<p><b>"
            f"{escape(album.name(row['media_id']))}</b><br>{escape(row['rank'])} "
            f"<del>{escape(row['label'])}</del> → {escape(row['proposed'] or 'another')}<br>"
            f'<span class="soft">score {row["score"]:.3f}, {escape(row["encoder"])}</span></p>'
            f'<div class="near">{near}</div></li>'
        )
    yield "</ul>"
