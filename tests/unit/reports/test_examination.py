"""The report on an examination whose outcome is known."""

import json
import re
import shutil

import pytest

import examined
import wunderkammer
from pages import Page
from wunderkammer.core.errors import StageError
from wunderkammer.evaluation.files import REPORT, cell_path, read_cell
from wunderkammer.reports._media import known_columns, name_sql
from wunderkammer.reports.examination import NAME, write_examination


@pytest.fixture(scope="module")
def told(collection, tmp_path_factory):
    """Return a copy of a collection that has been examined, and the text of its report."""
    root = tmp_path_factory.mktemp("examined") / "c"
    shutil.copytree(collection.root, root)
    made = wunderkammer.open(root)
    examined.examine(made)
    path = write_examination(made)
    return made, path.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def data(told):
    """Return what the script of the map reads."""
    found = re.search(r'<script id="map-data" type="application/json">(.*?)</script>', told[1])
    return json.loads(found[1])


def test_it_lies_where_the_examination_looks_for_it():
    assert NAME == REPORT


def test_the_best_encoder_of_each_purpose_comes_first(told):
    sentences = re.findall(r'<li><a href="#(\w+)">(.*?)</li>', told[1])
    leaders = {anchor: re.search(r"<b>(sees-\w+)</b>", text)[1] for anchor, text in sentences}
    assert leaders == dict.fromkeys(
        ("identification", "learning", "neighbours", "silhouette", "discrimination", "mislabels",
         "leakage"),
        "sees-names",
    )  # fmt: skip


def test_figures_are_those_of_the_cells(told):
    collection, text = told
    path = cell_path(collection.root, "sees-rooms", "leakage", "institutionCode", "random")
    value = read_cell(path).figures["accuracy"]
    assert f"<b>{value['value']:.3f}</b><span>{value['low']:.3f} to {value['high']:.3f}" in text
    [first] = re.findall(r'<a href="#identification">.*?</li>', text)
    path = cell_path(collection.root, "sees-names", "identification", "genus", "random")
    honest = read_cell(path).figures["train_to_test"]["accuracy"]["value"]
    assert f"<b>{honest:.3f}</b>" in first


def test_every_part_is_there_and_linked(told):
    page = Page(told[1])
    names = {attributes.get("id") for _, attributes in page.tags}
    links = {a["href"][1:] for tag, a in page.tags if tag == "a" and a["href"].startswith("#")}
    assert links == {
        "identification", "learning", "neighbours", "silhouette", "discrimination", "mislabels",
        "leakage", "maps", "channels",
    }  # fmt: skip
    assert links <= names
    assert "nan" not in page.text.lower().split()


def test_names_cannot_write_html(told):
    assert "<b>Bus" not in told[1]
    assert "Bus <b>" not in told[1]
    assert "Bus &lt;b&gt;" in told[1]


def test_it_needs_nothing_else_and_runs_its_own_script_only(told):
    page = Page(told[1])
    policy = next(
        attributes["content"] for tag, attributes in page.tags
        if tag == "meta" and attributes.get("http-equiv") == "Content-Security-Policy"
    )  # fmt: skip
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "style=" not in re.sub(r"<(style|script).*?</\1>", "", told[1], flags=re.DOTALL)
    sources = [attributes["src"] for _, attributes in page.tags if "src" in attributes]
    assert sources
    assert all(source.startswith("data:image/webp") for source in sources)


def test_maps_hold_every_medium_with_its_set_and_columns_to_colour_by(told, data):
    assert data["parts"] == ["train", "random"]
    assert [one["title"] for one in data["maps"]] == ["sees-names, pca", "sees-rooms, pca"]
    assert len(data["names"]) == data["n_all"] == examined.N_MEDIA
    columns = {one["name"]: one for one in data["columns"]}
    assert next(iter(columns)) in {"kingdom", "phylum", "class", "order", "family", "genus"}
    counts = told[0].query("SELECT family, count(*) AS n FROM media GROUP BY 1").to_pylist()
    found = dict(zip(columns["family"]["values"], columns["family"]["counts"], strict=True))
    assert found == {row["family"]: row["n"] for row in counts if row["family"]}


def test_the_most_suspect_label_is_shown_beside_its_reasons(told):
    collection, text = told
    wrong = examined.known_media(collection).ids[examined.WRONG]
    named = name_sql(known_columns(collection))
    [name] = collection.query(f"SELECT {named} AS n FROM media WHERE media_id = '{wrong}'")["n"]
    first = re.search(r'<ul class="issues">\s*<li>(.*?)</li>', text, re.DOTALL)[1]
    assert str(name).rsplit("/", 1)[-1] in first
    assert "<del>Aus</del> → Bus &lt;b&gt;" in first or "<del>Aidae</del> → Bidae" in first
    near = re.findall(r'<figcaption title="(.*?)"', first)
    assert len(near) == 4
    assert set(near) <= {"Bus &lt;b&gt;", "Bidae"}


def test_a_folder_without_an_examination_says_what_to_run(collection):
    with pytest.raises(StageError, match="nothing has been examined") as caught:
        write_examination(collection)
    assert "wk evaluate" in caught.value.hint


def test_what_could_not_be_measured_is_named(told, tmp_path):
    collection, _ = told
    root = tmp_path / "c"
    shutil.copytree(collection.root, root)
    path = cell_path(root, "sees-names", "silhouette", "genus", "random")
    cell = json.loads(path.read_text())
    path.write_text(json.dumps({**cell, "figures": {}, "note": "all are <alone>."}))
    shutil.rmtree(root / "evaluation" / "embeddings")
    text = write_examination(wunderkammer.open(root)).read_text()
    assert "all are &lt;alone&gt;." in text
    assert "<script" not in text
