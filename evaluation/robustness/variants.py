"""The same effect on other rows: without a cluster, or with the censored put elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data_dictionary.errors import DesignError
from evaluation.arguments import number_of, require_kind
from evaluation.arrays import BoolArray
from evaluation.comparison.arms import ARMS
from evaluation.estimates import Effect, HasEffect
from evaluation.robustness.checks import Question
from evaluation.survival.durations import Duration

if TYPE_CHECKING:
    from evaluation.comparison.matched import Matched

Estimator: TypeAlias = "Callable[[Matched], Effect | HasEffect]"
# Keys of a mapping are invariant: named by the caller, by code, or some of both.
Estimators: TypeAlias = (
    Mapping[str, Estimator] | Mapping[Question, Estimator] | Mapping[str | Question, Estimator]
)


def effect_of(estimator: Estimator, m: Matched) -> Effect:
    """Return the effect that an estimator finds, whatever it comes with."""
    found = estimator(m)
    return found if isinstance(found, Effect) else found.effect


def is_paired(m: Matched) -> bool:
    """Whether every used row stands in a pair of its own: 1:1 without replacement."""
    sets = m.subclass[m.used]
    if m.replace or not len(sets) or (sets < 0).any():
        return False
    size = np.bincount(sets)
    treated = np.bincount(sets, weights=m.treated[m.used])
    return bool((size[size > 0] == 2).all() and (treated[size > 0] == 1).all())


def without_cluster(m: Matched, label: object) -> Matched:
    """Return the comparison without one cluster; pairs leave together, weights are remade."""
    if m.cluster is None:
        raise DesignError("the study has no clusters to leave out")
    keep: BoolArray = np.asarray(m.cluster != label, dtype=bool)
    if is_paired(m):
        gone = np.unique(m.subclass[m.used & ~keep])
        keep &= ~np.isin(m.subclass, gone)
    return replace(m, weights=m.reweigh(keep))


def clusters_of(m: Matched, *, treated: bool) -> list[Any]:
    """Return the clusters that carry weight in one arm, in sorted order."""
    if m.cluster is None:
        return []
    own: NDArray[Any] = m.cluster[m.used & (m.treated == treated)]
    return sorted(pd.unique(pd.Series(own)).tolist())


def censoring_bounds(
    d: Duration, horizon: float, estimate: Callable[[Matched, Duration], Effect | HasEffect]
) -> dict[Question, Estimator]:
    """Return the two extreme answers to what became of the censored.

    Parameters
    ----------
    d : Duration
        The duration.
    horizon : float
        Rows censored before it are put elsewhere; those after it are left alone.
    estimate : callable
        Makes the effect from a comparison and a duration, such as
        ``lambda m, d: ev.incidence(m, d, horizon=104)``.

    Returns
    -------
    dict of Question to callable
        Estimators, to be given to `sensitivity` as specifications: the censored of one
        arm had the event when they were last seen, those of the other never before the horizon.

    Notes
    -----
    Manski-type bounds: whatever drove censoring, the effect lies between the two (apart from
    sampling).
    """
    require_kind(d, "d", Duration, "write ev.Duration(exit=..., event=...)")
    horizon = number_of(horizon, "horizon", "one time")
    return {
        Question("censoring_bound", "at_once", arm): partial(_bound, d, horizon, estimate, arm)
        for arm in ARMS
    }


def _bound(
    d: Duration,
    horizon: float,
    estimate: Callable[[Matched, Duration], Effect | HasEffect],
    at_once: str,
    m: Matched,
) -> Effect | HasEffect:
    return estimate(_completed(m, d, horizon, at_once), d)


def _completed(m: Matched, d: Duration, horizon: float, at_once: str) -> Matched:
    """Return the comparison with the rows censored before the horizon put at one extreme."""
    frame = m.frame.copy()
    event = frame[d.event]
    is_censored = event.isna() if d.of is not None else ~event.astype(bool)
    early = is_censored.to_numpy() & (frame[d.exit].to_numpy() < horizon)
    moved = early & (m.treated == (at_once == ARMS[0]))
    kept = early & ~moved
    frame[d.exit] = frame[d.exit].astype(np.float64).mask(kept, horizon)
    frame[d.event] = event.mask(moved, d.of if d.of is not None else True)
    return replace(m, frame=frame)
