"""Encoders against real specimens whose names are known."""

import csv

import numpy as np
import pytest

from wunderkammer.core.device import Device
from wunderkammer.encoders.colour_histogram import ColourHistogram
from wunderkammer.encoders.efficientnet_lite import EfficientnetLite0
from wunderkammer.imaging.decoding import decode


@pytest.fixture(scope="module")
def insects(shared_data):
    """Return every second museum insect that is not doubtful, with its order."""
    folder = shared_data / "museum-insects"
    with (folder / "occurrence.txt").open(encoding="utf-8") as rows:
        orders = {row["gbifID"]: row["order"] for row in csv.DictReader(rows, delimiter="\t")}
    with (folder / "manifest.csv").open(encoding="utf-8") as rows:
        chosen = [row for row in csv.DictReader(rows) if row["truth"] != "unsure"][::2]
    images = [
        decode((folder / "images" / row["file"]).read_bytes(), max_pixels=1 << 30, enough_px=448)
        for row in chosen
    ]
    return [image.pixels for image in images], np.array([orders[row["gbifID"]] for row in chosen])


def order_accuracy(vectors, orders):
    """Return how often five nearest neighbours, the medium left out, vote for its order."""
    directions = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    likeness = directions @ directions.T
    np.fill_diagonal(likeness, -np.inf)
    right = 0
    for row, order in zip(likeness, orders, strict=True):
        nearest = np.argsort(-row, kind="stable")[:5]
        votes = {name: row[nearest][orders[nearest] == name].sum() for name in orders[nearest]}
        right += max(votes, key=votes.get) == order
    return right / len(orders)


@pytest.mark.shared_data
@pytest.mark.parametrize(("encoder", "bar"), [(EfficientnetLite0(), 0.7), (ColourHistogram(), 0.5)])
def test_neighbours_of_real_insects_are_of_their_order(insects, encoder, bar):
    images, orders = insects
    encoder.load(Device("cpu", 2))
    commonest = max((orders == name).mean() for name in set(orders))
    accuracy = order_accuracy(encoder.encode(images), orders)
    assert accuracy > bar > commonest + 0.1
