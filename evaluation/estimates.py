"""The one shape of an answer: an effect with its unit, its interval and how it was found."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, Protocol

import pandas as pd

from data_dictionary.errors import DesignError
from evaluation.arguments import require_kind, shown
from evaluation.axes import framed, ratio_axis
from evaluation.grades import Grade, grade_of
from evaluation.inference.multiplicity import holm
from evaluation.terms import RATIO_UNITS

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# What sums of shares, weeks and points leave where they cancel is below this.
ROUNDING = 1e-12
EFFECT_COLUMNS = (
    *("outcome", "term", "estimate", "std_error", "conf_low", "conf_high", "p_value"),
    *("p_adjusted", "unit", "estimand", "method", "n_treated", "n_comparison"),
    *("n_clusters", "conf_level"),
)


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
        Persons with positive weight in each arm, however many rows they have.
    n_clusters : int or None
        Clusters with positive weight, both arms; None in a study without clusters.
    conf_level : float
        Coverage asked for, such as 0.95.
    smallest_p : float
        The smallest p-value that the test could have given; 0 where it is continuous.
    dof : float
        Degrees of freedom of the t distribution behind interval and p-value; NaN for none.
    treated_mean : float
        Mean outcome of those whom the effect is about, with treatment; NaN where the scale has
        none.  See `means`.
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
    smallest_p: float = 0.0
    dof: float = math.nan
    treated_mean: float = math.nan
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
    def means(self) -> tuple[float, float]:
        """Mean outcome with treatment and without, of those whom the effect is about.

        In `unit`, shares in per cent.  For the ATT the treated's is the one observed, and the
        other is that less the estimate: what the treated would have had, not what the
        comparison arm had.  A ratio is that of its means.  NaN where the scale has none, such
        as hazards.
        """
        if not self.is_ratio:
            return self.treated_mean, self.treated_mean - self.estimate
        return self.treated_mean, self.treated_mean / (self.estimate or math.nan)

    @property
    def is_refused(self) -> bool:
        """Whether an interval was refused: the estimate stands alone, or with a p-value."""
        return math.isnan(self.conf_low)

    @property
    def grade(self) -> Grade:
        """How sure the effect is, by its test and, where it has one, its adjusted test."""
        if math.isnan(self.estimate):
            return Grade.HIDDEN
        return grade_of(self.p_value, self.p_adjusted, level=self.conf_level)

    @property
    def test(self) -> str:
        """The test that judges it: the last part of `method`."""
        return self.method.rpartition("; ")[2]

    def renamed(self, outcome: str) -> Effect:
        """Return the same effect under another outcome name."""
        return replace(self, outcome=outcome)

    def tidy(self) -> pd.DataFrame:
        """Return one row with the columns of effects.csv."""
        return EffectTable(effects=(self,)).tidy()

    def summary(self) -> str:
        """Return the effect, its interval and its notes in a few lines."""
        lines = [str(self)]
        if all(map(math.isfinite, self.means)):
            largest = max(map(abs, self.means)) or 1.0
            places = max(0, 3 - math.ceil(math.log10(largest)))
            treated, comparison = (f"{mean:.{places}f}" for mean in self.means)
            lines.append(f"  means: {treated} against {comparison}")
        lines.append(f"  {self.estimand}, {self.method}")
        groups = f"  {self.n_treated} treated, {self.n_comparison} comparison"
        lines.append(groups + (f", {self.n_clusters} clusters" if self.n_clusters else ""))
        return "\n".join([*lines, *(f"  note: {note}" for note in self.notes)])

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw the estimate and its interval against the line of no effect."""
        return EffectTable(effects=(self,)).plot(ax=ax)

    def _repr_markdown_(self) -> str:
        notes = "".join(f"\n- {note}" for note in self.notes)
        return EffectTable(effects=(self,))._repr_markdown_() + notes

    def __str__(self) -> str:
        if math.isnan(self.estimate):
            return f"{self.outcome} {self.term}: not available"
        head = f"{self.outcome} {self.term}: {_digits(self.estimate, self.null, 4)} {self.unit}"
        if self.is_refused and math.isnan(self.p_value):
            return f"{head} (inference refused)"
        p = _p_text(self.p_value, self.conf_level)
        if not math.isnan(self.p_adjusted) and self.p_adjusted != self.p_value:
            p = f"{_p_text(self.p_adjusted, self.conf_level)} adjusted"
        p = f"p {p}" if p.startswith("<") else f"p = {p}"
        if self.is_refused:
            return f"{head} (no interval), {p} by {self.test}"
        low, high = (_digits(end, self.null, 4) for end in (self.conf_low, self.conf_high))
        return f"{head} [{low}, {high}], {p}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """What a reader must know of a family of adjusted tests; refused ones count as p = 1."""

    name: str
    method: str
    n_tests: int
    n_refused: int
    smallest_p: float

    def is_coarse(self, level: float) -> bool:
        """Whether the tests can only just reach significance: a fifth of it is out of reach."""
        return (1.0 - level) / 5 <= self.smallest_p < 1

    def __str__(self) -> str:
        refused = f", {self.n_refused} of them refused" if self.n_refused else ""
        return (
            f"family '{self.name}': {self.n_tests} test(s){refused}, adjusted by "
            f"{self.method}; smallest attainable adjusted p {self.smallest_p:.2g}"
        )


class HasSummary(Protocol):
    """A result that says itself in a few lines."""

    def summary(self) -> str:
        """Return these lines."""


def as_code(result: HasSummary) -> str:
    """Return a result as a notebook shows it: its summary, line by line."""
    return f"```\n{result.summary()}\n```"


class HasEffect(Protocol):
    """A result that carries more than its effect, such as curves."""

    @property
    def effect(self) -> Effect:
        """The effect itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EffectTable:
    """Several effects side by side, in the order in which they were given.

    Attributes
    ----------
    effects : tuple of Effect
    families : tuple of Family
        What was adjusted together; empty before `adjust`.
    """

    effects: tuple[Effect, ...]
    families: tuple[Family, ...] = ()

    def adjust(
        self,
        method: Literal["holm"] = "holm",
        *,
        families: Mapping[str, str] | None = None,
        tested: Mapping[str, str] | None = None,
    ) -> EffectTable:
        """Return the table with `p_adjusted` filled in, family by family.

        Parameters
        ----------
        method : {"holm"}
            Holm's step-down procedure.
        families : mapping of str to str, or None
            Family of each outcome; an outcome that is not named stays unadjusted.  None puts
            all effects into one family, ``all``.
        tested : mapping of str to str, or None
            The one term of each outcome that is tested; its other terms keep their interval
            and get no adjusted p.  None tests every effect.
        """
        if method != "holm":
            raise DesignError(f"adjust='{method}' is not known; use 'holm'")
        for keyword, given in (("families", families), ("tested", tested)):
            if given is not None:
                require_kind(given, keyword, Mapping, "give a dict by outcome")
        members: dict[str, list[int]] = {}
        for position, effect in enumerate(self.effects):
            family = "all" if families is None else families.get(effect.outcome)
            is_tested = tested is None or tested.get(effect.outcome) == effect.term
            if family is not None and is_tested:
                members.setdefault(family, []).append(position)
        adjusted = list(self.effects)
        found = []
        for name, positions in members.items():
            group = [self.effects[position] for position in positions]
            result = holm([e.p_value for e in group], smallest_p=[e.smallest_p for e in group])
            for position, effect, p in zip(positions, group, result.p_adjusted, strict=True):
                adjusted[position] = replace(effect, p_adjusted=float(p))
            found.append(
                Family(
                    name=name,
                    method=method,
                    n_tests=result.n_tests,
                    n_refused=result.n_refused,
                    smallest_p=result.smallest_p,
                )
            )
        return EffectTable(effects=tuple(adjusted), families=tuple(found))

    def tidy(self) -> pd.DataFrame:
        """Return one row per effect with the columns of effects.csv."""
        if not self.effects:
            return pd.DataFrame(columns=list(EFFECT_COLUMNS))
        rows = [{column: getattr(e, column) for column in EFFECT_COLUMNS} for e in self.effects]
        frame = pd.DataFrame(rows, columns=list(EFFECT_COLUMNS))
        return frame.astype({"n_clusters": "Int64"})

    def summary(self) -> str:
        """Return every effect and every family in one line each."""
        return "\n".join([*map(str, self.effects), *map(str, self.families)])

    def plot(self, ax: Axes | None = None, *, names: Sequence[str] = ()) -> Axes:
        """Draw a forest plot: estimates with intervals against the line of no effect.

        `names` stand beside the effects in the place of their outcomes.

        Raises
        ------
        DesignError
            If the table is empty or the effects are in different units.
        """
        units = list(dict.fromkeys(effect.unit for effect in self.effects))
        if len(units) != 1:
            raise DesignError(
                f"{len(units)} units ({', '.join(units)}) cannot share an axis; "
                "draw one plot for each"
                if units
                else "there is no effect to draw"
            )
        ax = framed(ax, (6.4, 0.8 + 0.4 * len(self.effects)))
        shown = list(names) or [effect.outcome for effect in self.effects]
        if len(set(shown)) < len(shown):
            shown = [f"{effect.outcome} {effect.term}" for effect in self.effects]
        if self.effects[0].is_ratio:
            ratio_axis(ax, "x")
        for height, effect in enumerate(self.effects):
            ax.plot([effect.conf_low, effect.conf_high], [height, height], "-", color="black")
            ax.plot([effect.estimate], [height], "o", color="black")
        ax.axvline(self.effects[0].null, color="grey", linewidth=0.8, linestyle="--")
        ax.set_yticks(range(len(shown)), shown)
        ax.set_ylim(len(shown) - 0.5, -0.5)
        ax.set_xlabel(units[0])
        return ax

    def __str__(self) -> str:
        return f"{len(self.effects)} effect(s)"

    def _repr_markdown_(self) -> str:
        lines = ["| effect | estimate | interval | p | adjusted p |", "|:--|--:|--:|--:|--:|"]
        for effect in self.effects:
            low, high = (
                _digits(end, effect.null, 3) for end in (effect.conf_low, effect.conf_high)
            )
            cells = [
                f"{effect.outcome} {effect.term} ({effect.unit})",
                _digits(effect.estimate, effect.null, 3),
                "" if effect.is_refused else f"{low} to {high}",
                _p_text(effect.p_value, effect.conf_level),
                _p_text(effect.p_adjusted, effect.conf_level),
            ]
            lines.append(f"| {' | '.join(cells)} |")
        return "\n".join([*lines, "", *(f"{family}  " for family in self.families)])


def table(results: Iterable[Effect | HasEffect] | Effect | HasEffect) -> EffectTable:
    """Return the effects of several results as one table.

    Parameters
    ----------
    results : iterable of Effect, or of results with an ``effect``; or one of them

    Examples
    --------
    >>> table([]).tidy().columns[0]
    'outcome'
    """
    several = tuple(results) if isinstance(results, Iterable) else (results,)
    for one in several:
        if not isinstance(one, Effect) and not isinstance(getattr(one, "effect", None), Effect):
            raise DesignError(f"results holds {shown(one)}, which is no effect nor has one.")
    return EffectTable(effects=tuple(r if isinstance(r, Effect) else r.effect for r in several))


def _p_text(p_value: float, level: float) -> str:
    """Return a p-value; one that is as good as nothing is told as a bound."""
    return f"< {ROUNDING:g}" if p_value < ROUNDING else _digits(p_value, 1 - level, 3)


def _digits(value: float, border: float, digits: int) -> str:
    """Return a number with so many digits that it does not read as a border it is not on.

    Nothing where there is none, 0 where rounding alone is left.  Seventeen digits tell all
    numbers apart.
    """
    if math.isnan(value):
        return ""
    if abs(value) < ROUNDING:
        return "0"
    if math.isclose(value, border):
        return f"{value:.{digits}g}"
    texts = ((f"{value:.{more}g}", f"{border:.{more}g}") for more in range(digits, 18))
    return next(text for text, forbidden in texts if text != forbidden)
