"""What a page finds by a photograph with: the network, and what it saw of the media."""

import json

import numpy as np
import pytest

import wunderkammer
from wunderkammer.atlas.alike import AlikeFile, unit_rows
from wunderkammer.atlas.points import find_row
from wunderkammer.atlas.schemas import Atlas
from wunderkammer.core.configuration import configure
from wunderkammer.core.errors import ConfigurationError
from wunderkammer.stages import STAGES
from wunderkammer.web.likeness import Likeness


@pytest.fixture(scope="module")
def site(photographed, tmp_path_factory):
    target = tmp_path_factory.mktemp("site")
    photographed.publish(target)
    return target, Atlas.model_validate_json((target / "atlas.json").read_bytes())


def test_a_collection_has_it_only_where_it_is_asked_for(collection, tmp_path):
    assert "photograph" not in {stage.name for stage in configure({}, STAGES).stages}
    collection.publish(tmp_path)
    assert not (tmp_path / "runtime").exists(), "nor the page what it would run on"
    assert json.loads((tmp_path / "atlas.json").read_text("utf-8"))["photograph"] is None


def test_the_published_network_sees_what_the_server_sees_of_a_photograph(photographed, site):
    import cv2
    import onnxruntime

    from wunderkammer.imaging.preparing import Preparation, prepared

    target, atlas = site
    told = atlas.photograph.encoder.model_dump()
    how = Preparation(**{
        name: tuple(told[name]) if name in {"mean", "std"} else told[name]
        for name in Preparation.__dataclass_fields__
    })  # fmt: skip
    session = onnxruntime.InferenceSession(
        target / told["path"], providers=["CPUExecutionProvider"]
    )
    assert told["n_bytes"] == (target / told["path"]).stat().st_size < 8e6, "in half precision"
    [row] = photographed.query(
        "SELECT media_id, original FROM image ORDER BY 1 LIMIT 1"
    ).to_pylist()
    path = photographed.root / row["original"]
    image = cv2.cvtColor(cv2.imread(str(path)), cv2.COLOR_BGR2RGB)
    square = prepared(image, how).astype(np.float32) / 255
    pixels = ((square - np.float32(how.mean)) / np.float32(how.std)).transpose(2, 0, 1)[None]
    [[features]] = session.run(["features"], {"pixels": pixels})
    rows, similar = AlikeFile(target / atlas.photograph.alike.path, atlas.photograph.alike).nearest(
        features, 5, n_read=99
    )
    own = find_row(target, atlas.ids, row["media_id"])
    assert rows[0] == own, "a photograph of the collection finds itself"
    likeness = Likeness(photographed)
    likeness._stage = photographed.configuration.stage("features/efficientnet-lite0")
    liked = likeness.find(path.read_bytes(), lambda _: None).media
    server = [find_row(target, atlas.ids, one.id) for one in liked[:5]]
    assert len(set(server) & set(rows.tolist())) >= 4
    assert similar[0] > 0.9


def test_every_medium_of_the_map_is_there_once(site):
    target, atlas = site
    alike = atlas.photograph.alike
    file = AlikeFile(target / alike.path, alike)
    n_cells = next(one for one in alike.blocks if one.name == "centre").shape[0]
    rows, _ = file.nearest(np.ones(1280, np.float32), 10**6, n_read=n_cells)
    assert sorted(rows) == list(range(atlas.n_media))
    assert np.allclose(np.linalg.norm(unit_rows(file.directions.along), axis=1), 1)


def test_one_of_an_atlas_that_is_no_more_is_not_shown(photographed, tmp_path):
    import shutil

    root = tmp_path / "changed"
    shutil.copytree(photographed.root, root, copy_function=shutil.copy)
    path = root / "collection.toml"
    path.write_text(path.read_text("utf-8").replace("\n[atlas]\n", '\n[atlas]\nfacts = ["sex"]\n'))
    changed = wunderkammer.open(root)
    assert json.loads(changed.site().atlas_json())["photograph"] is not None
    changed.run(["atlas"], n_workers=0)
    assert json.loads(changed.site().atlas_json())["photograph"] is None


def test_what_is_no_network_is_refused(collection, tmp_path):
    import shutil

    root = tmp_path / "plain"
    shutil.copytree(collection.root, root, copy_function=shutil.copy)
    with (root / "collection.toml").open("a") as file:
        file.write("\n[photograph]\n")
    with pytest.raises(ConfigurationError, match="colour-histogram is no network"):
        wunderkammer.open(root).run(n_workers=0)
