"""One image of a specimen with everything that is true of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from wunderkammer.testing.specimens.canvas import Image
from wunderkammer.testing.specimens.institutions import Institution
from wunderkammer.testing.specimens.records import Record
from wunderkammer.testing.specimens.taxonomy import Taxon

Kind = Literal["butterfly", "moth", "beetle", "leaf", "herbarium", "plate", "text"]
KINDS: tuple[Kind, ...] = ("butterfly", "moth", "beetle", "leaf", "herbarium", "plate", "text")
Quality = Literal["good", "partial", "bad"]
FAULTS = ("blurred", "dark", "empty", "label only", "wrong crop")


@dataclass(frozen=True)
class Specimen:
    """A drawn photograph and its truth.

    Parameters
    ----------
    index : int
        Which specimen of the generator; views of one specimen share it.
    kind : str
        Butterfly, moth, beetle, leaf, herbarium (sheet), plate or text (page).
    view : str
        ``"dorsal"`` or ``"ventral"``; ``"upper"`` for plants, ``"page"`` for pages.
    image : ndarray of uint8, shape (height, width, 3)
        RGB, 0-255, origin at the top left.
    mask : ndarray of bool, shape (height, width)
        Exactly the drawn specimen: at least half of the pixel is covered by it.
        Shadow, labels and paper are outside. A pin's head lies within the
        outline and stays inside the mask. On a plate it is the figures' union.
    angle_deg : float
        How far the specimen is turned from upright, counter-clockwise as seen,
        in [-180, 180). Turning the image by ``-angle_deg`` sets it upright.
    taxon : Taxon
        Order, family, genus, species. On a plate, the first figure's.
    sex : str
        ``"male"``, ``"female"``, or empty where it does not apply.
    damage : tuple of str
        What is missing, such as ``"left hindwing"``; names its side as seen
        from above with the head up.
    quality : str
        ``"good"``; ``"partial"`` when a wing or a large piece is missing;
        ``"bad"`` when the image cannot be used.
    reason : str
        Why it is not good: what is missing, or one of ``FAULTS``.
    institution : Institution
        Who photographed it.
    record : Record
        What its label and its database row say.
    occurrence_id, catalogue_number : str
        Shared by all views of the specimen.
    px_per_mm : float
        Scale of ruler and scale bar; 0 on pages.
    n_figures : int
        Specimens or figures shown: 0 on a text page, an empty or a label-only image.
    """

    index: int
    kind: Kind
    view: str
    image: Image
    mask: NDArray[np.bool_]
    angle_deg: float
    taxon: Taxon
    sex: str
    damage: tuple[str, ...]
    quality: Quality
    reason: str
    institution: Institution
    record: Record
    occurrence_id: str
    catalogue_number: str
    px_per_mm: float
    n_figures: int

    @property
    def stem(self) -> str:
        """File name without ending, from the catalogue number and the view."""
        number = "".join(c if c.isalnum() else "_" for c in self.catalogue_number)
        return f"{number}_{self.view}"
