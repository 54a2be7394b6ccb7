"""What a table stage made before: where it goes on from that, the key says so.

A map that grows depends on the map it grew from. So the finished result it goes on
from is an input like any other: its key enters the key of the next one, and a chain of
keys is the history of a result. The same history makes the same bytes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from wunderkammer.core.files import read_json, write_json, written_whole
from wunderkammer.core.settings import digest_of
from wunderkammer.core.stage import TableResult, TableStage

REMEMBERED = "remembered.parquet"
"""Among the files of a table stage that remembers: media, what they were made from, and values."""

_PENDING = "before.json"


@dataclass(frozen=True, slots=True)
class History:
    """What a result goes on from.

    Attributes
    ----------
    before : str
        Key of the finished result; empty if it begins anew.
    asked_again : bool
        Whether a person asked for more than what has changed.
    """

    before: str = ""
    asked_again: bool = False

    def key(self, inputs: str) -> str:
        """Return the key of what is made of these inputs, going on from there."""
        return digest_of([inputs, asdict(self)]) if self.before else inputs

    def note(self) -> dict[str, Any]:
        """Return what is kept beside the rows; nothing if it begins anew."""
        return {"history": asdict(self)} if self.before else {}

    @classmethod
    def noted(cls, state: Mapping[str, Any]) -> History:
        """Return the history of a finished result from what was kept beside its rows."""
        return cls(**state.get("history", {}))


def history_of(
    stage: TableStage, folder: Path, artifacts: Path, *, asked_again: bool = False
) -> History:
    """Return what the next result of a stage goes on from.

    Parameters
    ----------
    stage : TableStage
        With other settings than before, or if it remembers nothing, it begins anew.
    folder : Path
        Of its rows.
    artifacts : Path
        Of its files, above those of each key.
    asked_again : bool, optional
        Whether a person asked for it.
    """
    if not stage.remembers():
        return History()
    state = read_json(folder / "stage.json")
    # without it, a run was killed while rows were replaced: it is finished as it was begun
    found = read_json(folder / _PENDING) if state is None else state
    if not found or found.get("settings_digest") != stage.digest():
        return History()
    key = str(found["key"])
    if not remembered_file(artifacts, key).exists():
        return History()
    return History(key, asked_again or (state is None and bool(found["asked_again"])))


def put_down(stage: TableStage, folder: Path, history: History) -> None:
    """Note what a result goes on from, before the rows of that are replaced."""
    if history.before:
        note = {"key": history.before, "asked_again": history.asked_again}
        write_json(folder / _PENDING, {**note, "settings_digest": stage.digest()})
    else:
        (folder / _PENDING).unlink(missing_ok=True)


def forget(folder: Path) -> None:
    """Remove the note of :func:`put_down`, as the new result is whole."""
    (folder / _PENDING).unlink(missing_ok=True)


def remembered_file(artifacts: Path, key: str) -> Path:
    """Return where a stage keeps what it remembers of a key."""
    return artifacts / key[:12] / REMEMBERED


def remember(stage: TableStage, media: pa.Table, result: TableResult, folder: Path) -> None:
    """Keep some of the values that were made, and what they were made from."""
    names = stage.remembers()
    if names:
        kept = {name: result.values[name] for name in names}
        with written_whole(folder / REMEMBERED) as path:
            table = pa.table({"media_id": media["media_id"], "input": media["input"], **kept})
            pq.write_table(table, path, compression="zstd")


def recalled(artifacts: Path, history: History, media: pa.Table) -> pa.Table | None:
    """Return what was made before of some media; None if it begins anew.

    Parameters
    ----------
    artifacts : Path
        Of the stage's files, above those of each key.
    history : History
    media : pyarrow.Table
        ``media_id``, and ``input``: the digest of the cells that are read of it now.

    Returns
    -------
    pyarrow.Table or None
        A row for each of the media in their order: the remembered columns, null for
        media that are new, and ``unchanged``: whether its cells are those of then.
    """
    if not history.before:
        return None
    kept = pq.read_table(remembered_file(artifacts, history.before))
    ids = media["media_id"].cast(kept.schema.field("media_id").type)
    found = kept.take(pc.index_in(ids, value_set=kept["media_id"]))
    same = pc.equal(found["input"], media["input"].cast(pa.string()))
    same = pc.fill_null(same, fill_value=False)
    return found.drop_columns(["media_id", "input"]).append_column("unchanged", same)
