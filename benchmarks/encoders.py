"""Compare an encoder's images a second with a bare torch loop over the same arrays.

Both see the same uint8 images and do all that lies between them and a vector:
shrinking, padding, scaling, the network as published, eager. The plain loop is what
one would write at first: batches of 32 in NCHW order; the tuned one takes batches of
8 in channels-last order. One thread each; they are timed in turns, the best of
each counts.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable

import cv2
import numpy as np
import torch
from efficientnet_lite_pytorch import EfficientNet

from report import record, table
from wunderkammer.core.device import Device
from wunderkammer.encoders.efficientnet_lite import EfficientnetLite0


def images(n: int) -> list[np.ndarray]:
    draw = np.random.default_rng(0)
    shapes = draw.integers(256, 513, (n, 2))
    coarse = draw.integers(0, 256, (n, 12, 12, 3), np.uint8)
    return [
        cv2.resize(colours, (int(width), int(height)), interpolation=cv2.INTER_CUBIC)
        for colours, (height, width) in zip(coarse, shapes, strict=True)
    ]


def bare_loop(
    size: int, memory_format: torch.memory_format
) -> Callable[[list[np.ndarray]], np.ndarray]:
    network = EfficientNet.from_name("efficientnet-lite0")
    network.load_state_dict(torch.load(EfficientnetLite0.weights_path(), weights_only=True))
    network.eval().to(memory_format=memory_format)

    def prepare(image: np.ndarray) -> np.ndarray:
        scale = 224 / max(image.shape[:2])
        size = (round(image.shape[1] * scale), round(image.shape[0] * scale))
        small = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
        high, wide = 224 - small.shape[0], 224 - small.shape[1]
        sides = (high // 2, high - high // 2, wide // 2, wide - wide // 2)
        return cv2.copyMakeBorder(small, *sides, cv2.BORDER_CONSTANT, value=(255, 255, 255))

    def encode(some: list[np.ndarray]) -> np.ndarray:
        rows = []
        with torch.inference_mode():
            for start in range(0, len(some), size):
                batch = np.stack([prepare(image) for image in some[start : start + size]])
                tensor = torch.from_numpy(batch).permute(0, 3, 1, 2).float()
                tensor = tensor.contiguous(memory_format=memory_format)
                rows.append(network.extract_features((tensor - 127) / 128).mean((2, 3)).numpy())
        return np.concatenate(rows)

    return encode


def seconds(encode: Callable[[list[np.ndarray]], np.ndarray], some: list[np.ndarray]) -> float:
    start = time.process_time()
    encode(some)
    return time.process_time() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=128, help="images")
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    some = images(arguments.n)
    encoder = EfficientnetLite0()
    encoder.load(Device("cpu", 1))
    plain, tuned = bare_loop(32, torch.contiguous_format), bare_loop(8, torch.channels_last)
    difference = float(np.abs(encoder.encode(some[:8]) - plain(some[:8])).max())
    ways = (encoder.encode, plain, tuned)
    times = [[seconds(way, some) for way in ways] for _ in range(arguments.rounds)]
    ours, theirs, best = (arguments.n / min(column) for column in zip(*times, strict=True))
    rows = [
        ["`efficientnet-lite0` encoder", f"{ours:.1f}", "1.00"],
        ["bare loop, batches of 8, channels last", f"{best:.1f}", f"{best / ours:.2f}"],
        ["bare loop, batches of 32, NCHW", f"{theirs:.1f}", f"{theirs / ours:.2f}"],
    ]
    text = (
        f"{arguments.n} images in memory, one thread, torch {torch.__version__}; shrinking, "
        f"padding and the network included; largest difference of a feature {difference:.1e} "
        f"(asked: the encoder at >= 0.9 of a bare torch loop; it runs at {ours / best:.2f} of the "
        f"tuned and {ours / theirs:.2f} of the plain one):"
    )
    figures = table(["", "images / CPU-s", "of the encoder"], rows)
    record("encoders", "Features", f"{text}\n\n{figures}")


if __name__ == "__main__":
    main()
