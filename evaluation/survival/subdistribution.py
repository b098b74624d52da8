"""The ratio of subdistribution hazards between the arms, beside the cause-specific one."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from data_dictionary.errors import DesignError
from evaluation.arguments import choice_of, require_kind
from evaluation.arrays import FloatArray, IntArray
from evaluation.estimates import Effect, table
from evaluation.notes import Note
from evaluation.survival import fine_gray
from evaluation.survival.basis import EffectByCause, basis
from evaluation.survival.coefficients import Coefficients, coefficients
from evaluation.survival.durations import Duration, require_one_period
from evaluation.survival.hazard_effects import HazardRatio, hazard_ratio
from evaluation.survival.ratios import ratios_of_causes, regression_columns

if TYPE_CHECKING:
    from evaluation.comparison.matched import Matched


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SubdistributionHazard(EffectByCause):
    """Subdistribution hazard ratios of every cause, treated over comparison.

    Attributes
    ----------
    cause_specific : dict of str to Effect
        The cause-specific hazard ratios of the same causes; each kind misleads without the
        other.
    fit : FineGrayFit
        The model of the studied cause; its first column is treatment.
    largest_sum : float
        Largest sum of all causes' predicted incidences at the end of follow-up; over 1 the
        models contradict each other.  NaN where a cause has no finite ratio.
    unit : np.ndarray
        Code of each row's cluster, matched set, or person.
    judged : Coefficients
        What `coefficients` returns.
    """

    cause_specific: dict[str, Effect]
    fit: fine_gray.FineGrayFit
    largest_sum: float
    unit: IntArray
    judged: Coefficients

    def coefficients(self) -> Coefficients:
        """Return all coefficients of the studied cause's model, and tests of them together."""
        return self.judged

    def tidy(self) -> pd.DataFrame:
        """Return both ratios of the studied cause, the subdistribution hazard's first."""
        return table((self.effect, self.cause_specific[self.effect.outcome])).tidy()

    def summary(self) -> str:
        """Return the studied ratio in full, then every other one in one line each."""
        others = [f"  {effect}" for effect in self.cause_specific.values()]
        return "\n".join([EffectByCause.summary(self), *others])


def subdistribution_hazard(
    m: Matched,
    d: Duration,
    *,
    covariates: tuple[str, ...] = (),
    definition: fine_gray.Definition = "crr",
    censoring_strata: tuple[str, ...] = (),
    cause_specific: HazardRatio | None = None,
    level: float = 0.95,
) -> SubdistributionHazard:
    """Estimate the subdistribution hazard ratio of every cause by Fine-Gray regression.

    Parameters
    ----------
    m, d
        The comparison and its duration.
    covariates : tuple of str
        Columns to hold constant; none leaves the marginal ratio.
    definition : {"crr", "finegray", "finegray-breslow"}
        Whose numbers are given where times tie (`evaluation.survival.fine_gray.fit`).
    censoring_strata : tuple of str
        Columns whose combinations have their own distributions of censoring and entry; the
        treatment among them where follow-up differs between the arms.
    cause_specific : HazardRatio or None
        What `hazard_ratio` returned for the same comparison, duration, covariates and level;
        None estimates it here.
    level : float
        Coverage of the intervals.

    Returns
    -------
    SubdistributionHazard
        Always with the cause-specific ratios beside it.  The direction of a ratio is that of
        the difference in incidence; its size is not a speed, since those who have left by
        another cause stay in its denominator.

    Raises
    ------
    ColumnError, DesignError
        As in `hazard_ratio`, and if with late entry nobody is at risk for a while or a unit's
        time is cut into several rows.

    Notes
    -----
    With clusters the error, interval and p-value come from one delete-one-cluster jackknife on
    the log scale, the distributions of censoring and entry estimated anew; without, from the
    influence of rows with the part of those distributions, summed by matched set.  With late
    entry who left by a competing cause counts as in Geskus (2011): few at risk early on make
    large weights, so look at the numbers at risk.
    """
    choice_of(definition, "definition", fine_gray.DEFINITIONS)
    if cause_specific is not None:
        do = "give what hazard_ratio returned for the same duration, or leave it out"
        require_kind(cause_specific, "cause_specific", HazardRatio, do)
    b = basis(m, d, level=level)
    require_one_period(m, d, b.observed.rows)
    X, terms, group, labels = regression_columns(
        m, d, b, covariates, strata=censoring_strata, role="censoring_strata"
    )
    o = b.observed

    def fit_cause(k: int, weights: FloatArray) -> fine_gray.FineGrayFit:
        return fine_gray.fit(
            o.exit,
            o.cause,
            X,
            of=k,
            entry=o.entry,
            weights=weights,
            censoring_strata=group,
            definition=definition,
        )

    found = ratios_of_causes(
        b,
        terms,
        fit_cause,
        term="subdistribution_hazard_ratio",
        estimator=lambda _: f"Fine-Gray ({definition})",
    )
    effects = found.effects
    if cause_specific is None:
        cause_specific = hazard_ratio(m, d, covariates=covariates, level=level)
    elif tuple(cause_specific.causes) != d.causes or len(cause_specific.unit) != len(o.exit):
        raise DesignError("cause_specific is of another comparison or duration than this one")
    specific = cause_specific.causes
    largest = _largest_sum(found.fits, X)
    main = effects[d.outcome]
    beside = specific[d.outcome]
    interval = "" if beside.is_refused else f" [{beside.conf_low:.3g}, {beside.conf_high:.3g}]"
    notes = (
        Note(
            "cause_specific",
            "beside it the cause-specific hazard ratio: {ratio:.3g}{interval}",
            facts={"ratio": beside.estimate, "interval": interval},
        ),
        f"ties and censoring as in R's {definition}",
        *_sum_notes(largest, d),
    )
    effects[d.outcome] = replace(main, notes=(*main.notes, *notes))
    return SubdistributionHazard(
        causes=effects,
        decision=b.decision,
        cause_specific=specific,
        fit=found.fit,
        largest_sum=largest,
        unit=b.unit,
        judged=coefficients(found.moves, found.fit, labels),
    )


def _largest_sum(fits: dict[str, fine_gray.FineGrayFit | None], X: FloatArray) -> float:
    """Return the largest sum over causes of the rows' incidences at the end of follow-up."""
    found = [
        math.nan if fit is None else fit.incidence(X, [np.inf])[0] for fit in fits.values()
    ]
    return float(np.max(sum(found)))


def _sum_notes(largest: float, d: Duration) -> tuple[str, ...]:
    """Say whether the models of all causes can be true together."""
    if math.isnan(largest) or not d.competing:
        return ()
    if largest > 1.0:
        said = (
            "the predicted incidences of all causes sum to {largest:.3g}: the ratios of all"
            " causes cannot be constant together; read the incidence"
        )
    else:
        said = "the predicted incidences of all causes sum to at most {largest:.3g}"
    return (Note("sum_of_incidences", said, facts={"largest": largest}),)
