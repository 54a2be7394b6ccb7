"""A map that grows: old media keep their places."""

import numpy as np
import pytest

import mapped
import toy
from mapped import distance, grow, points

TSNE = """[embedding.projection]
name = "tsne"
early_exaggeration_iter = 100
n_iter = 250
"""
PCA = '[embedding]\nprojection = "pca"\n'
GROUPS = {TSNE: "embedding/tsne", PCA: "embedding/pca"}


@pytest.fixture(params=[TSNE, PCA], ids=["tsne", "pca"])
def toml(request):
    return request.param


def test_old_media_keep_their_places_bit_for_bit_and_new_ones_fall_among_their_like(tmp_path, toml):
    group = GROUPS[toml]
    collection = mapped.make(tmp_path / "a", toml, range(60))
    before = points(collection, group)
    assert not any(placed for *_, placed in before.values())
    run = grow(collection, range(70))
    after = points(collection, group)
    assert {name: after[name] for name in before} == before
    assert run.note == "10 new media were placed on the map; the others kept their places"
    new = [name for name in after if name not in before]
    assert [after[name][2] for name in new] == [True] * 10
    assert run.quality["n_placed"] == 10
    where = np.array([one[:2] for one in before.values()])
    genera = np.array([int(name[1:]) % 5 for name in before])
    nearest = [np.linalg.norm(where - after[name][:2], axis=1).argmin() for name in new]
    right = genera[nearest] == [int(name[1:]) % 5 for name in new]
    assert right.mean() >= (0.8 if "tsne" in group else 0.4)
    assert collection.plan().nothing_to_do


def test_steps_do_not_matter_as_long_as_the_map_is_the_same(tmp_path, toml):
    at_once, in_steps = (
        mapped.make(tmp_path / name, toml, range(60)) for name in ("at once", "in steps")
    )
    grow(at_once, range(70))
    grow(in_steps, range(64))
    grow(in_steps, range(70))
    one, other = (points(each, GROUPS[toml]) for each in (at_once, in_steps))
    assert one.keys() == other.keys()
    for name in one:
        np.testing.assert_allclose(one[name], other[name], rtol=1e-12, atol=1e-12)


def test_the_same_history_makes_the_same_bytes(tmp_path):
    first, second = (mapped.make(tmp_path / name, TSNE, range(50)) for name in ("a", "b"))
    for each in (first, second):
        grow(each, range(56))
        grow(each, range(80))
    assert toy.content(first.root) == toy.content(second.root)


def test_media_that_leave_move_nobody(tmp_path, toml):
    collection = mapped.make(tmp_path / "a", toml, range(60))
    before = points(collection, GROUPS[toml])
    grow(collection, range(5, 60))
    after = points(collection, GROUPS[toml])
    assert after == {name: place for name, place in before.items() if name in after}
    assert len(after) == 55


def test_media_whose_features_changed_find_a_place_anew(tmp_path):
    collection = mapped.make(tmp_path / "a", TSNE, range(60))
    before = points(collection, "embedding/tsne")
    grow(collection, range(60), changed=[7, 8])
    after = points(collection, "embedding/tsne")
    assert {name for name in after if after[name] != before[name]} == {"n7", "n8"}


def test_a_corrected_name_is_no_reason_to_make_a_map(tmp_path):
    collection = mapped.make(tmp_path / "a", TSNE, range(30))
    medium = mapped.stable_id("n3")
    collection.annotate([{"media_id": medium, "term": "genus", "value": "Inachis"}])
    assert collection.plan()["embedding/tsne"].reasons == {}


def test_where_much_is_new_the_map_is_optimised_again_from_where_it_stands(tmp_path):
    collection = mapped.make(tmp_path / "a", TSNE, range(60))
    before = points(collection, "embedding/tsne")
    grow(collection, range(70))
    run = grow(collection, range(80))
    after = points(collection, "embedding/tsne")
    assert run.note.startswith("20 of 80 media were new since the map was last optimised")
    assert not any(placed for *_, placed in after.values())
    assert "n_placed" not in run.quality
    assert 0 < distance(before, after) < 0.2
    anew = mapped.make(tmp_path / "b", TSNE, range(80))
    quality = anew.runs()[0]["stages"][-1]["quality"]
    assert run.quality["trustworthiness"] > quality["trustworthiness"] - 0.03
    assert distance(before, after) < distance(before, points(anew, "embedding/tsne"))


def test_a_refreshed_map_is_known_again_and_no_worse(tmp_path):
    collection = mapped.make(tmp_path / "a", TSNE, range(80))
    grow(collection, range(90))
    before = points(collection, "embedding/tsne")
    worse = collection.runs()[0]["stages"][-1]["quality"]
    run = collection.run(["embedding"], again=["embedding"]).stages[0]
    assert run.reasons == {"asked again": 90}
    assert "it was asked for" in run.note
    after = points(collection, "embedding/tsne")
    assert 0 < distance(before, after) < 0.2
    assert run.quality["trustworthiness"] > worse["trustworthiness"] - 0.005
    assert collection.plan().nothing_to_do
    assert points(collection, "embedding/tsne") == after


def test_a_map_may_be_made_anew_each_time(tmp_path):
    toml = '[embedding]\nprojection = "pca"\ngrowth = "anew"\n'
    collection = mapped.make(tmp_path / "a", toml, range(60))
    grow(collection, range(70))
    anew = mapped.make(tmp_path / "b", toml, range(70))
    assert toy.content(collection.root) == toy.content(anew.root)


def test_with_other_settings_the_map_is_another(tmp_path):
    collection = mapped.make(tmp_path / "a", PCA, range(30))
    path = collection.root / "collection.toml"
    path.write_text(f"{path.read_text()}features = 'drawn'\nmost_new = 0.5\n")
    changed = mapped.core.Collection(collection.root, mapped.pipeline())
    assert grow(changed, range(34)).note == ""
    assert not any(placed for *_, placed in points(changed, "embedding/pca").values())


def test_two_maps_of_one_projection_stand_side_by_side(tmp_path):
    toml = """
    [[embedding]]
    projection = "pca"
    [[embedding]]
    called = "raw"
    projection = {name = "pca", normalise = false}
    """
    collection = mapped.make(tmp_path / "a", toml, range(30))
    one, other = points(collection, "embedding/pca"), points(collection, "embedding/raw")
    assert one.keys() == other.keys()
    assert distance(one, other) > 0.05
    again = toml.replace('called = "raw"', "")
    with pytest.raises(mapped.core.ConfigurationError, match="two stages are called"):
        mapped.make(tmp_path / "b", again, range(30))


def test_names_are_counted_on_the_map_and_in_the_features(tmp_path):
    collection = mapped.make(tmp_path / "a", PCA, range(100))
    quality = collection.runs()[0]["stages"][-1]["quality"]
    assert quality["same_genus_in_features"] > 0.95
    assert 0.3 < quality["same_genus_on_map"] < quality["same_genus_in_features"]
    assert "same_family_on_map" not in quality


def test_a_watcher_hears_how_a_map_comes_along(tmp_path):
    heard = []

    class Ear(mapped.core.Silent):
        def stands(self, group, text):
            heard.append((group, text))

    collection = mapped.make(tmp_path / "a", TSNE, range(40))
    collection.run(["embedding"], again=["embedding"], progress=Ear())
    assert [group for group, _ in heard] == ["embedding/tsne"] * len(heard)
    texts = [text for _, text in heard]
    assert [text.split(",")[0] for text in texts[:5]] == [
        f"iteration {n}" for n in range(50, 251, 50)
    ]
    divergences = [float(text.rsplit(" ", 1)[1]) for text in texts[:5]]
    assert divergences[-1] <= divergences[0]
    assert texts[-1] == "is measured"


def test_of_very_many_media_some_are_optimised_and_the_others_placed(tmp_path):
    toml = '[embedding]\nprojection = "pca"\noptimised_at_most = 1_000\n'
    collection = mapped.make(tmp_path / "a", toml, range(1_100))
    before = points(collection, "embedding/pca")
    assert sum(placed for *_, placed in before.values()) == 100
    assert np.isfinite([one[:2] for one in before.values()]).all()
    run = grow(collection, range(1_400))
    assert run.note == "300 new media were placed on the map; the others kept their places"
    after = points(collection, "embedding/pca")
    assert {name: after[name] for name in before} == before
    (again,) = collection.run(["embedding"], again=["embedding"], n_workers=0).stages
    assert again.note.startswith("the map was optimised for 1,000 of 1,400 media, drawn by lot")
    assert sum(placed for *_, placed in points(collection, "embedding/pca").values()) == 400
