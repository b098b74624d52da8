"""What a value of a type is called, in messages and on the reference page."""

from __future__ import annotations

import types
from collections.abc import Mapping, Sequence
from dataclasses import is_dataclass
from datetime import date
from typing import Any, Literal, TypeAlias, Union, get_args, get_origin

Level: TypeAlias = bool | int | float | str

_ONE: Mapping[object, str] = {
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    str: 'a text in quotes, such as "municipality"',
    date: "a date without quotes, such as 2020-12-31",
}
_MANY: Mapping[object, str] = {
    Level: "levels, such as [4, 5]",
    int: "whole numbers, such as [26, 52, 104]",
    float: "numbers, such as [0.5, 1]",
    str: 'texts, such as ["age", "female"]',
}
_LEVEL = frozenset(get_args(Level))


def wording(hint: Any) -> str:
    """Return in words what a value of a type is.

    Examples
    --------
    >>> wording(int | None), wording(Mapping[str, float]), wording(Level)
    ('a whole number', 'a table, each a number', 'a level: true, a number or a text')
    >>> wording(tuple[str, ...]), wording(tuple[str, str])
    ('a list of texts, such as ["age", "female"]', '2 texts')
    """
    origin, inside = get_origin(hint), get_args(hint)
    if origin is Literal:
        return " or ".join(f"'{one}'" for one in inside)
    if origin in (Union, types.UnionType):
        if frozenset(inside) >= _LEVEL:
            return "a level: true, a number or a text"
        return " or ".join(wording(one) for one in inside if one is not types.NoneType)
    if origin is Mapping:
        return f"a table, each {wording(inside[1])}"
    if origin in (tuple, Sequence):
        many = _MANY.get(inside[0], "values")
        is_fixed = origin is tuple and inside[-1] is not Ellipsis
        return f"{len(inside)} {many.partition(',')[0]}" if is_fixed else f"a list of {many}"
    return _ONE.get(hint, "a table" if is_dataclass(hint) else "a value")
