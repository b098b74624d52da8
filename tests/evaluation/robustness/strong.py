"""A finding that stands: everything it takes is more than is thought little."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from evaluation import Effect
from evaluation.robustness.checks import Question, SensitivityRow

POINTS = "percentage points"
Numbers = tuple[float, float | None, float | None, float | None]

STRONG: Mapping[Question, tuple[Numbers, str]] = {
    Question("main", "main", "job"): ((8.0, 3.0, 13.0, 0.001), POINTS),
    Question("specification", "run", size=1): ((7.0, 2.0, 12.0, 0.002), POINTS),
    Question("specification", "run", size=13): ((9.0, 4.0, 14.0, 0.001), POINTS),
    Question("leave_one_out", "without", "151"): ((7.5, 2.5, 12.5, 0.002), POINTS),
    Question("censoring_bound", "at_once", "treated"): ((8.5, 3.0, 14.0, 0.001), POINTS),
    Question("censoring_bound", "at_once", "comparison"): ((7.9, 2.0, 13.0, 0.002), POINTS),
    Question("negative_control", "named", "before"): ((0.2, -1.0, 1.4, 0.7), "weeks"),
    Question("common_shock", "spread"): ((2.0, 1.0, 2.9, None), POINTS),
    Question("common_shock", "removes_estimate"): (
        (4.0, None, None, None),
        "SD between donors",
    ),
    Question("common_shock", "removes_interval"): (
        (1.5, None, None, None),
        "SD between donors",
    ),
    Question("measured_covariate", "covariate", "age"): ((-0.5, None, None, None), POINTS),
    Question("measured_covariate", "removes_estimate", "age"): (
        (16.0, None, None, None),
        "times the bias by age",
    ),
    Question("measured_covariate", "removes_interval", "age"): (
        (6.0, None, None, None),
        "times the bias by age",
    ),
    Question("self_selection", "removes_estimate", "weeks"): (
        (2.0, None, None, None),
        "SD of motivation, as telling as weeks",
    ),
    Question("self_selection", "removes_interval", "weeks"): (
        (1.1, None, None, None),
        "SD of motivation, as telling as weeks",
    ),
    Question("self_selection", "uptake"): ((66.0, None, None, None), "per cent"),
    Question("self_selection", "imbalance"): ((0.55, None, None, None), "SD of motivation"),
    Question("nonresponse", "silent", "treated"): ((25.0, None, None, None), "per cent"),
    Question("nonresponse", "silent", "comparison"): ((40.0, None, None, None), "per cent"),
    Question("nonresponse", "removes_estimate"): ((1.2, None, None, None), "SD of the outcome"),
    Question("nonresponse", "removes_interval"): ((0.6, None, None, None), "SD of the outcome"),
    Question("e_value", "removes_estimate"): ((2.1, None, None, None), "risk ratio"),
    Question("e_value", "removes_interval"): ((1.4, None, None, None), "risk ratio"),
    Question("rosenbaum", "removes_finding"): ((1.31, None, None, None), "odds of treatment"),
}
NAN = float("nan")


def effect(low: float = 3.0, p: float = 0.001, estimate: float = 8.0) -> Effect:
    return Effect(
        outcome="job",
        term="incidence",
        unit=POINTS,
        estimate=estimate,
        conf_low=low,
        conf_high=13.0,
        p_value=p,
        p_adjusted=p,
        estimand="ATT",
        method="pairs; Aalen-Johansen; jackknife",
        n_treated=500,
        n_comparison=500,
    )


def rows(changed: dict[tuple[str, str], float] | None = None) -> list[SensitivityRow]:
    """Return the strong finding's rows, with other estimates where one is given."""
    made = []
    for asked, (numbers, unit) in STRONG.items():
        estimate, low, high, p = (NAN if one is None else one for one in numbers)
        made.append(
            SensitivityRow(
                asked=asked,
                estimate=(changed or {}).get((asked.check, asked.variant), estimate),
                conf_low=low,
                conf_high=high,
                p_value=p,
                unit=unit,
                n_treated=500,
                n_comparison=500,
            )
        )
    return made


def first(made: list[SensitivityRow], check: str, **values: float) -> list[SensitivityRow]:
    """Return the rows with other numbers in the first one of a check."""
    place = next(place for place, row in enumerate(made) if row.asked.check == check)
    return [*made[:place], replace(made[place], **values), *made[place + 1 :]]
