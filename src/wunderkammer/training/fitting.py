"""Fitting a segmenter with Lightning, and measuring it on what was held out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from wunderkammer.core.device import Device
from wunderkammer.imaging.mask_agreement import boundary_f, dice, iou, thin_part_recall
from wunderkammer.imaging.masks import confidence
from wunderkammer.nets.unet import MULTIPLE, UNet
from wunderkammer.training.examples import Prepared
from wunderkammer.training.imagenet import start_from_imagenet
from wunderkammer.training.looking import as_input, letterboxed, together, unframed
from wunderkammer.training.segmentation import Examples, SegmentationModule, SegmenterTraining
from wunderkammer.training.trainer import Goal, best_after_training
from wunderkammer.training.weights import read_weights

BOUNDARY_PX, THIN_PX = 2, 5
"""Tolerance of the outline and width of thin parts, in pixels of the prepared photograph."""

_METRIC = "held_out_iou"
_KNOTS = 8


def fit(
    train: Sequence[Prepared],
    validation: Sequence[Prepared],
    training: SegmenterTraining,
    run: Path,
    device: Device,
    start: Path | None = None,
    state: Mapping[str, torch.Tensor] | None = None,
    watch: Callable[[Mapping[str, float]], None] = lambda _: None,
) -> UNet:
    """Return the network that did best on what was held out.

    Parameters
    ----------
    train, validation : sequence of Prepared
    training : SegmenterTraining
    run : Path
        Folder of this training's checkpoints; the last one is gone on from.
    device : Device
    start : Path, optional
        Folder of the weights it starts from, if ``training.start`` is ``"shipped"``.
    state : mapping of str to Tensor, optional
        State of a network it starts from instead.
    watch : callable, optional
        Is told the figures of each epoch.
    """
    torch.set_num_threads(device.n_threads)
    torch.manual_seed(training.seed)
    module = SegmentationModule(training, begun(training, start))
    if state is not None:
        module.network.load_state_dict(dict(state))
    module.network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    best_after_training(
        module,
        Examples(train, validation, training, n_workers=1),
        run,
        Goal(_METRIC, "max", training.n_epochs, training.patience),
        device=device,
        watch=watch,
    )
    return module.network.eval()


def begun(training: SegmenterTraining, start: Path | None) -> UNet:
    """Return the network as training begins with it."""
    network = UNet()
    if training.start == "shipped" and start is not None:
        network.load_state_dict(dict(read_weights(start, "unet").tensors))
    elif training.start == "imagenet":
        start_from_imagenet(network.trunk)
    return network


def measured(
    network: UNet,
    validation: Sequence[Prepared],
    test: Sequence[Prepared],
    training: SegmenterTraining,
    device: Device,
) -> tuple[dict[str, Any], dict[str, list[float]]]:
    """Return held-out figures, and how expected overlap becomes measured overlap.

    The test part decides the figures, the validation part the calibration.
    """
    network = network.to(device.name).eval()
    seen = [_agreement(network, one, training.sizes_px, device) for one in validation]
    calibration = calibrated([one["expected"] for one in seen], [one["iou"] for one in seen])
    held_out = [_agreement(network, one, training.sizes_px, device) for one in test]
    figures: dict[str, Any] = {"n_held_out": len(held_out), "seed": training.seed}
    for name in ("iou", "dice", "boundary_f", "thin_part_recall"):
        values = np.array([one[name] for one in held_out])
        known = values[~np.isnan(values)]
        figures[name] = float(known.mean()) if len(known) else None
    figures["boundary_tolerance_px"], figures["thin_width_px"] = BOUNDARY_PX, THIN_PX
    network.to("cpu")
    return figures, calibration


def _agreement(
    network: UNet, example: Prepared, sizes_px: Sequence[int], device: Device
) -> dict[str, float]:
    image, truth = example.read()
    seen = together(*(_seen(network, image, px, device) for px in sizes_px))
    mask = unframed(seen, (seen.shape[0], seen.shape[1]), truth.shape) > 0.5
    return {
        "iou": iou(mask, truth),
        "dice": dice(mask, truth),
        "boundary_f": boundary_f(mask, truth, BOUNDARY_PX),
        "thin_part_recall": thin_part_recall(mask, truth, THIN_PX),
        "expected": confidence(seen),
    }


def _seen(
    network: UNet, image: npt.NDArray[np.uint8], look_px: int, device: Device
) -> npt.NDArray[np.float32]:
    """Return the probabilities of one look at a photograph."""
    frame, (height, width) = letterboxed(image, look_px, MULTIPLE)
    with torch.inference_mode():
        answer = torch.sigmoid(network(as_input(frame[None], device.name)).float())
    return np.ascontiguousarray(answer[0, 0].cpu().numpy()[:height, :width])


def calibrated(expected: Sequence[float], reached: Sequence[float]) -> dict[str, list[float]]:
    """Return knots of the rising line from expected to measured overlap.

    Parameters
    ----------
    expected : sequence of float
        What the probabilities themselves expect, see :func:`wunderkammer.imaging.masks.confidence`.
    reached : sequence of float
        The overlap with the truth.
    """
    from sklearn.isotonic import IsotonicRegression

    line = IsotonicRegression(y_min=0, y_max=1, out_of_bounds="clip").fit(expected, reached)
    # what was never seen so low is trusted no more than it trusts itself
    knots = np.unique(np.quantile(expected, np.linspace(0, 1, _KNOTS)))
    values = np.minimum.accumulate(line.predict(knots)[::-1])[::-1]
    return {"expected": [0.0, *knots.tolist()], "measured": [0.0, *values.tolist()]}
