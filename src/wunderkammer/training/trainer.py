"""The trainer that every training uses: it stops by itself, and goes on after a kill."""

from __future__ import annotations

import logging
import math
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import lightning
import torch
from lightning.pytorch.callbacks import EarlyStopping

from wunderkammer.core.device import Device
from wunderkammer.core.files import remove_left_below, written_whole

LAST, BEST = "last.ckpt", "best.ckpt"

Watch = Callable[[Mapping[str, float]], None]


def unwatched(_: Mapping[str, float]) -> None:
    """Do nothing with the figures of an epoch."""


class Checkpoints(lightning.Callback):
    """Keeps the last checkpoint, to go on from, and the state of the best epoch.

    Both are files that are whole or not there, whenever the process dies.

    Parameters
    ----------
    run : Path
        Folder of the training.
    metric : str
        The held-out figure that decides which epoch is best.
    mode : str
        Whether the figure is better when it is ``"max"`` or ``"min"``.
    """

    def __init__(self, run: Path, metric: str, mode: Literal["max", "min"]) -> None:
        self.run, self.metric, self.mode = run, metric, mode
        self.best = -math.inf

    def on_train_epoch_end(
        self, trainer: lightning.Trainer, pl_module: lightning.LightningModule
    ) -> None:
        """Keep what the epoch came to."""
        reached = float(trainer.callback_metrics[self.metric])
        reached = reached if self.mode == "max" else -reached
        better = reached > self.best
        self.best = max(self.best, reached)
        if not trainer.is_global_zero:
            trainer.save_checkpoint(self.run / LAST)  # all take part, the first one writes
            return
        if better:
            with written_whole(self.run / BEST) as temporary:
                torch.save(pl_module.state_dict(), temporary)
        with written_whole(self.run / LAST) as temporary:
            trainer.save_checkpoint(temporary)

    def state_dict(self) -> dict[str, Any]:
        """Return what a checkpoint must remember."""
        return {"best": self.best}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Go on from a checkpoint."""
        self.best = state_dict["best"]


class _Told(lightning.Callback):
    """Tells the figures of each epoch."""

    def __init__(self, watch: Watch) -> None:
        self.watch = watch

    def on_train_epoch_end(
        self, trainer: lightning.Trainer, pl_module: lightning.LightningModule
    ) -> None:
        """Tell."""
        if not trainer.is_global_zero:
            return
        figures = {name: float(value) for name, value in trainer.callback_metrics.items()}
        self.watch({"epoch": float(trainer.current_epoch), **figures})


@dataclass(frozen=True, slots=True)
class Goal:
    """What a training goes for, and when it stops.

    Attributes
    ----------
    metric : str
        The held-out figure that decides which epoch is best.
    mode : str
        Whether the figure is better when it is ``"max"`` or ``"min"``.
    n_epochs : int
        Most epochs.
    patience : int
        Epochs without a better figure before it stops.
    """

    metric: str
    mode: Literal["max", "min"]
    n_epochs: int
    patience: int


def best_after_training(
    module: lightning.LightningModule,
    data: lightning.LightningDataModule,
    run: Path,
    goal: Goal,
    *,
    device: Device,
    watch: Watch = unwatched,
) -> None:
    """Train a module and leave it in the state of its best epoch.

    Parameters
    ----------
    module, data
        What is trained, on what.
    run : Path
        Folder of this training; if its last checkpoint is there, it goes on from that.
    goal : Goal
    device : Device
    watch : callable, optional
        Is told ``epoch`` and the figures of each epoch.

    Notes
    -----
    With several devices each has a process, and a step looks at a batch on each: what
    is handed over must then be picklable.
    """
    last = run / LAST
    run.mkdir(parents=True, exist_ok=True)
    remove_left_below(run)
    with quiet():
        trainer = lightning.Trainer(
            max_epochs=goal.n_epochs,
            accelerator="gpu" if device.name == "cuda" else "cpu",
            devices=device.n_devices,
            # spawned, so that what follows runs once
            strategy="ddp_spawn" if device.n_devices > 1 else "auto",
            precision=precision(device),
            # what is told was kept before
            callbacks=[
                EarlyStopping(goal.metric, mode=goal.mode, patience=goal.patience),
                Checkpoints(run, goal.metric, goal.mode),
                _Told(watch),
            ],
            default_root_dir=run,
            logger=False,
            enable_checkpointing=False,
            enable_progress_bar=False,
            enable_model_summary=False,
            num_sanity_val_steps=0,
            reload_dataloaders_every_n_epochs=1,
        )
        trainer.fit(
            module,
            datamodule=data,
            ckpt_path=last if last.exists() else None,
            weights_only=False,
        )
    module.load_state_dict(torch.load(run / BEST, map_location="cpu", weights_only=True))


def one_cycle(
    module: lightning.LightningModule, learning_rate: float, weight_decay: float, warm_up: float
) -> Any:
    """Return AdamW with one cycle: a short rise, then a cosine down to nothing.

    Parameters
    ----------
    module : LightningModule
        What is trained, attached to its trainer.
    learning_rate : float
        The highest one.
    weight_decay : float
        Of AdamW.
    warm_up : float
        Share of all steps in which the learning rate rises.
    """
    optimiser = torch.optim.AdamW(module.parameters(), learning_rate, weight_decay=weight_decay)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser,
        learning_rate,
        total_steps=int(module.trainer.estimated_stepping_batches),
        pct_start=warm_up,
    )
    return {"optimizer": optimiser, "lr_scheduler": {"scheduler": schedule, "interval": "step"}}


def precision(device: Device) -> Any:
    """Return bfloat16 where the machine computes in it, else float32."""
    if device.name == "cuda":
        return "bf16-mixed" if torch.cuda.is_bf16_supported() else "16-mixed"
    capable = torch.backends.cpu.get_cpu_capability()
    native = "AVX512" in capable and torch.ops.mkldnn._is_mkldnn_bf16_supported()  # noqa: SLF001
    return "bf16-mixed" if native else "32-true"


@contextmanager
def quiet() -> Iterator[None]:
    """Keep Lightning's own notices from the screen: what matters is told to who watches."""
    names = ("lightning.pytorch", "lightning.fabric", "lightning")
    levels = {name: logging.getLogger(name).level for name in names}
    try:
        for name in names:
            logging.getLogger(name).setLevel(logging.ERROR)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        for name, level in levels.items():
            logging.getLogger(name).setLevel(level)
