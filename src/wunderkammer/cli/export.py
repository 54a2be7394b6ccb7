"""``wk export``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from wunderkammer.cli._formats import format_command, format_names
from wunderkammer.cli.options import folder_read

if TYPE_CHECKING:
    from wunderkammer.exports.images import ExportReport


class Exports(click.Group):
    """The commands of this file, and one a format, made from the format itself."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return ours, then the formats."""
        return [*super().list_commands(ctx), *format_names()]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return one of ours, or make the command of a format."""
        ours = super().get_command(ctx, cmd_name)
        return ours or (format_command(cmd_name) if cmd_name in format_names() else None)


@click.group(cls=Exports, short_help="Write what a collection made as files for others.")
def command() -> None:
    """Write what a collection made as files for others, or media in a format others read.

    Pictures, features, an encoder, tiles; and formats that hold records, labels, outlines
    and licences: archives, tables, manifests, data sets.
    """


@command.command(short_help="Framed pictures of the specimens, with licences and holders.")
@click.option(
    "--to",
    "target",
    type=click.Path(path_type=Path),
    required=True,
    metavar="FOLDER",
    help="A new folder, one of an earlier export, or a file that ends in .zip.",
)
@click.option(
    "--picture",
    type=click.Choice(["upright", "cutout"]),
    default="upright",
    show_default=True,
    help="Turned head up, or as they lie in the photograph.",
)
@click.option(
    "--size", "size_px", default=1024, show_default=True, help="Side of the square in pixels."
)
@click.option(
    "--margin",
    default=0.05,
    show_default=True,
    help="Free on each side at least, as a share of the side.",
)
@click.option(
    "--background",
    default="white",
    show_default=True,
    metavar="COLOUR",
    help="A colour by name or as #f0f0f0, or transparent.",
)
@click.option("--shadow/--no-shadow", default=False, help="A soft shadow under the specimen.")
@click.option(
    "--enlarge", is_flag=True, help="Enlarge what is smaller than the frame; else it stays small."
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["jpeg", "png", "webp"]),
    default="jpeg",
    show_default=True,
    help="Format of the files.",
)
@click.option("--quality", default=92, show_default=True, help="Quality of JPEG and WebP.")
@click.option(
    "--where",
    default="",
    metavar="SQL",
    help="Only media that meet a condition, as after WHERE in 'wk query'.",
)
@click.option(
    "--min-px",
    default=0,
    show_default=True,
    help="Leave out cut-outs whose smaller side has fewer pixels of the photograph.",
)
@click.option(
    "--licence", default="", metavar="TEXT", help="Licence of media whose record states none."
)
@click.option(
    "--rights-holder", default="", metavar="NAME", help="Holder where the record names none."
)
@click.option("--workers", type=click.IntRange(0), help="Processes; default: one a core.")
@folder_read
def images(path: Path, target: Path, **options: object) -> None:
    """Write framed pictures of the specimens, and whose they are as images.csv.

    A medium without a licence or a rights holder stays behind, and left-out.csv names
    it. The same command again goes on where it was stopped, and does only what changed.

    \b
    wk export images --to pictures
    wk export images --to plates.zip --size 2048 --format png --background transparent
    wk export images --to sure --where "cutout_confidence > 0.9" --min-px 600
    """  # noqa: D301 - \b keeps click from joining the lines
    import wunderkammer
    from wunderkammer.cli.progress import watching
    from wunderkammer.core.settings import build
    from wunderkammer.exports.images import Choice, Frame, export_images

    choice = Choice(
        str(options.pop("where")),
        int(str(options.pop("min_px"))),
        str(options.pop("licence")),
        str(options.pop("rights_holder")),
    )
    n_workers = options.pop("workers")
    options["format"] = options.pop("form")
    frame = build(Frame, options, where="wk export images")
    with watching() as progress:
        report = export_images(
            wunderkammer.open(path),
            target,
            frame,
            choice,
            n_workers=n_workers if isinstance(n_workers, int) else None,
            progress=progress,
        )
    _say(target, report)


@command.command(short_help="Features as an array with its ids, or as one table.")
@click.option(
    "--to",
    "target",
    type=click.Path(path_type=Path),
    required=True,
    metavar="FOLDER",
    help="A new folder, or one of an earlier export, which is replaced.",
)
@click.option(
    "--features",
    default="",
    metavar="NAME",
    help="Which features, by the name they are called; default: the first.",
)
@click.option(
    "--form",
    type=click.Choice(["npy", "parquet"]),
    default="npy",
    show_default=True,
    help="An array and a file of ids in its order, or one table of both.",
)
@click.option(
    "--ids",
    type=click.Choice(["txt", "parquet"]),
    default="txt",
    show_default=True,
    help="The ids beside an array: one a line, or a table.",
)
@click.option(
    "--pca",
    type=click.IntRange(0),
    default=0,
    metavar="N",
    help="Write N principal components in place of the features, and how they were made.",
)
@click.option(
    "--where",
    default="",
    metavar="SQL",
    help="Only media that meet a condition, as after WHERE in 'wk query'.",
)
@folder_read
def features(path: Path, target: Path, features: str, where: str, **options: object) -> None:
    """Write the vectors of an encoder for other programs.

    \b
    wk export features --to vectors
    wk export features --to vectors --features efficientnet-lite0 --pca 64
    wk export features --to table --form parquet --where "family = 'Pieridae'"
    """  # noqa: D301 - \b keeps click from joining the lines
    import wunderkammer
    from wunderkammer.core.settings import build
    from wunderkammer.exports.features import FeaturesForm, export_features

    form = build(FeaturesForm, options, where="wk export features")
    collection = wunderkammer.open(path)
    made = export_features(collection, target, form, features=features, where=where)
    kept = f", {made.explained:.1%} of the variance" if form.pca else ""
    click.echo(f"{target}: {made.n_media:,} media x {made.n_columns:,}{kept}")


@command.command(short_help="An encoder's network as an ONNX file.")
@click.option(
    "--to",
    "target",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    metavar="FILE",
    help="The file, such as encoder.onnx; one that is there is replaced.",
)
@click.option(
    "--features",
    default="",
    metavar="NAME",
    help="The encoder of these features of the collection; default: the first.",
)
@click.option(
    "--encoder",
    default="",
    metavar="NAME",
    help="An encoder by its name instead, as it is by default; no collection is needed.",
)
@folder_read
def encoder(path: Path, target: Path, features: str, encoder: str) -> None:
    """Write an encoder's network as an ONNX file, and compare it with torch.

    \b
    wk export encoder --to encoder.onnx
    wk export encoder --to lite0.onnx --encoder efficientnet-lite0
    How an image becomes its input stands in the file's metadata.
    """  # noqa: D301 - \b keeps click from joining the lines
    from wunderkammer.core.device import Device
    from wunderkammer.encoders import registry
    from wunderkammer.exports.onnx import export_encoder

    chosen: Any = registry.parse(encoder) if encoder else _encoder_of(path, features)
    chosen.load(Device("cpu", 1), path.resolve())
    made = export_encoder(chosen, target)
    click.echo(
        f"{target}: {chosen.name}, {made.n_features:,} features, {made.n_bytes / 1e6:.1f} MB; "
        f"largest difference from torch {made.difference:.1e} ({made.relative:.1e} of the largest)"
    )


@command.command(short_help="The pyramid of the atlas as a Deep Zoom Image, a ZIP, a folder.")
@click.option(
    "--to",
    "target",
    type=click.Path(path_type=Path),
    required=True,
    metavar="PATH",
    help="A file that ends in .dzi, .zip or .pmtiles, or a folder; an earlier export is replaced.",
)
@click.option(
    "--as",
    "form",
    type=click.Choice(["dzi", "zip", "pmtiles", "directory"]),
    required=True,
    help="A Deep Zoom Image; one ZIP or PMTiles file; a folder with a file a tile.",
)
@click.option(
    "--layout", default="", metavar="NAME", help="The tiles of this layout; default: the first."
)
@click.option(
    "--retina", is_flag=True, help="The tiles of twice the pixels (@2x) in place of the plain ones."
)
@folder_read
def tiles(path: Path, target: Path, form: Any, layout: str, *, retina: bool) -> None:
    """Copy the finished pyramid into another container; nothing is drawn again.

    \b
    wk export tiles --as dzi --to moths.dzi
    wk export tiles --as zip --to moths.zip --retina
    """  # noqa: D301 - \b keeps click from joining the lines
    import wunderkammer
    from wunderkammer.atlas.tile_export import export_tiles

    collection = wunderkammer.open(path)
    made = export_tiles(
        collection.artifacts(f"tile/{layout}" if layout else "tile"),
        target,
        form,
        retina=retina,
        title=collection.configuration.about.title,
    )
    blank = f" ({made.n_blank:,} of bare ground)" if made.n_blank else ""
    click.echo(f"{target}: {made.n_tiles:,} tiles{blank}, {made.n_bytes / 1e6:,.1f} MB")


def _encoder_of(path: Path, features: str) -> Any:
    """Return the encoder of the features of a name, or of the first."""
    import wunderkammer

    group = f"features/{features}" if features else "features"
    stage: Any = wunderkammer.open(path).configuration.stage(group)
    return stage.encoder


def _say(target: Path, report: ExportReport) -> None:
    click.echo(
        f"{target}: {report.n_written + report.n_kept:,} pictures ({report.n_written:,} written, "
        f"{report.n_kept:,} were there), {len(report.failed):,} failed"
    )
    if report.n_removed:
        click.echo(f"{report.n_removed:,} pictures of an earlier export removed")
    for why, number in report.left_out.most_common():
        click.echo(f"{number:>10,}  left out: {why}")
    for media_id, message in list(report.failed.items())[:5]:
        click.echo(f"  {media_id}: {message}", err=True)
