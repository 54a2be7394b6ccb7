"""What is applied: what a round learnt, and from which probability on it is believed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from wunderkammer.core.errors import StageError
from wunderkammer.core.files import written_whole
from wunderkammer.core.sums import settle, written_noted
from wunderkammer.curation._safetensors import in_order
from wunderkammer.curation.calibration import mean_probabilities
from wunderkammer.curation.ensemble import HeadEnsemble
from wunderkammer.curation.rounds import Round
from wunderkammer.curation.task import Task, applied_path

_FORETOLD = "wunderkammer predictions 1"


@dataclass(frozen=True, eq=False)
class Foretold:
    """What members said of each medium, where they do not sort by features.

    These are networks, which look at pictures, or another program's. A medium that came after
    their round is not among what they said.

    Attributes
    ----------
    ids : tuple of str
    chances : ndarray of float32, shape (n, n_classes)
        Calibrated.
    classes : tuple of str
        In the order of the columns.
    """

    ids: tuple[str, ...]
    chances: npt.NDArray[np.float32]
    classes: tuple[str, ...]

    @cached_property
    def place(self) -> Mapping[str, int]:
        """The place of each medium."""
        return {one: place for place, one in enumerate(self.ids)}

    def save(self, path: Path) -> None:
        """Write it as one safetensors file, whole or not at all."""
        from safetensors.numpy import save

        numbers = np.frombuffer(bytes.fromhex("".join(self.ids)), np.uint8)
        tensors: dict[str, npt.NDArray[Any]] = {
            "ids": numbers.reshape(len(self.ids), -1),
            "chances": np.ascontiguousarray(self.chances),
        }
        about = {"kind": _FORETOLD, "classes": json.dumps(self.classes)}
        with written_whole(path) as temporary:
            temporary.write_bytes(in_order(save(tensors, metadata=about)))

    @classmethod
    def load(cls, path: Path) -> Foretold:
        """Read what :meth:`save` wrote."""
        from safetensors import safe_open

        with safe_open(path, framework="numpy") as file:
            ids = tuple(row.tobytes().hex() for row in file.get_tensor("ids"))
            classes = tuple(json.loads(file.metadata()["classes"]))
            return cls(ids, file.get_tensor("chances"), classes)


@dataclass(frozen=True, slots=True, eq=False)
class Applied:
    """What sorts media that nobody has labelled.

    Attributes
    ----------
    ensemble : HeadEnsemble or Foretold
        Members that sort by features, or what others said of each medium.
    threshold : float
        The least probability that needs no person; above 1 where everything does.
    round : int
        Which round they are of.
    precision : float
        What was wanted of what is kept.
    promised : bool
        Whether the audit could promise it.
    """

    ensemble: HeadEnsemble | Foretold
    threshold: float
    round: int
    precision: float
    promised: bool

    def told(self, media_id: str, features: npt.ArrayLike) -> tuple[str, float] | None:
        """Return the class of one medium and its probability; None if nothing is known of it.

        Parameters
        ----------
        media_id : str
        features : array_like, shape (n_features,)
        """
        if isinstance(self.ensemble, Foretold):
            place = self.ensemble.place.get(media_id)
            if place is None:
                return None
            chances = self.ensemble.chances[place]
        else:
            logits = self.ensemble.logits(np.asarray(features, np.float32)[None])
            [chances] = mean_probabilities(logits, self.ensemble.temperature)
        best = int(chances.argmax())
        return self.ensemble.classes[best], float(chances[best])

    def figures(self) -> dict[str, Any]:
        """Return all but the members as JSON values."""
        return {
            "round": self.round,
            "threshold": self.threshold,
            "precision": self.precision,
            "promised": self.promised,
        }


def foretold(made: Round) -> Foretold:
    """Return what a round said of each medium."""
    known = made.predictions()
    chances = mean_probabilities(known.logits, made.temperature)
    return Foretold(known.ids, chances.astype(np.float32), made.task.classes)


def write_applied(root: Path, task: Task, applied: Applied) -> Path:
    """Keep what a task's stage sorts by, in place of what it sorted by before."""
    from safetensors import safe_open
    from safetensors.numpy import save

    path = applied_path(root, task.name)
    with written_noted(path) as temporary:
        applied.ensemble.save(temporary)
        with safe_open(temporary, framework="numpy") as file:
            about = dict(file.metadata() or {})
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - no mapping
        about |= {name: repr(value) for name, value in applied.figures().items()}
        temporary.write_bytes(in_order(save(tensors, metadata=about)))
    settle(path.parent)
    return path


def read_applied(root: Path, task: Task) -> Applied | None:
    """Return what a task's stage sorts by, or None where nothing was applied.

    Raises
    ------
    StageError
        If the file is damaged, or its classes are not those of the task any more.
    """
    path = applied_path(root, task.name)
    if not path.exists():
        return None
    about = _about(path)
    kind = Foretold if about.get("kind") == _FORETOLD else HeadEnsemble
    ensemble = kind.load(path)
    if ensemble.classes != task.classes:
        raise StageError(
            f"sort/{task.name}: a round was applied that knows the classes "
            f"{', '.join(ensemble.classes)}, and the task now has {', '.join(task.classes)}.",
            hint=f"'wk curate round {task.name}' and 'wk curate apply {task.name}', or remove "
            f"{path}.",
        )
    return Applied(
        ensemble,
        float(about.get("threshold", 0)),
        int(about.get("round", 0)),
        float(about.get("precision", 0)),
        about.get("promised") == "True",
    )


def _about(path: Path) -> Mapping[str, str]:
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, framework="numpy") as file:
            return dict(file.metadata() or {})
    except (OSError, SafetensorError) as error:
        raise StageError(
            f"{path} cannot be read: {error}.", hint="Apply a round again: 'wk curate apply'."
        ) from None
