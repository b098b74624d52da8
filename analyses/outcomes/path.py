"""Follow the compared persons week by week in the register, before and after the index date."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

import evaluation as ev
from analyses.cohort.risk_sets import weeks_to_start
from analyses.inputs.tables import Tables
from analyses.study.sections import PathPlan, Study
from evaluation import Effect, Matched
from evaluation.comparison.arms import ARMS
from evaluation.inference.gatekeeper import Decision
from evaluation.survival.path.outcome_path import OutcomePath
from surveys import Dream

OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class WeeklyPath:
    """The weekly path of the followed status, and of the others beside it.

    Attributes
    ----------
    plan : PathPlan
        What the study file asks for.
    followed : OutcomePath
        The followed status.
    counts : pandas.DataFrame
        ``status arm week estimate n persons``: share and persons of the followed status, and
        of every other one that occurs.
    limits : callable
        Makes the limits of another status's differences.
    """

    plan: PathPlan
    followed: OutcomePath
    counts: pd.DataFrame
    limits: Callable[[str], pd.DataFrame]

    @property
    def effects(self) -> tuple[Effect, ...]:
        """Differences in accumulated weeks; none of them is tested."""
        return tuple(self.followed.accumulated.values())

    @property
    def decision(self) -> Decision:
        """How inference was chosen."""
        return self.followed.decision

    @property
    def beside(self) -> pd.DataFrame:
        """The counts of the statuses that are not followed."""
        return self.counts[~self.counts["status"].isin([*self.plan.status, self.plan.name])]

    def table(self, rare: Collection[str] = ()) -> pd.DataFrame:
        """Return paths.csv with the ``persons`` in each status; the followed status first.

        Statuses that are rare, or that the plan does not ask for, are put together.
        """
        own = self.counts[self.counts["status"] == self.plan.name]
        asked, beside = self.plan.others, self.beside
        is_kept = ~beside["status"].isin(rare)
        if asked is not None:
            is_kept &= beside["status"].isin(asked)
        parts = [own, beside[is_kept]]
        if not is_kept.all() or not is_kept.any():
            parts.append(_together(beside[~is_kept], own))
        return _table(parts, self)

    def put_together(self, shown: Collection[str]) -> tuple[str, ...]:
        """Return the statuses that occur and are not among those shown by themselves."""
        return tuple(
            dict.fromkeys(self.beside.loc[~self.beside["status"].isin(shown), "status"])
        )


def weekly_path(study: Study, tables: Tables, m: Matched) -> WeeklyPath | None:
    """Follow the rows of a comparison, where the study file asks for it.

    `m` is the comparison of the register outcomes.  Refused where nobody of an arm is observed
    in one of the weeks.
    """
    plan = study.weekly
    if plan is None:
        return None
    dream, m = tables.register(), _used_rows(m)
    weeks = range(plan.weeks[0], plan.weeks[1] + 1)
    codes = _codes(m, dream, str(study.cohort.index_date), np.array(weeks))

    def follow(
        weekly: NDArray[Any], status: tuple[str, ...], statuses: tuple[str, ...] = ()
    ) -> OutcomePath:
        return ev.outcome_path(
            m, weekly, weeks, status=status, statuses=statuses, **study.drawn
        )

    def limits(status: str) -> pd.DataFrame:
        # As shares of the week, so that not every status is counted anew for each.
        inside = np.where(codes < 0, np.nan, codes == dream.value_of(status))
        return follow(inside, (status,)).path

    followed = follow(codes, plan.status, dream.statuses)
    return WeeklyPath(plan=plan, followed=followed, counts=_counts(followed), limits=limits)


def _used_rows(m: Matched) -> Matched:
    """Return a match without the rows that nobody needed; weights need every row."""
    if m.weighting is not None:
        return m
    used = np.flatnonzero(m.used)
    # Positions in the frame change; pairs and drops are not asked for here.
    nobody = np.empty(0, dtype=np.int64)
    return replace(
        m,
        frame=m.frame.iloc[used].reset_index(drop=True),
        weights=m.weights[used],
        treated=m.treated[used],
        subclass=m.subclass[used],
        pairs=m.pairs.iloc[nobody],
        dropped=m.dropped.iloc[nobody],
        propensity=None,
        distance=None,
    )


def _codes(
    m: Matched, dream: Dream, index_date: str, weeks: NDArray[np.int64]
) -> NDArray[np.int16]:
    """Return the status of each row in each week, -1 where it is not observed."""
    rows = dream.row_of(m.frame[m.roles.unit])
    index_week = dream.week_of(m.frame[index_date])
    codes = np.full((len(rows), weeks.size), -1, dtype=np.int16)
    for place, week in enumerate(weeks.tolist()):
        codes[:, place] = dream.value_at(rows, index_week + week)
    # From its own later start on a control is none.
    # Else its own participation would be read as what happens without.
    codes[weeks >= weeks_to_start(m)[:, None]] = -1
    return codes


def _counts(followed: OutcomePath) -> pd.DataFrame:
    """Return share, persons and observed of the followed status and all that occur."""
    shares = followed.curves[followed.curves["curve"] == "weekly_share"]
    made = pd.concat([shares, followed.status_curves], ignore_index=True)
    made = made.drop_duplicates(["cause", "arm", "time"]).rename(
        columns={"cause": "status", "time": "week", "at_risk": "n", "n_events": "persons"}
    )
    made["estimate"] = 100.0 * made["estimate"]
    occurs = made.groupby("status")["persons"].transform("sum") > 0
    columns = ["status", "arm", "week", "estimate", "n", "persons"]
    return made.loc[occurs | (made["status"] == followed.outcome), columns]


def _together(counts: pd.DataFrame, like: pd.DataFrame) -> pd.DataFrame:
    """Return several statuses as one, in the arms and weeks of `like`."""
    summed = counts.groupby(["arm", "week"])[["estimate", "persons"]].sum()
    at = pd.MultiIndex.from_frame(like[["arm", "week"]])
    values = summed.reindex(at, fill_value=0.0).to_numpy()
    made = like.assign(status=OTHER)
    made[["estimate", "persons"]] = values
    return made


def _table(parts: list[pd.DataFrame], path: WeeklyPath) -> pd.DataFrame:
    """Return arms and difference of every status, in the columns of paths.csv."""
    rows, limits = [], ["conf_low", "conf_high", "band_low", "band_high"]
    for status, own in pd.concat(parts, ignore_index=True).groupby("status", sort=False):
        arms = [own[own["arm"] == arm] for arm in ARMS]
        gap = arms[0].assign(arm="difference", persons=np.nan)
        gap["estimate"] = arms[0]["estimate"].to_numpy() - arms[1]["estimate"].to_numpy()
        gap["n"] = arms[0]["n"].to_numpy() + arms[1]["n"].to_numpy()
        gap[limits] = np.nan
        if status == path.plan.name:
            gap[limits] = path.followed.path[limits].to_numpy()
        elif status != OTHER:
            gap[limits] = path.limits(str(status))[limits].to_numpy()
        rows += [*arms, gap]
    columns = ["status", "arm", "week", "estimate", *limits, "n", "persons"]
    return pd.concat(rows, ignore_index=True).reindex(columns=columns)
