"""Rotation net: a trained network tells how far a cut-out is turned."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
from pydantic import Field, PrivateAttr

from wunderkammer.core.device import Device
from wunderkammer.core.errors import ImageError
from wunderkammer.imaging.angles import difference_deg, wrapped_deg
from wunderkammer.imaging.centring import centred
from wunderkammer.imaging.symmetry import mirror_scores, symmetric_near
from wunderkammer.orienters import Orientation, Orienter, registry

SHIPPED = Path(__file__).parent / "weights" / "rotation-net"
"""Weights that come with the package; their card says what they were trained on."""

_GPU_BATCH = 64
_UNKNOWN = Orientation(0.0, 0.0)
_UPRIGHT_AXIS_DEG = 90.0


@registry.register
class RotationNetOrienter(Orienter):
    """A small network that answers with cosine and sine, steadied by symmetry.

    Notes
    -----
    The network sees each cut-out centred at one size, in several quarter turns and
    mirrored; the answers, turned back, are averaged. The length of the mean is the
    confidence: it was trained by squared error against unit vectors, so it is short
    where several turns are possible, and where the looks contradict each other. If
    the cut-out mirrors well about an axis close to the answer, that axis is taken:
    the network knows the head, symmetry the tenth of a degree.

    A cut-out passes the network by itself and on one thread, on a GPU in batches of
    a fixed size: an answer does not depend, to the last bit, on the others of a call.
    """

    name: Literal["rotation-net"] = "rotation-net"
    version: Literal["1"] = "1"
    weights: str = Field(
        "",
        description="Trained weights: the name of a folder below weights/, or its path; empty: "
        "those that come with Wunderkammer.",
        json_schema_extra={"context": True},
    )
    looks: Literal[1, 2, 4, 8] = Field(
        4,
        description="Ways of looking at each cut-out: as it is, also upside down, in four quarter "
        "turns, and these mirrored too; more are steadier and take their time.",
    )
    snap_deg: float = Field(
        10.0,
        description="How far from the network's answer an axis of mirror symmetry may lie to be "
        "taken instead; 0 leaves the answer as it is.",
        ge=0,
        le=45,
    )
    snap_score: float = Field(
        0.5,
        description="Least likeness with its mirror image (1: the same) for an axis to be taken.",
        ge=-1,
        le=1,
    )
    _network: Any = PrivateAttr(default=None)
    _device: Device = PrivateAttr(default=Device())
    _side_px: int = PrivateAttr(default=96)

    @property
    def input_px(self) -> int:
        """Longest side of a cut-out below which the network's square is not filled."""
        return 2 * self._side_px

    def files(self, root: Path) -> Mapping[str, Path]:
        """Return the file of the weights."""
        from wunderkammer.training.weights import TENSORS, weights_folder

        return {"weights": weights_folder(self.weights, root, SHIPPED) / TENSORS}

    def load(self, device: Device, root: Path = Path()) -> None:
        """Build the network and read its weights.

        Raises
        ------
        StageError
            If the weights are missing, broken, or of another kind of network.
        """
        import torch

        from wunderkammer.nets.folding import folded
        from wunderkammer.nets.rotation import KIND, RotationNet
        from wunderkammer.training.weights import read_weights, weights_folder

        weights = read_weights(weights_folder(self.weights, root, SHIPPED), KIND)
        self._side_px = int(weights.settings["side_px"])
        network = RotationNet(int(weights.settings["n_blocks"]), self._side_px)
        network.load_state_dict(dict(weights.tensors))
        folded(network).requires_grad_(requires_grad=False)
        network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        self._network = network.to(device.name)
        self._device = device

    def orient(self, cutouts: Sequence[npt.NDArray[np.uint8]]) -> list[Orientation]:
        """Return how each cut-out lies; one that is transparent throughout: 0, not trusted."""
        if self._network is None:
            self.load(self._device, Path())
        from wunderkammer.training.threads import single_threaded_workers

        size = _GPU_BATCH if self._device.name == "cuda" else 1
        groups = [cutouts[start : start + size] for start in range(0, len(cutouts), size)]
        with single_threaded_workers(self._device) as workers:
            return [one for some in workers.map(self._looked_at, groups) for one in some]

    def _looked_at(self, cutouts: Sequence[npt.NDArray[np.uint8]]) -> list[Orientation]:
        """Look at some cut-outs together: one, or on a GPU a batch filled up with blanks."""
        size = _GPU_BATCH if self._device.name == "cuda" else 1
        squares = np.zeros((size, self._side_px, self._side_px, 4), np.uint8)
        for place, cutout in enumerate(cutouts):
            try:
                squares[place] = centred(cutout, self._side_px)
            except ImageError:
                continue
        vectors = self._answers(squares)
        return [
            self._told(square, vector) if square.any() else _UNKNOWN
            for square, vector in zip(squares[: len(cutouts)], vectors, strict=False)
        ]

    def _answers(self, squares: npt.NDArray[np.uint8]) -> npt.NDArray[np.float64]:
        """Return the mean (cosine, sine) of squares (n, side, side, 4)."""
        import torch

        from wunderkammer.nets.rotation import looked

        with torch.inference_mode():
            pixels = torch.from_numpy(squares).to(self._device.name).permute(0, 3, 1, 2)
            vectors = looked(self._network, pixels, self.looks).cpu().numpy()
        return np.asarray(vectors, np.float64)

    def _told(self, square: npt.NDArray[np.uint8], vector: npt.NDArray[np.float64]) -> Orientation:
        cosine, sine = vector
        angle = float(np.degrees(np.arctan2(sine, cosine)))
        if self.snap_deg > 0:
            axis, score = symmetric_near(
                mirror_scores(square), angle + _UPRIGHT_AXIS_DEG, self.snap_deg
            )
            at_the_rim = abs(difference_deg(axis - _UPRIGHT_AXIS_DEG, angle)) > 0.97 * self.snap_deg
            if score >= self.snap_score and not at_the_rim:
                angle = axis - _UPRIGHT_AXIS_DEG
        return Orientation(wrapped_deg(angle), float(np.clip(np.hypot(cosine, sine), 0, 1)))
