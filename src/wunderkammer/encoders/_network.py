"""What encoders that are networks share: squares in, vectors out, no batch to be seen."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import numpy.typing as npt
from pydantic import Field, PrivateAttr

from wunderkammer.core.device import Device
from wunderkammer.encoders import Encoder
from wunderkammer.imaging.preparing import Padding, Preparation, prepared

if TYPE_CHECKING:
    import torch

_GPU_MICRO_BATCH = 64


class NetworkEncoder(Encoder):
    """Base of encoders that are a network: a subclass builds it and says how images are prepared.

    Notes
    -----
    Images pass in micro-batches of a fixed size, the last one filled up with blanks,
    each on one thread: a vector then depends, to the last bit, on its own image only,
    not on the others of a call nor on the number of threads. Another processor or
    library version may round otherwise.
    """

    micro_batch: ClassVar[int] = 1
    """Images that a processor looks at together."""

    _network: Any = PrivateAttr(default=None)
    _preparation: Preparation | None = PrivateAttr(default=None)
    _device: Device = PrivateAttr(default=Device())
    _root: Path = PrivateAttr(default=Path())

    def build(self, root: Path) -> tuple[torch.nn.Module, Preparation]:
        """Return the network with its weights, on the processor, and how images are prepared.

        Parameters
        ----------
        root : Path
            The collection's folder; relative paths start there.
        """
        raise NotImplementedError

    def load(self, device: Device, root: Path = Path()) -> None:
        """Build the network, read its weights, move it.

        Raises
        ------
        StageError
            If a library is missing, or the weights are missing, broken, or of another
            network.
        """
        network, self._preparation = self.build(root)
        network.eval().requires_grad_(requires_grad=False)
        self._network = network.to(device.name)
        self._device, self._root = device, root

    def network(self) -> torch.nn.Module:
        """Return a copy on the processor: scaled pixels (n, 3, side, side) to vectors."""
        self._loaded()
        copied: torch.nn.Module = copy.deepcopy(self._network).to("cpu")
        return copied

    def preparation(self) -> Preparation:
        """Return how an image becomes the network's input."""
        self._loaded()
        assert self._preparation is not None
        return self._preparation

    @property
    def input_px(self) -> int:
        """Longest side of what the network is shown."""
        found = self.preparation()
        # of a long image that is cropped, the longer side is larger than what is seen
        return 3 * found.shortest_px if found.fit == "crop" else found.side_px

    def scaled(self, pixels: torch.Tensor) -> torch.Tensor:
        """Return the network's input for pixels (n, 3, side, side), 0 to 255."""
        found = self.preparation()
        shape = (1, 3, 1, 1)
        values = pixels.float() / 255
        mean, std = (values.new_tensor(some).view(shape) for some in (found.mean, found.std))
        return ((values - mean) / std).contiguous()

    def encode(self, images: Sequence[npt.NDArray[np.uint8]]) -> npt.NDArray[np.float32]:
        """Return the features of some images, one row each."""
        self._loaded()
        result = np.empty((len(images), self.n_features), np.float32)
        size = self.micro_batch if self._device.name == "cpu" else _GPU_MICRO_BATCH

        def work(start: int) -> None:
            some = images[start : start + size]
            result[start : start + len(some)] = self._forward(some, size)

        from wunderkammer.training.threads import single_threaded_workers

        with single_threaded_workers(self._device) as workers:
            for _ in workers.map(work, range(0, len(images), size)):
                pass
        return result

    def _loaded(self) -> None:
        if self._network is None:
            self.load(self._device, self._root)

    def _forward(
        self, images: Sequence[npt.NDArray[np.uint8]], size: int
    ) -> npt.NDArray[np.float32]:
        """Run one micro-batch of at most ``size`` images, filled up with blanks."""
        import torch

        preparation = self.preparation()
        batch = np.zeros((size, preparation.side_px, preparation.side_px, 3), np.uint8)
        for place, image in zip(batch, images, strict=False):
            place[:] = prepared(image, preparation)
        with torch.inference_mode():
            pixels = torch.from_numpy(batch).to(self._device.name).permute(0, 3, 1, 2)
            vectors: npt.NDArray[np.float32] = self._network(self.scaled(pixels)).cpu().numpy()
        return vectors[: len(images)]

    def __getstate__(self) -> dict[Any, Any]:
        """Leave the network behind when travelling to another process: it is read there again."""
        state = super().__getstate__()
        private = dict(state["__pydantic_private__"] or {}, _network=None)
        return {**state, "__pydantic_private__": private}


class PublishedEncoder(NetworkEncoder):
    """Base of networks that others trained: the colour around an image is a setting."""

    padding: Padding = Field(
        "white",
        description="Colour that fills an image up to a square: one for all images, or the "
        "median of each image's own edge.",
    )
