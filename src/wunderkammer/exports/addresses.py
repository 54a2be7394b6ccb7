"""Addresses at which files of media are published, from a pattern."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

from pydantic import Field

from wunderkammer.core.errors import ConfigurationError
from wunderkammer.exports.selection import Medium

_PLACE = re.compile(r"\{(\w*)\}")


def address_option(what: str) -> Any:
    """Return the field of an option that takes a pattern."""
    return Field(
        "",
        pattern=r"^(https?://\S+)?$",
        description=f"Address {what}, with {{media_id}}, {{head}} (its first two digits) or the "
        "name of a column in braces.",
    )


def address_of(pattern: str, medium: Medium) -> str:
    """Return the address of a medium's file; empty without a pattern.

    Raises
    ------
    ConfigurationError
        If a medium has nothing for a name in braces.
    """

    def value(found: re.Match[str]) -> str:
        name = found[1]
        text = medium.media_id[:2] if name == "head" else medium.text(name)
        if not text:
            raise ConfigurationError(
                f"the address '{pattern}' names {{{name}}}, and the medium {medium.media_id} has "
                "no such value.",
                hint="Use {media_id}, which every medium has.",
            )
        return quote(text, safe="/")

    return _PLACE.sub(value, pattern)
