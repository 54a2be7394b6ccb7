"""``wk demo``."""

from __future__ import annotations

from pathlib import Path

import click


@click.command(short_help="Synthetic specimens, all the way to an atlas.")
@click.argument("path", type=click.Path(path_type=Path), default=Path("demo"))
@click.option("-n", "--specimens", default=600, show_default=True, help="How many to draw.")
@click.option("--seed", default=1, show_default=True, help="Other seeds draw other specimens.")
@click.option("--serve/--no-serve", default=True, help="Serve the atlas afterwards.")
@click.option("--port", default=8000, show_default=True, help="Port; 0 takes a free one.")
@click.pass_context
def command(
    ctx: click.Context, path: Path, specimens: int, seed: int, serve: bool, port: int
) -> None:
    """Draw synthetic specimens, take them through every stage into PATH, serve the atlas.

    Nothing is downloaded. Run again, it goes on where it was, or serves at once.
    """
    import wunderkammer
    from wunderkammer.cli import run
    from wunderkammer.cli import serve as serving
    from wunderkammer.testing import SpecimenGenerator, write_archive

    if not (path / "collection.toml").exists():
        click.echo(f"drawing {specimens:,} specimens")
        write_archive(path / "source", SpecimenGenerator(seed=seed), specimens, truth=False)
        wunderkammer.create(
            path,
            {
                "collection.title": "Cabinet of synthetic specimens",
                "collection.description": "Drawn by Wunderkammer's generator: every name, place "
                "and date in it is invented.",
                "ingest.source.name": "dwca",
                "ingest.source.path": "source",
            },
        )
    ctx.invoke(run.command, path=path, retry_failed=False, workers=None, device="cpu", strict=False)
    if serve:
        ctx.invoke(serving.command, path=path, port=port, host="127.0.0.1")
