import zlib

import pytest

from wunderkammer.atlas import packs
from wunderkammer.atlas.packs import Pack, Place


def name(number):
    return bytes([number]) * 16


@pytest.fixture
def pack(tmp_path):
    made = Pack(tmp_path / "folder" / "a.pack")
    made.add({name(1): b"one", name(2): b"", name(0): bytes(300)})
    made.add({name(4): b"four"})
    return made


def test_pieces_come_back_from_the_file(pack):
    again = Pack(pack.path)
    assert [again.read(name(n)) for n in range(5)] == [bytes(300), b"one", b"", None, b"four"]
    assert again.intact({name(n) for n in range(9)}) == {name(n) for n in (0, 1, 2, 4)}


def test_a_pack_that_is_not_there_is_empty(tmp_path):
    pack = Pack(tmp_path / "none")
    assert pack.read(name(1)) is None
    assert pack.intact({name(1)}) == set()
    pack.tidy([])
    pack.add({})
    assert not pack.path.exists()


@pytest.mark.parametrize("n_bytes", [1, 6, 20, 40])
def test_what_was_left_half_written_is_not_seen_and_written_over(pack, n_bytes):
    whole = pack.path.read_bytes()
    pack.path.write_bytes(whole[:-n_bytes])
    torn = Pack(pack.path)
    assert torn.read(name(4)) is None
    assert torn.read(name(1)) == b"one"
    torn.add({name(5): b"five"})
    again = Pack(pack.path)
    assert again.read(name(5)) == b"five"
    assert again.read(name(0)) == bytes(300)


def test_a_damaged_piece_is_as_good_as_absent(pack):
    content = bytearray(pack.path.read_bytes())
    content[content.index(b"one")] ^= 1
    pack.path.write_bytes(content)
    again = Pack(pack.path)
    assert again.read(name(1)) is None
    assert again.intact([name(1), name(4)]) == {name(4)}


def test_every_damaged_byte_is_noticed(pack):
    whole = pack.path.read_bytes()
    truth = {name(1): b"one", name(2): b"", name(0): bytes(300), name(4): b"four"}
    for place in range(len(whole)):
        content = bytearray(whole)
        content[place] ^= 0x55
        pack.path.write_bytes(content)
        found = Pack(pack.path)
        for digest, piece in truth.items():
            assert found.read(digest) in {piece, None}


def test_a_piece_added_again_counts_anew(pack):
    pack.add({name(1): b"uno"})
    assert Pack(pack.path).read(name(1)) == b"uno"


def test_a_file_that_is_mostly_refuse_is_written_anew(pack):
    before = pack.path.stat().st_size
    pack.tidy([name(0), name(1)])
    assert pack.path.stat().st_size == before
    pack.tidy([name(1), name(3), name(4)])
    assert pack.path.stat().st_size < before / 2
    for found in (pack, Pack(pack.path)):
        assert [found.read(name(n)) for n in (0, 1, 4)] == [None, b"one", b"four"]
    pack.add({name(7): b"seven"})
    assert Pack(pack.path).read(name(7)) == b"seven"
    assert [path.name for path in pack.path.parent.iterdir()] == ["a.pack"]


@pytest.mark.parametrize("at_once", [1, 20, 1 << 20])
def test_of_pieces_that_are_read_together_each_is_judged_alone(tmp_path, monkeypatch, at_once):
    monkeypatch.setattr(packs, "_READ_AT_ONCE", at_once)
    pieces = [b"first", b"second", b"", b"third", b"cut off"]
    places, begin = {}, 3
    for number, piece in enumerate(pieces):
        places[number] = Place(begin, len(piece), zlib.crc32(piece))
        begin += len(piece)
    content = bytearray(b"..." + b"".join(pieces))
    content[places[1].place] ^= 1
    path = tmp_path / "pieces"
    path.write_bytes(content[:-1])
    assert packs.intact(path, places) == {0, 2, 3}
