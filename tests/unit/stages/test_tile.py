"""The pyramid of a finished collection."""

import io
import json
import shutil

import pyarrow as pa
import pytest
from PIL import Image

import wunderkammer
from wunderkammer.atlas.containers import DirectoryReader, PMTilesReader
from wunderkammer.atlas.schemas import Tiles
from wunderkammer.core.inputs import Inputs
from wunderkammer.core.stage import Context
from wunderkammer.core.whole import gather


def test_zoom_0_shows_the_whole_atlas_in_one_tile_at_both_densities(collection):
    folder = collection.artifacts("tile")
    for name, edge in (("tiles.pmtiles", 256), ("tiles@2x.pmtiles", 512)):
        with PMTilesReader(folder / name) as tiles:
            image = Image.open(io.BytesIO(tiles.read_tile(0, 0, 0)))
        assert image.size == (edge, edge)
        assert image.convert("L").getextrema()[0] < 200, "something is drawn"


def test_a_directory_holds_the_same_tiles(collection, tmp_path):
    root = tmp_path / "copy"
    shutil.copytree(collection.root, root)
    text = (root / "collection.toml").read_text()
    (root / "collection.toml").write_text(
        text.replace('# container = "pmtiles"', 'container = "directory"')
    )
    changed = wunderkammer.open(root)
    changed.run(n_workers=0)
    folder = changed.artifacts("tile")
    described = Tiles.model_validate_json((folder / "tiles.json").read_bytes())
    assert described.container == "directory"
    for name in ("tiles", "tiles@2x"):
        with PMTilesReader(collection.artifacts("tile") / f"{name}.pmtiles") as archive:
            addresses = list(archive.tiles())
            directory = DirectoryReader(folder / name, "jpg")
            assert sorted(directory.tiles()) == sorted(addresses)
            for address in addresses:
                assert directory.read_tile(*address) == archive.read_tile(*address)
    zoom, x, y = addresses[-1]
    path = described.retina_path.format(z=zoom, x=x, y=y)
    assert changed.site().file(path).is_file()


def test_workers_draw_the_same_bytes(collection, tmp_path):
    root = tmp_path / "copy"
    shutil.copytree(collection.root, root)
    shutil.rmtree(root / "columns" / "tile")
    again = wunderkammer.open(root)
    again.run(["tile"], n_workers=2)
    for name in ("tiles.pmtiles", "tiles@2x.pmtiles"):
        expected = (collection.artifacts("tile") / name).read_bytes()
        assert (again.artifacts("tile") / name).read_bytes() == expected


@pytest.mark.parametrize("setting", ["sprite_px = 64", 'layout = "relax"'])
def test_settings_reach_the_pyramid(collection, tmp_path, setting):
    toml = f"[ingest.source]\nname='dwca'\npath='source'\n[tile]\n{setting}\n"
    (tmp_path / "collection.toml").write_text(toml)
    stage = wunderkammer.open(tmp_path).configuration.stage("tile")
    assert stage.group == "tile/relax"


def test_another_picture_of_one_medium_is_drawn_in_its_place(collection, tmp_path):
    stage = collection.configuration.stage("tile")
    inputs = gather(collection.table(), stage)
    (tmp_path / "blobs").symlink_to(collection.root / "blobs")
    cells = inputs.column("thumbnail")
    cells[3] = cells[4]
    place = inputs.scalars.column_names.index("thumbnail")
    changed = Inputs(
        inputs.ids,
        inputs.scalars.set_column(place, "thumbnail", pa.array(cells)),
        {name: inputs.vectors(name) for name in stage.reads() if name.startswith("features")},
        {},
    )

    def drawn(given, name):
        folder = tmp_path / name
        folder.mkdir()
        stage.process(given, Context(tmp_path, artifacts=folder))
        return [(folder / name).read_bytes() for name in ("tiles.pmtiles", "tiles@2x.pmtiles")]

    first, other = drawn(inputs, "first"), drawn(changed, "other")
    assert first == [
        (collection.artifacts("tile") / name).read_bytes()
        for name in ("tiles.pmtiles", "tiles@2x.pmtiles")
    ]
    assert first != other
    shutil.rmtree(tmp_path / "cache")
    assert drawn(changed, "full") == other
    assert drawn(inputs, "back") == first


def test_tiles_of_another_size_without_ground_are_what_the_atlas_says(collection, tmp_path):
    root = tmp_path / "copy"
    shutil.copytree(collection.root, root)
    text = (root / "collection.toml").read_text()
    for name, before, now in [
        ("tile_px", "256", "128"), ("background", '"#ffffff"', '"transparent"'),
        ("format", '"jpeg"', '"webp"'),
    ]:  # fmt: skip
        text = text.replace(f"# {name} = {before}", f"{name} = {now}", 1)
    (root / "collection.toml").write_text(text)
    changed = wunderkammer.open(root)
    changed.run(n_workers=0)
    folder = changed.artifacts("tile")
    atlas = json.loads((changed.artifacts("atlas") / "atlas.json").read_text())
    assert atlas["tiles"]["tile_px"] == 128
    assert atlas["tiles"]["media_type"] == "image/webp"
    assert atlas["tiles"]["background"] == "transparent"
    with PMTilesReader(folder / "tiles.pmtiles") as tiles:
        shown = [Image.open(io.BytesIO(data)) for _, data in tiles.items()]
    assert {image.size for image in shown} == {(128, 128)}
    assert shown[0].mode == "RGBA"
    least, most = shown[0].getchannel("A").getextrema()
    assert least == 0 < most
