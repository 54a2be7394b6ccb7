"""Networks as members: how each looks at pictures, and how it is trained."""

from __future__ import annotations

import copy
import threading
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from wunderkammer.nets.alexnet import AlexNet
from wunderkammer.nets.dropping import draw_from
from wunderkammer.nets.efficientnet import LiteTrunk
from wunderkammer.nets.lite_tail import N_BLOCKS, LiteStart, LiteTail
from wunderkammer.training.imagenet import start_from_imagenet

if TYPE_CHECKING:
    from wunderkammer.curation.presets import AlexnetMembers, NetworkSettings, TrunkMembers

Codes = npt.NDArray[np.int64]
Images = npt.NDArray[np.uint8]
State = Mapping[str, torch.Tensor]

AT_ONCE = 16
"""Pictures that are looked at together: always so many, so that none sees how many there are."""

_BUILDING = threading.Lock()
_INITIAL, _ORDER, _DROPPED = 1, 2, 3
"""First numbers of what is drawn, so that no two draws are alike."""


class Looked(Protocol):
    """Pictures as the trained part of a network takes them, each in several views."""

    n_views: int

    def batch(self, rows: torch.Tensor, views: torch.Tensor) -> torch.Tensor:
        """Return the input for some pictures, each in one view; view 0 is as it is."""


class Pixels:
    """Pictures that a network looks at from the first layer on."""

    def __init__(self, pictures: Images, n_views: int, device: torch.device) -> None:
        self.pixels = torch.from_numpy(pictures).permute(0, 3, 1, 2)
        self.n_views, self.device = n_views, device

    def batch(self, rows: torch.Tensor, views: torch.Tensor) -> torch.Tensor:
        """Return pixels in [0, 1]."""
        return mirrored(self.pixels[rows].to(self.device), views.to(self.device)).float() / 255


class Maps:
    """Maps that the first blocks made, once for each view: they never change."""

    def __init__(self, pictures: Images, n_views: int, start: LiteStart, workers: Any) -> None:
        self.n_views = n_views
        self.start = start
        starts = range(0, len(pictures), AT_ONCE)
        parts = list(workers.map(lambda at: self._part(pictures[at : at + AT_ONCE]), starts))
        self.maps = torch.cat(parts, dim=1)

    def _part(self, pictures: Images) -> torch.Tensor:
        """Return maps of some pictures, shape (n_views, n, channels, height, width)."""
        device = next(self.start.parameters()).device
        pixels = torch.from_numpy(filled(pictures)).permute(0, 3, 1, 2).to(device)
        with torch.inference_mode():
            views = [
                self.start(mirrored(pixels, torch.full((len(pixels),), view, device=device)))
                for view in range(self.n_views)
            ]
        return torch.stack(views)[:, : len(pictures)].clone()

    def batch(self, rows: torch.Tensor, views: torch.Tensor) -> torch.Tensor:
        """Return maps."""
        return self.maps[views, rows]


def mirrored(pixels: torch.Tensor, views: torch.Tensor) -> torch.Tensor:
    """Return pictures mirrored left to right where views are odd, upside down from 2 on."""
    shape = (-1, 1, 1, 1)
    pixels = torch.where((views % 2 == 1).view(shape), pixels.flip(3), pixels)
    return torch.where((views >= 2).view(shape), pixels.flip(2), pixels)


def filled(pictures: Images) -> Images:
    """Return as many pictures as are looked at together, blank ones where there are fewer."""
    missing = AT_ONCE - len(pictures)
    if not missing:
        return np.ascontiguousarray(pictures)
    return np.concatenate([pictures, np.zeros((missing, *pictures.shape[1:]), np.uint8)])


def network_of(settings: NetworkSettings, n_classes: int, key: Sequence[int]) -> nn.Module:
    """Return a member as it is before any training; ``key`` decides what is drawn."""
    with _BUILDING, torch.random.fork_rng(devices=[]):  # all threads share torch's generator
        torch.manual_seed(drawn_seed(_INITIAL, key))
        return settings.network(n_classes)


def alexnet(settings: AlexnetMembers, n_classes: int) -> nn.Module:
    """Return an AlexNet with random weights."""
    return AlexNet(n_classes, settings.widths, settings.n_hidden, settings.drop)


def tail(settings: TrunkMembers, n_classes: int) -> nn.Module:
    """Return the last blocks of the published network with a head."""
    return LiteTail(published_trunk(), settings.n_frozen, n_classes, settings.drop)


def published_trunk() -> LiteTrunk:
    """Return the trunk of the published network."""
    trunk = LiteTrunk(N_BLOCKS)
    start_from_imagenet(trunk)
    return trunk


def drawn_seed(purpose: int, key: Sequence[int]) -> int:
    """Return a seed for torch."""
    return int(np.random.SeedSequence([purpose, *key]).generate_state(1, np.uint64)[0] >> 1)


class Lesson:
    """One training of one member.

    Parameters
    ----------
    settings : NetworkSettings
    looked : Looked
        The labelled pictures.
    codes : ndarray of int64, shape (n,)
    n_classes : int
    held : ndarray of bool, shape (n,)
        Media that decide when to stop, and that are not learnt from.
    rows : ndarray of int64
        Places of the media that take part at all.
    key : sequence of int
        Decides all that is drawn.
    """

    def __init__(
        self, settings: NetworkSettings, looked: Looked, codes: Codes, n_classes: int,
        held: npt.NDArray[np.bool_], rows: Codes, key: Sequence[int],
    ) -> None:  # fmt: skip
        self.how, self.looked, self.key = settings, looked, key
        self.codes = torch.from_numpy(codes)
        self.train = rows[~held[rows]]
        self.judged = rows[held[rows]]
        self.n_classes = n_classes

    def taught(self, network: nn.Module, device: torch.device) -> State:
        """Train, and return the state of the best epoch."""
        network.to(device)
        parameters = [one for one in network.parameters() if one.requires_grad]
        optimiser = torch.optim.Adam(parameters, self.how.learning_rate)
        weight = self._weights().to(device)
        draw_from(network, torch.Generator(device).manual_seed(drawn_seed(_DROPPED, self.key)))
        rng = np.random.default_rng([_ORDER, *self.key])
        best, lowest, waited = None, float("inf"), 0
        n_epochs = self.how.n_epochs if self._judges() else self.how.n_epochs_unjudged
        for _ in range(n_epochs):
            self._epoch(network, optimiser, weight, rng)
            if self._judges():
                loss = self._loss(network, self.judged, weight)
                waited = 0 if loss < lowest else waited + 1
                if loss < lowest:
                    best, lowest = copy.deepcopy(network.state_dict()), loss
                if waited >= self.how.patience:
                    break
            elif self.how.until_right and self._all_right(network):
                break
        return _at_home(best if best is not None else network.state_dict())

    def _judges(self) -> bool:
        """Tell whether the held-out media can say when to stop: at least 2 of each class."""
        learnt = np.unique(self.codes[self.train])
        counts = np.bincount(self.codes[self.judged], minlength=self.n_classes)
        return bool(len(learnt) and (counts[learnt] >= 2).all())

    def _weights(self) -> torch.Tensor:
        """Return what a medium of each class counts."""
        if not self.how.balance:
            return torch.ones(self.n_classes)
        counts = np.bincount(self.codes[self.train], minlength=self.n_classes)
        present = int((counts > 0).sum())
        weights = counts.sum() / np.maximum(counts, 1) / max(1, present)
        return torch.tensor(weights, dtype=torch.float32)

    def _epoch(
        self, network: nn.Module, optimiser: torch.optim.Optimizer, weight: torch.Tensor,
        rng: np.random.Generator,
    ) -> None:  # fmt: skip
        network.train()
        order = rng.permutation(self.train)
        for start in range(0, len(order), self.how.batch_size):
            rows = torch.from_numpy(order[start : start + self.how.batch_size])
            views = torch.from_numpy(rng.integers(0, self.looked.n_views, len(rows)))
            optimiser.zero_grad(set_to_none=True)
            logits = network(self.looked.batch(rows, views))
            truth = self.codes[rows].to(logits.device)
            torch.autograd.backward(nn.functional.cross_entropy(logits, truth, weight))
            optimiser.step()

    def _loss(self, network: nn.Module, places: Codes, weight: torch.Tensor) -> float:
        logits = told(network, self.looked, places)
        truth = self.codes[places]
        return float(nn.functional.cross_entropy(logits, truth, weight.cpu()))

    def _all_right(self, network: nn.Module) -> bool:
        logits = told(network, self.looked, self.train)
        return bool((logits.argmax(1) == self.codes[self.train]).all())


def told(network: nn.Module, looked: Looked, places: Codes) -> torch.Tensor:
    """Return logits of some pictures as they are, on the processor."""
    network.eval()
    found = []
    with torch.inference_mode():
        for start in range(0, len(places), AT_ONCE):
            some = np.resize(places[start : start + AT_ONCE], AT_ONCE)
            views = torch.zeros(AT_ONCE, dtype=torch.int64)
            logits = network(looked.batch(torch.from_numpy(some), views)).float().cpu()
            found.append(logits[: len(places) - start])
    return torch.cat(found).clone() if found else torch.zeros(0)


def _at_home(state: State) -> State:
    return {name: value.detach().cpu().contiguous().clone() for name, value in state.items()}
