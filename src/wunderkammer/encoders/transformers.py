"""Models of transformers: DINOv2, DINOv3 and other networks of that library."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from pydantic import Field

from wunderkammer.core.errors import StageError
from wunderkammer.encoders import registry
from wunderkammer.encoders._libraries import explained, library
from wunderkammer.encoders._pretrained import (
    PretrainedEncoder,
    one_side,
    read_description,
    three,
)
from wunderkammer.imaging.preparing import Fit, Interpolation, Preparation

if TYPE_CHECKING:
    import torch

_PREPROCESSOR = "preprocessor_config.json"
_RESAMPLING: dict[int, Interpolation] = {
    0: "nearest", 1: "lanczos", 2: "bilinear", 3: "bicubic", 4: "area",
}  # fmt: skip
"""Numbers of Pillow's filters, as configurations write them."""


@registry.register
class Transformers(PretrainedEncoder):
    """An image model of the library transformers, such as DINOv2 [1]_ or DINOv3 [2]_.

    Needs the extra ``transformers``.

    Notes
    -----
    Models that learnt without labels, as these did, tell finer differences than
    classifiers. DINOv3 is given only to those who agree to its conditions.

    References
    ----------
    .. [1] Oquab, M. et al. (2024). DINOv2: learning robust visual features without
       supervision. Transactions on Machine Learning Research.
    .. [2] Simeoni, O. et al. (2025). DINOv3. arXiv:2508.10104.
    """

    name: Literal["transformers"] = "transformers"
    version: Literal["1"] = "1"
    extra: ClassVar[str] = "transformers"
    wanted: ClassVar[tuple[str, ...]] = ("config.json", _PREPROCESSOR)
    wanted_weights: ClassVar[tuple[str, ...]] = ("*.safetensors", "pytorch_model*.bin")

    model: str = Field(
        "facebook/dinov2-small",
        description="The model on the hub, owner/name. Where weights names a folder, the model is "
        "what lies there.",
        pattern=r"^[\w.-]+/[\w.-]+$",
    )
    vector: Literal["pooled", "cls"] = Field(
        "pooled",
        description="pooled: what the model itself makes of all it saw; cls: its first token, for "
        "transformers whose weights lack that last layer.",
    )
    length: int = Field(384, description="Length of the model's vectors.", ge=1)

    def repository(self) -> str:
        """Return the model's name on the hub."""
        return self.model

    def build(self, root: Path) -> tuple[torch.nn.Module, Preparation]:
        """Return the model, and how its configuration wants images."""
        import torch

        from wunderkammer.nets.pretrained import HiddenState

        made = library("transformers", self.extra, self.name)
        path = self.folder(root)
        if not (path / _PREPROCESSOR).is_file():
            raise StageError(
                f"encoder {self.name}: {self._called()} holds no {_PREPROCESSOR}, which says what "
                "images it was trained on.",
                hint="Name the whole folder of the model, as it lies on the hub.",
            )
        with explained(self.name, self._called(), self._hint()):
            preparation = self._prepares(read_description(path / _PREPROCESSOR))
            model, about = made.AutoModel.from_pretrained(
                path, local_files_only=True, output_loading_info=True, dtype=torch.float32
            )
        self._refuse_gaps(sorted(about["missing_keys"]))
        return HiddenState(model, self.vector), preparation

    def _refuse_gaps(self, missing: list[str]) -> None:
        """Refuse weights that lack a layer: the library would draw it at random."""
        unused = ("pooler.",) if self.vector == "cls" else ()
        missing = [one for one in missing if not one.startswith(unused)]
        if not missing:
            return
        pooler = all(one.startswith("pooler.") for one in missing)
        raise StageError(
            f"encoder {self.name}: the weights of {self._called()} lack {len(missing)} tensors, "
            f"such as {missing[0]}.",
            hint="Take the first token: vector = 'cls'." if pooler else self._hint(),
        )

    def _prepares(self, own: dict[str, Any]) -> Preparation:
        """Return how images are prepared, from the model's preprocessor."""
        size = own.get("size", 224)
        crops = bool(own.get("do_center_crop", False))
        side = one_side(own["crop_size"] if crops and "crop_size" in own else size)
        shortest = isinstance(size, int) or "shortest_edge" in size
        how: Fit = "crop" if crops or shortest else "squash"
        scales = own.get("do_normalize", True)
        return Preparation(
            side_px=side,
            mean=three(own["image_mean"]) if scales else (0.0, 0.0, 0.0),
            std=three(own["image_std"]) if scales else (1.0, 1.0, 1.0),
            interpolation=_RESAMPLING.get(own.get("resample", 3), "bicubic"),
            fit=self.own_fit(how),
            padding=self.padding,
            shortest_px=one_side(size) if how == "crop" else 0,
        )
