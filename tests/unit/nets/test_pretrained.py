from types import SimpleNamespace

import pytest
import torch
from torch import nn

from wunderkammer.nets.pretrained import HiddenState, PooledMaps


class Model(nn.Module):
    """Answers as models of transformers do."""

    def __init__(self, hidden, pooled=None):
        super().__init__()
        self.hidden, self.pooled = hidden, pooled

    def forward(self, pixel_values):
        return SimpleNamespace(last_hidden_state=self.hidden, pooler_output=self.pooled)


TOKENS, MAPS = torch.arange(24.0).reshape(2, 3, 4), torch.ones(2, 3, 5, 5)
PIXELS = torch.zeros(2, 3, 8, 8)


def test_the_first_token_or_what_the_model_pooled():
    model = Model(TOKENS, TOKENS.mean(1))
    assert torch.equal(HiddenState(model, "cls")(PIXELS), TOKENS[:, 0])
    assert torch.equal(HiddenState(model)(PIXELS), TOKENS.mean(1))
    assert HiddenState(Model(MAPS, MAPS[:, :, :1, :1]))(PIXELS).shape == (2, 3)


@pytest.mark.parametrize(("model", "vector"), [(Model(TOKENS), "pooled"), (Model(MAPS), "cls")])
def test_a_model_without_that_vector_is_refused(model, vector):
    with pytest.raises(ValueError, match=f"no vector '{vector}'"):
        HiddenState(model, vector)(PIXELS)


def test_maps_are_averaged():
    class Trunk(nn.Module):
        def extract_features(self, pixels):
            return pixels * 2

    pixels = torch.randn(2, 3, 8, 8)
    torch.testing.assert_close(PooledMaps(Trunk())(pixels), 2 * pixels.mean((2, 3)))
