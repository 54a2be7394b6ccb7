"""Progress of a run: bars on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from wunderkammer.core.progress import Progress
    from wunderkammer.core.provenance import StageRun

_EVERY_S = 10.0


@contextmanager
def watching() -> Iterator[Progress]:
    """Yield who watches a run: bars if standard output is a terminal, else lines."""
    if not sys.stdout.isatty():
        yield Lines()
        return
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        SpinnerColumn,
        TextColumn,
        TimeRemainingColumn,
    )

    columns = (
        SpinnerColumn(finished_text="✓"),
        TextColumn("{task.description:<32}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(compact=True),
        TextColumn("{task.fields[note]}"),
    )
    with Progress(*columns) as bars:
        yield Bars(bars)


class Lines:
    """Prints a line when a stage begins, each ten seconds, and when it ends."""

    def __init__(self) -> None:
        self._start = self._said = 0.0
        self._n_done = self._n_todo = 0

    def stage_begins(self, group: str, n_todo: int, n_fresh: int) -> None:
        """Note the start."""
        self._start = self._said = time.monotonic()
        self._n_done, self._n_todo = 0, n_todo

    def advanced(self, group: str, n_done: int, n_failed: int) -> None:
        """Print a line now and then."""
        self._n_done += n_done + n_failed
        now = time.monotonic()
        if now - self._said >= _EVERY_S:
            self._said = now
            rate = self._n_done / (now - self._start)
            left = (self._n_todo - self._n_done) / rate if rate else 0
            click.echo(
                f"{group}: {self._n_done:,} of {self._n_todo:,}, {rate:,.1f}/s, {left:,.0f} s left"
            )

    def stage_ends(self, run: StageRun) -> None:
        """Print what was done."""
        click.echo(f"{run.group}: {outcome(run)}")


class Bars:
    """Draws a bar a stage with rate and time left."""

    def __init__(self, bars: Any) -> None:
        self._bars = bars
        self._tasks: dict[str, Any] = {}

    def stage_begins(self, group: str, n_todo: int, n_fresh: int) -> None:
        """Add a bar."""
        total = n_todo if n_todo >= 0 else None
        self._tasks[group] = self._bars.add_task(group, total=total, rate="", note="")

    def advanced(self, group: str, n_done: int, n_failed: int) -> None:
        """Move the bar on."""
        task = self._tasks[group]
        self._bars.advance(task, n_done + n_failed)
        speed = self._bars.tasks[task].speed
        self._bars.update(task, rate=f"{speed:,.1f}/s" if speed else "")

    def stage_ends(self, run: StageRun) -> None:
        """Fill the bar and say what was done."""
        task = self._tasks[run.group]
        total = max(1, run.n_done + run.n_failed)
        self._bars.update(task, total=total, completed=total, note=outcome(run))


def outcome(run: StageRun) -> str:
    """Return what a stage did in a few words."""
    if not run.reasons:
        words = [f"{run.n_fresh:,} up to date"]
    else:
        words = [f"{run.n_done:,} done in {run.seconds:,.1f} s"]
        if run.n_fresh:
            words.append(f"{run.n_fresh:,} up to date")
    if run.n_failed:
        words.append(f"{run.n_failed:,} failed")
    if run.n_blocked:
        words.append(f"{run.n_blocked:,} left out")
    words += [
        f"{name.removeprefix('n_').replace('_', ' ')} {_figure(value)}"
        for name, value in run.quality.items()
    ]
    if run.note:
        words.append(run.note)
    return ", ".join(words)


def _figure(value: float) -> str:
    """Return a count with its thousands, anything else with three digits."""
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:.3g}"
