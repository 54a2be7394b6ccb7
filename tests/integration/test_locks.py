"""What is locked: complete, of the versions that are tested, from no particular place."""

import re
import tomllib
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = {k: v for k, v in PROJECT["optional-dependencies"].items() if k != "dev"}
LOCKS = {"wunderkammer.txt": {}, "extras.txt": EXTRAS}


def pinned(path):
    """Return the versions that a file pins, by name; some differ by the version of Python."""
    found = {}
    for line in re.findall(
        r"^([a-z0-9].*?)(?: \\)?$", path.read_text(encoding="utf-8"), re.MULTILINE
    ):
        one = Requirement(line)
        (specifier,) = one.specifier
        assert specifier.operator == "=="
        found.setdefault(canonicalize_name(one.name), set()).add(specifier.version)
    return found


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_has_hashes_and_names_no_place(name):
    text = (ROOT / "locks" / name).read_text(encoding="utf-8")
    entries = re.split(r"\n(?=[a-z0-9])", text)[1:]
    assert len(entries) > 50
    assert [one for one in entries if "--hash=sha256:" not in one] == []
    assert re.search(r"://|--index|--find|--extra-index|file:|@ ", text) is None


@pytest.mark.parametrize("name", LOCKS)
def test_what_is_locked_is_what_is_tested_and_what_is_asked_for(name):
    locked, tested = pinned(ROOT / "locks" / name), pinned(ROOT / "constraints.txt")
    assert {k: v for k, v in locked.items() if v - tested[k]} == {}
    wanted = [*PROJECT["dependencies"], *(x for lines in LOCKS[name].values() for x in lines)]
    for one in map(Requirement, wanted):
        versions = locked[canonicalize_name(one.name)]
        assert all(one.specifier.contains(version, prereleases=True) for version in versions), one


def test_a_lock_holds_all_that_what_it_holds_needs():
    locked = pinned(ROOT / "locks" / "wunderkammer.txt")
    for name in locked:
        try:
            needed = requires(name) or []
        except PackageNotFoundError:
            continue  # for another platform
        for one in map(Requirement, needed):
            if one.marker is None or one.marker.evaluate({"extra": ""}):
                if name == "torch" and one.name.startswith(("nvidia-", "cuda-", "triton")):
                    continue  # a torch that was made without them may be installed here
                assert canonicalize_name(one.name) in locked, (name, one.name)
