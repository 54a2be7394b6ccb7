"""The doctor: what this machine, this installation and a collection lack, and how to get it."""

from __future__ import annotations

from wunderkammer.doctor.finding import Finding, Level
from wunderkammer.doctor.visit import SECTIONS, examined

__all__ = ["SECTIONS", "Finding", "Level", "examined"]
