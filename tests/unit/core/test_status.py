"""How far a stage has come."""

import toy


def test_every_medium_is_done_failed_or_left_out_once_all_has_run(tmp_path):
    collection = toy.make(tmp_path / "words", toy.WORDS)
    assert {one.n_done for one in collection.status()} == {0}
    collection.run(n_workers=0)
    found = {one.group: one for one in collection.status()}
    measure = found["measure"]
    assert measure.n_done + measure.n_failed + measure.n_left_out == len(toy.WORDS)
    assert all(one.n_todo == 0 for one in found.values())
