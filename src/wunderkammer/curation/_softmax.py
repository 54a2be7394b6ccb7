"""Many small softmax regressions on the same media, solved together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

_FREE = 1e-6
"""Penalty on intercepts: only their differences matter, and this says where they lie."""

_NEWTON_STEPS = 30
_CG_STEPS = 40
_TINY = 1e-300
_TOLERANCE = 1e-4
"""Norm of the gradient, as a share of that at zero, at which a fit is done."""


@dataclass(frozen=True, slots=True)
class Span:
    """Media in the axes that their own features span.

    Attributes
    ----------
    coordinates : ndarray of float64, shape (n, r)
        r is at most n and at most the number of features: what a fit costs depends on the
        smaller one. Columns are orthogonal.
    axes : ndarray of float64, shape (n_features, r)
        Orthonormal: coordinates are features times axes.
    """

    coordinates: Floats
    axes: Floats


def span(features: Floats) -> Span:
    """Return centred features in the axes that they span.

    A penalised fit has no weight outside of that span, so nothing is lost.
    """
    n, d = features.shape
    few_media = n < d
    gram = features @ features.T if few_media else features.T @ features
    values, vectors = np.linalg.eigh(gram)
    kept = values > 1e-9 * max(float(values[-1]), 1e-300)
    values, vectors = values[kept], vectors[:, kept]
    axes = features.T @ (vectors / np.sqrt(values)) if few_media else vectors
    return Span(np.asarray(features @ axes, np.float64), np.asarray(axes, np.float64))


def fit_softmax(
    coordinates: Floats, codes: npt.NDArray[np.int64], weights: Floats, strengths: Floats, n: int
) -> Floats:
    """Return the coefficients of several softmax regressions, shape (k, r + 1, n_classes).

    Parameters
    ----------
    coordinates : ndarray of float64, shape (n_media, r)
    codes : ndarray of int64, shape (n_media,)
    weights : ndarray, shape (k, n_media)
        What each medium counts in each regression; 0 leaves it out.
    strengths : ndarray, shape (k,)
        The inverse of the penalty on all but the last row, the intercepts.
    n : int
        Classes.

    Notes
    -----
    Minimises ``|V|² / 2 + strength Σ weight_i · loss_i`` by Newton's method; the steps are
    found by conjugate gradients preconditioned with the diagonal of the Hessian [1]_, which
    in the axes of the span is most of it. All regressions go in step, so that the work is
    products of matrices.

    References
    ----------
    .. [1] Nocedal, J. & Wright, S. J. (2006). Numerical optimization, ch. 7.
    """
    rows = np.column_stack([coordinates, np.ones(len(coordinates), np.float64)])
    return _Fits(rows, codes, (weights * strengths[:, None]), n).solved()


class _Fits:
    """Regressions under way; arrays are (k, rows, classes)."""

    def __init__(self, rows: Floats, codes: npt.NDArray[np.int64], weights: Floats, n: int) -> None:
        self.rows, self.squares, self.weights = rows, rows**2, weights[:, :, None]
        self.truth = np.eye(n, dtype=np.float64)[codes]
        self.penalty = np.ones((rows.shape[1], 1), np.float64)
        self.penalty[-1] = _FREE

    def solved(self) -> Floats:
        """Take Newton steps until every gradient is small."""
        k, n = len(self.weights), self.truth.shape[1]
        at = np.zeros((k, self.rows.shape[1], n), np.float64)
        loss, chances = self._loss(at)
        enough = None
        for _ in range(_NEWTON_STEPS):
            gradient = self.penalty * at + self._up(self.weights * (chances - self.truth))
            size = np.sqrt(_dots(gradient, gradient))
            enough = _TOLERANCE * np.maximum(size, 1e-12) if enough is None else enough
            if (size <= enough).all():
                break
            step = self._newton_step(gradient, chances, np.minimum(0.1, size / enough * 1e-2))
            at, loss, chances = self._along(at, step, loss, _dots(gradient, step))
        return at

    def _across(self, some: Floats) -> Floats:
        """Return rows times coefficients: one product for all regressions."""
        k, r, n = some.shape
        flat = self.rows @ some.transpose(1, 0, 2).reshape(r, k * n)
        return flat.reshape(-1, k, n).transpose(1, 0, 2)

    def _up(self, some: Floats, *, squared: bool = False) -> Floats:
        """Return the transposed rows (or their squares) times values of media."""
        k, m, n = some.shape
        rows = self.squares if squared else self.rows
        flat = rows.T @ some.transpose(1, 0, 2).reshape(m, k * n)
        return flat.reshape(-1, k, n).transpose(1, 0, 2)

    def _loss(self, at: Floats) -> tuple[Floats, Floats]:
        """Return what is minimised, and each medium's probabilities."""
        scores = self._across(at)
        scores = scores - scores.max(axis=2, keepdims=True)
        chances = np.exp(scores)
        total = chances.sum(axis=2, keepdims=True)
        own = (scores * self.truth).sum(axis=2) - np.log(total[:, :, 0])
        penalties = (self.penalty * at**2).sum(axis=(1, 2)) / 2
        return penalties - (self.weights[:, :, 0] * own).sum(axis=1), (chances / total)

    def _newton_step(self, gradient: Floats, chances: Floats, share: Floats) -> Floats:
        """Solve the Hessian for the gradient, as far as ``share`` of its norm."""
        diagonal = self._up(self.weights * chances * (1 - chances), squared=True) + self.penalty
        step = np.zeros_like(gradient)
        left = -gradient
        eased = left / diagonal
        way, agreement = eased.copy(), _dots(left, eased)
        target = share * np.sqrt(_dots(gradient, gradient))
        for _ in range(_CG_STEPS):
            bent = self._hessian(way, chances)
            going = np.sqrt(_dots(left, left)) > target
            if not going.any():
                break
            by = np.where(going, agreement / np.maximum(_dots(way, bent), _TINY), 0)[:, None, None]
            step += by * way
            left = left - by * bent
            eased = left / diagonal
            now = _dots(left, eased)
            way = eased + (now / np.maximum(agreement, _TINY))[:, None, None] * way
            agreement = now
        return step

    def _hessian(self, way: Floats, chances: Floats) -> Floats:
        turned = chances * self._across(way)
        turned -= chances * turned.sum(axis=2, keepdims=True)
        return self.penalty * way + self._up(self.weights * turned)

    def _along(
        self, at: Floats, step: Floats, loss: Floats, slope: Floats
    ) -> tuple[Floats, Floats, Floats]:
        """Go along the step, halved for those whose loss would not sink."""
        length = np.ones(len(at))
        for _ in range(20):
            there = at + length[:, None, None] * step
            found, chances = self._loss(there)
            worse = found > loss + 1e-4 * length * slope + 1e-6 * np.abs(loss)
            if not worse.any():
                break
            length = np.where(worse, length / 2, length)
        return there, found, chances


def _dots(one: Floats, other: Floats) -> Floats:
    """Return the inner product of each regression, in double precision."""
    return np.asarray(np.einsum("kij,kij->k", one, other, dtype=np.float64))
