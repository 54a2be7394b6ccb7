"""ONNX: any network for salient objects, such as U²-Net, from a file."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
from pydantic import Field, PrivateAttr

from wunderkammer.core.device import Device
from wunderkammer.core.errors import ConfigurationError, StageError
from wunderkammer.imaging.masks import confidence
from wunderkammer.segmenters import Segmented, Segmenter, registry

Image = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]

_ANY_SIDE = 320
_TYPES = {"tensor(float)": np.float32, "tensor(float16)": np.float16}


@registry.register
class Onnx(Segmenter):
    """A network that marks the salient object of a photograph, read from an ONNX file.

    Notes
    -----
    U²-Net [1]_ and its kin fit: one input of 1 x 3 x height x width, float; the first
    output is the mask. Photographs are brought to that size one by one, each on one
    thread, so that a mask does not depend, to the last bit, on the others of the
    call. Such a network was trained on photographs of all kinds: it keeps white
    labels beside pale specimens, and takes a card for the object on it.

    References
    ----------
    .. [1] Qin, X. et al. (2020). U²-Net: going deeper with nested U-structure for
       salient object detection. Pattern Recognition 106, 107404.
    """

    name: Literal["onnx"] = "onnx"
    version: Literal["1"] = "1"
    path: str = Field(
        "",
        description="The network's file; a relative path starts at the collection's folder.",
        json_schema_extra={"context": True},
    )
    side_px: int = Field(
        0,
        ge=0,
        le=4096,
        description="Side of the network's square input; 0: what the file states, or 320 where "
        "it takes any size.",
    )
    mean: tuple[float, float, float] = Field(
        (0.485, 0.456, 0.406),
        description="Subtracted from red, green and blue in [0, 1]; by default ImageNet's.",
    )
    std: tuple[float, float, float] = Field(
        (0.229, 0.224, 0.225),
        description="What red, green and blue are then divided by; by default ImageNet's.",
    )
    letterbox: bool = Field(
        False,
        description="Keep the aspect and fill up to the input's shape with the edge's colours; "
        "otherwise the photograph is squashed to it, as U²-Net was trained: on field "
        "photographs that agreed a little better with masks drawn by people.",
    )
    scaling: Literal["auto", "none", "sigmoid", "min-max"] = Field(
        "auto",
        description="How the output becomes a probability: none if it is one; sigmoid; min-max "
        "stretches each photograph's to [0, 1], so that something is found in every one; auto: "
        "none if all values lie in [0, 1], sigmoid if not.",
    )
    _session: Any = PrivateAttr(default=None)
    _device: Device = PrivateAttr(default=Device())
    _root: Path = PrivateAttr(default=Path())

    @property
    def input_px(self) -> int:
        """Longest side of what the network is shown."""
        return max(self._input_shape()) if self._session else self.side_px or _ANY_SIDE

    def files(self, root: Path) -> Mapping[str, Path]:
        """Return the network's file.

        Raises
        ------
        ConfigurationError
            If no path is set.
        StageError
            If there is no such file.
        """
        if not self.path:
            raise ConfigurationError(
                "segmenter onnx: the setting 'path' is empty, and it must name a network.",
                hint='Write segmenter = {name = "onnx", path = "u2netp.onnx"}.',
            )
        path = Path(os.path.normpath(root / self.path))
        if not path.is_file():
            raise StageError(
                f"segmenter onnx: there is no file {path}.",
                hint="Correct the setting 'path'; a relative one starts at the collection's "
                "folder.",
            )
        return {"network": path}

    def load(self, device: Device, root: Path = Path()) -> None:
        """Read the network and check that it takes one photograph.

        Raises
        ------
        ConfigurationError
            If no path is set, or ``side_px`` contradicts the file.
        StageError
            If the file is missing, no ONNX, or a network of another kind.
        """
        self._root, self._device = root, device
        self._session = _session(self.files(root)["network"], device)
        self._check()

    def segment(self, images: Sequence[Image]) -> list[Segmented]:
        """Return what the network marks in each image."""
        if self._session is None:
            self.load(self._device, self._root)
        with ThreadPoolExecutor(max(1, self._device.n_threads)) as workers:
            return list(workers.map(self._segmented, images))

    def __getstate__(self) -> dict[Any, Any]:
        """Leave the network behind when travelling to another process: it is read there again."""
        state = super().__getstate__()
        private = dict(state["__pydantic_private__"] or {}, _session=None)
        return {**state, "__pydantic_private__": private}

    def _segmented(self, image: Image) -> Segmented:
        shape = self._input_shape()
        framed, inside = _letterboxed(image, shape) if self.letterbox else _squashed(image, shape)
        wanted = self._session.get_inputs()[0]
        shift, scale = np.array(self.mean, np.float32), np.array(self.std, np.float32)
        pixels = (framed.astype(np.float32) / np.float32(255) - shift) / scale
        batch = np.ascontiguousarray(pixels.transpose(2, 0, 1)[None], dtype=_TYPES[wanted.type])
        first = self._session.get_outputs()[0].name
        answer = self._one_map(self._session.run([first], {wanted.name: batch})[0])
        probability = _of_aspect(self._scaled(answer), shape, inside, image.shape)
        return Segmented(probability, confidence(probability))

    def _input_shape(self) -> tuple[int, int]:
        """Return height and width of what the network is shown."""
        stated = self._session.get_inputs()[0].shape[2:]
        height, width = (
            side if isinstance(side, int) and side > 0 else self.side_px or _ANY_SIDE
            for side in stated
        )
        return height, width

    def _check(self) -> None:
        """Refuse a network that does not take one photograph."""
        inputs = self._session.get_inputs()
        found = ", ".join(f"{one.type} {_times(one.shape)}" for one in inputs)
        first = inputs[0].shape
        fits = len(inputs) == 1 and len(first) == 4 and inputs[0].type in _TYPES
        if not (
            fits and first[0] in _one_or_any(first[0]) and first[1] in _one_or_any(first[1], 3)
        ):
            raise StageError(
                f"segmenter onnx: {self.path} takes {found}, and one input of 1 x 3 x height x "
                "width, float, is needed.",
                hint="Export the network for one RGB image at a time.",
            )
        if self.side_px and set(self._input_shape()) != {self.side_px}:
            raise ConfigurationError(
                f"segmenter onnx: side_px = {self.side_px}, and {self.path} takes {found}.",
                hint="Leave out side_px: the file states it.",
            )

    def _one_map(self, answer: npt.NDArray[np.generic]) -> Floats:
        """Return the output as one map of numbers."""
        if answer.ndim < 2 or answer.size != answer.shape[-1] * answer.shape[-2]:
            raise StageError(
                f"segmenter onnx: the first output of {self.path} is {_times(answer.shape)}, and "
                "one map of height x width is needed.",
                hint="Export the network with its mask as first output.",
            )
        return np.asarray(answer, np.float32).reshape(answer.shape[-2:])

    def _scaled(self, answer: Floats) -> Floats:
        """Turn an output into probabilities."""
        low, high = float(answer.min()), float(answer.max())
        if self.scaling == "min-max":
            return (answer - np.float32(low)) / np.float32(max(high - low, 1e-6))
        outside = low < -1e-3 or high > 1 + 1e-3
        if self.scaling == "sigmoid" or (self.scaling == "auto" and outside):
            return np.asarray(1 / (1 + np.exp(-np.clip(answer, -60, 60))), np.float32)
        return np.clip(answer, 0, 1)


def _session(path: Path, device: Device) -> Any:
    """Read a network for a device; on a processor each run keeps to one thread."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    wanted = ["CPUExecutionProvider"]
    if device.name == "cuda":
        wanted = ["CUDAExecutionProvider", *wanted]
    known = onnxruntime.get_available_providers()
    providers = [one for one in wanted if one in known]
    try:
        return onnxruntime.InferenceSession(path, options, providers=providers)
    except Exception as error:  # noqa: BLE001  the library's errors share no other base
        reason = str(error).strip().splitlines()[0].rpartition("failed:")[2]
        raise StageError(
            f"segmenter onnx: {path} is no network that can be run: "
            f"{reason.strip().rstrip('.')} ({path.stat().st_size:,} bytes).",
            hint="Get the file again: it may be cut off, or no ONNX at all. If other programs "
            "read it, export it for an older ONNX version.",
        ) from None


def _one_or_any(found: object, wanted: int = 1) -> tuple[object, ...]:
    """Return what an axis may state: a number, or a name or nothing for any size."""
    return (wanted, found) if not isinstance(found, int) else (wanted,)


def _times(shape: Sequence[object]) -> str:
    return " x ".join(str(side) for side in shape)


def _squashed(image: Image, shape: tuple[int, int]) -> tuple[Image, tuple[slice, slice]]:
    """Return an image at exactly a shape, whatever its aspect, and where it lies in it."""
    return _resized(image, shape), (slice(0, shape[0]), slice(0, shape[1]))


def _letterboxed(image: Image, shape: tuple[int, int]) -> tuple[Image, tuple[slice, slice]]:
    """Return an image in the middle of a shape, its edge drawn out, and where it lies in it."""
    import cv2

    scale = min(shape[0] / image.shape[0], shape[1] / image.shape[1])
    height, width = (max(1, round(side * scale)) for side in image.shape[:2])
    top, left = (shape[0] - height) // 2, (shape[1] - width) // 2
    bottom, right = shape[0] - height - top, shape[1] - width - left
    small = _resized(image, (height, width))
    framed = cv2.copyMakeBorder(small, top, bottom, left, right, cv2.BORDER_REPLICATE)
    inside = (slice(top, top + height), slice(left, left + width))
    return np.asarray(framed, np.uint8), inside


def _of_aspect(
    answer: Floats,
    shape: tuple[int, int],
    inside: tuple[slice, slice],
    photograph: tuple[int, ...],
) -> Floats:
    """Return the part of an answer that shows the photograph, in the photograph's aspect."""
    whole = _resized(answer, shape)[inside]
    scale = min(1.0, max(shape) / max(photograph[:2]))
    height, width = (max(1, round(side * scale)) for side in photograph[:2])
    return np.asarray(np.clip(_resized(whole, (height, width)), 0, 1), np.float32)


def _resized(values: npt.NDArray[Any], shape: tuple[int, int]) -> npt.NDArray[Any]:
    """Resize each side as it needs: by area where it shrinks, linearly where it grows."""
    import cv2

    smaller = (min(values.shape[0], shape[0]), min(values.shape[1], shape[1]))
    for size, how in ((smaller, cv2.INTER_AREA), (shape, cv2.INTER_LINEAR)):
        if values.shape[:2] != size:
            values = cv2.resize(np.ascontiguousarray(values), size[::-1], interpolation=how)
    return values
