"""Conditions: a yes-or-no expression of SQL over the columns of a collection.

What it reads is found in its syntax tree. What could look at anything but the
medium at hand, or answer differently tomorrow, is refused.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from functools import lru_cache
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

from wunderkammer.core.database import without_files
from wunderkammer.core.errors import ConfigurationError
from wunderkammer.core.table import quoted
from wunderkammer.sampling.ranking import Mask

_ALLOWED = frozenset(
    {
        "BETWEEN",
        "CASE",
        "CAST",
        "COLLATE",
        "COLUMN_REF",
        "COMPARISON",
        "CONJUNCTION",
        "CONSTANT",
        "FUNCTION",
        "OPERATOR",
        "TYPE",
    }
)
_REFUSED = {
    "SUBQUERY": "holds another SELECT",
    "WINDOW": "holds a window function, which looks at other media",
    "STAR": "holds a '*'",
    "PARAMETER": "holds a parameter",
    "LAMBDA": "holds a lambda",
}
_HARMLESS_MACROS = frozenset({"if", "nullif", "split_part", "fmod"})

_EXAMPLE = "A condition is such as family = 'Nymphalidae' and year_from >= 1900."
_QUOTES = (
    "A column whose name holds a slash or is a word of SQL stands in double quotes: "
    '"layout/relax/x", "order".'
)
_TEXT = (
    "Values of records are text: try_cast(decimalLatitude as double) makes numbers of them, and "
    "leaves empty what is none."
)


@lru_cache(maxsize=64)
def columns_of(condition: str) -> tuple[str, ...]:
    """Return the columns that a condition reads, in the order it names them.

    Raises
    ------
    ConfigurationError
        If it is not one expression, or one that is not allowed here.

    Examples
    --------
    >>> columns_of("family = 'Nymphalidae' and year_from >= 1900")
    ('family', 'year_from')
    """
    found: dict[str, None] = {}
    for node in _nodes(_expression(condition, _parsed(condition))):
        kind = node["class"]
        if kind not in _ALLOWED:
            said = _REFUSED.get(kind, f"holds a {kind.lower().replace('_', ' ')}")
            raise _refusal(condition, said)
        if kind == "FUNCTION":
            _check_function(condition, node["function_name"])
        if kind == "COLUMN_REF":
            names = node["column_names"]
            if len(names) > 1:
                said = f"names '{'.'.join(names)}'"
                raise _refusal(condition, said, f"Write the column alone: {names[-1]}.")
            found[names[0]] = None
    return tuple(found)


def rows_where(condition: str, media: pa.Table) -> Mask:
    """Return for which media a condition is true.

    Parameters
    ----------
    condition : str
        A text column that it compares with a number is read as numbers; text
        that is none, and blank text, count as empty.
    media : pyarrow.Table
        With the columns it reads.

    Raises
    ------
    ConfigurationError
        If it is not allowed, is not yes or no, or cannot be answered for some medium.
    """
    columns = columns_of(condition)
    texts = [name for name in columns if _is_text(media, name)]
    cells = [quoted(name) for name in columns if name not in texts]
    for name in texts:
        cells.append(f"nullif(trim({quoted(name)}), '') AS {quoted(name)}")
        cells.append(f"try_cast({quoted(name)} AS DOUBLE) AS {quoted(_as_number(name))}")
    with without_files() as connection:
        connection.register("given", media)
        try:
            asked = connection.sql(
                f"SELECT ({_rewritten(condition, texts)}) AS asked "  # noqa: S608 - from its tree
                f"FROM (SELECT {', '.join([*cells, '1'])} FROM given)"
            )
            if str(asked.types[0]) != "BOOLEAN":
                raise _refusal(condition, f"answers with {asked.types[0]}, not with yes or no")
            found = [
                batch.column(0).fill_null(False).to_numpy(zero_copy_only=False)
                for batch in asked.to_arrow_reader(1_000_000)
            ]
        except duckdb.Error as error:
            said = f"cannot be answered: {str(error).splitlines()[0]}"
            raise _refusal(condition, said, _TEXT) from None
    return np.concatenate(found) if found else np.zeros(0, dtype=np.bool_)


def _parsed(condition: str) -> dict[str, Any]:
    """Return what DuckDB's parser makes of a condition."""
    with without_files() as connection:
        # the line ends what a comment could hide
        statement = f"SELECT (\n{condition}\n)"
        row = connection.execute("SELECT json_serialize_sql(?)", [statement]).fetchone()
    answer: dict[str, Any] = json.loads(row[0]) if row else {}
    if answer.get("error", True):
        said = answer.get("error_message", "").splitlines()[:1]
        raise _refusal(condition, ": ".join(["cannot be read", *said]), _QUOTES)
    return answer


def _expression(condition: str, parsed: dict[str, Any]) -> dict[str, Any]:
    """Return the syntax tree of the one expression there may be."""
    statements = parsed["statements"]
    node = statements[0]["node"]
    clauses = ("where_clause", "group_expressions", "having", "qualify", "sample", "modifiers")
    if (
        len(statements) != 1
        or node["type"] != "SELECT_NODE"
        or len(node["select_list"]) != 1
        or node["from_table"]["type"] != "EMPTY"
        or any(node.get(clause) for clause in clauses)
        or node["cte_map"]["map"]
    ):
        raise _refusal(condition, "is more than one expression")
    expression: dict[str, Any] = node["select_list"][0]
    return expression


def _nodes(tree: Any) -> Iterator[dict[str, Any]]:
    """Yield every expression of a syntax tree, from the outside to the inside."""
    if isinstance(tree, dict):
        if "class" in tree:
            yield tree
        tree = list(tree.values())
    if isinstance(tree, list):
        for inner in tree:
            yield from _nodes(inner)


def _check_function(condition: str, name: str) -> None:
    """Refuse a function that looks at several media, at the machine, or at the clock."""
    kinds = _function_kinds(name.lower())
    if not kinds:
        raise _refusal(condition, f"calls '{name}', which there is not")
    if ("scalar", "CONSISTENT") in kinds or name.lower() in _HARMLESS_MACROS:
        return
    if {kind for kind, _ in kinds} & {"aggregate", "window"}:
        raise _refusal(condition, f"calls '{name}', which looks at other media")
    raise _refusal(condition, f"calls '{name}', which looks at more than the medium at hand")


@lru_cache(maxsize=256)
def _function_kinds(name: str) -> frozenset[tuple[str, str | None]]:
    with without_files() as connection:
        rows = connection.execute(
            "SELECT DISTINCT function_type, stability FROM duckdb_functions() "
            "WHERE lower(function_name) = ?",
            [name],
        ).fetchall()
    return frozenset((str(kind), stability) for kind, stability in rows)


def _rewritten(condition: str, texts: Collection[str]) -> str:
    """Return a condition as SQL in which text columns stand as numbers beside numbers."""
    parsed = _parsed(condition)
    for node in _nodes(_expression(condition, parsed)):
        compares = node["class"] in {"COMPARISON", "BETWEEN"} or node["type"] == "COMPARE_IN"
        sides = [one for one in _children(node) if compares]
        if any(map(_is_number, sides)):
            for side in sides:
                if side["class"] == "COLUMN_REF" and side["column_names"][0] in texts:
                    side["column_names"] = [_as_number(side["column_names"][0])]
    with without_files() as connection:
        row = connection.execute(
            "SELECT json_deserialize_sql(?::JSON)", [json.dumps(parsed)]
        ).fetchone()
    statement = str(row[0]) if row else ""
    return statement.removeprefix("SELECT ")


def _children(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield what stands right below an expression."""
    for inner in node.values():
        for one in inner if isinstance(inner, list) else [inner]:
            if isinstance(one, dict) and "class" in one:
                yield one


def _is_number(node: dict[str, Any]) -> bool:
    """Return whether an expression is a number; releases of DuckDB say so in two ways."""
    if node["class"] != "CONSTANT":
        return False
    kind = node.get("literal", {}).get("kind") or node.get("value", {}).get("type", {}).get("id")
    return any(word in str(kind) for word in ("INT", "NUMERIC", "DECIMAL", "DOUBLE", "FLOAT"))


def _as_number(column: str) -> str:
    """Return the name under which a text column stands as numbers."""
    return f"{column} as number"


def _is_text(media: pa.Table, name: str) -> bool:
    kind = media.schema.field(name).type
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def _refusal(condition: str, said: str, hint: str = _EXAMPLE) -> ConfigurationError:
    return ConfigurationError(f"sample: where = {condition!r} {said}.", hint=hint)
