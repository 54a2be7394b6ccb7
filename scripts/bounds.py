"""Make an environment with the lowest or the highest versions that are allowed.

python scripts/bounds.py lowest-direct|highest FOLDER    needs uv and the registry
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
TOOLS = ("hypothesis", "psutil", "pytest", "pytest-timeout", "httpx2")
"""What the tests need; of the versions that are used every day."""

EXTRAS = "dask,onnx,s3"
"""Those whose tests need nothing beside them."""

HELD = "torch"
"""Of the version that is used every day, too: registries have others with gigabytes of CUDA."""


def main() -> None:
    """Make the environment; its folder is made anew."""
    resolution, folder = sys.argv[1:]
    uv = shutil.which("uv") or str(Path(sys.executable).with_name("uv"))
    constraints = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    pinned = dict(re.findall(r"^([a-z0-9-]+)==([^\s;]+)", constraints, re.MULTILINE))
    held, *tools = (f"{name}=={pinned[name]}" for name in (HELD, *TOOLS))
    python = Path(folder) / "bin/python"
    install = [uv, "pip", "install", "--quiet", "--python", str(python)]
    environment = {**os.environ, "UV_FIND_LINKS": _find_links()}
    subprocess.run(
        [uv, "venv", "--quiet", "--clear", "--python", sys.executable, folder], check=True
    )
    subprocess.run([*install, held], check=True, env=environment)
    # as it came, such as 2.13.0+cpu: of equal versions the lowest is one with CUDA
    asked = [python, "-c", f"import importlib.metadata as m; print(m.version({HELD!r}))"]
    version = subprocess.run(asked, capture_output=True, text=True, check=True).stdout.strip()
    held = f"{HELD}=={version}"
    asked = [*install, "--resolution", resolution, "-e", f"{ROOT}[{EXTRAS}]", held]
    subprocess.run(asked, check=True, env=environment)
    subprocess.run([*install, *tools, held], check=True, env=environment)
    _refuse_cuda(python)


def _refuse_cuda(python: Path) -> None:
    """End with an error if gigabytes were installed that no test needs."""
    asked = [python, "-c", "import torch; assert torch.version.cuda is None, torch.__version__"]
    subprocess.run(asked, check=True)


def _find_links() -> str:
    """Return where pip looks for wheels beside the registry; uv does not read what pip reads."""
    asked = [sys.executable, "-m", "pip", "config", "get", "global.find-links"]
    done = subprocess.run(asked, capture_output=True, text=True, check=False)
    given = os.environ.get("UV_FIND_LINKS") or os.environ.get("PIP_FIND_LINKS")
    return given or done.stdout.strip()


if __name__ == "__main__":
    main()
