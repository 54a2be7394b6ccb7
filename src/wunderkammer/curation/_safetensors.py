"""Safetensors whose bytes follow from what they hold."""

from __future__ import annotations

import json


def in_order(content: bytes) -> bytes:
    """Return a safetensors file with its metadata sorted: the library writes them in any order.

    What is digested, such as the file that a stage reads, so changes only with its content.
    """
    start = 8 + int.from_bytes(content[:8], "little")
    header = json.loads(content[8:start])
    header["__metadata__"] = dict(sorted(header["__metadata__"].items()))
    text = json.dumps(header, separators=(",", ":"), sort_keys=True).encode()
    text += b" " * (-len(text) % 8)
    return len(text).to_bytes(8, "little") + text + content[start:]
