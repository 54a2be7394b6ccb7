"""Progress of a run: bars on a terminal, plain lines elsewhere."""

from __future__ import annotations

import datetime as dt
import math
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from rich.table import Table

    from wunderkammer.core.lanes import LaneState
    from wunderkammer.core.progress import Progress
    from wunderkammer.core.provenance import StageRun

_EVERY_S = 10.0
_MOST_LANES = 12
"""Lanes shown at a time, those with most to do first."""


@contextmanager
def watching() -> Iterator[Progress]:
    """Yield who watches a run: bars if standard output is a terminal, else lines."""
    if not sys.stdout.isatty():
        yield Lines()
        return
    from rich.live import Live
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
    with Live(refresh_per_second=8) as live:
        yield Bars(Progress(*columns), live)


class Lines:
    """Prints a line each ten seconds of a stage, and when it ends."""

    def __init__(self) -> None:
        self._start = self._said = self._said_lanes = self._said_words = 0.0
        self._n_done = self._n_todo = 0

    def stage_begins(self, group: str, n_todo: int, n_fresh: int) -> None:
        """Note the start."""
        self._start = self._said = self._said_lanes = time.monotonic()
        self._said_words = -math.inf
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

    def lanes_stand(self, group: str, lanes: Sequence[LaneState]) -> None:
        """Print a line a host now and then."""
        now = time.monotonic()
        if now - self._said_lanes < _EVERY_S:
            return
        self._said_lanes = now
        for state in _busiest(lanes):
            words = ", ".join(word for word in _stands(state) if word)
            click.echo(f"  {state.lane}: {words}")

    def stands(self, group: str, text: str) -> None:
        """Print the first words, and others now and then."""
        now = time.monotonic()
        if now - self._said_words >= _EVERY_S:
            self._said_words = now
            click.echo(f"{group}: {text}")

    def stage_ends(self, run: StageRun) -> None:
        """Print what was done."""
        click.echo(f"{run.group}: {outcome(run)}")
        for line in run.note.splitlines():
            click.echo(f"  {line}")


class Bars:
    """Draws a bar a stage with rate and time left, and below them a line a host.

    Parameters
    ----------
    bars : rich.progress.Progress
        Draws the bars.
    live : rich.live.Live
        The part of the screen that is drawn again.
    """

    def __init__(self, bars: Any, live: Any) -> None:
        self._bars = bars
        self._live = live
        self._tasks: dict[str, Any] = {}
        live.update(bars)

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

    def lanes_stand(self, group: str, lanes: Sequence[LaneState]) -> None:
        """Draw a line a host."""
        from rich.console import Group

        self._live.update(Group(self._bars, _table(_busiest(lanes))))

    def stands(self, group: str, text: str) -> None:
        """Write the words beside the bar."""
        self._bars.update(self._tasks[group], note=text)

    def stage_ends(self, run: StageRun) -> None:
        """Fill the bar and say what was done."""
        self._live.update(self._bars)
        task = self._tasks[run.group]
        total = max(1, run.n_done + run.n_failed)
        self._bars.update(task, total=total, completed=total, note=outcome(run))
        for line in run.note.splitlines():
            self._live.console.print(f"{run.group}: {line}", highlight=False)


def _busiest(lanes: Sequence[LaneState]) -> list[LaneState]:
    """Return the unfinished lanes with most to do, busiest first."""
    left = [state for state in lanes if state.n_left]
    return sorted(left, key=lambda state: (-state.n_left, state.lane))[:_MOST_LANES]


def _stands(state: LaneState) -> tuple[str, str, str, str]:
    """Return how a lane stands, in words: done, left, rate, what it waits for."""
    failed = f" ({state.n_failed:,} failed)" if state.n_failed else ""
    waits = state.note
    if state.waits_until is not None:
        left = (state.waits_until - dt.datetime.now(dt.UTC)).total_seconds()
        waits = f"{state.note or 'waits'}, goes on in {max(0.0, left):,.0f} s"
    return f"{state.n_done:,} done{failed}", f"{state.n_left:,} left", f"{state.rate:.1f}/s", waits


def _table(lanes: Sequence[LaneState]) -> Table:
    from rich.table import Table

    table = Table.grid(padding=(0, 2))
    for state in lanes:
        table.add_row(f"  {state.lane}", *_stands(state))
    return table


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
    if run.n_lost:
        words.append(f"{run.n_lost:,} {'worker' if run.n_lost == 1 else 'workers'} lost")
    words += [
        f"{name.removeprefix('n_').replace('_', ' ')} {_figure(value)}"
        for name, value in run.quality.items()
    ]
    return ", ".join(words)


def _figure(value: float) -> str:
    """Return a count with its thousands, anything else with three digits."""
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:.3g}"
