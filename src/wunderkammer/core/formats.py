"""The format of a collection on disk: a newer one is refused, an older one is brought up to date.

=======  ==========================================================================
format   what it is
=======  ==========================================================================
1        the first; ``collection.toml`` does not name it
2        digests of all files are noted in ``_SHA256SUMS`` beside them
=======  ==========================================================================
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from wunderkammer.core.errors import ConfigurationError, FormatError
from wunderkammer.core.files import TEMPORARY, write_bytes
from wunderkammer.core.provenance import last_runs, software
from wunderkammer.core.sums import SUMS, note_all, write_sums

FORMAT = 2
"""The format that this software writes."""

KEY = "format"
"""Its name in ``collection.toml``, above all tables."""

COMMENT = "# How this collection is stored on disk; a run raises it when it must."
_LINE = re.compile(rf"^{KEY}\s*=.*$", re.MULTILINE)
_ARTIFACTS = re.compile("[0-9a-f]{12}")


def format_of(tables: Mapping[str, Any], root: Path | None = None) -> int:
    """Return the format that the tables of a ``collection.toml`` name.

    Raises
    ------
    ConfigurationError
        If it is no number of a format.
    FormatError
        If it is newer than this software.
    """
    found = tables.get(KEY, 1)
    if not isinstance(found, int) or isinstance(found, bool) or found < 1:
        raise ConfigurationError(
            f"collection.toml: {KEY} = {found!r} is no format; there are 1 to {FORMAT}.",
            hint="Put back the number that was there: a run writes it, people need not.",
        )
    if found > FORMAT:
        raise _newer(found, root)
    return found


def stamped(toml: str) -> str:
    """Return the text of a ``collection.toml`` that names the format of today."""
    line = f"{KEY} = {FORMAT}"
    head, mark, rest = toml.partition("\n[") if not toml.startswith("[") else ("", "", toml)
    if _LINE.search(head):
        return _LINE.sub(line, head, count=1) + mark + rest
    return f"{COMMENT}\n{line}\n\n{toml}"


def migrate(root: Path, found: int) -> None:
    """Bring a collection up to the format of today; the caller holds its lock.

    Killed in the midst of it, it is of the old format still, and the next call begins anew.
    """
    if found >= FORMAT:
        return
    for number in range(found, FORMAT):
        _STEPS[number](root)
    path = root / "collection.toml"
    write_bytes(path, stamped(path.read_text(encoding="utf-8")).encode())


def _note_what_is_there(root: Path) -> None:
    """Note the files of a collection as they are: from now on they stay so."""
    for folder in _made_folders(root):
        note_all(folder)
    for folder in (root / "runs", *(root / "curation").glob("*/")):
        if folder.is_dir():
            write_sums(folder, [path.name for path in folder.iterdir() if _is_file(path)])


def _made_folders(root: Path) -> Iterator[Path]:
    """Yield the folders that hold files which belong together."""
    yield from (one for one in [root / "records"] if one.is_dir())
    for path in sorted((root / "columns").rglob("*/")):
        if path.is_dir() and any(_is_file(one) for one in path.iterdir()):
            yield path
    for path in sorted((root / "artifacts").rglob("*/")):
        if path.is_dir() and _ARTIFACTS.fullmatch(path.name):
            yield path
    yield from sorted(path for path in (root / "weights").glob("*/") if path.is_dir())
    yield from sorted(path for path in (root / "curation").glob("*/rounds/*/") if path.is_dir())


def _is_file(path: Path) -> bool:
    return path.is_file() and path.name != SUMS and not path.name.startswith((TEMPORARY, "."))


_STEPS: Mapping[int, Callable[[Path], None]] = {1: _note_what_is_there}
"""What leads from each format to the next."""


def _newer(found: int, root: Path | None) -> FormatError:
    """Return why a collection of a newer format is not touched, and what opens it."""
    last = next(iter(last_runs(root, 1)), {}) if root is not None else {}
    version = str(last.get("software", {}).get("wunderkammer", ""))
    wanted = f"wunderkammer>={version}" if version else "wunderkammer"
    since = f"It was last run with wunderkammer {version}. " if version else ""
    return FormatError(
        f"collection.toml names format {found}, and wunderkammer "
        f"{software().get('wunderkammer', '')} knows formats 1 to {FORMAT}. Nothing was touched.",
        hint=f"{since}Install a newer one: pip install --upgrade '{wanted}'",
    )
