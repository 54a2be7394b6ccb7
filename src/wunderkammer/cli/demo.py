"""``wk demo``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from wunderkammer.cli.options import settings


@click.command(short_help="Synthetic specimens, all the way to an atlas.")
@click.argument("path", type=click.Path(path_type=Path), required=False)
@click.option("-n", "--specimens", default=600, show_default=True, help="How many to draw.")
@click.option("--seed", default=1, show_default=True, help="Other seeds draw other specimens.")
@click.option(
    "--museum", is_flag=True, help="Real specimens instead: fetch 218 photographs of four museums."
)
@click.option("--contact", help="Your e-mail address or web page: the museums are told who asks.")
@click.option("--mirror", default="", help="Fetch from MIRROR/<host>/<path> instead of the hosts.")
@click.option("--serve/--no-serve", default=True, help="Serve the atlas afterwards.")
@click.option("--port", default=8000, show_default=True, help="Port; 0 takes a free one.")
@settings
@click.pass_context
def command(
    ctx: click.Context,
    /,
    path: Path | None,
    museum: bool,
    serve: bool,
    port: int,
    assignments: tuple[str, ...],
    **of_kind: Any,
) -> None:
    """Draw synthetic specimens, take them through every stage into PATH, serve the atlas.

    Nothing is downloaded, unless you ask for --museum: then CC0 photographs of
    real specimens are fetched from four museums, one a second from each, in two
    to three minutes. Run again, it goes on where it was, or serves at once.
    """
    from wunderkammer.cli import run
    from wunderkammer.cli import serve as serving
    from wunderkammer.core.template import parse_assignment

    path = path or Path("museum" if museum else "demo")
    if not (path / "collection.toml").exists():
        chosen = dict(parse_assignment(text) for text in assignments)
        if museum:
            _begin_museum(path, of_kind["contact"], of_kind["mirror"], chosen)
        else:
            _begin_synthetic(path, of_kind["specimens"], of_kind["seed"], chosen)
    if museum:
        _fetch_museum(path)
    ctx.invoke(run.command, path=path, retry_failed=False, workers=None, device="cpu", strict=False)
    if serve:
        ctx.invoke(serving.command, path=path, port=port, host="127.0.0.1")


def _begin_synthetic(path: Path, specimens: int, seed: int, chosen: dict[str, Any]) -> None:
    import wunderkammer
    from wunderkammer.testing import SpecimenGenerator, write_archive

    click.echo(f"drawing {specimens:,} specimens")
    write_archive(path / "source", SpecimenGenerator(seed=seed), specimens, truth=False)
    about: dict[str, Any] = {
        "collection.title": "Cabinet of synthetic specimens",
        "collection.description": "Drawn by Wunderkammer's generator: every name, place "
        "and date in it is invented.",
        "ingest.source.name": "dwca",
        "ingest.source.path": "source",
        "cutout": {},
        "upright": {},
    }
    if not any(name.startswith("cutout.segmenter") for name in chosen):
        about["cutout.segmenter"] = {"name": "unet", "mirrored": False}  # drawn: one look will do
    wunderkammer.create(path, about | chosen)


def _begin_museum(path: Path, contact: str | None, mirror: str, chosen: dict[str, Any]) -> None:
    import wunderkammer
    from wunderkammer.testing.museum import museum_hosts, write_museum_archive

    if not contact:
        raise click.UsageError(
            "The museums are told who asks: give your e-mail address or web page, "
            "--contact you@example.org."
        )
    n_media = write_museum_archive(path / "source", mirror=mirror)
    click.echo(f"{n_media} photographs of {', '.join(museum_hosts())}, all CC0")
    about = {
        "collection.title": "Cabinet of four museums",
        "collection.description": "Specimens of the Smithsonian, Naturalis, Yale Peabody and "
        "Luxembourg natural history museums, published CC0 through GBIF.",
        "collection.contact": contact,
        "ingest.source.name": "dwca",
        "ingest.source.path": "source",
    }
    wunderkammer.create(path, about | chosen)


def _fetch_museum(path: Path) -> None:
    """Fetch what is not here yet; without any of it there is nothing to show."""
    import wunderkammer
    from wunderkammer.cli.progress import watching

    collection = wunderkammer.open(path)
    with watching() as progress:
        collection.run(["ingest", "fetch"], retry_failed=True, progress=progress)
    fetched = next(one for one in collection.status() if one.group == "fetch")
    if not fetched.n_done:
        raise click.ClickException(
            "none of the museums can be reached from here; 'wk failures' in "
            f"{path} says what happened.\nA demo that needs no network: wk demo"
        )
