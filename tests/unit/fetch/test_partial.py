import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wunderkammer.fetch.partial import Incoming, NotWrittenError


def taken_in(path, pieces, spill_bytes, n_there=0):
    begun = []

    async def work(disk):
        incoming = Incoming(
            lambda: path, spill_bytes, begun=lambda: begun.append(1), disk=disk, n_there=n_there
        )
        for piece in pieces:
            await incoming.add(piece)
        return await incoming.finished(), incoming

    with ThreadPoolExecutor(1) as disk:
        content, incoming = asyncio.run(work(disk))
    return content, incoming, len(begun)


@given(pieces=st.lists(st.binary(min_size=1, max_size=50), max_size=20), spill=st.integers(1, 400))
def test_bytes_come_out_as_they_came_in(tmp_path_factory, pieces, spill):
    path = tmp_path_factory.mktemp("in") / "part"
    content, incoming, n_begun = taken_in(path, pieces, spill)
    whole = b"".join(pieces)
    assert incoming.n_bytes == len(whole)
    if len(whole) < spill:
        assert content == whole
        assert not path.exists()
        assert n_begun == 0
    else:
        assert content is None
        assert path.read_bytes() == whole
        assert n_begun == 1


def test_a_file_is_gone_on_with_from_where_it_is_known_to_be_good(tmp_path):
    path = tmp_path / "part"
    path.write_bytes(b"0123456789")
    content, incoming, n_begun = taken_in(path, [b"abc"], 1_000, n_there=5)
    assert content is None
    assert path.read_bytes() == b"01234abc"
    assert (incoming.n_bytes, n_begun) == (8, 0)


def test_a_file_that_has_it_all_needs_no_more(tmp_path):
    path = tmp_path / "part"
    path.write_bytes(b"0123456789")
    assert taken_in(path, [], 1_000, n_there=10)[0] is None
    assert path.read_bytes() == b"0123456789"


def test_what_the_disk_does_not_take_is_told_apart_from_the_network(tmp_path):
    with pytest.raises(NotWrittenError) as caught:
        taken_in(tmp_path / "missing" / "part", [b"x" * 100], 10)
    assert isinstance(caught.value.error, FileNotFoundError)
