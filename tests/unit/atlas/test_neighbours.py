import numpy as np

from wunderkammer.atlas.neighbours import neighbours_of, write_neighbours


def test_neighbours_are_told_as_rows_of_the_atlas(tmp_path):
    rng = np.random.default_rng(0)
    n, near = 200, 30
    found = np.array([rng.permutation(np.delete(np.arange(n), one))[:near] for one in range(n)])
    medium = rng.permutation(n)
    reference = write_neighbours(tmp_path, found.astype(np.int32), medium, 10)
    assert (tmp_path / reference.path).stat().st_size == n * 10 * 4
    for row in range(n):
        assert medium[neighbours_of(tmp_path, reference, row)].tolist() == (
            found[medium[row], :10].tolist()
        )


def test_media_that_are_not_on_the_map_are_passed_over(tmp_path):
    found = np.array([[1, 2, 3], [0, 2, 3], [3, 1, 0], [2, 2, 2]], np.int32)
    # rows are the media 3, 1, one that has no neighbours, and 0; medium 2 is not on the map
    reference = write_neighbours(tmp_path, found, np.array([3, 1, -1, 0]), 2)
    told = [neighbours_of(tmp_path, reference, row) for row in range(4)]
    assert told == [[], [3, 0], [], [1, 0]]


def test_fewer_neighbours_than_are_asked_for_leave_places_empty(tmp_path):
    reference = write_neighbours(tmp_path, np.array([[1], [0]], np.int32), np.array([0, 1]), 5)
    assert reference.k == 5
    assert neighbours_of(tmp_path, reference, 1) == [0]
