"""Presets: settings of published samples, by one word."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

PRESETS: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        "kew": {
            "seed": 89,
            "unit": "medium",
            "split.name": "kew",
            "split.cap": 25,
            "split.train_institutions": ["NY", "NYBG", "New York Botanical Garden"],
            "split.species_share": 0.1,
            "split.random_share": 0.1,
        }
    }
)
"""Settings of a sample by dotted name, for each preset.

``kew``: Walker, Tucker and Nicolson (2022), Frontiers in Plant Science 12, 806407.
"""
