"""What is built, installed, and run from there."""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import zipfile
from pathlib import Path

import pytest

import wunderkammer

ROOT = Path(__file__).resolve().parents[2]
NOON = "1700000000"


def build(what, source, target, when=NOON):
    """Build without a network, as of a moment, and return the file."""
    subprocess.run(
        [sys.executable, "-m", "build", what, "--no-isolation", "--outdir", target, source],
        check=True,
        capture_output=True,
        env=os.environ | {"SOURCE_DATE_EPOCH": when},
    )
    (path,) = target.iterdir()
    return path


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """Return the wheel of this checkout."""
    return build("--wheel", ROOT, tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def names(wheel):
    """Return the names of the wheel's files."""
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def test_the_wheel_carries_the_page_and_the_types(wheel, names):
    with zipfile.ZipFile(wheel) as archive:
        (points,) = (name for name in names if name.endswith("entry_points.txt"))
        scripts = archive.read(points).decode()
    assert {"wunderkammer/py.typed", "wunderkammer/web/static/index.html"} <= names
    assert any(name.startswith("wunderkammer/web/static/assets/") for name in names)
    assert "wk = wunderkammer.cli:main" in scripts
    assert "wunderkammer = wunderkammer.cli:main" in scripts
    assert not [name for name in names if name.startswith(("tests", "docs", "frontend"))]


def test_the_wheel_carries_weights_pages_and_the_words_of_others_and_no_more(names):
    tops = {name.split("/")[0] for name in names}
    assert tops == {"wunderkammer", f"wunderkammer-{wunderkammer.__version__}.dist-info"}
    assert len([name for name in names if name.endswith("/weights.safetensors")]) == 3
    for page in ("index.html", "curate/curate.html", "sort/sort.html", "licences.md"):
        assert f"wunderkammer/web/static/{page}" in names
    about = f"wunderkammer-{wunderkammer.__version__}.dist-info/licenses"
    assert {f"{about}/LICENSE", f"{about}/THIRD-PARTY.md"} <= names
    assert not [
        name for name in names if re.search(r"__pycache__|\.pyc$|\.tmp-|node_modules", name)
    ]
    kept = {path.relative_to(ROOT / "src").as_posix() for path in (ROOT / "src").rglob("*.py")}
    assert kept <= names


def test_the_wheel_is_the_same_each_time_and_also_from_the_source_archive(wheel, tmp_path):
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    source = build("--sdist", ROOT, tmp_path / "source")
    with tarfile.open(source) as archive:
        archive.extractall(tmp_path / "unpacked", filter="data")
    (folder,) = (tmp_path / "unpacked").iterdir()
    assert (folder / "locks/wunderkammer.txt").is_file()
    assert not (folder / "frontend/node_modules").exists()
    again = build("--wheel", folder, tmp_path / "again")
    assert hashlib.sha256(again.read_bytes()).hexdigest() == digest


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """Return the Python of an environment with the wheel, without this checkout."""
    folder = tmp_path_factory.mktemp("clean") / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    python = folder / "bin/python"
    asked = [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
    packages = Path(
        subprocess.run(asked, capture_output=True, text=True, check=True).stdout.strip()
    )
    for entry in Path(sysconfig.get_path("purelib")).iterdir():
        if "wunderkammer" not in entry.name and entry.suffix != ".pth":
            (packages / entry.name).symlink_to(entry)
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(packages)
    return python


def outside(installed, *arguments, **options):
    """Run a command of the clean environment, with nothing of this checkout in sight."""
    hidden = {"PYTHONPATH", "PYTHONHOME"}
    environment = {name: value for name, value in os.environ.items() if name not in hidden}
    path = f"{installed.parent}{os.pathsep}{environment['PATH']}"
    return subprocess.run(
        [installed, "-I", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        env=environment | {"PATH": path},
        **options,
    )


def test_a_demo_runs_from_what_was_installed(installed, tmp_path):
    said = outside(
        installed, "-c", "import wunderkammer; print(wunderkammer.__file__)", cwd=tmp_path
    )
    assert Path(said.stdout.strip()).is_relative_to(installed.parents[1])
    quick = (
        "cutout.segmenter=contrast",
        "upright.orienter=principal-axis",
        "features.encoder=colour-histogram",
        "embedding.projection=pca",
    )
    chosen = [word for one in quick for word in ("--set", one)]
    done = outside(
        installed, "-m", "wunderkammer", "demo", "cabinet", "-n", "6", "--no-serve", *chosen,
        cwd=tmp_path,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    done = outside(
        installed, "-m", "wunderkammer", "publish", "site", "-C", "cabinet", cwd=tmp_path
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert (tmp_path / "site/index.html").is_file()
    assert not shutil.which("node", path=str(installed.parent)), "no Node is needed for it"


IMPORTS = """
import importlib, pkgutil, socket, sys

class NoSocket(socket.socket):
    def __init__(self, family=socket.AF_INET, *more, **options):
        if family not in (getattr(socket, "AF_UNIX", None),):
            raise AssertionError("a socket was opened")
        super().__init__(family, *more, **options)

def refuse(*_, **__):
    raise AssertionError("the network was asked")

socket.socket = NoSocket
socket.create_connection = socket.getaddrinfo = socket.gethostbyname = refuse
import wunderkammer
names = [one.name for one in pkgutil.walk_packages(wunderkammer.__path__, "wunderkammer.")]
for name in names:
    if not name.endswith("__main__"):
        importlib.import_module(name)
print(len(names))
"""


def test_no_module_asks_the_network_when_it_is_imported(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", IMPORTS], capture_output=True, text=True, check=False, cwd=tmp_path
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 300
