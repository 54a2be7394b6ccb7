"""What comes with the package."""

import shutil

import pytest

from wunderkammer.doctor.package import ROOT, package


@pytest.fixture
def copy(tmp_path):
    for name in ("web/static", "segmenters/weights", "orienters/weights"):
        if (ROOT / name).exists():
            shutil.copytree(ROOT / name, tmp_path / name)
    return tmp_path


def problems(root):
    return {one.about: one for one in package(root) if one.level == "problem"}


def test_a_whole_package_has_nothing_to_mend(copy):
    assert problems(copy) == {}
    told = {one.about: one.message for one in package(copy)}
    assert told["weights"] == "rotation-net, unet, unet-print: as their cards say"


def test_a_page_that_was_not_built_is_a_problem(copy):
    (copy / "web/static/sort/sort.html").unlink()
    found = problems(copy)
    assert set(found) == {"page"}
    assert found["page"].message == "the page for sorting is not there."
    assert "make frontend" in found["page"].hint


def test_one_changed_byte_of_weights_is_a_problem(copy):
    path = copy / "segmenters/weights/unet/weights.safetensors"
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    (copy / "orienters/weights/rotation-net/weights.safetensors").unlink()
    told = [one.message for one in package(copy) if one.level == "problem"]
    assert len(told) == 2
    assert told[0].endswith("rotation-net/weights.safetensors is missing.")
    assert told[1] == f"{path} is not what its card says."


def test_a_place_for_compiled_code_that_cannot_be_written_is_a_problem(copy, monkeypatch):
    (copy / "file").touch()
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(copy / "file" / "below"))
    assert "NUMBA_CACHE_DIR" in problems(copy)["compiled code"].hint


def test_another_wk_on_the_path_is_told(copy, monkeypatch, tmp_path):
    other = tmp_path / "bin"
    other.mkdir()
    (other / "wk").write_text("#!/bin/sh\n")
    (other / "wk").chmod(0o755)
    monkeypatch.setenv("PATH", str(other))
    (told,) = [one for one in package(copy) if one.about == "wk"]
    assert told.level == "note"
    assert str(other / "wk") in told.message
    monkeypatch.setenv("PATH", "")
    (told,) = [one for one in package(copy) if one.about == "wk"]
    assert "does not find" in told.message
