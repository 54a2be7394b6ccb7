"""Which picture later stages look at."""

import pyarrow as pa
import pytest

from wunderkammer.core.configuration import configure
from wunderkammer.core.errors import ConfigurationError, ImageMissingError
from wunderkammer.core.inputs import Inputs
from wunderkammer.stages import STAGES, _picture

LAST = [
    ({}, "image"),
    ({"cutout": {"segmenter": "contrast"}}, "cutout"),
    (
        {"cutout": {"segmenter": "contrast"}, "upright": {"orienter": "principal-axis"}},
        "upright",
    ),
]


@pytest.mark.parametrize(("tables", "picture"), LAST)
def test_the_last_picture_that_is_there_is_shown(tables, picture):
    found = configure(tables, STAGES)
    for name in ("features", "layout", "tile"):
        assert found.stage(name).picture == picture
    assert _picture.cell_columns(picture)[0] in found.stage("features").reads()
    assert _picture.cell_columns(picture)[0] in found.stage("tile").reads()
    assert _picture.shape_columns(picture)[0] in found.stage("layout").reads()
    assert "thumbnail" in found.stage("atlas").reads(), "the card shows the photograph"


def test_a_picture_that_is_not_made_is_refused():
    with pytest.raises(ConfigurationError, match=r"\[tile\]: picture = 'cutout', and there is no"):
        configure({"tile": {"picture": "cutout"}}, STAGES)


def inputs(**columns):
    table = pa.table(columns)
    return Inputs([f"m{n}" for n in range(table.num_rows)], table, {}, {})


def test_a_photograph_stands_in_for_a_cutout():
    read = inputs(
        cutout=["c0", None],
        cutout_width=[30, None],
        cutout_height=[60, None],
        thumbnail=["t0", "t1"],
        width=[400, 400],
        height=[300, 300],
    )
    assert _picture.picture_cells("cutout", read) == ["c0", "t1"]
    assert _picture.aspects("cutout", read).tolist() == [0.5, 400 / 300]
    assert _picture.picture_cells("image", read) == ["t0", "t1"]
    assert _picture.picture_cell("cutout", {"cutout": None, "thumbnail": "t1"}) == "t1"


def test_a_medium_without_the_picture_is_named():
    read = inputs(upright=["u0", None], upright_width=[3, None], upright_height=[6, None])
    for ask in (_picture.picture_cells, _picture.aspects):
        with pytest.raises(ImageMissingError, match="m1 has no picture from the stage 'upright'"):
            ask("upright", read)
    with pytest.raises(ImageMissingError, match="m7 has no picture"):
        _picture.picture_cell("upright", {"media_id": "m7", "upright": None})


def test_features_are_called_as_one_says_or_like_their_encoder():
    two = [
        {"encoder": "colour-histogram"},
        {"encoder": "colour-histogram", "called": "photographs", "picture": "image"},
    ]
    found = configure({"features": two, "cutout": {"segmenter": "contrast"}}, STAGES)
    # those of photographs come first: before anything is cut out
    order = [stage.group for stage in found.stages]
    photographs, cutouts = "features/photographs", "features/colour-histogram"
    assert order.index(photographs) < order.index("cutout") < order.index(cutouts)
    # yet the first of the name is the one that is written first
    first, second = found.called("features")
    assert (first.group, second.group) == (cutouts, photographs)
    assert (first.picture, second.picture) == ("cutout", "image")
    assert second.writes()[0].name == "features/photographs"
    assert found.stage("features") is first
    assert found.stage("embedding").features == "colour-histogram"
