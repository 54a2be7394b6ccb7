"""The pipeline: the ordered list of stages. Read this first.

Data flows from top to bottom; what a stage reads and writes is in its file.
"""

from __future__ import annotations

from wunderkammer.core.stage import Stage
from wunderkammer.stages.atlas import AtlasStage
from wunderkammer.stages.embedding import EmbeddingStage
from wunderkammer.stages.features import FeaturesStage
from wunderkammer.stages.image import ImageStage
from wunderkammer.stages.ingest import IngestStage
from wunderkammer.stages.layout import LayoutStage
from wunderkammer.stages.tile import TileStage

STAGES: tuple[type[Stage], ...] = (
    IngestStage,  # source → records
    ImageStage,  # original → verified, upright by EXIF, measured, thumbnail
    FeaturesStage,  # thumbnail → vector
    EmbeddingStage,  # vectors → two dimensions
    LayoutStage,  # embedding → places without overlap
    TileStage,  # sprites in their places → raster pyramid
    AtlasStage,  # records and places → points, dictionaries, cards
)
