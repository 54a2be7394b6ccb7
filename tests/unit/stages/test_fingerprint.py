"""Fingerprints of thumbnails."""

import io

import numpy as np
from PIL import Image

from wunderkammer.core.stage import Context, Done, Failed
from wunderkammer.imaging.perceptual_hash import dct_hash
from wunderkammer.stages.fingerprint import FingerprintStage


def encoded(pixels):
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "PNG")
    return out.getvalue()


def test_each_medium_gets_its_bits_and_a_plain_or_lost_one_says_so(tmp_path):
    context = Context(tmp_path)
    seen = np.random.default_rng(0).integers(0, 255, (8, 8, 3), np.uint8)
    seen = np.kron(seen, np.ones((40, 40, 1), np.uint8))
    plain = np.full((320, 320, 3), 250, np.uint8)
    plain[::7] -= 3
    cells = [
        context.write_blob("thumbnail", encoded(seen), ".png"),
        context.write_blob("thumbnail", encoded(plain), ".png"),
        "blobs/thumbnail/00/lost.png",
    ]
    batch = [{"media_id": name, "thumbnail": cell} for name, cell in zip("abc", cells, strict=True)]
    first, second, third = FingerprintStage().process(batch, context)
    assert first == Done("a", {"fingerprint": dct_hash(seen).tobytes().hex(), "near_flat": False})
    assert len(first.values["fingerprint"]) == 64
    assert second == Done("b", {"fingerprint": None, "near_flat": True})
    assert isinstance(third, Failed)
    assert "no longer there" in third.error.message
    [again] = FingerprintStage(min_contrast=0).process(batch[1:2], context)
    assert len(again.values["fingerprint"]) == 64
