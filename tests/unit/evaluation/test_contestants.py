import pytest

from drawn_cases import drawn_collection
from wunderkammer.core.errors import UnknownNameError
from wunderkammer.evaluation.contestants import QUICK, requested, with_encoders
from wunderkammer.evaluation.vectors import encoders_of
from wunderkammer.training.encoder_settings import KINDS, encoder_training


def test_names_are_features_that_are_there_then_kinds_then_encoders(tmp_path):
    made = drawn_collection(tmp_path, n_each=1)
    assert requested(made, ()).there == ("colour-histogram",)
    asked = requested(made, ("simclr", "efficientnet-lite0", "colour-histogram", "kew-triplet"))
    assert asked.there == ("colour-histogram",)
    assert asked.encoders == ("efficientnet-lite0",)
    assert asked.trained == ("simclr", "kew-triplet")
    with pytest.raises(UnknownNameError) as caught:
        requested(made, ("vea",))
    assert "Did you mean 'vae'" in caught.value.hint


def test_an_encoder_joins_the_features_and_those_there_stay_first(tmp_path):
    made, said = drawn_collection(tmp_path, n_each=1), []
    joined = with_encoders(made, ("efficientnet-lite0",), said.append)
    assert list(encoders_of(joined)) == ["colour-histogram", "efficientnet-lite0"]
    assert joined.configuration.stage("embedding").settings()["features"] == "colour-histogram"
    assert len(said) == 1
    again = with_encoders(joined, ("efficientnet-lite0",), said.append)
    assert list(encoders_of(again)) == list(encoders_of(joined))
    assert len(said) == 1, "nothing is written twice"


def test_every_kind_has_quick_settings_that_are_allowed():
    assert set(QUICK) == set(KINDS)
    for kind, values in QUICK.items():
        assert encoder_training(kind, values=values).n_epochs == values["n_epochs"]
