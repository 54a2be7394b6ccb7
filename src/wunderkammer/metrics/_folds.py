"""Folds for cross-validation: media of one specimen stay together."""

from __future__ import annotations

import warnings
from typing import Literal

import numpy as np

from wunderkammer.core.errors import NotEnoughMediaError
from wunderkammer.metrics._labels import Codes

Folding = Literal["stratified", "plain"]


def folds_of(
    codes: Codes, groups: Codes, folding: Folding, n_folds: int, seed: int
) -> list[tuple[Codes, Codes]]:
    """Return the rows to fit on and to score of each fold.

    Groups are dealt by scikit-learn's StratifiedKFold or KFold, shuffled; by the label of
    their first medium, in order of their first medium. Where every medium is a group of its
    own, these are the folds of the media themselves.

    Raises
    ------
    NotEnoughMediaError
        If there are fewer groups than folds, or no label has as many groups as folds.
    """
    from sklearn.model_selection import KFold, StratifiedKFold

    _, first, group = np.unique(groups, return_index=True, return_inverse=True)
    by_appearance = np.argsort(np.argsort(first))
    group = by_appearance[group]
    label = codes[np.sort(first)]
    most = np.bincount(label).max(initial=0) if folding == "stratified" else len(label)
    if most < n_folds or n_folds < 2:
        raise NotEnoughMediaError(
            f"metrics: {n_folds} folds need at least 2 folds and a label of {n_folds} specimens; "
            f"the largest has {most}.",
            hint="Use fewer folds, or a higher rank.",
        )
    kind = StratifiedKFold if folding == "stratified" else KFold
    dealer = kind(n_folds, shuffle=True, random_state=seed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # rare labels are counted as missed
        dealt = list(dealer.split(label, label))
    parts = [np.isin(group, held_out) for _, held_out in dealt]
    return [(np.flatnonzero(~part), np.flatnonzero(part)) for part in parts]
