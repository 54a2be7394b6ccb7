"""Training encoders: images a second of the whole training, and of the bare network.

python benchmarks/encoder_training.py [--n 512] [--epochs 3] [--batch 64] [--device cpu]
                                      [--threads 2] [--dry]

The bare network looks at one batch that lies in memory already, as often as the training
takes steps: forward, the same loss, backward, a step of AdamW. The training is Lightning's
whole loop: batches are drawn, pixels fetched and changed at random, what is held out is
looked at, and a checkpoint is written after each epoch. On a processor CPU time is measured,
on a graphics card the time that passes.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import torch

import report
from wunderkammer.core.device import Device
from wunderkammer.training.encoder import begun, fit_encoder
from wunderkammer.training.encoder_settings import EncoderTraining, encoder_training
from wunderkammer.training.networks import Scaling
from wunderkammer.training.pictures import PictureExample, Pictures
from wunderkammer.training.representation import RepresentationModule
from wunderkammer.training.trainer import precision

KINDS: Mapping[str, Mapping[str, object]] = {
    "ResNet-18, triplets": {
        "kind": "triplet", "network": "resnet18", "start": "", "side_px": 128,
    },
    "variational autoencoder": {"kind": "vae", "side_px": 64, "warm_up": 0},
}  # fmt: skip
HELD_OUT = 0.1
N_LABELS = 32
WARM_UP = 3


def pictures(n: int, side_px: int) -> Pictures:
    """Return pictures of noise, of some labels: what they show does not change the speed."""
    rng = np.random.default_rng(0)
    examples = [
        PictureExample(f"m{k}", f"m{k}", lambda: None, {"genus": f"g{k % N_LABELS}"})
        for k in range(n)
    ]
    pixels = rng.integers(0, 256, (n, side_px, side_px, 3), np.uint8)
    return Pictures(pixels, examples, np.arange(n))


def module_of(training: EncoderTraining, some: Pictures, train: np.ndarray) -> RepresentationModule:
    """Return the module of a training as it begins."""
    torch.manual_seed(0)
    return begun(training, some, Scaling.of(training, some, train), train)[0]


def trained_rate(training: EncoderTraining, some: Pictures, device: Device) -> float:
    """Return pictures a second of the training loop, from the end of its first epoch on."""
    order = np.random.default_rng(1).permutation(len(some.rows))
    n_held_out = int(HELD_OUT * len(order))
    parts = {"train": np.sort(order[n_held_out:]), "validation": np.sort(order[:n_held_out])}
    ends: list[float] = []
    with tempfile.TemporaryDirectory() as scratch:
        module = module_of(training, some, parts["train"])
        fit_encoder(module, parts, Path(scratch), device, lambda _: ends.append(now(device)))
    sizes = [sum(map(len, module.draw(parts["train"], epoch))) for epoch in range(1, len(ends))]
    return sum(sizes) / (ends[-1] - ends[0])


def bare_rate(training: EncoderTraining, some: Pictures, device: Device, n_steps: int) -> float:
    """Return pictures a second of the network alone, on one batch in memory."""
    places = np.arange(len(some.rows))
    module = module_of(training, some, places).to(device.name).train()
    module.network.to(memory_format=torch.channels_last)
    batch = torch.from_numpy(module.draw(places, 0)[0])
    pixels = module.looked_at(batch, None)
    optimiser = torch.optim.AdamW(module.network.parameters(), 1e-4)
    kind = torch.bfloat16 if "bf16" in precision(device) else None
    start = 0.0
    for step in range(WARM_UP + n_steps):
        if step == WARM_UP:
            start = now(device)
        with torch.autocast(device.name, kind, enabled=kind is not None):
            loss = module.loss(batch, pixels)["loss"]
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    return n_steps * len(batch) / (now(device) - start)


def now(device: Device) -> float:
    """Return the seconds until all that was asked of the device is done."""
    if device.name == "cpu":
        return time.process_time()
    torch.cuda.synchronize()
    return time.perf_counter()


def main() -> None:
    """Measure both, alternating; write the section."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=512)
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--device", default="cpu", choices=["cpu", "cuda"])
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--dry", action="store_true", help="print, and leave the page as it is")
    given = parser.parse_args()
    device = Device(given.device, given.threads)
    torch.set_num_threads(given.threads)
    rows = []
    for name, settings in KINDS.items():
        values = {
            **settings, "n_epochs": given.epochs, "patience": given.epochs,
            "batch_size": given.batch,
        }  # fmt: skip
        kind = str(values.pop("kind"))
        training = encoder_training(kind, values=values)
        some = pictures(given.n, training.side_px)
        n_steps = max(2, given.epochs * given.n // training.batch_size)
        bare = [bare_rate(training, some, device, n_steps // 2)]
        ours = trained_rate(training, some, device)
        bare.append(bare_rate(training, some, device, n_steps // 2))
        alone = sum(bare) / 2
        rows.append(
            [f"{name}, {training.side_px} px", f"{alone:.0f}", f"{ours:.0f}", f"{ours / alone:.2f}"]
        )
    unit = "images/CPU-s" if device.name == "cpu" else "images/s"
    plural = "s" if given.threads > 1 else ""
    where = (
        f"{given.threads} thread{plural}" if device.name == "cpu" else torch.cuda.get_device_name()
    )
    text = (
        f"{given.n:,} pictures in memory, batches of {training.batch_size}, {precision(device)}, "
        f"{where}; the bare network before and after, views, held-out part and checkpoints "
        "only in the training (asked: >= 0.70 on a graphics card):\n\n"
    )
    text += report.table(["", f"bare network, {unit}", f"training, {unit}", "ratio"], rows)
    if given.dry:
        print(text)
        return
    report.record(f"encoder_training.{given.device}", f"Training encoders ({device.name})", text)


if __name__ == "__main__":
    main()
