import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import lightning
import torch
from torch.utils.data import DataLoader, TensorDataset

from wunderkammer.core.device import Device
from wunderkammer.training.trainer import LAST, Goal, best_after_training, precision


class Line(lightning.LightningModule):
    """Learns a straight line, with steps so long that it gets worse now and then."""

    def __init__(self, rate: float = 0.5) -> None:
        super().__init__()
        self.layer, self.rate = torch.nn.Linear(1, 1), rate

    def training_step(self, batch: list[torch.Tensor], _: int) -> torch.Tensor:
        return ((self.layer(batch[0]) - batch[1]) ** 2).mean()

    def validation_step(self, batch: list[torch.Tensor], _: int) -> None:
        self.log("error", ((self.layer(batch[0]) - batch[1]) ** 2).mean())

    def configure_optimizers(self) -> torch.optim.Optimizer:
        return torch.optim.SGD(self.parameters(), self.rate)


class Points(lightning.LightningDataModule):
    def loader(self) -> DataLoader:
        x = torch.linspace(-1, 1, 32)[:, None]
        return DataLoader(TensorDataset(x, 3 * x + 1), 8)

    train_dataloader = val_dataloader = loader


def train(
    run: Path, told: list[Mapping[str, float]], *, n_epochs: int, rate: float = 0.5,
    patience: int = 99, stop_at: int | None = None,
) -> Line:  # fmt: skip
    def watch(figures: Mapping[str, float]) -> None:
        told.append(figures)
        if figures["epoch"] == stop_at:
            raise KeyboardInterrupt

    torch.manual_seed(0)
    module = Line(rate)
    best_after_training(
        module, Points(), run, Goal("error", "min", n_epochs, patience),
        device=Device("cpu", 1), watch=watch,
    )  # fmt: skip
    return module


def error_of(module: Line) -> float:
    x, y = next(iter(Points().loader()))
    with torch.no_grad():
        return float(((module.layer(x) - y) ** 2).mean())


def test_it_learns_and_ends_in_its_best_epoch(tmp_path: Path) -> None:
    told: list[Mapping[str, float]] = []
    assert error_of(train(tmp_path, told, n_epochs=20)) < 0.05
    assert [one["epoch"] for one in told] == list(range(20))


def test_it_stops_when_nothing_gets_better(tmp_path: Path) -> None:
    told: list[Mapping[str, float]] = []
    train(tmp_path, told, n_epochs=50, rate=0.0, patience=3)
    assert len(told) == 4


def test_what_was_stopped_goes_on_and_ends_the_same(tmp_path: Path) -> None:
    whole = train(tmp_path / "whole", [], n_epochs=6)
    told: list[Mapping[str, float]] = []
    try:
        train(tmp_path / "stopped", told, n_epochs=6, stop_at=2)
    except (KeyboardInterrupt, SystemExit):
        assert (tmp_path / "stopped" / LAST).exists()
    rest: list[Mapping[str, float]] = []
    again = train(tmp_path / "stopped", rest, n_epochs=6)
    assert [one["epoch"] for one in rest] == [3, 4, 5]
    assert torch.equal(whole.layer.weight, again.layer.weight)


def test_a_processor_computes_in_a_precision_that_lightning_knows() -> None:
    assert precision(Device("cpu")) in {"bf16-mixed", "32-true"}


def test_a_checkpoint_that_a_kill_left_half_is_removed(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as gone:
        gone.wait()
    left = [tmp_path / f".tmp-0123abcd-{pid}-{LAST}" for pid in (gone.pid, os.getpid())]
    for path in left:
        path.write_bytes(b"half")
    train(tmp_path, [], n_epochs=1)
    assert [path.exists() for path in left] == [False, True], "what runs writes on"
