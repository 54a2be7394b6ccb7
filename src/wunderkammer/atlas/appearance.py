"""Appearance: colours that can be read, and a logo that does no harm."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from wunderkammer.core.errors import ConfigurationError

LANGUAGES = ("en", "de")
"""Languages that the page speaks."""

THEMES: Mapping[str, Mapping[str, str]] = {
    "light": {
        "paper": "#fffdf9",
        "well": "#f3efe7",
        "ink": "#221e19",
        "ink-soft": "#6a6257",
        "accent": "#7d2d1d",
        "accent-on": "#fffdf9",
    },
    "dark": {
        "paper": "#1d1a17",
        "well": "#2a2621",
        "ink": "#efe9df",
        "ink-soft": "#a99f92",
        "accent": "#eba58c",
        "accent-on": "#1d1a17",
    },
}
"""The page's own colours, as ``theme.css`` has them."""

AA = 4.5
"""Least contrast of a text to its ground (WCAG 2.2, level AA)."""

LOGO_BYTES = 200_000
"""A logo is no larger: every visitor loads it."""

_READ_ON = tuple(
    (text, ground) for text in ("ink", "ink-soft", "accent") for ground in ("paper", "well")
)
_HEX = re.compile(r"#[0-9a-f]{6}")
_WELL = 0.055
"""So much of the ink is in the ground of fields and pictures."""

_LOGOS = {
    ".png": b"\x89PNG\r\n\x1a\n",
    ".jpg": b"\xff\xd8\xff",
    ".jpeg": b"\xff\xd8\xff",
    ".webp": b"RIFF",
    ".svg": b"",
}
_ACTIVE = re.compile(
    rb"<\s*(?:\w+:)?(?:script|foreignobject|iframe|embed|object|handler|animate|set)\b"
    rb"|\son\w+\s*=|javascript:|<!(?:doctype|entity)|@import"
    rb"|(?:href|src)\s*=\s*[\"']?\s*(?!#)[^\s\"'#>]|url\(\s*[\"']?\s*(?!#)[^\s\"'#)]",
    re.IGNORECASE,
)
"""What an SVG may hold beside shapes: programs, and files from elsewhere."""


def colours(theme: str, *, accent: str = "", paper: str = "") -> dict[str, str]:
    """Return the colours of a theme by their names in the page, or nothing for the page's own.

    Parameters
    ----------
    theme : {"light", "dark"}
    accent, paper : str, optional
        Such as ``#7d2d1d``; empty for the page's own.

    Raises
    ------
    ConfigurationError
        If one is no colour, or a text could not be read on its ground.
    """
    if not accent and not paper:
        return {}
    made = dict(THEMES[theme])
    suffix = "_dark" if theme == "dark" else ""
    if paper:
        made["paper"] = made["accent-on"] = _colour(f"paper{suffix}", paper)
        made["well"] = mixed(made["paper"], made["ink"], _WELL)
    if accent:
        made["accent"] = _colour(f"accent{suffix}", accent)
    for text, ground in _READ_ON:
        found = contrast(made[text], made[ground])
        if found < AA:
            raise _unreadable(made, text, ground, suffix, found)
    return made


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, from 1 to 21, as WCAG 2.2 defines it.

    Examples
    --------
    >>> contrast("#000000", "#ffffff"), round(contrast("#777777", "#ffffff"), 2)
    (21.0, 4.48)
    """
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def mixed(one: str, other: str, share: float) -> str:
    """Return a colour with a share of another.

    Examples
    --------
    >>> mixed("#ffffff", "#000000", 0.5)
    '#808080'
    """
    pairs = zip(_channels(one), _channels(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def logo_name(path: Path) -> str:
    """Return the name under which a logo is published.

    Raises
    ------
    ConfigurationError
        If the file is not there, too large, of another kind than it says, or an SVG that
        holds more than shapes.
    """
    where = f"collection.toml, [collection]: logo = '{path.name}'"
    suffix = path.suffix.lower()
    if suffix not in _LOGOS:
        raise ConfigurationError(
            f"{where} is no image that pages show.", hint=f"Known: {', '.join(sorted(_LOGOS))}."
        )
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ConfigurationError(
            f"{where} cannot be read: {error.strerror or error}.",
            hint=f"It was looked for at {path}: the path starts from the folder of the collection.",
        ) from None
    if len(content) > LOGO_BYTES:
        raise ConfigurationError(
            f"{where} has {len(content):,} bytes; {LOGO_BYTES:,} are allowed.",
            hint="It is shown 30 pixels high: save it some 120 pixels high.",
        )
    if not content.startswith(_LOGOS[suffix]) or (suffix == ".svg" and b"<svg" not in content):
        raise ConfigurationError(
            f"{where} is no {suffix[1:].upper()} file, whatever its name says.",
            hint="Open it in a picture program and save it anew.",
        )
    active = _ACTIVE.search(content) if suffix == ".svg" else None
    if active:
        raise ConfigurationError(
            f"{where} holds more than shapes: {active[0].decode('utf-8', 'replace').strip()!r}.",
            hint="Save it as a plain SVG, or take a PNG.",
        )
    return f"logo{suffix}"


def _unreadable(
    made: Mapping[str, str], text: str, ground: str, suffix: str, found: float
) -> ConfigurationError:
    setting = "accent" if text == "accent" else "paper"
    return ConfigurationError(
        f"collection.toml, [collection]: {setting}{suffix} = '{made[setting]}' makes texts hard "
        f"to read: {made[text]} on {made[ground]} has a contrast of {found:.1f}, and {AA} is "
        "the least.",
        hint=_advice(made, text, suffix),
    )


def _advice(made: Mapping[str, str], text: str, suffix: str) -> str:
    """Return the nearest accent that can be read, or which way to go with the paper."""
    if text == "accent":
        for step in range(1, 101):
            tried = mixed(made["accent"], made["ink"], step / 100)
            if min(contrast(tried, made[ground]) for ground in ("paper", "well")) >= AA:
                return f"'{tried}' is nearest to it."
    return f"Take a {'darker' if suffix else 'lighter'} paper{suffix}."


def _colour(setting: str, text: str) -> str:
    if not _HEX.fullmatch(text.lower()):
        raise ConfigurationError(
            f"collection.toml, [collection]: {setting} = '{text}' is no colour.",
            hint="Write it as # and six hexadecimal digits, such as '#7d2d1d'.",
        )
    return text.lower()


def _channels(colour: str) -> tuple[int, int, int]:
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return red, green, blue


def _luminance(colour: str) -> float:
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (channel / 255 for channel in _channels(colour))
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
