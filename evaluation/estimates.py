"""The one shape of an answer: an effect with its unit, its interval and how it was found."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from matplotlib.axes import Axes

EFFECT_COLUMNS = (
    "outcome",
    "term",
    "estimate",
    "std_error",
    "conf_low",
    "conf_high",
    "p_value",
    "p_adjusted",
    "unit",
    "estimand",
    "method",
    "n_treated",
    "n_comparison",
    "n_clusters",
    "conf_level",
)

RATIO_UNITS = ("hazard ratio", "subdistribution hazard ratio", "time ratio")


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """One estimated effect.

    Attributes
    ----------
    outcome, term : str
        What was measured, and which estimate of it (``incidence``, ``hazard_ratio``, ...).
    estimate : float
        In `unit`.  Ratios are on the ratio scale, shares in percentage points (0-100).
    std_error : float
        In `unit`; of the logarithm for ratios.  NaN where inference is refused.
    conf_low, conf_high : float
        Limits of the interval at `conf_level`.
    p_value, p_adjusted : float
        Against no effect; adjusted within the outcome's family, NaN where not tested.
    unit, estimand, method : str
        ``method`` names the design and the test.
    n_treated, n_comparison : int
        Rows with positive weight in each arm.
    n_clusters : int or None
        Clusters with positive weight, both arms; None in a study without clusters.
    conf_level : float
        Coverage asked for, such as 0.95.
    notes : tuple of str
        What a reader must know: the choice of inference and its reason, refusals.
    """

    outcome: str
    term: str
    estimate: float
    std_error: float = math.nan
    conf_low: float = math.nan
    conf_high: float = math.nan
    p_value: float = math.nan
    p_adjusted: float = math.nan
    unit: str
    estimand: str
    method: str
    n_treated: int
    n_comparison: int
    n_clusters: int | None = None
    conf_level: float = 0.95
    notes: tuple[str, ...] = ()

    @property
    def is_ratio(self) -> bool:
        """Whether no effect means 1 rather than 0."""
        return self.unit in RATIO_UNITS

    @property
    def null(self) -> float:
        """The value that means no effect."""
        return 1.0 if self.is_ratio else 0.0

    @property
    def is_refused(self) -> bool:
        """Whether inference was refused: the estimate stands alone."""
        return math.isnan(self.conf_low)

    def renamed(self, outcome: str) -> Effect:
        """Return the same effect under another outcome name."""
        return replace(self, outcome=outcome)

    def tidy(self) -> pd.DataFrame:
        """Return one row with the columns of effects.csv."""
        row = {column: getattr(self, column) for column in EFFECT_COLUMNS}
        return pd.DataFrame([row], columns=list(EFFECT_COLUMNS)).astype({"n_clusters": "Int64"})

    def summary(self) -> str:
        """Return the effect, its interval and its notes in a few lines."""
        lines = [str(self), f"  {self.estimand}, {self.method}"]
        groups = f"  {self.n_treated} treated, {self.n_comparison} comparison"
        lines.append(groups + (f", {self.n_clusters} clusters" if self.n_clusters else ""))
        return "\n".join([*lines, *(f"  note: {note}" for note in self.notes)])

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw the estimate and its interval against the line of no effect."""
        return EffectTable(effects=(self,)).plot(ax=ax)

    def __str__(self) -> str:
        head = f"{self.outcome} {self.term}: {self.estimate:.4g} {self.unit}"
        if self.is_refused:
            return f"{head} (inference refused)"
        tail = f"[{self.conf_low:.4g}, {self.conf_high:.4g}], p = {self.p_value:.3g}"
        return f"{head} {tail}"


@dataclass(frozen=True, slots=True, kw_only=True)
class EffectTable:
    """Several effects side by side, in the order in which they were given."""

    effects: tuple[Effect, ...]

    def tidy(self) -> pd.DataFrame:
        """Return one row per effect with the columns of effects.csv."""
        if not self.effects:
            return pd.DataFrame(columns=list(EFFECT_COLUMNS))
        rows = [{column: getattr(e, column) for column in EFFECT_COLUMNS} for e in self.effects]
        frame = pd.DataFrame(rows, columns=list(EFFECT_COLUMNS))
        return frame.astype({"n_clusters": "Int64"})
