"""A scripted image host: real servers on loopback that do what museums' servers do.

Read in this order: :mod:`answers` (what a host can do), :mod:`rules` (when it
does it), :mod:`record` (what it notes down), :mod:`analysis` (what to ask of
the notes). :mod:`wunderkammer.testing.image_host` puts them together.
"""

from __future__ import annotations
