from pathlib import Path

import cv2
import pytest

import wunderkammer
from drawn_cases import picture
from wunderkammer.core.errors import ConfigurationError
from wunderkammer.evaluation.media import Media, column_of, read_media

ROWS = """file,occurrenceID,family,scientificName,institutionCode
a.png,s1,Nymphalidae,Vanessa atalanta (L.),NHM
b.png,s1,Nymphalidae,Vanessa atalanta (L.),NHM
c.png,s2,Nymphalidae,Vanessa sp.,K
d.png,s3,Pieridae,,
"""


@pytest.fixture(scope="module")
def collection(tmp_path_factory):
    folder = tmp_path_factory.mktemp("media")
    (folder / "images").mkdir()
    for k, name in enumerate("abcd"):
        cv2.imwrite(str(folder / "images" / f"{name}.png"), picture(k, k))
    (folder / "table.csv").write_text(ROWS)
    made = wunderkammer.create(
        folder / "found",
        {
            "ingest.source.name": "table",
            "ingest.source.path": str(folder / "table.csv"),
            "ingest.source.images": str(folder / "images"),
            "ingest.source.file_column": "file",
            "ingest.source.id_column": "occurrenceID",
        },
    )
    made.run(["ingest"], n_workers=0)
    return made


def by_file(collection, values):
    rows = collection.query("SELECT original_file FROM media ORDER BY media_id")
    files = [Path(one).stem for one in rows["original_file"].to_pylist()]
    return dict(zip(files, values, strict=True))


def test_ranks_are_read_from_names_and_blank_is_no_label(collection):
    media = read_media(collection, ["family", "genus", "species", "institutionCode", "nobody"])
    species = by_file(collection, media.labels["species"])
    assert species == {"a": "Vanessa atalanta", "b": "Vanessa atalanta", "c": None, "d": None}
    assert by_file(collection, media.labels["genus"])["c"] == "Vanessa"
    assert by_file(collection, media.labels["institutionCode"])["d"] is None
    assert "nobody" not in media.labels
    assert media.told(["family", "genus", "species", "nobody"]) == ("family",)


def test_what_each_specimen_has_for_itself_is_not_asked_of_its_neighbours():
    labels = {
        "institutionCode": ("NHM", "NHM", "BMNH", "BMNH", None),
        "recordedBy": ("Ada", "Ada", "Bo", "Cy", "Di"),
        "creator": ("Ida", "Ida", "Ida", "Ole", "Ole"),
    }
    media = Media(tuple("abcde"), ("one", "one", "two", "three", "four"), labels)
    names = tuple(labels)
    assert media.told(names) == names
    assert media.shared(names) == ("institutionCode", "creator"), (
        "two media of one specimen share its collector with no other specimen"
    )


def test_a_column_that_is_not_there_is_refused_with_the_nearest(collection):
    with pytest.raises(ConfigurationError, match="no column 'institutionCod'") as caught:
        column_of(collection, "institutionCod", [])
    assert "institutionCode" in caught.value.hint


def test_what_people_stated_comes_before_the_source(collection):
    medium = collection.query("SELECT media_id FROM media ORDER BY media_id")["media_id"][0].as_py()
    before = read_media(collection, ["family"]).labels["family"][0]
    collection.annotate([{"media_id": medium, "term": "family", "value": "Lycaenidae"}])
    assert before != "Lycaenidae"
    assert read_media(collection, ["family"]).labels["family"][0] == "Lycaenidae"
