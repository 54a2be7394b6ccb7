"""Learning by making pictures again: autoencoders, plain and variational."""

from __future__ import annotations

import math

import torch
from torch import nn

from wunderkammer.nets.autoencoder import drawn
from wunderkammer.training.encoder_settings import AutoencoderTraining, VaeTraining
from wunderkammer.training.networks import Reconstruction
from wunderkammer.training.representation import Figures, RepresentationModule, exactly

_WINDOW, _SIGMA = 11, 1.5
_C1, _C2 = 0.01**2, 0.03**2


class ReconstructionModule(RepresentationModule):
    """An autoencoder that learns to make pictures again."""

    training_settings: AutoencoderTraining
    network: Reconstruction

    def loss(self, places: torch.Tensor, pixels: torch.Tensor) -> Figures:
        """Return the loss, its error, and a VAE's divergence."""
        settings = self.training_settings
        mean, log_variance = self.network.autoencoder.encode(self.inputs(pixels))
        code = drawn(mean, log_variance) if self.training else mean
        made = self.network.autoencoder.decode(code)
        with exactly(self.device):
            loss = reconstruction_loss(made.float(), pixels, settings)
            figures = {"error": loss}
            if log_variance is not None and isinstance(settings, VaeTraining):
                divergence = normal_divergence(mean.float(), log_variance.float())
                loss = loss + self._weight(settings) * divergence
                figures["divergence"] = divergence
        return {"loss": loss, **figures}

    def _weight(self, settings: VaeTraining) -> float:
        """Return the weight of the divergence: rising in training, whole where it is measured."""
        if not self.training or not settings.warm_up:
            return settings.beta
        n_steps = self.trainer.num_training_batches * settings.warm_up
        return risen(settings.beta, self.global_step, n_steps)


def risen(beta: float, step: int, n_steps: float) -> float:
    """Return the weight of the divergence at a step of a warm-up.

    Examples
    --------
    >>> [risen(2.0, step, 4) for step in (0, 2, 4, 9)]
    [0.0, 1.0, 2.0, 2.0]
    """
    return beta if step >= n_steps else beta * step / n_steps


def reconstruction_loss(
    made: torch.Tensor, truth: torch.Tensor, training: AutoencoderTraining
) -> torch.Tensor:
    """Return how far pictures are from those they should be, mean over pixels.

    Parameters
    ----------
    made, truth : Tensor of float32, shape (n, 3, side, side)
    training : AutoencoderTraining
        Says which error is meant, and the share of structural dissimilarity.
    """
    measure = nn.functional.l1_loss if training.error == "absolute" else nn.functional.mse_loss
    error = measure(made, truth)
    if not training.ssim:
        return error
    unlike = (1 - structural_similarity(made, truth).mean()) / 2
    return (1 - training.ssim) * error + training.ssim * unlike


def normal_divergence(mean: torch.Tensor, log_variance: torch.Tensor) -> torch.Tensor:
    """Return the Kullback-Leibler divergence from a standard normal distribution [1]_.

    Parameters
    ----------
    mean, log_variance : Tensor, shape (n, n_latent)

    Returns
    -------
    Tensor
        Mean over codes *and* their elements, so that its weight does not depend on their
        length.

    References
    ----------
    .. [1] Kingma, D. P. & Welling, M. (2014). Auto-encoding variational Bayes. ICLR.
    """
    return 0.5 * (mean.square() + log_variance.exp() - 1 - log_variance).mean()


def structural_similarity(one: torch.Tensor, other: torch.Tensor) -> torch.Tensor:
    """Return the structural similarity [1]_ of each pair of pictures, in [-1, 1].

    Parameters
    ----------
    one, other : Tensor of float32, shape (n, channels, height, width)
        In [0, 1]; at least 11 pixels a side. Channels are looked at alone.

    Returns
    -------
    Tensor, shape (n,)
        Mean over all places of the 11 x 11 window, Gaussian of 1.5 pixels.

    References
    ----------
    .. [1] Wang, Z., Bovik, A. C., Sheikh, H. R. & Simoncelli, E. P. (2004). Image quality
       assessment: from error visibility to structural similarity. IEEE Transactions on
       Image Processing 13, 600-612.
    """
    n, channels = one.shape[:2]
    both = torch.cat([one, other, one * one, other * other, one * other], 1)
    blurred = _blurred(both.flatten(0, 1)[:, None])
    means = blurred.view(n, 5, channels, *blurred.shape[2:])
    m1, m2, square1, square2, product = means.unbind(1)
    v1, v2, together = square1 - m1 * m1, square2 - m2 * m2, product - m1 * m2
    light = (2 * m1 * m2 + _C1) / (m1 * m1 + m2 * m2 + _C1)
    structure = (2 * together + _C2) / (v1 + v2 + _C2)
    return (light * structure).mean((1, 2, 3))


def _blurred(planes: torch.Tensor) -> torch.Tensor:
    """Return planes (n, 1, height, width) averaged under the window, without their edges."""
    middle = _WINDOW // 2
    heights = [math.exp(-((k - middle) ** 2) / (2 * _SIGMA**2)) for k in range(_WINDOW)]
    window = planes.new_tensor(heights) / sum(heights)
    across = nn.functional.conv2d(planes, window.view(1, 1, 1, -1))
    return nn.functional.conv2d(across, window.view(1, 1, -1, 1))
