"""All methods of comparison: the one list from which calls and study files take them."""

from __future__ import annotations

from textwrap import fill, indent
from typing import TypeVar

from data_dictionary.schema import keys_of
from evaluation.comparison.matching.agreement import Cem, Exact
from evaluation.comparison.matching.nearest import Nearest
from evaluation.comparison.matching.optimal import Full, Optimal
from evaluation.comparison.matching.subclass import Subclass
from evaluation.comparison.method import Method
from evaluation.comparison.risk_sets.method import RiskSets
from evaluation.comparison.unmatched import Unmatched
from evaluation.comparison.weighting.balancing import Cbps, Entropy
from evaluation.comparison.weighting.learners import LEARNERS, Learner
from evaluation.comparison.weighting.propensity_weights import (
    InverseProbability,
    MatchingWeights,
    Overlap,
)

TAB = "    "
_Sort = TypeVar("_Sort", bound=Method)

METHODS: tuple[type[Method], ...] = (
    Nearest,
    Optimal,
    Full,
    Exact,
    Cem,
    Subclass,
    InverseProbability,
    Overlap,
    MatchingWeights,
    Entropy,
    Cbps,
    RiskSets,
    Unmatched,
)


def _explained(kind: type[Method] | type[Learner]) -> str:
    """Return the docstring with what each keyword means, which is said once, in its field."""
    told = "\n\nParameters\n----------"
    keys = keys_of(kind)
    for name, key in keys.items():
        told += f"\n{name}\n{fill(key.meaning, 84, initial_indent=TAB, subsequent_indent=TAB)}"
    return f"{(kind.__doc__ or '').rstrip()}{indent(told, TAB) if keys else ''}\n"


_EXPLAINED: tuple[type[Method] | type[Learner], ...] = (*METHODS, *LEARNERS)
for _kind in _EXPLAINED:
    _kind.__doc__ = _explained(_kind)


def of(kind: type[_Sort]) -> tuple[type[_Sort], ...]:
    """Return the methods of one kind, such as those of `evaluation.match`."""
    return tuple(one for one in METHODS if issubclass(one, kind))
