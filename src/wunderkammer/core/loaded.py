"""What a worker loads once and asks any number of times."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from wunderkammer.core.device import Device
from wunderkammer.core.settings import Settings


class Loaded(Settings):
    """Base of what sees something in images: ``load`` once a worker, then ask it.

    A subclass sets ``name`` and ``version`` to ``Literal`` types with defaults,
    registers itself, and keeps what it loads in private attributes. The result
    for an image must not depend, to the last bit, on the other images of the
    call: a run that was interrupted and finished equals one that was not.
    """

    name: str
    version: str

    @property
    def input_px(self) -> int:
        """Longest side in pixels below which an image loses detail that is seen."""
        raise NotImplementedError

    def files(self, root: Path) -> Mapping[str, Path]:
        """Return files whose content decides the result, by a name that stays when moved.

        Parameters
        ----------
        root : Path
            The collection's folder; relative paths start there.
        """
        return {}

    def load(self, device: Device, root: Path = Path()) -> None:
        """Make ready: import what is heavy, read weights, move them to the device.

        Parameters
        ----------
        device : Device
            Where it computes.
        root : Path
            The collection's folder; relative paths start there.
        """
