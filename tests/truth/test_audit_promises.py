"""What an audit promises of a threshold is kept on the media that were not audited."""

import numpy as np
import pytest

from wunderkammer.curation.audit import audit

N_MEDIA, N_TRIES = 4_000, 150


@pytest.mark.parametrize(("wanted", "n_audited"), [(0.95, 300), (0.99, 1_000)])
@pytest.mark.parametrize("too_sure", [1, 2])
def test_promises_are_kept_in_39_of_40_cases(wanted, n_audited, too_sure):
    rng = np.random.default_rng([too_sure, n_audited])
    n_promised = n_broken = 0
    for _ in range(N_TRIES):
        sharp = rng.random(N_MEDIA) < 0.9
        sure = np.where(sharp, rng.beta(200, 1, N_MEDIA), rng.uniform(0.5, 1, N_MEDIA))
        right = rng.random(N_MEDIA) < sure**too_sure
        some = rng.permutation(N_MEDIA)[:n_audited]
        found = audit(
            np.stack([sure, 1 - sure], 1)[some], np.where(right, 0, 1)[some], ("good", "bad"),
            confidence=sure, labelled=np.isin(np.arange(N_MEDIA), some), precision=wanted,
        )  # fmt: skip
        n_promised += found.promised
        n_broken += found.promised and right[sure >= found.threshold].mean() < wanted
    assert n_promised > N_TRIES / 10, "else nothing is tested"
    assert n_broken <= N_TRIES / 40
