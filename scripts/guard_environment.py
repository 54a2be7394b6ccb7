"""Fail if the environment has a CUDA build: continuous integration computes on the CPU."""

from __future__ import annotations

import os
import sys
from importlib.metadata import distributions


def main() -> None:
    """Say what is wrong and exit with 1, or say nothing."""
    if os.environ.get("CI") != "true":
        return
    import torch

    nvidia = sorted(
        name
        for one in distributions()
        if (name := one.metadata["Name"] or "").startswith("nvidia-")
    )
    if nvidia or torch.version.cuda is not None:
        sys.exit(f"a CUDA build of torch is installed ({torch.__version__}; {', '.join(nvidia)})")


if __name__ == "__main__":
    main()
