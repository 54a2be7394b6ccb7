"""Finding: from what somebody types to words, and from words to rows, a few ranges at a time."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from wunderkammer.atlas.blocks import BlockFile
from wunderkammer.atlas.dictionaries import rows_with
from wunderkammer.atlas.postings import decode_postings
from wunderkammer.atlas.schemas import Atlas, SearchField, SearchIndex
from wunderkammer.atlas.search import gram_class
from wunderkammer.atlas.words import nearly_begins, words_of

CERTAIN_LETTERS = 3
"""The first letters of a word, in which a slip is looked for by grams alone."""

SLIP_LETTERS = 4
"""What has fewer letters is not taken for a slip."""

MOST_SHARDS = 8
"""Shards that are read for one word."""

_LOST_GRAMS = 4

Rows = npt.NDArray[np.int64]


@dataclass(frozen=True)
class FoundWord:
    """A word and a column that has it.

    Attributes
    ----------
    word : str
        As the index has it.
    field : SearchField
        The column.
    count : int
        Its values, or rows, that have the word.
    where : tuple of int
        First byte and end of its list in the block ``list``; nothing if it is in ``inline``.
    inline : bytes
        The list, if it is a short one.
    """

    word: str
    field: SearchField
    count: int
    where: tuple[int, int] | None
    inline: bytes


class WordFile:
    """Reads one search index by range, shard by shard.

    Parameters
    ----------
    folder : Path
        The folder of ``atlas.json``.
    index : SearchIndex
        What the atlas says of it.
    """

    def __init__(self, folder: Path, index: SearchIndex) -> None:
        self._index = index
        self._file = BlockFile(folder / index.path, index.blocks)
        self._first: list[str] = json.loads(self._file.read("first").tobytes())
        self._keys = [word.encode() for word in self._first]
        self._at = self._file.read("shard_at").tolist()

    def beginning(self, typed: str) -> Iterator[FoundWord]:
        """Yield the words that begin with what was typed, of the first shards that may have any."""
        for shard in self.shards(typed)[:MOST_SHARDS]:
            for found in self.shard(shard):
                if found.word.startswith(typed):
                    yield found

    def nearly(self, typed: str) -> list[FoundWord]:
        """Return the words that begin with what was typed but for one slip.

        It looks where the first letters lead, and by grams where they lead to nothing.
        """
        if len(typed) < SLIP_LETTERS:
            return []
        around = self.shards(typed[:CERTAIN_LETTERS])
        here = bisect_right(self._keys, typed.encode()) - 1
        near = sorted(around, key=lambda shard: abs(shard - here))[:MOST_SHARDS]
        found = self._slips(near, typed)
        return found or self._slips(self._by_grams(typed), typed)

    def shards(self, begin: str) -> list[int]:
        """Return the shards that may have words which begin so."""
        key = begin.encode()
        first = max(0, bisect_right(self._keys, key) - 1)
        last = first
        while last + 1 < len(self._keys) and self._keys[last + 1].startswith(key):
            last += 1
        # a word that equals the key opens a shard, and none before it begins so
        return list(range(first, last + 1))

    def shard(self, number: int) -> Iterator[FoundWord]:
        """Yield the entries of a shard."""
        data = self._file.read("shard", self._at[number], self._at[number + 1]).tobytes()
        at, word = 0, b""
        while at < len(data):
            shared, at = _varint(data, at)
            more, at = _varint(data, at)
            word = word[:shared] + data[at : at + more]
            field, at = _varint(data, at + more)
            count, at = _varint(data, at)
            size, at = _varint(data, at)
            where, inline = None, b""
            if size <= self._index.inline_bytes:
                inline, at = data[at : at + size], at + size
            else:
                first, at = _varint(data, at)
                where = (first, first + size)
            yield FoundWord(word.decode(), self._index.fields[field], count, where, inline)

    def targets(self, found: FoundWord) -> Rows:
        """Return the values or rows that have a word: its posting list."""
        if found.where is None:
            return decode_postings(np.frombuffer(found.inline, np.uint8))
        return decode_postings(self._file.read("list", *found.where))

    def _slips(self, shards: Sequence[int], typed: str) -> list[FoundWord]:
        return [
            found
            for shard in sorted(shards)
            for found in self.shard(shard)
            if nearly_begins(found.word, typed)
        ]

    def _by_grams(self, typed: str) -> list[int]:
        """Return the shards of the words that share most grams with what was typed."""
        if not self._index.n_grams:
            return []
        letters = np.array([ord(letter) for letter in f" {typed}"])
        classes = np.unique(gram_class(letters[:-2], letters[1:-1], letters[2:]))
        shared = np.zeros(self._index.n_words, np.int64)
        for one in classes.tolist():
            first, end = self._file.read("gram_at", one, one + 2).tolist()
            shared[decode_postings(self._file.read("gram", first, end))] += 1
        least = max(1, len(classes) - _LOST_GRAMS)
        words = np.flatnonzero(shared >= least)
        words = words[np.argsort(-shared[words], kind="stable")]
        begins = self._file.read("shard_word").astype(np.int64)
        shards = np.searchsorted(begins, words, side="right") - 1
        return list(dict.fromkeys(shards.tolist()))[:MOST_SHARDS]


def find_words(folder: Path, index: SearchIndex, typed: str) -> list[FoundWord]:
    """Return the words that begin with what was typed, or nearly so if none does.

    Parameters
    ----------
    folder : Path
        The folder of ``atlas.json``.
    index : SearchIndex
        Where to look.
    typed : str
        One word, written in any way.
    """
    words = words_of(typed)
    if not words:
        return []
    file = WordFile(folder, index)
    return list(file.beginning(words[0])) or file.nearly(words[0])


def find_rows(folder: Path, atlas: Atlas, typed: str) -> Rows:
    """Return the rows that have every word of a text, each begun or with one slip.

    Parameters
    ----------
    folder : Path
        The folder of ``atlas.json``.
    atlas : Atlas
        What it says.
    typed : str
        Any number of words; none finds nothing.
    """
    found: Rows | None = None
    for word in words_of(typed):
        rows = _rows_of_word(folder, atlas, word)
        found = rows if found is None else np.intersect1d(found, rows, assume_unique=True)
    return np.empty(0, np.int64) if found is None else found


def _rows_of_word(folder: Path, atlas: Atlas, word: str) -> Rows:
    """Return the rows of one word; a slip counts where no index has what was typed."""
    files = [WordFile(folder, index) for index in (atlas.search.indexes if atlas.search else [])]
    found = [(file, one) for file in files for one in file.beginning(word)]
    found = found or [(file, one) for file in files for one in file.nearly(word)]
    references = {reference.column: reference for reference in atlas.dictionaries}
    rows: list[Any] = [np.empty(0, np.int64)]
    for file, one in found:
        targets = file.targets(one)
        if one.field.kind == "text":
            rows.append(targets)
        else:
            reference = references[one.field.column]
            rows.extend(rows_with(folder, reference, int(value)) for value in targets)
    return np.unique(np.concatenate(rows))


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """Return a number and where the next begins."""
    value = shift = 0
    while data[at] & 128:
        value |= (data[at] & 127) << shift
        shift += 7
        at += 1
    return value | data[at] << shift, at + 1
