import pytest

from wunderkammer.vocab.audiovisual_core import (
    CANONICAL,
    TERMS,
    is_media_row,
    not_a_still_image,
)
from wunderkammer.vocab.darwin_core import TERMS as DARWIN_CORE


def test_the_seven_terms_of_a_medium_and_their_sources_are_terms():
    assert len(CANONICAL) == 7
    for term, places in CANONICAL.items():
        assert places[0] == term
        assert {*places} <= {*TERMS, *DARWIN_CORE, "creatorLiteral"}


@pytest.mark.parametrize(
    ("row_type", "media"),
    [
        ("http://rs.gbif.org/terms/1.0/Multimedia", True),
        ("http://rs.tdwg.org/ac/terms/Multimedia", True),
        ("http://rs.tdwg.org/ac/terms/multimedia", True),
        ("http://rs.gbif.org/terms/1.0/Image", True),
        ("http://rs.tdwg.org/dwc/terms/Identification", False),
        ("", False),
    ],
)
def test_extensions_of_media_are_told_from_others(row_type, media):
    assert is_media_row(row_type) is media


@pytest.mark.parametrize(
    "medium",
    [
        {},
        {"type": "StillImage"},
        {"type": "http://purl.org/dc/dcmitype/StillImage", "format": "image/jpeg"},
        {"type": "Image", "format": "jpg"},
        {"format": "application/octet-stream"},
        {"format": "image/tiff", "accessURI": "https://x.org/a.mp4"},
    ],
)
def test_still_images_pass(medium):
    assert not not_a_still_image(medium)


@pytest.mark.parametrize(
    ("medium", "reason"),
    [
        ({"type": "Sound"}, "type is 'Sound'"),
        ({"type": "http://purl.org/dc/dcmitype/MovingImage"}, "MovingImage"),
        ({"type": "Moving Image"}, "Moving Image"),
        ({"format": "video/mp4"}, "video/mp4"),
        ({"type": "StillImage", "format": "text/html"}, "text/html"),
        ({"format": "mp3"}, "mp3"),
        ({"format": "application/pdf"}, "application/pdf"),
        ({"accessURI": "https://x.org/song.WAV"}, ".wav"),
    ],
)
def test_what_is_no_still_image_is_said(medium, reason):
    assert reason in not_a_still_image(medium)
