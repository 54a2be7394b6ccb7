import pytest
import torch

from wunderkammer.nets.efficientnet import LiteTrunk
from wunderkammer.nets.lite_tail import N_BLOCKS, LiteStart, LiteTail


@pytest.mark.parametrize("n_first", [9, 12, 15])
def test_both_parts_together_are_the_trunk(n_first):
    torch.manual_seed(0)
    trunk = LiteTrunk(N_BLOCKS).eval()
    pixels = torch.randint(0, 256, (2, 3, 64, 64), dtype=torch.uint8)
    with torch.inference_mode():
        whole = trunk((pixels.float() - 127) / 128)[-1].mean((2, 3))
        tail = LiteTail(trunk, n_first, 3).eval()
        torch.nn.init.normal_(tail.head.weight)
        found = tail(LiteStart(trunk, n_first)(pixels))
        assert torch.allclose(found, tail.head(whole), atol=1e-4)


def test_all_classes_begin_equal():
    tail = LiteTail(LiteTrunk(N_BLOCKS), 12, 4).eval()
    assert (tail(torch.rand(3, 192, 2, 2)) == 0).all()


def test_the_first_part_is_never_trained_and_statistics_stay():
    trunk = LiteTrunk(N_BLOCKS)
    start, tail = LiteStart(trunk, 12), LiteTail(trunk, 12, 2).train()
    assert not any(one.requires_grad for one in start.parameters())
    assert all(one.requires_grad for one in tail.parameters())
    before = {name: value.clone() for name, value in tail.named_buffers()}
    tail(torch.rand(8, 192, 2, 2))
    assert all(torch.equal(before[name], value) for name, value in tail.named_buffers())
