"""Landmark analysis: those still at risk at a week, their time counted from it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from data_dictionary.errors import DesignError
from evaluation.arguments import number_of
from evaluation.comparison.arms import ARMS
from evaluation.estimates import as_code
from evaluation.notes import Note
from evaluation.survival.durations import Duration, observe, require_one_period

if TYPE_CHECKING:
    from evaluation.comparison.matched import Matched

CENSORED, ENTERED_LATER = "censored", "entered later"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Landmark:
    """A comparison of those who were still at risk at a landmark.

    Attributes
    ----------
    matched : Matched
        The comparison; whoever left before weighs 0.
    duration : Duration
        Time from the landmark, without late entry.
    lost : pandas.DataFrame
        ``arm cause n``: who left before the landmark and by what, one row per cause,
        ``censored`` and ``entered later`` included.
    """

    matched: Matched
    duration: Duration
    lost: pd.DataFrame

    def tidy(self) -> pd.DataFrame:
        """Return who was lost, as a new frame."""
        return self.lost.copy()

    def summary(self) -> str:
        """Say how many of each arm are left and how many were lost."""
        used, treated = self.matched.used, self.matched.treated
        left = dict(
            zip(ARMS, (int(used[own].sum()) for own in (treated, ~treated)), strict=True)
        )
        gone = self.lost.groupby("arm")["n"].sum()
        return "; ".join(f"{arm}: {left[arm]} at risk, {gone[arm]} lost" for arm in ARMS)

    _repr_markdown_ = as_code

    def __str__(self) -> str:
        return self.summary()


def landmark(m: Matched, d: Duration, at: float) -> Landmark:
    """Keep the rows that are still at risk at a landmark and count time from there.

    Parameters
    ----------
    m, d
        The comparison and its duration.
    at : float
        The landmark, on the scale of `d.exit`.

    Returns
    -------
    Landmark
        Weights of the rows kept are those of the comparison.

    Raises
    ------
    DesignError
        If `at` is not after the start, an arm has nobody left, or a unit's time is cut into
        several rows, of which a later one would pass for somebody who entered later.

    Notes
    -----
    Who is still at risk is itself a result of the treatment: the contrast after a landmark
    describes those left in each arm and is no effect on everybody matched, which a note of the
    comparison says.  It answers what is known of a person who has waited so long (van
    Houwelingen 2007), and is safe from immortal time where exposure is settled by then
    (Anderson, Cain and Gelber 1983).
    """
    o = observe(m, d)
    at = number_of(at, "at", f"one time in {d.unit}")
    if not at > o.origin:
        raise DesignError(f"at={at:g}: a landmark lies after time {o.origin:g}")
    require_one_period(m, d, o.rows)
    later = np.zeros(len(o.exit), dtype=np.bool_) if o.entry is None else o.entry > at
    kept = (o.exit > at) & ~later
    lost = []
    for arm in ARMS:
        own = o.arm(arm)
        if not (kept & own).any():
            raise DesignError(f"nobody of the {arm} arm is at risk at {at:g} {d.unit}")
        before = own & ~kept & ~later
        lost += [
            {"arm": arm, "cause": cause, "n": int((before & (o.cause == k)).sum())}
            for k, cause in enumerate((CENSORED, *o.causes))
        ]
        lost.append({"arm": arm, "cause": ENTERED_LATER, "n": int((own & later).sum())})
    weights = np.zeros(len(m.weights))
    weights[o.rows[kept]] = o.weights[kept]
    exits = np.full(len(m.frame), np.nan)
    exits[o.rows[kept]] = o.exit[kept] - at
    note = Note(
        "landmark",
        "only those still at risk {at:g} {unit} after time {zero}, counted from there: no "
        "effect on everybody matched, since who is left differs by arm",
        facts={"at": at, "unit": d.unit, "zero": 0},
    )
    return Landmark(
        matched=replace(
            m, frame=m.frame.assign(**{d.exit: exits}), weights=weights, notes=(*m.notes, note)
        ),
        duration=replace(d, entry=None),
        lost=pd.DataFrame(lost),
    )
