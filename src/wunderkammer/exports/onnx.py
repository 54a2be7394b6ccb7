"""Encoders as ONNX files: networks that run without torch, checked against it."""

from __future__ import annotations

import contextlib
import importlib
import io
import json
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from wunderkammer.core.errors import ConfigurationError, StageError
from wunderkammer.core.files import written_whole
from wunderkammer.imaging.preparing import Preparation

if TYPE_CHECKING:
    import torch

INPUT, OUTPUT = "pixels", "features"
OPSET = 20
_CHECKED = (1, 3)
"""Sizes of the batches on which the file is compared with torch."""

_TOO_FAR = 1e-2
_LARGE = 1024
_HALF_RANGE = (-65504, 65504)


class Networked(Protocol):
    """What can be exported: an encoder that is a network."""

    name: str
    version: str

    def settings(self) -> dict[str, Any]:
        """Return what changes its result."""

    def network(self) -> torch.nn.Module | None:
        """Return the network on the processor: (n, 3, side, side) to (n, n_features)."""

    def preparation(self) -> Preparation | None:
        """Return how an image becomes its input."""


@dataclass(frozen=True, slots=True)
class ExportedEncoder:
    """What was written.

    Attributes
    ----------
    path : Path
        The file.
    n_bytes : int
        Its length.
    n_features : int
        Length of the vectors.
    difference : float
        Largest difference of a value between onnxruntime and torch, on noise.
    relative : float
        The same, as a share of the largest value.
    """

    path: Path
    n_bytes: int
    n_features: int
    difference: float
    relative: float


def export_encoder(encoder: Networked, path: Path, *, half: bool = False) -> ExportedEncoder:
    """Write an encoder's network as an ONNX file and compare it with torch.

    Parameters
    ----------
    encoder : Networked
        Loaded.
    path : Path
        The file, which is replaced.
    half : bool, optional
        Whether weights are stored in half precision: half the bytes. All is computed in
        single precision all the same.

    Raises
    ------
    ConfigurationError
        If the encoder is no network, or the libraries that write ONNX are missing.
    StageError
        If the network cannot be written, or what was written gives other vectors.

    Notes
    -----
    The input ``pixels`` is float32 (n, 3, side, side), RGB, any n; the output
    ``features`` is (n, n_features). How an image becomes the input stands in the
    file's metadata, as JSON under ``preparation``, and in words under ``input``.
    """
    network, preparation = encoder.network(), encoder.preparation()
    if network is None or preparation is None:
        raise ConfigurationError(
            f"the encoder {encoder.name} is no network, and only networks become ONNX files.",
            hint="Choose another, such as efficientnet-lite0.",
        )
    program = _program(encoder.name, network, preparation.side_px)
    program.model.metadata_props.update(_metadata(encoder, preparation))
    with written_whole(path) as temporary:
        program.save(str(temporary), external_data=False)
        if half:
            _halve(temporary)
        n_features, difference, largest = _compared(temporary, network, preparation.side_px)
        relative = difference / largest if largest > 0 else difference
        if not relative <= _TOO_FAR:
            raise StageError(
                f"the ONNX file of {encoder.name} gives vectors that differ from torch's by "
                f"{relative:.2g} of the largest value; {_TOO_FAR} is allowed.",
                hint="Nothing was written. Another version of torch or onnxruntime may do.",
            )
    return ExportedEncoder(path, path.stat().st_size, n_features, difference, relative)


def _program(name: str, network: torch.nn.Module, side_px: int) -> Any:
    """Return the network as an ONNX program, its batch of any size."""
    import torch

    try:
        importlib.import_module("onnxscript")  # the exporter asks late, and says less clearly why
    except ImportError:
        raise ConfigurationError(
            "writing ONNX needs the libraries onnx and onnxscript, which are not installed.",
            hint="Install them with: pip install 'wunderkammer[onnx]'.",
        ) from None
    example = torch.zeros(2, 3, side_px, side_px)
    quiet = contextlib.redirect_stdout(io.StringIO())
    try:
        with quiet, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return torch.onnx.export(
                network.eval(),
                (example,),
                dynamo=True,
                verbose=False,
                input_names=[INPUT],
                output_names=[OUTPUT],
                opset_version=OPSET,
                dynamic_shapes=({0: torch.export.Dim("n")},),
            )
    except Exception as error:  # whatever a network does that ONNX has no word for
        lines = str(error).strip().splitlines() or [type(error).__name__]
        raise StageError(
            f"the network of {name} cannot be written as ONNX: {lines[0]}",
            hint="It uses what ONNX has no operator for; choose another encoder.",
        ) from error


def _halve(path: Path) -> None:
    """Store large weights in half precision, each brought back before it is used."""
    import numpy as np
    import onnx

    model = onnx.load(path)
    graph, casts = model.graph, []
    for stored in graph.initializer:
        if stored.data_type != onnx.TensorProto.FLOAT or np.prod(stored.dims) < _LARGE:
            continue
        values, name = onnx.numpy_helper.to_array(stored), stored.name
        halved = np.clip(values, *_HALF_RANGE).astype(np.float16)
        stored.CopyFrom(onnx.numpy_helper.from_array(halved, f"{name}_half"))
        casts.append(
            onnx.helper.make_node("Cast", [f"{name}_half"], [name], to=onnx.TensorProto.FLOAT)
        )
    nodes = list(graph.node)
    del graph.node[:]
    graph.node.extend([*casts, *nodes])
    onnx.save(model, path)


def _metadata(encoder: Networked, preparation: Preparation) -> Mapping[str, str]:
    """Return what stands in the file beside the network."""
    mean, std = list(preparation.mean), list(preparation.std)
    fit = {
        "pad": f"longest side resized to {preparation.side_px}, padded to a square with "
        f"{preparation.padding}, centred",
        "crop": f"shortest side resized to {preparation.shortest_px or preparation.side_px}, "
        f"{preparation.side_px} x {preparation.side_px} cut from the centre",
        "squash": f"resized to {preparation.side_px} x {preparation.side_px}",
    }[preparation.fit]
    return {
        "encoder": encoder.name,
        "version": encoder.version,
        "settings": json.dumps(encoder.settings(), sort_keys=True),
        "preparation": json.dumps(preparation.described(), sort_keys=True),
        "input": f"RGB, {fit} ({preparation.interpolation}); (value / 255 - {mean}) / {std}",
    }


def _compared(path: Path, network: torch.nn.Module, side_px: int) -> tuple[int, float, float]:
    """Return the length of the vectors, the largest difference from torch, the largest value."""
    import numpy as np
    import onnxruntime
    import torch

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    draw = np.random.default_rng(0)
    difference = largest = 0.0
    n_features = 0
    for n in _CHECKED:
        pixels = draw.normal(size=(n, 3, side_px, side_px)).astype(np.float32)
        [found] = session.run([OUTPUT], {INPUT: pixels})
        with torch.inference_mode():
            wanted = network(torch.from_numpy(pixels)).numpy()
        if found.shape != wanted.shape:
            raise StageError(
                f"the ONNX file gives vectors of shape {found.shape} for {n} images, and torch "
                f"gives {wanted.shape}.",
                hint="Nothing was written. Another version of torch may do.",
            )
        difference = max(difference, float(np.abs(found - wanted).max()))
        largest = max(largest, float(np.abs(wanted).max()))
        n_features = int(wanted.shape[1])
    return n_features, difference, largest
