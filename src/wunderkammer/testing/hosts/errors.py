"""What can go wrong with a scripted host itself, as opposed to what it is told to do wrong."""

from __future__ import annotations

from wunderkammer.core.errors import WunderkammerError


class ImageHostError(WunderkammerError):
    """A scripted host was asked for what it cannot do."""
