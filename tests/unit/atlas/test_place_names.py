import json
from collections import Counter
from itertools import pairwise

import numpy as np
import pytest

from wunderkammer.atlas.dictionaries import coded_column
from wunderkammer.atlas.geometry import geometry_of
from wunderkammer.atlas.place_names import (
    log_likelihood_ratio,
    place_names,
    write_place_names,
)
from wunderkammer.atlas.schemas import PlaceNameFile
from wunderkammer.core.identity import stable_id

SIDE = 60
FAMILIES = {"Papilionidae": ("Papilio", "Parnassius"), "Pieridae": ("Pieris", "Colias"),
            "Nymphalidae": ("Aglais", "Vanessa"), "Sphingidae": ("Macroglossum",)}  # fmt: skip


@pytest.fixture(scope="module")
def land():
    """Return a map of four quarters, one family each, three of them of two genera; the columns."""
    rng = np.random.default_rng(3)
    x, y = np.arange(SIDE**2) % SIDE, np.arange(SIDE**2) // SIDE
    ids = [stable_id(str(number)) for number in range(SIDE**2)]
    places = np.stack([x, y], axis=1) * 1.2
    geometry = geometry_of(ids, places, np.ones((SIDE**2, 2)), sprite_px=64, margin_px=8)
    family = np.array(list(FAMILIES))[2 * (y >= SIDE // 2) + (x >= SIDE // 2)]
    half = (y % (SIDE // 2) >= SIDE // 4).astype(int)
    genus = [FAMILIES[name][min(one, len(FAMILIES[name]) - 1)]
             for name, one in zip(family, half, strict=True)]  # fmt: skip
    # what is the same everywhere names nothing, however frequent it is
    country = rng.choice(["Ghana", "Peru"], SIDE**2, p=[0.9, 0.1])
    cells = {"family": family, "genus": np.array(genus), "country": country}
    columns = {
        name: coded_column(name, [str(cell) for cell in values[geometry.order]])
        for name, values in cells.items()
    }
    return geometry, columns


@pytest.fixture(scope="module")
def named(land):
    geometry, columns = land
    return place_names(geometry, list(columns.values()))


def test_wide_taxa_name_the_map_from_afar_and_narrow_ones_nearby(named):
    zooms = sorted(named)
    assert {name.value for name in named[zooms[0]]} <= set(FAMILIES)
    near = {name.value for name in named[zooms[-1]]}
    assert {"Papilio", "Parnassius", "Pieris", "Colias", "Aglais", "Vanessa"} <= near


def test_where_family_and_genus_are_the_same_media_the_wider_is_named(named):
    every = {name.value for names in named.values() for name in names}
    assert "Sphingidae" in every
    assert "Macroglossum" not in every


def test_what_is_the_same_everywhere_names_nothing(named):
    assert not [name for names in named.values() for name in names if name.column == "country"]


def test_a_name_stands_where_its_taxon_is(land, named):
    geometry, columns = land
    centres = geometry.centres
    for names in named.values():
        for name in names:
            nearest = int(np.argmin(np.hypot(*(centres - [name.x, name.y]).T)))
            coded = columns[name.column]
            assert coded.values[int(coded.codes[nearest]) - 1].as_py() == name.value


def test_names_keep_clear_of_each_other_on_the_screen(land, named):
    geometry, _ = land
    for zoom, names in named.items():
        scale = 2.0 ** (zoom - geometry.max_zoom)
        boxes = [(name.x * scale, name.y * scale, len(name.value) * 9) for name in names]
        for one, (x, y, wide) in enumerate(boxes):
            for other_x, other_y, other_wide in boxes[:one]:
                apart = abs(x - other_x) - (wide + other_wide) / 2
                assert apart > 0 or abs(y - other_y) >= 30


def test_a_name_stays_where_it_is_until_its_place_is_needed(named):
    zooms = sorted(named)
    for zoom, deeper in pairwise(zooms):
        here = {(name.value, name.x, name.y) for name in named[zoom]}
        there = {(name.value, name.x, name.y) for name in named[deeper]}
        gone = [name for name in here - there if name[0] in {one[0] for one in there}]
        assert len(gone) <= len(here) / 3


def test_names_end_where_pictures_are_large(land, named):
    geometry, _ = land
    assert max(named) == geometry.max_zoom - 1


def test_chance_names_nothing(land):
    geometry, _ = land
    drawn = np.random.default_rng(0).choice([f"Genus{n}" for n in range(30)], len(geometry))
    named = place_names(geometry, [coded_column("genus", drawn.tolist())])
    assert sum(map(len, named.values())) <= 1


def test_names_do_not_depend_on_the_order_in_which_media_came(land):
    geometry, columns = land
    rng = np.random.default_rng(9)
    turn = rng.permutation(len(geometry))
    ids = np.array(geometry.media_ids)[turn].tolist()
    places = geometry.centres[turn] / geometry.sprite_px
    other = geometry_of(ids, places, np.ones((len(turn), 2)), sprite_px=64, margin_px=8)
    family = columns["family"]
    back = turn[other.order]
    cells = [family.values[int(code) - 1].as_py() for code in family.codes[back]]
    here = place_names(geometry, [family])
    there = place_names(other, [coded_column("family", cells)])
    counted = [
        {zoom: Counter((name.value, name.n) for name in names) for zoom, names in one.items()}
        for one in (here, there)
    ]
    assert counted[0] == counted[1]


def test_the_files_hold_what_was_found(land, named, tmp_path):
    geometry, columns = land
    told = write_place_names(tmp_path, geometry, list(columns.values()))
    assert told.zooms == sorted(named)
    for zoom in told.zooms:
        path = tmp_path / told.path.format(zoom=zoom)
        file = PlaceNameFile.model_validate(json.loads(path.read_text()))
        assert (file.zoom, file.names) == (zoom, named[zoom])


def test_without_columns_there_is_no_file(land, tmp_path):
    assert write_place_names(tmp_path, land[0], []) is None
    assert list(tmp_path.iterdir()) == []


def test_the_ratio_is_that_of_the_table_of_counts():
    from scipy.stats import chi2_contingency

    table = np.array([[30, 70], [50, 850]])
    wanted = chi2_contingency(table, correction=False, lambda_="log-likelihood").statistic
    assert log_likelihood_ratio(30, 100, 80, 1000) == pytest.approx(wanted)
