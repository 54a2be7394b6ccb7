"""The browser of whoever sits at this machine."""

from __future__ import annotations

import os
import sys


def open_browser(place: str) -> None:
    """Open an address in a window, if there is a screen; never take over the terminal."""
    if _has_screen():
        import webbrowser

        webbrowser.open(place)


def _has_screen() -> bool:
    """Tell whether a browser would open a window."""
    if sys.platform in {"win32", "darwin"}:
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
