import io
import zipfile

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from PIL import Image

from wunderkammer.atlas.containers import (
    DirectoryReader,
    DirectoryWriter,
    PMTilesReader,
    PMTilesWriter,
    verify_pmtiles,
)
from wunderkammer.atlas.encoding import encode_tile
from wunderkammer.atlas.schemas import Tiles
from wunderkammer.atlas.style import TileStyle
from wunderkammer.atlas.tile_export import export_tiles
from wunderkammer.core.errors import ConfigurationError, StageError

STYLE = TileStyle(format="png", background="#204060")
ADDRESSES = [(0, 0, 0), (1, 0, 0), (1, 1, 1), (2, 0, 1), (2, 3, 3)]


def tile(address):
    seed = sum(place << 8 * part for part, place in enumerate(address))
    noise = np.random.default_rng(seed).integers(0, 256, (256, 256, 3), dtype=np.uint8)
    return encode_tile(noise, STYLE)


@pytest.fixture(params=["pmtiles", "directory"])
def pyramid(request, tmp_path):
    """Return the folder of a pyramid whose zoom 1 has representatives, in either container."""
    folder = tmp_path / "artifact"
    folder.mkdir()
    single = request.param == "pmtiles"
    writer = (
        PMTilesWriter(folder / "tiles.pmtiles", "image/png")
        if single
        else DirectoryWriter(folder / "tiles", "png")
    )
    with writer:
        for address in ADDRESSES:
            writer.write(*address, tile(address))
    described = Tiles(
        container=request.param,
        path="tiles.pmtiles" if single else "tiles/{z}/{x}/{y}.png",
        retina_path=None,
        media_type="image/png",
        tile_px=256,
        min_zoom=0,
        max_zoom=2,
        background=STYLE.background,
    )
    (folder / "tiles.json").write_text(described.model_dump_json())
    pq.write_table(pa.table({"zoom": [1, 1]}), folder / "representatives.parquet")
    return folder


def test_a_zip_holds_every_tile_and_says_what_they_are(pyramid, tmp_path):
    made = export_tiles(pyramid, tmp_path / "a.zip", "zip")
    assert made.n_tiles == len(ADDRESSES)
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        described = Tiles.model_validate_json(archive.read("tiles.json"))
        assert len(archive.namelist()) == 1 + len(ADDRESSES)
        for address in ADDRESSES:
            name = described.path.format(**dict(zip("zxy", address, strict=True)))
            assert archive.read(name) == tile(address)


def test_from_either_container_comes_the_same_archive(pyramid, tmp_path):
    export_tiles(pyramid, tmp_path / "a.pmtiles", "pmtiles", title="Moths")
    export_tiles(pyramid, tmp_path / "folder", "directory")
    assert verify_pmtiles(tmp_path / "a.pmtiles") == []
    with PMTilesReader(tmp_path / "a.pmtiles") as archive:
        assert dict(archive.items()) == {address: tile(address) for address in ADDRESSES}
        assert archive.metadata["name"] == "Moths"
        folder = DirectoryReader(tmp_path / "folder", "png")
        assert list(folder.items()) == list(archive.items())


def test_a_deep_zoom_image_hides_what_a_viewer_would_let_shine_through(pyramid, tmp_path):
    made = export_tiles(pyramid, tmp_path / "a.dzi", "dzi")
    level = tmp_path / "a_files" / "10"
    below = {(x, y) for x in (0, 1) for y in (0, 1)} | {(x, y) for x in (2, 3) for y in (2, 3)}
    assert {path.stem for path in level.iterdir()} == {f"{x}_{y}" for x, y in below}
    assert (level / "0_1.png").read_bytes() == tile((2, 0, 1))
    with Image.open(io.BytesIO((level / "1_1.png").read_bytes())) as blank:
        assert blank.getcolors() == [(256 * 256, (0x20, 0x40, 0x60))]
    assert (made.n_tiles, made.n_blank) == (len(ADDRESSES) + 6, 6)


def test_an_earlier_export_is_replaced_and_nothing_else_ever(pyramid, tmp_path):
    export_tiles(pyramid, tmp_path / "folder", "directory")
    export_tiles(pyramid, tmp_path / "folder", "directory")
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("dear")
    with pytest.raises(ConfigurationError, match="no earlier export"):
        export_tiles(pyramid, tmp_path / "mine", "directory")
    (tmp_path / "mine").rename(tmp_path / "b_files")
    with pytest.raises(ConfigurationError, match="no earlier export"):
        export_tiles(pyramid, tmp_path / "b.dzi", "dzi")
    assert (tmp_path / "b_files" / "letter.txt").read_text() == "dear"


def test_an_export_that_was_killed_before_its_last_file_is_done_again(pyramid, tmp_path):
    export_tiles(pyramid, tmp_path / "a.dzi", "dzi")
    whole = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    (tmp_path / "a.dzi").unlink()
    (tmp_path / ".tmp-00000000-4194999-a.dzi").write_bytes(b"half")  # no process has that number
    export_tiles(pyramid, tmp_path / "a.dzi", "dzi")
    now = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert now == whole


def test_a_target_of_another_ending_is_refused_with_a_name_that_would_do(pyramid, tmp_path):
    with pytest.raises(ConfigurationError, match=r"ends in \.dzi") as caught:
        export_tiles(pyramid, tmp_path / "a.zip", "dzi")
    assert "a.zip.dzi" in caught.value.hint


def test_tiles_of_twice_the_pixels_that_are_not_there_are_missed(pyramid, tmp_path):
    with pytest.raises(StageError, match="twice the pixels"):
        export_tiles(pyramid, tmp_path / "a.zip", "zip", retina=True)
