import io
import tarfile
import zipfile

import pytest

from wunderkammer.core.errors import ConfigurationError, SourceError
from wunderkammer.sources import Record, Rejected
from wunderkammer.sources.dwca import DwcaSource, find_image_list
from wunderkammer.testing.archives import (
    CC0,
    CC_BY,
    MEDIA_TERMS,
    ONE_PIXEL,
    make_dwca,
    write_dwca,
)

AC = "http://rs.tdwg.org/ac/terms/"
DC = "http://purl.org/dc/terms/"
DWC = "http://rs.tdwg.org/dwc/terms/"


def core(key, number="", name="Aus bus", date="", remarks="", rights=CC0):
    return (key, number, name, date, remarks, rights)


def medium(key, address, kind="StillImage", form="image/jpeg", rights=CC_BY, title=""):
    return (key, address, kind, form, "", title, "", rights, "")


def read(source):
    found = list(source.records())
    return (
        [one for one in found if isinstance(one, Record)],
        [one for one in found if isinstance(one, Rejected)],
    )


@pytest.fixture
def archive(tmp_path):
    def write(cores, media, images=(), **terms):
        write_dwca(tmp_path / "a.zip", cores, media, **terms)
        for name in images:
            (tmp_path / "images" / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / "images" / name).write_bytes(ONE_PIXEL)
        folder = tmp_path / "images" if images else None
        return DwcaSource(path=tmp_path / "a.zip", images=folder)

    return write


def files_of(source):
    return {r.access_uri or r.specimen_id: r.original_file for r in read(source)[0]}


def test_the_mediums_licence_wins_and_the_cores_is_kept(archive):
    records, _ = read(archive([core("1"), core("2")], [
        medium("1", "http://x/1.jpg"), medium("2", "http://x/2.jpg", rights=""),
    ]))  # fmt: skip
    assert records[0].terms["license"] == CC_BY
    assert records[0].terms["core_license"] == CC0
    assert records[1].terms["license"] == CC0
    assert "core_license" not in records[1].terms


def test_other_terms_of_one_name_keep_the_cores_value_and_the_mediums_apart(archive):
    terms = [*MEDIA_TERMS, f"{DWC}scientificName"]
    rows = [(*medium("1", "http://x/1.jpg", title="Dorsal"), "Aus cus")]
    (record,), _ = read(archive([core("1")], rows, media_terms=terms))
    assert record.terms["scientificName"] == "Aus bus"
    assert record.terms["media_scientificName"] == "Aus cus"
    assert record.terms["title"] == "Dorsal"


def test_audiovisual_core_says_the_same_in_other_words(archive):
    terms = [f"{DC}identifier", f"{AC}accessURI", "http://ns.adobe.com/xap/1.0/rights/UsageTerms",
             "http://ns.adobe.com/xap/1.0/rights/Owner", f"{AC}furtherInformationURL"]  # fmt: skip
    rows = [("1", "M-1", "http://x/1.jpg", "CC BY-NC", "The Museum", "http://x/page/1")]
    extension = f"{AC}Multimedia"
    (record,), _ = read(archive([core("1")], rows, media_terms=terms, extension=extension))
    assert record.access_uri == "http://x/1.jpg" == record.terms["accessURI"]
    assert record.terms["identifier"] == "M-1"
    assert record.terms["license"] == "CC BY-NC"
    assert record.terms["rightsHolder"] == "The Museum"
    assert record.terms["references"] == "http://x/page/1"


def test_each_row_that_is_no_image_of_an_occurrence_is_rejected_with_its_reason(archive):
    cores = [core("1"), core("2"), core("1"), core("")]
    media = [
        medium("1", "http://x/1.jpg"),
        medium("1", "http://x/1.jpg"),
        medium("1", "http://x/song", "Sound", "audio/mpeg"),
        medium("1", "http://x/film", "", "video/mp4"),
        medium("1", ""),
        medium("99", "http://x/9.jpg"),
    ]
    records, rejected = read(archive(cores, media))
    assert len(records) == 1
    reasons = {one.where: one.error.message for one in rejected}
    assert len(reasons) == 8
    assert "twice" in reasons["multimedia.csv, row 3"]
    assert "'Sound'" in reasons["multimedia.csv, row 4"]
    assert "video/mp4" in reasons["multimedia.csv, row 5"]
    assert "neither identifier nor accessURI" in reasons["multimedia.csv, row 6"]
    assert "'99', which is not in the core" in reasons["multimedia.csv, row 7"]
    assert "'2' has no image" in reasons["occurrence.csv, row 3"]
    assert "already" in reasons["occurrence.csv, row 4"]
    assert "no identifier" in reasons["occurrence.csv, row 5"]


def test_media_of_one_occurrence_share_its_specimen(archive):
    media = [medium("1", "http://x/1.jpg"), medium("1", "http://x/2.jpg")]
    records, _ = read(archive([core("1")], media))
    assert len({one.specimen_id for one in records}) == 1
    assert len({one.media_id for one in records}) == 2


def test_addresses_in_the_core_row_are_media_too(archive):
    terms = [f"{DWC}occurrenceID", f"{DWC}associatedMedia"]
    cores = [("1", "http://x/1.jpg | http://x/2.jpg"), ("2", "see drawer 7")]
    records, rejected = read(archive(cores, [], core_terms=terms))
    assert [one.access_uri for one in records] == ["http://x/1.jpg", "http://x/2.jpg"]
    assert len(rejected) == 1


def test_files_are_matched_by_the_end_of_an_address_or_a_value_in_it(archive):
    source = archive(
        [core("1"), core("2"), core("3"), core("4")],
        [
            medium("1", "http://x/media/Photo%201.jpg"),
            medium("2", "http://x/get?i=16390253&h=2000"),
            medium("3", "http://x/id/large"),
            medium("4", "sub/local.gif"),
        ],
        images=["photo 1.JPG", "16390253.gif", "sub/local.gif", "2000.gif"],
    )
    assert files_of(source) == {
        "http://x/media/Photo%201.jpg": "photo 1.JPG",
        "http://x/get?i=16390253&h=2000": "16390253.gif",
        "http://x/id/large": "",
        read(source)[0][3].specimen_id: "sub/local.gif",
    }


@pytest.mark.parametrize(
    ("number", "file"),
    [("BMNH(E)229344", "bmnhe229344.gif"), ("K.1", "K1.gif"), ("YPM ENT 4", "YPM-ENT-4.png")],
)
def test_files_are_matched_by_catalogue_number_without_punctuation(archive, number, file):
    source = archive([core("1", number)], [medium("1", "http://x/m/0")], images=[file])
    assert files_of(source) == {"http://x/m/0": file}


def test_files_are_matched_by_the_last_part_of_an_occurrence_id(archive):
    key = "http://data.example.org/specimen/RMNH.INS.314870"
    source = archive([core(key)], [medium(key, "http://x/m/0")], images=["RMNHINS314870.gif"])
    assert files_of(source) == {"http://x/m/0": "RMNHINS314870.gif"}


def test_numbered_files_go_to_as_many_media_whatever_the_order_of_rows(archive):
    media = [medium("1", f"http://x/m/{n}") for n in (10, 2, 1)]
    images = ["K7_1.gif", "K7_2.gif", "K7_10.gif"]
    expected = {
        "http://x/m/1": "K7_1.gif",
        "http://x/m/2": "K7_2.gif",
        "http://x/m/10": "K7_10.gif",
    }
    assert files_of(archive([core("1", "K.7")], media, images)) == expected
    assert files_of(archive([core("1", "K.7")], media[::-1], images)) == expected
    assert set(files_of(archive([core("1", "K.7")], media[:2], images)).values()) == {""}


def test_a_file_that_two_would_claim_goes_to_the_one_it_is_named_after(archive):
    cores = [core("a", "AZ12"), core("b", "AZ12-1")]
    media = [medium("a", "http://x/m/a"), medium("b", "http://x/m/b")]
    found = files_of(archive(cores, media, ["AZ12-1.gif"]))
    assert found == {"http://x/m/a": "", "http://x/m/b": "AZ12-1.gif"}
    cores = [core("a", "7"), core("b", "7")]
    assert set(files_of(archive(cores, media, ["7.gif"])).values()) == {""}


def test_an_occurrence_without_media_is_known_by_its_files(archive):
    records, rejected = read(archive([core("1", "K.7")], [], ["K7_a.gif", "K7_b.gif"]))
    assert not rejected
    assert [one.original_file for one in records] == ["K7_a.gif", "K7_b.gif"]
    assert len({one.media_id for one in records}) == 2
    assert len({one.specimen_id for one in records}) == 1


def test_an_image_list_decides_and_its_columns_are_found(archive, tmp_path):
    cores = [core("1", "K.7"), core("2", "K.8"), core("3", "K.9")]
    media = [medium("1", "http://x/1"), medium("2", "http://x/2"), medium("3", "http://x/3")]
    source = archive(cores, media, ["K7.gif", "x.gif", "y.gif"])
    listed = tmp_path / "list.csv"
    listed.write_text("note,record,picture\nK7.gif?,2,K7.gif\n,1,images/x.gif\n,3,y.gif\n")
    source = source.model_copy(update={"image_list": listed})
    assert files_of(source) == {
        "http://x/1": "x.gif", "http://x/2": "K7.gif", "http://x/3": "y.gif",
    }  # fmt: skip
    assert source.inputs() == [tmp_path / "a.zip", listed]
    assert find_image_list(tmp_path / "images", source.identifiers()) == listed


def test_an_image_list_that_fits_nothing_says_what_is_lacking(archive, tmp_path):
    source = archive([core("1")], [medium("1", "http://x/1")], ["x.gif"])
    (tmp_path / "list.csv").write_text("file,record\nx.gif,77\n")
    source = source.model_copy(update={"image_list": tmp_path / "list.csv"})
    with pytest.raises(ConfigurationError, match=r"identifiers of records.*file, record"):
        list(source.records())
    assert find_image_list(tmp_path / "images", source.identifiers()) is None


def unpacked(source, folder):
    folder.mkdir()
    with zipfile.ZipFile(source.path) as packed:
        packed.extractall(folder)
    return folder


@pytest.mark.parametrize("mode", ["w", "w:gz", "w:bz2"])
def test_folders_and_tars_read_like_the_zip(tmp_path, mode):
    source = make_dwca(tmp_path).source
    folder = unpacked(source, tmp_path / "unpacked")
    with tarfile.open(tmp_path / "a.tgz", mode) as packed:
        packed.add(folder, arcname="inner")
    usual = [str(one) for one in source.records()]
    for path in (folder, tmp_path / "a.tgz", folder / "meta.xml"):
        other = DwcaSource(path=path, images=source.images)
        assert [str(one) for one in other.records()] == usual
    names = {path.name for path in DwcaSource(path=folder).inputs()}
    assert names == {"meta.xml", "occurrence.csv", "multimedia.csv"}


def test_images_beside_meta_xml_are_found(tmp_path):
    source = make_dwca(tmp_path).source
    folder = unpacked(source, tmp_path / "unpacked")
    (tmp_path / "images").rename(folder / "photos")
    records, _ = read(DwcaSource(path=folder))
    assert [one.original_file for one in records] == [
        f"photos/K000{n}.gif" if n < 10 else "photos/K0010.gif" for n in (1, 2, 3, 10)
    ]


META = """<archive xmlns="http://rs.tdwg.org/dwc/text/">
<core {attributes} rowType="http://rs.tdwg.org/dwc/terms/Occurrence">
<files>{locations}</files><id index="0"/>
<field index="1" term="http://rs.tdwg.org/dwc/terms/scientificName"/>
<field index="2" term="http://rs.tdwg.org/dwc/terms/associatedMedia"/>
<field term="http://rs.tdwg.org/dwc/terms/country" default="Belgium"/></core></archive>"""


def packed(path, attributes="", locations="<location>o.txt</location>", meta=META, **members):
    with zipfile.ZipFile(path, "w") as archive:
        if meta:
            text = meta.replace("{attributes}", attributes).replace("{locations}", locations)
            archive.writestr("meta.xml", text)
        for name, content in members.items():
            archive.writestr(name.replace("__", "/").replace("_txt", ".txt"), content)
    return DwcaSource(path=path)


@pytest.mark.parametrize(
    ("attributes", "content"),
    [
        ('fieldsTerminatedBy="\\t" linesTerminatedBy="\\n"', "1\t<Müller>\thttp://x/1\n"),
        ('fieldsTerminatedBy="\t" linesTerminatedBy="\n"', "1\t<Müller>\thttp://x/1\r\n"),
        ('fieldsTerminatedBy="," linesTerminatedBy="\\r\\n"', "1,<Müller>,http://x/1\n"),
        ('fieldsTerminatedBy="|" linesTerminatedBy="\\r"', "1|<Müller>|http://x/1\r"),
        ('fieldsTerminatedBy=";" linesTerminatedBy="@@"', "1;<Müller>;http://x/1@@"),
        ('fieldsTerminatedBy="," fieldsEnclosedBy="\'"', "1,'<Müller>',http://x/1\n"),
        ('ignoreHeaderLines="2"', "a\tb\tc\n\td\te\n1\t<Müller>\thttp://x/1\n"),
        ('encoding="windows-1252"', "1\t<Müller>\thttp://x/1\n".encode("cp1252")),
        ('encoding="UTF-8"', b"\xef\xbb\xbf1\t<M\xc3\xbcller>\thttp://x/1\n"),
        ('encoding="UTF-8"', "1\t<Müller>\thttp://x/1\n".encode("cp1252")),
        ('encoding="UTF-16"', "1\t<Müller>\thttp://x/1\n".encode("utf-16")),
    ],
)
def test_texts_are_cut_as_described_or_as_they_are(tmp_path, attributes, content):
    (record,), rejected = read(packed(tmp_path / "a.zip", attributes, o_txt=content))
    assert not rejected
    assert record.terms == {
        "id": "1",
        "scientificName": "<Müller>",
        "associatedMedia": "http://x/1",
        "accessURI": "http://x/1",
        "country": "Belgium",
    }


def test_several_files_of_a_core_follow_each_other(tmp_path):
    locations = "<location>o.txt</location><location>d/p.txt</location>"
    source = packed(
        tmp_path / "a.zip", "", locations, o_txt="1\ta\thttp://x/1\n", d__p_txt="2\tb\thttp://x/2\n"
    )
    assert [one.terms["id"] for one in read(source)[0]] == ["1", "2"]


def test_rows_without_all_columns_or_with_too_many_are_rejected(tmp_path):
    text = "i\tn\tm\n1\ta\n2\tb\thttp://x/2\n3\tc\thttp://x/3\tmore\n"
    records, rejected = read(packed(tmp_path / "a.zip", 'ignoreHeaderLines="1"', o_txt=text))
    assert [one.terms["id"] for one in records] == ["2"]
    assert [one.where for one in rejected] == ["o.txt, row 2", "o.txt, row 4"]


BOMB = """<!DOCTYPE a [<!ENTITY a "x"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>
<archive><core><files><location>&b;</location></files><id index="0"/></core></archive>"""
OUTSIDE = '<!DOCTYPE a SYSTEM "file:///etc/passwd"><archive/>'


@pytest.mark.parametrize("meta", [BOMB, OUTSIDE])
def test_document_types_and_entities_are_refused(tmp_path, meta):
    with pytest.raises(SourceError, match="document type"):
        list(packed(tmp_path / "a.zip", meta=meta, o_txt="x").records())


@pytest.mark.parametrize("location", ["../secret.txt", "/etc/passwd", "d/../../s.txt", "C:\\s.txt"])
def test_locations_that_leave_the_archive_are_refused(tmp_path, location):
    (tmp_path / "secret.txt").write_text("1\ta\tb\n")
    source = packed(tmp_path / "a.zip", locations=f"<location>{location}</location>", o_txt="x")
    with pytest.raises(SourceError, match="leads out of the archive"):
        list(source.records())
    folder = unpacked(source, tmp_path / "unpacked")
    with pytest.raises(SourceError, match="leads out of the archive"):
        list(DwcaSource(path=folder).records())


def test_members_that_would_leave_the_archive_are_refused(tmp_path):
    source = packed(tmp_path / "a.zip", o_txt="1\ta\thttp://x/1\n")
    with zipfile.ZipFile(source.path, "a") as archive:
        archive.writestr("../evil.txt", "x")
    with pytest.raises(SourceError, match=r"'\.\./evil\.txt'"):
        list(source.records())
    assert not (tmp_path.parent / "evil.txt").exists()


def test_links_in_tars_and_folders_are_not_followed_outside(tmp_path):
    (tmp_path / "secret.txt").write_text("1\ta\thttp://x/1\n")
    source = packed(tmp_path / "a.zip", o_txt="x")
    folder = unpacked(source, tmp_path / "unpacked")
    (folder / "o.txt").unlink()
    (folder / "o.txt").symlink_to(tmp_path / "secret.txt")
    with tarfile.open(tmp_path / "a.tar", "w") as archive:
        archive.add(folder, arcname=".")
    for path in (folder, tmp_path / "a.tar"):
        with pytest.raises(SourceError, match="not in the archive"):
            list(DwcaSource(path=path).records())


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "empty"),
        (b"<!DOCTYPE html><html>Log in</html>", "web page"),
        (b"PK\x03\x04 and then nothing", "without its end"),
        (b"id,name\n", "neither a folder, a zip nor a tar"),
    ],
)
def test_what_is_no_archive_says_what_it_is(tmp_path, content, message):
    (tmp_path / "a.zip").write_bytes(content)
    with pytest.raises(SourceError, match=message) as caught:
        list(DwcaSource(path=tmp_path / "a.zip").records())
    assert caught.value.hint


def test_damage_inside_is_an_error_of_the_source(tmp_path):
    source = packed(tmp_path / "a.zip", o_txt="1\ta\thttp://x/1\n")
    content = bytearray(source.path.read_bytes())
    place = content.find(b"http://x/1")
    content[place : place + 4] = b"HTTP"
    source.path.write_bytes(content)
    with pytest.raises(SourceError, match="damaged"):
        list(source.records())


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("<core", "<kore"), "well-formed"),
        (("core", "kernel"), "no core"),
        (('index="1"', 'index="one"'), "'one' stands where a number"),
        (("o.txt", "p.txt"), "names the file 'p.txt'"),
        (("<location>o.txt</location>", ""), "names no file"),
    ],
)
def test_faults_of_meta_xml_are_named(tmp_path, change, message):
    meta = META.replace("{locations}", "<location>o.txt</location>").replace(*change)
    with pytest.raises(SourceError, match=message):
        list(packed(tmp_path / "a.zip", meta=meta, o_txt="1\ta\tb\n").records())


def test_an_unknown_encoding_is_named(tmp_path):
    with pytest.raises(SourceError, match="'klingon'"):
        list(packed(tmp_path / "a.zip", 'encoding="klingon"', o_txt="x").records())


def test_a_zip_that_is_no_archive_says_what_it_holds_instead(tmp_path):
    for name, inside, said, hint in (
        ("photographs.zip", ["a.jpg", "b/c.PNG"], "it holds 2 images and no table", "the folder"),
        ("tables.zip", ["moths.xlsx"], "it holds none: moths.xlsx", "the table in it"),
    ):
        with zipfile.ZipFile(tmp_path / name, "w") as made:
            for one in inside:
                made.writestr(one, "x")
        with pytest.raises(SourceError, match=said) as refused:
            list(DwcaSource(path=tmp_path / name).records())
        assert refused.value.hint == f"Unpack it, and begin from {hint}."


def test_a_single_table_needs_no_meta_xml(tmp_path):
    text = "occurrenceid,scientific name,associatedMedia\n1,Aus bus,http://x/1\n"
    (record,), _ = read(packed(tmp_path / "a.zip", meta="", o_txt=text))
    assert record.terms["occurrenceID"] == "1"
    assert record.terms["scientificName"] == "Aus bus"
    assert record.access_uri == "http://x/1"


def test_members_of_a_compressed_tar_may_stand_in_any_order(tmp_path):
    source = make_dwca(tmp_path).source
    with zipfile.ZipFile(source.path) as before:
        members = [(name, before.read(name)) for name in reversed(before.namelist())]
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as after:
        for name, content in members:
            info = tarfile.TarInfo(f"./{name}")
            info.size = len(content)
            after.addfile(info, io.BytesIO(content))
    (tmp_path / "b.tar.gz").write_bytes(out.getvalue())
    other = DwcaSource(path=tmp_path / "b.tar.gz", images=source.images)
    assert [str(one) for one in other.records()] == [str(one) for one in source.records()]


@pytest.mark.shared_data
def test_museum_insects_find_their_files(shared_data):
    folder = shared_data / "museum-insects"
    source = DwcaSource(path=folder / "dwca.zip", images=folder / "images")
    records, rejected = read(source)
    assert (len(records), len(rejected)) == (464, 0)
    found = [one for one in records if one.original_file]
    assert len(found) == 453
    assert all(one.access_uri for one in records)
    manifest = find_image_list(folder / "images", source.identifiers())
    assert manifest.resolve() == (folder / "manifest.csv").resolve()
    listed, _ = read(source.model_copy(update={"image_list": manifest}))
    files = {one.media_id: one.original_file for one in listed}
    assert len(set(files.values()) - {""}) == 464
    assert all(files[one.media_id] == one.original_file for one in found)
    assert all((folder / "images" / name).is_file() for name in files.values())
    assert [one.media_id for one in listed] == [one.media_id for one in records]


@pytest.mark.shared_data
def test_museum_insects_keep_licence_holder_and_page_of_each_medium(shared_data):
    records, _ = read(DwcaSource(path=shared_data / "museum-insects" / "dwca.zip"))
    for term in ("license", "rightsHolder", "references", "title", "format", "accessURI"):
        assert all(term in one.terms for one in records), term
    assert sum(one.terms["license"].endswith("/by/4.0/") for one in records) == 246


def test_a_place_before_the_files_beginning_is_damage(tmp_path):
    source = packed(tmp_path / "a.zip", o_txt="1\ta\thttp://x/1\n")
    content = bytearray(source.path.read_bytes())
    end = content.rfind(b"PK\x05\x06")
    content[end + 16 : end + 20] = (1 << 30).to_bytes(4, "little")
    source.path.write_bytes(content)
    with pytest.raises(SourceError, match="damaged"):
        list(source.records())


def test_a_way_of_packing_that_is_not_read_is_named(tmp_path):
    source = packed(tmp_path / "a.zip", o_txt="1\ta\thttp://x/1\n")
    content = bytearray(source.path.read_bytes())
    entry = content.index(b"PK\x01\x02")
    content[entry + 10] = 97  # the number of a method that nobody knows here
    source.path.write_bytes(content)
    with pytest.raises(SourceError, match="packed in a way that is not read"):
        list(source.records())
