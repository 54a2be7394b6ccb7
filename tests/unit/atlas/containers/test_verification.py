import gzip
import struct

import numpy as np
import pytest

from wunderkammer.atlas.containers import PMTilesWriter, verify_pmtiles

PNG = b"\x89PNG\r\n\x1a\n"
OFFSETS = {"metadata_offset": 24, "tile_data_length": 64, "addressed_tiles_count": 72}
COUNTS = {"tile_contents_count": 88}
MIN_ZOOM, MAX_ZOOM, TILE_TYPE, MAX_LON = 100, 101, 99, 110


@pytest.fixture
def path(tmp_path):
    """Return a file of so many tiles that its directories have leaves."""
    lengths = np.random.default_rng(0).integers(1, 250, (150, 140))
    tiles = [((8, x, y), PNG + bytes(n)) for (x, y), n in np.ndenumerate(lengths)]
    with PMTilesWriter(tmp_path / "a.pmtiles", "image/png") as writer:
        for address, data in [((0, 0, 0), PNG), ((7, 3, 3), PNG + b"7"), *tiles]:
            writer.write(*address, data)
    return tmp_path / "a.pmtiles"


def patched(path, place, content):
    whole = bytearray(path.read_bytes())
    whole[place : place + len(content)] = content
    path.write_bytes(whole)
    return verify_pmtiles(path)


def number(path, place):
    return struct.unpack_from("<Q", path.read_bytes(), place)[0]


def test_what_the_writer_writes_has_no_fault(path):
    assert number(path, 48) > 0, "there are leaves"
    assert verify_pmtiles(path) == []


def test_the_smallest_files_have_no_fault(tmp_path):
    for n in (0, 1):
        with PMTilesWriter(tmp_path / "a.pmtiles", "image/png") as writer:
            for _ in range(n):
                writer.write(3, 1, 2, PNG)
        assert verify_pmtiles(tmp_path / "a.pmtiles") == []


@pytest.mark.parametrize(("name", "place"), [*OFFSETS.items(), *COUNTS.items()])
def test_a_number_of_the_header_that_is_off_by_one_is_found(path, name, place):
    found = patched(path, place, struct.pack("<Q", number(path, place) + 1))
    assert found
    assert name.rpartition("_")[0] in " ".join(found) or "bytes, and the file has" in found[-1]


@pytest.mark.parametrize(
    ("place", "value", "words"),
    [
        (MIN_ZOOM, b"\x01", "zooms"),
        (MAX_ZOOM, b"\x09", "zooms"),
        (TILE_TYPE, b"\x03", "not of the type"),
        (MAX_LON, b"\x00\x00\x00\x80", "no area"),
        (0, b"PMFiles", "does not begin"),
        (7, b"\x02", "version 3"),
    ],
)
def test_other_faults_of_the_header_are_told(path, place, value, words):
    assert words in " ".join(patched(path, place, value))


def test_a_file_that_is_broken_off_is_found(path):
    path.write_bytes(path.read_bytes()[:-1])
    assert "the file has" in verify_pmtiles(path)[0]
    path.write_bytes(path.read_bytes()[:100])
    assert "no header" in verify_pmtiles(path)[0]


@pytest.mark.parametrize(("section", "words"), [(40, "directory"), (24, "metadata")])
@pytest.mark.parametrize("place", [1, 12])
def test_a_torn_leaf_and_torn_metadata_are_found(path, section, words, place):
    told = " ".join(patched(path, number(path, section) + place, b"\xff" * 9))
    assert words in told
    assert "cannot be read" in told


def test_tiles_out_of_order_and_outside_are_found(tmp_path):
    from pmtiles.tile import Entry, serialize_directory

    def rewritten(*entries):
        with PMTilesWriter(tmp_path / "a.pmtiles", "image/png") as writer:
            for x in range(3):
                writer.write(2, x, 0, PNG + bytes([x]))
        content = (tmp_path / "a.pmtiles").read_bytes()
        length = struct.unpack_from("<Q", content, 16)[0]
        root = serialize_directory([Entry(*entry) for entry in entries])
        header = bytearray(content[:127])
        for place, moved in ((16, 0), (24, 1), (40, 1), (56, 1)):
            old = struct.unpack_from("<Q", content, place)[0]
            new = old + (len(root) - length) * moved if moved else len(root)
            struct.pack_into("<Q", header, place, new)
        (tmp_path / "a.pmtiles").write_bytes(bytes(header) + root + content[127 + length :])
        return " ".join(verify_pmtiles(tmp_path / "a.pmtiles"))

    assert rewritten((5, 0, 9, 1), (6, 9, 9, 1), (9, 18, 9, 1)) == ""
    assert "comes after" in rewritten((5, 0, 9, 2), (6, 9, 9, 1), (9, 18, 9, 1))
    assert "is expected" in rewritten((5, 9, 9, 1), (6, 0, 9, 1), (9, 18, 9, 1))
    assert "outside of the tiles" in rewritten((5, 0, 9, 1), (6, 9, 9, 1), (9, 18, 90, 1))
    assert "no bytes" in rewritten((5, 0, 9, 1), (6, 9, 0, 1), (9, 9, 9, 1))
    assert "outside of the leaves" in rewritten((5, 0, 9, 0))


def test_metadata_that_are_no_object_are_found(path):
    content = path.read_bytes()
    first, length = number(path, 24), number(path, 32)
    packed = gzip.compress(b"[]", mtime=0)
    header = bytearray(content[:127])
    struct.pack_into("<Q", header, 32, len(packed))
    for place in (40, 56):
        struct.pack_into("<Q", header, place, number(path, place) + len(packed) - length)
    path.write_bytes(bytes(header) + content[127:first] + packed + content[first + length :])
    assert verify_pmtiles(path) == ["the metadata are no JSON object"]
