"""Optional libraries and models that lie elsewhere: had, or said clearly why not."""

from __future__ import annotations

import importlib
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

from wunderkammer.core.errors import StageError, WunderkammerError

_TIMEOUT_S = 10.0
_ELSEWHERE = (
    "Fetch the model's folder on a machine that can reach the hub, and name it in the setting "
    "'weights'."
)


def library(name: str, extra: str, encoder: str) -> ModuleType:
    """Return an optional library.

    Parameters
    ----------
    name : str
        As it is imported.
    extra : str
        The extra of our package that brings it.
    encoder : str
        Who needs it.

    Raises
    ------
    StageError
        If it, or what it needs, cannot be imported.
    """
    try:
        return importlib.import_module(name)
    except (ImportError, RuntimeError) as error:
        reason = _first_line(error)
        absent = isinstance(error, ModuleNotFoundError) and error.name == name.partition(".")[0]
        raise StageError(
            f"encoder {encoder}: it needs the library {name}, which "
            + ("is not installed." if absent else f"cannot be imported: {reason}."),
            hint=f"Install it with: pip install 'wunderkammer[{extra}]'."
            + ("" if absent else " A torchvision made for another torch breaks it, too."),
        ) from None


def snapshot(
    repository: str,
    revision: str,
    files: Sequence[str],
    weights: Sequence[str],
    *,
    encoder: str,
    extra: str,
) -> Path:
    """Return the folder of a model of the Hugging Face hub, fetched once and kept.

    Parameters
    ----------
    repository : str
        Such as ``"imageomics/bioclip-2"``.
    revision : str
        A branch, tag or commit; empty: the newest.
    files : sequence of str
        Patterns of the files wanted beside the weights; the first must be there.
    weights : sequence of str
        Patterns of files of weights, best first; one of them suffices.
    encoder, extra : str
        Who asks; the extra of our package that brings what is needed.

    Raises
    ------
    StageError
        If there is no such model, it is not for everybody, or the hub cannot be reached.
    """
    hub = library("huggingface_hub", extra, encoder)
    for here in (True, False):
        for pattern in weights:
            wanted = [*files, pattern, f"{pattern}.index.json"]
            folder = _fetched(hub, repository, revision, wanted, encoder=encoder, here=here)
            if folder and (folder / files[0]).is_file() and any(folder.glob(pattern)):
                return folder
    raise StageError(
        f"encoder {encoder}: the model '{repository}' of the hub lacks {files[0]} or weights "
        f"({', '.join(weights)}).",
        hint="Name another model, or one that was made for this library.",
    )


def _fetched(
    hub: ModuleType,
    repository: str,
    revision: str,
    patterns: Sequence[str],
    *,
    encoder: str,
    here: bool,
) -> Path | None:
    """Return the folder with some files; None if nothing of it is here and none was asked for."""
    errors = hub.errors
    try:
        return Path(
            hub.snapshot_download(
                repository,
                revision=revision or None,
                allow_patterns=list(patterns),
                local_files_only=here,
                etag_timeout=_TIMEOUT_S,
                endpoint=os.environ.get("HF_ENDPOINT"),
            )
        )
    except errors.GatedRepoError:
        raise StageError(
            f"encoder {encoder}: the model '{repository}' is given only to those who agreed to "
            "its conditions.",
            hint=f"Agree to them at https://huggingface.co/{repository}, then log in with "
            "'hf auth login'.",
        ) from None
    except (errors.RepositoryNotFoundError, errors.RevisionNotFoundError, ValueError):
        at = f" at '{revision}'" if revision else ""
        raise StageError(
            f"encoder {encoder}: the hub has no model '{repository}'{at}.",
            hint="Models are called owner/name; correct the setting 'model' or 'revision'.",
        ) from None
    except Exception as error:  # noqa: BLE001  the hub's errors share no other base
        if here:
            return None
        address = os.environ.get("HF_ENDPOINT", "https://huggingface.co")
        raise StageError(
            f"encoder {encoder}: the model '{repository}' is not on this machine, and {address} "
            f"cannot be reached: {_first_line(error)}",
            hint=_ELSEWHERE,
        ) from None


@contextmanager
def explained(encoder: str, what: object, hint: str) -> Iterator[None]:
    """Turn whatever a library raises while it reads a model into an error a user can act on."""
    try:
        yield
    except WunderkammerError:
        raise
    except Exception as error:  # the libraries' errors share no other base
        raise StageError(
            f"encoder {encoder}: {what} cannot be read: {_first_line(error)}", hint=hint
        ) from error


def _first_line(error: BaseException) -> str:
    """Return the start of an error's text, or its class where it has none."""
    if type(error).__name__ == "UnpicklingError":
        # What the library says advises to read the file without this care.
        return "it holds more than tensors, or none, and what might be a program is not run"
    lines = str(error).strip().splitlines()
    return lines[0][:300].rstrip(".") if lines else type(error).__name__
