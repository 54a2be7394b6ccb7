"""Pictures to learn from: brought to one size once, split, and handed out by the batch."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from wunderkammer.core.errors import ImageError, NotEnoughMediaError, WunderkammerError
from wunderkammer.core.files import folder_written_whole
from wunderkammer.core.settings import digest_of
from wunderkammer.imaging.preparing import Preparation, prepared
from wunderkammer.training.encoder_settings import EncoderTraining
from wunderkammer.training.examples import Skipped
from wunderkammer.training.split import PARTS, filled_split

Image = npt.NDArray[np.uint8]

LEAST = 10
"""Fewest pictures that can be trained on."""

_PIXELS, _ABOUT = "pixels.npy", "about.json"
_AT_ONCE = 256


@dataclass(frozen=True, slots=True)
class PictureExample:
    """A picture and what is known of it.

    Attributes
    ----------
    media_id : str
        Names it in the split.
    group : str
        What must not be parted by the split, such as the specimen.
    load : callable
        Returns the picture, uint8, shape (height, width, 3).
    labels : mapping of str to str
        What it shows, by column, such as ``{"genus": "Morpho"}``.
    content : str
        Digest of the picture; pictures that all have one are prepared once only.
    """

    media_id: str
    group: str
    load: Callable[[], Image]
    labels: Mapping[str, str] = field(default_factory=dict)
    content: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Pictures:
    """Pictures of one size, in memory or on the disk.

    Attributes
    ----------
    pixels : ndarray of uint8, shape (n_rows, side, side, 3)
        May be mapped from a file.
    examples : sequence of PictureExample
        Those that can be used.
    rows : ndarray of int64, shape (n_examples,)
        Where each of them stands in ``pixels``.
    skipped : sequence of Skipped
        Those that cannot, and why.
    """

    pixels: Image
    examples: Sequence[PictureExample]
    rows: npt.NDArray[np.int64]
    skipped: Sequence[Skipped] = ()

    def __reduce__(self) -> tuple[Any, ...]:
        """Travel to another process as the name of the file, where there is one."""
        pixels = self.pixels
        where = getattr(pixels, "filename", None)
        read, what = (_mapped, where) if where is not None else (np.asarray, pixels)
        return _rejoined, (read, what, self.examples, self.rows, self.skipped)


def _mapped(path: Path) -> Image:
    # copy on write: torch wants memory that might be changed
    mapped: Image = np.load(path, mmap_mode="c")
    return mapped


def _rejoined(read: Callable[[Any], Image], what: Any, *others: Any) -> Pictures:
    return Pictures(read(what), *others)


def preparation_of(
    training: EncoderTraining,
    mean: Sequence[float] = (0, 0, 0),
    spread: Sequence[float] = (1, 1, 1),
) -> Preparation:
    """Return how a picture becomes the input of an encoder.

    Parameters
    ----------
    training : EncoderTraining
    mean, spread : sequence of float
        What each colour is scaled by, see :func:`channel_statistics`.
    """
    return Preparation(
        training.side_px,
        (mean[0], mean[1], mean[2]),
        (spread[0], spread[1], spread[2]),
        "area",
        training.fit,
        training.padding,
    )


def prepare_pictures(
    examples: Iterable[PictureExample],
    folder: Path,
    training: EncoderTraining,
    n_threads: int = 1,
) -> Pictures:
    """Check pictures and store them small; what cannot be used is named, not used.

    Parameters
    ----------
    examples : iterable of PictureExample
    folder : Path
        Where they are stored; what was stored there of the same contents is used again.
    training : EncoderTraining
        Its size and padding count.
    n_threads : int
        Pictures that are decoded at a time.
    """
    some = sorted(examples, key=lambda one: one.media_id)
    how = [training.side_px, training.fit, training.padding]
    key = digest_of([how, [(one.media_id, one.content) for one in some]])[:12]
    home = folder / f"pictures-{key}"
    if not (all(one.content for one in some) and (home / _ABOUT).is_file()):
        with folder_written_whole(home) as temporary:
            _write(some, temporary, training, n_threads)
    about: dict[str, list[str]] = json.loads((home / _ABOUT).read_text(encoding="utf-8"))
    rows = [row for row, one in enumerate(some) if one.media_id not in about]
    skipped = [Skipped(name, ImageError(text, hint=hint)) for name, (text, hint) in about.items()]
    return Pictures(
        _mapped(home / _PIXELS), [some[row] for row in rows], np.array(rows, np.int64), skipped
    )


def _write(
    examples: Sequence[PictureExample], folder: Path, training: EncoderTraining, n_threads: int
) -> None:
    how = preparation_of(training)
    about: dict[str, list[str]] = {}
    shape = (max(1, len(examples)), how.side_px, how.side_px, 3)
    pixels = np.lib.format.open_memmap(folder / _PIXELS, "w+", np.uint8, shape)

    def work(row: int) -> None:
        try:
            pixels[row] = prepared(examples[row].load(), how)
        except WunderkammerError as error:
            about[examples[row].media_id] = [error.message, error.hint]
        except OSError as error:
            about[examples[row].media_id] = [str(error), ""]

    with ThreadPoolExecutor(max(1, n_threads)) as workers:
        for _ in workers.map(work, range(len(examples))):
            pass
    pixels.flush()
    (folder / _ABOUT).write_text(json.dumps(about, sort_keys=True), encoding="utf-8")


def without_label(pictures: Pictures, ranks: Sequence[str]) -> tuple[list[int], list[Skipped]]:
    """Return the places of pictures with a label in one of some columns, and the others.

    Where no column is asked for, all can be used.
    """
    places, skipped = [], []
    for place, one in enumerate(pictures.examples):
        if not ranks or any(one.labels.get(rank) for rank in ranks):
            places.append(place)
        else:
            error = ImageError(f"It has no {' or '.join(ranks)}.")
            skipped.append(Skipped(one.media_id, error))
    return places, skipped


def parted_places(
    pictures: Pictures, places: Sequence[int], seed: int
) -> dict[str, npt.NDArray[np.int64]]:
    """Return the places of each part; the pictures of one group are never parted.

    Where chance left a part empty, a group of the training part moves there.

    Raises
    ------
    NotEnoughMediaError
        If there are not even three groups, or fewer than ten pictures.
    """
    groups = [pictures.examples[place].group for place in places]
    if len(places) < LEAST or len(set(groups)) < len(PARTS):
        reasons = "; ".join(f"{one.media_id}: {one.error.message}" for one in pictures.skipped[:3])
        raise NotEnoughMediaError(
            f"{len(places)} pictures of {len(set(groups))} specimens can be trained on; {LEAST} "
            f"of {len(PARTS)} are needed. {reasons}".strip(),
            hint="Add media, or choose labels that more of them have.",
        )
    drawn = np.array(filled_split(groups, seed))
    here = np.array(places, np.int64)
    return {name: here[drawn == name] for name in PARTS}


def channel_statistics(
    pictures: Pictures, places: npt.NDArray[np.int64]
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Return mean and standard deviation of each colour in [0, 1] over some pictures.

    A colour that never changes has the deviation 1.
    """
    n, total, squares = 0, np.zeros(3), np.zeros(3)
    for start in range(0, len(places), _AT_ONCE):
        some = pictures.pixels[pictures.rows[places[start : start + _AT_ONCE]]]
        values = some.reshape(-1, 3).astype(np.float64) / 255
        n += len(values)
        total += values.sum(0)
        squares += np.square(values).sum(0)
    mean = total / n
    spread = np.sqrt(np.maximum(squares / n - mean**2, 0))
    spread[spread < 1e-6] = 1
    return tuple(mean.tolist()), tuple(spread.tolist())


class Store:
    """The pixels of pictures, on the device if they fit there: batches without a loader.

    Parameters
    ----------
    pictures : Pictures
    device : str
        ``"cpu"`` or ``"cuda"``.
    share : float
        Most of a GPU's free memory that they may take.
    """

    def __init__(self, pictures: Pictures, device: str, share: float = 0.4) -> None:
        self.device = torch.device(device)
        self.rows = torch.from_numpy(pictures.rows)
        self.pixels = torch.from_numpy(pictures.pixels)
        if self.device.type == "cuda":
            free, _ = torch.cuda.mem_get_info(self.device)
            if self.pixels.nbytes < share * free:
                self.pixels = self.pixels.to(self.device)

    def batch(self, places: torch.Tensor) -> torch.Tensor:
        """Return pictures (n, 3, side, side) of 8 bit on the device, by their places (n,)."""
        rows = self.rows[places].to(self.pixels.device)
        chosen = self.pixels[rows].to(self.device, non_blocking=True)
        return chosen.permute(0, 3, 1, 2)
