"""From pictures to the weights of an encoder."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import torch

from wunderkammer.core.device import Device
from wunderkammer.core.settings import digest_of
from wunderkammer.training.classification import ClassifierModule, classes_of
from wunderkammer.training.contrast_learning import SimclrModule
from wunderkammer.training.encoder_settings import (
    AutoencoderTraining,
    ClassifierTraining,
    EncoderTraining,
    SimclrTraining,
    TripletTraining,
)
from wunderkammer.training.networks import (
    Places,
    Scaling,
    begun_autoencoder,
    begun_classifier,
    begun_simclr,
    begun_triplets,
)
from wunderkammer.training.pictures import (
    PictureExample,
    Pictures,
    parted_places,
    prepare_pictures,
    without_label,
)
from wunderkammer.training.reconstruction import ReconstructionModule
from wunderkammer.training.representation import PlacesOfParts, RepresentationModule
from wunderkammer.training.segmenter import Trained
from wunderkammer.training.split import PARTS
from wunderkammer.training.trained_encoder import KIND
from wunderkammer.training.trainer import Goal, Watch, best_after_training, unwatched
from wunderkammer.training.triplets import TripletModule
from wunderkammer.training.weights import write_weights

_METRIC = "held_out_loss"


def train_encoder(
    examples: Iterable[PictureExample],
    training: EncoderTraining,
    work: Path,
    parent: Path,
    *,
    device: Device,
    card: Mapping[str, Any] | None = None,
    name: str | None = None,
    watch: Watch = unwatched,
) -> Trained:
    """Train an encoder and write its weights.

    A training that was stopped, in whatever way, goes on from its last
    checkpoint when it is called again with the same examples and settings.

    Parameters
    ----------
    examples : iterable of PictureExample
    training : EncoderTraining
        Of one of the kinds, see :func:`~wunderkammer.training.encoder_settings.encoder_training`.
    work : Path
        Folder for prepared pictures and checkpoints; may be deleted afterwards.
    parent : Path
        Where the folder of weights is made.
    device : Device
    card : mapping, optional
        What else the card says.
    name : str, optional
        Name of the folder of weights; default: from their content.
    watch : callable, optional
        Is told ``epoch``, ``loss``, ``held_out_loss`` and more after each epoch.

    Raises
    ------
    NotEnoughMediaError
        If fewer than ten pictures can be used, or their labels are too few.
    StageError
        If the weights to start from are missing or of another network.
    """
    torch.set_num_threads(device.n_threads)
    pictures = prepare_pictures(examples, work / "pictures", training, device.n_threads)
    usable, unlabelled = without_label(pictures, training.ranks())
    parts = parted_places(pictures, usable, training.seed)
    scaling = Scaling.of(training, pictures, parts["train"])
    torch.manual_seed(training.seed)
    module, classes = begun(training, pictures, scaling, parts["train"])
    run = work / digest_of([training.settings(), _shown(pictures, usable, training)])[:12]
    fit_encoder(module, parts, run, device, watch)
    metrics = measured_encoder(module, parts, device)
    folder = write_weights(
        parent,
        module.network.state_dict(),
        card=_card(training, parts, card or {}),
        settings=_settings(training, module, classes),
        metrics=metrics,
        split=_split_table(pictures, parts),
        name=name,
    )
    n_train, n_validation, n_test = (len(parts[part]) for part in PARTS)
    skipped = [*pictures.skipped, *unlabelled]
    return Trained(folder, metrics, n_train, n_validation, n_test, skipped)


def begun(
    training: EncoderTraining, pictures: Pictures, scaling: Scaling, train: Places
) -> tuple[RepresentationModule, Mapping[str, Sequence[str]]]:
    """Return the module of a training as it begins, and the classes it tells apart.

    Parameters
    ----------
    training : EncoderTraining
    pictures : Pictures
    scaling : Scaling
    train : ndarray of int64
        Places of the training part: its labels are the classes.
    """
    if isinstance(training, AutoencoderTraining):
        made = begun_autoencoder(training)
        return ReconstructionModule(training, made, pictures, scaling), {}
    if isinstance(training, TripletTraining):
        return TripletModule(training, begun_triplets(training), pictures, scaling), {}
    if isinstance(training, ClassifierTraining):
        classes = classes_of(pictures, train, training.labels)
        network = begun_classifier(training, classes)
        return ClassifierModule(training, network, pictures, scaling, classes), classes
    if isinstance(training, SimclrTraining):
        return SimclrModule(training, begun_simclr(training), pictures, scaling), {}
    raise TypeError(training)


def fit_encoder(
    module: RepresentationModule,
    parts: Mapping[str, Places],
    run: Path,
    device: Device,
    watch: Watch = unwatched,
) -> None:
    """Train a module and leave it as it did best on what was held out.

    Parameters
    ----------
    module : RepresentationModule
    parts : mapping of str to ndarray
        Places of ``"train"`` and ``"validation"``.
    run : Path
        Folder of this training's checkpoints; the last one is gone on from.
    device : Device
    watch : callable, optional
        Is told the figures of each epoch.
    """
    module.network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    training = module.training_settings
    best_after_training(
        module,
        PlacesOfParts(module, parts["train"], parts["validation"]),
        run,
        Goal(_METRIC, "min", training.n_epochs, training.patience),
        device=device,
        watch=watch,
    )
    module.eval()


def measured_encoder(
    module: RepresentationModule, parts: Mapping[str, Places], device: Device
) -> dict[str, Any]:
    """Return the figures of the test part: the means over its batches."""
    module = module.to(device.name).eval()
    held_out = module.held_out(parts["test"])
    sums: dict[str, float] = {}
    with torch.inference_mode():
        for which, places in enumerate(held_out):
            figures = module.held_out_figures(torch.from_numpy(places), which)
            for name, value in figures.items():
                sums[name] = sums.get(name, 0.0) + float(value) * len(places)
    n = sum(map(len, held_out))
    figures_of_all = {name: total / n for name, total in sums.items()}
    module.to("cpu")
    about = {
        "n_held_out": len(parts["test"]),
        "seed": module.training_settings.seed,
        "n_features": _n_features(module),
    }
    return about | figures_of_all


def _shown(pictures: Pictures, places: Sequence[int], training: EncoderTraining) -> list[Any]:
    """Return what decides a training beside its settings: pictures and their labels."""
    some = [pictures.examples[place] for place in places]
    ranks = training.ranks()
    return [[one.media_id, one.content, one.group, *map(one.labels.get, ranks)] for one in some]


def _settings(
    training: EncoderTraining, module: RepresentationModule, classes: Mapping[str, Sequence[str]]
) -> dict[str, Any]:
    return {
        "kind": KIND,
        "n_features": _n_features(module),
        "mean": list(module.scaling.mean),
        "spread": list(module.scaling.spread),
        "training": training.settings(),
        "classes": {rank: list(names) for rank, names in classes.items()},
    }


def _n_features(module: RepresentationModule) -> int:
    return int(module.network.n_features)  # type: ignore[arg-type]


def _card(
    training: EncoderTraining, parts: Mapping[str, Places], more: Mapping[str, Any]
) -> dict[str, Any]:
    return {
        "what": f"An encoder ({training.settings()['kind']}): pictures to vectors.",
        "made": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        **{f"n_{name}": len(some) for name, some in parts.items()},
        **more,
    }


def _split_table(pictures: Pictures, parts: Mapping[str, Places]) -> pa.Table:
    rows = [
        {"media_id": pictures.examples[place].media_id, "part": name}
        for name, places in parts.items()
        for place in places.tolist()
    ]
    return pa.Table.from_pylist(sorted(rows, key=lambda row: row["media_id"]))
