"""Models of timm: most networks that were published for photographs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Literal, get_args

from pydantic import Field

from wunderkammer.core.errors import StageError, nearest
from wunderkammer.encoders import registry
from wunderkammer.encoders._libraries import explained, library
from wunderkammer.encoders._pretrained import PretrainedEncoder, one_side, three
from wunderkammer.imaging.preparing import Interpolation, Preparation

if TYPE_CHECKING:
    import torch


@registry.register
class Timm(PretrainedEncoder):
    """Any model of the library timm [1]_, its classifier taken off; needs the extra ``zoo``.

    Notes
    -----
    The vector is what the model hands to its classifier. Weights come from the hub, from
    a folder with ``config.json`` (as timm writes it), or from one file of weights of the
    model that is named; every tensor must be there.

    References
    ----------
    .. [1] Wightman, R. (2019). PyTorch image models.
       https://github.com/huggingface/pytorch-image-models
    """

    name: Literal["timm"] = "timm"
    version: Literal["1"] = "1"
    extra: ClassVar[str] = "zoo"
    wanted: ClassVar[tuple[str, ...]] = ("config.json",)
    wanted_weights: ClassVar[tuple[str, ...]] = ("model.safetensors", "pytorch_model.bin")

    model: str = Field(
        "vit_base_patch16_224.augreg2_in21k_ft_in1k",
        description="Name of the model, with the tag of its weights after a dot, or owner/name on "
        "the hub. Where weights names a folder, the model is what lies there.",
        min_length=1,
    )
    length: int = Field(768, description="Length of the model's vectors.", ge=1)

    def repository(self) -> str:
        """Return the model's name on the hub.

        Raises
        ------
        StageError
            If timm knows no such model, or none with weights.
        """
        if "/" in self.model:
            return self.model.removeprefix("hf-hub:")
        timm = self._library()
        if not timm.is_model(self.model):
            raise StageError(
                f"encoder timm: no model is called '{self.model}'.",
                hint=nearest(self.model, timm.list_models()).partition(" Known:")[0],
            )
        known = timm.get_pretrained_cfg(self.model)
        if known is None or not known.hf_hub_id:
            raise StageError(
                f"encoder timm: '{self.model}' has no weights on the hub.",
                hint=f"Name a file of weights, or one of: "
                f"{', '.join(timm.list_pretrained(f'{self.model}*')[:5]) or 'none'}.",
            )
        return str(known.hf_hub_id)

    def build(self, root: Path) -> tuple[torch.nn.Module, Preparation]:
        """Return the model without its classifier, and how its configuration wants images."""
        self._library()
        path = self.folder(root)
        with explained(self.name, self._called(), self._hint()):
            network = self._made(path)
            return network, self._prepares(network)

    def _made(self, path: Path) -> Any:
        """Return a model from a folder or a file, all of whose weights must be there."""
        timm = self._library()
        if path.is_dir():
            network = timm.create_model(f"local-dir:{path}", pretrained=True)
        else:
            found = {"file": str(path), "custom_load": False}
            network = timm.create_model(self.model, pretrained=True, pretrained_cfg_overlay=found)
        network.reset_classifier(0)  # not before: with all classes every tensor is asked for
        return network

    def _prepares(self, network: Any) -> Preparation:
        data = library("timm.data", self.extra, self.name)
        own = data.resolve_model_data_config(network)
        side = one_side(own["input_size"][1:])
        known = own["interpolation"] in get_args(Interpolation)
        how = {"squash": "squash", "border": "pad"}.get(own["crop_mode"], "crop")
        return Preparation(
            side_px=side,
            mean=three(own["mean"]),
            std=three(own["std"]),
            interpolation=own["interpolation"] if known else "bicubic",
            fit=self.own_fit(how),  # type: ignore[arg-type]
            padding=self.padding,
            shortest_px=int(side / own["crop_pct"]),
        )

    def _library(self) -> Any:
        return library("timm", self.extra, self.name)
