"""``wk harvest``: what lies online, written into files that a collection begins from."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click


@click.group(short_help="Write an online search or manifest into files.")
def command() -> None:
    """Write what an online search or manifest holds into files to begin from.

    A collection reads these files, never the network: its records can be made
    again without asking anybody. A harvest that was stopped goes on.
    """


@command.command()
@click.argument("address")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--contact", default="", help="Your e-mail address or web page: hosts are told.")
@click.option("--most", type=int, help="Manifests to have at most.")
@click.option("--rate", type=float, default=1.0, show_default=True, help="Requests a second.")
@click.option("--allow-private", multiple=True, help="A private host or network that may be asked.")
@click.pass_context
def iiif(
    ctx: click.Context, /, address: str, folder: Path, contact: str, most: int | None, **how: Any
) -> None:
    """Save the IIIF manifest at ADDRESS, or all of a collection, in FOLDER."""
    from wunderkammer.fetch.getting import polite_get
    from wunderkammer.fetch.policy import Policy
    from wunderkammer.sources.iiif import harvest

    policy = Policy(requests_per_second=how["rate"], allow_private=how["allow_private"])
    with polite_get(folder, policy, contact=contact) as get:
        found = harvest(address, folder, get, most=most, progress=click.echo)
    for failed, error in found.failed:
        click.echo(f"{failed}: {error.message}", err=True)
    left = f", {found.n_left:,} left out" if found.n_left else ""
    click.echo(f"{found.n_manifests:,} manifests in {folder}, {found.n_fetched:,} new{left}")
    click.echo(f"Next: wk new COLLECTION --from {folder}")
    if found.failed:
        from wunderkammer.cli import SOME_FAILED

        ctx.exit(SOME_FAILED)


def _search_options(function: Callable[..., None]) -> Callable[..., None]:
    """Add an option a field of a search."""

    @functools.wraps(function)
    def with_options(*words: Any, **given: Any) -> None:
        function(*words, **given)

    from wunderkammer.cli.options import stage_options
    from wunderkammer.sources.gbif import GbifSearch

    for option in reversed(list(stage_options(GbifSearch, {}))):
        click.option(
            f"--{option.name}".replace("_", "-"), option.name, default="", help=option.help
        )(with_options)
    return with_options


@command.command()
@click.argument("folder", type=click.Path(path_type=Path))
@_search_options
def gbif(folder: Path, **terms: str) -> None:
    """Save what a search at GBIF finds in FOLDER: occurrences that have images.

    GBIF lets a search be paged through up to 100,000 occurrences; beyond that,
    request a download there and begin from it.
    """
    from wunderkammer.core.settings import build
    from wunderkammer.sources.gbif import GbifSearch, harvest

    found = harvest(folder, build(GbifSearch, terms, where="wk harvest gbif"), told=_told)
    click.echo(f"{found.n_occurrences:,} occurrences with {found.n_media:,} images in {folder}")
    click.echo(f"Next: wk new COLLECTION --from {folder}")


def _told(n_here: int, n_all: int) -> None:
    click.echo(f"{n_here:,} of {n_all:,} occurrences")
