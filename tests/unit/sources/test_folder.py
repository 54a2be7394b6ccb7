import os
import sys
import unicodedata

import pytest

from wunderkammer.core.errors import ConfigurationError, SourceError
from wunderkammer.core.identity import stable_id
from wunderkammer.core.settings import build
from wunderkammer.sources import Record, Rejected
from wunderkammer.sources.folder import FolderSource
from wunderkammer.testing.archives import ONE_PIXEL


def write(root, *paths):
    for path in paths:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(ONE_PIXEL)


def files(source):
    return [one.original_file for one in source.records() if isinstance(one, Record)]


def test_every_image_at_any_depth_and_nothing_else(tmp_path):
    write(tmp_path, "b.JPG", "a/c.tiff", "a/d/e.webp", "notes.txt", ".hidden.jpg", "a/.x/f.jpg")
    source = FolderSource(path=tmp_path)
    assert files(source) == ["a/c.tiff", "a/d/e.webp", "b.JPG"]
    assert source.inputs() == [tmp_path / path for path in files(source)]


def test_pictures_that_are_not_read_are_named_unless_an_image_is_called_alike(tmp_path):
    write(tmp_path, "a.HEIC", "b.cr2", "b.JPG", "c/book.pdf", "c/d.jpg", "d.nef")
    source = FolderSource(path=tmp_path)
    assert files(source) == ["b.JPG", "c/d.jpg"]
    told = {one.where: one.error for one in source.records() if isinstance(one, Rejected)}
    assert sorted(told) == ["a.HEIC", "c/book.pdf", "d.nef"]
    assert told["a.HEIC"].message == "it is HEIC, in which phones keep photographs: not read."
    assert told["a.HEIC"].hint.startswith("Export it as JPEG")
    assert "pdftoppm" in told["c/book.pdf"].hint
    assert [
        one
        for one in FolderSource(path=tmp_path, glob="**/*.jpg").records()
        if isinstance(one, Rejected)
    ] == []


def test_a_folder_without_images_says_what_it_looked_for(tmp_path):
    write(tmp_path, "notes.txt", "a.gif")
    with pytest.raises(SourceError, match=r"fits glob = '\*\.jpg'") as refused:
        list(FolderSource(path=tmp_path, glob="*.jpg").records())
    assert "without glob" in refused.value.hint
    (tmp_path / "a.gif").unlink()
    with pytest.raises(SourceError, match="holds no image") as refused:
        list(FolderSource(path=tmp_path).records())
    assert ".jpeg, .jpg" in refused.value.hint


@pytest.mark.parametrize(
    ("glob", "found"),
    [
        ("*.gif", ["c.gif"]),
        ("**/*.gif", ["a/b/c.gif", "a/c.gif", "c.gif"]),
        ("a/*", ["a/c.gif", "a/d.png"]),
        ("**/[!dx].*", ["a/b/c.gif", "a/c.gif", "c.gif"]),
        ("**/*.dat", ["raw/x.dat"]),
    ],
)
def test_a_glob_chooses_files(tmp_path, glob, found):
    write(tmp_path, "c.gif", "a/c.gif", "a/b/c.gif", "a/d.png", "raw/x.dat")
    assert files(FolderSource(path=tmp_path, glob=glob)) == found


@pytest.mark.parametrize("glob", ["/etc/*", "../*.jpg", "a/../../*"])
def test_a_glob_may_not_leave_the_folder(tmp_path, glob):
    with pytest.raises(ConfigurationError, match="stay within"):
        build(FolderSource, {"path": tmp_path, "glob": glob}, where="[source]")


def test_the_id_is_the_path_in_composed_unicode(tmp_path):
    decomposed = unicodedata.normalize("NFD", "Müller.gif")
    write(tmp_path, decomposed)
    (record,) = FolderSource(path=tmp_path).records()
    assert record.media_id == stable_id("folder", "Müller.gif") == record.specimen_id
    assert record.original_file == decomposed


def test_two_spellings_of_one_name_are_not_two_media(tmp_path):
    composed, decomposed = (unicodedata.normalize(form, "é.gif") for form in ("NFC", "NFD"))
    write(tmp_path, composed, decomposed)
    found = list(FolderSource(path=tmp_path).records())
    assert [type(one) for one in found].count(Record) == 1
    (rejected,) = [one for one in found if isinstance(one, Rejected)]
    assert "Unicode" in rejected.error.message


def test_links_that_leave_the_folder_or_lead_nowhere_are_rejected(tmp_path):
    root = tmp_path / "images"
    write(tmp_path, "images/a.gif", "secret/b.gif")
    (root / "file.gif").symlink_to(tmp_path / "secret" / "b.gif")
    (root / "folder").symlink_to(tmp_path / "secret")
    (root / "loop").symlink_to(root)
    (root / "inside.gif").symlink_to(root / "a.gif")
    (root / "broken.gif").symlink_to(root / "nothing.gif")
    source = FolderSource(path=root)
    assert files(source) == ["a.gif", "inside.gif"]
    reasons = {r.where: r.error.message for r in source.records() if isinstance(r, Rejected)}
    assert reasons.keys() == {"file.gif", "folder", "broken.gif"}
    assert "leads out" in reasons["file.gif"]
    assert "leads out" in reasons["folder"]
    assert "nothing" in reasons["broken.gif"]


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such names")
def test_names_that_are_no_text_are_rejected(tmp_path):
    write(tmp_path, "a.gif")
    with open(os.path.join(os.fsencode(tmp_path), b"b\xff.gif"), "wb") as stream:  # noqa: PTH118, PTH123
        stream.write(ONE_PIXEL)
    found = list(FolderSource(path=tmp_path).records())
    (rejected,) = [one for one in found if isinstance(one, Rejected)]
    assert "not valid text" in rejected.error.message
    assert "\\xff" in rejected.where


def test_terms_are_read_out_of_the_path(tmp_path):
    write(tmp_path, "x/Pieridae/Pieris/Pieris_rapae_2.gif", "loose.gif")
    template = "{family}/{genus}/{scientificName}_{n}"
    terms = [r.terms for r in FolderSource(path=tmp_path, taxon_from=template).records()]
    assert terms == [
        {},
        {"family": "Pieridae", "genus": "Pieris", "scientificName": "Pieris rapae"},
    ]


@pytest.mark.parametrize(
    ("template", "message"),
    [
        ("{familly}/{genus}", "Did you mean 'family'"),
        ("{genus}/{genus}", "twice"),
        ("{genus}{specificEpithet}", "between"),
    ],
)
def test_a_template_of_unknown_or_unclear_names_is_refused(tmp_path, template, message):
    with pytest.raises(ConfigurationError, match=message):
        build(FolderSource, {"path": tmp_path, "taxon_from": template}, where="[source]")


def test_what_a_collection_in_the_folder_made_is_no_source(tmp_path):
    (tmp_path / "a.gif").write_bytes(ONE_PIXEL)
    (tmp_path / "collection.toml").touch()
    for made in ("media/ab", "blobs/thumbnail"):
        (tmp_path / made).mkdir(parents=True)
        (tmp_path / made / "b.gif").write_bytes(ONE_PIXEL)
    found = [one.original_file for one in FolderSource(path=tmp_path).records()]
    assert found == ["a.gif"]
