"""What encoders share whose networks other libraries know: a model, its weights, its folder."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar, Literal

from pydantic import Field

from wunderkammer.core.device import Device
from wunderkammer.core.errors import StageError
from wunderkammer.encoders._libraries import explained, snapshot
from wunderkammer.encoders._network import PublishedEncoder
from wunderkammer.imaging.preparing import Fit

_WEIGHTS = frozenset({".safetensors", ".bin", ".pth", ".pt"})


class PretrainedEncoder(PublishedEncoder):
    """Base: the model lies in a folder, one's own or fetched from the Hugging Face hub.

    A subclass names its library, the extra that brings it, and which files it wants.
    """

    extra: ClassVar[str]
    wanted: ClassVar[tuple[str, ...]]
    """Files beside the weights; the first is the model's own description."""

    wanted_weights: ClassVar[tuple[str, ...]]

    revision: str = Field(
        "", description="Branch, tag or commit of the model on the hub; empty: the newest."
    )
    weights: str = Field(
        "",
        description="Where the model lies: the path of its folder, with the description that came "
        "with it; empty: the hub, which is asked once.",
        json_schema_extra={"context": True},
    )
    length: int = Field(1, description="Length of the model's vectors.", ge=1)
    fit: Literal["pad", "own"] = Field(
        "pad",
        description="pad: the whole image is seen, filled up to a square; own: cropped or squashed "
        "as the model's own configuration says.",
    )

    @property
    def n_features(self) -> int:
        """Length of the vectors: a setting, so that columns are known without the model."""
        return self.length

    def repository(self) -> str:
        """Return the model's name on the hub."""
        raise NotImplementedError

    def files(self, root: Path) -> Mapping[str, Path]:
        """Return the model's files, where it lies in a folder of one's own."""
        if not self.weights:
            return {}
        path = root / self.weights
        if not path.is_dir():
            return {"weights": path}
        return {
            one.name: one
            for one in sorted(path.iterdir())
            if one.name in self.wanted or one.suffix in _WEIGHTS
        }

    def load(self, device: Device, root: Path = Path()) -> None:
        """Read the model and check that its vectors have the length that is set.

        Raises
        ------
        StageError
            If its library or files are missing, the hub cannot be reached, the files do
            not fit together, or the vectors have another length than the setting says.
        """
        import torch

        super().load(device, root)
        side = self.preparation().side_px
        blank = torch.zeros(1, 3, side, side, device=device.name)
        with explained(self.name, self._called(), self._hint()), torch.inference_mode():
            found = tuple(self._network(blank).shape)
        if len(found) != 2 or found[1] != self.length:
            self._network = None
            raise StageError(
                f"encoder {self.name}: {self._called()} gives vectors of {found[1]}, and length = "
                f"{self.length}."
                if len(found) == 2
                else f"encoder {self.name}: {self._called()} gives no vectors, but {found}.",
                hint=f"Run 'wk config set features.encoder.length={found[1]}'."
                if len(found) == 2
                else self._hint(),
            )

    def folder(self, root: Path) -> Path:
        """Return where the model lies: one's own folder or file, or what came from the hub.

        Parameters
        ----------
        root : Path
            The collection's folder.

        Raises
        ------
        StageError
            If there is no such path, or the hub has none or cannot be reached.
        """
        if not self.weights:
            return snapshot(
                self.repository(),
                self.revision,
                self.wanted,
                self.wanted_weights,
                encoder=self.name,
                extra=self.extra,
            )
        path = root / self.weights
        if not path.exists():
            raise StageError(
                f"encoder {self.name}: there is no file or folder {path}.",
                hint="Correct the setting 'weights'; a relative path starts at the collection's "
                "folder.",
            )
        if path.is_dir() and not (path / self.wanted[0]).is_file():
            raise StageError(
                f"encoder {self.name}: {path} holds no {self.wanted[0]}, which says how the model "
                "is built.",
                hint="Name the whole folder of the model, as it lies on the hub.",
            )
        return path

    def own_fit(self, own: Fit) -> Fit:
        """Return how an image is fitted, given how the model's configuration does."""
        return own if self.fit == "own" else "pad"

    def _called(self) -> str:
        """Return what is read, for messages."""
        return self.weights or self.repository()

    def _hint(self) -> str:
        return (
            "Get the model's folder again, whole."
            if self.weights
            else "Name another model, or one that was made for this library."
        )


def read_description(path: Path) -> dict[str, Any]:
    """Return the JSON object of a model's description."""
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def one_side(size: Any) -> int:
    """Return the side of a square from how libraries write it: a number, a pair or a table."""
    if isinstance(size, Mapping):
        size = [size[name] for name in ("shortest_edge", "height", "width") if name in size]
    sides = {int(one) for one in (size if isinstance(size, list | tuple) else [size])}
    if len(sides) != 1:
        raise ValueError(f"the input is {size}, and only squares are handled here")
    return sides.pop()


def three(values: Any) -> tuple[float, float, float]:
    """Return a value for each colour."""
    red, green, blue = (float(one) for one in values)
    return red, green, blue
