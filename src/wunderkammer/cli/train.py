"""``wk train``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from wunderkammer.cli.options import folder

if TYPE_CHECKING:
    from wunderkammer.training.examples import Skipped
    from wunderkammer.training.segmenter import Trained

_SHOWN = 10


@click.group(name="train", short_help="Train a segmenter or an orienter on what people stated.")
def command() -> None:
    """Train on what people stated; the weights are a folder below weights/."""


_DEVICE = click.option(
    "--device", type=click.Choice(["cpu", "cuda"]), default="cpu", help="Where it computes."
)
_THREADS = click.option("--threads", type=click.IntRange(1), default=2, help="Threads on the CPU.")
_SETTINGS = click.option(
    "--set", "assignments", multiple=True, metavar="NAME=VALUE",
    help="A setting of the training, such as n_epochs=20 or augmentation.mirror=0; may be "
    "repeated.",
)  # fmt: skip


@command.command()
@click.option(
    "--masks", type=click.Path(path_type=Path),
    help="A folder of masks beside those drawn in the browser: PNG, white on the specimen, named "
    "by medium or like the original file.",
)  # fmt: skip
@_SETTINGS
@_DEVICE
@_THREADS
@folder
def segmenter(
    path: Path, masks: Path | None, assignments: Sequence[str], device: str, threads: int
) -> None:
    """Train a segmenter on the collection's masks.

    \b
    wk train segmenter
    wk train segmenter --masks masks/ --set n_epochs=20 --set start=imagenet
    It stops when what is held out gets no better. Stopped before, it goes on from its last
    checkpoint when the same command is given again.
    """  # noqa: D301 - \b keeps click from joining the lines
    import wunderkammer
    from wunderkammer.core.device import Device
    from wunderkammer.segmenters.unet import SHIPPED
    from wunderkammer.training.gathering import mask_examples
    from wunderkammer.training.segmentation import SegmenterTraining
    from wunderkammer.training.segmenter import train_segmenter
    from wunderkammer.training.weights import FOLDER

    collection = wunderkammer.open(path)
    training = _training(SegmenterTraining, assignments)
    examples, unknown = mask_examples(collection, masks)
    click.echo(f"{len(examples)} photographs with a mask")
    trained = train_segmenter(
        examples, training, collection.root / "cache" / "training", collection.root / FOLDER,
        device=Device(device, threads), start=SHIPPED, watch=_epoch,
    )  # fmt: skip
    _told(trained, unknown, "cutout.segmenter")


@command.command()
@click.option(
    "--turns",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="A CSV file of ids and degrees beside what was stated in the browser.",
)
@click.option(
    "--meaning",
    type=click.Choice(["turned", "to-turn"]),
    default="turned",
    show_default=True,
    help="What the file's degrees say, counter-clockwise as seen: how far a specimen is turned, "
    "or how far it has to be.",
)
@_SETTINGS
@_DEVICE
@_THREADS
@folder
def orienter(
    path: Path,
    turns: Path | None,
    meaning: Any,
    assignments: Sequence[str],
    device: str,
    threads: int,
) -> None:
    """Train an orienter on the turns that people stated.

    \b
    wk train orienter
    wk train orienter --turns rotations.csv --meaning to-turn
    It stops when what is held out gets no better. Stopped before, it goes on from its last
    checkpoint when the same command is given again.
    """  # noqa: D301 - \b keeps click from joining the lines
    import wunderkammer
    from wunderkammer.core.device import Device
    from wunderkammer.orienters.rotation_net import SHIPPED
    from wunderkammer.training.gathering import turn_examples
    from wunderkammer.training.orientation import OrienterTraining
    from wunderkammer.training.orienter import train_orienter
    from wunderkammer.training.weights import FOLDER

    collection = wunderkammer.open(path)
    training = _training(OrienterTraining, assignments)
    examples, unknown = turn_examples(collection, turns, meaning)
    click.echo(f"{len(examples)} cut-outs whose turn is known")
    trained = train_orienter(
        examples,
        training,
        collection.root / "cache" / "training",
        collection.root / FOLDER,
        device=Device(device, threads),
        start=SHIPPED,
        watch=_epoch,
    )
    _told(trained, unknown, "upright.orienter")


def _told(trained: Trained, unknown: Sequence[Skipped], plugin: str) -> None:
    """Say what was skipped, what was reached, and how the weights are used."""
    _name_skipped([*unknown, *trained.skipped])
    click.echo(
        f"trained on {trained.n_train}, stopped by {trained.n_validation}, "
        f"measured on {trained.n_test} held out:"
    )
    _show(trained.metrics)
    _how_to_use(trained.folder, plugin)


def _training(kind: Any, assignments: Sequence[str]) -> Any:
    """Return the settings of a training from NAME=VALUE."""
    from wunderkammer.core.settings import build
    from wunderkammer.core.template import parse_assignment

    values: dict[str, Any] = {}
    for text in assignments:
        name, value = parse_assignment(text)
        *parents, last = name.split(".")
        table = values
        for parent in parents:
            table = table.setdefault(parent, {})
        table[last] = value
    return build(kind, values, where="wk train --set")


def _epoch(figures: Mapping[str, float]) -> None:
    shown = "  ".join(
        f"{name.replace('_', ' ')} {value:.4f}"
        for name, value in figures.items()
        if name != "epoch"
    )
    click.echo(f"epoch {int(figures['epoch']) + 1:>3}  {shown}")


def _name_skipped(skipped: Sequence[Skipped]) -> None:
    for one in skipped[:_SHOWN]:
        click.echo(f"skipped {one.media_id}: {one.error.message}", err=True)
    if len(skipped) > _SHOWN:
        click.echo(f"… and {len(skipped) - _SHOWN} more", err=True)


def _show(metrics: Mapping[str, Any]) -> None:
    for name, value in metrics.items():
        if isinstance(value, float):
            click.echo(f"  {name.replace('_', ' '):<24} {value:.3f}")


def _how_to_use(weights: Path, plugin: str) -> None:
    click.echo(f"weights/{weights.name}; use them with")
    click.echo(f"  wk config set {plugin}.weights={weights.name}")
