"""Image files below a folder: found, named by stable paths, kept within the folder."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from wunderkammer.core.configuration import FILE, MADE
from wunderkammer.core.errors import RecordError, SourceError
from wunderkammer.sources import Rejected
from wunderkammer.sources._unread import PICTURES

IMAGE_SUFFIXES = frozenset(
    {
        ".avif",
        ".bmp",
        ".gif",
        ".j2k",
        ".jfif",
        ".jp2",
        ".jpe",
        ".jpeg",
        ".jpg",
        ".png",
        ".tif",
        ".tiff",
        ".webp",
    }
)
"""Endings of image files that can be decoded, in lower case."""


def is_image_name(name: str) -> bool:
    """Return whether a file name or path ends like an image."""
    return PurePosixPath(name.replace("\\", "/")).suffix.casefold() in IMAGE_SUFFIXES


def glob_pattern(glob: str) -> re.Pattern[str]:
    """Return a pattern for whole relative paths: ``*`` within a folder, ``**/`` across.

    Examples
    --------
    >>> bool(glob_pattern("**/*.jpg").fullmatch("a/b/c.jpg"))
    True
    >>> bool(glob_pattern("*.jpg").fullmatch("a/c.jpg"))
    False
    """
    out, rest = "", glob
    while rest:
        for written, meant in (("**/", "(?:.*/)?"), ("**", ".*"), ("*", "[^/]*"), ("?", "[^/]")):
            if rest.startswith(written):
                out, rest = out + meant, rest[len(written) :]
                break
        else:
            chosen = re.match(r"\[!?[^\]/]+\]", rest)
            taken = chosen[0] if chosen else rest[0]
            out += taken.replace("[!", "[^") if chosen else re.escape(taken)
            rest = rest[len(taken) :]
    return re.compile(out)


def find_images(root: Path, glob: str = "") -> Iterator[str | Rejected]:
    """Yield the path of each image below a folder, in order of name.

    Parameters
    ----------
    root : Path
        The folder.
    glob : str, optional
        Which files, relative to the folder; empty for every image ending, at
        any depth.

    Yields
    ------
    str or Rejected
        POSIX path relative to ``root``. Rejected are links that leave the
        folder or lead nowhere, names that are no text, folders that cannot be
        read, and a second spelling of the same name in Unicode; without a glob
        also pictures of a kind that is not read, such as HEIC, unless an image
        of the same name lies beside them. Hidden files and folders (``.x``,
        ``__MACOSX``) are passed over. A link to a folder inside ``root`` is not
        followed: its files come where they lie.

    Raises
    ------
    SourceError
        If ``root`` is not a folder.
    """
    if not root.is_dir():
        raise SourceError(
            f"there is no folder of images at '{root}'.", hint="Give the path of a folder."
        )
    wanted = glob_pattern(glob) if glob else None
    real_root = root.resolve()
    spellings: dict[str, str] = {}
    for found in _walk(root, real_root, ""):
        if isinstance(found, Rejected):
            yield found
        elif not wanted and (unread := PICTURES.get(PurePosixPath(found).suffix.casefold())):
            if not _is_developed(root / found):
                reason = RecordError(f"it is {unread.what}: not read.", hint=unread.hint)
                yield Rejected(found, reason)
        elif wanted.fullmatch(found) if wanted else is_image_name(found):
            path = nfc(found)
            if path in spellings:
                yield Rejected(found, _same_name(spellings[path]))
                continue
            spellings[path] = found
            yield _checked(root / found, real_root, found)


def nfc(text: str) -> str:
    """Return a text in Unicode's composed form, so that equal names are equal."""
    return unicodedata.normalize("NFC", text)


def _walk(folder: Path, real_root: Path, prefix: str) -> Iterator[str | Rejected]:
    """Yield the relative paths of all files below a folder, sorted; none that a collection made."""
    try:
        with os.scandir(folder) as entries:
            listed = sorted(entries, key=lambda entry: entry.name)
    except OSError as error:
        reason = (error.strerror or "unknown reason").lower()
        yield Rejected(prefix or ".", RecordError(f"the folder cannot be read: {reason}."))
        return
    made = MADE if any(entry.name == FILE for entry in listed) else ()
    for entry in listed:
        path = f"{prefix}{entry.name}"
        if entry.name.startswith(".") or entry.name == "__MACOSX" or entry.name in made:
            continue
        if entry.is_symlink() and _leads_to_folder(entry):
            if not _inside(Path(entry.path), real_root):
                yield Rejected(path, _leaves())
        elif _leads_to_folder(entry):
            yield from _walk(Path(entry.path), real_root, f"{path}/")
        else:
            yield path


def _is_developed(path: Path) -> bool:
    """Tell whether an image lies beside a file that is not read, and is called as it is."""
    spelt = (ending for low in IMAGE_SUFFIXES for ending in (low, low.upper()))
    return any(path.with_suffix(ending).exists() for ending in spelt)


def _leads_to_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # such as a link that leads to itself
        return False


def _checked(path: Path, real_root: Path, relative: str) -> str | Rejected:
    """Return the relative path of a file, or why it cannot be used."""
    try:
        relative.encode()
    except UnicodeEncodeError:
        shown = os.fsencode(relative).decode("ascii", "backslashreplace")
        return Rejected(
            shown,
            RecordError("the name of the file is not valid text.", hint="Rename the file."),
        )
    if path.is_symlink() and not path.exists():
        return Rejected(
            relative,
            RecordError("the link leads to nothing.", hint="Remove the link or restore its file."),
        )
    if path.is_symlink() and not _inside(path, real_root):
        return Rejected(relative, _leaves())
    if not path.is_file():
        return Rejected(relative, RecordError("this is not an ordinary file."))
    return relative


def _inside(path: Path, real_root: Path) -> bool:
    try:
        return path.resolve().is_relative_to(real_root)
    except (OSError, RuntimeError):  # a link that leads to itself
        return False


def _leaves() -> RecordError:
    return RecordError(
        "the link leads out of the folder.", hint="Copy what it leads to into the folder."
    )


def _same_name(other: str) -> RecordError:
    return RecordError(
        f"the name equals '{other}' but for its Unicode spelling.", hint="Rename one of the two."
    )
