import numpy as np
import pyarrow as pa
import pytest

from wunderkammer.imaging.boxes import overlapping_pairs
from wunderkammer.layouts.map import Map
from wunderkammer.metrics.layout import displacement

DRAW = np.random.default_rng(0)
N = 400
POINTS = DRAW.normal(size=(N, 2))
ASPECTS = DRAW.uniform(0.5, 2, N)
LATITUDES, LONGITUDES = DRAW.uniform(-60, 70, N), DRAW.uniform(-175, 175, N)


def records(latitudes, longitudes):
    def told(values):
        return [None if np.isnan(value) else f"{value:.5f}" for value in values]

    return pa.table({"decimalLatitude": told(latitudes), "decimalLongitude": told(longitudes)})


def test_north_is_up_and_east_is_right():
    x, y = Map().place(POINTS, ASPECTS, records(LATITUDES, LONGITUDES)).positions.T
    assert np.corrcoef(LONGITUDES, x)[0, 1] > 0.99
    assert np.corrcoef(LATITUDES, y)[0, 1] < -0.97


def test_sprites_with_room_lie_at_their_coordinates():
    lattice = np.stack(np.meshgrid(np.linspace(-79, 81, 9), np.linspace(-40, 40, 5)), -1)
    longitude, latitude = lattice.reshape(-1, 2).T
    layout = Map(density=0.1, projection="equirectangular", parallel_deg=0)
    known = records(latitude, longitude)
    placement = layout.place(np.zeros((45, 2)), np.ones(45), known)
    assert displacement(layout.aims(np.zeros((45, 2)), known), placement.positions).max() < 0.02


def test_equal_areas_on_the_globe_are_equal_on_the_map():
    layout = Map(projection="equal-area", parallel_deg=30)

    def area(south):
        corners = records(np.array([south, south + 10]), np.array([10.0, 20.0]))
        return np.ptp(layout.aims(np.zeros((2, 2)), corners), axis=0).prod()

    # of a band, the globe's share is the difference of the sines
    share = np.sin(np.radians([10, 70])) - np.sin(np.radians([0, 60]))
    assert area(0) / area(60) == pytest.approx(share[0] / share[1], rel=1e-6)


@pytest.mark.parametrize("projection", ["equal-area", "equirectangular"])
def test_shapes_are_true_at_the_parallel(projection):
    layout = Map(projection=projection, parallel_deg=50)
    corners = records(np.array([49.95, 50.05]), np.array([7.0, 7.1]))
    wide, high = np.ptp(layout.aims(np.zeros((2, 2)), corners), axis=0)
    assert wide / high == pytest.approx(np.cos(np.radians(50)), rel=1e-3)


def test_the_map_is_cut_opposite_its_middle():
    there = records(np.zeros(2) + 10, np.array([179.0, -179.0]))
    x = Map(centre_longitude_deg=180, parallel_deg=0).aims(np.zeros((2, 2)), there)[:, 0]
    np.testing.assert_allclose(x, (-1, 1))


def test_media_without_coordinates_lie_in_a_band_below():
    bare = DRAW.random(N) < 0.2
    latitudes = np.where(bare, np.nan, LATITUDES)
    latitudes[:3], bare[:3] = (0.0, 95.0, np.nan), True
    longitudes = LONGITUDES.copy()
    longitudes[0] = 0.0  # 0, 0 stands for "not known"
    placement = Map().place(POINTS, ASPECTS, records(latitudes, longitudes))
    low = placement.positions[bare, 1] - placement.sizes[bare, 1] / 2
    high = placement.positions[~bare, 1] + placement.sizes[~bare, 1] / 2
    assert low.min() > high.max() + 1
    assert overlapping_pairs(*placement) == 0


def test_media_of_one_place_form_a_disc_in_which_like_lies_beside_like():
    latitudes, longitudes = np.full(N, 51.5), np.full(N, -0.1)
    latitudes[-2:], longitudes[-2:] = (-35.0, 40.0), (150.0, -75.0)
    known = records(latitudes, longitudes)
    positions = Map().place(POINTS, np.ones(N), known).positions[:-2]
    centred = positions - positions.mean(axis=0)
    radius = np.hypot(*centred.T)
    # as wide as a disc of the same area, or little wider
    assert radius.max() < 1.25 * np.sqrt(N * 1.08**2 / np.pi)
    assert np.corrcoef(POINTS[:-2, 0], positions[:, 0])[0, 1] > 0.8


def test_a_far_place_stays_far():
    latitudes, longitudes = np.full(N, 50.0) + POINTS[:, 0], np.full(N, 8.0) + POINTS[:, 1]
    latitudes[0], longitudes[0] = -35.0, 150.0
    layout, known = Map(density=0.05), records(latitudes, longitudes)
    positions = layout.place(POINTS, ASPECTS, known).positions
    rest = positions[1:]
    assert positions[0, 0] - rest[:, 0].max() > 2 * np.ptp(rest[:, 0])
