"""Make an environment with the lowest or the highest versions that are allowed.

python scripts/bounds.py lowest-direct|highest FOLDER    needs uv and the registry
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
TOOLS = ("hypothesis", "psutil", "pytest", "pytest-timeout", "httpx2")
"""What the tests need; of the versions that are used every day."""


def main() -> None:
    """Make the environment; its folder is made anew."""
    resolution, folder = sys.argv[1:]
    uv = shutil.which("uv") or str(Path(sys.executable).with_name("uv"))
    constraints = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    pinned = dict(re.findall(r"^([a-z0-9-]+)==([^\s;]+)", constraints, re.MULTILINE))
    tools = [f"{name}=={pinned[name]}" if name in pinned else name for name in TOOLS]
    python = Path(folder) / "bin/python"
    install = [uv, "pip", "install", "--quiet", "--python", str(python)]
    subprocess.run(
        [uv, "venv", "--quiet", "--clear", "--python", sys.executable, folder], check=True
    )
    subprocess.run([*install, "--resolution", resolution, "-e", str(ROOT)], check=True)
    subprocess.run([*install, *tools], check=True)


if __name__ == "__main__":
    main()
