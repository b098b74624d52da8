"""What `weigh` may be asked for: methods with their options, and the estimands each allows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar, Literal, TypeAlias, get_args

from data_dictionary.errors import DesignError
from evaluation.comparison.matching.options import refuse_unknown
from evaluation.comparison.weighting.learners import Learner, Logistic

WeighMethod = Literal["ipw", "overlap", "matching", "entropy", "cbps"]
WeighEstimand = Literal["ATT", "ATC", "ATE", "ATO", "ATM"]

WORDS = {
    "ATT": "the treated",
    "ATC": "the comparison arm",
    "ATE": "both arms together",
    "ATO": "the overlap population",
    "ATM": "the evenly matchable population",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class InverseProbability:
    """Inverse probability weighting.

    Parameters
    ----------
    learner : Learner
        Of the propensity.
    stabilised : bool
        Scale each arm's weights to the arm's size.  False scales both arms to the size of the
        population they stand for; weighted means are the same, regressions with covariates
        weigh the arms differently.
    trim : float or None
        Leave out rows with a propensity below `trim` or above 1 - `trim` (Crump, Hotz, Imbens
        and Mitnik 2009); the effect is then that of those who stay.
    cap : float or None
        Quantile of each arm's weights to which larger ones are cut, such as 0.99.

    Examples
    --------
    >>> InverseProbability(cap=0.99).describe()
    'inverse probability weights (logit), cut at their 99th percentile'
    """

    name: ClassVar[WeighMethod] = "ipw"
    estimands: ClassVar[tuple[WeighEstimand, ...]] = ("ATT", "ATC", "ATE")

    learner: Learner = field(default_factory=Logistic)
    stabilised: bool = True
    trim: float | None = None
    cap: float | None = None

    def __post_init__(self) -> None:
        if self.trim is not None and not 0 < self.trim < 0.5:
            raise DesignError(f"trim={self.trim!r} must lie between 0 and 0.5.")
        if self.cap is not None and not 0.5 <= self.cap < 1:
            raise DesignError(f"cap={self.cap!r} must be a quantile from 0.5 to below 1.")

    def describe(self) -> str:
        """Return the method in words."""
        words = [f"inverse probability weights ({self.learner.describe()})"]
        words += [] if self.stabilised else ["not stabilised"]
        if self.trim is not None:
            words.append(f"propensities {self.trim:g} to {1 - self.trim:g}")
        if self.cap is not None:
            words.append(f"cut at their {100 * self.cap:g}th percentile")
        return ", ".join(words)


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlap:
    """Overlap weights: 1 - e among the treated, e in the comparison arm.

    With the logit, means are balanced exactly (Li, Morgan and Zaslavsky 2018, theorem 3).
    """

    name: ClassVar[WeighMethod] = "overlap"
    estimands: ClassVar[tuple[WeighEstimand, ...]] = ("ATO",)

    learner: Learner = field(default_factory=Logistic)

    def describe(self) -> str:
        """Return the method in words."""
        return f"overlap weights ({self.learner.describe()})"


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchingWeights:
    """Matching weights: the weighting counterpart of 1:1 matching (Li and Greene 2013)."""

    name: ClassVar[WeighMethod] = "matching"
    estimands: ClassVar[tuple[WeighEstimand, ...]] = ("ATM",)

    learner: Learner = field(default_factory=Logistic)

    def describe(self) -> str:
        """Return the method in words."""
        return f"matching weights ({self.learner.describe()})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entropy:
    """Entropy balancing: the most even weights that balance moments exactly.

    Parameters
    ----------
    moments : int
        Powers 1 to `moments` of every number are balanced; 2 adds the variances.
    """

    name: ClassVar[WeighMethod] = "entropy"
    estimands: ClassVar[tuple[WeighEstimand, ...]] = ("ATT", "ATC", "ATE")

    moments: int = 1

    def __post_init__(self) -> None:
        _check_moments(self.moments)

    def describe(self) -> str:
        """Return the method in words."""
        return f"entropy balancing of {_powers(self.moments)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cbps:
    """Covariate balancing propensity score, just identified (Imai and Ratkovic 2014).

    The logit whose inverse probability weights balance the covariates exactly.  For ATT and
    ATC its weights are those of entropy balancing on the same moments; for the ATE it balances
    the arms with each other.

    Parameters
    ----------
    moments : int
        As in `Entropy`.
    """

    name: ClassVar[WeighMethod] = "cbps"
    estimands: ClassVar[tuple[WeighEstimand, ...]] = ("ATT", "ATC", "ATE")

    moments: int = 1

    def __post_init__(self) -> None:
        _check_moments(self.moments)

    def describe(self) -> str:
        """Return the method in words."""
        return f"covariate balancing propensity score on {_powers(self.moments)}"


WeighOptions: TypeAlias = InverseProbability | Overlap | MatchingWeights | Entropy | Cbps

_BY_NAME: dict[str, type[WeighOptions]] = {
    kind.name: kind for kind in (InverseProbability, Overlap, MatchingWeights, Entropy, Cbps)
}


def read_options(method: object) -> WeighOptions:
    """Return the options that `method` names or is."""
    if isinstance(method, WeighOptions):
        return method
    problem = refuse_unknown("method", method, get_args(WeighMethod))
    if problem:
        raise DesignError(problem)
    return _BY_NAME[str(method)]()


def read_estimand(options: WeighOptions, estimand: str) -> WeighEstimand:
    """Return the estimand; ``auto`` is the first that the method offers."""
    if estimand == "auto":
        return options.estimands[0]
    problem = refuse_unknown("estimand", estimand, (*get_args(WeighEstimand), "auto"))
    if problem:
        raise DesignError(problem)
    for allowed in options.estimands:
        if allowed == estimand:
            return allowed
    others = " or ".join(f"'{k.name}'" for k in _BY_NAME.values() if estimand in k.estimands)
    raise DesignError(
        f"method='{options.name}' does not estimate the {estimand}; it offers "
        f"{', '.join(options.estimands)}. For the {estimand} use method={others}."
    )


def _check_moments(moments: int) -> None:
    if moments not in (1, 2, 3, 4):
        raise DesignError(f"moments={moments!r} must be 1, 2, 3 or 4.")


def _powers(moments: int) -> str:
    return "means" if moments == 1 else f"moments 1 to {moments}"
