"""What a method of comparison declares of itself, and how a call finds the one it names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from numbers import Integral, Real
from types import MappingProxyType
from typing import Any, ClassVar, Literal, Self, TypeVar, get_args, get_origin

import numpy as np

from data_dictionary.errors import DesignError, did_you_mean
from data_dictionary.schema import Form, Key, keys_of
from evaluation.arguments import name_faults, shown
from evaluation.roles import Roles

Family = Literal["pairs", "sets", "strata", "weights", "none"]
SCORES = ("ps", "logit")
MODEL = ("learner", "formula")  # what the propensity is made by and of
SPREADS = ("mahalanobis", "robust_mahalanobis")
WORDS = {
    "ps": "the propensity",
    "logit": "the logit of the propensity",
    "mahalanobis": "the Mahalanobis distance",
    "robust_mahalanobis": "the robust Mahalanobis distance",
}
# What other programs call what is offered here, or what comes nearest to it.
_ELSEWHERE = {
    "ipw": "glm iptw ps",
    "entropy": "ebal",
    "overlap": "ato",
    "nearest": "nn psm genetic",
    "optimal": "cardinality pair",
    "full": "quick",
    "subclass": "stratification",
    "ps": "propensity",
    "logit": "glm linear.logit",
    "mahalanobis": "euclidean scaled_euclidean",
}
_NONE: Mapping[str, Any] = MappingProxyType({})
_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """One way to make the arms alike; what it may be told are the fields of its class.

    A new method is a module with such a class, and a line in `evaluation.comparison.methods`.
    """

    name: ClassVar[str]  # what calls and study files say
    estimands: ClassVar[tuple[str, ...]] = ("ATT",)  # whom the effect may be about, usual first
    makes: ClassVar[Family] = "none"  # partners, sets, strata of a score, weights, nothing
    takes_months: ClassVar[bool] = False  # of a person's several rows at most one is used
    takes_exact: ClassVar[bool] = False  # partners agree on the columns of `Roles.exact`

    @property
    def family(self) -> Family:
        """What makes the arms alike; sets that are thinned to pairs are pairs."""
        return "pairs" if self.told("k2k", False) else self.makes

    @property
    def has_spread(self) -> bool:
        """Whether rows are compared in several dimensions and no score is made."""
        return self.told("distance", "") in SPREADS

    def told(self, keyword: str, otherwise: _Value) -> _Value:
        """Return what a keyword says, `otherwise` where the method does not use it."""
        value: _Value = getattr(self, keyword, otherwise)
        return value

    def columns(self) -> dict[str, tuple[str, ...]]:
        """Return the columns beside the roles in which no value may be missing, by keyword."""
        distance = self.told("distance", "logit")
        return {
            "distance": () if distance in (*SCORES, *SPREADS) else (distance,),
            "mahalanobis": self.told("mahalanobis", ()),
            "caliper": (*self.told("calipers", _NONE), *self.told("calipers_sd", _NONE)),
            "anti_exact": self.told("anti_exact", ()),
        }

    def settled(self, estimand: str) -> Self:
        """Return the method with what an estimand makes of a keyword that was left out."""
        del estimand
        return self

    def faults(self) -> list[str]:
        """Return what is wrong with the keywords, whatever the data."""
        return value_faults(self)

    def kind(self) -> str:
        """Return what the method does, in words."""
        return self.name

    def describe(self, roles: Roles | None = None) -> str:
        """Return the design in words, for tables and notes."""
        words = [self.kind(), *(["with replacement"] if self.told("replace", False) else [])]
        is_raw = self.has_spread or self.told("caliper_unit", "sd") == "raw"
        caliper: float | None = getattr(self, "caliper", None)
        if caliper is not None:
            words.append(f"caliper {caliper:g}{'' if is_raw else ' SD'}")
        for keyword, unit in (("calipers", ""), ("calipers_sd", " SD")):
            widths = self.told(keyword, _NONE).items()
            words += [f"{name} within {most:g}{unit}" for name, most in widths]
        discard, formula = self.told("discard", "none"), self.told("formula", "")
        parts: list[tuple[str, Iterable[str]]] = [
            ("apart on {}", self.told("anti_exact", ())),
            ("{} outside the common support left out", {discard} - {"none"}),
            ("exact on {}", () if roles is None else roles.exact),
            ("without certain {}", self.told("exclude", _NONE)),
            ("terms {}", [formula] if formula and self.makes == "weights" else ()),
        ]
        return ", ".join(words + [what.format(", ".join(of)) for what, of in parts if of])

    def measure_words(self) -> str:
        """Return what rows are compared on, in words."""
        distance, columns = self.told("distance", ""), self.columns()["mahalanobis"]
        within = f"the Mahalanobis distance of {', '.join(columns)} within " if columns else ""
        return within + WORDS.get(distance, f"'{distance}'") + self.model_words()

    def model_words(self) -> str:
        """Return what the propensity is made of, where that is not the usual logit."""
        learner: Any = getattr(self, "learner", None)
        formula: str | None = getattr(self, "formula", None)
        told = [] if learner is None or learner.name == "logistic" else [learner.describe()]
        told += [] if formula is None else [formula.strip()]
        return f" ({', '.join(told)})" if told else ""


_Kind = TypeVar("_Kind", bound=Method)


def named(
    method: object,
    kinds: Iterable[type[_Kind]],
    said: Mapping[str, object] = _NONE,
    usual: object = None,
) -> tuple[_Kind, list[str]]:
    """Return the method that a name or an object means, told what was said beside it.

    What is `said` replaces what the object holds; None was not said.  `usual` has every such
    keyword at its default, which may be said to any method.  Beside the method stand sentences
    on the keywords that it does not use.
    """
    by_name = {kind.name: kind for kind in kinds}
    made = next((method for kind in by_name.values() if isinstance(method, kind)), None)
    if made is None:
        if faults := not_offered("method", method, tuple(by_name)):
            raise DesignError(faults[0])
        made = by_name[str(method)]()
    own = {one.name for one in fields(made)}
    told = {keyword: value for keyword, value in said.items() if value is not None}
    unused = [
        f"{keyword}={value!r} is not used by method='{made.name}'; leave it out."
        for keyword, value in told.items()
        if keyword not in own and not _is_same(value, getattr(usual, keyword))
    ]
    return replace(made, **{name: told[name] for name in told if name in own}), unused


def _is_same(value: object, default: object) -> bool:
    return value is default or (type(value) is type(default) and value == default)


def value_faults(method: object, *, of_columns: bool = False) -> list[str]:
    """Return what is wrong with each value by itself, measured by its declaration.

    Keywords `of_columns` are not looked into before they are what they must be.
    """
    return [
        fault
        for name, one in keys_of(type(method)).items()
        for value in (getattr(method, one.field),)
        if value is not None or one.default is not None
        if not of_columns or get_origin(one.hint) in (Mapping, tuple)
        for fault in _value_faults(type(method).__name__, name, value, one)
    ]


def _value_faults(owner: str, name: str, value: object, one: Key) -> list[str]:
    if get_origin(one.hint) is Literal:
        return not_offered(name, value, get_args(one.hint))
    if get_origin(one.hint) in (Mapping, tuple):
        is_names = get_origin(one.hint) is tuple
        return name_faults(value, name) if is_names else _mapping_faults(name, value, one.hint)
    if one.form is not None and not one.form.is_right(value):
        return [f"{name}={value!r} must be {one.form.words}."]
    if one.hint is bool and not isinstance(value, bool | np.bool_):
        return [f"{name}={value!r} must be True or False."]
    if one.hint is not int or one.least is None or is_count(value, int(one.least)):
        return []
    none = ", or None" if one.default is None and not one.required else ""
    return [f"{owner}({name}={value!r}) must be a whole number from {one.least:g} up{none}."]


def _mapping_faults(name: str, value: object, hint: object) -> list[str]:
    """Return what is wrong with a keyword that says something of each of some columns."""
    if not isinstance(value, Mapping):
        return [f"{name}={shown(value)} must be a mapping by column, such as {{'age': ...}}."]
    if get_origin(get_args(hint)[1]) is not Sequence:
        return []
    return [
        f"{name}: '{column}' has {shown(own)}; write a list, such as [{shown(own)}]."
        for column, own in value.items()
        if isinstance(own, str | Mapping) or not isinstance(own, Iterable)
    ]


def may_mean(name: str, allowed: Iterable[str]) -> str:
    """Return a hint at what a name that is not offered may mean, or an empty text."""
    known = list(allowed)
    near = [one for one in known if name.lower() in _ELSEWHERE.get(one, "").split()]
    return f" You may mean '{near[0]}'." if near else did_you_mean(name, known)


def not_offered(keyword: str, value: object, allowed: tuple[str, ...]) -> list[str]:
    """Return a message if `value` is not among `allowed`."""
    if isinstance(value, str) and value in allowed:
        return []
    values = ", ".join(f"'{name}'" for name in allowed)
    nearest = may_mean(str(value), allowed)
    return [f"{keyword}={value!r} is not offered; allowed: {values}.{nearest}"]


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


FORMULA = (
    "Terms of the propensity, such as `~ bs(age, 4) + educ*race`; of covariates alone, `.` "
    "for all of them. Left out, each covariate as it is."
)
IS_FORMULA = Form("text, such as '~ bs(age, 4) + educ*race'", lambda it: isinstance(it, str))
PARTNERS = Form("a whole number from 1 up (partners per treated)", is_count)
WIDTH = Form(
    "a number above 0 (standard deviations of the distance), or None for no caliper",
    lambda width: is_number(width) and width > 0,
)
