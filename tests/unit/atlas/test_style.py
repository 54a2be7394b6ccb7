import pytest
from pydantic import ValidationError

from wunderkammer.atlas.style import (
    EXTENSIONS,
    MEDIA_TYPES,
    QUALITIES,
    RepresentativeStyle,
    TileStyle,
)


def test_the_background_is_read_as_colour():
    assert TileStyle(background="#0a10ff").background_rgb == (10, 16, 255)


def test_the_ground_is_a_colour_or_nothing():
    assert TileStyle(background="#0a10ff").ground == (10, 16, 255)
    assert TileStyle(background="transparent", format="webp").ground == (0, 0, 0, 0)


def test_jpeg_is_refused_where_the_ground_is_transparent():
    with pytest.raises(ValidationError, match="choose webp, avif or png"):
        TileStyle(background="transparent")


@pytest.mark.parametrize("colour", ["white", "#fff", "#ffffff;", "ffffff", ""])
def test_other_spellings_of_a_colour_are_refused(colour):
    with pytest.raises(ValidationError):
        TileStyle(background=colour)


def test_every_format_has_a_media_type_and_an_ending():
    formats = set(TileStyle.model_fields["format"].annotation.__args__)
    assert formats == set(MEDIA_TYPES) == set(EXTENSIONS) == set(QUALITIES)


def test_every_setting_enters_the_key():
    assert TileStyle().settings_digest() != TileStyle(quality=86).settings_digest()
    assert TileStyle().settings_digest() != TileStyle(retina=False).settings_digest()
    one, other = RepresentativeStyle(), RepresentativeStyle(per_tile=1)
    assert one.settings_digest() != other.settings_digest()
