from wunderkammer.sampling.draw import Draw
from wunderkammer.sampling.none import NoSplit


def test_all_that_is_drawn_is_one_set(herbarium):
    draw = Draw(herbarium(30), seed=1)
    pool = draw.pool([], institution="institutionCode", stratify="")
    pool.take(10, 0)
    NoSplit().divide(pool)
    made = draw.drawn(pool)
    assert set(made.split.to_pylist()) == {"drawn", None}
    assert set(made.why.to_pylist()) == {"n", None}
    assert pool.sets.words == list(NoSplit().sets())
