import torch

from wunderkammer.training.losses import mask_loss


def square(side: int = 16) -> torch.Tensor:
    truth = torch.zeros(1, 1, 32, 32)
    start = (32 - side) // 2
    truth[:, :, start : start + side, start : start + side] = 1
    return truth


def logits(mask: torch.Tensor, sure: float = 8.0) -> torch.Tensor:
    return (mask * 2 - 1) * sure


def test_the_truth_costs_nearly_nothing_and_its_opposite_much() -> None:
    truth = square()
    assert mask_loss(logits(truth), truth) < 0.01
    assert mask_loss(logits(1 - truth), truth) > 5


def test_an_empty_image_is_right_when_nothing_is_found() -> None:
    empty = torch.zeros(1, 1, 32, 32)
    assert mask_loss(logits(empty, 14), empty) < 0.01
    assert mask_loss(logits(square()), empty) > mask_loss(logits(empty), empty) + 0.5


def test_a_wrong_outline_costs_more_when_the_outline_is_weighted() -> None:
    grown = logits(square(18))
    plain, weighted = (mask_loss(grown, square(), boundary_weight=w) for w in (0, 4))
    assert weighted > 1.3 * plain


def test_each_image_counts_alike_whatever_its_specimen_s_size() -> None:
    truth = torch.cat([square(4), square(28)])
    found = logits(torch.cat([torch.zeros(1, 1, 32, 32), square(28)]))
    small_missed = mask_loss(found, truth)
    found = logits(torch.cat([square(4), square(26)]))
    assert small_missed > mask_loss(found, truth)
