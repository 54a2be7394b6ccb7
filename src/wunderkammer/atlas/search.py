"""Search: the words of some columns, cut into shards, and where each occurs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from wunderkammer.atlas.blocks import write_blocks
from wunderkammer.atlas.dictionaries import json_block, pairs_of_cells, text_blocks
from wunderkammer.atlas.postings import (
    Bytes,
    Numbers,
    encode_postings,
    put_varints,
    varint_sizes,
)
from wunderkammer.atlas.schemas import SearchField, SearchIndex
from wunderkammer.atlas.words import MAX_LETTERS, word_lists

SHARD_BYTES = 16_384
"""A shard ends with the word that reaches this size."""

INLINE_BYTES = 8
"""Posting lists up to this size stand in the entry; readers take it from the file."""

N_GRAMS = 4_096
"""Classes of three letters in a row; readers take it from the file."""

GRAM_LETTERS = 4
"""Words of fewer letters are not looked for by their grams, nor words with digits."""

_PIECE = 1 << 17


@dataclass(frozen=True, eq=False)
class SearchColumn:
    """A column whose words are searched.

    Attributes
    ----------
    field : SearchField
        Which.
    texts : pyarrow array of strings
        Of kind dictionary its values, of kind text one for each row; null for none.
    """

    field: SearchField
    texts: Any


@dataclass(frozen=True, eq=False)
class _Lists:
    """The words of a column, sorted, how often each occurs, and its posting list."""

    words: Any
    counts: Numbers
    data: Bytes
    starts: Numbers


@dataclass(frozen=True, eq=False)
class _Entries:
    """Pairs of a word and a column that has it, sorted; ``data`` holds their lists."""

    word: Numbers
    field: Numbers
    count: Numbers
    start: Numbers
    size: Numbers
    data: Bytes


def write_search(
    folder: Path, name: str, columns: Sequence[SearchColumn], *, grams: bool, path: str = ""
) -> SearchIndex | None:
    """Write the index of the words of some columns, or return None if they have none.

    Parameters
    ----------
    folder : Path
        The folder of ``atlas.json``.
    name : str
        What is in it.
    columns : sequence of SearchColumn
        In the order in which matches are of use.
    grams : bool
        Whether words are found in which the first letters are mistyped.
    path : str, optional
        Relative to the folder; ``search/<name>.bin`` if left out.
    """
    lists = [_lists(column.texts) for column in columns]
    if not any(len(one.words) for one in lists):
        return None
    words, entries = _merged(lists)
    path = path or f"search/{name}.bin"
    arrays = _shards(words, entries)
    if grams:
        arrays |= _grams(words)
    return SearchIndex(
        path=path,
        name=name,
        n_words=len(words),
        fields=[column.field for column in columns],
        inline_bytes=INLINE_BYTES,
        n_grams=N_GRAMS if grams else 0,
        blocks=write_blocks(folder / path, arrays),
    )


def _lists(texts: Any) -> _Lists:
    """Find the words of each distinct text, and where they occur."""
    import pyarrow as pa
    import pyarrow.compute as pc

    cells = texts.cast(pa.string()).dictionary_encode()
    cells = cells.combine_chunks() if isinstance(cells, pa.ChunkedArray) else cells
    found = cells.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
    owners, parts = [np.empty(0, np.int64)], [pa.array([], pa.string()).dictionary_encode()]
    for owner, words in _pieces(cells.dictionary):
        owners.append(owner)
        parts.append(words.dictionary_encode())
    encoded = pa.chunked_array(parts).unify_dictionaries().combine_chunks()
    order = pc.sort_indices(encoded.dictionary).to_numpy()
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    word = rank[encoded.indices.to_numpy(zero_copy_only=False)]
    lists, rows = pairs_of_cells(found, np.concatenate(owners), word)
    data, starts = encode_postings(lists, rows, len(order), len(found))
    counts = np.bincount(lists, minlength=len(order))
    return _Lists(encoded.dictionary.take(pa.array(order)), counts, data, starts)


def _pieces(texts: Any) -> Iterator[tuple[Numbers, Any]]:
    """Yield the words of some texts at a time, and which text each is of."""
    import pyarrow as pa
    import pyarrow.compute as pc

    for first in range(0, len(texts), _PIECE):
        lists = word_lists(texts.slice(first, _PIECE))
        words = pc.list_flatten(lists)
        kept = pc.not_equal(words, "").to_numpy(zero_copy_only=False).astype(bool)
        owner = pc.list_parent_indices(lists).to_numpy(zero_copy_only=False)[kept] + first
        yield owner, pc.utf8_slice_codeunits(words.filter(pa.array(kept)), 0, MAX_LETTERS)


def _merged(lists: Sequence[_Lists]) -> tuple[Any, _Entries]:
    """Return the words of all columns, sorted, and the entries of each."""
    import pyarrow as pa
    import pyarrow.compute as pc

    encoded = pa.concat_arrays([one.words for one in lists]).dictionary_encode()
    order = pc.sort_indices(encoded.dictionary).to_numpy()
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    word = rank[encoded.indices.to_numpy(zero_copy_only=False)]
    field = np.repeat(np.arange(len(lists)), [len(one.words) for one in lists])
    before = np.cumsum([0, *(len(one.data) for one in lists)])
    start = np.concatenate(
        [one.starts[:-1] + base for one, base in zip(lists, before[:-1], strict=True)]
    )
    size = np.concatenate([np.diff(one.starts) for one in lists])
    count = np.concatenate([one.counts for one in lists])
    sort = np.lexsort((field, word))
    data = np.concatenate([one.data for one in lists])
    entries = _Entries(word[sort], field[sort], count[sort], start[sort], size[sort], data)
    return encoded.dictionary.take(pa.array(order)), entries


def _shards(words: Any, entries: _Entries) -> dict[str, Any]:
    """Return the blocks of the shards and of what leads to them."""
    text, text_at = text_blocks(words)
    starts = text_at.astype(np.int64)
    lengths = np.diff(starts)
    shared = _shared(text, starts)
    opens = np.append(True, entries.word[1:] != entries.word[:-1])
    inline = entries.size <= INLINE_BYTES
    list_size = np.where(inline, 0, entries.size)
    list_at = np.cumsum(list_size) - list_size
    tail = np.where(inline, entries.size, varint_sizes(list_at))
    kept = np.where(opens, shared[entries.word], lengths[entries.word])
    plain = _head_sizes(entries, kept, lengths).sum(axis=0) + tail
    place = np.cumsum(plain) - plain
    shard = place[opens] // SHARD_BYTES
    first = np.flatnonzero(np.append(True, shard[1:] != shard[:-1]))
    kept[np.flatnonzero(opens)[first]] = 0
    sizes = np.vstack([_head_sizes(entries, kept, lengths), tail])
    ends = np.cumsum(sizes.sum(axis=0))
    at = ends - sizes.sum(axis=0) + np.cumsum(sizes, axis=0) - sizes
    data = np.zeros(int(ends[-1]), np.uint8)
    suffix = lengths[entries.word] - kept
    numbers = (kept, suffix, None, entries.field, entries.count, entries.size)
    for row, number in enumerate(numbers):
        if number is not None:
            put_varints(data, at[row], number, sizes[row])
    _copy(data, at[2], text, starts[entries.word] + kept, suffix)
    _copy(data, at[6], entries.data, entries.start, np.where(inline, entries.size, 0))
    far = ~inline
    put_varints(data, at[6][far], list_at[far], tail[far])
    lists = np.zeros(int(list_size.sum()), np.uint8)
    _copy(lists, list_at, entries.data, entries.start, list_size)
    begins = at[0][np.flatnonzero(opens)[first]]
    return {
        "shard": data,
        "shard_at": np.append(begins, len(data)).astype(np.uint32),
        "shard_word": first.astype(np.uint32),
        "first": json_block(words.take(first).to_pylist()),
        "list": lists,
    }


def _head_sizes(entries: _Entries, kept: Numbers, lengths: Numbers) -> Numbers:
    """Return the bytes of the parts of each entry that come before its list, (6, n)."""
    suffix = lengths[entries.word] - kept
    numbers = (kept, suffix, entries.field, entries.count, entries.size)
    shared, long, field, count, size = (varint_sizes(number) for number in numbers)
    return np.vstack([shared, long, suffix, field, count, size])


def _shared(text: Bytes, starts: Numbers) -> Numbers:
    """Return how many bytes each word begins with that the one before begins with too."""
    lengths = np.diff(starts)
    shared = np.zeros(len(lengths), np.int64)
    still = np.arange(1, len(lengths))
    byte = 0
    while len(still):
        long = (lengths[still] > byte) & (lengths[still - 1] > byte)
        still = still[long]
        same = text[starts[still] + byte] == text[starts[still - 1] + byte]
        still = still[same]
        byte += 1
        shared[still] = byte
    return shared


def _copy(data: Bytes, places: Numbers, source: Bytes, starts: Numbers, sizes: Numbers) -> None:
    """Copy bytes of ``source`` to their places."""
    for first in range(0, len(places), _PIECE):
        part = slice(first, first + _PIECE)
        size = sizes[part]
        within = np.arange(size.sum()) - np.repeat(np.cumsum(size) - size, size)
        data[np.repeat(places[part], size) + within] = source[
            np.repeat(starts[part], size) + within
        ]


def _grams(words: Any) -> dict[str, Any]:
    """Return the blocks that lead from three letters in a row to words."""
    classes, numbers = [], []
    for first in range(0, len(words), _PIECE):
        listed = words.slice(first, _PIECE).to_pylist()
        letters = np.array(listed, f"U{MAX_LETTERS}").view(np.uint32).reshape(len(listed), -1)
        word, gram = np.nonzero(letters[:, 1:] > 0)
        padded = np.hstack([np.full((len(listed), 1), ord(" "), np.uint32), letters])
        three = [padded[word, gram + step] for step in range(3)]
        long = np.count_nonzero(letters, axis=1) >= GRAM_LETTERS
        digits = np.count_nonzero((letters >= ord("0")) & (letters <= ord("9")), axis=1)
        kept = (long & (digits == 0))[word]
        classes.append(gram_class(*(one[kept] for one in three)))
        numbers.append(word[kept] + first)
    n = len(words)
    both = np.unique(np.concatenate(classes) * n + np.concatenate(numbers))
    data, starts = encode_postings(both // n, both % n, N_GRAMS, n)
    return {"gram": data, "gram_at": starts.astype(np.uint32)}


def gram_class(
    first: npt.NDArray[Any], second: npt.NDArray[Any], third: npt.NDArray[Any]
) -> Numbers:
    """Return the class of three code points in a row, the space before a word included."""
    letters = (one.astype(np.int64) for one in (first, second, third))
    a, b, c = letters
    return ((a * 31 + b) * 31 + c) % N_GRAMS
