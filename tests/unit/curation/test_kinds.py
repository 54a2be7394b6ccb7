import numpy as np
import pytest

from wunderkammer.core.errors import ConfigurationError, StageError
from wunderkammer.core.settings import build
from wunderkammer.curation.acquisition import uncertainty
from wunderkammer.curation.kinds import (
    EXPLANATIONS,
    KINDS,
    NO_LABEL,
    TITLES,
    UNSURE_LABEL,
    Thresholds,
    counts,
    high_entropy,
    kinds,
)

SURE, WEAK = 8.0, 0.2


def medium(*votes, by=SURE):
    """Return logits (members, classes) of members that vote so, each that sure."""
    return by * np.eye(2, dtype=np.float32)[list(votes)]


def kinds_of(media, labels=None, **options):
    logits = np.stack(media, axis=1)
    said = np.full(logits.shape[1], NO_LABEL) if labels is None else np.array(labels)
    return kinds(uncertainty(logits), logits, said, Thresholds(**options)).tolist()


EASY, HARD = medium(0, 0, 0, 0, 0), medium(1, 1, 1, 1, 1, by=WEAK)
SPLIT = medium(0, 0, 0, 1, 1)
DISSENT = np.concatenate([medium(0, 0, 0, 0), medium(1, by=WEAK)])


def test_entropy_and_agreement_make_four_kinds():
    found = kinds_of([EASY, HARD, DISSENT, SPLIT], entropy=0.5)
    assert found == ["A", "B", "C", "D"]


def test_a_disagreement_without_high_entropy_is_only_sure_if_all_but_one_say_so():
    logits = [medium(0, 0, 0, 1, 1), medium(0, 0, 0, 0, 1)]
    assert kinds_of(logits, entropy=0.69) == ["D", "C"]
    assert kinds_of(logits, entropy=0.1) == ["D", "D"], "high entropy is never sure"


def test_or_if_the_answer_is_probable_enough():
    strong, against = medium(0, 0), medium(1, 1, by=0.01)
    logits = [np.concatenate([strong, strong, strong, strong, strong, against])]
    probability = uncertainty(np.stack(logits, axis=1)).probabilities.max()
    assert kinds_of(logits, entropy=0.69, confidence=probability - 0.01) == ["C"]
    assert kinds_of(logits, entropy=0.69, confidence=probability + 0.01) == ["D"]


def test_one_of_two_members_is_no_majority():
    assert kinds_of([medium(0, 1)], entropy=0.7) == ["D"]


def test_all_but_one_must_vote_for_what_the_ensemble_says():
    loud = np.concatenate([medium(0, 0, by=0.01), medium(1)])
    assert uncertainty(loud[:, None]).classes.tolist() == [1]
    assert kinds_of([loud], entropy=0.69) == ["D"]


def test_labelled_media_are_suspected_or_have_no_kind():
    media = [EASY, EASY, DISSENT, HARD, HARD]
    assert kinds_of(media, labels=[0, 1, 0, 1, 0], entropy=0.5) == [
        "", "MISPREDICTION", "MISPREDICTION", "UNCERTAIN", "MISPREDICTION",
    ]  # fmt: skip


def test_not_sure_is_asked_again_once_the_ensemble_is_sure():
    found = kinds_of([EASY, HARD, DISSENT], labels=[UNSURE_LABEL] * 3, entropy=0.5)
    assert found == ["NOTSURE", "", "NOTSURE"]


def test_labelled_media_that_nobody_could_predict_have_no_kind():
    nothing = np.full((5, 2), np.nan, np.float32)
    assert kinds_of([nothing, nothing, EASY], labels=[0, UNSURE_LABEL, NO_LABEL]) == ["", "", "A"]


def test_every_medium_without_a_label_has_exactly_one_kind():
    rng = np.random.default_rng(0)
    logits = rng.normal(size=(5, 2_000, 3)).astype(np.float32) * rng.uniform(0, 6, (1, 2_000, 1))
    found = kinds(uncertainty(logits), logits, np.full(2_000, NO_LABEL))
    assert set(found) == {"A", "B", "C", "D"}
    n = counts(found)
    assert sum(n.values()) == 2_000
    assert tuple(n) == KINDS
    assert n["B"] + n["D"] >= 200


def test_one_tenth_is_above_the_default_quantile_of_what_has_no_label():
    entropy = np.arange(2_000) / 4_000
    labels = np.full(2_000, NO_LABEL)
    labels[1_000:] = 0
    limit = high_entropy(entropy, labels, Thresholds())
    assert (entropy[:1_000] > limit).sum() == 100
    assert high_entropy(entropy, np.zeros(2_000, int), Thresholds()) > limit
    assert high_entropy(entropy, labels, Thresholds(entropy=0.3)) == 0.3


def test_equal_entropies_are_none_of_them_high():
    assert set(kinds_of([HARD] * 20)) == {"A"}


def test_every_kind_has_a_title_and_one_sentence():
    assert tuple(TITLES) == tuple(EXPLANATIONS) == KINDS
    for sentence in EXPLANATIONS.values():
        assert sentence.endswith(".")
        assert ". " not in sentence


def test_a_quantile_beyond_1_and_labels_of_other_media_are_refused():
    with pytest.raises(ConfigurationError, match="quantile"):
        build(Thresholds, {"quantile": 2}, where="queues")
    with pytest.raises(StageError, match="3 came for 1"):
        kinds_of([EASY], labels=[0, 0, 0])
