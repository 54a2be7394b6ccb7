"""``wk verify``."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from wunderkammer.cli.options import folder

if TYPE_CHECKING:
    from wunderkammer.core.findings import Verification

_EVERY_S = 10.0
_FEW = 20


@click.command(short_help="Hold every stored file against its digest.")
@click.argument("site", type=click.Path(path_type=Path, file_okay=False), required=False)
@click.option("--quick", is_flag=True, help="Look at lengths only, and whether files are there.")
@click.option(
    "--repair", is_flag=True, help="Set aside what 'wk run' can make again; nothing is deleted."
)
@click.option("--all", "everything", is_flag=True, help="List every file, not the first twenty.")
@folder
def command(path: Path, site: Path | None, quick: bool, repair: bool, everything: bool) -> None:
    """Hold every stored file against its digest; name what is damaged, and what to do.

    With --repair, what 'wk run' can make again is set aside below damaged/, and the
    next 'wk run' makes only that. What people stated is never touched.

    SITE is a folder that 'wk publish' wrote, or a copy of one: it is verified in place of
    a collection. What is damaged there is published again, not repaired.
    """
    from wunderkammer.cli import DAMAGED

    found = _of_site(site, quick, repair) if site else _of_collection(path, quick, repair)
    _list(found, everything=everything)
    how = "looked for" if quick else "read"
    click.echo(
        f"{found.n_files:,} files ({found.n_bytes / 1e6:,.1f} MB) {how} in {found.seconds:,.1f} s: "
        f"{len(found.findings) or 'none'} damaged"
    )
    if not found.is_as_last_run:
        click.echo(
            "collection.toml is not what it was at the last run; if you did not change it, "
            "'wk plan' says what differs"
        )
    if found.unproven:
        few = ", ".join(found.unproven[:3]) + (", …" if len(found.unproven) > 3 else "")
        click.echo(f"{len(found.unproven):,} files have no digest yet: {few}")
    if repair and len(found.left) < len(found.findings):
        where = "" if path.resolve() == Path.cwd() else f" -C {path}"
        click.echo(f"set aside in {path.resolve() / 'damaged'}. Next: wk run{where}")
    if found.left if repair else found.findings:
        click.get_current_context().exit(DAMAGED)


def _of_collection(path: Path, quick: bool, repair: bool) -> Verification:
    import wunderkammer

    return wunderkammer.open(path).verify(quick=quick, repair=repair, each=_Telling().told)


def _of_site(site: Path, quick: bool, repair: bool) -> Verification:
    from wunderkammer.core.published import verify_site

    if repair:
        raise click.UsageError(
            "--repair sets aside what 'wk run' makes again; a site is published again instead."
        )
    return verify_site(site, quick=quick, each=_Telling().told)


def _list(found: Verification, *, everything: bool) -> None:
    """Print each finding with what depends on it and what to do."""
    n_shown = len(found.findings) if everything else _FEW
    pairs = zip(found.findings, found.remedies, strict=True)
    for _, (finding, remedy) in zip(range(n_shown), pairs, strict=False):
        detail = f" ({finding.detail})" if finding.detail else ""
        click.echo(f"{finding.path} {finding.fault}{detail}")
        click.echo(f"    {remedy.depends}: {remedy.way}")
    if len(found.findings) > n_shown:
        click.echo(f"… and {len(found.findings) - n_shown:,} more (--all lists them)")


class _Telling:
    """Tells how far it is: a line that is written over on a terminal, else one now and then."""

    def __init__(self) -> None:
        self._is_terminal = sys.stdout.isatty()
        self._said = time.monotonic()

    def told(self, n_files: int, n_bytes: int) -> None:
        """Print how many files were looked at."""
        now = time.monotonic()
        if now - self._said < (0.2 if self._is_terminal else _EVERY_S):
            return
        self._said = now
        text = f"{n_files:,} files, {n_bytes / 1e6:,.1f} MB"
        click.echo(f"\r{text} " if self._is_terminal else text, nl=not self._is_terminal)
