"""Published weights by their address, kept once and never taken unseen."""

from __future__ import annotations

import hashlib
import os
from http.client import HTTPException
from pathlib import Path
from urllib.request import Request, urlopen

from wunderkammer.core.errors import StageError
from wunderkammer.core.files import file_sha256, written_whole

_TIMEOUT_S = 30.0
_PIECE = 1 << 20


def torch_cache() -> Path:
    """Return the folder in which torch keeps published weights, which others share."""
    cache = os.environ.get("XDG_CACHE_HOME", "~/.cache")
    home = os.environ.get("TORCH_HOME", f"{cache}/torch")
    return Path(home).expanduser() / "hub" / "checkpoints"


def downloaded(address: str, sha256: str, folder: Path, *, encoder: str) -> Path:
    """Return a published file, fetched if it is not there.

    Parameters
    ----------
    address : str
        ``https://…``; its last part is the file's name.
    sha256 : str
        Digest (hex) of the bytes; others are refused, also those that lie there already.
    folder : Path
        Where it is kept.
    encoder : str
        Who asks.

    Raises
    ------
    StageError
        If it cannot be fetched, or is another file.
    """
    path = folder / address.rpartition("/")[2]
    if path.is_file():
        found = file_sha256(path)
        if found != sha256:
            raise _another(encoder, path, found, sha256, f"Remove {path}, and run again.")
        return path
    with written_whole(path) as temporary:
        found = _fetched(address, temporary, encoder)
        if found != sha256:
            hint = "Nothing was kept. Run again; if it says the same, somebody changed the file."
            raise _another(encoder, address, found, sha256, hint)
    return path


def _fetched(address: str, path: Path, encoder: str) -> str:
    """Write what lies at an address to a file; return its SHA-256."""
    digest = hashlib.sha256()
    request = Request(address, headers={"User-Agent": "wunderkammer"})  # noqa: S310  a constant
    try:
        with urlopen(request, timeout=_TIMEOUT_S) as answer, path.open("wb") as file:  # noqa: S310
            while piece := answer.read(_PIECE):
                digest.update(piece)
                file.write(piece)
    except (OSError, HTTPException) as error:
        raise StageError(
            f"encoder {encoder}: its weights are not on this machine, and {address} cannot be "
            f"fetched: {error}.",
            hint="Fetch the file on a machine that can, and name it in the setting 'weights'.",
        ) from None
    return digest.hexdigest()


def _another(encoder: str, where: object, found: str, wanted: str, hint: str) -> StageError:
    return StageError(
        f"encoder {encoder}: {where} has SHA-256 {found[:12]}…, and {wanted[:12]}… is meant.",
        hint=hint,
    )
