"""U-Net: the trained segmenter, with weights that come with the package or your own."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
from pydantic import Field, PrivateAttr

from wunderkammer.core.device import Device
from wunderkammer.imaging.masks import confidence
from wunderkammer.segmenters import Segmented, Segmenter, registry

SHIPPED = Path(__file__).parent / "weights" / "unet"
"""Weights that come with the package; their card says what they were trained on."""

BESIDE_PRINT = SHIPPED.with_name("unet-print")
"""The same network, trained on to tell specimens from print that they lie on."""

_GPU_BATCH = 16

Part = tuple[slice, slice]


@registry.register
class UNetSegmenter(Segmenter):
    """A small U-Net, trained on museum photographs and on your own masks.

    Notes
    -----
    The network [1]_ stands on the trunk of EfficientNet-lite0. An image is looked
    at whole, and with most weights again at half the size; where what is seen fills
    little of it, that part is looked at in the same way from nearby. A specimen that
    lies on a line of print is looked at again by a network that was trained on such
    specimens. On a processor each is looked at by itself and on one thread, so that
    its mask does not depend, to the last bit, on the others of the call. The
    confidence is the overlap that the probabilities expect of themselves, corrected
    by what was measured on held-out masks when the weights were made.

    References
    ----------
    .. [1] Ronneberger, O., Fischer, P. & Brox, T. (2015). U-Net: convolutional
       networks for biomedical image segmentation. MICCAI, 234-241.
    """

    name: Literal["unet"] = "unet"
    version: Literal["3"] = "3"
    weights: str = Field(
        "",
        description="Trained weights: the name of a folder below weights/, or its path; empty: "
        "those that come with Wunderkammer.",
        json_schema_extra={"context": True},
    )
    look_px: int = Field(
        0,
        description="Longest side at which an image is looked at; 0: as the weights were measured.",
        ge=0,
        le=4096,
    )
    mirrored: bool = Field(
        default=True,
        description="Look at each image also mirrored, and take the mean: steadier, and twice the "
        "time.",
    )
    n_sizes: int = Field(
        0,
        description="1: look at each image once; 2: also at half the size, where grass, petals "
        "and other clutter resemble specimens less, and take the geometric mean, a quarter more "
        "time; 0: as the weights were measured.",
        ge=0,
        le=2,
    )
    closer: bool = Field(
        default=True,
        description="Look again, from nearby, at specimens no longer than a quarter of their "
        "photograph: outlines are sharper, and cards and labels beside them go; such photographs "
        "take twice the time.",
    )
    beside_print: bool = Field(
        default=True,
        description="Look again, with weights that were trained for it, at specimens that a line "
        "of print runs up to: letters beside legs and wings go; such photographs take two "
        "and a half times the time.",
    )
    _network: Any = PrivateAttr(default=None)
    _print_network: Any = PrivateAttr(default=None)
    _device: Device = PrivateAttr(default=Device())
    _look_px: int = PrivateAttr(default=512)
    _print_px: int = PrivateAttr(default=512)
    _n_sizes: int = PrivateAttr(default=1)
    _calibration: Mapping[str, Sequence[float]] = PrivateAttr(default_factory=dict)

    @property
    def input_px(self) -> int:
        """Longest side of what the network is shown."""
        return self.look_px or self._look_px

    def files(self, root: Path) -> Mapping[str, Path]:
        """Return the files of the weights."""
        from wunderkammer.training.weights import TENSORS, weights_folder

        own = {"weights": weights_folder(self.weights, root, SHIPPED) / TENSORS}
        return {**own, "print": BESIDE_PRINT / TENSORS} if self.beside_print else own

    def load(self, device: Device, root: Path = Path()) -> None:
        """Build the network and read its weights.

        Raises
        ------
        StageError
            If the weights are missing, broken, or of another kind of network.
        """
        from wunderkammer.training.weights import read_weights, weights_folder

        weights = read_weights(weights_folder(self.weights, root, SHIPPED), "unet")
        self._network = _built(weights.tensors, device)
        if self.beside_print:
            beside = read_weights(BESIDE_PRINT, "unet")
            self._print_network = _built(beside.tensors, device)
            self._print_px = int(beside.settings["look_px"])
        self._device = device
        self._look_px = int(weights.settings["look_px"])
        self._n_sizes = self.n_sizes or int(weights.settings["n_sizes"])
        self._calibration = weights.settings["calibration"]

    def segment(self, images: Sequence[npt.NDArray[np.uint8]]) -> list[Segmented]:
        """Return what is seen in each image."""
        if self._network is None:
            self.load(self._device, Path())
        from wunderkammer.training.threads import single_threaded_workers

        size = _GPU_BATCH if self._device.name == "cuda" else 1
        groups = [images[start : start + size] for start in range(0, len(images), size)]
        with single_threaded_workers(self._device) as workers:
            return [one for some in workers.map(self._looked_at, groups) for one in some]

    def _looked_at(self, images: Sequence[npt.NDArray[np.uint8]]) -> list[Segmented]:
        """Look at some images together: one, or several on a GPU."""
        chances = self._chances(images)
        if self.closer:
            self._look_closer(images, chances)
        if self.beside_print:
            self._look_beside_print(images, chances)
        return [self._seen(one) for one in chances]

    def _look_closer(
        self, images: Sequence[npt.NDArray[np.uint8]], chances: list[npt.NDArray[np.float32]]
    ) -> None:
        """Put what is seen from nearby into the probabilities of images that show little."""
        from wunderkammer.training.looking import nearby, put_back

        small = _parts(images, chances, nearby)
        for (n, part), near in zip(
            small.items(), self._chances(_cropped(images, small)), strict=True
        ):
            chances[n] = put_back(chances[n], near, part, images[n].shape)

    def _look_beside_print(
        self, images: Sequence[npt.NDArray[np.uint8]], chances: list[npt.NDArray[np.float32]]
    ) -> None:
        """Put in what the network that knows print sees of specimens that lie on it."""
        from wunderkammer.imaging.print_lines import print_meets
        from wunderkammer.training.looking import around, known, put_back

        met = [print_meets(image, chances[n] > 0.5) for n, image in enumerate(images)]
        parts = {n: part for n, part in _parts(images, chances, around).items() if met[n]}
        crops = _cropped(images, parts)
        seen = self._look(self._print_network, crops, self._print_px) if crops else []
        for (n, part), near in zip(parts.items(), seen, strict=True):
            where = part, images[n].shape
            seen_before = known(near, chances[n], *where)
            chances[n] = put_back(chances[n], seen_before, *where, thin_stays=False)

    def _chances(self, images: Sequence[npt.NDArray[np.uint8]]) -> list[npt.NDArray[np.float32]]:
        """Return the probabilities of images, each looked at whole, at one size or two."""
        from wunderkammer.training.looking import half, together

        if not images:
            return []
        sizes = (self.input_px, half(self.input_px))[: self._n_sizes]
        looks = zip(*(self._look(self._network, images, px) for px in sizes), strict=True)
        return [together(*some) for some in looks]

    def _look(
        self, network: Any, images: Sequence[npt.NDArray[np.uint8]], longest_px: int
    ) -> list[npt.NDArray[np.float32]]:
        """Return the probabilities at one size; a GPU's batch is filled up with blanks."""
        from wunderkammer.nets.unet import MULTIPLE
        from wunderkammer.training.looking import letterboxed

        square = self._device.name == "cuda"
        framed = [letterboxed(one, longest_px, MULTIPLE, square=square) for one in images]
        frames = np.stack([frame for frame, _ in framed])
        if square:
            blanks = np.zeros((_GPU_BATCH - len(images), *frames.shape[1:]), np.uint8)
            frames = np.concatenate([frames, blanks])
        answers = self._answers(network, frames)
        return [
            np.ascontiguousarray(answer[: inside[0], : inside[1]])
            for answer, (_, inside) in zip(answers, framed, strict=False)
        ]

    def _answers(self, network: Any, frames: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
        """Return the probabilities of frames (n, height, width, 3)."""
        import torch

        from wunderkammer.training.looking import as_input

        with torch.inference_mode():
            pixels = as_input(frames, self._device.name)
            pixels = pixels.to(memory_format=torch.channels_last)
            chance = torch.sigmoid(network(pixels))
            if self.mirrored:
                chance = (chance + torch.sigmoid(network(pixels.flip(3))).flip(3)) / 2
            answers: npt.NDArray[np.float32] = chance[:, 0].float().cpu().numpy()
        return answers

    def _seen(self, probability: npt.NDArray[np.float32]) -> Segmented:
        expected = confidence(probability)
        known = self._calibration
        sure = float(np.interp(expected, known["expected"], known["measured"]))
        return Segmented(probability, sure)


def _built(tensors: Mapping[str, Any], device: Device) -> Any:
    """Return the network with these weights, ready to be asked."""
    import torch

    from wunderkammer.nets.folding import folded
    from wunderkammer.nets.unet import UNet

    network = UNet()
    network.load_state_dict(dict(tensors))
    folded(network).requires_grad_(requires_grad=False)
    network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    return network.to(device.name)


def _parts(
    images: Sequence[npt.NDArray[np.uint8]],
    chances: Sequence[npt.NDArray[np.float32]],
    which: Callable[[npt.NDArray[np.float32], tuple[int, ...]], Part | None],
) -> dict[int, Part]:
    """Return the parts of images, by their number, that are looked at again."""
    parts = (which(chance, image.shape) for chance, image in zip(chances, images, strict=True))
    return {n: part for n, part in enumerate(parts) if part is not None}


def _cropped(
    images: Sequence[npt.NDArray[np.uint8]], parts: Mapping[int, Part]
) -> list[npt.NDArray[np.uint8]]:
    return [np.ascontiguousarray(images[n][part]) for n, part in parts.items()]
