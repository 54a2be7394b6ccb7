"""RO-Crate: a collection with provenance, licences, weights and citation."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, ClassVar, Literal

from wunderkammer.exports import crate, tables
from wunderkammer.exports.formats import Format, registry
from wunderkammer.exports.originals import Picture, Pictures, picture_option
from wunderkammer.exports.selection import Chosen, licences_of

TABLE = "media.parquet"
_MASKS = "annotations/masks"
_ALL_RUNS = 100_000
_COPIED = (
    ("collection.toml", "settings of every stage"),
    ("runs/*.json", "record of a run"),
)
"""Files of a collection that a crate holds as they are, and what they are."""


@registry.register
class RoCrateFormat(Format):
    """A research object: table, statements, runs, weights and pictures, described as RO-Crate.

    Each stage of each run is an action with its settings and the weights it used. Licence and
    rights holder stand in every row of the table and with every picture.
    """

    name: Literal["ro-crate"] = "ro-crate"
    version: Literal["1"] = "1"
    examples: ClassVar[tuple[str, ...]] = (
        "--to moths-crate",
        "--to moths-crate.zip --picture none",
    )
    picture: Picture = picture_option("original")

    def write(self, chosen: Chosen, folder: Path) -> Mapping[str, int]:
        """Write ``ro-crate-metadata.json`` and all that it describes."""
        collection, graph = chosen.collection, crate.Graph()
        runs = collection.runs(_ALL_RUNS)
        date = str(runs[0]["started"])[:10] if runs else "1970-01-01"
        about = collection.configuration.about
        media = licences_of(chosen.rights(row) for row in _stated(chosen))
        root = crate.begin(graph, about, date, media)
        parts: list[Any] = root["hasPart"]
        n_rows = tables.write_parquet(folder / TABLE, tables.tables(chosen))
        parts.append(graph.file(folder, folder / TABLE, "one row a medium, all columns"))
        parts += self._copied(collection.root, folder, graph)
        parts += self._statements(chosen, folder, graph)
        weights = [self._weights(one, folder, graph) for one in _weights_below(collection.root)]
        parts += weights
        n_pictures = 0
        for reference in self._pictures(chosen, folder, graph):
            parts.append(reference)
            n_pictures += 1
        actions = crate.add_runs(graph, runs, TABLE)
        root["mentions"] = actions
        text = json.dumps(graph.document(), indent=1, ensure_ascii=False)
        (folder / crate.FILE).write_text(f"{text}\n", "utf-8")
        return {"rows": n_rows, "pictures": n_pictures, "actions": len(actions),
                "weights": len(weights)}  # fmt: skip

    def _copied(self, source: Path, folder: Path, graph: crate.Graph) -> Iterator[Any]:
        """Copy the files that tell how the collection came to be."""
        for pattern, what in _COPIED:
            for path in sorted(source.glob(pattern)):
                target = folder / path.relative_to(source)
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, target)
                yield graph.file(folder, target, what)

    def _statements(self, chosen: Chosen, folder: Path, graph: crate.Graph) -> Iterator[Any]:
        """Write what people stated of the media that leave, and the masks they drew."""
        leaving = set(chosen.ids)
        for block in chosen.blocks(["media_id", "derivedFromMediaID"]):
            leaving |= set(block["derivedFromMediaID"].drop_null().to_pylist())
        rows = chosen.collection.query(
            'SELECT media_id, term, value, was, who, "when" FROM annotations ORDER BY n'
        ).to_pylist()
        told = [row for row in rows if row["media_id"] in leaving]
        if not told:
            return
        path = folder / "annotations" / "annotations.jsonl"
        path.parent.mkdir()
        lines = (json.dumps(row, ensure_ascii=False) for row in told)
        path.write_text("".join(f"{line}\n" for line in lines), "utf-8")
        yield graph.file(folder, path, "what people stated, who and when")
        drawn = {Path(row["value"]).name for row in told if row["term"] == "mask" and row["value"]}
        for source in sorted((chosen.collection.root / _MASKS).glob("*.png")):
            if source.name in drawn:
                target = folder / _MASKS / source.name
                target.parent.mkdir(exist_ok=True)
                shutil.copyfile(source, target)
                yield graph.file(folder, target, "a mask that a person drew")

    def _weights(self, source: Path, folder: Path, graph: crate.Graph) -> Mapping[str, str]:
        target = folder / "weights" / source.name
        shutil.copytree(source, target)
        return crate.add_weights(graph, folder, target)

    def _pictures(self, chosen: Chosen, folder: Path, graph: crate.Graph) -> Iterator[Any]:
        """Write the picture of each medium, and whose it is."""
        if self.picture == "none":
            return
        pictures = Pictures(chosen, folder, self.picture, "pictures")
        for medium in chosen:
            written = pictures.write(medium)
            if written is not None:
                name = medium.text("scientificName") or medium.media_id
                yield graph.file(
                    folder, folder / written.file, name, identifier=medium.media_id,
                    **graph.rights(medium.rights),
                )  # fmt: skip


def _stated(chosen: Chosen) -> Iterator[Mapping[str, Any]]:
    """Yield what media say of their rights."""
    from wunderkammer.exports.credits import TERMS

    known = [one for one in TERMS if one in chosen.columns]
    for block in chosen.blocks(["media_id", *known]):
        yield from block.to_pylist()


def _weights_below(root: Path) -> list[Path]:
    """Return the folders of weights of a collection that have a card."""
    return sorted(path.parent for path in (root / "weights").glob("*/card.toml"))
