"""Trained: the features of an encoder that was trained on a collection."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pydantic import Field

from wunderkammer.core.errors import StageError
from wunderkammer.encoders import registry
from wunderkammer.encoders._network import NetworkEncoder
from wunderkammer.imaging.preparing import Preparation

if TYPE_CHECKING:
    import torch

_LARGEST_PX = 512


@registry.register
class TrainedEncoder(NetworkEncoder):
    """An encoder of your own: autoencoder, triplets, classifier or SimCLR; see ``wk train``.

    Notes
    -----
    A picture is brought to the size it was trained at and padded to a square, as the
    weights say.
    """

    name: Literal["trained"] = "trained"
    version: Literal["1"] = "1"
    weights: str = Field(
        "",
        description="The weights: name of a folder below weights/, or its path.",
        json_schema_extra={"context": True},
    )
    length: int = Field(
        320, description="Length of the vectors, as 'wk train encoder' says it.", ge=1
    )

    @property
    def n_features(self) -> int:
        """Length of the vectors: a setting, so that columns are known without the weights."""
        return self.length

    @property
    def input_px(self) -> int:
        """Side of the network's input; before it is loaded, the largest that one can have."""
        return _LARGEST_PX if self._network is None else self.preparation().side_px

    def files(self, root: Path) -> Mapping[str, Path]:
        """Return the file of the weights."""
        from wunderkammer.training.weights import TENSORS, weights_folder

        return {"weights": weights_folder(self.weights, root, root / "weights") / TENSORS}

    def build(self, root: Path) -> tuple[torch.nn.Module, Preparation]:
        """Return the network with its weights, and how images are prepared.

        Raises
        ------
        StageError
            If the weights are missing, broken, of another kind of network, or give
            vectors of another length than the setting says.
        """
        import torch

        from wunderkammer.nets.folding import folded
        from wunderkammer.training.trained_encoder import FeaturesOnly
        from wunderkammer.training.trained_encoder import TrainedEncoder as Trained
        from wunderkammer.training.weights import weights_folder

        if not self.weights:
            raise StageError(
                "encoder trained: no weights are named.",
                hint="Train some with 'wk train encoder', and use them as it says.",
            )
        found = Trained.read(weights_folder(self.weights, root, root))
        if found.n_features != self.length:
            raise StageError(
                f"encoder trained: the weights {self.weights} give vectors of "
                f"{found.n_features}, and length = {self.length}.",
                hint=f"Run 'wk config set features.encoder.length={found.n_features}'.",
            )
        folded(found.network)
        network = FeaturesOnly(found.network)
        network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        return network, found.preparation
