"""One call that asks of a finding everything that could take it away, in one table."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from data_dictionary.errors import DesignError
from evaluation.arguments import choice_of, require_kind, shown
from evaluation.comparison.data import require_comparison
from evaluation.estimates import Effect, as_code
from evaluation.notes import reason_of
from evaluation.robustness.checks import Check, NotMade, Question, SensitivityRow, tabulated
from evaluation.robustness.person_values import PersonValues
from evaluation.robustness.threats import (
    common_shock,
    e_values,
    measured_covariates,
    nonresponse,
    rosenbaum_bounds,
    self_selection,
)
from evaluation.robustness.variants import (
    Estimator,
    Estimators,
    clusters_of,
    effect_of,
    without_cluster,
)
from evaluation.robustness.verdict import USUAL, Thresholds, Verdict, judge, judged

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from evaluation.comparison.matched import Matched

Part = Callable[["Matched", Effect, PersonValues | None], list[SensitivityRow]]
PARTS: Mapping[Check, Part] = {
    "common_shock": common_shock,
    "measured_covariate": measured_covariates,
    "nonresponse": nonresponse,
    "e_value": e_values,
    "rosenbaum": rosenbaum_bounds,
}
# Filled, hollow and square: the kinds differ in greyscale.
MARKS = {
    "main": ("D", "0.0", 6.0),
    "specification": ("o", "0.0", 4.5),
    "leave_one_out": ("o", "white", 4.5),
    "censoring_bound": ("s", "white", 4.5),
}

# How messages show an estimator.
_EXAMPLE = "lambda m: ev.incidence(m, d, horizon=104)"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sensitivity:
    """What was asked of a finding.

    Attributes
    ----------
    effect : Effect
        The finding.
    checks : tuple of SensitivityRow
        The finding itself, then every answer, judged.
    not_made : tuple of NotMade
        Checks that could not be made, and why.
    """

    effect: Effect
    checks: tuple[SensitivityRow, ...]
    not_made: tuple[NotMade, ...]

    @property
    def rows(self) -> pd.DataFrame:
        """The answers as a table: codes, then the columns of sensitivity.csv."""
        return tabulated(self.checks)

    @property
    def notes(self) -> tuple[str, ...]:
        """Checks that could not be made, and why, in words."""
        return tuple(map(str, self.not_made))

    def tidy(self) -> pd.DataFrame:
        """Return one row per check.

        ``check variant subject size`` say what was asked and ``name`` says it in English;
        ``takes_away`` says whether the row alone takes the finding away, missing where that
        is not judged.
        """
        return self.rows

    def verdict(self, thresholds: Thresholds = USUAL) -> Verdict:
        """Return what is left of the finding, by rules fixed beforehand."""
        return judge(self.effect, self.checks, thresholds)

    def summary(self) -> str:
        """Return every check in one line, then what is left of the finding."""
        lines = [str(self.effect)]
        for row in self.checks[1:]:
            p_value = "" if math.isnan(row.p_value) else f", p = {row.p_value:.3g}"
            note = f" ({row.note})" if row.note else ""
            figure = f"{row.estimate:.4g} {row.unit}{p_value}{note}"
            lines.append(f"  {row.asked.check}, {row.asked.name}: {figure}")
        lines += [f"  note: {note}" for note in self.notes]
        return "\n".join([*lines, self.verdict().summary()])

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw the specification curve: the finding among its variants, in order of size."""
        rows = self.rows
        shown = rows[rows["check"].isin(list(MARKS)) & (rows["unit"] == self.effect.unit)]
        return _draw_curve(shown, self.effect, ax)

    _repr_markdown_ = as_code

    def __str__(self) -> str:
        return f"{len(self.checks) - 1} check(s) of {self.effect}"


def sensitivity(
    m: Matched,
    estimator: Estimator,
    *,
    values: PersonValues | None = None,
    specifications: Estimators | None = None,
    negative_controls: Mapping[str, Estimator] | None = None,
    leave_out: Literal["treated", "all", "none"] = "treated",
    uptake: float | None = None,
) -> Sensitivity:
    """Ask of a finding what could take it away.

    Parameters
    ----------
    m : Matched
        The comparison.
    estimator : callable
        Makes the effect from a comparison, such as
        ``lambda m: ev.incidence(m, d, horizon=104)``.
    values : PersonValues or None
        What each person contributes (`person_values`); needed for the common shock, the
        measured covariates, Rosenbaum's bounds and the E-value of a difference in incidence.
    specifications : mapping of str or Question to callable, or None
        Other ways to the same answer by name: another definition of a job, another horizon, a
        window without the weeks in which job search was suspended, `censoring_bounds`.
    negative_controls : mapping of str to callable, or None
        Effects that should be zero on the same set by name: an outcome that the programme
        cannot move, the outcome before start.
    leave_out : {"treated", "all", "none"}
        Which municipalities are left out in turn.
    uptake : float or None
        Share of those asked who took part: what bounds how far self-selection can go.

    Raises
    ------
    DesignError
        If an option is unknown.  A check that cannot be made is named in the notes.

    Notes
    -----
    *Common shock*: something that happened in all trial municipalities and nowhere else.  Its
    size is given in standard deviations between donor municipalities, sampling of persons
    taken out: if donors commonly lie that far apart, the finding may be a shock.  *Measured
    covariates*: the bias that each would cause if left alone; motivation must be this many
    times as strong as the strongest of them.  *Self-selection*: how far participants must
    lie above the others in a motivation that moves the outcome as much as the most telling
    covariate, beside the farthest that saying yes or no can set them apart.  *Nonresponse*:
    how far those who did not answer must lie from those who did, worse in one arm and better
    in the other (a tipping point).  *Rosenbaum's bounds* hold for 1:1 matching
    without replacement and for persons, not municipalities.  *E-values*: VanderWeele and Ding
    (2017).
    """
    require_comparison(m)
    if not callable(estimator):
        raise DesignError(
            f"estimator is {shown(estimator)}; give what makes the effect, such as {_EXAMPLE}"
        )
    choice_of(leave_out, "leave_out", ("treated", "all", "none"))
    if values is not None:
        require_kind(values, "values", PersonValues, "give what ev.person_values returns")
    named = {"specifications": specifications, "negative_controls": negative_controls}
    for keyword, given in named.items():
        if given is not None:
            require_kind(given, keyword, Mapping, "give a dict of name to estimator")
            if not all(callable(one) for one in given.values()):
                raise DesignError(f"{keyword} must hold estimators, such as {_EXAMPLE}")
    effect = effect_of(estimator, m)
    rows = [SensitivityRow.of(Question("main", "main", effect.outcome), effect)]
    not_made: list[NotMade] = []
    arms = {"treated": (True,), "all": (True, False), "none": ()}[leave_out]
    labels = dict.fromkeys(label for arm in arms for label in clusters_of(m, treated=arm))
    variants: list[tuple[Question, Callable[[], Effect]]] = [
        *_named("specification", specifications, m),
        *(
            (
                Question("leave_one_out", "without", str(label)),
                partial(_without, estimator, m, label),
            )
            for label in labels
        ),
        *_named("negative_control", negative_controls, m),
    ]
    for asked, estimate in variants:
        try:
            rows.append(SensitivityRow.of(asked, estimate()))
        except DesignError as error:
            not_made.append(NotMade(asked, reason_of(error)))
    for check, part in PARTS.items():
        try:
            rows += part(m, effect, values)
        except (DesignError, ValueError) as error:
            not_made.append(NotMade(Question(check, "whole"), reason_of(error)))
    rows += self_selection(uptake)
    return Sensitivity(effect=effect, checks=judged(effect, rows), not_made=tuple(not_made))


def _named(
    check: Literal["specification", "negative_control"],
    estimators: Estimators | None,
    m: Matched,
) -> list[tuple[Question, Callable[[], Effect]]]:
    """Return estimators of one kind, to be run one by one."""
    return [
        (
            asked if isinstance(asked, Question) else Question(check, "named", asked),
            partial(effect_of, estimator, m),
        )
        for asked, estimator in (estimators or {}).items()
    ]


def _without(estimator: Estimator, m: Matched, label: object) -> Effect:
    """Return the effect without one cluster."""
    return effect_of(estimator, without_cluster(m, label))


def _draw_curve(rows: pd.DataFrame, effect: Effect, ax: Axes | None = None) -> Axes:
    """Draw variants from the smallest to the largest; the finding's value is dotted."""
    if ax is None:
        from matplotlib.figure import Figure

        height = 1.0 + 0.26 * len(rows)
        ax = Figure(figsize=(7.0, height), layout="constrained").subplots()
    shown = rows.iloc[np.argsort(rows["estimate"].to_numpy(), kind="stable")]
    if effect.is_ratio:
        from matplotlib.ticker import NullLocator, ScalarFormatter

        ax.set_xscale("log")
        ax.xaxis.set_major_formatter(ScalarFormatter())
        ax.xaxis.set_minor_locator(NullLocator())
    ax.axvline(effect.null, color="0.2", linewidth=0.8)
    ax.axvline(effect.estimate, color="0.5", linewidth=0.8, linestyle=":")
    numbers = shown[["estimate", "conf_low", "conf_high"]].to_numpy(dtype=np.float64)
    for height, (check, row) in enumerate(zip(shown["check"], numbers, strict=True)):
        mark, face, size = MARKS[check]
        ax.plot(row[1:], [height, height], "-", color="0.4", linewidth=1.2)
        ax.plot(row[:1], [height], mark, color="0.0", markerfacecolor=face, markersize=size)
    ax.set_yticks(range(len(shown)), list(shown["name"]))
    ax.set_ylim(-0.7, len(shown) - 0.3)
    ax.set_xlabel(effect.unit)
    ax.spines[["top", "right", "left"]].set_visible(False)
    ax.tick_params(axis="y", length=0)
    return ax
