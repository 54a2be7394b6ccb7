"""torchvision without its compiled part, which a processor's torch cannot load."""

from __future__ import annotations

import sys
from importlib.util import find_spec
from pathlib import Path

_BOXES = "(Tensor dets, Tensor scores, float iou_threshold) -> Tensor"
_kept = []


def torchvision_imports() -> bool:
    """Tell whether torchvision can be imported, after making sure that it can if it is there.

    Where its compiled part does not load, the two operators are declared that its import
    speaks of; nothing that these tests use calls them.
    """
    found = find_spec("torchvision")
    if found is None or found.origin is None:
        return False
    if "torchvision" not in sys.modules:
        import torch

        try:
            for compiled in Path(found.origin).parent.glob("_C*.so"):
                torch.ops.load_library(compiled)
        except OSError:
            declared = torch.library.Library("torchvision", "DEF")
            for name in ("nms", "qnms"):
                declared.define(f"{name}{_BOXES}")
            _kept.append(declared)
    return True
