"""The files of an archive, read in place: a folder, a zip or a tar, nothing unpacked."""

from __future__ import annotations

import errno
import lzma
import re
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, Protocol

from wunderkammer.core.errors import SourceError, nearest
from wunderkammer.sources._images import is_image_name

DESCRIPTOR = "meta.xml"

_LARGE = 256 << 20
_MOST_PACKED = 200
"""Times that an archive may be larger unpacked, where it is large: texts are 5 to 50."""

_DAMAGE = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, tarfile.TarError)
_OF_DAMAGE = frozenset({None, errno.EINVAL})
"""Of errors of the system: what a place before the file's beginning, or a broken stream gives."""


class Archive(Protocol):
    """Files by POSIX path relative to the archive's content."""

    path: Path
    names: list[str]

    def open(self, name: str) -> IO[bytes]:
        """Open one of ``names`` for reading."""
        ...

    def locate(self, name: str) -> Path:
        """Return the file on disk whose bytes hold one of ``names``."""
        ...

    def close(self) -> None:
        """Let the archive go."""
        ...


class _Folder:
    def __init__(self, path: Path) -> None:
        self.path = path
        self.names, prefix = _content(self._listed(path), path)
        self._root = path / prefix

    @staticmethod
    def _listed(root: Path) -> list[str]:
        """Return the files of a folder and of those in it, images and foreign links left out."""
        real = root.resolve()
        found = (p for p in root.rglob("*") if not is_image_name(p.name) and p.is_file())
        inside = (p for p in found if p.resolve().is_relative_to(real))
        names = (p.relative_to(root).as_posix() for p in inside)
        return sorted(name for name in names if not _is_junk(name))

    def locate(self, name: str) -> Path:
        return self._root / name

    def open(self, name: str) -> IO[bytes]:
        return (self._root / name).open("rb")

    def close(self) -> None:
        """Nothing is held open."""


class _Zip:
    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._file = zipfile.ZipFile(path)
        except UnicodeDecodeError as error:
            raise zipfile.BadZipFile(f"the name of a member is no text ({error})") from None
        files = [info.filename for info in self._file.infolist() if not info.is_dir()]
        self.names, self._prefix = _content(files, path)
        refuse_bomb(path, sum(info.file_size for info in self._file.infolist()))
        self.locked = any(info.flag_bits & 1 for info in self._file.infolist())

    def open(self, name: str) -> IO[bytes]:
        try:
            return self._file.open(self._prefix + name)
        except UnicodeDecodeError as error:
            raise zipfile.BadZipFile(f"the name of a member is no text ({error})") from None

    def locate(self, name: str) -> Path:
        return self.path

    def close(self) -> None:
        self._file.close()


class _Tar:
    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = tarfile.open(path, "r:*")  # noqa: SIM115  (closed by close)
        self._members = {}
        n_bytes = 0
        for member in self._file:
            n_bytes += member.size
            refuse_bomb(path, n_bytes)
            if member.isfile():
                self._members[member.name.removeprefix("./")] = member
        self.names, self._prefix = _content(list(self._members), path)

    def open(self, name: str) -> IO[bytes]:
        stream = self._file.extractfile(self._members[self._prefix + name])
        if stream is None:
            raise SourceError(f"the archive '{self.path.name}' holds no content of '{name}'.")
        return stream

    def locate(self, name: str) -> Path:
        return self.path

    def close(self) -> None:
        self._file.close()


@contextmanager
def open_archive(path: Path) -> Iterator[Archive]:
    """Open an archive; damage met while it is open becomes a ``SourceError`` too.

    Parameters
    ----------
    path : Path
        A folder, a zip or a tar, compressed or not.

    Raises
    ------
    SourceError
        If it is not there, none of these, damaged, locked by a password, or
        holds a file whose path would lead out of it.
    """
    try:
        archive = _opened(path)
        try:
            yield archive
        finally:
            archive.close()
    except _DAMAGE as error:
        raise _damaged(path, str(error)) from None
    except NotImplementedError as error:
        raise SourceError(
            f"the archive '{path.name}' is packed in a way that is not read: {error}.",
            hint="Unpack it, and give the folder.",
        ) from None
    except OSError as error:
        if error.errno not in _OF_DAMAGE:
            raise
        raise _damaged(path, error.strerror or str(error)) from None


def _damaged(path: Path, why: str) -> SourceError:
    return SourceError(
        f"the archive '{path.name}' is damaged: {why.rstrip('.')}.",
        hint="It may not have been downloaded to its end; fetch it again.",
    )


def _opened(path: Path) -> Archive:
    if path.is_dir():
        return _Folder(path)
    if not path.is_file():
        names = [p.name for p in path.parent.iterdir()] if path.parent.is_dir() else []
        raise SourceError(f"there is no archive at '{path}'.", hint=nearest(path.name, names))
    if path.name == DESCRIPTOR:
        return _Folder(path.parent)
    if zipfile.is_zipfile(path):
        archive = _Zip(path)
        if archive.locked:
            archive.close()
            raise SourceError(
                f"the archive '{path.name}' is locked by a password.", hint="Unpack it first."
            )
        return archive
    if tarfile.is_tarfile(path):
        return _Tar(path)
    raise _unknown_kind(path)


def refuse_bomb(path: Path, n_bytes: int) -> None:
    """Refuse an archive that holds so much more than its own size as no data does.

    Raises
    ------
    SourceError
        If it is a bomb.
    """
    n_packed = path.stat().st_size
    if n_bytes > _LARGE and n_bytes > _MOST_PACKED * n_packed:
        raise SourceError(
            f"the archive '{path.name}' has {n_packed:,} bytes and would unpack to {n_bytes:,}: "
            "no data is packed so densely.",
            hint="Nothing was read. If it is meant to be so, unpack it and give the folder.",
        )


def _unknown_kind(path: Path) -> SourceError:
    with path.open("rb") as stream:
        head = stream.read(200)
    if not head:
        return SourceError(f"the archive '{path.name}' is empty (0 bytes).", hint="Fetch it again.")
    if re.match(rb"\s*<(!doctype html|html)", head, re.IGNORECASE):
        return SourceError(
            f"the archive '{path.name}' is a web page, not an archive.",
            hint="Open it in a browser: it says why the download failed.",
        )
    if head.startswith(b"PK"):
        return SourceError(
            f"the archive '{path.name}' is a zip without its end.",
            hint="It was not downloaded to its end; fetch it again.",
        )
    return SourceError(
        f"the archive '{path.name}' is neither a folder, a zip nor a tar; "
        f"it begins with {head[:16]!r}.",
        hint="For a single table set type = 'table'.",
    )


def _content(files: list[str], path: Path) -> tuple[list[str], str]:
    """Return the files that matter and the folder they lie in, ``x/`` or empty."""
    for name in files:
        if not is_safe(name):
            raise SourceError(
                f"the archive '{path.name}' holds '{name}', whose path leads out of it.",
                hint="Nothing was read. Ask whoever made it, or pack it anew.",
            )
    names = sorted(name for name in files if not _is_junk(name))
    tops = {name.split("/", 1)[0] if "/" in name else "" for name in names}
    if len(tops) == 1 and "" not in tops:
        prefix = f"{tops.pop()}/"
        return [name.removeprefix(prefix) for name in names], prefix
    return names, ""


def is_safe(name: str) -> bool:
    """Return whether a path within an archive stays within it.

    Examples
    --------
    >>> is_safe("data/occurrence.txt"), is_safe("../secret"), is_safe("C:/secret")
    (True, False, False)
    """
    path = PurePosixPath(name.replace("\\", "/"))
    return not (path.is_absolute() or ".." in path.parts or re.match(r"^[A-Za-z]:", name))


def _is_junk(name: str) -> bool:
    """Return whether a path is what file managers leave behind."""
    parts = PurePosixPath(name).parts
    return "__MACOSX" in parts or any(part.startswith(".") for part in parts)
