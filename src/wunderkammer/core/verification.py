"""Verification: every stored file held against what was noted of it when it was stored."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

from wunderkammer.core import journal, seals
from wunderkammer.core.ahead import ahead
from wunderkammer.core.configuration import FILE, Configuration
from wunderkammer.core.damage import unreadable
from wunderkammer.core.files import TEMPORARY, file_sha256, read_json
from wunderkammer.core.findings import REMADE, Fault, Finding, Verification, Wanted, unheard
from wunderkammer.core.stored import StoredImages
from wunderkammer.core.sums import SUMS, Sum, Sums, check_of, read_sums, sum_of

NOTED = ("records", "columns", "artifacts", "runs", "weights", "curation", "evaluation")
"""Folders whose files are noted in _SHA256SUMS."""

MASKS = f"{journal.FOLDER}/masks"

_TRANSIENT = frozenset({SUMS, "before.json", ".lock"})
_THREADS = 4
_WAITING = 64


class Verifier:
    """Looks at the files of a collection.

    Parameters
    ----------
    root : Path
        The collection's folder; nothing may change it meanwhile.
    configuration : Configuration
        The stages.
    quick : bool
        Look at lengths only, and whether files are there.
    each : callable, optional
        Is told after each file how many were looked at, and how many bytes.
    """

    def __init__(
        self,
        root: Path,
        configuration: Configuration,
        *,
        quick: bool = False,
        each: Callable[[int, int], None] = unheard,
    ) -> None:
        self.root = root
        self.configuration = configuration
        self.quick = quick
        self.result = Verification()
        self._each = each

    def verify(self) -> Verification:
        """Look at all, and return what was found."""
        start = time.perf_counter()
        for folder in self._noted_folders():
            self._look_at_notes(folder)
        self._look_at_unproven()
        broken = {one.path for one in self.result.findings}
        StoredImages(self, broken).look()
        self._look_at_journals()
        self._look_at_settings()
        self.result.findings.sort(key=lambda one: one.path)
        self.result.seconds = time.perf_counter() - start
        return self.result

    def found(self, finding: Finding) -> None:
        """Add a finding."""
        self.result.findings.append(finding)

    def actual(self, files: Iterator[Wanted]) -> Iterator[tuple[Wanted, Sum | None]]:
        """Yield files with their digest and length, None where there is no such file.

        A few are read at the same time, few wait: memory is bounded. With ``quick`` a digest
        is that which is wanted, if the length is.
        """
        for wanted, found in ahead(self._actual, files, n_threads=_THREADS, n_waiting=_WAITING):
            self.result.n_files += 1
            self.result.n_bytes += found.n_bytes if found else 0
            self._each(self.result.n_files, self.result.n_bytes)
            yield wanted, found

    def _actual(self, wanted: Wanted) -> tuple[Wanted, Sum | None]:
        path = self.root / wanted.path
        try:
            if not self.quick:
                return wanted, sum_of(path)
            n_bytes = path.stat().st_size
        except FileNotFoundError:
            return wanted, None
        except OSError:
            return wanted, Sum("", -1)
        same = [one for one in wanted.sums if n_bytes and one.n_bytes in {n_bytes, -1}]
        same = same or [one for one in wanted.sums if one.n_bytes == n_bytes]
        return wanted, same[0] if same else Sum("", n_bytes)

    def _noted_folders(self) -> Iterator[Path]:
        for top in NOTED:
            yield from sorted(path.parent for path in (self.root / top).rglob(SUMS))

    def _look_at_notes(self, folder: Path) -> None:
        """Hold the files of a folder against its notes, and the notes against themselves."""
        notes = read_sums(folder)
        below = folder.relative_to(self.root).as_posix()
        names = sorted(
            name for name in notes.noted if (folder / name).exists() or name in notes.expected
        )
        if below == "runs":  # whoever tidies up may remove one
            names = [name for name in names if (folder / name).exists()]
        wanted = (Wanted(f"{below}/{name}", tuple(notes.noted[name])) for name in names)
        actual: dict[str, Sum] = {}
        wrong = []
        for one, found in self.actual(wanted):
            if found is not None:
                actual[one.path.removeprefix(f"{below}/")] = found
            if not one.is_met_by(found):
                fault = Fault.MISSING if found is None else Fault.OTHER_BYTES
                wrong.append(Finding(one.path, fault))
        if not notes.is_sound:
            self._look_at_damaged_notes(folder, notes, wrong, actual)
            return
        self.result.findings += wrong

    def _look_at_damaged_notes(
        self, folder: Path, notes: Sums, wrong: list[Finding], actual: dict[str, Sum]
    ) -> None:
        """Tell damage to the notes from damage to files: a check knows all files of its block."""
        path = (folder / SUMS).relative_to(self.root).as_posix()
        below = path.removesuffix(SUMS)
        sums = {name: actual.get(name) or sum_of(folder / name) for name in _own_files(folder)}
        if not wrong or notes.checks == [check_of(sums.items())] or notes.explained_by(sums):
            self.found(Finding(path, Fault.DAMAGED_NOTES))
            return
        self.found(Finding(path, Fault.UNREADABLE, "it does not give its own check"))
        self.result.findings += [one for one in wrong if one.fault is not Fault.MISSING]
        for name in sums:
            if name not in notes.noted and below.split("/", 1)[0] in REMADE:
                detail = "nothing proves it any more"
                self.found(Finding(f"{below}{name}", Fault.OTHER_BYTES, detail))

    def _look_at_unproven(self) -> None:
        """Look whether files of which nothing is noted can be read."""
        noted: dict[Path, set[str]] = {f: set(read_sums(f).noted) for f in self._noted_folders()}
        for top in NOTED:
            for path in sorted((self.root / top).rglob("*")):
                if self._is_proven(path, noted) or not path.is_file():
                    continue
                name = path.relative_to(self.root).as_posix()
                why = "" if self.quick else unreadable(path, may_be_cut_off=top == "runs")
                self.result.n_files += 1
                self.result.n_bytes += path.stat().st_size
                self.result.unproven.append(name)
                if why:
                    self.found(Finding(name, Fault.UNREADABLE, why))

    def _is_proven(self, path: Path, noted: dict[Path, set[str]]) -> bool:
        """Tell whether a file is among the notes of its folder or one above it."""
        if path.name in _TRANSIENT or path.name.startswith(TEMPORARY):
            return True
        for folder in path.parents:
            if folder == self.root:
                return False
            if folder in noted and path.relative_to(folder).as_posix() in noted[folder]:
                return True
        return False

    def _look_at_settings(self) -> None:
        """Look whether ``collection.toml`` is what it was at the last run that noted it."""
        names = (
            path.relative_to(self.root).as_posix() for path in (self.root / "runs").glob("*.json")
        )
        broken = {one.path for one in self.result.findings}
        sound = max((name for name in names if name not in broken), default="")
        noted = (read_json(self.root / sound) or {}).get("configuration") if sound else ""
        if noted:
            self.result.is_as_last_run = noted == file_sha256(self.root / FILE)

    def _look_at_journals(self) -> None:
        """Hold what people stated against its seals, and drawn masks against their names."""
        folder = self.root / journal.FOLDER
        months = {path.stem for path in folder.glob("*.jsonl")}
        for month in sorted(months | {path.stem for path in folder.glob(f"*{seals.SUFFIX}")}):
            path = folder / f"{month}.jsonl"
            name = path.relative_to(self.root).as_posix()
            self.result.n_files += 1
            if not path.exists():
                self.found(Finding(name, Fault.MISSING))
                continue
            self.result.n_bytes += path.stat().st_size
            sealed = seals.check(path)
            for lines in sealed.broken:
                self.found(Finding(name, Fault.OTHER_BYTES, _lines(lines)))
            if sealed.n_missing:
                self.found(
                    Finding(
                        name, Fault.OTHER_BYTES, f"the last {sealed.n_missing:,} bytes are gone"
                    )
                )
            if not sealed.is_sound:
                seal = path.with_suffix(seals.SUFFIX).relative_to(self.root).as_posix()
                self.found(Finding(seal, Fault.DAMAGED_NOTES))
        masks = sorted(path for path in (self.root / MASKS).glob("*.*") if path.is_file())
        named = (Wanted(f"{MASKS}/{one.name}", (Sum(one.stem, -1),)) for one in masks)
        for wanted, found in self.actual(one for one in named if TEMPORARY not in one.path):
            if not wanted.is_met_by(found):
                self.found(Finding(wanted.path, Fault.OTHER_BYTES))


def _own_files(folder: Path) -> list[str]:
    """Return the files that the notes of a folder may speak of, in the order of their names."""
    nested = [path.parent for path in folder.rglob(SUMS) if path.parent != folder]
    files = (
        path
        for path in folder.rglob("*")
        if path.is_file() and path.name not in _TRANSIENT and TEMPORARY not in path.name
    )
    own = (path for path in files if not any(one in path.parents for one in nested))
    return sorted(path.relative_to(folder).as_posix() for path in own)


def _lines(broken: seals.Broken) -> str:
    first, last = broken
    return f"line {first:,}" if first == last else f"one of lines {first:,} to {last:,}"
