"""A pyramid that was brought up to date equals one that is drawn from nothing."""

import dataclasses
import tempfile
from pathlib import Path
from unittest import mock

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from wunderkammer.atlas import pyramid
from wunderkammer.atlas.containers import PMTilesWriter
from wunderkammer.atlas.geometry import geometry_of
from wunderkammer.atlas.pyramid import build_pyramid
from wunderkammer.atlas.style import RepresentativeStyle, TileStyle
from wunderkammer.atlas.tile_store import TileStore
from wunderkammer.core.identity import stable_id

SIDE = 7
STYLE = TileStyle(shadow_opacity=0.5)
RAISED = RepresentativeStyle(sprite_px=90)


@dataclasses.dataclass(frozen=True)
class Medium:
    """A sprite: its place on the wall, its size, and which picture it has."""

    x: float
    y: float
    size: float
    picture: int


class Wall:
    """A source of sprites that are noise, each picture another one; some pictures are broken."""

    def __init__(self, media):
        self.media = media

    def load(self, media_id, width, height):
        picture = self.media[media_id].picture
        if picture % 11 == 5:
            raise OSError("gone")
        rng = np.random.default_rng(picture)
        return rng.integers(0, 256, (30, 30, 3 + picture % 2), dtype=np.uint8)

    def build(self, store_folder, folder):
        """Build the pyramids and return their bytes and the report."""
        self.media = CORNERS | self.media
        ids, places = list(self.media), list(self.media.values())
        geometry = geometry_of(
            ids,
            np.array([(one.x, one.y) for one in places]),
            np.array([(one.size, one.size) for one in places]),
            sprite_px=120,
            margin_px=20,
        )
        numbers = [self.media[media_id].picture for media_id in geometry.media_ids]
        store = TileStore(store_folder, np.array(numbers, "<u4").view(np.uint8).reshape(-1, 4))
        paths = [folder / "1x.pmtiles", folder / "2x.pmtiles"]
        with (
            PMTilesWriter(paths[0], "image/jpeg") as writer,
            PMTilesWriter(paths[1], "image/jpeg") as retina,
            mock.patch.object(pyramid, "SUBTREE_DEPTH", 1),
        ):
            report = build_pyramid(
                self,
                geometry,
                style=STYLE,
                writer=writer,
                retina_writer=retina,
                representatives={1: np.array([len(ids) // 2])},
                representative_style=RAISED,
                store=store,
            )
        store.keep(paths, report.records, report.subtrees)
        return [path.read_bytes() for path in paths], report


CORNERS = {
    stable_id(f"corner {place}"): Medium(place, place, 0.1, 0) for place in (-1.0, float(SIDE))
}
"""They keep the wall where it is."""

media = st.builds(
    Medium,
    st.integers(0, 2 * SIDE - 2).map(lambda n: n / 2),
    st.integers(0, 2 * SIDE - 2).map(lambda n: n / 2),
    st.sampled_from([0.4, 0.8, 1.0]),
    st.integers(0, 60),
)
walls = st.dictionaries(st.integers(0, 11).map(lambda n: stable_id(str(n))), media)


@settings(max_examples=12, deadline=None)
@given(st.lists(walls, min_size=2, max_size=4))
def test_after_any_changes_the_bytes_are_those_of_a_full_build(versions):
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        for number, one in enumerate(versions):
            folder = root / str(number)
            folder.mkdir()
            changed, report = Wall(dict(one)).build(root / "store", folder)
            full, full_report = Wall(dict(one)).build(root / f"full-{number}", folder)
            assert changed == full
            assert report == full_report
            assert report.n_drawn <= full_report.n_drawn


@settings(max_examples=5, deadline=None)
@given(walls, st.integers(0, 2**32 - 1))
def test_whatever_is_damaged_in_the_store_the_bytes_are_the_same(wall, seed):
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        expected, _ = Wall(dict(wall)).build(root / "store", root)
        rng = np.random.default_rng(seed)
        for path in sorted((root / "store").rglob("*")):
            if path.is_file():
                content = bytearray(path.read_bytes())
                path.unlink()  # another name of a finished file must stay as it is
                if rng.random() < 0.8:
                    for place in rng.integers(0, len(content), 3).tolist():
                        content[place] ^= 0xFF
                    path.write_bytes(content[: rng.integers(len(content) // 2, len(content))])
        again, _ = Wall(dict(wall)).build(root / "store", root)
        assert again == expected
