"""Where tiles are kept: one PMTiles file, a file a tile, one ZIP, or a Deep Zoom Image."""

from wunderkammer.atlas.containers.dzi import DziWriter
from wunderkammer.atlas.containers.folders import DirectoryReader, DirectoryWriter
from wunderkammer.atlas.containers.pmtiles import PMTilesReader, PMTilesWriter
from wunderkammer.atlas.containers.verification import verify_pmtiles
from wunderkammer.atlas.containers.zipped import ZipWriter

__all__ = [
    "DirectoryReader",
    "DirectoryWriter",
    "DziWriter",
    "PMTilesReader",
    "PMTilesWriter",
    "ZipWriter",
    "verify_pmtiles",
]
