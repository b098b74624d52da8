"""What a method of comparison declares of itself, and how a call finds the one it names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from numbers import Integral, Real
from types import MappingProxyType
from typing import ClassVar, Literal, TypeVar, get_args, get_origin

import numpy as np

from data_dictionary.errors import DesignError, did_you_mean
from data_dictionary.schema import Key, keys_of

Family = Literal["pairs", "sets", "strata", "weights", "none"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """One way to make the arms alike; what it may be told are the fields of its class.

    A new method is a module with such a class, and a line in `evaluation.comparison.methods`.

    Attributes
    ----------
    name : str
        What calls and study files say.
    estimands : tuple of str
        Whom the effect may be about, the usual one first.
    makes : {"pairs", "sets", "strata", "weights", "none"}
        What makes the arms alike: partners one by one, sets, strata of a score, weights, or
        nothing.
    takes_months : bool
        Whether a person may stand in several rows (months), of which at most one is used.
    takes_exact : bool
        Whether partners agree on the columns of `Roles.exact`.
    """

    name: ClassVar[str]
    estimands: ClassVar[tuple[str, ...]] = ("ATT",)
    makes: ClassVar[Family] = "none"
    takes_months: ClassVar[bool] = False
    takes_exact: ClassVar[bool] = False

    @property
    def family(self) -> Family:
        """What makes the arms alike, as this object's keywords have it."""
        return self.makes

    @property
    def drawn_from(self) -> int | None:
        """Seed of what the method draws; None where nothing is random."""
        return None

    def columns(self) -> dict[str, tuple[str, ...]]:
        """Return the columns beside the roles in which no value may be missing, by keyword."""
        return {}


_Kind = TypeVar("_Kind", bound=Method)


def named(
    method: object,
    kinds: Iterable[type[_Kind]],
    said: Mapping[str, object] = MappingProxyType({}),
    usual: object = None,
) -> tuple[_Kind, list[str]]:
    """Return the method that a name or an object means, told what was said beside it.

    Parameters
    ----------
    method : object
        A name, or an object of one of the kinds.
    kinds : iterable of type
        What may be meant.
    said : mapping of str to object
        Keywords; None was not said.  What is said replaces what the object holds.
    usual : Method
        Has every such keyword at its default, which may be said to any method.

    Returns
    -------
    method : Method
    faults : list of str
        A sentence for each keyword that the method does not use.

    Raises
    ------
    DesignError
        If there is no such method.
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


def value_faults(method: object) -> list[str]:
    """Return what is wrong with each value by itself, measured by its declaration."""
    return [
        fault
        for name, one in keys_of(type(method)).items()
        for value in (getattr(method, one.field),)
        if value is not None or one.default is not None
        for fault in _value_faults(type(method).__name__, name, value, one)
    ]


def _value_faults(owner: str, name: str, value: object, one: Key) -> list[str]:
    if get_origin(one.hint) is Literal:
        return not_offered(name, value, get_args(one.hint))
    if one.form is not None and not one.form.is_right(value):
        return [f"{name}={value!r} must be {one.form.words}."]
    if one.hint is bool and not isinstance(value, bool | np.bool_):
        return [f"{name}={value!r} must be True or False."]
    if one.hint is not int or one.least is None:
        return []
    if is_count(value, int(one.least)) and not (one.most and value > one.most):  # type: ignore[operator]
        return []
    words = f"from {one.least:g} up" if one.most is None else f"{one.least:g} to {one.most:g}"
    none = ", or None" if one.default is None and not one.required else ""
    return [f"{owner}({name}={value!r}) must be a whole number {words}{none}."]


def not_offered(keyword: str, value: object, allowed: tuple[str, ...]) -> list[str]:
    """Return a message if `value` is not among `allowed`."""
    if isinstance(value, str) and value in allowed:
        return []
    values = ", ".join(f"'{name}'" for name in allowed)
    nearest = did_you_mean(str(value), allowed)
    return [f"{keyword}={value!r} is not offered; allowed: {values}.{nearest}"]


def caliper_faults(caliper: object) -> list[str]:
    """Return what is wrong with the width of a caliper."""
    if caliper is None or (is_number(caliper) and float(caliper) > 0):  # type: ignore[arg-type]
        return []
    return [
        f"caliper={caliper!r} must be a number above 0 (standard deviations of the distance), "
        "or None for no caliper."
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
