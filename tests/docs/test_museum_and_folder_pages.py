"""The tutorials on a museum's export and on one's own folder work as they are written."""

import json
import re

import pytest

from followed import followed, typed

FEWER_BUTTERFLIES = {"--n 100": "--n 16", "--size 480": "--size 240"}
FEWER_IN_THE_GARDEN = {'"60"': '"18"', '"480"': '"200"'}


@pytest.fixture(scope="module", params=[("butterflies.md", FEWER_BUTTERFLIES)])
def drawers(request, tmp_path_factory):
    """Return the folder in which the tutorial was followed, and what each block said."""
    yield from in_a_folder(tmp_path_factory.mktemp("drawers"), *request.param)


@pytest.fixture(scope="module", params=[("own-folder.md", FEWER_IN_THE_GARDEN)])
def garden(request, tmp_path_factory):
    """Return the same of the folder."""
    yield from in_a_folder(tmp_path_factory.mktemp("garden"), *request.param)


def in_a_folder(folder, page, smaller):
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        yield folder, followed(page, smaller)


def said(tutorial, what):
    """Return what the block said that has this in it."""
    return next(out for code, out in tutorial[1] if what in code)


def test_butterflies_are_cut_out_and_there_are_two_layouts(drawers):
    folder, _ = drawers
    atlas = json.loads((folder / "public" / "atlas.json").read_text())
    assert [layout["name"] for layout in atlas["layouts"]] == ["relax", "families"]
    assert re.search(r"^unet +\d+$", said(drawers, "cutout_by"), re.MULTILINE)
    assert "atlas.json" in said(drawers, "ls public")


def test_the_first_plan_of_the_butterflies_has_the_two_steps_of_specimens(drawers):
    assert {"cutout: new", "upright: new"} <= set(said(drawers, "wk plan").splitlines())


def test_a_folder_has_names_and_what_was_said_of_all(garden):
    names = said(garden, "ingest.source.taxon_from")
    assert re.search(r"^(\w+(?:idae|aceae)) +[A-Z][a-z]+ [a-z]+ +\1/", names, re.MULTILINE)
    folder, _ = garden
    atlas = json.loads((folder / "public" / "atlas.json").read_text())
    assert [one["licence"] for one in atlas["licences"]] == ["CC BY 4.0"]


def test_the_half_file_is_told_and_the_twin_found(garden):
    assert "image" in said(garden, "wk failures")
    twin = said(garden, "duplicate_kind")
    assert re.search(r"exact$", twin, re.MULTILINE)
    assert len(re.findall(r"\.jpg", twin)) == 1


def test_the_corrected_name_is_in_the_atlas(garden):
    folder, _ = garden
    corrected = typed(
        'wk query "select scientificName from media order by original_file desc limit 1" '
        "--format csv -C garden"
    )
    assert corrected.split("\n")[1] == "Doronurgus undulosa"
    cards = b"".join(path.read_bytes() for path in (folder / "public" / "cards").iterdir())
    assert b"Doronurgus undulosa" in cards
