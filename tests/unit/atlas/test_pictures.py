import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from wunderkammer.atlas.paths import picture_path, upright_path
from wunderkammer.atlas.pictures import PictureTable
from wunderkammer.core.identity import stable_id

IDS = [stable_id(str(number)) for number in range(9_000)]


@pytest.fixture(scope="module")
def pictures(tmp_path_factory):
    path = tmp_path_factory.mktemp("pictures") / "pictures.parquet"
    cells = [f"blobs/thumbnail/{number}.jpg" for number in range(len(IDS))]
    pq.write_table(pa.table({"media_id": IDS, "thumbnail": cells}), path)
    return PictureTable(path)


def test_every_picture_is_found_by_its_path(pictures):
    for number, media_id in enumerate(IDS):
        assert pictures.cell(picture_path(media_id)) == f"blobs/thumbnail/{number}.jpg"


@pytest.mark.parametrize(
    "name",
    [
        "pictures/00/00000000000000000000.jpg",
        "pictures/ff/ffffffffffffffffffff.jpg",
        f"pictures/zz/{IDS[0]}.jpg",
        f"pictures/{IDS[0]}.jpg",
        f"pictures/{IDS[0][:2]}/{IDS[0]}.png",
        f"pictures/{IDS[0][:2]}/../{IDS[0]}.jpg",
        "pictures/éé/éé.jpg",
        "pictures",
    ],
)
def test_another_path_is_no_picture(pictures, name):
    assert pictures.cell(name) is None


def test_all_pictures_come_in_the_order_of_their_paths(pictures):
    listed = list(pictures)
    assert [name for name, _ in listed] == sorted(map(picture_path, IDS))
    assert len(pictures) == len(IDS)
    assert dict(listed)[picture_path(IDS[7])] == "blobs/thumbnail/7.jpg"


def test_a_cut_out_lies_beside_its_photograph_in_its_own_format(tmp_path):
    cells = {
        "media_id": IDS[:3],
        "thumbnail": ["blobs/a.jpg", "blobs/b.jpg", "blobs/c.jpg"],
        "shown": ["blobs/a.webp", None, "blobs/c.png"],
    }
    pq.write_table(pa.table(cells), tmp_path / "pictures.parquet")
    table = PictureTable(tmp_path / "pictures.parquet")
    first, second, third = IDS[:3]
    assert table.cell(upright_path(first, "a.webp")) == "blobs/a.webp"
    assert table.cell(picture_path(first)) == "blobs/a.jpg"
    assert table.cell(upright_path(second, "b.webp")) is None
    assert table.cell(upright_path(third, "c.webp")) is None
    assert table.cell(upright_path(third, "c.png")) == "blobs/c.png"
    assert len(dict(table)) == 5


def test_an_atlas_without_pictures_has_none():
    assert list(PictureTable(None)) == []
    assert PictureTable(None).cell(picture_path(IDS[0])) is None
