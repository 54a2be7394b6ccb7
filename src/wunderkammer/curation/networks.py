"""Networks as members of an ensemble: fine-tuned on pictures, started from the last round."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from wunderkammer.core.device import Device
from wunderkammer.core.errors import NotEnoughMediaError, StageError
from wunderkammer.core.files import written_whole
from wunderkammer.core.settings import build
from wunderkammer.curation.calibration import fit_temperature
from wunderkammer.curation.presets import PRESETS, Images, NetworkSettings

if TYPE_CHECKING:
    import torch

    from wunderkammer.curation._members import Looked, State

Codes = npt.NDArray[np.int64]
Logits = npt.NDArray[np.float32]
Told = Callable[[float, str], None]

_KIND = "wunderkammer network ensemble 1"
_PARTS = 5
"""Parts of the media; each member leaves one of them out, to see when to stop."""

_PICTURES_AT_ONCE = 512


@dataclass(frozen=True, slots=True, eq=False)
class NetworkEnsemble:
    """Networks that look at pictures, used as :class:`~.ensemble.HeadEnsemble` is on features.

    Attributes
    ----------
    settings : NetworkSettings
    states : tuple of mapping of str to Tensor
        What each member has learnt; blocks that stay are not among it.
    temperature : float
        Divides all logits before they become probabilities.
    classes : tuple of str
        In the order of the columns.
    """

    settings: NetworkSettings
    states: tuple[State, ...]
    temperature: float
    classes: tuple[str, ...]

    def logits(self, pictures: Images, device: Device | None = None) -> Logits:
        """Return what each member says, shape (n_members, n, n_classes), not yet divided.

        Parameters
        ----------
        pictures : ndarray of uint8, shape (n, side_px, side_px, 3)
            See :func:`~wunderkammer.curation.presets.as_pictures`; may be mapped from a file.
        device : Device, optional
        """
        found = np.empty((len(self.states), len(pictures), len(self.classes)), np.float32)
        with _workers(device or Device()) as (workers, where):
            how = self.settings.model_copy(update={"n_views": 1})
            networks = [self._network(state).to(where) for state in self.states]
            for start in range(0, len(pictures), _PICTURES_AT_ONCE):
                part = slice(start, start + _PICTURES_AT_ONCE)
                looked = how.looked(np.asarray(pictures[part]), where, workers)
                found[:, part] = _all_told(networks, looked, workers, len(pictures[part]))
        return found

    def _network(self, state: State) -> torch.nn.Module:
        from wunderkammer.curation._members import network_of

        network = network_of(self.settings, len(self.classes), [0])
        network.load_state_dict(dict(state))
        return network

    def save(self, path: Path) -> None:
        """Write the ensemble as one safetensors file, whole or not at all."""
        from safetensors.torch import save_file

        about = {
            "kind": _KIND,
            "settings": json.dumps(self.settings.model_dump(mode="json")),
            "classes": json.dumps(self.classes),
            "temperature": repr(float(self.temperature)),
        }
        tensors = {
            f"{member}/{name}": value.contiguous()
            for member, state in enumerate(self.states)
            for name, value in state.items()
        }
        with written_whole(path) as temporary:
            save_file(tensors, temporary, about)

    @classmethod
    def load(cls, path: Path) -> NetworkEnsemble:
        """Read what :meth:`save` wrote.

        Raises
        ------
        StageError
            If the file is missing, damaged, or holds something else.
        """
        from safetensors import SafetensorError, safe_open

        try:
            with safe_open(path, framework="pt") as file:
                about = file.metadata() or {}
                if about.get("kind") != _KIND:
                    raise StageError(
                        f"{path} is not what a round of sorting with networks writes.",
                        hint="Copy the collection again, or learn anew: wk curate round TASK.",
                    )
                settings = json.loads(about["settings"])
                how = build(PRESETS[settings["name"]], settings, where=str(path))
                states: list[dict[str, torch.Tensor]] = [{} for _ in range(how.n_members)]
                for key in file.keys():  # noqa: SIM118  (no mapping)
                    member, _, name = key.partition("/")
                    states[int(member)][name] = file.get_tensor(key)
        except (OSError, SafetensorError) as error:
            raise StageError(
                f"{path} cannot be read as an ensemble: {error}.", hint="Train a new round."
            ) from None
        return cls(
            how, tuple(states), float(about["temperature"]), tuple(json.loads(about["classes"]))
        )


@dataclass(frozen=True, slots=True, eq=False)
class FittedNetworks:
    """An ensemble of networks, and what it says of the labelled media it has not seen.

    Attributes
    ----------
    ensemble : NetworkEnsemble
        Its temperature comes from ``held_out``.
    held_out : ndarray of float32, shape (n_members, n, n_classes)
        Logits out of fold; NaN where nothing was held out.
    """

    ensemble: NetworkEnsemble
    held_out: Logits


def fit_networks(  # noqa: PLR0913  (each is a fact about the media with its own name)
    pictures: Images,
    codes: Codes,
    classes: Sequence[str],
    media_ids: Sequence[str],
    settings: NetworkSettings,
    *,
    groups: Sequence[Any] | None = None,
    warm: NetworkEnsemble | None = None,
    device: Device | None = None,
    told: Told = lambda _, __: None,
) -> FittedNetworks:
    """Train the members, once on all labelled media and once without each fold.

    Parameters
    ----------
    pictures : ndarray of uint8, shape (n, side_px, side_px, 3)
        Of the labelled media, see
        :func:`~wunderkammer.curation.presets.as_pictures`.
    codes : ndarray of int64, shape (n,)
        Class of each.
    classes : sequence of str
    media_ids : sequence of str
        Decide, with the seed, to which part a medium belongs: in every round the same one.
    settings : NetworkSettings
        One of :data:`~wunderkammer.curation.presets.PRESETS`.
    groups : sequence, optional
        What each medium belongs to, such as its specimen: never parted. None and ``""`` is a
        group of its own.
    warm : NetworkEnsemble, optional
        The last round's; each member goes on from the one of its place. Another preset's, or
        one of other classes, is not gone on from.
    device : Device, optional
        Members are trained side by side on as many threads as it allows.
    told : callable, optional
        Is told how far it has come, from 0 to 1, and what is done.

    Raises
    ------
    NotEnoughMediaError
        If there is no medium, or fewer than two classes.
    StageError
        If pictures, labels and ids do not fit together.

    Notes
    -----
    Each member leaves a fifth of the media out, another one each, and stops where their loss
    is lowest. The part depends on the medium alone, so a member never saw its own part in an
    earlier round either; only where a class would have nothing left are its media learnt from.
    Where fewer than two media of a class are left out, a fixed number of epochs is done.

    What is held out to *measure* is told by members that begin anew: those of the last round
    have seen it. With folds it costs as much again as there are folds.

    All that is drawn comes from the seed, and on processors nothing depends on the number of
    threads; graphics processors add in an order of their own.
    """
    keys = _checked(pictures, codes, classes, media_ids, groups, settings)
    said = np.asarray(codes, np.int64)
    work = _Work(settings, said, tuple(classes), keys, warm, told)
    with _workers(device or Device()) as (workers, where):
        looked = settings.looked(np.asarray(pictures), where, workers)
        states = work.members(looked, workers, where)
        held_out = work.held_out(looked, workers, where)
    ensemble = NetworkEnsemble(settings, states, 1.0, tuple(classes))
    return FittedNetworks(replace(ensemble, temperature=fit_temperature(held_out, said)), held_out)


class _Work:
    """All trainings of a round."""

    def __init__(
        self, settings: NetworkSettings, codes: Codes, classes: tuple[str, ...],
        keys: Sequence[str], warm: NetworkEnsemble | None, told: Told,
    ) -> None:  # fmt: skip
        self.how, self.codes, self.classes, self.told = settings, codes, classes, told
        self.parts = _parts(keys, settings.seed, "part", _PARTS)
        self.folds = _parts(keys, settings.seed, "fold", max(1, settings.n_folds))
        fits = warm is not None and warm.classes == classes and _alike(warm.settings, settings)
        self.warm = warm if fits else None
        self.n_done = 0
        self.n_trainings = settings.n_members * (1 + settings.n_folds)

    def members(self, looked: Looked, workers: Any, where: torch.device) -> tuple[State, ...]:
        """Return the members, trained on all labelled media."""
        rows = np.arange(len(self.codes))

        def one(member: int) -> State:
            start = self.warm.states[member : member + 1] if self.warm is not None else ()
            return self._trained(looked, rows, member, 0, start, where)

        return tuple(workers.map(one, range(self.how.n_members)))

    def held_out(self, looked: Looked, workers: Any, where: torch.device) -> Logits:
        """Return what members say that were trained without each fold."""
        from wunderkammer.curation._members import network_of, told

        shape = (self.how.n_members, len(self.codes), len(self.classes))
        found = np.full(shape, np.nan, np.float32)

        def one(which: tuple[int, int]) -> None:
            member, fold = which
            (rows,) = np.nonzero(self.folds != fold)
            (held,) = np.nonzero(self.folds == fold)
            if not len(rows) or not len(held):
                return
            state = self._trained(looked, rows, member, 1 + fold, (), where)
            network = network_of(self.how, len(self.classes), [0]).to(where)
            network.load_state_dict(dict(state))
            found[member, held] = told(network, looked, held).numpy()

        pairs = [(i, k) for k in range(self.how.n_folds) for i in range(self.how.n_members)]
        list(workers.map(one, pairs))
        return found

    def _trained(
        self, looked: Looked, rows: Codes, member: int, turn: int, start: Sequence[State],
        where: torch.device,
    ) -> State:  # fmt: skip
        """Return a member trained on some media; ``turn`` 0 is on all of them."""
        from wunderkammer.curation._members import Lesson, network_of

        key = [self.how.seed, member, turn]
        network = network_of(self.how, len(self.classes), key)
        for state in start:
            network.load_state_dict(dict(state))
        held = self._held(rows, member)
        lesson = Lesson(self.how, looked, self.codes, len(self.classes), held, rows, key)
        state = lesson.taught(network, where)
        self.n_done += 1
        self.told(self.n_done / self.n_trainings, f"{self.n_done} of {self.n_trainings} trainings")
        return state

    def _held(self, rows: Codes, member: int) -> npt.NDArray[np.bool_]:
        """Return which media a member leaves out; none of a class that would have no other."""
        held = np.zeros(len(self.codes), np.bool_)
        if self.how.judged:
            held[rows] = self.parts[rows] == member % _PARTS
            left = np.unique(self.codes[rows[~held[rows]]])
            held &= np.isin(self.codes, left)
        return held


def _alike(one: NetworkSettings, other: NetworkSettings) -> bool:
    """Tell whether members of one can go on from those of the other."""
    aside = {"n_members", "seed", "n_folds", "n_epochs", "n_epochs_unjudged", "learning_rate"}
    first, second = (how.model_dump(exclude=aside) for how in (one, other))
    return first == second


def _parts(keys: Sequence[str], seed: int, purpose: str, n: int) -> Codes:
    """Return the part of each medium, by a digest of what it belongs to."""
    drawn = [hashlib.sha256(f"{seed}\x1f{purpose}\x1f{key}".encode()).digest() for key in keys]
    return np.array([int.from_bytes(one[:8], "little") % n for one in drawn], np.int64)


def _all_told(networks: Sequence[Any], looked: Looked, workers: Any, n: int) -> Logits:
    from wunderkammer.curation._members import told

    places = np.arange(n)
    found = workers.map(lambda network: told(network, looked, places).numpy(), networks)
    return np.stack(list(found))


@contextmanager
def _workers(device: Device) -> Iterator[tuple[Any, torch.device]]:
    """Yield threads on each of which torch computes alone, and where it does."""
    import torch

    from wunderkammer.training.threads import single_threaded_workers

    with single_threaded_workers(device) as workers:
        yield workers, torch.device(device.name)


def _checked(
    pictures: Images, codes: Codes, classes: Sequence[str], media_ids: Sequence[str],
    groups: Sequence[Any] | None, settings: NetworkSettings,
) -> list[str]:  # fmt: skip
    """Return what each medium belongs to; refuse what does not fit together."""
    if len(classes) < 2 or not len(codes):
        raise NotEnoughMediaError(
            f"networks: labelled media of at least 2 classes are needed; {len(codes)} media came "
            f"for {len(classes)} classes.",
            hint="Label a few media first.",
        )
    shape = (len(codes), settings.side_px, settings.side_px, 3)
    names = list(groups) if groups is not None else [None] * len(codes)
    if pictures.shape != shape or not len(media_ids) == len(names) == len(codes):
        raise StageError(
            f"networks: pictures of shape {pictures.shape}, {len(media_ids)} ids and {len(names)} "
            f"groups came for {len(codes)} labels; wanted are pictures of shape {shape}."
        )
    if min(codes) < 0 or max(codes) >= len(classes):
        raise StageError(
            f"networks: classes are 0 to {len(classes) - 1}; found {min(codes)} to {max(codes)}.",
            hint="Leave media without a label out.",
        )
    return [
        f"medium {one}" if group in (None, "") else f"group {group}"
        for one, group in zip(media_ids, names, strict=True)
    ]
