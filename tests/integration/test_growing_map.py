"""A map that grows, through the command line."""

import shutil

from click.testing import CliRunner

import wunderkammer
from conftest import SMALL
from wunderkammer.cli.main import wk
from wunderkammer.testing import SpecimenGenerator, write_archive

XY = 'SELECT media_id, "embedding/tsne/x" AS x, "embedding/tsne/y" AS y FROM media'


def test_old_media_stay_and_a_refresh_moves_them(tmp_path):
    generator = SpecimenGenerator(seed=5, size_px=160, ventral_share=0)
    write_archive(tmp_path / "first", generator, 20)
    write_archive(tmp_path / "more", generator, 23)
    root = tmp_path / "cabinet"
    root.mkdir()
    shutil.copytree(tmp_path / "first", root / "source")
    collection = wunderkammer.create(root, {**SMALL, "embedding.projection": "tsne"})

    def run(*words):
        done = CliRunner().invoke(wk, ["run", *words, "--workers", "0", "-C", str(root)])
        assert done.exit_code == 0, done.output
        return done.output, {row["media_id"]: row for row in collection.query(XY).to_pylist()}

    _, before = run("embedding")
    shutil.rmtree(root / "source")
    shutil.copytree(tmp_path / "more", root / "source")
    said, after = run("embedding")
    assert "3 new media were placed on the map; the others kept their places" in said
    assert {media_id: after[media_id] for media_id in before} == before
    said, refreshed = run("embedding", "--refresh")
    assert "it was asked for: it was optimised again, from where it stood" in said
    assert "embedding/tsne: iteration 50, KL divergence" in said
    assert all(refreshed[media_id] != after[media_id] for media_id in after)
    said, same = run("embedding")
    assert "embedding/tsne: 23 up to date" in said
    assert same == refreshed
