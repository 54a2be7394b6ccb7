"""JSON that others wrote: read whole or refused in one way, its texts fit to be stored."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from wunderkammer.core.errors import SourceError


def parsed(content: bytes | str) -> Any:
    r"""Return a JSON value; half a character of a pair becomes the sign for what is unreadable.

    Raises
    ------
    ValueError
        If it is no JSON, or nested more deeply than can be read.

    Examples
    --------
    >>> parsed(b'{"label": "half a moth: \\ud83e"}')
    {'label': 'half a moth: �'}
    """
    try:
        value = json.loads(content)
        return _whole(value) if _may_hold_halves(content) else value
    except RecursionError:
        raise ValueError("it is nested too deeply") from None


def _may_hold_halves(content: bytes | str) -> bool:
    """Return whether halves of characters may stand in a text, as they are or escaped."""
    if isinstance(content, str):
        return "\\ud" in content.lower()
    return b"\xed" in content or b"\\ud" in content.lower()


def _whole(value: Any) -> Any:
    """Return a value whose texts hold whole characters only."""
    if isinstance(value, str):
        return whole_text(value)
    if isinstance(value, dict):
        return {whole_text(key): _whole(inner) for key, inner in value.items()}
    return [_whole(inner) for inner in value] if isinstance(value, list) else value


def whole_text(text: str) -> str:
    """Return a text without halves of characters, which no file can hold."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def object_in(path: Path) -> dict[str, Any]:
    """Return the object in a file; an empty one if there is no such file.

    Raises
    ------
    SourceError
        If the file holds something else.
    """
    try:
        found = parsed(path.read_bytes())
    except FileNotFoundError:
        return {}
    except ValueError as error:
        raise SourceError(
            f"'{path.name}' is no JSON: {error}.", hint="Remove the file, or harvest again."
        ) from None
    if not isinstance(found, dict):
        raise SourceError(
            f"'{path.name}' holds no JSON object.", hint="Remove the file, or harvest again."
        )
    return found
