"""Features of a finished collection."""

import numpy as np

from wunderkammer.core.device import Device
from wunderkammer.core.whole import gather
from wunderkammer.encoders import registry
from wunderkammer.imaging.decoding import decode


def test_each_vector_is_what_the_encoder_sees_in_its_thumbnail(collection):
    inputs = gather(collection.table(), collection.configuration.stage("embedding"))
    encoder = registry.get("colour-histogram")()
    encoder.load(Device())
    cells = dict(
        zip(
            *collection.query("SELECT media_id, thumbnail FROM media").to_pydict().values(),
            strict=True,
        )
    )
    vectors = inputs.vectors("features/colour-histogram")
    for row in (0, len(inputs) - 1):
        content = (collection.root / cells[inputs.ids[row]]).read_bytes()
        image = decode(content, max_pixels=10**9, enough_px=encoder.input_px).pixels
        np.testing.assert_array_equal(vectors[row], encoder.encode([image])[0])
