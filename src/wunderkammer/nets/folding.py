"""Folding: each normalisation merged into the convolution before it."""

from __future__ import annotations

from itertools import pairwise

from torch import nn
from torch.nn.utils.fusion import fuse_conv_bn_eval


def folded(network: nn.Module) -> nn.Module:
    """Merge each batch normalisation into its convolution, in place: less to do, equal to 1e-5.

    Parameters
    ----------
    network : Module
        Set to evaluation; a normalisation follows its convolution as the next
        child of the same module.
    """
    network.eval()
    for owner in network.modules():
        for (name, first), (other, second) in pairwise(list(owner.named_children())):
            if isinstance(first, nn.Conv2d) and isinstance(second, nn.BatchNorm2d):
                setattr(owner, name, fuse_conv_bn_eval(first, second))
                setattr(owner, other, nn.Identity())
    return network
