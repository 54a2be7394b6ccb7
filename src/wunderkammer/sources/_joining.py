"""What is said of one specimen and one medium, put together for many at a time."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from wunderkammer.core.identity import ID_LENGTH
from wunderkammer.sources._cells import nfc, whole
from wunderkammer.sources._text_rows import ID, PLACE
from wunderkammer.vocab.audiovisual_core import CANONICAL, not_a_still_image

NO_IMAGE_HINT = (
    "Nothing to do if it has none. If you have the images, name their folder: images = '…' under "
    "[ingest.source]."
)
"""What to do about a row that no image belongs to."""


def array(table: pa.Table, name: str) -> pa.Array:
    """Return a column as one array; all null if the table does not have it."""
    if name not in table.column_names:
        return pa.nulls(table.num_rows, pa.string())
    return whole(table[name])


def kept(rows: pa.Table, flags: pa.Array) -> pa.Table:
    """Return the rows whose flag is set; not copied if all are."""
    return rows if pc.all(flags, min_count=0).as_py() else rows.filter(flags)


def stable_ids(scheme: str, parts: Sequence[pa.Array]) -> pa.Array:
    """Return ``stable_id(scheme, *parts)`` of each row; a null part is an empty one."""
    texts = [part.fill_null("") for part in parts]
    joined = pc.binary_join_element_wise(scheme, *texts, "\x1f").cast(pa.binary())
    n, half = len(joined), ID_LENGTH // 2
    sha = hashlib.sha256
    digests = b"".join([sha(one).digest()[:half] for one in joined.to_pylist()])
    bounds = np.arange(n + 1, dtype=np.int32) * ID_LENGTH
    buffers = [None, pa.py_buffer(bounds), pa.py_buffer(digests.hex().encode())]
    return pa.Array.from_buffers(pa.string(), n, buffers)


def media_ids(scheme: str, media: pa.Table, terms: Sequence[str]) -> pa.Array:
    """Return the id of each medium, null where it has none of the terms that make it."""
    parts = [array(media, term) for term in terms]
    ids = stable_ids(scheme, [array(media, ID), *(nfc(part) for part in parts)])
    named = pc.is_valid(pc.coalesce(*parts)) if parts else pa.array([False] * media.num_rows)
    return pc.if_else(named, ids, None)


def with_canonical(media: pa.Table, canonical: Mapping[str, Sequence[str]]) -> pa.Table:
    """Return media with the terms that each carries; see ``Pair.canonical``."""
    columns = {name: media[name] for name in media.column_names}
    for term, places in canonical.items():
        found = [media[place] for place in places if place in media.column_names]
        if found:
            columns[term] = pc.coalesce(*found) if len(found) > 1 else found[0]
    if "accessURI" in columns and "identifier" in columns:
        same = pc.equal(columns["accessURI"], columns["identifier"]).fill_null(False)
        columns["identifier"] = pc.if_else(same, None, columns["identifier"])
    return pa.table(columns)


def not_still_images(media: pa.Table) -> pa.Array:
    """Return why each medium is no still image, null where it may be one."""
    kind, form = array(media, "type"), array(media, "format")
    kinds, forms = kind.dictionary_encode(), form.dictionary_encode()
    n_forms = len(forms.dictionary) + 1
    codes = (_codes(kinds) + 1) * n_forms + _codes(forms) + 1
    found, first, inverse = np.unique(codes, return_index=True, return_inverse=True)
    reasons = [_why(kind[n].as_py(), form[n].as_py()) for n in first.tolist()]
    by_row = pa.array(reasons, pa.string()).take(pa.array(inverse.astype(np.int64)))
    if found[0:1].tolist() != [0]:
        return by_row
    address = array(media, "accessURI")
    ending = pc.replace_substring_regex(address, r"(?s)^.*\.", "").dictionary_encode()
    told = [
        not_a_still_image({"accessURI": f".{one}"}) or None for one in ending.dictionary.to_pylist()
    ]
    by_ending = pa.array(told, pa.string()).take(ending.indices)
    return pc.if_else(pa.array(codes == 0), by_ending, by_row)


def _codes(column: pa.DictionaryArray) -> npt.NDArray[np.int64]:
    return np.asarray(column.indices.cast(pa.int64()).fill_null(-1), np.int64)


def _why(kind: str | None, form: str | None) -> str | None:
    terms = {"type": kind, "format": form}
    return not_a_still_image({name: text for name, text in terms.items() if text}) or None


def joined(core: pa.Table, media: pa.Table, canonical: Mapping[str, Sequence[str]]) -> pa.Table:
    """Return core and medium of each row as one, none of their terms lost.

    Parameters
    ----------
    core, media : pyarrow.Table
        As many rows each.
    canonical : mapping
        Its keys are terms of which the medium's value goes first.
    """
    inner = {ID, PLACE}
    columns = {name: array(core, name) for name in core.column_names if name not in inner}
    for term in media.column_names:
        if term in inner:
            continue
        theirs = array(media, term)
        if term not in columns:
            columns[term] = theirs
            continue
        ours = columns[term]
        differs = pc.not_equal(ours, theirs).fill_null(False)
        if term in canonical:
            columns[term] = pc.coalesce(theirs, ours)
            name, other = f"core_{term}", pc.if_else(differs, ours, None)
        else:
            columns[term] = pc.coalesce(ours, theirs)
            name, other = f"media_{term}", pc.if_else(differs, theirs, None)
        columns[name] = pc.coalesce(other, columns[name]) if name in columns else other
    return pa.table(columns)


def joined_terms(core: Mapping[str, str], medium: Mapping[str, str]) -> dict[str, str]:
    """Return the terms of an occurrence and a medium, none of them lost."""
    terms = dict(core)
    for term, value in medium.items():
        if terms.get(term, value) == value:
            terms[term] = value
        elif term in CANONICAL:
            terms[f"core_{term}"] = terms[term]
            terms[term] = value
        else:
            terms[f"media_{term}"] = value
    return terms
