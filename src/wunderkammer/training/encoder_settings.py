"""How encoders are trained: one class of settings a kind, and the settings of published studies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, get_args

from pydantic import Field

from wunderkammer.core.errors import ConfigurationError, UnknownNameError, nearest
from wunderkammer.core.settings import Settings, build
from wunderkammer.imaging.preparing import Padding
from wunderkammer.nets.backbone import Name
from wunderkammer.training.views import Views

Side = Literal[16, 32, 64, 128, 256, 512]


class EncoderTraining(Settings):
    """What every training of an encoder has."""

    kind: str
    seed: int = Field(0, description="Fixes the split, the order, every draw.")
    side_px: Side = Field(128, description="Side of the square that is looked at.")
    fit: Literal["pad", "crop"] = Field(
        "pad",
        description="Whether a picture is padded to a square, or only the square in its middle is "
        "looked at, as some studies did.",
    )
    padding: Padding = Field("white", description="Colour that fills a picture up to a square.")
    normalise: bool = Field(
        default=True,
        description="Scale each colour by mean and standard deviation of the training part.",
    )
    n_epochs: int = Field(60, description="Most times every picture is looked at.", ge=1)
    patience: int = Field(
        10, description="Epochs without a smaller held-out loss before it stops.", ge=1
    )
    batch_size: int = Field(64, description="Pictures a step.", ge=2)
    learning_rate: float = Field(1e-3, description="Highest learning rate, of AdamW.", gt=0)
    schedule: Literal["cycle", "constant"] = Field(
        "cycle",
        description="Whether the learning rate rises and falls once, or stays; constant and "
        "without weight decay, AdamW is Adam.",
    )
    weight_decay: float = Field(1e-4, description="Weight decay of AdamW.", ge=0)
    views: Views = Field(
        default_factory=Views, description="How pictures are changed before each look."
    )

    def ranks(self) -> tuple[str, ...]:
        """Return the columns whose labels it learns from."""
        return ()


class AutoencoderTraining(EncoderTraining):
    """Autoencoder: a short code from which the picture can be made again."""

    kind: Literal["autoencoder"] = "autoencoder"
    side_px: Side = Field(64, description="Side of the square that is looked at and made again.")
    network: Literal["convolutional", "resnet18"] = Field(
        "convolutional", description="Residual blocks of its own, or ResNet-18 with a small stem."
    )
    n_latent: int = Field(128, description="Length of the code.", ge=1)
    width: int = Field(16, description="Channels at full size, of the convolutional one.", ge=1)
    n_residual: int = Field(
        1, description="Residual blocks before each halving, of the convolutional one.", ge=0
    )
    start: str = Field("", description="File of published ResNet-18 weights; empty: none.")
    error: Literal["absolute", "squared"] = Field(
        "absolute", description="What is averaged over pixels: the absolute or squared error."
    )
    ssim: float = Field(
        0.0, description="Share of structural similarity in the loss, beside the error.", ge=0, le=1
    )
    sigmoid: bool = Field(
        default=False, description="Press what is made into the range of colours."
    )
    features: Literal["code", "trunk"] = Field(
        "code", description="Which vector is kept: the code, or what the trunk gives before it."
    )
    views: Views = Field(
        default_factory=lambda: Views(share=0, mirror=0),
        description="How pictures are changed before each look.",
    )


class VaeTraining(AutoencoderTraining):
    """Variational autoencoder: its codes are near to a normal distribution."""

    kind: Literal["vae"] = "vae"  # type: ignore[assignment]
    beta: float = Field(
        0.1, description="Weight of the divergence, averaged over the elements of codes.", ge=0
    )
    warm_up: int = Field(5, description="Epochs in which that weight rises from 0.", ge=0)


class _OnBackbone(EncoderTraining):
    """What stands on a backbone."""

    network: Name = Field(
        "lite",
        description="EfficientNet-lite0, quick on a processor; ResNet-18; or the latter with a "
        "stem for small images.",
    )
    n_blocks: int = Field(16, description="Blocks of the lite network.", ge=1, le=16)
    start: str = Field(
        "imagenet",
        description="Where it starts: 'imagenet' (the lite network's weights are installed with "
        "Wunderkammer), the file of a published network's weights, or empty for random ones.",
    )


class TripletTraining(_OnBackbone):
    """Triplets: pictures of one label near to each other, of different ones apart."""

    kind: Literal["triplet"] = "triplet"
    label: str = Field("genus", description="Column whose labels it learns from.")
    sampler: Literal["random", "no-self", "semi-hard", "batch-hard"] = Field(
        "semi-hard",
        description="How triplets are chosen: at random, where the positive may be the anchor "
        "itself; at random but never itself; within a batch, the nearest negative that is farther "
        "than the positive; or the farthest positive and the nearest negative.",
    )
    n_per_label: int = Field(
        4, description="Pictures of each label in a batch, where triplets are chosen there.", ge=2
    )
    margin: float = Field(0.2, description="How much farther a negative has to be.", gt=0)
    unit_length: bool = Field(default=True, description="Scale every vector to length 1.")

    def ranks(self) -> tuple[str, ...]:
        """Return the column of its labels."""
        return (self.label,)


class ClassifierTraining(_OnBackbone):
    """Classifier: the vectors before the layer that tells labels apart."""

    kind: Literal["classifier"] = "classifier"
    labels: tuple[str, ...] = Field(
        ("genus",),
        description="Columns whose labels it learns from; several, such as order, family and "
        "genus, have a head each.",
        min_length=1,
    )
    n_hidden: int = Field(0, description="Width of a layer before the heads; 0: none.", ge=0)
    drop: float = Field(0.3, description="Share of values left out before the heads.", ge=0, lt=1)

    def ranks(self) -> tuple[str, ...]:
        """Return the columns of its labels."""
        return self.labels


class SimclrTraining(_OnBackbone):
    """SimCLR: two views of one picture near to each other, all others apart; needs no labels."""

    kind: Literal["simclr"] = "simclr"
    temperature: float = Field(0.1, description="Divides similarities; small: only the nearest.")
    n_projected: int = Field(128, description="Length of the vectors that are compared.", ge=2)
    views: Views = Field(
        default_factory=lambda: Views(crop=0.4, turn_deg=20, light=0.4, colour=0.3, grey=0.1),
        description="How pictures are changed before each look.",
    )


KINDS: Mapping[str, type[EncoderTraining]] = {
    get_args(kind.model_fields["kind"].annotation)[0]: kind
    for kind in (
        AutoencoderTraining, VaeTraining, TripletTraining, ClassifierTraining, SimclrTraining,
    )
}  # fmt: skip
"""The settings of each kind."""

_STUDIED: Mapping[str, Any] = {
    "seed": 89, "side_px": 256, "fit": "crop", "normalise": False, "n_epochs": 25,
    "patience": 25, "batch_size": 32, "schedule": "constant", "weight_decay": 0.0,
    "views": {
        "share": 0.75, "mirror": 0.5, "turn_deg": 10.0, "zoom": 1.1, "shift": 0.0, "warp": 0.2,
        "crop": 0.75, "light": 0.2,
    },
}  # fmt: skip

_BUTTERFLIES: Mapping[str, Any] = {
    "side_px": 128, "normalise": False, "n_epochs": 100, "patience": 100, "batch_size": 32,
    "learning_rate": 5e-5, "schedule": "constant", "weight_decay": 0.0, "n_latent": 128,
    "width": 32, "n_residual": 2, "error": "absolute", "ssim": 0.0, "sigmoid": False,
    "features": "code", "views": {"share": 0.0, "mirror": 0.0},
}  # fmt: skip

PRESETS: Mapping[str, Mapping[str, Mapping[str, Any]]] = {
    "butterflies": {
        "vae": {**_BUTTERFLIES, "beta": 1.0, "warm_up": 0},
        "autoencoder": _BUTTERFLIES,
    },
    "kew-ae": {
        "autoencoder": {
            **_STUDIED, "network": "resnet18", "n_latent": 256, "error": "squared",
            "sigmoid": True, "features": "trunk", "learning_rate": 1e-4,
        }
    },
    "kew-triplet": {
        "triplet": {
            **_STUDIED, "network": "resnet18", "label": "genus", "sampler": "random",
            "margin": 1.0, "unit_length": False, "learning_rate": 1e-3,
        }
    },
    "kew-classifier": {
        "classifier": {
            **_STUDIED, "network": "resnet18", "labels": ["genus"], "n_hidden": 512, "drop": 0.5,
            "learning_rate": 1e-3,
        }
    },
}  # fmt: skip
"""Settings of published studies by name, then by kind; the first kind is the one meant.

``butterflies``: the map of butterflies of the Natural History Museum, London. ``kew-…``: Walker,
Tucker & Nicolson (2022), Frontiers in Plant Science 12, 806407.
"""


def encoder_training(
    kind: str = "",
    preset: str = "",
    values: Mapping[str, Any] | None = None,
    *,
    where: str = "settings",
) -> EncoderTraining:
    """Return the settings of a training.

    Parameters
    ----------
    kind : str
        One of :data:`KINDS`; may be empty where a preset says it.
    preset : str
        One of :data:`PRESETS`, or empty.
    values : mapping, optional
        Settings that differ from the preset or the defaults.
    where : str
        Where the values were written; begins messages.

    Raises
    ------
    UnknownNameError
        For a kind or preset that nobody has.
    ConfigurationError
        If a preset is of another kind, or a setting is not allowed.
    """
    if preset and preset not in PRESETS:
        raise UnknownNameError(
            f"{where}: no preset is called '{preset}'.", hint=nearest(preset, PRESETS)
        )
    known = PRESETS.get(preset, {})
    kind = kind or next(iter(known), "")
    if kind not in KINDS:
        raise UnknownNameError(f"{where}: no kind is called '{kind}'.", hint=nearest(kind, KINDS))
    if preset and kind not in known:
        raise ConfigurationError(
            f"{where}: the preset '{preset}' is of the kind {' or '.join(known)}, not '{kind}'.",
            hint=f"Leave the kind out, or choose '{next(iter(known))}'.",
        )
    return build(KINDS[kind], _over(known.get(kind, {}), values or {}), where=where)


def labelled(training: EncoderTraining, labels: Sequence[str]) -> EncoderTraining:
    """Return the settings of a training that learns from some columns; from its own if none.

    Raises
    ------
    ConfigurationError
        If its kind cannot use them.
    """
    if not labels:
        return training
    if isinstance(training, ClassifierTraining):
        return training.model_copy(update={"labels": tuple(labels)})
    if isinstance(training, TripletTraining) and len(labels) == 1:
        return training.model_copy(update={"label": labels[0]})
    most = "one column" if isinstance(training, TripletTraining) else "no labels"
    raise ConfigurationError(
        f"labels: the kind '{training.kind}' learns from {most}, and '{','.join(labels)}' was "
        "asked for.",
        hint="Choose the kind classifier for several columns, or leave the labels out.",
    )


def _over(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """Return both tables as one; what is above wins, inner tables setting by setting."""
    merged = dict(below)
    for name, value in above.items():
        inner = merged.get(name)
        if isinstance(inner, Mapping) and isinstance(value, Mapping):
            merged[name] = _over(inner, value)
        else:
            merged[name] = value
    return merged
