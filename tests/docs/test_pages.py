"""Everything there is, is in the documentation; every link in it leads somewhere."""

import html
import re
from pathlib import Path

import click
import pytest
import reference_pages
from mkdocs.config import load_config
from pydantic import BaseModel

import wunderkammer
from wunderkammer.cli.main import COMMANDS, wk
from wunderkammer.core.column import BOOKKEEPING
from wunderkammer.core.configuration import About
from wunderkammer.core.journal import Annotation
from wunderkammer.core.plan import Reason
from wunderkammer.core.resources import EngineSettings, Resources
from wunderkammer.stages import STAGES

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"


@pytest.fixture(scope="module")
def pages():
    """Return the generated pages by name."""
    return {name: page() for name, page in reference_pages.PAGES.items()}


def name_of(model):
    return model.model_fields["name"].default


def test_the_site_builds_without_a_warning_and_every_page_is_in_nav(site):
    nav = str(load_config(str(ROOT / "mkdocs.yml")).nav)
    written = {path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.md")}
    made = set(reference_pages.PAGES) | {"contributing.md", "changelog.md"}
    assert written & made == set()
    for name in written | made:
        assert f"'{name}'" in nav
        place = site / name.removesuffix(".md")
        page = place.parent if place.name == "index" else place
        assert (page / "index.html").is_file()


def test_no_page_asks_another_host_for_anything(site):
    for page in site.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        asked = re.findall(r"""<(?:script|img|iframe|source)[^>]*\ssrc=["']?([^"'\s>]+)""", text)
        asked += re.findall(r"""<link[^>]*rel=["']?stylesheet[^>]*href=["']?([^"'\s>]+)""", text)
        assert [one for one in asked if "//" in one] == [], page


def test_every_command_and_option_is_there(pages):
    page = pages["reference/cli.md"]
    context = click.Context(wk)
    for name in COMMANDS:
        assert f"## wk {name}\n" in page
        for option in wk.get_command(context, name).params:
            assert all(word in page for word in option.opts if word.startswith("-"))
    for stage in STAGES:
        assert f"### wk run {name_of(stage)}\n" in page


def test_the_exit_codes_are_those_of_the_program(pages):
    from wunderkammer import cli

    codes = {int(code) for code, _ in reference_pages.exit_codes()}
    assert codes == {
        cli.OK, cli.FAILED, cli.USAGE, cli.UNUSABLE, cli.SOME_FAILED, cli.DAMAGED, cli.INTERRUPTED
    }  # fmt: skip
    for code, meaning in reference_pages.exit_codes():
        assert f"| {code} | {meaning} |" in pages["reference/cli.md"]


def settings_of(model, path):
    for name, field in model.model_fields.items():
        if name in {"name", "version"}:
            continue
        inner = field.annotation
        if isinstance(inner, type) and issubclass(inner, BaseModel) and not field.metadata:
            yield from settings_of(inner, f"{path}.{name}")
        else:
            yield path, name, field.description


def test_every_setting_is_there_with_its_meaning(pages):
    page = pages["reference/settings.md"]
    found = list(settings_of(About, "collection"))
    found += settings_of(EngineSettings, "engine")
    found += settings_of(Resources, "engine.stages.STAGE")
    for stage in STAGES:
        found += settings_of(stage, name_of(stage))
    assert len(found) > 20
    for path, name, description in found:
        section = page.split(f"## [{path}]\n")[1].split("\n## ")[0]
        assert f"| `{name}` |" in section
        assert description, f"{path}.{name}"
        assert reference_pages.docstrings.inline(description.split("|")[0]) in section


def test_every_plugin_and_its_settings_are_there(pages):
    page = pages["reference/plugins.md"]
    assert {one.family for one in reference_pages.families()} >= {
        "sources", "encoders", "projections", "layouts"
    }  # fmt: skip
    for registry in reference_pages.families():
        section = page.split(f"\n## {registry.family.capitalize()}\n")[1].split("\n## ")[0]
        for plugin in registry:
            part = section.split(f"\n### {name_of(plugin)}\n")[1].split("\n### ")[0]
            for _, name, description in settings_of(plugin, ""):
                assert f"| `{name}` |" in part
                assert description


def test_every_stage_and_column_is_there(pages):
    page = pages["reference/columns.md"]
    stages = reference_pages.default_stages()
    assert len(stages) == len(STAGES) - 1, "all but the one that reads the source"
    for stage in stages:
        section = page.split(f"\n## {stage.group}\n")[1].split("\n## ")[0]
        for column in stage.writes():
            assert f"| `{column.name}` |" in section
            assert column.description[-1] == "."
        for name in stage.reads():
            assert f"`{name}`" in section


def test_every_error_is_there(pages):
    classes = reference_pages.error_classes()
    assert len(classes) >= 10
    for kind in classes:
        assert f"| `{kind.__name__}` |" in pages["reference/errors.md"]
        assert kind.__doc__


def test_every_public_name_and_method_is_there(pages):
    from wunderkammer.core.collection import Collection

    page = pages["reference/python.md"]
    assert "## wunderkammer.open\n" in page
    assert "## wunderkammer.create\n" in page
    for name in (name for name in vars(Collection) if not name.startswith("_")):
        assert f"### Collection.{name}\n" in page


def test_the_page_on_files_names_what_is_on_disk(collection):
    page = (DOCS / "reference" / "on-disk.md").read_text(encoding="utf-8")
    names = [*BOOKKEEPING.names, *Annotation.model_fields]
    names += ["original_file", "original_path", "original_sha256", "year_from", "year_to"]
    for name in names:
        assert f"`{name}`" in page, name
    listed = page.split("```text\n")[1].split("```")[0]
    found = {path.name for path in collection.root.iterdir()} - {"source"}
    for name in found:
        assert re.search(rf"(^|`){re.escape(name)}[/` ]", f"{listed}{page}", re.MULTILINE), name


def test_the_reasons_and_the_stages_are_explained():
    freshness = (DOCS / "explanation" / "how-freshness-works.md").read_text(encoding="utf-8")
    assert all(f"| `{reason}` |" in freshness for reason in Reason)
    first = (DOCS / "tutorials" / "first-atlas.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| `(\w+)` \|", first, re.MULTILINE)
    assert listed == [name_of(stage) for stage in STAGES if not stage.optional]


def test_the_version_is_one():
    from tomllib import loads

    wanted = loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert wunderkammer.__version__ == wanted
    assert f"version: {wanted}\n" in (ROOT / "CITATION.cff").read_text()
    assert f"[{wanted}]" in html.unescape((ROOT / "CHANGELOG.md").read_text())
