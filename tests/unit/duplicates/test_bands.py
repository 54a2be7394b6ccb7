import numpy as np
import pytest

from wunderkammer.duplicates.bands import N_NEAREST, find_near


def flipped(bits, n, rng):
    """Return a fingerprint's bits with ``n`` of them changed."""
    changed = bits.copy()
    changed[rng.choice(256, n, replace=False)] ^= 1
    return changed


def brute_force(fingerprints, max_distance):
    """Return the nearest earlier rows of each by comparing all with all."""
    bits = np.unpackbits(fingerprints, axis=1).astype(bool)
    found = []
    for row in range(len(bits)):
        differing = (bits[:row] != bits[row]).sum(axis=1)
        near = [(int(d), i) for i, d in enumerate(differing) if d <= max_distance]
        found.append([i for _, i in sorted(near)[:N_NEAREST]])
    return found


def some(n, seed, spread=30):
    """Return fingerprints around a few centres, all different."""
    rng = np.random.default_rng(seed)
    centres = rng.integers(0, 2, (5, 256), np.uint8)
    rows = [flipped(centres[k % 5], int(rng.integers(1, spread)), rng) for k in range(n)]
    packed = np.packbits(np.array(rows), axis=1)
    return packed[np.sort(np.unique(packed, axis=0, return_index=True)[1])]


@pytest.mark.parametrize("max_distance", [0, 1, 7, 15, 24, 31])
def test_it_finds_what_comparing_all_with_all_finds(max_distance):
    fingerprints = some(300, seed=max_distance)
    near = find_near(fingerprints, max_distance)
    found = [[int(i) for i in row if i >= 0] for row in near.rows]
    assert found == brute_force(fingerprints, max_distance)
    if max_distance > 6:
        assert sum(map(len, found)) > 20


def test_distances_are_those_of_the_rows():
    fingerprints = some(200, seed=3)
    near = find_near(fingerprints, 24)
    for row, place in zip(*np.nonzero(near.rows >= 0), strict=True):
        other = near.rows[row, place]
        bits = np.bitwise_count(fingerprints[row] ^ fingerprints[other]).sum()
        assert near.distances[row, place] == bits
    assert (near.distances[near.rows < 0] == 255).all()


@pytest.mark.parametrize("flips", [1, 8, 16, 24])
def test_every_planted_copy_is_found_up_to_the_distance(flips):
    rng = np.random.default_rng(flips)
    bits = rng.integers(0, 2, (4000, 256), np.uint8)
    copies = np.array([flipped(one, flips, rng) for one in bits[:500]])
    fingerprints = np.packbits(np.concatenate([bits, copies]), axis=1)
    near = find_near(fingerprints, 24)
    assert (near.rows[4000:, 0] == np.arange(500)).all()
    assert (near.distances[4000:, 0] == flips).all()
    assert (near.rows[:4000] < 0).all()
    assert near.n_compared < 4500 * 4500 / 20


def test_work_on_a_crowd_is_bounded_and_near_ones_are_still_found():
    """All agree in nearly every band: compared in full, that would be quadratic."""
    rng = np.random.default_rng(0)
    centre = rng.integers(0, 2, 256, np.uint8)
    rows = np.array([flipped(centre, 5, rng) for _ in range(12_000)])
    packed = np.unique(np.packbits(rows, axis=1), axis=0)
    near = find_near(packed, 24, crowd=256)
    assert near.n_compared < len(packed) * 25 * 256 / 2 < 25 * len(packed) ** 2 / 80
    assert (near.rows[len(packed) // 2 :, 0] >= 0).all()


def test_in_a_divided_crowd_pairs_of_few_bits_are_sure_to_be_found():
    rng = np.random.default_rng(1)
    centre = rng.integers(0, 2, 256, np.uint8)
    crowd = [flipped(centre, 40, rng) for _ in range(3000)]
    copies = [flipped(one, 3, rng) for one in crowd[:100]]
    fingerprints = np.packbits(np.array(crowd + copies), axis=1)
    near = find_near(fingerprints, 24, crowd=64)
    assert (near.rows[3000:, 0] == np.arange(100)).all()


def test_none_and_one_have_no_neighbours():
    assert find_near(np.zeros((0, 32), np.uint8), 24).rows.shape == (0, N_NEAREST)
    assert (find_near(np.zeros((1, 32), np.uint8), 24).rows == -1).all()
