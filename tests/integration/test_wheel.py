"""What is installed from the wheel."""

import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_the_wheel_carries_the_page_and_the_types(tmp_path):
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", tmp_path, ROOT],
        check=True,
        capture_output=True,
    )
    (path,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(path) as wheel:
        names = set(wheel.namelist())
        (points,) = (name for name in names if name.endswith("entry_points.txt"))
        scripts = wheel.read(points).decode()
    assert {"wunderkammer/py.typed", "wunderkammer/web/static/index.html"} <= names
    assert any(name.startswith("wunderkammer/web/static/assets/") for name in names)
    assert "wk = wunderkammer.cli:main" in scripts
    assert "wunderkammer = wunderkammer.cli:main" in scripts
    assert not [name for name in names if name.startswith(("tests", "docs", "frontend"))]
