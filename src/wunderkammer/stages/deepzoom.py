"""Deep zoom: each picture at its full size, as a small pyramid of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from pydantic import Field

from wunderkammer.core.column import Column
from wunderkammer.core.errors import WunderkammerError
from wunderkammer.core.sizes import in_bytes
from wunderkammer.core.stage import Context, Done, Failed, RowStage
from wunderkammer.stages import _original, _picture

SMALL = "small"

BYTES_PER_PIXEL: Mapping[str, tuple[float, float]] = {
    "jpeg": (0.1, 0.25),
    "webp": (0.06, 0.16),
    "avif": (0.08, 0.22),
    "png": (1.0, 1.7),
}
"""What whole pyramids of museums' photographs took for each pixel, at the usual quality.

From pinned insects on white to herbarium sheets, pages and old prints; cut-outs take less.
"""

Pixels = npt.NDArray[np.uint8]


class DeepzoomStage(RowStage):
    """Tile each picture at its full size, so that visitors can zoom past the map into it.

    One PMTiles file a medium. A medium that cannot be tiled is no failure: it stays on
    the map without, and ``deepzoom_reason`` says why.
    """

    optional: ClassVar[bool] = True
    name: Literal["deepzoom"] = "deepzoom"
    version: Literal["1"] = "1"
    batch_size: ClassVar[int] = 8
    picture: _picture.Name = _picture.picture_field("is tiled, at its full size")
    min_px: int = Field(
        1024,
        description="A picture whose longest side is shorter gets no tiles: its card shows all.",
        ge=1,
    )
    tile_px: Literal[256, 512, 1024] = Field(512, description="Edge of a tile in pixels.")
    format: Literal["", "jpeg", "webp", "avif", "png"] = Field(
        "",
        description="Format of the tiles; empty: JPEG for photographs, WebP for cut-outs, whose "
        "transparency it keeps. JPEG shows cut-outs on white.",
    )
    quality: int = Field(
        0,
        description="Quality of JPEG, WebP and AVIF tiles; 0 takes what was measured to look "
        "alike: 85, 80 and 70. PNG ignores it.",
        ge=0,
        le=100,
    )

    def reads(self) -> tuple[str, ...]:
        """Return what decides the picture: original, cut-out, turn."""
        cut = {"cutout": ("cutout",), "upright": ("cutout", "turned_deg")}
        return (*_original.READS, *cut.get(self.picture, ()))

    def looks_up(self) -> tuple[str, ...]:
        """Return where the original lies."""
        return _original.LOOKS_UP

    def foresees_by(self) -> tuple[str, ...]:
        """Return the sides of the picture."""
        cut = () if self.picture in {"", "image"} else ("cutout_width", "cutout_height")
        return (*cut, "width", "height")

    def foreseen(self, cells: pa.Table) -> str:
        """Say how much room the tiles would take."""
        import pyarrow.compute as pc

        names = self.foresees_by()
        width, height = (
            pc.coalesce(*(cells[name].cast("float64") for name in names[side::2]))
            for side in (0, 1)
        )
        large = pc.greater_equal(pc.max_element_wise(width, height), self.min_px)
        n_large, n_unknown = pc.sum(large).as_py() or 0, width.null_count
        if not n_large:
            return ""
        pixels = pc.sum(pc.multiply(width, height).filter(large)).as_py()
        form = self.format or ("webp" if len(names) > 2 else "jpeg")
        least, most = (in_bytes(pixels * each) for each in BYTES_PER_PIXEL[form])
        further = f", and those of {n_unknown:,} whose size is not known yet" if n_unknown else ""
        other = f"; quality {self.quality} makes another size" if self.quality else ""
        return (
            f"tiles of {n_large:,} pictures, {pixels / 1e6:,.0f} megapixels, take some {least} to "
            f"{most}{further}{other}"
        )

    def writes(self) -> tuple[Column, ...]:
        """Return the tiles, and how large the picture is."""
        return (
            Column("deepzoom", "blob", "The picture at every zoom, PMTiles; empty if it is small."),
            Column("deepzoom_width", "integer", "Width of the tiled picture in pixels."),
            Column("deepzoom_height", "integer", "Height of the tiled picture in pixels."),
            Column("deepzoom_reason", "text", "Why there are no tiles: 'small', or what is amiss."),
        )

    def process(
        self, batch: Sequence[Mapping[str, Any]], context: Context
    ) -> Sequence[Done | Failed]:
        """Do each medium; one that cannot be done says so, and costs only itself."""
        outcomes: list[Done | Failed] = []
        for medium in batch:
            try:
                values = self._tiled(medium, context)
            except WunderkammerError as error:
                values = {"deepzoom_reason": error.message}
            outcomes.append(Done(medium["media_id"], values))
        return outcomes

    def _tiled(self, medium: Mapping[str, Any], context: Context) -> dict[str, Any]:
        from wunderkammer.atlas.medium_tiles import medium_pyramid
        from wunderkammer.atlas.style import TileStyle
        from wunderkammer.imaging.compositing import premultiplied
        from wunderkammer.imaging.turning import on_colour

        picture = self._decoded(medium, context)
        height, width, depth = picture.shape
        if max(height, width) < self.min_px:
            return {"deepzoom_reason": SMALL}
        form = self.format or ("jpeg" if depth == 3 else "webp")
        if depth == 4 and form == "jpeg":
            picture = on_colour(picture, (255, 255, 255))
        elif depth == 4:
            picture = premultiplied(picture)
        style = TileStyle.model_validate({"format": form, "quality": self.quality})
        content = medium_pyramid(picture, style, self.tile_px)
        return {
            "deepzoom": context.write_blob("deepzoom", content, ".pmtiles"),
            "deepzoom_width": width,
            "deepzoom_height": height,
        }

    def _decoded(self, medium: Mapping[str, Any], context: Context) -> Pixels:
        """Return the picture at full size: RGB, or a cut-out as RGBA."""
        from wunderkammer.imaging.cutout_files import decode_cutout
        from wunderkammer.imaging.turning import upright

        turned_deg = medium["turned_deg"] if self.picture == "upright" else None
        if medium.get("cutout"):
            cutout = decode_cutout(context.read_blob(medium["cutout"]))
            return cutout if turned_deg is None else upright(cutout, turned_deg)
        photograph = _original.decoded_original(medium, context.root)
        if not turned_deg:
            return photograph
        return upright(np.insert(photograph, 3, 255, axis=2), turned_deg)
