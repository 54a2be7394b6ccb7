"""Weights: a folder that holds a trained network with all that must travel with it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import tomlkit

from wunderkammer.core.errors import StageError
from wunderkammer.core.files import file_sha256, read_json, write_json
from wunderkammer.core.sums import folder_written_noted

if TYPE_CHECKING:
    import torch

TENSORS, CARD, METRICS = "weights.safetensors", "card.toml", "metrics.json"
SETTINGS, SPLIT = "settings.toml", "split.parquet"
FOLDER = "weights"
"""Where a collection keeps what it trained: ``weights/<sha12>/``."""


@dataclass(frozen=True, slots=True, eq=False)
class Weights:
    """A trained network.

    Attributes
    ----------
    folder : Path
        Where it lies.
    tensors : mapping of str to torch.Tensor
        The network's state, float32.
    card : mapping
        What it is, what it was trained on, by whom, its licence, its limits.
    settings : mapping
        How the network is built and was trained; ``kind`` says which it is.
    metrics : mapping
        Held-out figures.
    """

    folder: Path
    tensors: Mapping[str, torch.Tensor]
    card: Mapping[str, Any]
    settings: Mapping[str, Any]
    metrics: Mapping[str, Any]

    def split(self) -> pa.Table:
        """Return which media were trained on: ``media_id`` and ``part``."""
        return pq.read_table(self.folder / SPLIT)


def write_weights(
    parent: Path,
    tensors: Mapping[str, torch.Tensor],
    *,
    card: Mapping[str, Any],
    settings: Mapping[str, Any],
    metrics: Mapping[str, Any],
    split: pa.Table,
    name: str | None = None,
) -> Path:
    """Write a folder of weights whole and return it.

    Parameters
    ----------
    parent : Path
        Where the folder is made.
    tensors : mapping of str to torch.Tensor
        Stored as float16 where they are floating point.
    card, settings, metrics : mapping
        See :class:`Weights`; ``settings`` must have ``kind``.
    split : pyarrow.Table
        ``media_id`` and ``part`` (``train``, ``validation`` or ``test``).
    name : str, optional
        Name of the folder; default: the first 12 digits of the SHA-256 of the tensors' file.
    """
    import torch
    from safetensors.torch import save

    halves = {
        key: (value.to(torch.float16) if value.is_floating_point() else value).contiguous().cpu()
        for key, value in tensors.items()
    }
    content = save(halves, metadata={"kind": str(settings["kind"])})
    import hashlib

    digest = hashlib.sha256(content).hexdigest()
    folder = parent / (name or digest[:12])
    with folder_written_noted(folder) as temporary:
        (temporary / TENSORS).write_bytes(content)
        about = {**card, "sha256": digest}
        (temporary / CARD).write_text(tomlkit.dumps(about), encoding="utf-8")
        (temporary / SETTINGS).write_text(tomlkit.dumps(dict(settings)), encoding="utf-8")
        write_json(temporary / METRICS, dict(metrics))
        pq.write_table(split, temporary / SPLIT)
    return folder


def read_weights(folder: Path, kind: str) -> Weights:
    """Read a folder of weights.

    Parameters
    ----------
    folder : Path
        The folder.
    kind : str
        What the caller can use, such as ``"unet"``.

    Raises
    ------
    StageError
        If the folder is missing or incomplete, its tensors are not those that
        the card speaks of, or it holds another kind of network.
    """
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    missing = [n for n in (TENSORS, CARD, METRICS, SETTINGS, SPLIT) if not (folder / n).is_file()]
    if missing:
        raise StageError(
            f"{folder} holds no weights: {', '.join(missing)} is missing.",
            hint="Name a folder that 'wk train' made, or none for the weights that came with "
            "Wunderkammer.",
        )
    card = tomllib.loads((folder / CARD).read_text(encoding="utf-8"))
    settings = tomllib.loads((folder / SETTINGS).read_text(encoding="utf-8"))
    if settings.get("kind") != kind:
        raise StageError(
            f"{folder} holds '{settings.get('kind')}' weights, not '{kind}'.",
            hint="Name a folder that 'wk train' made for this, or none for the weights that came "
            "with Wunderkammer.",
        )
    if file_sha256(folder / TENSORS) != card.get("sha256"):
        raise StageError(
            f"{folder / TENSORS} is not the file that its card speaks of.",
            hint="Copy the folder again, or train again.",
        )
    try:
        halves = load_file(folder / TENSORS)
    except SafetensorError as error:
        raise StageError(
            f"{folder / TENSORS} cannot be read: {error}.",
            hint="Copy the folder again, or train again.",
        ) from None
    tensors = {k: v.float() if v.is_floating_point() else v for k, v in halves.items()}
    return Weights(folder, tensors, card, settings, read_json(folder / METRICS))


def weights_folder(setting: str, root: Path, shipped: Path) -> Path:
    """Return the folder that a plug-in's setting ``weights`` means.

    Parameters
    ----------
    setting : str
        Empty: the weights that came with the package; a name below the
        collection's ``weights/``, of which the first digits suffice; or a path.
    root : Path
        The collection's folder.
    shipped : Path
        The folder in the package.
    """
    if not setting:
        return shipped
    named = sorted((root / FOLDER).glob(f"{setting}*")) if "/" not in setting else []
    return named[0] if len(named) == 1 else root / setting
