"""Write what is locked: versions with the hashes of their files, and what doctor calls tried.

python scripts/lock.py    needs uv and the registry; 'make lock' calls it
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
LOCKS = ROOT / "locks"
TESTED = ROOT / "src/wunderkammer/doctor/tested.json"
HEADS = {
    "wunderkammer.txt": "What Wunderkammer needs",
    "extras.txt": "What Wunderkammer needs with all its extras",
}
HEAD = """# {what}, each with the SHA-256 of every file it may be installed from.
# Written by 'make lock' from pyproject.toml and constraints.txt; not edited by hand.
#     pip install --require-hashes -r locks/{name} && pip install --no-deps wunderkammer
"""


def main() -> None:
    """Write the locks, and the versions that were tried."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = sorted(name for name in project["optional-dependencies"] if name != "dev")
    for name, what in HEADS.items():
        asked = [] if name == "wunderkammer.txt" else [f"--extra={one}" for one in extras]
        text = compiled(asked)
        LOCKS.mkdir(exist_ok=True)
        (LOCKS / name).write_text(HEAD.format(what=what, name=name) + text, encoding="utf-8")
    names = {
        bare(line)
        for lines in [
            project["dependencies"],
            *(project["optional-dependencies"][one] for one in extras),
        ]
        for line in lines
    }
    constraints = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    pinned = dict(re.findall(r"^([a-z0-9-]+)==(\S+)", constraints, re.MULTILINE))
    tried = {name: pinned[name] for name in sorted(names)}
    TESTED.write_text(json.dumps(tried, indent=1) + "\n", encoding="utf-8")


def compiled(asked: list[str]) -> str:
    """Return what uv resolves, for every platform; it looks at no folder of this machine."""
    uv = shutil.which("uv") or str(Path(sys.executable).with_name("uv"))
    environment = {k: v for k, v in os.environ.items() if k != "UV_FIND_LINKS"}
    done = subprocess.run(
        [
            uv, "pip", "compile", "--quiet", "--universal", "--generate-hashes", "--no-header",
            "--no-annotate", "--no-emit-index-url", "--no-emit-find-links",
            "--python-version", "3.11", "--constraints", "constraints.txt", *asked,
            "pyproject.toml",
        ],
        cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=True,
    )  # fmt: skip
    return done.stdout


def bare(requirement: str) -> str:
    """Return the name of what is required."""
    found = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert found is not None
    return found[0].lower()


if __name__ == "__main__":
    main()
