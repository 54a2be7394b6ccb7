import json
import shutil
import subprocess
import sys
import zipfile

import pytest

from wunderkammer.core.errors import SourceError
from wunderkammer.sources import Record, Rejected
from wunderkammer.sources.dwca import DwcaSource
from wunderkammer.sources.gbif import GbifSource
from wunderkammer.testing.export_makers import make_idigbio, make_nhm, write_zip
from wunderkammer.testing.fake_archive import SPECIMENS, Specimen
from wunderkammer.testing.gbif_makers import (
    DATASET,
    DATASET_CITATION,
    DOWNLOAD_DOI,
    gbif_answer,
    gbif_files,
    gbif_medium,
    gbif_occurrence,
    gbif_verbatim,
    make_gbif,
    write_gbif_harvest,
)

A = Specimen("K.1", "Aus bus")


def read(source):
    found = list(source.records())
    return (
        [one for one in found if isinstance(one, Record)],
        [one for one in found if isinstance(one, Rejected)],
    )


@pytest.fixture
def download(tmp_path):
    made = iter(range(100))

    def write(occurrence=None, written=None, medium=None, *, without=(), **settings):
        files = gbif_files(
            [gbif_occurrence(A, **(occurrence or {}))],
            [gbif_verbatim(A, **(written or {}))],
            [gbif_medium(A, **(medium or {}))],
        )
        kept = {name: text for name, text in files.items() if name not in without}
        return GbifSource(path=write_zip(tmp_path / f"{next(made)}.zip", kept), **settings)

    return write


def terms_of(source):
    (record,), _ = read(source)
    return record.terms


def verbatim_of(source):
    return {
        name.removeprefix("verbatim_"): value
        for name, value in terms_of(source).items()
        if name.startswith("verbatim_")
    }


def test_gbifs_value_stands_and_the_publishers_other_one_beside(download):
    source = download(
        {"eventDate": "", "scientificName": "Aus bus L."},
        {"eventDate": "ca. 1890", "scientificName": "Aus busus"},
    )
    terms = terms_of(source)
    assert terms["scientificName"] == "Aus bus L."
    assert terms["verbatim_scientificName"] == "Aus busus"
    assert "eventDate" not in terms
    assert terms["verbatim_eventDate"] == "ca. 1890"


def test_what_says_the_same_is_not_kept_twice(download):
    source = download(
        {"decimalLatitude": "-34.06", "decimalLongitude": "10.0", "country": "Nepal"},
        {"decimalLatitude": "-34.060", "decimalLongitude": "10", "country": "NEPAL "},
    )
    assert verbatim_of(source) == {}


@pytest.mark.parametrize(("of_gbif", "written"), [("-34.06", "34.06"), ("1.5", "15"), ("10", "1")])
def test_signs_and_points_of_numbers_make_a_difference(download, of_gbif, written):
    source = download({"decimalLatitude": of_gbif}, {"decimalLatitude": written})
    assert verbatim_of(source) == {"decimalLatitude": written}


def test_the_terms_to_keep_can_be_chosen(download):
    changed = {"scientificName": "Aus busus", "fieldNumber": "17"}
    assert verbatim_of(download({}, changed)) == {"scientificName": "Aus busus"}
    assert verbatim_of(download({}, changed, verbatim=("fieldNumber",))) == {"fieldNumber": "17"}
    assert verbatim_of(download({}, changed, verbatim=())) == {}
    assert verbatim_of(download({}, changed, without=("verbatim.txt",))) == {}


def test_the_mediums_licence_has_the_term_the_records_own_is_beside(download):
    terms = terms_of(download({"license": "CC_BY_4_0"}, {}, {"license": "CC BY-NC"}))
    assert terms["license"] == "CC BY-NC"
    assert terms["core_license"] == "CC_BY_4_0"


def test_each_record_says_how_its_dataset_is_cited(download):
    terms = terms_of(download())
    assert terms["bibliographicCitation"].startswith("Museum T (2024).")
    assert terms["bibliographicCitation"].endswith("https://doi.org/10.1234/abcd")
    own = download({"bibliographicCitation": "Cite me so"})
    assert terms_of(own)["bibliographicCitation"] == "Cite me so"
    bare = download(without=(f"dataset/{DATASET}.xml",))
    assert "bibliographicCitation" not in terms_of(bare)


def test_the_download_is_cited_with_its_day_and_doi(download):
    assert download().citation() == (
        f"GBIF.org (4 March 2026) GBIF Occurrence Download https://doi.org/{DOWNLOAD_DOI}"
    )
    assert download(without=("metadata.xml",)).citation() == ""


def test_descriptions_with_entities_are_not_read(download, tmp_path):
    source = download()
    with zipfile.ZipFile(source.path) as archive:
        archive.extractall(tmp_path / "d")
    for path in (tmp_path / "d" / "metadata.xml", tmp_path / "d" / "dataset" / f"{DATASET}.xml"):
        bomb = (
            '<!DOCTYPE eml [<!ENTITY a "aaaa">]>\n<eml><dataset><title>&a;</title></dataset></eml>'
        )
        path.write_text(bomb)
    source = GbifSource(path=tmp_path / "d")
    assert source.citation() == ""
    assert "bibliographicCitation" not in terms_of(source)


def test_a_record_without_a_page_has_the_one_at_gbif(download):
    assert terms_of(download())["references"] == "https://example.org/K.1"
    bare = download(medium={"references": ""})
    assert terms_of(bare)["references"] == "https://www.gbif.org/occurrence/1000001"


def test_gbifs_own_columns_keep_their_names(download):
    source = download({"depth": "3.0", "verbatimDepth": "3 m", "elevation": "100.0"})
    terms = terms_of(source)
    assert (terms["depth"], terms["verbatimDepth"], terms["elevation"]) == ("3.0", "3 m", "100.0")


def test_quotation_marks_are_text(download):
    assert terms_of(download({"catalogNumber": '6" drawer'}))["catalogNumber"] == '6" drawer'


def test_the_simple_download_is_told_from_the_one_with_images(tmp_path):
    write_zip(tmp_path / "0001.zip", {"0001.csv": "gbifID\tdatasetKey\n1\t2\n"})
    assert not GbifSource.recognises(tmp_path / "0001.zip")
    with pytest.raises(SourceError, match=r"no 'occurrence\.txt'") as caught:
        list(GbifSource(path=tmp_path / "0001.zip").records())
    assert "Darwin Core Archive" in caught.value.hint


def test_a_missing_column_is_named(download, tmp_path):
    files = gbif_files([gbif_occurrence(A)], [gbif_verbatim(A)], [{"gbifID": "1", "url": "x"}])
    path = write_zip(tmp_path / "a.zip", files)
    with pytest.raises(SourceError, match=r"multimedia\.txt.*no column 'identifier'"):
        list(GbifSource(path=path).records())


def test_it_holds_the_same_media_as_a_plain_archive_would(tmp_path):
    archive = make_gbif(tmp_path)
    of_gbif, rejected = read(archive.source)
    plain, also_rejected = read(DwcaSource(path=archive.source.path))
    assert {one.access_uri for one in of_gbif} == {one.access_uri for one in plain}
    assert len(rejected) == len(also_rejected)


def test_it_is_known_by_the_files_that_only_gbif_writes(tmp_path):
    for make in (make_gbif, make_nhm, make_idigbio):
        (tmp_path / make.__name__).mkdir()
        path = make(tmp_path / make.__name__).source.path
        assert GbifSource.recognises(path) == (make is make_gbif)
    with zipfile.ZipFile(tmp_path / "make_gbif" / "0012345-260301000000000.zip") as archive:
        archive.extractall(tmp_path / "folder")
    assert GbifSource.recognises(tmp_path / "folder")
    for name in ("verbatim.txt", "citations.txt", "rights.txt"):
        (tmp_path / "folder" / name).unlink()
    assert not GbifSource.recognises(tmp_path / "folder")  # any archive may be called so


def test_a_change_of_any_file_that_is_read_is_seen(tmp_path):
    archive = make_gbif(tmp_path)
    with zipfile.ZipFile(archive.source.path) as file:
        file.extractall(tmp_path / "folder")
    names = {path.name for path in GbifSource(path=tmp_path / "folder").inputs()}
    assert names >= {"occurrence.txt", "multimedia.txt", "verbatim.txt", "metadata.xml"}
    assert f"{DATASET}.xml" in names


@pytest.mark.shared_data
def test_real_occurrences_of_gbif_are_read_to_the_last_row(shared_data):
    folder = shared_data / "museum-insects"
    n_media = len((folder / "multimedia.txt").read_text(encoding="utf-8").splitlines()) - 1
    records, rejected = read(GbifSource(path=folder))
    of_media = [one for one in rejected if one.where.startswith("multimedia")]
    assert len(records) + len(of_media) == n_media > 400
    assert all(one.terms["license"] and one.terms["datasetKey"] for one in records)
    assert len({one.media_id for one in records}) == len(records)


# a harvested search


def test_a_search_and_a_download_know_a_medium_by_the_same_id(tmp_path):
    downloaded, _ = read(make_gbif(tmp_path).source)
    found, _ = read(
        GbifSource(path=write_gbif_harvest(tmp_path / "h", list(map(gbif_answer, SPECIMENS))))
    )
    assert {one.media_id for one in found} == {one.media_id for one in downloaded}
    assert {one.specimen_id for one in found} == {one.specimen_id for one in downloaded}


def test_a_search_is_a_folder_or_its_lines(tmp_path):
    folder = write_gbif_harvest(tmp_path / "h", [gbif_answer(A)])
    assert GbifSource.recognises(folder)
    assert GbifSource.recognises(folder / "occurrences.jsonl")
    assert str(terms_of(GbifSource(path=folder))) == str(
        terms_of(GbifSource(path=folder / "occurrences.jsonl"))
    )
    shutil.copy(folder / "occurrences.jsonl", tmp_path / "mine.jsonl")
    alone = GbifSource(path=tmp_path / "mine.jsonl")
    assert GbifSource.recognises(alone.path)
    assert alone.citation() == ""
    assert "bibliographicCitation" not in terms_of(alone)
    (tmp_path / "other.jsonl").write_text('{"file": "a.jpg"}\n')
    assert not GbifSource.recognises(tmp_path / "other.jsonl")


def test_each_line_is_records_or_explained(tmp_path):
    second = gbif_medium(A, identifier="https://images.example.org/2.jpg")
    lines = [
        gbif_answer(A, media=[gbif_medium(A), second, gbif_medium(A)]),
        gbif_answer(A),
        gbif_answer(Specimen("K.3", "Aus"), media=[{"type": "Sound", "identifier": "x"}]),
        gbif_answer(Specimen("K.4", "Aus"), media=[]),
        gbif_answer(Specimen("K.5", "Aus"), media=[{"type": "StillImage"}]),
        {"datasetKey": DATASET},
    ]
    folder = write_gbif_harvest(tmp_path / "h", lines)
    with (folder / "occurrences.jsonl").open("a") as file:
        file.write('{"key": 6, "med\n')
    records, rejected = read(GbifSource(path=folder))
    assert len(records) == 2
    assert [one.where for one in rejected] == [
        f"occurrences.jsonl, line {n}" for n in (1, 2, 3, 4, 5, 6, 7)
    ]
    said = [one.error.message for one in rejected]
    for part, text in zip(
        ("twice", "already", "no still image", "no medium", "no identifier", "neither", "no JSON"),
        said,
        strict=True,
    ):
        assert part in text


def test_values_of_a_search_are_text(tmp_path):
    answer = gbif_answer(
        A, decimalLatitude=-34.06, year=1979, hasCoordinate=True, networkKeys=["a", "b"],
        gadm={"level0": {"name": "Nepal"}}, verbatimLocality="",
    )  # fmt: skip
    terms = terms_of(GbifSource(path=write_gbif_harvest(tmp_path / "h", [answer])))
    assert terms["decimalLatitude"] == "-34.06"
    assert terms["year"] == "1979"
    assert terms["hasCoordinate"] == "true"
    assert terms["networkKeys"] == "a;b"
    assert terms["issue"] == "COORDINATE_ROUNDED"
    assert terms["bibliographicCitation"] == DATASET_CITATION
    assert not {"gadm", "media", "key", "verbatimLocality"} & terms.keys()


def test_reading_needs_no_pygbif_and_searching_says_that_it_does(tmp_path):
    folder = write_gbif_harvest(tmp_path / "h", [gbif_answer(A)])
    code = (
        "import sys; sys.modules['pygbif'] = None\n"
        "from pathlib import Path\n"
        "from wunderkammer.core.errors import SourceError\n"
        "from wunderkammer.sources.gbif import GbifSearch, GbifSource, harvest\n"
        f"print(len(list(GbifSource(path=Path({str(folder)!r})).records())))\n"
        "try: harvest(Path('nowhere'), GbifSearch(country='NP'))\n"
        "except SourceError as error: print(error)\n"
        "print('matplotlib' in sys.modules)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    n_records, error, has_matplotlib = done.stdout.splitlines()
    assert n_records == "1"
    assert "pip install 'wunderkammer[gbif]'" in error
    assert has_matplotlib == "False"
    assert not (tmp_path / "nowhere").exists()


def test_what_is_read_of_a_harvest_is_what_was_written(tmp_path):
    folder = write_gbif_harvest(tmp_path / "h", [gbif_answer(A)])
    names = {path.name for path in GbifSource(path=folder).inputs()}
    assert names == {"occurrences.jsonl", "datasets.json", "search.json"}
    asked = json.loads((folder / "search.json").read_text())
    assert GbifSource(path=folder).citation().endswith(asked["address"])


@pytest.mark.parametrize("name", ["search.json", "datasets.json"])
@pytest.mark.parametrize("content", ["{", "[1]", "[" * 100_000])
def test_what_lies_broken_beside_a_harvest_is_named(tmp_path, name, content):
    folder = write_gbif_harvest(tmp_path / "harvest", [gbif_answer(SPECIMENS[0])])
    (folder / name).write_text(content, encoding="utf-8")
    with pytest.raises(SourceError, match=f"'{name}' (is no JSON|holds no JSON object)"):
        source = GbifSource(path=folder)
        source.citation()
        list(source.records())


def test_capitals_in_the_headers_make_no_difference(tmp_path):
    found = make_gbif(tmp_path).source
    with zipfile.ZipFile(found.path) as archive:
        files = {name: archive.read(name).decode() for name in archive.namelist()}
    spoilt = {name: text.replace("gbifID", "GBIFid", 1) for name, text in files.items()}
    other = found.model_copy(update={"path": write_zip(tmp_path / "b.zip", spoilt)})
    assert [str(one) for one in other.records()] == [str(one) for one in found.records()]
