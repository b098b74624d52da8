"""Ratios of hazards and of times between the arms of a comparison."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from data_dictionary.errors import DesignError
from evaluation.arguments import choice_of
from evaluation.arrays import FloatArray, IntArray
from evaluation.estimates import Effect
from evaluation.notes import Note
from evaluation.survival import cox, parametric
from evaluation.survival.basis import EffectByCause, basis
from evaluation.survival.coefficients import Coefficients, coefficients
from evaluation.survival.cox.proportionality import (
    Proportionality,
    Transform,
    grambsch_therneau,
)
from evaluation.survival.cox.ratio_over_time import RatioOverTime, ratio_over_time
from evaluation.survival.durations import Duration
from evaluation.survival.ratios import NO_EVENTS, ratios_of_causes, regression_columns

if TYPE_CHECKING:
    from evaluation.comparison.matched import Matched


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class HazardRatio(EffectByCause):
    """Cause-specific hazard ratios, treated over comparison.

    Attributes
    ----------
    fit : CoxFit
        The model of the studied cause; its first column is treatment.
    terms : dict of str to tuple of int
        Columns of X that each term is made of.
    unit : np.ndarray
        Code of each row's cluster, matched set, or person.
    time_unit : str
        Unit of time.
    judged : Coefficients
        What `coefficients` returns.
    """

    fit: cox.CoxFit
    terms: dict[str, tuple[int, ...]]
    unit: IntArray
    time_unit: str
    judged: Coefficients

    def coefficients(self) -> Coefficients:
        """Return all coefficients of the studied cause's model, and tests of them together."""
        return self.judged

    def proportionality(self, transform: Transform = "km") -> Proportionality:
        """Return tests that the studied cause's ratios do not change over time.

        Parameters
        ----------
        transform : {"km", "rank", "identity", "log"}
            Function of time that the ratios are tested against.
        """
        return grambsch_therneau(self.fit, self.terms, transform=transform)

    def over_time(self, transform: Transform = "km") -> RatioOverTime:
        """Return the studied cause's ratio as a smooth function of time, to be plotted.

        Parameters
        ----------
        transform : {"km", "rank", "identity", "log"}
            Function of time along which the curve bends.
        """
        return ratio_over_time(
            self.fit,
            outcome=self.effect.outcome,
            unit=self.unit,
            decision=self.decision,
            is_refused=self.effect.is_refused,
            transform=transform,
            level=self.effect.conf_level,
            time_unit=self.time_unit,
        )


def hazard_ratio(
    m: Matched,
    d: Duration,
    *,
    covariates: tuple[str, ...] = (),
    ties: cox.Ties = "efron",
    strata: tuple[str, ...] = (),
    level: float = 0.95,
) -> HazardRatio:
    """Estimate the cause-specific hazard ratio of every cause by Cox regression.

    Parameters
    ----------
    m, d
        The comparison and its duration.
    covariates : tuple of str
        Columns to hold constant.  None leaves the marginal ratio, which is what the synthetic
        truth holds: a hazard ratio changes with what is adjusted for even without confounding.
    ties : {"efron", "breslow", "exact"}
        How ties are handled.
    strata : tuple of str
        Columns whose combinations have their own baseline hazard.
    level : float
        Coverage of the intervals.

    Returns
    -------
    HazardRatio
        Supplementary to `incidence`: a ratio below 1 for a competing cause raises the incidence
        of the studied one too.

    Raises
    ------
    ColumnError, DesignError
        If the duration or a column does not fit the table, everyone is censored, an arm is
        empty, or the studied cause's ratio is not finite.

    Notes
    -----
    With clusters the error, interval and p-value come from one delete-one-cluster jackknife on
    the log scale; without, from dfbetas summed by matched set (Austin 2014).  Where units are
    at risk again after an event the ratio is that of the rates of all events (Andersen and
    Gill 1982), which a note says; what reads a first event off a curve refuses such rows.
    """
    choice_of(ties, "ties", cox.TIES)
    b = basis(m, d, level=level, recurrent=True)
    X, terms, stratum, labels = regression_columns(m, d, b, covariates, strata=strata)
    o = b.observed

    def fit_cause(k: int, weights: FloatArray) -> cox.CoxFit:
        own = None if (weights == 1.0).all() else weights
        return cox.fit(
            o.exit, o.cause == k, X, entry=o.entry, weights=own, strata=stratum, ties=ties
        )

    found = ratios_of_causes(
        b,
        terms,
        fit_cause,
        term="hazard_ratio",
        estimator=lambda fit: "Cox" if fit is None else f"Cox ({ties})",
    )
    fit, effects = found.fit, found.effects
    if ties != "exact":
        test = grambsch_therneau(fit, terms).rows.iloc[0]
        note = Note(
            "proportional_hazards",
            "proportional hazards of {cause}, were persons independent: chi-square "
            "{chisq:.2f}, p = {p:.3g}; where hazards are not proportional the ratio is an "
            "average over the follow-up",
            facts={"cause": d.outcome, "chisq": test.chisq, "p": test.p_value},
        )
        main = effects[d.outcome]
        effects[d.outcome] = replace(main, notes=(*main.notes, note))
    return HazardRatio(
        causes=effects,
        decision=b.decision,
        fit=fit,
        terms=terms,
        unit=b.unit,
        time_unit=d.unit,
        judged=coefficients(found.moves, fit, labels),
    )


def time_ratio(
    m: Matched,
    d: Duration,
    *,
    distribution: parametric.Distribution = "weibull",
    level: float = 0.95,
) -> Effect:
    """Estimate the ratio of times to the event, treated over comparison, by a parametric model.

    Parameters
    ----------
    m, d, level
        As in `hazard_ratio`.
    distribution : {"weibull", "log-logistic", "log-normal"}
        Of the times in each arm.

    Returns
    -------
    Effect
        Below 1 where the event comes sooner for the treated.

    Raises
    ------
    ColumnError, DesignError
        As in `hazard_ratio`.

    Notes
    -----
    Competing causes end the observation, so this is the ratio of times had they not been; it
    stands beside the incidence, never in its place.
    """
    b = basis(m, d, level=level)
    o = b.observed
    if len(set(o.treated[o.cause == 1])) < 2:
        raise DesignError(f"'{d.outcome}': {NO_EVENTS}")

    def fit_weighted(weights: FloatArray) -> parametric.Parametric:
        own = o.weighed(weights)
        return parametric.fit(
            own.exit,
            (own.cause == 1).astype(np.float64),
            own.treated.astype(np.float64),
            entry=own.entry,
            weights=own.weights,
            distribution=distribution,
        )

    model = fit_weighted(o.weights)
    uncertainty = b.uncertainty(
        model.log_ratio,
        left_out=lambda: b.left_out(
            lambda weights: np.array(fit_weighted(weights).log_ratio),
            counted=lambda: model.delete_groups(b.unit, b.n_units),
        ),
        influence=model.influence,
    )
    return b.effect(
        outcome=d.outcome,
        term="time_ratio",
        estimate=model.log_ratio,
        estimator=distribution.capitalize(),
        uncertainty=uncertainty,
        notes=("competing causes end the observation",) if d.competing else (),
    )
