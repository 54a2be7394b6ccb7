import json
import logging

import pytest

from gbif_host import GbifHost, make_certificate
from wunderkammer.core.errors import ConfigurationError, SourceError
from wunderkammer.core.settings import build
from wunderkammer.sources import Record
from wunderkammer.sources._gbif_search import MOST, GbifSearch, harvest
from wunderkammer.sources.gbif import GbifSource
from wunderkammer.testing.fake_archive import Specimen
from wunderkammer.testing.gbif_makers import DATASET, DATASET_CITATION, gbif_answer

pytest.importorskip("pygbif", reason="the extra 'gbif' is not installed")

OCCURRENCES = [gbif_answer(Specimen(f"K.{n:03}", "Papilio machaon")) for n in range(50)]
NAMES = {
    "Papilio": {
        "usage": {"key": "4BTM4", "name": "Papilio Linnaeus, 1758", "rank": "GENUS"},
        "diagnostics": {"matchType": "EXACT", "confidence": 99},
    },
    "Papilo": {
        "usage": {"key": "4BTM4", "name": "Papilio Linnaeus, 1758"},
        "diagnostics": {"matchType": "VARIANT", "confidence": 90},
    },
}
DATASETS = {DATASET: {"title": "Butterflies", "citation": {"text": DATASET_CITATION}}}
PAPILIO = GbifSearch(taxon="Papilio", institution_code="M", year="1900,1950")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    folder = tmp_path_factory.mktemp("certificate")
    if not make_certificate(folder):
        pytest.skip("openssl, which makes the certificate of the host, is not here")
    return folder


@pytest.fixture
def gbif(certificate, monkeypatch):
    """Return a GBIF on loopback, to which the environment sends whoever asks for the real one."""
    with GbifHost(certificate, OCCURRENCES, names=NAMES, datasets=DATASETS) as host:
        for name in ("HTTPS_PROXY", "https_proxy"):
            monkeypatch.setenv(name, host.address)
        for name in ("NO_PROXY", "no_proxy"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate / "cert.pem"))
        yield host


def fetch(folder, search=PAPILIO, **how):
    return harvest(folder, search, **{"page_size": 20, "pause_s": 0, **how})


def lines(folder):
    return [json.loads(line) for line in (folder / "occurrences.jsonl").open(encoding="utf-8")]


def test_a_search_is_fetched_page_by_page_and_can_be_read(gbif, tmp_path):
    steps = []
    found = fetch(tmp_path / "h", told=lambda *step: steps.append(step))
    assert (found.n_occurrences, found.n_media) == (50, 50)
    assert found.taxon == "Papilio Linnaeus, 1758"
    assert steps == [(20, 50), (40, 50), (50, 50)]
    assert gbif.offsets() == [0, 20, 40]
    assert lines(tmp_path / "h") == OCCURRENCES
    records = list(GbifSource(path=tmp_path / "h").records())
    assert len(records) == 50
    assert all(isinstance(one, Record) for one in records)
    assert {one.terms["bibliographicCitation"] for one in records} == {DATASET_CITATION}


def test_only_still_images_of_what_was_asked_are_asked_for(gbif, tmp_path):
    fetch(tmp_path / "h")
    [asked] = [query for path, query, _ in gbif.asked if query.get("offset") == "20"]
    assert asked["mediatype"] == "StillImage"
    assert asked["taxonKey"] == "4BTM4"
    assert asked["institutionCode"] == "M"
    assert asked["year"] == "1900,1950"
    assert "country" not in asked


def test_what_was_asked_and_when_stands_beside(gbif, tmp_path):
    fetch(tmp_path / "h")
    asked = json.loads((tmp_path / "h" / "search.json").read_text())
    assert asked["search"]["taxon"] == "Papilio"
    assert asked["n_found"] == asked["n_occurrences"] == 50
    assert asked["begun"] <= asked["ended"]
    assert "taxonKey=4BTM4" in asked["address"]
    citation = GbifSource(path=tmp_path / "h").citation()
    assert citation.startswith("GBIF.org (")
    assert citation.endswith(asked["address"])


def test_a_key_of_digits_is_of_the_backbone_and_needs_no_match(gbif, tmp_path):
    fetch(tmp_path / "h", GbifSearch(taxon_key="1938069"))
    assert "/v2/species/match" not in gbif.paths()
    [first, *_] = [query for path, query, _ in gbif.asked]
    assert first["taxonKey"] == "1938069"
    assert "checklistKey" not in first


def test_it_goes_on_where_it_was_stopped(gbif, tmp_path):
    gbif.script = {4: (403, {})}
    with pytest.raises(SourceError, match="403"):
        fetch(tmp_path / "h")
    assert not GbifSource.recognises(tmp_path / "h")
    assert gbif.offsets() == [0, 20, 40]
    before = len(gbif.asked)
    assert fetch(tmp_path / "h").n_occurrences == 50
    assert [query.get("offset") for _, query, _ in gbif.asked[before:]] == ["40", None]
    assert GbifSource.recognises(tmp_path / "h")


def test_a_finished_harvest_asks_nothing(gbif, tmp_path):
    first = fetch(tmp_path / "h")
    n_asked = len(gbif.asked)
    assert fetch(tmp_path / "h") == first
    assert len(gbif.asked) == n_asked


def test_a_folder_holds_one_search(gbif, tmp_path):
    fetch(tmp_path / "h")
    with pytest.raises(SourceError, match="taxon = 'Papilio'") as caught:
        fetch(tmp_path / "h", GbifSearch(country="NP"))
    assert "another folder" in caught.value.hint
    assert lines(tmp_path / "h") == OCCURRENCES


def test_pages_of_another_search_are_not_mixed_in(gbif, tmp_path):
    gbif.script = {3: (403, {})}
    with pytest.raises(SourceError):
        fetch(tmp_path / "h", GbifSearch(country="NP"))
    gbif.script = {}
    gbif.asked.clear()
    fetch(tmp_path / "h")
    assert gbif.offsets() == [0, 20, 40]


def test_trouble_that_passes_is_waited_out(gbif, tmp_path):
    gbif.script = {2: (429, {"Retry-After": "1"}), 3: (503, {"Retry-After": "0"}), 5: "reset"}
    assert fetch(tmp_path / "h").n_occurrences == 50
    assert gbif.offsets() == [0, 0, 0, 20, 20, 40]
    asked = [when for _, _, when in gbif.asked]
    assert asked[3] - asked[2] >= 1


def test_a_long_pause_is_left_to_the_user(gbif, tmp_path):
    gbif.script = {3: (429, {"Retry-After": "7200"})}
    with pytest.raises(SourceError, match="120 minutes") as caught:
        fetch(tmp_path / "h")
    assert "kept" in caught.value.hint
    assert gbif.offsets() == [0, 20]


def test_more_than_can_be_paged_is_refused_before_the_first_page(gbif, tmp_path):
    gbif.occurrences = range(MOST + 1)
    with pytest.raises(SourceError, match="100,001") as caught:
        fetch(tmp_path / "h")
    assert "download" in caught.value.hint
    assert "https://www.gbif.org/occurrence/search?" in caught.value.hint
    assert gbif.offsets() == []


def test_nothing_found_is_said(gbif, tmp_path):
    gbif.occurrences = []
    with pytest.raises(SourceError, match="no occurrence"):
        fetch(tmp_path / "h")


def test_an_occurrence_that_moved_to_the_next_page_is_kept_once(gbif, tmp_path):
    gbif.occurrences = [*OCCURRENCES[:20], OCCURRENCES[19], *OCCURRENCES[20:]]
    assert fetch(tmp_path / "h").n_occurrences == 50
    assert lines(tmp_path / "h") == OCCURRENCES


def test_a_name_that_is_nearly_one_is_not_taken_for_it(gbif, tmp_path):
    with pytest.raises(SourceError, match="'Papilo'") as caught:
        fetch(tmp_path / "h", GbifSearch(taxon="Papilo"))
    assert "'Papilio Linnaeus, 1758' (4BTM4)" in caught.value.hint
    with pytest.raises(SourceError, match="'Nemo'"):
        fetch(tmp_path / "h", GbifSearch(taxon="Nemo"))


def test_a_dataset_that_the_registry_does_not_know_costs_nothing(gbif, tmp_path):
    gbif.datasets = {}
    fetch(tmp_path / "h")
    [record, *_] = GbifSource(path=tmp_path / "h").records()
    assert "bibliographicCitation" not in record.terms


def test_the_logging_of_the_program_is_left_as_it_was(gbif, tmp_path):
    before = (list(logging.getLogger().handlers), logging.getLogger().level)
    fetch(tmp_path / "h")
    assert (list(logging.getLogger().handlers), logging.getLogger().level) == before


@pytest.mark.parametrize(
    ("asked", "said"),
    [({}, "at least one condition"), ({"taxon": "A", "taxon_key": "1"}, "not both")],
)
def test_a_search_that_makes_no_sense_is_refused(asked, said):
    with pytest.raises(ConfigurationError, match=said):
        build(GbifSearch, asked, where="search")
