import numpy as np
import pytest

from drawn_cases import case_of
from wunderkammer.evaluation.tasks.suspicion import Issues, Mislabels, planted_by_group, together
from wunderkammer.metrics.mislabels import Suspicions


def test_all_media_of_a_specimen_get_the_same_wrong_name():
    case = case_of(n_each=30)
    planted = planted_by_group(case.labels["genus"], case.groups, 0.1, case.labels["family"], 3)
    wrong = dict(zip(case.groups, planted.wrong.tolist(), strict=True))
    assert [wrong[one] for one in case.groups] == planted.wrong.tolist()
    assert sum(wrong.values()) == pytest.approx(0.1 * len(wrong), abs=1)
    family = dict(zip(case.labels["genus"], case.labels["family"], strict=True))
    for given, own in zip(planted.labels, case.labels["genus"], strict=True):
        assert family[given] == family[own], "wrong within the family"
    changed = [a != b for a, b in zip(planted.labels, case.labels["genus"], strict=True)]
    assert changed == planted.wrong.tolist()


def test_planted_names_are_found_where_species_lie_apart():
    case = case_of(n_each=30, spread=4.0)
    task = Mislabels(fractions=(0.1,), n_resamples=20)
    question = next(one for one in task.questions(case) if one.rank == "genus")
    figures = task.answer(case, question).figures
    assert set(figures) == {"random", "within_family"}
    for kind in figures.values():
        for detector in ("confidence", "neighbours", "both"):
            assert kind["10%"][detector]["average_precision"]["value"] > 0.8


def test_a_family_has_nothing_coarser_to_stay_within():
    case = case_of(n_each=30)
    task = Mislabels(fractions=(0.1,), n_resamples=5)
    question = next(one for one in task.questions(case) if one.rank == "family")
    assert set(task.answer(case, question).figures) == {"random"}


def test_a_wrong_name_heads_the_list_with_its_nearest_media_as_the_reason():
    case = case_of(n_each=18, spread=5.0)
    labels = list(case.labels["genus"])
    labels[5] = "Bruna"
    case.labels = {**case.labels, "genus": tuple(labels)}
    question = next(one for one in Issues().questions(case) if one.rank == "genus")
    answer = Issues().answer(case, question)
    (table,) = answer.tables.values()
    first = table.rows[0]
    assert (first["media_id"], first["label"], first["proposed"]) == ("m0005", "Bruna", "Alba")
    assert 0 <= first["score"] < 0.5
    assert set(first["neighbour_labels"]) == {"Alba"}
    assert "m0004" not in first["neighbours"], "it shows the same specimen"
    vectors = dict(zip(case.ids, case.of().features, strict=True))
    a, b = vectors["m0005"], vectors[first["neighbours"][0]]
    cosine = a @ b / np.linalg.norm(a) / np.linalg.norm(b)
    assert first["neighbour_similarities"][0] == pytest.approx(cosine, abs=1e-5)


def test_two_detectors_together_flag_what_they_doubt_on_average():
    def made(*scores):
        n = len(scores)
        flags = np.array(scores) < 0.5
        return Suspicions(("a", "b"), np.array(scores), flags, np.zeros(n, int), np.ones(n, int))

    both = together(made(0.1, 0.4, 0.9), made(0.3, 0.7, 0.8))
    np.testing.assert_allclose(both.scores, [0.2, 0.55, 0.85])
    assert both.flagged.tolist() == [True, False, False]
