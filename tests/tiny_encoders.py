"""Encoders that train in a second: pictures of two classes, and settings of every kind."""

from functools import partial
from pathlib import Path

import numpy as np

from wunderkammer.core.device import Device
from wunderkammer.training.encoder import train_encoder
from wunderkammer.training.encoder_settings import EncoderTraining, encoder_training
from wunderkammer.training.pictures import PictureExample
from wunderkammer.training.segmenter import Trained

_COMMON = {"side_px": 32, "n_epochs": 3, "batch_size": 16, "seed": 1}
_ON_BACKBONE = {**_COMMON, "network": "lite", "n_blocks": 3, "start": ""}
_AUTOENCODER = {**_COMMON, "width": 4, "n_latent": 8}
TINY = {
    "autoencoder": _AUTOENCODER,
    "vae": {**_AUTOENCODER, "beta": 0.01, "warm_up": 1},
    "triplet": {**_ON_BACKBONE, "learning_rate": 3e-3},
    "classifier": {**_ON_BACKBONE, "labels": ["family", "genus"], "n_hidden": 8},
    "simclr": {**_ON_BACKBONE, "n_projected": 8},
}
"""Settings of each kind that are quick."""


def tiny(kind: str, **values: object) -> EncoderTraining:
    """Return the settings of a quick training."""
    return encoder_training(kind, values={**TINY[kind], **values})


def stripes(k: int, n_labels: int = 2) -> np.ndarray:
    """Return a picture (36, 30, 3): the direction of its stripes says which class it is."""
    rng = np.random.default_rng(k)
    rows, columns = np.mgrid[:36, :30]
    angle = np.pi * (k % n_labels) / n_labels
    waves = np.sin((rows * np.cos(angle) + columns * np.sin(angle)) * 0.9 + rng.uniform(0, 6))
    light = 120 + rng.uniform(50, 90) * waves[:, :, None] + rng.normal(0, 20, 3)
    return np.clip(light + rng.normal(0, 12, (36, 30, 3)), 0, 255).astype(np.uint8)


def striped(n: int = 48) -> list[PictureExample]:
    """Return examples of two genera, each of a family of its own."""
    return [
        PictureExample(
            f"m{k:02}", f"s{k}", partial(stripes, k),
            {"genus": "AB"[k % 2], "family": "EF"[k % 2]}, f"content-{k}",
        )
        for k in range(n)
    ]  # fmt: skip


def trained_in(folder: Path, training: EncoderTraining, n: int = 48, **more: object) -> Trained:
    """Train on stripes; work and weights lie in the folder."""
    return train_encoder(
        striped(n), training, folder / "work", folder / "weights", device=Device("cpu", 1), **more
    )
