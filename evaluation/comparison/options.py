"""What `match` may be asked for; anything else is refused with the allowed values."""

from __future__ import annotations

from dataclasses import dataclass
from numbers import Integral, Real
from typing import Literal, get_args

import numpy as np

from data_dictionary.errors import DesignError, did_you_mean
from evaluation.comparison.distance import Distance
from evaluation.roles import Roles

Method = Literal["nearest"]
Estimand = Literal["ATT"]
Order = Literal["largest", "data"]

_SCALE_WORDS = {"ps": "propensity", "logit": "logit of the propensity"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Nearest:
    """Options of nearest-neighbour matching, as `evaluation.match` documents them."""

    distance: Distance
    estimand: Estimand
    ratio: int
    replace: bool
    caliper: float | None
    order: Order
    seed: int | None

    def check(self) -> None:
        """Raise `DesignError` naming every option that is not allowed, with what is."""
        problems = [
            refuse_unknown("distance", self.distance, get_args(Distance)),
            refuse_unknown("estimand", self.estimand, get_args(Estimand)),
            refuse_unknown("order", self.order, get_args(Order)),
            self._ratio_problem(),
            self._caliper_problem(),
        ]
        if not isinstance(self.replace, bool | np.bool_):
            problems.append(f"replace={self.replace!r} must be True or False.")
        if self.seed is not None:
            problems.append(
                f"seed={self.seed!r} is not used by order='{self.order}', which is not random; "
                "leave it out."
            )
        told = [problem for problem in problems if problem]
        if told:
            raise DesignError("\n".join(told))

    def describe(self, roles: Roles) -> str:
        """Return the design in words, for tables and notes."""
        words = [f"nearest 1:{self.ratio} on the {_SCALE_WORDS[self.distance]}"]
        words += ["with replacement"] if self.replace else []
        words += [f"caliper {self.caliper:g} SD"] if self.caliper is not None else []
        words += [f"exact on {', '.join(roles.exact)}"] if roles.exact else []
        return ", ".join(words)

    def _ratio_problem(self) -> str:
        is_count = isinstance(self.ratio, Integral) and not isinstance(self.ratio, bool)
        if is_count and self.ratio >= 1:
            return ""
        return f"ratio={self.ratio!r} must be a whole number from 1 up (partners per treated)."

    def _caliper_problem(self) -> str:
        if self.caliper is None:
            return ""
        is_number = isinstance(self.caliper, Real) and not isinstance(self.caliper, bool)
        if is_number and np.isfinite(self.caliper) and self.caliper > 0:
            return ""
        return (
            f"caliper={self.caliper!r} must be a number above 0 (standard deviations of the "
            "distance), or None for no caliper."
        )


def refuse_unknown(option: str, value: object, allowed: tuple[str, ...]) -> str:
    """Return a message if `value` is not among `allowed`, else an empty string."""
    if value in allowed:
        return ""
    values = ", ".join(f"'{name}'" for name in allowed)
    nearest = did_you_mean(str(value), allowed)
    return f"{option}={value!r} is not offered; allowed: {values}.{nearest}"
