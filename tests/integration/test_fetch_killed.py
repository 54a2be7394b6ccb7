"""A download that is killed again and again ends as one that is left alone."""

import kills


def test_no_kill_costs_a_file_or_a_second_request(tmp_path):
    found = kills.trial(tmp_path, n_kills=8, n_files=160, seed=7)
    assert found.n_kills >= 3
    assert found.asked_for_though_finished == []
    assert found.wrong_bytes == []
    assert found.differs == []
