"""VGG-16's second fully connected layer: features of many earlier studies."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from wunderkammer.core.errors import StageError
from wunderkammer.encoders import registry
from wunderkammer.encoders._download import downloaded, torch_cache
from wunderkammer.encoders._libraries import explained
from wunderkammer.encoders._network import PublishedEncoder
from wunderkammer.imaging.preparing import Preparation

if TYPE_CHECKING:
    import torch

_MEAN, _STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


@registry.register
class Vgg16Fc2(PublishedEncoder):
    """VGG-16 [1]_ trained on ImageNet, up to its second fully connected layer: 4096 values.

    Notes
    -----
    Slow and large, 134 million weights: for comparison with studies that used it. Its
    weights are those published for torch; those of other libraries give other vectors.
    ``fit = "squash"`` distorts images as those studies did.

    References
    ----------
    .. [1] Simonyan, K. & Zisserman, A. (2015). Very deep convolutional networks for
       large-scale image recognition. ICLR.
    """

    name: Literal["vgg16-fc2"] = "vgg16-fc2"
    version: Literal["1"] = "1"
    side_px: ClassVar[int] = 224
    shortest_px: ClassVar[int] = 256
    widths: ClassVar[tuple[int, ...]] = (64, 128, 256, 512, 512)
    n_hidden: ClassVar[int] = 4096
    address: ClassVar[str] = "https://download.pytorch.org/models/vgg16-397923af.pth"
    sha256: ClassVar[str] = "397923af8e79cdbb6a7127f12361acd7a2f83e06b05044ddf496e83de57a5bf0"

    weights: str = Field(
        "",
        description="A file of published weights (.pth or .safetensors); empty: torch's own, "
        "fetched once (528 MB) and kept where torch keeps them.",
        json_schema_extra={"context": True},
    )
    fit: Literal["pad", "crop", "squash"] = Field(
        "pad",
        description="pad: the whole image, filled up to a square; crop: its middle, as the weights "
        "were measured; squash: the whole image, its aspect lost.",
    )

    @property
    def n_features(self) -> int:
        """Length of the vectors: width of the layer."""
        return self.n_hidden

    @property
    def input_px(self) -> int:
        """Longest side of what the network is shown."""
        return 3 * self.shortest_px if self.fit == "crop" else self.side_px

    def files(self, root: Path) -> Mapping[str, Path]:
        """Return the file of weights, where it is one's own."""
        return {"weights": root / self.weights} if self.weights else {}

    def build(self, root: Path) -> tuple[torch.nn.Module, Preparation]:
        """Return the network, and how images are prepared.

        Raises
        ------
        StageError
            If the weights are missing, cannot be fetched, or are of another network.
        """
        from wunderkammer.nets.vgg import Vgg16Fc2 as Network

        path = self._path(root)
        network = Network(self.widths, self.n_hidden)
        with explained(self.name, path, "Name a file of VGG-16's weights as torch has them."):
            network.load_published(_read(path))
        how = Preparation(
            self.side_px, _MEAN, _STD, "bilinear", self.fit, self.padding, self.shortest_px
        )
        return network, how

    def _path(self, root: Path) -> Path:
        if not self.weights:
            return downloaded(self.address, self.sha256, torch_cache(), encoder=self.name)
        path = root / self.weights
        if not path.is_file():
            raise StageError(
                f"encoder {self.name}: there is no file {path}.",
                hint="Correct the setting 'weights'; a relative path starts at the collection's "
                "folder.",
            )
        return path


def _read(path: Path) -> Mapping[str, torch.Tensor]:
    """Return the tensors of a file, and never run what else might be in it."""
    if path.suffix == ".safetensors":
        from safetensors.torch import load_file

        return load_file(path)
    import torch

    state: Mapping[str, torch.Tensor] = torch.load(path, map_location="cpu", weights_only=True)
    return state
