"""Stored arrays, opened with care: a spoilt file is named, and no pickle is ever read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from wunderkammer.core.errors import DamagedFileError
from wunderkammer.core.files import HOW_TO_MEND

_KINDS = {"i": "whole numbers", "f": "real numbers"}


def open_array(path: Path, kind: str) -> npt.NDArray[Any]:
    """Return a stored table of numbers, mapped and not read.

    Parameters
    ----------
    path : Path
        A ``.npy`` of two axes.
    kind : str
        ``"i"`` for whole numbers, ``"f"`` for real ones.

    Raises
    ------
    DamagedFileError
        If it is gone, cut off, holds objects (which are programs), or something else.
    """
    try:
        found = np.load(path, mmap_mode="r", allow_pickle=False)
    except Exception as error:  # noqa: BLE001  what NumPy raises over damage shares no other base
        why = _why(error)
        raise DamagedFileError(f"{path} cannot be read: {why}.", hint=HOW_TO_MEND) from None
    if not isinstance(found, np.ndarray) or found.dtype.kind != kind or found.ndim != 2:
        what = f"{found.dtype} {found.shape}" if isinstance(found, np.ndarray) else "an archive"
        raise DamagedFileError(
            f"{path} cannot be used: it holds {what}, and {_KINDS[kind]} of two axes are needed.",
            hint=HOW_TO_MEND,
        )
    return found


def open_neighbours(path: Path) -> npt.NDArray[Any]:
    """Return a stored table whose numbers are its own rows.

    Raises
    ------
    DamagedFileError
        As of :func:`open_array`, and if a number is no row.
    """
    found = open_array(path, "i")
    if found.size and not 0 <= int(found.min()) <= int(found.max()) < len(found):
        raise DamagedFileError(
            f"{path} cannot be used: it names the rows {found.min():,} to {found.max():,}, and "
            f"there are those from 0 to {len(found) - 1:,}.",
            hint=HOW_TO_MEND,
        )
    return found


def open_graph(indices: Path, distances: Path) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
    """Return stored neighbours and how far they are.

    Raises
    ------
    DamagedFileError
        As of :func:`open_neighbours`, and if one is not of the other's shape.
    """
    rows, far = open_neighbours(indices), open_array(distances, "f")
    if rows.shape != far.shape:
        raise DamagedFileError(
            f"{distances} cannot be used: it holds {far.shape} distances, and {indices.name} "
            f"names {rows.shape} neighbours.",
            hint=HOW_TO_MEND,
        )
    return rows, far


def _why(error: Exception) -> str:
    if isinstance(error, FileNotFoundError):
        return "it is gone"
    said = " ".join(str(error).split()).rstrip(".") or type(error).__name__
    if "pickle" in said or "Python objects" in said:
        return "it is no array of numbers; objects, which may be programs, are never read"
    return said
