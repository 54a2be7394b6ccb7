"""The record of a run: what was done, with which settings, from what, by which software."""

from __future__ import annotations

import datetime as dt
import platform
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Literal

from wunderkammer.core.files import read_json, write_json

_LIBRARIES = ("numpy", "pyarrow", "duckdb", "torch", "openTSNE", "scikit-learn", "pillow")

Status = Literal["running", "finished", "interrupted", "failed"]


@dataclass(slots=True)
class StageRun:
    """What one stage did in a run.

    Attributes
    ----------
    group, version : str
        The stage.
    settings : mapping
        Those that change the result.
    files : mapping of str to str
        SHA-256 of the files it uses, such as weights.
    key : str
        The digest of name, version, settings and files; over all inputs too for a
        stage that is done as a whole.
    before : str
        The key of the result that it went on from, where it did.
    reasons : mapping of str to int
        Media done, by reason.
    n_done, n_failed, n_fresh, n_blocked : int
        Media.
    n_lost : int
        Workers that died meanwhile; what they had in hand was done again.
    seconds : float
        Wall time.
    quality : mapping of str to float
        Measured figures.
    note : str
        What a person should know, such as that the source is not there.
    """

    group: str
    version: str
    settings: Mapping[str, Any]
    files: Mapping[str, str] = field(default_factory=dict)
    key: str = ""
    before: str = ""
    reasons: Mapping[str, int] = field(default_factory=dict)
    n_done: int = 0
    n_failed: int = 0
    n_fresh: int = 0
    n_blocked: int = 0
    n_lost: int = 0
    seconds: float = 0.0
    quality: Mapping[str, float] = field(default_factory=dict)
    note: str = ""


@dataclass(slots=True)
class RunReport:
    """One run; kept as ``runs/<id>.json``. ``configuration`` is the SHA-256 of its settings."""

    id: str
    started: str
    status: Status = "running"
    finished: str = ""
    error: str = ""
    device: str = "cpu"
    n_workers: int = 1
    engine: str = ""
    software: Mapping[str, str] = field(default_factory=dict)
    machine: str = ""
    configuration: str = ""
    stages: list[StageRun] = field(default_factory=list)

    def save(self, root: Path) -> None:
        """Write it whole."""
        write_json(root / "runs" / f"{self.id}.json", asdict(self))


def begin(device: str, n_workers: int, engine: str = "") -> RunReport:
    """Return the record of a run that starts now."""
    now = dt.datetime.now(dt.UTC)
    return RunReport(
        id=f"{now:%Y%m%dT%H%M%S.%f}-{secrets.token_hex(2)}",
        started=now.isoformat(timespec="seconds"),
        device=device,
        n_workers=n_workers,
        engine=engine,
        software=software(),
        machine=f"{platform.system()} {platform.machine()}, Python {platform.python_version()}",
    )


def end(report: RunReport, status: Status, error: str = "") -> None:
    """Mark a run as ended now."""
    report.status = status
    report.error = error
    report.finished = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")


def software() -> dict[str, str]:
    """Return the versions of this software and the libraries that decide results."""
    found = {}
    for name in ("wunderkammer", *_LIBRARIES):
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def last_runs(root: Path, n: int) -> Sequence[Mapping[str, Any]]:
    """Return the records of the last ``n`` runs, newest first."""
    paths = sorted((root / "runs").glob("*.json"), reverse=True)[:n]
    return [read_json(path) for path in paths]
