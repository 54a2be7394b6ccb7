"""``wk train``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from wunderkammer.cli.options import folder

if TYPE_CHECKING:
    from wunderkammer.core.collection import Collection
    from wunderkammer.training.examples import Skipped
    from wunderkammer.training.segmenter import Trained

_SHOWN = 10


@click.group(name="train", short_help="Train a segmenter, an orienter or an encoder.")
def command() -> None:
    """Train on the collection's own media; the weights are a folder below weights/."""


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


@command.command()
@click.option(
    "--kind", default="", metavar="KIND",
    help="autoencoder, vae, triplet, classifier or simclr; simclr needs no labels.",
)  # fmt: skip
@click.option(
    "--preset", default="", metavar="NAME",
    help="Settings of a study: butterflies, kew-ae, kew-triplet or kew-classifier.",
)  # fmt: skip
@click.option(
    "--labels", default="", metavar="COLUMNS",
    help="Columns of the records to learn from, such as genus, or order,family,genus.",
)  # fmt: skip
@click.option(
    "--picture", type=click.Choice(["upright", "cutout", "image"]),
    help="Which picture is looked at; default: the last of these that the collection has.",
)  # fmt: skip
@click.option(
    "--split", "--sample", default="", metavar="NAME",
    help="Learn from the set 'train' of this sample only; default: from all media.",
)  # fmt: skip
@click.option(
    "--called", default="", metavar="NAME",
    help="Write features of this name into collection.toml, made by the new weights; 'wk run' "
    "then computes them beside those of other encoders.",
)  # fmt: skip
@_SETTINGS
@_DEVICE
@click.option(
    "--devices", type=click.IntRange(1), default=1, show_default=True,
    help="Graphics cards that train together, each with batches of its own.",
)  # fmt: skip
@_THREADS
@folder
def encoder(  # noqa: PLR0913  (each is an option with its own name)
    path: Path,
    *,
    kind: str,
    preset: str,
    labels: str,
    picture: str | None,
    split: str,
    called: str,
    assignments: Sequence[str],
    device: str,
    devices: int,
    threads: int,
) -> None:
    """Train an encoder on the collection's pictures.

    \b
    wk train encoder --kind simclr
    wk train encoder --kind triplet --labels genus
    wk train encoder --kind classifier --labels order,family,genus
    wk train encoder --preset butterflies --set n_epochs=30
    It stops when what is held out gets no better. Stopped before, it goes on from its last
    checkpoint when the same command is given again.
    """  # noqa: D301 - \b keeps click from joining the lines
    import wunderkammer
    from wunderkammer.core.device import Device
    from wunderkammer.training.encoder import train_encoder
    from wunderkammer.training.encoder_settings import encoder_training, labelled
    from wunderkammer.training.gathering import picture_examples
    from wunderkammer.training.weights import FOLDER

    collection = wunderkammer.open(path)
    training = encoder_training(kind, preset, _values(assignments), where="wk train encoder")
    training = labelled(training, [one.strip() for one in labels.split(",") if one.strip()])
    examples = picture_examples(collection, picture or "", training.ranks(), split)
    click.echo(f"{len(examples)} pictures")
    trained = train_encoder(
        examples, training, collection.root / "cache" / "training", collection.root / FOLDER,
        device=Device(device, threads, devices), watch=_epoch,
    )  # fmt: skip
    length = trained.metrics["n_features"]
    if called:
        _measured(trained, ())
        _write_features(collection, called, picture, trained)
        return
    _told(
        trained, (), "features.encoder", ["features.encoder.name=trained"],
        [f"features.encoder.length={length}"],
    )  # fmt: skip


def _write_features(
    collection: Collection, called: str, picture: str | None, trained: Trained
) -> None:
    """Add the features of an encoder to collection.toml, or change those of that name."""
    from wunderkammer.core.template import edit

    values = {
        "called": called,
        **({"picture": picture} if picture else {}),
        "encoder.name": "trained",
        "encoder.weights": trained.folder.name,
        "encoder.length": trained.metrics["n_features"],
    }
    changes = {f"features[{called}].{name}": value for name, value in values.items()}
    for line in edit(collection.root, changes, collection.pipeline.stages):
        click.echo(line)


def _told(
    trained: Trained,
    unknown: Sequence[Skipped],
    plugin: str,
    before: Sequence[str] = (),
    after: Sequence[str] = (),
) -> None:
    """Say what was skipped, what was reached, and how the weights are used."""
    _measured(trained, unknown)
    name = trained.folder.name
    click.echo(f"weights/{name}; use them with")
    click.echo(f"  wk config set {' '.join([*before, f'{plugin}.weights={name}', *after])}")


def _measured(trained: Trained, unknown: Sequence[Skipped]) -> None:
    """Say what was skipped and what was reached."""
    _name_skipped([*unknown, *trained.skipped])
    click.echo(
        f"trained on {trained.n_train}, stopped by {trained.n_validation}, "
        f"measured on {trained.n_test} held out:"
    )
    _show(trained.metrics)


def _training(kind: Any, assignments: Sequence[str]) -> Any:
    """Return the settings of a training from NAME=VALUE."""
    from wunderkammer.core.settings import build

    return build(kind, _values(assignments), where="wk train --set")


def _values(assignments: Sequence[str]) -> dict[str, Any]:
    """Return the table that NAME=VALUE stand for."""
    from wunderkammer.core.template import parse_assignment

    values: dict[str, Any] = {}
    for text in assignments:
        name, value = parse_assignment(text)
        *parents, last = name.split(".")
        table = values
        for parent in parents:
            table = table.setdefault(parent, {})
        table[last] = value
    return values


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
