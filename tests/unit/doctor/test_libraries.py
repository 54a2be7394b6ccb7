"""What is found of the libraries."""

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

from packaging.requirements import Requirement

from wunderkammer.doctor.libraries import EXTRAS, TESTED, libraries, there

ROOT = Path(__file__).parents[3]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def test_every_extra_has_its_purpose():
    extras = dict(PROJECT["optional-dependencies"])
    extras.pop("dev")
    assert set(EXTRAS) == set(extras)
    for name, lines in extras.items():
        assert len(EXTRAS[name].modules) == len(lines), name


def test_what_is_tested_is_what_the_constraints_say():
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pinned = dict(re.findall(r"^([a-z0-9-]+)==(\S+)", "\n".join(lines), re.MULTILINE))
    extras = PROJECT["optional-dependencies"]
    wanted = [*PROJECT["dependencies"], *(x for n in extras if n != "dev" for x in extras[n])]
    names = {Requirement(line).name.lower() for line in wanted}
    assert json.loads(TESTED.read_text(encoding="utf-8")) == {name: pinned[name] for name in names}


def test_this_environment_has_what_is_needed():
    findings = list(libraries())
    assert [one.message for one in findings if one.level == "problem"] == []
    extras = {one.about: one.level for one in findings if one.about.startswith("extra ")}
    assert set(extras) == {f"extra {name}" for name in EXTRAS}


def test_what_is_not_there_is_told_with_how_to_get_it():
    """A finder that refuses a module stands for one that is not installed."""
    code = (
        "import sys\n"
        "class Refuses:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name.split('.')[0] in ('onnxscript', 'ray'):\n"
        "            raise ModuleNotFoundError(name)\n"
        "sys.meta_path.insert(0, Refuses())\n"
        "from wunderkammer.doctor.libraries import libraries\n"
        "for one in libraries():\n"
        "    print(one.about, '|', one.level, '|', one.message, '|', one.hint)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    told = dict(line.split(" | ", 1) for line in done.stdout.splitlines())
    assert told["extra onnx"] == (
        "note | to export encoders as ONNX: not installed (onnxscript) | "
        "Only if you want that: pip install 'wunderkammer[onnx]'"
    )
    assert told["extra ray"].startswith("note")


def test_a_missing_and_an_old_library_are_problems(tmp_path):
    """Metadata in a folder of its own, as an installer writes it."""
    for name, version, more in (
        ("wunderkammer", "9", "Requires-Dist: brotli>=1.1\nRequires-Dist: idna>=3.7\n"),
        ("brotli", "1.0", ""),
    ):
        folder = tmp_path / f"{name}-{version}.dist-info"
        folder.mkdir()
        text = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{more}"
        (folder / "METADATA").write_text(text + "Requires-Dist: not-there>=2\n")
    code = (
        f"import sys; sys.path.insert(0, {str(tmp_path)!r})\n"
        "from wunderkammer.doctor.libraries import libraries\n"
        "print([f'{f.message} {f.hint}' for f in libraries() if f.level == 'problem'])\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "brotli 1.0 is too old: >=1.1 is needed. pip install --upgrade 'brotli>=1.1'" in (
        done.stdout
    )
    assert "not-there is missing. pip install 'not-there>=2'" in done.stdout
    assert "idna" not in done.stdout


def test_there_is_what_can_be_imported():
    assert there("json")
    assert not there("no_such_module")
    assert not there("no_such.module")
