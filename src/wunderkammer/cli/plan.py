"""``wk plan``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from wunderkammer.cli.options import tables_read

if TYPE_CHECKING:
    from wunderkammer.core.plan import StagePlan


@click.command(short_help="Say what a run would do, and why.")
@click.option("--retry-failed", is_flag=True, help="Count what failed before as to do.")
@tables_read
def command(path: Path, retry_failed: bool) -> None:
    """Say what a run would do, and why, without doing it.

    Reasons are: new, settings changed, input changed, failed before.
    """
    import wunderkammer

    plan = wunderkammer.open(path).plan(retry_failed=retry_failed)
    for stage in plan.stages:
        for line in _lines(stage):
            click.echo(line)
    if plan.nothing_to_do:
        click.echo("nothing to do")
    elif any(stage.n_todo < 0 for stage in plan.stages):
        click.echo("(where no number stands, it is known once an earlier stage has run)")


def _lines(stage: StagePlan) -> list[str]:
    lines = []
    if stage.reasons:
        counts = ", ".join(
            f"{reason}" if count < 0 else f"{count:,} {reason}"
            for reason, count in stage.reasons.items()
        )
        fresh = f" ({stage.n_fresh:,} up to date)" if stage.n_fresh else ""
        lines.append(f"{stage.group}: {counts}{fresh}")
        lines += [f"    {change}" for change in stage.changed]
    if stage.note:
        lines.append(f"{stage.group}: {stage.note}")
    return lines
