"""From photographs with masks to the weights of a segmenter."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa

from wunderkammer.core.device import Device
from wunderkammer.core.errors import NotEnoughMediaError
from wunderkammer.core.settings import digest_of
from wunderkammer.training.examples import MaskExample, Prepared, Skipped, prepare
from wunderkammer.training.segmentation import SegmenterTraining
from wunderkammer.training.split import PARTS, filled_split
from wunderkammer.training.weights import write_weights

KIND = "unet"
_PREPARED_PX = 640
_LEAST = 10


@dataclass(frozen=True, slots=True)
class Trained:
    """What a training came to.

    Attributes
    ----------
    folder : Path
        The weights.
    metrics : mapping
        Held-out figures.
    n_train, n_validation, n_test : int
        Examples in each part.
    skipped : sequence of Skipped
        Examples that could not be used.
    """

    folder: Path
    metrics: Mapping[str, Any]
    n_train: int
    n_validation: int
    n_test: int
    skipped: Sequence[Skipped] = field(default_factory=tuple)


def train_segmenter(
    examples: Iterable[MaskExample],
    training: SegmenterTraining,
    work: Path,
    parent: Path,
    *,
    device: Device,
    start: Path | None = None,
    card: Mapping[str, Any] | None = None,
    watch: Callable[[Mapping[str, float]], None] = lambda _: None,
) -> Trained:
    """Train a segmenter and write its weights.

    A training that was stopped, in whatever way, goes on from its last
    checkpoint when it is called again with the same examples and settings.

    Parameters
    ----------
    examples : iterable of MaskExample
    training : SegmenterTraining
    work : Path
        Folder for prepared examples and checkpoints; may be deleted afterwards.
    parent : Path
        Where the folder of weights is made.
    device : Device
    start : Path, optional
        Weights to start from, where ``training.start`` is ``"shipped"``.
    card : mapping, optional
        What else the card says.
    watch : callable, optional
        Is told ``epoch``, ``loss`` and ``held_out_iou`` after each epoch.

    Raises
    ------
    NotEnoughMediaError
        If fewer than ten examples can be used, or they are of fewer than three specimens.
    """
    from wunderkammer.training.fitting import fit, measured

    prepared, skipped = prepare(examples, work / "examples", _PREPARED_PX)
    if len(prepared) < _LEAST:
        reasons = "; ".join(f"{one.media_id}: {one.error.message}" for one in skipped[:3])
        raise NotEnoughMediaError(
            f"{len(prepared)} masks can be trained on, and {_LEAST} are needed. {reasons}".strip(),
            hint="Draw more with 'wk review cutout'.",
        )
    parts = parted(prepared, training.seed)
    run = work / digest_of([training.settings(), sorted(one.media_id for one in prepared)])[:12]
    network = fit(parts["train"], parts["validation"], training, run, device, start, watch=watch)
    metrics, calibration = measured(network, parts["validation"], parts["test"], training, device)
    folder = write_weights(
        parent,
        network.state_dict(),
        card=_card(parts, card or {}),
        settings={
            "kind": KIND,
            **training.settings(),
            "n_sizes": len(training.sizes_px),
            "calibration": calibration,
        },
        metrics=metrics,
        split=_split_table(parts),
    )
    n_train, n_validation, n_test = (len(parts[name]) for name in parts)
    return Trained(folder, metrics, n_train, n_validation, n_test, skipped)


def parted(prepared: Sequence[Prepared], seed: int) -> dict[str, list[Prepared]]:
    """Return the examples by part; where chance left a part empty, a group moves into it.

    Raises
    ------
    NotEnoughMediaError
        If there are not even three groups.
    """
    parts: dict[str, list[Prepared]] = {name: [] for name in PARTS}
    drawn = filled_split([one.group for one in prepared], seed)
    for one, part in zip(prepared, drawn, strict=True):
        parts[part].append(one)
    if not all(parts.values()):
        raise NotEnoughMediaError(
            f"{len(prepared)} masks are of fewer than three specimens: nothing can be held out.",
            hint="Draw masks of more specimens.",
        )
    return parts


def _split_table(parts: Mapping[str, Sequence[Prepared]]) -> pa.Table:
    rows = [
        {"media_id": one.media_id, "part": name} for name, some in parts.items() for one in some
    ]
    return pa.Table.from_pylist(sorted(rows, key=lambda row: row["media_id"]))


def _card(parts: Mapping[str, Sequence[Prepared]], more: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "what": "A U-Net that tells specimens from their background.",
        "made": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        **{f"n_{name}": len(some) for name, some in parts.items()},
        **more,
    }
