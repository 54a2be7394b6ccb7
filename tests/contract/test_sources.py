"""What every source promises, tried on a tiny archive of its own kind."""

import re
from itertools import islice

import pytest

from wunderkammer.core.errors import SourceError
from wunderkammer.core.settings import CONTEXT
from wunderkammer.sources import Record, Rejected, registry
from wunderkammer.sources import records_of as one_by_one
from wunderkammer.testing.archives import MAKERS, SPECIMENS, Specimen

every_source = pytest.mark.parametrize("name", registry.names())


def records_of(archive):
    return [one for one in archive.source.records() if isinstance(one, Record)]


def rejected_of(archive):
    return [one for one in archive.source.records() if isinstance(one, Rejected)]


def content(one):
    """Return what a record or a rejected row says, whatever the order of its terms."""
    if isinstance(one, Rejected):
        return one.where, str(one.error)
    return one.media_id, one.specimen_id, str(sorted(one.terms.items())), one.original_file


@pytest.fixture
def make(tmp_path):
    made = iter(range(100))

    def maker(name, specimens=SPECIMENS):
        root = tmp_path / str(next(made))
        root.mkdir()
        return MAKERS[name](root, specimens)

    return maker


def test_every_source_has_a_maker_of_its_archive():
    assert sorted(MAKERS) == registry.names()


@every_source
def test_every_row_becomes_a_record_or_is_rejected(name, make):
    archive = make(name)
    assert len(records_of(archive)) == archive.n_records
    assert len(rejected_of(archive)) == archive.n_rows - archive.n_records


@every_source
def test_what_is_rejected_says_where_and_why(name, make):
    for rejected in rejected_of(make(name)):
        assert rejected.where
        assert rejected.error.message[-1] in ".!"


@every_source
def test_ids_are_unique_and_safe_in_file_names(name, make):
    ids = [record.media_id for record in records_of(make(name))]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch("[0-9a-f]{20}", media_id) for media_id in ids)


@every_source
def test_an_export_in_another_order_yields_the_same_records(name, make):
    first = {record.media_id: record for record in records_of(make(name))}
    second = {record.media_id: record for record in records_of(make(name, SPECIMENS[::-1]))}
    assert first == second


@every_source
def test_a_grown_export_keeps_every_record(name, make):
    first = {record.media_id: record for record in records_of(make(name))}
    grown = (*SPECIMENS[:1], Specimen("K.0100", "Vanessa atalanta"), *SPECIMENS[1:])
    second = {record.media_id: record for record in records_of(make(name, grown))}
    assert first.items() <= second.items()
    assert len(second) == len(first) + 1


@every_source
def test_reading_again_after_stopping_anywhere_yields_the_same(name, make):
    archive = make(name)
    whole = [str(one) for one in archive.source.records()]
    for n in range(len(whole)):
        assert [str(one) for one in islice(archive.source.records(), n)] == whole[:n]
    assert [str(one) for one in archive.source.records()] == whole


@every_source
def test_terms_are_filled_text(name, make):
    for record in records_of(make(name)):
        assert record.terms.keys().isdisjoint({"media_id", "specimen_id", "original_file"})
        for term, value in record.terms.items():
            assert isinstance(value, str)
            assert value.strip()
            assert ":" not in term


@every_source
def test_each_record_has_a_file_that_exists_or_an_address(name, make):
    archive = make(name)
    for record in records_of(archive):
        if not record.original_file:
            assert re.match("https?://[^/]+/.", record.access_uri)
            assert record.terms.get("accessURI", record.access_uri) == record.access_uri
            continue
        assert (archive.source.images_root() / record.original_file).is_file()
        assert ".." not in record.original_file


@every_source
def test_the_tables_of_the_bulk_path_hold_the_same(name, make, tmp_path):
    archive = make(name)
    (tmp_path / "scratch").mkdir()
    found = one_by_one(archive.source.batches(tmp_path / "scratch"))
    assert sorted(map(content, found)) == sorted(map(content, archive.source.records()))


@every_source
def test_no_source_takes_what_another_wrote_for_its_own(name, make):
    path = make(name).source.path
    recognised = [kind.model_fields["name"].default for kind in registry if kind.recognises(path)]
    assert set(recognised) <= {name}


@every_source
def test_a_source_says_in_one_line_how_to_cite_it_or_nothing(name, make):
    assert "\n" not in make(name).source.citation()


@every_source
def test_licence_holder_and_name_of_each_medium_are_kept(name, make):
    archive = make(name)
    if not archive.has_licences:
        assert all("license" not in record.terms for record in records_of(archive))
        return
    by_name = {record.terms["scientificName"]: record.terms for record in records_of(archive)}
    for specimen in SPECIMENS:
        terms = by_name[specimen.scientific_name]
        assert terms["license"] == specimen.license
        assert terms["rightsHolder"] == "The Museum"
        assert terms["creator"] == specimen.creator


@every_source
def test_inputs_are_files_whose_change_is_seen(name, make):
    inputs = make(name).source.inputs()
    assert inputs
    assert all(path.is_file() for path in inputs)


@every_source
def test_paths_are_context_and_everything_else_is_a_setting(name, make):
    source = make(name).source
    fields = type(source).model_fields
    paths = {n for n, f in fields.items() if "Path" in str(f.annotation)}
    context = {n for n, f in fields.items() if (f.json_schema_extra or {}).get(CONTEXT)}
    assert paths == context
    assert not paths & source.settings().keys()
    assert all(field.description for n, field in fields.items() if n not in {"name", "version"})


@every_source
def test_a_source_that_is_not_there_is_an_error_with_its_path(name, tmp_path):
    source = registry.get(name).model_validate({"path": tmp_path / "nowhere"})
    with pytest.raises(SourceError, match="nowhere") as caught:
        list(source.records())
    assert caught.value.hint
