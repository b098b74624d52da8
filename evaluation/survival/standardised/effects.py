"""Incidence standardised over covariates by cause-specific Cox models (the g-formula)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np
import pandas as pd

from data_dictionary.errors import DesignError
from evaluation.arguments import choice_of
from evaluation.arrays import BoolArray, FloatArray, IntArray
from evaluation.comparison.arms import ARMS
from evaluation.estimates import Effect, table
from evaluation.inference.jackknife import contributions, effective_number
from evaluation.inference.variation import no_replicate
from evaluation.notes import Note
from evaluation.survival import cox
from evaluation.survival.basis import Basis, Composed, basis
from evaluation.survival.curves import ArmCurves, both_arms, refusal
from evaluation.survival.durations import Duration, require_one_period
from evaluation.survival.ratios import regression_columns
from evaluation.survival.readings import READINGS, Kind, Reading
from evaluation.survival.standardised.kernel import Prediction
from evaluation.survival.time_effects import TimeEffect

if TYPE_CHECKING:
    from evaluation.comparison.matched import Matched

Model = Literal["by-arm", "interaction", "common"]
MODELS = ("by-arm", "interaction", "common")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StandardisedIncidence(TimeEffect):
    """Differences in standardised incidence at a horizon, with curves and weeks.

    Attributes
    ----------
    weeks : dict of str to Effect
        The difference in time since the event up to the horizon, cause by cause.
    """

    weeks: dict[str, Effect]

    def tidy(self) -> pd.DataFrame:
        """Return the studied cause's incidence and its weeks."""
        return table((self.effect, self.weeks[self.effect.outcome])).tidy()

    def summary(self) -> str:
        """Return the studied incidence in full, then the rest in one line each."""
        others = [f"  {effect}" for effect in self.weeks.values()]
        return "\n".join([TimeEffect.summary(self), *others])


def standardised_incidence(
    m: Matched,
    d: Duration,
    horizon: float,
    *,
    covariates: tuple[str, ...],
    model: Model = "by-arm",
    level: float = 0.95,
) -> StandardisedIncidence:
    """Estimate the difference in incidence that the estimand's persons would have had.

    Parameters
    ----------
    m, d, horizon, level
        As in `incidence`.
    covariates : tuple of str
        Columns of the Cox models, at least one.
    model : {"by-arm", "interaction", "common"}
        ``by-arm`` fits both arms apart: nothing is assumed of how hazards of the arms compare,
        so they may cross.  ``interaction`` has one baseline and lets the ratio of the arms
        depend on the covariates, ``common`` has one ratio for everybody.

    Returns
    -------
    StandardisedIncidence
        Without clusters its curves have no bands.

    Raises
    ------
    ColumnError, DesignError
        As in `incidence`, if there are no covariates, if a unit's time is cut into several
        rows, and if a model cannot be fitted.

    Notes
    -----
    Cox models of every cause give each of the estimand's persons (ATT: the treated) an
    incidence under both arms, whose averages are compared (Ozenne et al. 2020, Biometrical
    Journal 62).  Curves are product integrals of hazards with Efron's ties, so that incidences
    and survival sum to 1 for everybody.  With clusters the delete-one-cluster jackknife fits
    and averages anew; without, errors come from the influence of rows on coefficients,
    baseline hazards and averages, summed by matched set.
    """
    choice_of(model, "model", MODELS)
    if not covariates:
        raise DesignError("covariates is empty: without any, use incidence")
    b = basis(m, d, level=level)
    X, terms, *_ = regression_columns(m, d, b, covariates)
    require_one_period(m, d, b.observed.rows)
    arms = both_arms(b, horizon, d.unit)
    plan, *names = [name for name, own in terms.items() for _ in own]
    # As `_Design._columns` lays them out.
    names = names if model == "by-arm" else [plan, *names, *names]
    design = _Design(b=b, X=X[:, 1:], model=model, names=names)
    worlds = design.worlds(b.weights)
    grids = [arm.curve.time for arm in arms]
    estimate = _Reading.of(worlds, horizon, grids)
    left_out: list[_Reading] = []
    none: Note | None = None
    if b.decision.method == "jackknife":
        try:
            left_out = [
                _Reading.of(design.worlds(weights, worlds), horizon, grids)
                for weights in b.weights_left_out()
            ]
        except DesignError as error:
            none = no_replicate(error)

    def effects(kind: Kind) -> dict[str, Effect]:
        reading = READINGS[kind]
        scale = reading.scale
        made = {}
        for k, cause in enumerate(d.causes):
            value = scale * float(estimate.difference(kind)[k])
            as_treated = estimate.treated(kind)
            if m.estimand == "ATT":
                as_treated = arms[0].value(reading.at(horizon))
            apart = [scale * one.difference(kind)[k] for one in left_out]
            uncertainty = (
                none
                or refusal(b, arms, reading, horizon, k)
                or b.uncertainty(
                    value,
                    left_out=partial(np.array, apart),
                    influence=partial(design.influence, worlds, reading, horizon, k),
                    largest=reading.largest(horizon, b.observed.origin),
                )
            )
            made[cause] = b.effect(
                outcome=cause,
                term=reading.term(cause),
                estimate=value,
                treated_mean=scale * float(as_treated[k]),
                estimator=f"standardised Cox ({model}), over {', '.join(covariates)}",
                uncertainty=uncertainty,
            )
        return made

    return StandardisedIncidence(
        causes=effects("incidence"),
        weeks=effects("weeks"),
        curves=_curves(b, arms, estimate, left_out, level, horizon),
        decision=b.decision,
        unit=d.unit,
    )


class _World(NamedTuple):
    """What is predicted had everybody been in one arm, and the rows of its models."""

    prediction: Prediction
    rows: IntArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Design:
    """Covariates of the rows, and which models are fitted to them."""

    b: Basis
    X: FloatArray
    model: Model
    names: list[str]

    def worlds(
        self, weights: FloatArray, before: tuple[_World, ...] = ()
    ) -> tuple[_World, ...]:
        """Predict for the estimand's persons in both arms, with the models of these weights.

        An arm whose weights are those of the comparison keeps its models `before`.
        """
        o = self.b.observed
        share = self.b.share(weights)
        people = np.flatnonzero(share)
        share = share[people]
        found: list[_World] = []
        for i, name in enumerate(ARMS):
            own = o.arm(name) if self.model == "by-arm" else np.ones(len(weights), dtype=bool)
            rows = np.flatnonzero(own & (weights > 0))
            design = self._columns(o.treated)[rows]
            if before and np.array_equal(weights[own], o.weights[own]):
                fits = before[i].prediction.fits
            elif found and self.model != "by-arm":
                fits = found[0].prediction.fits
            else:
                fits = self._fits(rows, design, weights[rows])
            everybody = np.full(len(weights), name == ARMS[0])
            prediction = Prediction.of(fits, self._columns(everybody)[people], share)
            found.append(_World(prediction, rows))
        return tuple(found)

    def influence(
        self, worlds: tuple[_World, ...], reading: Reading, horizon: float, k: int
    ) -> Composed:
        """Return each row's weighted influence on what is read off one cause's difference."""
        o = self.b.observed
        rows, gap = np.zeros(len(o.exit)), np.zeros(len(worlds[0].prediction.share))
        for sign, world in zip((1.0, -1.0), worlds, strict=True):
            functional = reading.functional(world.prediction.time, horizon)
            values, own = world.prediction.derivative(k + 1, functional)
            rows[world.rows] += sign * own
            gap = gap + sign * values
        share, composition = worlds[0].prediction.share, np.zeros(len(rows))
        composition[self.b.share(o.weights) > 0] = share * (gap - share @ gap)
        return Composed(reading.scale * rows, reading.scale * composition)

    def _columns(self, treated: BoolArray) -> FloatArray:
        """Return the models' columns had `treated` been the arm of each row."""
        if self.model == "by-arm":
            return self.X
        plan = treated.astype(np.float64)[:, None]
        both = [plan * self.X] if self.model == "interaction" else []
        return np.hstack([plan, self.X, *both])

    def _fits(
        self, rows: IntArray, design: FloatArray, weights: FloatArray
    ) -> tuple[cox.CoxFit | None, ...]:
        """Fit every cause that happens in these rows."""
        o = self.b.observed
        entry = None if o.entry is None else o.entry[rows]
        fits: list[cox.CoxFit | None] = []
        for k, cause in enumerate(o.causes, start=1):
            happened, fit = o.cause[rows] == k, None
            try:
                if happened.any():
                    fit = cox.fit(o.exit[rows], happened, design, entry=entry, weights=weights)
            except cox.UnidentifiedError as error:
                named = ", ".join(dict.fromkeys(self.names[c] for c in error.columns))
                raise DesignError(
                    f"'{cause}': the data do not determine the coefficient of {named}: "
                    "constant, a combination of others, or running to infinity (a level "
                    "without events); leave it out, join its levels, or choose another model"
                ) from error
            fits.append(fit)
        if not any(fits):
            raise DesignError(
                "an arm has no event of any cause, and so no hazard to predict from; "
                "use incidence"
            )
        return tuple(fits)


class _Reading(NamedTuple):
    """Both arms' values at the horizon, and their curves at the times of each arm's exits."""

    values: dict[str, list[FloatArray]]
    curves: list[FloatArray]

    @classmethod
    def of(
        cls, worlds: tuple[_World, ...], horizon: float, grids: list[FloatArray]
    ) -> _Reading:
        """Read the averaged curves."""
        values: dict[str, list[FloatArray]] = {kind: [] for kind in READINGS}
        curves = []
        for world, grid in zip(worlds, grids, strict=True):
            time, curve = world.prediction.time, world.prediction.incidence()
            for kind, reading in READINGS.items():
                values[kind].append(reading.functional(time, horizon) @ curve)
            steps = np.searchsorted(time, grid, side="right")
            curves.append(np.vstack([np.zeros(curve.shape[1]), curve])[steps])
        return cls(values, curves)

    def treated(self, kind: Kind) -> FloatArray:
        """Return the values with treatment, cause by cause."""
        return self.values[kind][0]

    def difference(self, kind: Kind) -> FloatArray:
        """Return treated less comparison, cause by cause."""
        treated, comparison = self.values[kind]
        return treated - comparison


def _curves(
    b: Basis,
    arms: list[ArmCurves],
    estimate: _Reading,
    left_out: list[_Reading],
    level: float,
    horizon: float,
) -> pd.DataFrame:
    """Return both arms' standardised curves with the counts of the arm as it is."""
    weights = b.unit_weights()
    dof = min(effective_number(weight) for weight in weights.values()) - 1.0
    frames = []
    for i, arm in enumerate(arms):
        curve = estimate.curves[i]
        error = np.full_like(curve, np.nan)
        if left_out:
            apart = np.array([(own.curves[i] - curve).ravel() for own in left_out])
            parts = contributions(apart, **weights)
            error = np.sqrt((parts**2).sum(axis=0)).reshape(curve.shape)
            error[arm.curve.time > arm.emptied] = np.nan
        shown = replace(arm, curve=replace(arm.curve, incidence=curve), error=error, dof=dof)
        frames.append(shown.rows(level, horizon))
    return pd.concat(frames, ignore_index=True)
