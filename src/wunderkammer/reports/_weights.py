"""Which weights a stage works with, what their card says, and what they were trained on."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from html import escape
from pathlib import Path
from typing import Any, NamedTuple

from wunderkammer.core.collection import Collection
from wunderkammer.core.files import read_json
from wunderkammer.core.settings import Settings
from wunderkammer.core.stage import Stage
from wunderkammer.core.table import literal
from wunderkammer.reports._document import table
from wunderkammer.training.weights import CARD, METRICS, SPLIT, Weights

TEST = "test"
_IDS_AT_ONCE = 5_000
_LISTED = 40


class WeightsUsed(NamedTuple):
    """What a stage's plug-in learned from.

    Attributes
    ----------
    plugin : str
        Name of the plug-in; empty if the stage has none.
    folder : str
        Name of the folder of weights; empty for a plug-in without weights.
    card, metrics : mapping
        What travels with them.
    parts : mapping of str to str
        Part of the split by medium: ``train``, ``validation`` or ``test``.
    specimens : frozenset of str
        Specimens of this collection with a medium that was trained on.
    """

    plugin: str = ""
    folder: str = ""
    card: Mapping[str, Any] = {}
    metrics: Mapping[str, Any] = {}
    parts: Mapping[str, str] = {}
    specimens: frozenset[str] = frozenset()

    def part(self, media_id: str, specimen_id: str | None = None) -> str:
        """Return whether a medium was ``held_out`` or ``trained_on``.

        Trained on is also what decided when to stop, and another medium of a specimen
        that was trained on.
        """
        seen = self.parts.get(media_id, TEST) != TEST or (specimen_id or "") in self.specimens
        return "trained_on" if seen else "held_out"


def weights_used(collection: Collection, stage: Stage, field: str) -> WeightsUsed:
    """Return what the plug-in in a field of a stage learned from."""
    plugin = getattr(stage, field, None)
    if not isinstance(plugin, Settings):
        return WeightsUsed()
    name = str(getattr(plugin, "name", ""))
    folder = _folder(plugin, collection.root)
    if folder is None:
        return WeightsUsed(name)
    card = tomllib.loads((folder / CARD).read_text(encoding="utf-8"))
    split = Weights(folder, {}, card, {}, {}).split().to_pydict()
    parts = dict(zip(split["media_id"], split["part"], strict=True))
    seen = [media_id for media_id, part in parts.items() if part != TEST]
    metrics = read_json(folder / METRICS) or {}
    return WeightsUsed(name, folder.name, card, metrics, parts, _specimens(collection, seen))


def _folder(plugin: Settings, root: Path) -> Path | None:
    """Return the folder of a plug-in's weights, if it has any and their split is there."""
    files: Mapping[str, Path] = plugin.files(root) if hasattr(plugin, "files") else {}
    for path in files.values():
        if all((path.parent / name).is_file() for name in (CARD, SPLIT)):
            return path.parent
    return None


def _specimens(collection: Collection, media_ids: list[str]) -> frozenset[str]:
    found: set[str] = set()
    for start in range(0, len(media_ids), _IDS_AT_ONCE):
        listed = ", ".join(literal(one) for one in media_ids[start : start + _IDS_AT_ONCE])
        rows = collection.query(
            "SELECT DISTINCT specimen_id FROM records WHERE specimen_id <> '' "  # noqa: S608 - ids are escaped
            f"AND media_id IN ({listed})"
        )
        found.update(rows["specimen_id"].to_pylist())
    return frozenset(found)


def weights_section(used: WeightsUsed) -> Iterator[str]:
    """Yield the card and the held-out figures of the weights as HTML."""
    yield "<h2>The weights</h2>"
    if not used.folder:
        who = f"'{escape(used.plugin)}'" if used.plugin else "The method"
        yield f"<p>{who} has no trained weights: every medium is held out.</p>"
        return
    yield (
        f"<p>'{escape(used.plugin)}' with the weights <b>{escape(used.folder)}</b>. What their "
        "card says and what was measured when they were trained, on media kept aside:</p>"
    )
    for title, mapping in (("Card", used.card), ("Measured in training", used.metrics)):
        rows = list(_flat(mapping))
        cells = ([("", "name", escape(k)), ("w", "value", escape(v))] for k, v in rows[:_LISTED])
        note = f"The first {_LISTED} of {len(rows):,} lines." if len(rows) > _LISTED else ""
        yield from table("", title, note, ("name", "value"), cells)


def _flat(mapping: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, str]]:
    """Yield the values of a nested mapping by their dotted names."""
    for key, value in mapping.items():
        name = f"{before}{key}"
        if isinstance(value, Mapping):
            yield from _flat(value, f"{name}.")
        elif isinstance(value, list):
            yield name, _listed(value)
        else:
            yield name, f"{value:.4g}" if isinstance(value, float) else str(value)


def _listed(values: Iterable[Any]) -> str:
    texts = [str(value) for value in values]
    more = f" … ({len(texts):,} in all)" if len(texts) > 8 else ""
    return ", ".join(texts[:8]) + more
