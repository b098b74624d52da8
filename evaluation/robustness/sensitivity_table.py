"""One call that asks of a finding everything that could take it away, in one table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Literal

import pandas as pd

from data_dictionary.errors import DesignError
from evaluation.estimates import Effect
from evaluation.notes import Note, reason_of
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
    clusters_of,
    effect_of,
    without_cluster,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from evaluation.comparison.matched import Matched

COLUMNS = (
    "check",
    "name",
    "estimate",
    "conf_low",
    "conf_high",
    "p_value",
    "unit",
    "n_treated",
    "n_comparison",
    "note",
)
CURVE = ("main", "specification", "leave_one_out")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sensitivity:
    """What was asked of a finding.

    Attributes
    ----------
    effect : Effect
        The finding.
    rows : pd.DataFrame
        ``check name estimate conf_low conf_high p_value unit n_treated n_comparison note``.
        Checks: ``main``, ``specification``, ``leave_one_out``, ``negative_control``,
        ``common_shock``, ``measured_covariate``, ``self_selection``, ``nonresponse``,
        ``e_value``, ``rosenbaum``.
    notes : tuple of str
        Checks that could not be made, and why.
    """

    effect: Effect
    rows: pd.DataFrame
    notes: tuple[str, ...]

    def tidy(self) -> pd.DataFrame:
        """Return one row per check."""
        return self.rows.copy()

    def summary(self) -> str:
        """Return every check in one line."""
        lines = [str(self.effect)]
        for row in self.rows.iloc[1:].to_dict("records"):
            p_value = "" if pd.isna(row["p_value"]) else f", p = {row['p_value']:.3g}"
            note = f" ({row['note']})" if row["note"] else ""
            figure = f"{row['estimate']:.4g} {row['unit']}{p_value}{note}"
            lines.append(f"  {row['check']}, {row['name']}: {figure}")
        return "\n".join([*lines, *(f"  note: {note}" for note in self.notes)])

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw the specification curve: the finding among its variants, in order of size."""
        from evaluation.robustness.curve import draw_curve

        shown = self.rows[self.rows["check"].isin(CURVE)]
        return draw_curve(shown[shown["unit"] == self.effect.unit], self.effect, ax)

    def __str__(self) -> str:
        return f"{len(self.rows) - 1} check(s) of {self.effect}"


def sensitivity(
    m: Matched,
    estimator: Estimator,
    *,
    values: PersonValues | None = None,
    specifications: Mapping[str, Estimator] | None = None,
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
    specifications : mapping of str to callable, or None
        Other ways to the same answer by name: another definition of a job, another horizon, a
        window without the weeks in which job search was suspended, `censoring_bounds`.
    negative_controls : mapping of str to callable, or None
        Effects that should be zero on the same set by name: an outcome that the programme
        cannot move, the outcome before start.
    leave_out : {"treated", "all", "none"}
        Which municipalities are left out in turn.
    uptake : float or None
        Share of those asked who took part: what bounds how far self-selection can go.

    Returns
    -------
    Sensitivity

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
    if leave_out not in ("treated", "all", "none"):
        raise DesignError(f"leave_out='{leave_out}' is not known; use treated, all or none")
    effect = effect_of(estimator, m)
    rows = [_row("main", effect.outcome, effect)]
    notes: list[str] = []
    variants: list[tuple[str, str, Callable[[], Effect]]] = [
        *_named("specification", specifications, m),
        *_left_out(m, estimator, leave_out),
        *_named("negative_control", negative_controls, m),
    ]
    for check, name, estimate in variants:
        try:
            rows.append(_row(check, name, estimate()))
        except DesignError as error:
            notes.append(_not_made(f"{check}, {name}", error))
    parts = (common_shock, measured_covariates, nonresponse, e_values, rosenbaum_bounds)
    for part in parts:
        try:
            rows += part(m, effect, values)
        except (DesignError, ValueError) as error:
            notes.append(_not_made(part.__name__, error))
    rows += self_selection(uptake)
    return Sensitivity(
        effect=effect, rows=pd.DataFrame(rows, columns=list(COLUMNS)), notes=tuple(notes)
    )


def _not_made(what: str, error: Exception) -> str:
    """Say why a check was not made; what the error counts, the note counts."""
    reason = reason_of(error)
    if not isinstance(reason, Note):
        return f"{what}: {reason}"
    return Note("not_made", "{what}: {why}", reason.counts, {"what": what, "why": reason})


def _row(check: str, name: str, effect: Effect) -> dict[str, object]:
    return {
        "check": check,
        "name": name,
        "estimate": effect.estimate,
        "conf_low": effect.conf_low,
        "conf_high": effect.conf_high,
        "p_value": effect.p_value,
        "unit": effect.unit,
        "n_treated": effect.n_treated,
        "n_comparison": effect.n_comparison,
        "note": "",
    }


def _named(
    check: str, estimators: Mapping[str, Estimator] | None, m: Matched
) -> list[tuple[str, str, Callable[[], Effect]]]:
    """Return estimators of one kind, to be run one by one."""
    return [
        (check, name, partial(effect_of, estimator, m))
        for name, estimator in (estimators or {}).items()
    ]


def _left_out(
    m: Matched, estimator: Estimator, leave_out: str
) -> list[tuple[str, str, Callable[[], Effect]]]:
    """Return the estimate without each cluster, to be run one by one."""
    arms = {"treated": (True,), "all": (True, False), "none": ()}[leave_out]
    labels = dict.fromkeys(label for arm in arms for label in clusters_of(m, treated=arm))

    def without(label: object) -> Effect:
        return effect_of(estimator, without_cluster(m, label))

    return [("leave_one_out", f"without {label}", partial(without, label)) for label in labels]
