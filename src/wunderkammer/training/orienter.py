"""From cut-outs whose turn is known to the weights of an orienter."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import torch
from torch.utils.data import DataLoader

from wunderkammer.core.device import Device
from wunderkammer.core.errors import NotEnoughMediaError, StageError
from wunderkammer.core.settings import digest_of
from wunderkammer.imaging.angles import difference_deg, summary
from wunderkammer.nets.efficientnet import LiteTrunk
from wunderkammer.nets.rotation import KIND, LOOKS, RotationNet, looked
from wunderkammer.training.imagenet import start_from_imagenet
from wunderkammer.training.orientation import (
    HeldOut,
    OrientationModule,
    OrienterTraining,
    PreparedTurn,
    TurnExample,
    Turns,
    angles_of,
    prepare_turns,
)
from wunderkammer.training.segmenter import Trained
from wunderkammer.training.split import PARTS, filled_split
from wunderkammer.training.trainer import Goal, best_after_training
from wunderkammer.training.weights import read_weights, write_weights

TEST_TURNS = 4
"""Angles at which each cut-out of the test part is measured."""

SURE = 0.5
"""Length of an answer from which on it counts as sure."""

_METRIC = "held_out_error_deg"
_LEAST = 10
_BATCH = 64


def train_orienter(  # noqa: PLR0913  (each has its own name)
    examples: Iterable[TurnExample],
    training: OrienterTraining,
    work: Path,
    parent: Path,
    *,
    device: Device,
    start: Path | None = None,
    card: Mapping[str, Any] | None = None,
    name: str | None = None,
    watch: Callable[[Mapping[str, float]], None] = lambda _: None,
) -> Trained:
    """Train a rotation network and write its weights.

    A training that was stopped, in whatever way, goes on from its last
    checkpoint when it is called again with the same examples and settings.

    Parameters
    ----------
    examples : iterable of TurnExample
    training : OrienterTraining
    work : Path
        Folder for prepared examples and checkpoints; may be deleted afterwards.
    parent : Path
        Where the folder of weights is made.
    device : Device
    start : Path, optional
        Weights to start from, where ``training.start`` is ``"shipped"``.
    card : mapping, optional
        What else the card says.
    name : str, optional
        Name of the folder of weights; default: from their content.
    watch : callable, optional
        Is told ``epoch``, ``loss`` and ``held_out_error_deg`` after each epoch.

    Raises
    ------
    NotEnoughMediaError
        If fewer than ten examples can be used, or the split leaves a part empty.
    """
    prepared, skipped = prepare_turns(examples, work / "cutouts", training.side_px)
    if len(prepared) < _LEAST:
        reasons = "; ".join(f"{one.media_id}: {one.error.message}" for one in skipped[:3])
        raise NotEnoughMediaError(
            f"{len(prepared)} turns can be trained on, and {_LEAST} are needed. {reasons}".strip(),
            hint="State more with 'wk review upright'.",
        )
    parts = parted_turns(prepared, training.seed)
    stated = sorted((one.media_id, one.angle_deg) for one in prepared)
    run = work / digest_of([training.settings(), stated])[:12]
    network = fit_turns(parts["train"], parts["validation"], training, run, device, start, watch)
    metrics = measured_turns(network, parts["test"], training, device)
    folder = write_weights(
        parent,
        network.state_dict(),
        card=_card(parts, card or {}),
        settings={"kind": KIND, **training.settings()},
        metrics=metrics,
        split=_split_table(parts),
        name=name,
    )
    n_train, n_validation, n_test = (len(parts[part]) for part in PARTS)
    return Trained(folder, metrics, n_train, n_validation, n_test, skipped)


def parted_turns(prepared: Sequence[PreparedTurn], seed: int) -> dict[str, list[PreparedTurn]]:
    """Return the examples of each part; one that names its part keeps it.

    Where few groups leave a part empty, one moves there.

    Raises
    ------
    NotEnoughMediaError
        If there are not even three groups.
    """
    groups, stated = [one.group for one in prepared], [one.part for one in prepared]
    parts: dict[str, list[PreparedTurn]] = {name: [] for name in PARTS}
    for one, part in zip(prepared, filled_split(groups, seed, stated), strict=True):
        parts[part].append(one)
    if not all(parts.values()):
        raise NotEnoughMediaError(
            f"{len(prepared)} turns are of fewer than three specimens: nothing can be held out.",
            hint="State the turn of more specimens.",
        )
    return parts


def fit_turns(
    train: Sequence[PreparedTurn],
    validation: Sequence[PreparedTurn],
    training: OrienterTraining,
    run: Path,
    device: Device,
    start: Path | None = None,
    watch: Callable[[Mapping[str, float]], None] = lambda _: None,
) -> RotationNet:
    """Return the network that did best on what was held out.

    Parameters
    ----------
    train, validation : sequence of PreparedTurn
    training : OrienterTraining
    run : Path
        Folder of this training's checkpoints; the last one is gone on from.
    device : Device
    start : Path, optional
        Folder of the weights it starts from, if ``training.start`` is ``"shipped"``.
    watch : callable, optional
        Is told the figures of each epoch.
    """
    torch.set_num_threads(device.n_threads)
    torch.manual_seed(training.seed)
    module = OrientationModule(training, begun(training, start))
    module.network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    best_after_training(
        module,
        Turns(train, validation, training),
        run,
        Goal(_METRIC, "min", training.n_epochs, training.patience),
        device=device,
        watch=watch,
    )
    return module.network.eval()


def begun(training: OrienterTraining, start: Path | None) -> RotationNet:
    """Return the network as training begins with it.

    Raises
    ------
    StageError
        If the weights to start from are of another size.
    """
    network = RotationNet(training.n_blocks, training.side_px)
    if training.start == "shipped" and start is not None:
        weights = read_weights(start, KIND)
        asked = {"n_blocks": training.n_blocks, "side_px": training.side_px}
        found = {key: weights.settings[key] for key in asked}
        if found != asked:
            raise StageError(
                f"{start} is a network of {found}, and {asked} is asked for.",
                hint="Leave n_blocks and side_px as they are, or set start to 'imagenet'.",
            )
        network.load_state_dict(dict(weights.tensors))
    elif training.start == "imagenet":
        _start_with_alpha(network.trunk)
    return network


def _start_with_alpha(trunk: LiteTrunk) -> None:
    """Give a trunk of four channels the ImageNet weights; alpha begins without any."""
    known = LiteTrunk(len(trunk.blocks))
    start_from_imagenet(known)
    state = known.state_dict()
    stem = "stem.convolution.weight"
    state[stem] = torch.nn.functional.pad(state[stem], (0, 0, 0, 0, 0, 1))
    trunk.load_state_dict(state)


def measured_turns(
    network: RotationNet,
    test: Sequence[PreparedTurn],
    training: OrienterTraining,
    device: Device,
) -> dict[str, Any]:
    """Return held-out figures: angular errors by number of looks, and what confidence tells."""
    network = network.to(device.name).eval()
    looks = HeldOut(test, training, TEST_TURNS)
    figures: dict[str, Any] = {"n_held_out": len(test), "n_angles": TEST_TURNS}
    answers: dict[int, list[torch.Tensor]] = {n_looks: [] for n_looks in LOOKS}
    with torch.inference_mode():
        for squares, _ in DataLoader(looks, _BATCH):
            for n_looks, some in answers.items():
                some.append(looked(network, squares.to(device.name), n_looks).float().cpu())
    for n_looks, some in answers.items():
        vectors = torch.cat(some)
        errors = np.abs(difference_deg(angles_of(vectors).numpy(), looks.angles))
        sure = vectors.norm(dim=1).numpy() >= SURE
        figures[f"looks_{n_looks}"] = {
            **summary(errors)._asdict(),
            "sure": float(sure.mean()),
            "upside_down_where_sure": summary(errors[sure]).upside_down,
        }
    figures |= {key: figures["looks_4"][key] for key in ("median_deg", "p95_deg", "upside_down")}
    network.to("cpu")
    return figures


def _card(parts: Mapping[str, Sequence[PreparedTurn]], more: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "what": "RotationNet: how far a cut-out specimen is turned from upright.",
        "trained": dt.datetime.now(dt.UTC).strftime("%Y-%m-%d"),
        "n_train": len(parts["train"]),
        "n_validation": len(parts["validation"]),
        "n_test": len(parts["test"]),
        **more,
    }


def _split_table(parts: Mapping[str, Sequence[PreparedTurn]]) -> pa.Table:
    rows = [(one.media_id, name) for name, some in parts.items() for one in some]
    return pa.table({"media_id": [row[0] for row in rows], "part": [row[1] for row in rows]})
