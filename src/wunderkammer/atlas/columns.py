"""Columns: what media are found, filtered and coloured by, from one column after another."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from wunderkammer.atlas.blocks import Array
from wunderkammer.atlas.dictionaries import CodedColumn, coded_column, write_dictionary
from wunderkammer.atlas.labels import label_of
from wunderkammer.atlas.numbers import (
    DATE_COLUMNS,
    LAST,
    NumberColumn,
    coordinates_of,
    number_column,
    numbers_of,
    years_of,
)
from wunderkammer.atlas.schemas import DictionaryRef, NumberRef, Search, SearchField
from wunderkammer.atlas.search import SearchColumn, write_search
from wunderkammer.atlas.words import FOLDS, MAX_LETTERS

Read = Callable[[str], Any]
"""Returns a column as pyarrow strings, one for each row, null where a cell is empty."""


@dataclass(frozen=True)
class ColumnChoice:
    """Which columns are put to which use; see the settings of the stage that asks."""

    dictionaries: tuple[str, ...] = ()
    separator: str = "|"
    numbers: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    identifiers: tuple[str, ...] = ()
    names: tuple[str, ...] = ()


@dataclass
class WrittenColumns:
    """What was written, and what is still to be put into ``points.bin``."""

    dictionaries: list[DictionaryRef] = field(default_factory=list)
    codes: dict[str, Array] = field(default_factory=dict)
    ranges: list[NumberRef] = field(default_factory=list)
    numbers: dict[str, Array] = field(default_factory=dict)
    search: Search | None = None
    names: list[CodedColumn] = field(default_factory=list)
    """Those that places are named by, with all their rows."""


def write_columns(folder: Path, read: Read, choice: ColumnChoice) -> WrittenColumns:
    """Write dictionaries and search indexes of the columns that have any value.

    Parameters
    ----------
    folder : Path
        The folder of ``atlas.json``.
    read : callable
        Returns a column, in the order of the rows; asked for one at a time.
    choice : ColumnChoice
        Which columns.
    """
    written = WrittenColumns()
    values = []
    for name in dict.fromkeys(choice.dictionaries):
        coded = coded_column(name, read(name), choice.separator)
        if len(coded.values):
            written.dictionaries.append(write_dictionary(folder, coded, label_of(name)))
            written.codes[name] = coded.codes
            values.append(_searched(name, "dictionary", coded.values))
            if name in choice.names:
                written.names.append(coded)
    written.names.sort(key=lambda coded: choice.names.index(coded.column))
    for name in dict.fromkeys(choice.numbers):
        number = _number(name, read)
        if number is not None:
            written.ranges.append(number.reference)
            written.numbers[name] = number.block
            if number.last is not None:
                written.numbers[f"{name}{LAST}"] = number.last
    indexes = [write_search(folder, "values", values, grams=True)]
    for index, names in (("texts", choice.texts), ("identifiers", choice.identifiers)):
        columns = [_searched(name, "text", read(name)) for name in dict.fromkeys(names)]
        indexes.append(write_search(folder, index, columns, grams=index == "texts"))
    found = [one for one in indexes if one is not None]
    if found:
        written.search = Search(folds=FOLDS, max_letters=MAX_LETTERS, indexes=found)
    return written


def _searched(name: str, kind: Any, texts: Any) -> SearchColumn:
    return SearchColumn(SearchField(column=name, label=label_of(name), kind=kind), texts)


def _number(name: str, read: Read) -> NumberColumn | None:
    """Return a column of numbers; years and coordinates by what else a record tells."""
    if name == "year":
        years = years_of({column: read(column) for column in DATE_COLUMNS})
        return number_column(name, label_of(name), *years)
    if name == "decimalLatitude":
        values = coordinates_of(read(name), read("decimalLongitude"))[0]
    elif name == "decimalLongitude":
        values = coordinates_of(read("decimalLatitude"), read(name))[1]
    else:
        values = numbers_of(read(name))
    return number_column(name, label_of(name), values)
