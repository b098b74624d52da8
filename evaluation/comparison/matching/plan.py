"""A plan: method, keywords and options checked against one another, and told in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from numbers import Integral, Real
from typing import Any, get_args

import numpy as np
import pandas as pd
from pandas.api.types import is_numeric_dtype

from data_dictionary.errors import DesignError, did_you_mean
from evaluation.comparison.matching.options import (
    METHODS,
    Cem,
    Discard,
    Estimand,
    Full,
    Nearest,
    Optimal,
    Options,
    Order,
    Pairing,
    Subclass,
    refuse_unknown,
)
from evaluation.roles import Roles

SCORES = ("ps", "logit")
SPREADS = ("mahalanobis", "robust_mahalanobis")
_WORDS = {
    "ps": "the propensity",
    "logit": "the logit of the propensity",
    "mahalanobis": "the Mahalanobis distance",
    "robust_mahalanobis": "the robust Mahalanobis distance",
}
_DEFAULTS = {
    "distance": "logit",
    "ratio": 1,
    "replace": False,
    "caliper": None,
    "order": "largest",
    "seed": None,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Everything that decides a match, as `evaluation.match` documents it."""

    options: Options
    distance: str
    estimand: str
    ratio: float
    replace: bool
    caliper: float | None
    order: str
    seed: int | None

    @property
    def has_spread(self) -> bool:
        """Whether rows are compared in several dimensions and no score is made."""
        return self.distance in SPREADS

    def describe(self, roles: Roles) -> str:
        """Return the design in words, for tables and notes."""
        options = self.options
        words = [self._kind()]
        words += ["with replacement"] if self.replace else []
        if isinstance(options, Nearest | Optimal | Full):
            if self.caliper is not None:
                unit = " SD" if options.caliper_unit == "sd" else ""
                words += [f"caliper {self.caliper:g}{unit}"]
            words += [f"{name} within {most:g}" for name, most in options.calipers.items()]
            words += [f"{name} within {k:g} SD" for name, k in options.calipers_sd.items()]
            if options.anti_exact:
                words += [f"apart on {', '.join(options.anti_exact)}"]
        if (
            isinstance(options, Nearest | Optimal | Full | Subclass)
            and options.discard != "none"
        ):
            words += [f"{options.discard} outside the common support left out"]
        words += [f"exact on {', '.join(roles.exact)}"] if roles.exact else []
        words += [f"without certain {', '.join(options.exclude)}"] if options.exclude else []
        return ", ".join(words)

    def _kind(self) -> str:
        options = self.options
        measure = _WORDS.get(self.distance, f"'{self.distance}'")
        if isinstance(options, Nearest | Optimal):
            ratio = f"1:{self.ratio:g}"
            if isinstance(options, Nearest) and options.max_controls is not None:
                ratio += f" (1:{options.min_controls or 1} to 1:{options.max_controls})"
            order = ""
            if isinstance(options, Nearest) and self.order != "largest":
                order = f" ({self.order} first)" if self.order != "data" else " (data order)"
            return f"{options.name} {ratio} on {_within(options.mahalanobis)}{measure}{order}"
        if isinstance(options, Full):
            return f"full on {_within(options.mahalanobis)}{measure}{_bounds(options)}"
        if isinstance(options, Subclass):
            return f"{options.n} subclasses on {measure}"
        if isinstance(options, Cem):
            return "coarsened exact" + (" 1:1" if options.k2k else "")
        return "exact on all covariates"


def make_plan(
    method: object,
    frame: pd.DataFrame,
    roles: Roles,
    *,
    distance: str,
    estimand: str,
    ratio: float,
    replace: bool,
    caliper: float | None,
    order: str,
    seed: int | None,
) -> Plan:
    """Return the plan, or raise `DesignError` naming all that is wrong with it at once."""
    kinds = tuple(METHODS.values())
    if isinstance(method, kinds):
        options = method
    else:
        problem = refuse_unknown("method", method, tuple(METHODS))
        if problem:
            raise DesignError(problem)
        options = METHODS[str(method)]()
    plan = Plan(
        options=options,
        distance=distance,
        estimand=estimand,
        ratio=ratio,
        replace=replace,
        caliper=caliper,
        order=order,
        seed=seed,
    )
    problems = [*_keywords(plan, frame), *_own(plan, frame, roles)]
    told = [problem for problem in problems if problem]
    if told:
        raise DesignError("\n".join(told))
    return plan


def _keywords(plan: Plan, frame: pd.DataFrame) -> list[str]:
    name, uses = plan.options.name, plan.options.uses
    problems = []
    for keyword, default in _DEFAULTS.items():
        value = getattr(plan, keyword)
        is_default = value is default or (type(value) is type(default) and value == default)
        if keyword not in uses and not is_default:
            problems.append(
                f"{keyword}={value!r} is not used by method='{name}'; leave it out."
            )
    problems.append(_estimand(plan))
    if "distance" in uses:
        problems.append(_distance(plan, frame))
    if "ratio" in uses:
        problems.append(_ratio(plan))
    if "caliper" in uses:
        problems.append(_caliper(plan))
    if "replace" in uses and not isinstance(plan.replace, bool | np.bool_):
        problems.append(f"replace={plan.replace!r} must be True or False.")
    if "order" in uses:
        problems += _order(plan)
    return problems


def _estimand(plan: Plan) -> str:
    problem = refuse_unknown("estimand", plan.estimand, get_args(Estimand))
    if problem or plan.estimand in plan.options.estimands:
        if isinstance(plan.options, Cem) and plan.options.k2k and plan.estimand == "ATE":
            return (
                "estimand='ATE' cannot be had with Cem(k2k=True), which leaves out rows of "
                "both arms; use 'ATT', 'ATC' or k2k=False."
            )
        return problem
    return (
        f"estimand='ATE' cannot be had with method='{plan.options.name}', which gives one arm "
        "partners from the other; allowed: 'ATT', 'ATC'. For the ATE use 'full', 'exact', "
        "'cem' or 'subclass'."
    )


def _distance(plan: Plan, frame: pd.DataFrame) -> str:
    name = plan.distance
    known = (*SCORES, *SPREADS)
    if name in known:
        if name in SPREADS and isinstance(plan.options, Subclass):
            return f"distance='{name}' has no order to cut subclasses from; use a score."
        return ""
    if name not in frame.columns:
        numbers = [str(c) for c in frame.columns if is_numeric_dtype(frame[c].dtype)]
        values = ", ".join(f"'{one}'" for one in known)
        nearest = did_you_mean(str(name), [*known, *numbers])
        return f"distance={name!r} is not offered; allowed: {values}, or a column.{nearest}"
    if not is_numeric_dtype(frame[name].dtype):
        return f"distance='{name}' is a column that holds no numbers."
    numbers_of = frame[name].to_numpy(dtype=np.float64, na_value=np.nan)
    unusable = int((~np.isfinite(numbers_of)).sum())
    if unusable:
        return f"distance='{name}': {unusable} row(s) are missing or infinite."
    return ""


def _ratio(plan: Plan) -> str:
    options = plan.options
    if isinstance(options, Nearest) and (options.min_controls, options.max_controls) != (
        None,
        None,
    ):
        low, high = (
            1 if options.min_controls is None else options.min_controls,
            (options.max_controls),
        )
        if not (is_count(low) and is_count(high) and is_number(plan.ratio)):
            return "Nearest(min_controls, max_controls) must be whole numbers from 1 up."
        if not low < plan.ratio < high:  # type: ignore[operator]
            return (
                f"ratio={plan.ratio!r} is the average and must lie between min_controls={low} "
                f"and max_controls={high}."
            )
        if plan.has_spread or plan.replace:
            return "min_controls and max_controls need a score, and no replacement."
        return ""
    if is_count(plan.ratio):
        return ""
    return f"ratio={plan.ratio!r} must be a whole number from 1 up (partners per treated)."


def _caliper(plan: Plan) -> str:
    if plan.caliper is None:
        return ""
    if plan.has_spread:
        return (
            f"caliper={plan.caliper!r} belongs to a score and distance='{plan.distance}' has "
            "none; set calipers on covariates in the method's options, or name the columns in "
            "its `mahalanobis` and keep a propensity as distance."
        )
    if is_number(plan.caliper) and plan.caliper > 0:
        return ""
    return (
        f"caliper={plan.caliper!r} must be a number above 0 (standard deviations of the "
        "distance), or None for no caliper."
    )


def _order(plan: Plan) -> list[str]:
    problems = [refuse_unknown("order", plan.order, get_args(Order))]
    if plan.order == "smallest" and plan.has_spread:
        problems.append(
            f"order='smallest' ranks a score and distance='{plan.distance}' has none; use "
            "'data', 'closest' or 'random'."
        )
    if plan.order == "random" and not isinstance(plan.seed, Integral):
        problems.append("order='random' needs seed=, a whole number that makes it repeatable.")
    if plan.order != "random" and plan.seed is not None:
        problems.append(
            f"seed={plan.seed!r} is not used by order='{plan.order}', which is not random; "
            "leave it out."
        )
    return problems


def _own(plan: Plan, frame: pd.DataFrame, roles: Roles) -> list[str]:
    """Return what is wrong with the method's own options."""
    options = plan.options
    problems = [f"exclude: {problem}" for problem in _unknown_columns(options.exclude, frame)]
    if isinstance(options, Nearest | Optimal | Full):
        problems += _pairing(plan, options, frame)
    if isinstance(options, Nearest | Optimal | Full | Subclass):
        problems.append(refuse_unknown("discard", options.discard, get_args(Discard)))
        if options.discard != "none" and plan.has_spread:
            problems.append(
                f"discard='{options.discard}' needs a score; distance='{plan.distance}' has "
                "none."
            )
    if isinstance(options, Full):
        problems += _full(options)
    if isinstance(options, Subclass):
        problems += [
            f"Subclass({name}={value!r}) must be a whole number from {low} up."
            for name, value, low in (("n", options.n, 2), ("least", options.least, 0))
            if not is_count(value, low)
        ]
        if roles.exact:
            problems.append(
                "roles.exact is not used by method='subclass'; leave it out, or use 'full'."
            )
    if isinstance(options, Cem):
        problems += _unknown_covariates("cutpoints", options.cutpoints, roles)
        problems += _unknown_covariates("grouping", options.grouping, roles)
    return problems


def _pairing(plan: Plan, options: Pairing, frame: pd.DataFrame) -> list[str]:
    problems = []
    problems.append(refuse_unknown("caliper_unit", options.caliper_unit, ("sd", "raw")))
    if options.caliper_unit == "raw" and plan.caliper is None:
        problems.append("caliper_unit='raw' is not used without caliper=; leave it out.")
    for role in ("mahalanobis", "anti_exact"):
        columns = getattr(options, role)
        if isinstance(columns, str):
            problems.append(f"{role}='{columns}' is one text; write ('{columns}',).")
        else:
            problems += [f"{role}: {one}" for one in _unknown_columns(columns, frame)]
    for role in ("calipers", "calipers_sd"):
        problems += _calipers(role, getattr(options, role), frame)
    if options.mahalanobis and plan.has_spread:
        problems.append(
            f"mahalanobis={options.mahalanobis!r} needs a score as distance, not "
            f"'{plan.distance}'."
        )
    return problems


def _full(options: Full) -> list[str]:
    problems = []
    low, high = options.min_controls, options.max_controls
    is_share = is_number(low) and 0 < low < 1 and abs(1 / low - round(1 / low)) < 1e-6
    if not (is_share or low == 0 or is_count(low)):
        problems.append(
            f"Full(min_controls={low!r}) must be 0, a share such as 1/2 or 1/3, or a whole "
            "number."
        )
    if high is not None and not is_count(high):
        problems.append(
            f"Full(max_controls={high!r}) must be a whole number from 1 up, or None."
        )
    if not problems and high is not None and low > high:
        problems.append(f"Full(min_controls={low!r}) exceeds max_controls={high!r}.")
    return problems


def _calipers(role: str, calipers: Mapping[str, float], frame: pd.DataFrame) -> list[str]:
    problems = [f"{role}: {one}" for one in _unknown_columns(calipers, frame)]
    for name, width in calipers.items():
        if name in frame.columns and not is_numeric_dtype(frame[name].dtype):
            problems.append(f"{role}: '{name}' holds no numbers.")
        if not (is_number(width) and width >= 0):
            problems.append(f"{role}: '{name}' has width {width!r}; it must be 0 or more.")
    return problems


def _unknown_columns(names: Any, frame: pd.DataFrame) -> list[str]:
    columns = [str(column) for column in frame.columns]
    return [
        f"'{name}' is not a column of this table.{did_you_mean(str(name), columns)}"
        for name in names
        if name not in frame.columns
    ]


def _unknown_covariates(role: str, names: Mapping[str, Any], roles: Roles) -> list[str]:
    return [
        f"Cem({role}): '{name}' is not a covariate.{did_you_mean(name, roles.covariates)}"
        for name in names
        if name not in roles.covariates
    ]


def is_count(value: object, low: int = 1) -> bool:
    """Return whether `value` is a whole number from `low` up."""
    if isinstance(value, bool) or not isinstance(value, Integral):
        return False
    return int(value) >= low


def is_number(value: object) -> bool:
    """Return whether `value` is a finite number."""
    if isinstance(value, bool) or not isinstance(value, Real):
        return False
    return bool(np.isfinite(float(value)))


def _within(columns: tuple[str, ...]) -> str:
    return f"the Mahalanobis distance of {', '.join(columns)} within " if columns else ""


def _bounds(options: Full) -> str:
    if options.min_controls == 0 and options.max_controls is None:
        return ""
    most = "any number" if options.max_controls is None else str(options.max_controls)
    return f" ({options.min_controls:g} to {most} comparison rows per treated)"
