"""Beginning: a new task is written into ``collection.toml`` with what it needs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import tomlkit

from wunderkammer.core.collection import Collection
from wunderkammer.core.configuration import FILE, configure
from wunderkammer.core.errors import ConfigurationError
from wunderkammer.core.files import write_bytes
from wunderkammer.core.template import edited
from wunderkammer.curation.task import TaskSettings, tasks_of

OF_PHOTOGRAPHS = "photographs"
"""What features are called that see photographs, where others see cut-outs."""

_MEASURE = "measure"


def begin_task(
    collection: Collection,
    task: TaskSettings,
    *,
    measured: bool = True,
) -> list[str]:
    """Write a new task into ``collection.toml``; return what was written, one line a value.

    Parameters
    ----------
    collection : Collection
        Open it again to use the task.
    task : TaskSettings
        What differs from the defaults is written. Where specimens are cut out and no features
        are named, photographs get features of their own, so that bad ones are never cut out.
    measured : bool
        Whether sharpness and light are measured too, for proposals before the first label.

    Raises
    ------
    ConfigurationError
        If there is such a task already, or it cannot be; the file is then left as it was.
    """
    if task.task in tasks_of(collection.configuration):
        raise ConfigurationError(
            f"the task '{task.task}' is there already.",
            hint=f"Change it in {FILE}, or choose another name.",
        )
    kinds = collection.pipeline.stages
    made = edited(collection.root, _changes(collection, task), kinds)
    text, said = made.text, list(made.said)
    if measured and _MEASURE not in tomlkit.parse(text):
        text += "\n# How sharp and how light pictures are: bad ones are proposed.\n[measure]\n"
        said.append("[measure]")
    configure(tomlkit.parse(text).unwrap(), kinds, collection.root)
    write_bytes(collection.root / FILE, text.encode())
    return said


def _changes(collection: Collection, task: TaskSettings) -> dict[str, Any]:
    """Return values by dotted name, the task's name first."""
    values = task.model_dump(mode="json", exclude_defaults=True) | {
        "task": task.task, "classes": list(task.classes),
    }  # fmt: skip
    changes: dict[str, Any] = {}
    if not task.features and _cuts(collection):
        values["features"] = OF_PHOTOGRAPHS
        own = f"features[{OF_PHOTOGRAPHS}]"
        changes = _features_written_out(collection)
        changes |= {f"{own}.called": OF_PHOTOGRAPHS, f"{own}.picture": "image"}
    order: Sequence[str] = ["task", *(name for name in values if name != "task")]
    return changes | {f"sort[{task.task}].{name}": values[name] for name in order}


def _features_written_out(collection: Collection) -> dict[str, Any]:
    """Return the features there are by default, which stay only where they are written."""
    tables = tomlkit.parse((collection.root / FILE).read_text(encoding="utf-8"))
    if "features" in tables:
        return {}
    label = collection.configuration.stage("features").label
    return {f"features[{label}].encoder": label}


def _cuts(collection: Collection) -> bool:
    """Tell whether features are made of cut-outs alone."""
    names = {stage.name for stage in collection.configuration.stages}
    known = {stage.label for stage in collection.configuration.stages if stage.name == "features"}
    return bool(names & {"cutout", "upright"}) and OF_PHOTOGRAPHS not in known
