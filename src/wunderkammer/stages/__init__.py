"""The pipeline: the ordered list of stages. Read this first.

Data flows from top to bottom; what a stage reads and writes is in its file.
"""

from __future__ import annotations

from wunderkammer.core.stage import Stage
from wunderkammer.stages.atlas import AtlasStage
from wunderkammer.stages.cutout import CutoutStage
from wunderkammer.stages.deepzoom import DeepzoomStage
from wunderkammer.stages.duplicates import DuplicatesStage
from wunderkammer.stages.embedding import EmbeddingStage
from wunderkammer.stages.features import FeaturesStage
from wunderkammer.stages.fetch import FetchStage
from wunderkammer.stages.fingerprint import FingerprintStage
from wunderkammer.stages.identify import IdentifyStage
from wunderkammer.stages.image import ImageStage
from wunderkammer.stages.ingest import IngestStage
from wunderkammer.stages.layout import LayoutStage
from wunderkammer.stages.measure import MeasureStage
from wunderkammer.stages.neighbours import NeighboursStage
from wunderkammer.stages.photograph import PhotographStage
from wunderkammer.stages.places import PlacesStage
from wunderkammer.stages.sample import SampleStage
from wunderkammer.stages.sort import SortStage
from wunderkammer.stages.tile import TileStage
from wunderkammer.stages.upright import UprightStage

STAGES: tuple[type[Stage], ...] = (
    IngestStage,  # source → records
    SampleStage,  # any columns → a subset, a split (where asked for; comes after what it reads)
    FetchStage,  # address → original
    ImageStage,  # original → verified, upright by EXIF, measured, thumbnail
    FingerprintStage,  # thumbnail → perceptual hash
    DuplicatesStage,  # hashes → which medium repeats which
    MeasureStage,  # thumbnail → how sharp, how light (where asked for)
    CutoutStage,  # original → specimens without their background (where asked for)
    UprightStage,  # cut-out → head up, cropped, small (where asked for)
    DeepzoomStage,  # picture at full size → a small pyramid of its own (where asked for)
    FeaturesStage,  # picture → vector
    SortStage,  # vectors, votes → a class for each medium (where asked for; after its features)
    IdentifyStage,  # vectors, names → names for what has none (where asked for)
    NeighboursStage,  # vectors → the nearest of each (where asked for)
    EmbeddingStage,  # vectors → two dimensions
    LayoutStage,  # embedding → places without overlap
    TileStage,  # sprites in their places → raster pyramid
    AtlasStage,  # records and places → points, dictionaries, cards
    PhotographStage,  # vectors, encoder → what a page finds by a photograph with (where asked for)
    PlacesStage,  # places in each layout → its points beside the atlas, what is written on it
)
