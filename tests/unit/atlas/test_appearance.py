import re
from pathlib import Path

import pytest

from wunderkammer.atlas.appearance import (
    AA,
    LANGUAGES,
    LOGO_BYTES,
    THEMES,
    colours,
    contrast,
    logo_name,
)
from wunderkammer.core.configuration import About
from wunderkammer.core.errors import ConfigurationError

FRONTEND = Path(__file__).parents[3] / "frontend" / "src"
SHAPES = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">{}</svg>'


@pytest.mark.parametrize("theme", THEMES)
def test_the_colours_are_those_of_the_page(theme):
    style = (FRONTEND / "ui" / "theme.css").read_text()
    block = style.partition("}")[0] if theme == "light" else style.partition("prefers-color")[2]
    for name, colour in THEMES[theme].items():
        assert f"--{name}: {colour};" in block.partition("}")[0]


def test_the_languages_are_those_of_the_page_and_of_the_settings():
    page = (FRONTEND / "ui" / "language.ts").read_text()
    listed = re.search(r"LANGUAGES = \{([^}]*)\}", page)
    assert tuple(re.findall(r"(\w+):", listed[1])) == LANGUAGES
    assert set(About.model_fields["language"].annotation.__args__) == {"", *LANGUAGES}


def test_a_collection_without_colours_has_those_of_the_page():
    assert colours("light") == {}


@pytest.mark.parametrize(
    ("theme", "accent", "paper"),
    [("light", "#00527a", ""), ("light", "", "#FFFFFF"), ("dark", "#ffd34d", "#10151a")],
)
def test_all_texts_can_be_read_in_colours_that_are_taken(theme, accent, paper):
    made = colours(theme, accent=accent, paper=paper)
    for text in ("ink", "ink-soft", "accent"):
        for ground in ("paper", "well"):
            assert contrast(made[text], made[ground]) >= AA
    assert contrast(made["accent-on"], made["accent"]) >= AA


def test_an_accent_that_cannot_be_read_is_refused_with_one_that_can():
    with pytest.raises(ConfigurationError, match=r"accent = '#ffcc00'.*contrast of 1") as refused:
        colours("light", accent="#ffcc00")
    nearest = re.search(r"#[0-9a-f]{6}", refused.value.hint)[0]
    assert colours("light", accent=nearest)["accent"] == nearest


def test_a_paper_that_is_too_dark_or_too_light_is_refused():
    with pytest.raises(ConfigurationError, match="paper = '#888888'") as refused:
        colours("light", paper="#888888")
    assert "lighter" in refused.value.hint
    with pytest.raises(ConfigurationError, match="paper_dark"):
        colours("dark", paper="#ffffff")


@pytest.mark.parametrize("text", ["red", "#fff", "#12345g", "url(x)", "#1234567"])
def test_what_is_no_colour_is_refused(text):
    with pytest.raises(ConfigurationError, match="is no colour"):
        colours("light", accent=text)


def test_a_logo_of_shapes_is_published_under_a_plain_name(tmp_path):
    path = tmp_path / "Our Museum.SVG"
    path.write_text(SHAPES.format('<path fill="url(#a)" d="M0 0h9"/><use href="#b"/>'))
    assert logo_name(path) == "logo.svg"


@pytest.mark.parametrize(
    "inside",
    [
        "<script>alert(1)</script>",
        "<SVG:SCRIPT>1</SVG:SCRIPT>",
        '<rect onload="alert(1)"/>',
        "<rect\nonclick='1'/>",
        '<a href="javascript:alert(1)"/>',
        '<image href="https://example.org/a.png"/>',
        "<image xlink:href='//example.org/a.png'/>",
        "<style>@import 'a.css';</style>",
        "<rect style='fill:url(https://example.org)'/>",
        "<foreignObject/>",
        "<!DOCTYPE svg [<!ENTITY a 'b'>]>",
    ],
)
def test_a_logo_that_holds_more_is_refused(tmp_path, inside):
    path = tmp_path / "logo.svg"
    path.write_text(SHAPES.format(inside))
    with pytest.raises(ConfigurationError, match="more than shapes"):
        logo_name(path)


def test_a_logo_that_is_not_there_too_large_or_another_thing_is_refused(tmp_path):
    with pytest.raises(ConfigurationError, match="cannot be read") as refused:
        logo_name(tmp_path / "none.png")
    assert f"looked for at {tmp_path / 'none.png'}" in refused.value.hint
    with pytest.raises(ConfigurationError, match="no image that pages show"):
        logo_name(tmp_path / "logo.tiff")
    (tmp_path / "logo.png").write_bytes(b"<svg/>")
    with pytest.raises(ConfigurationError, match="is no PNG file, whatever its name says"):
        logo_name(tmp_path / "logo.png")
    (tmp_path / "large.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(LOGO_BYTES))
    with pytest.raises(ConfigurationError, match="200,000 are allowed"):
        logo_name(tmp_path / "large.png")
