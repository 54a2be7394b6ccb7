"""Contestants: features that are there, encoders that are run, kinds that are trained first."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq

from wunderkammer.core.collection import Collection
from wunderkammer.core.device import Device
from wunderkammer.core.errors import ConfigurationError, UnknownNameError, nearest
from wunderkammer.core.files import read_json, write_json
from wunderkammer.core.settings import digest_of
from wunderkammer.core.stage import Stage
from wunderkammer.core.template import edit
from wunderkammer.encoders import registry
from wunderkammer.evaluation.files import folder
from wunderkammer.evaluation.media import Media
from wunderkammer.evaluation.split import TRAIN, Parts
from wunderkammer.evaluation.vectors import STAGE, encoders_of
from wunderkammer.training.encoder_settings import KINDS, PRESETS, encoder_training
from wunderkammer.training.weights import FOLDER, SPLIT

if TYPE_CHECKING:
    from wunderkammer.training.encoder_settings import EncoderTraining
    from wunderkammer.training.pictures import PictureExample

QUICK: Mapping[str, Mapping[str, Any]] = {
    "autoencoder": {"side_px": 64, "width": 8, "n_epochs": 16},
    "vae": {"side_px": 64, "width": 8, "n_epochs": 16},
    "triplet": {"side_px": 64, "n_epochs": 8, "patience": 3},
    "classifier": {"side_px": 64, "n_epochs": 8, "patience": 3},
    "simclr": {"side_px": 64, "n_epochs": 6, "patience": 3},
}
"""What two cores train in a few minutes; a preset of a study keeps its own settings."""

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Request:
    """Who is wanted.

    Attributes
    ----------
    there : tuple of str
        Features that the collection has.
    encoders : tuple of str
        Encoders whose features it has not yet.
    trained : tuple of str
        Kinds and presets to be trained on the training set.
    """

    there: tuple[str, ...]
    encoders: tuple[str, ...]
    trained: tuple[str, ...]


def requested(collection: Collection, names: Sequence[str]) -> Request:
    """Return who is wanted by their names; none: all features that the collection has.

    Raises
    ------
    UnknownNameError
        If nobody has a name.
    """
    known = encoders_of(collection)
    there, encoders, trained = [], [], []
    for name in dict.fromkeys(names or known):
        if name in known and _record(collection.root, name) is None:
            there.append(name)
        elif name in KINDS or name in PRESETS:
            trained.append(name)
        elif name in registry.names() and name != "trained":
            encoders.append(name)
        else:
            everyone = {*known, *KINDS, *PRESETS, *registry.names()} - {"trained"}
            raise UnknownNameError(
                f"evaluate: no features, encoder or kind of training is called '{name}'.",
                hint=nearest(name, everyone),
            )
    return Request(tuple(there), tuple(encoders), tuple(trained))


def with_encoders(collection: Collection, names: Sequence[str], say: Say) -> Collection:
    """Write encoders to ``collection.toml`` and return the collection as it is then.

    Nothing is computed yet.
    """
    changes = {f"{STAGE}[{name}].encoder.name": name for name in names}
    return _edited(collection, changes, say)


def trained_contestant(
    collection: Collection,
    name: str,
    media: Media,
    parts: Parts,
    values: Mapping[str, Any] | None,
    *,
    device: Device,
    say: Say,
) -> Collection:
    """Train an encoder on the training set, unless that was done, and let it make features.

    Parameters
    ----------
    collection : Collection
        Its pictures must be up to date.
    name : str
        A kind or a preset; what the features are called.
    media : Media
    parts : Parts
    values : mapping or None
        Settings of the training that differ; None: as it was trained before, or quickly.
    device : Device
    say : callable
        Is told what is done.

    Returns
    -------
    Collection
        With the features in its ``collection.toml``; nothing is computed yet.

    Raises
    ------
    NotEnoughMediaError
        If the training set is too small, or has too few labels.
    """
    from wunderkammer.training.encoder import train_encoder

    before = _record(collection.root, name)
    training = _training(name, values, before, media)
    examples = _examples(collection, training, media, parts)
    shown = [[one.media_id, one.content, one.group, dict(one.labels)] for one in examples]
    key = digest_of([training.settings(), shown])
    weights = str(before["weights"]) if before else ""
    if before is None or before["key"] != key or not (collection.root / FOLDER / weights).is_dir():
        say(f"{name}: training on {len(examples):,} pictures")
        made = train_encoder(
            examples, training, collection.root / "cache" / "training", collection.root / FOLDER,
            device=device, card={"for": f"the examination, on the training set only: {name}"},
            watch=lambda figures: say(f"{name}: {_epoch(figures)}"),
        )  # fmt: skip
        before = {
            "key": key, "weights": made.folder.name, "length": made.metrics["n_features"],
            "training": training.settings(),
        }  # fmt: skip
        write_json(_record_path(collection.root, name), before)
    start = f"{STAGE}[{name}]"
    changes = {
        f"{start}.called": name,
        f"{start}.encoder.name": "trained",
        f"{start}.encoder.weights": before["weights"],
        f"{start}.encoder.length": before["length"],
    }
    return _edited(collection, changes, say)


def media_trained_on(collection: Collection, stage: Stage) -> set[str]:
    """Return the media that the weights of an encoder were trained or stopped on, as they say."""
    found: set[str] = set()
    for path in stage.files(collection.root).values():
        split = path.parent / SPLIT
        if split.is_file():
            rows = pq.read_table(split).to_pylist()
            found |= {row["media_id"] for row in rows if row["part"] != "test"}
    return found


def _edited(collection: Collection, changes: Mapping[str, Any], say: Say) -> Collection:
    """Write changes to ``collection.toml``; the features that are there stay the first."""
    if not changes:
        return collection
    first = next(iter(encoders_of(collection).values()))
    kept = {f"{STAGE}[{first.label}].encoder.name": first.settings()["encoder"]["name"]}
    for line in edit(collection.root, kept | dict(changes), collection.pipeline.stages):
        say(f"collection.toml: {line}")
    return Collection(collection.root, collection.pipeline, collection.home)


def _training(
    name: str, values: Mapping[str, Any] | None, before: Mapping[str, Any] | None, media: Media
) -> EncoderTraining:
    """Return the settings of a training, its labels those that the media have."""
    if values is None and before is not None:
        told = dict(before["training"])
        return encoder_training(told.pop("kind"), values=told, where="evaluate")
    preset = name if name in PRESETS else ""
    chosen = dict(QUICK.get(name, {})) | dict(values or {})
    training = encoder_training("" if preset else name, preset, chosen, where="evaluate, training")
    if not training.ranks() or set(training.ranks()) & set(media.told(training.ranks())):
        return training
    told_apart = media.told(tuple(media.labels))
    if not told_apart:
        raise ConfigurationError(
            f"evaluate: '{name}' learns from {', '.join(training.ranks())}, and the media do not "
            "differ in it.",
            hint="Examine simclr, autoencoder or vae, which need no labels.",
        )
    label = {"label": told_apart[-1]} if name == "triplet" else {"labels": [told_apart[-1]]}
    return encoder_training(
        "" if preset else name, preset, chosen | label, where="evaluate, training"
    )


def _examples(
    collection: Collection, training: EncoderTraining, media: Media, parts: Parts
) -> list[PictureExample]:
    """Return the pictures of the training set, labelled as they are examined."""
    from wunderkammer.training.gathering import picture_examples

    place = {one: row for row, one in enumerate(media.ids)}
    found = []
    for one in picture_examples(collection):
        row = place.get(one.media_id)
        if row is None or parts.of[row] != TRAIN:
            continue
        labels = {rank: media.labels[rank][row] for rank in training.ranks()}
        known = {rank: label for rank, label in labels.items() if label is not None}
        found.append(replace(one, group=media.groups[row], labels=known))
    return found


def _record_path(root: Path, name: str) -> Path:
    return folder(root) / "encoders" / f"{name}.json"


def _record(root: Path, name: str) -> dict[str, Any] | None:
    """Return what was trained here under a name."""
    found: dict[str, Any] | None = read_json(_record_path(root, name))
    return found


def _epoch(figures: Mapping[str, float]) -> str:
    return f"epoch {int(figures['epoch']) + 1}, held-out loss {figures['held_out_loss']:.4f}"
