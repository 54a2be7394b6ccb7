"""Models of OpenCLIP: networks that learnt from images and what was written about them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Literal, get_args

from pydantic import Field

from wunderkammer.encoders import registry
from wunderkammer.encoders._libraries import explained, library
from wunderkammer.encoders._pretrained import PretrainedEncoder, one_side, three
from wunderkammer.imaging.preparing import Fit, Interpolation, Preparation

if TYPE_CHECKING:
    import torch

_FITS: dict[str, Fit] = {"shortest": "crop", "longest": "pad", "squash": "squash"}


@registry.register
class OpenClip(PretrainedEncoder):
    """The image side of a model of OpenCLIP [1]_, such as BioCLIP 2; needs the extra ``zoo``.

    Notes
    -----
    The vector is the model's image embedding, not scaled to length 1. BioCLIP 2 [2]_
    learnt from 214 million images of organisms and their names.

    References
    ----------
    .. [1] Cherti, M. et al. (2023). Reproducible scaling laws for contrastive
       language-image learning. CVPR, 2818-2829.
    .. [2] Gu, J. et al. (2025). BioCLIP 2: emergent properties from scaling
       hierarchical contrastive learning. NeurIPS.
    """

    name: Literal["open_clip"] = "open_clip"
    version: Literal["1"] = "1"
    extra: ClassVar[str] = "zoo"
    wanted: ClassVar[tuple[str, ...]] = ("open_clip_config.json",)
    wanted_weights: ClassVar[tuple[str, ...]] = ("open_clip*.safetensors", "open_clip*.bin")

    model: str = Field(
        "hf-hub:imageomics/bioclip-2",
        description="The model on the hub, owner/name. Where weights names a folder, the model is "
        "what lies there.",
        pattern=r"^(hf-hub:)?[\w.-]+/[\w.-]+$",
    )
    length: int = Field(768, description="Length of the model's vectors.", ge=1)

    def repository(self) -> str:
        """Return the model's name on the hub."""
        return self.model.removeprefix("hf-hub:")

    def build(self, root: Path) -> tuple[torch.nn.Module, Preparation]:
        """Return the model's image side, and how its configuration wants images."""
        made = library("open_clip", self.extra, self.name)
        path = self.folder(root)
        with explained(self.name, self._called(), self._hint()):
            model = made.create_model(
                f"local-dir:{path}", require_pretrained=True, pretrained_text=False
            )
            return model.visual, self._prepares(model.visual.preprocess_cfg)

    def _prepares(self, own: dict[str, Any]) -> Preparation:
        side = one_side(own["size"])
        known = own["interpolation"] in get_args(Interpolation)
        return Preparation(
            side_px=side,
            mean=three(own["mean"]),
            std=three(own["std"]),
            interpolation=own["interpolation"] if known else "bicubic",
            fit=self.own_fit(_FITS[own["resize_mode"]]),
            padding=self.padding,
            shortest_px=side,
        )
