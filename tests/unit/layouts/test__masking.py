import numpy as np
import pytest
from PIL import Image

from wunderkammer.core.errors import ConfigurationError
from wunderkammer.layouts._masking import mask_of


def test_a_circle_takes_its_share_of_the_cells():
    inside = mask_of("circle").cells(200, 200)
    assert inside.mean() == pytest.approx(np.pi / 4, abs=0.01)
    assert not inside[0, 0]
    assert inside[100, 100]


def test_a_hexagon_lies_on_a_side_and_is_wider_than_high():
    mask = mask_of("hexagon")
    inside = mask.cells(200, 200)
    assert inside.mean() == pytest.approx(0.75, abs=0.01)
    assert inside[0].sum() == pytest.approx(100, abs=3)
    assert mask.aspect > 1


def test_the_light_opaque_part_of_a_file_is_the_mask_without_its_margins(tmp_path):
    pixels = np.zeros((60, 40, 2), np.uint8)
    pixels[10:50, 10:30] = 255
    pixels[10:30, 20:30, 1] = 0  # light and transparent
    Image.fromarray(pixels, "LA").save(tmp_path / "l.png")
    mask = mask_of(str(tmp_path / "l.png"))
    assert mask.aspect == 0.5
    assert mask.cells(2, 2).tolist() == [[True, False], [True, True]]


@pytest.mark.parametrize(
    ("name", "says"),
    [("circel", "no mask is called 'circel'"), ("none.png", "cannot be read")],
)
def test_what_is_no_mask_is_refused(tmp_path, name, says):
    with pytest.raises(ConfigurationError, match=says):
        mask_of(str(tmp_path / name) if "." in name else name)


def test_a_dark_picture_is_no_mask(tmp_path):
    Image.new("L", (9, 9)).save(tmp_path / "dark.png")
    with pytest.raises(ConfigurationError, match="nothing in the mask") as caught:
        mask_of(str(tmp_path / "dark.png"))
    assert "invert" in caught.value.hint
