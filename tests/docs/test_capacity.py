"""The page on capacity is what its script makes of the measured rates; the simulation is sane."""

from dataclasses import replace

import pytest

import capacity
import report

PAGE = report.PAGE.read_text(encoding="utf-8")
FAST_DISK = capacity.Given(disk_gb_s=1e9)


@pytest.fixture(scope="module")
def measured():
    return capacity.read(PAGE)


def test_the_page_is_made_from_the_rates_of_today(measured):
    assert capacity.PAGE.read_text(encoding="utf-8") == capacity.page(measured, capacity.Given())


def test_where_nothing_is_in_the_way_time_is_media_by_rate_and_cores(measured):
    free = replace(measured, row_s=0.0)
    n, cores = 64 * 800, 16
    took = capacity.shared_s("image", n, cores, free, FAST_DISK)
    assert took == pytest.approx(n / (cores * free.rate["image"]), rel=1e-6)


def test_a_slow_disk_and_a_slow_driver_each_bound_a_stage(measured):
    n = 1_000_000
    slow_disk = capacity.Given(disk_gb_s=0.01, original_kb=200)
    kb = 200 + capacity.THUMBNAIL_KB
    assert capacity.shared_s("image", n, 1_024, measured, slow_disk) >= n * kb / 1e4
    slow_driver = replace(measured, row_s=1e-3)
    assert capacity.shared_s("features", n, 1_024, slow_driver, FAST_DISK) >= n * 1e-3


def test_more_cores_never_take_longer(measured):
    took = [
        capacity.shared_s("features", 300_000, one, measured, capacity.Given())
        for one in (1, 8, 64, 512)
    ]
    assert took == sorted(took, reverse=True)


def test_beyond_the_sample_media_are_placed(measured):
    five, six = (capacity.alone_s(n, measured)["embedding"] for n in (5_000_000, 6_000_000))
    assert six - five == pytest.approx(1e6 * measured.placed_s)
