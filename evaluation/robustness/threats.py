"""What a finding withstands: a common shock, hidden bias, an unmeasured confounder."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from data_dictionary.errors import DesignError
from evaluation.estimates import Effect
from evaluation.notes import Note
from evaluation.robustness.checks import Check, Question, SensitivityRow, Variant
from evaluation.robustness.e_values import (
    e_value,
    limit_nearest_null,
    risk_ratio_of_difference,
    risk_ratio_of_hazards,
)
from evaluation.robustness.person_values import LOG_HAZARD, PersonValues
from evaluation.robustness.rosenbaum import bounds, pair_differences
from evaluation.robustness.variants import is_paired
from evaluation.robustness.yardsticks import largest_imbalance, measured_bias, spread_between

if TYPE_CHECKING:
    from evaluation.comparison.matched import Matched

Rows: TypeAlias = list[SensitivityRow]


def _ends(effect: Effect) -> dict[Variant, float]:
    """Return the estimate and, of a sure interval, the limit that is nearest to no effect."""
    ends: dict[Variant, float] = {"removes_estimate": effect.estimate}
    if not effect.is_refused:
        limits = (effect.conf_low, effect.conf_high)
        ends["removes_interval"] = limit_nearest_null(*limits, effect.null)
    return ends


def _removing(
    effect: Effect, check: Check, per: float, unit: str, *, subject: str = "", note: str = ""
) -> Rows:
    """Return how often `per` goes into what must be taken away."""
    scale = math.log if effect.is_ratio else float
    null = scale(effect.null)
    sizes = {end: abs(scale(value) - null) for end, value in _ends(effect).items()}
    return [
        SensitivityRow.number(check, end, size / per, unit, subject=subject, note=note)
        for end, size in sizes.items()
        if end == "removes_estimate" or size > 0
    ]


def _fitting(effect: Effect, values: PersonValues | None) -> PersonValues:
    """Return the values, unless there are none or they are on another scale."""
    if values is None:
        raise DesignError("needs `values` of persons")
    is_log = values.unit == LOG_HAZARD
    if is_log != (effect.unit == "hazard ratio") or effect.is_ratio != is_log:
        raise DesignError(f"`values` in {values.unit} do not add up to a {effect.unit}")
    return values


def common_shock(m: Matched, effect: Effect, values: PersonValues | None) -> Rows:
    """Return the shock that would remove the finding, in SD between donors."""
    if m.cluster is None:
        raise DesignError("the study has no clusters that could share a shock")
    values = _fitting(effect, values)
    weight = np.where(m.treated, 0.0, values.weight)
    between = spread_between(
        np.nan_to_num(values.value), weight, m.cluster, level=effect.conf_level
    )
    spread = SensitivityRow(
        asked=Question("common_shock", "spread"),
        estimate=between.sd,
        conf_low=between.conf_low,
        conf_high=between.conf_high,
        unit=values.unit,
        note="" if between.sd else "donors differ no more than chance makes them",
    )
    if between.sd == 0:
        return [spread]
    # No number of municipalities: beside the SD it would tell how large each of them is.
    note = "the mean of independent shocks to several municipalities varies less than one does"
    unit = "SD between donors"
    return [spread, *_removing(effect, "common_shock", between.sd, unit, note=note)]


def measured_covariates(m: Matched, effect: Effect, values: PersonValues | None) -> Rows:
    """Return the measured covariates' bias and what motivation needs beside the strongest."""
    values = _fitting(effect, values)
    found = measured_bias(m, values)
    rows = [
        SensitivityRow.number(
            "measured_covariate",
            "covariate",
            float(bias),
            values.unit,
            subject=str(name),
            note=Note(
                "imbalance", "imbalance {sd:.2f} SD before matching", facts={"sd": imbalance}
            ),
        )
        for name, bias, imbalance in zip(
            found["covariate"], found["bias"], found["imbalance"], strict=True
        )
    ]
    strongest = found.iloc[0]
    if strongest["bias"] == 0:
        raise DesignError("no measured covariate moves the outcome")
    telling = found.loc[found["slope"].abs().idxmax()]
    return [
        *rows,
        *_removing(
            effect,
            "measured_covariate",
            abs(float(strongest["bias"])),
            f"times the bias by {strongest['covariate']}",
            subject=str(strongest["covariate"]),
        ),
        *_removing(
            effect,
            "self_selection",
            abs(float(telling["slope"])),
            f"SD of motivation, as telling as {telling['covariate']}",
            subject=str(telling["covariate"]),
        ),
    ]


def self_selection(uptake: float | None) -> Rows:
    """Return how far those who said yes can stand apart from all who were asked."""
    if uptake is None:
        return []
    most = largest_imbalance(uptake)
    return [
        SensitivityRow.number("self_selection", "uptake", 100.0 * uptake, "per cent"),
        SensitivityRow.number("self_selection", "imbalance", most, "SD of motivation"),
    ]


def nonresponse(m: Matched, effect: Effect, values: PersonValues | None) -> Rows:
    """Return how unlike those who answered the others must be, where some did not answer.

    The two arms differ in opposite directions: the worst that one size of difference can do.
    """
    if values is None or not isinstance(values.of, str):
        return []
    silent, spread = {}, 0.0
    for arm, own in (("treated", m.treated), ("comparison", ~m.treated)):
        answered = values.weight[own].sum()
        silent[arm] = 1.0 - float(answered / m.weights[own].sum())
        if arm == "comparison":
            mean = float(np.nansum(values.value[own] * values.weight[own]) / answered)
            squares = np.nansum((values.value[own] - mean) ** 2 * values.weight[own])
            spread = float(np.sqrt(squares / answered))
    if not any(silent.values()):
        return []
    values = _fitting(effect, values)
    if spread == 0:
        raise DesignError("the outcome does not vary among those who answered")
    rows = [
        SensitivityRow.number("nonresponse", "silent", 100.0 * share, "per cent", subject=arm)
        for arm, share in silent.items()
    ]
    note = "those who did not answer lie lower in one arm and higher in the other"
    per = sum(silent.values()) * spread
    return [*rows, *_removing(effect, "nonresponse", per, "SD of the outcome", note=note)]


def e_values(m: Matched, effect: Effect, values: PersonValues | None) -> Rows:
    """Return E-values of the estimate and of the nearest limit, where the unit has them."""
    ends = _ends(effect)
    if effect.unit in ("hazard ratio", "risk ratio"):
        kinds = {"": False} if effect.unit == "risk ratio" else {"rare": False, "common": True}
        return [
            _strength(end, risk_ratio_of_hazards(value, common=common), subject=kind)
            for kind, common in kinds.items()
            for end, value in ends.items()
        ]
    if effect.unit != "percentage points":
        said = "an E-value is of a ratio of risks, and not of {unit}"
        raise DesignError(Note("no_ratio", said, facts={"unit": effect.unit}))
    if values is None:
        raise DesignError("needs `values` of persons")
    own = ~m.treated & (values.weight > 0)
    incidence = float(np.average(values.value[own], weights=values.weight[own])) / 100.0
    said = "{share:.0f} per cent in the comparison group"
    note = Note("incidence", said, facts={"share": 100 * incidence})
    return [
        _strength(end, risk_ratio_of_difference(value / 100.0, incidence), note=note)
        for end, value in ends.items()
    ]


def _strength(
    end: Variant, risk_ratio: float, *, subject: str = "", note: str = ""
) -> SensitivityRow:
    """Return the E-value of a risk ratio."""
    value, unit = e_value(risk_ratio), "risk ratio"
    return SensitivityRow.number("e_value", end, value, unit, subject=subject, note=note)


def rosenbaum_bounds(m: Matched, effect: Effect, values: PersonValues | None) -> Rows:
    """Return the odds that the pairs' finding withstands, where rows stand in pairs."""
    if not is_paired(m):
        raise DesignError("the bounds are for 1:1 matching without replacement")
    if values is None:
        raise DesignError("needs `values` of persons")
    differences = pair_differences(m, values)
    found = bounds(differences, alpha=1.0 - effect.conf_level)
    test = "signed ranks" if isinstance(values.of, str) else "who has the event first"
    weak = "; not significant even without hidden bias" if math.isnan(found.critical) else ""
    note = Note(
        "pairs",
        "person-level, {pairs} pairs told apart by {test}{weak}",
        # A p-value tells how many pairs lie on either side.
        {
            "pairs": found.n_pairs,
            "higher": int((differences > 0).sum()),
            "lower": int((differences < 0).sum()),
        },
        {"test": test, "weak": weak},
    )
    unit, critical = "odds of treatment", found.critical
    return [
        SensitivityRow.number("rosenbaum", "removes_finding", critical, unit, note=note),
        *(
            SensitivityRow(
                asked=Question("rosenbaum", "odds", size=float(gamma)),
                estimate=float(gamma),
                p_value=float(p),
                unit=unit,
                note=note,
            )
            for gamma, p in zip(found.gamma, found.p_value, strict=True)
        ),
    ]
