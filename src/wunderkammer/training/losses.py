"""Losses: how wrong an answer is."""

from __future__ import annotations

import torch
from torch import nn

_SMOOTH = 1.0


def mask_loss(
    logits: torch.Tensor, truth: torch.Tensor, *, boundary_weight: float = 0.0
) -> torch.Tensor:
    """Return binary cross-entropy plus soft Dice loss [1]_, mean over a batch.

    Parameters
    ----------
    logits, truth : Tensor, shape (n, 1, height, width)
        Truth is 0 or 1.
    boundary_weight : float
        Added weight of pixels at the outline in the cross-entropy; it fades
        within some four pixels.

    References
    ----------
    .. [1] Milletari, F., Navab, N. & Ahmadi, S.-A. (2016). V-Net. 3DV, 565-571.
    """
    each = nn.functional.binary_cross_entropy_with_logits(logits, truth, reduction="none")
    if boundary_weight > 0:
        weight = 1 + boundary_weight * _near_outline(truth)
        entropy = (each * weight).sum() / weight.sum()
    else:
        entropy = each.mean()
    chance = torch.sigmoid(logits)
    both = (chance * truth).sum((1, 2, 3))
    sizes = chance.sum((1, 2, 3)) + truth.sum((1, 2, 3))
    dice = (2 * both + _SMOOTH) / (sizes + _SMOOTH)
    return entropy + (1 - dice).mean()


def _near_outline(truth: torch.Tensor) -> torch.Tensor:
    """Return 1 at the outline of a mask, falling to 0 a few pixels away."""
    blurred = truth
    for _ in range(2):
        blurred = nn.functional.avg_pool2d(blurred, 5, stride=1, padding=2, count_include_pad=False)
    return 4 * blurred * (1 - blurred)
