"""``wk bucket``."""

from __future__ import annotations

import click


@click.group(short_help="Look after collections that live in a bucket.")
def command() -> None:
    """Look after collections that live in a bucket, such as s3://museum/moths.

    Every command that takes -C PATH takes such an address too.
    """


@command.command("show")
@click.argument("address")
def show(address: str) -> None:
    """Say what a bucket holds of a collection, who is changing it, and where its copy lies."""
    from wunderkammer.storage.caring import described

    for line in described(address):
        click.echo(line)


@command.command("free")
@click.argument("address")
def free(address: str) -> None:
    """Take the right to change a collection from a process that is dead.

    Nothing is lost or spoilt if it lives after all: it stops at its next commit.
    """
    from wunderkammer.storage.caring import freed

    click.echo(freed(address))


@command.command("sweep")
@click.argument("address")
@click.option(
    "--older-than",
    "days",
    type=click.FloatRange(min=0),
    default=1.0,
    show_default=True,
    help="Days that what nobody names any more is kept for those who may still be reading it.",
)
def sweep(address: str, days: float) -> None:
    """Remove what earlier states of a collection left in the bucket."""
    from wunderkammer.storage.caring import swept

    found = swept(address, days)
    click.echo(
        f"removed: {found.n_objects:,} objects of {found.n_bytes:,} bytes, "
        f"{found.n_manifests:,} manifests"
    )


@command.command("fill")
@click.argument("folder", type=click.Path(exists=True, file_okay=False))
@click.argument("address")
def fill(folder: str, address: str) -> None:
    """Bring a collection that lies in FOLDER into a bucket, where there is none yet."""
    from wunderkammer.storage.caring import filled

    root = filled(folder, address)
    click.echo(f"{address} holds the collection; its working copy is {root}")
