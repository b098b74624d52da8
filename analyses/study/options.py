"""A method's own options in a study file, checked against the fields of its frozen object."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import MISSING, Field, fields
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from analyses.study.comparison_keys import LEARNERS, OPTIONS, SHARED
from analyses.study.values import Mistakes, frozen, show
from data_dictionary.errors import DesignError, did_you_mean
from evaluation.comparison.method import Method
from evaluation.comparison.weighting.learners import Learner

_PLAIN = {
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    str: "a text",
}


def read_options(
    method: str, raw: object, where: str, seed: int, mistakes: Mistakes
) -> Method | None:
    """Return the options object of a method, noting each mistake.

    Parameters
    ----------
    method : str
        A key of `OPTIONS`; any other method has no options.
    raw : object
        The table as TOML gave it; None where there is none.
    where : str
        Name of the table in messages.
    seed : int
        The study's, for learners that draw.
    mistakes : Mistakes
        Collects what is wrong; None is returned then.
    """
    kind = OPTIONS.get(method)
    if raw is None:
        return None if kind is None else kind()
    if not isinstance(raw, dict):
        mistakes.add(where, "is not a table of keys and values")
        return None
    hints = option_hints(method)
    before = len(mistakes.found)
    for name, value in raw.items():
        if name not in hints:
            known = did_you_mean(name, hints) or f" Options: {', '.join(hints) or 'none'}."
            mistakes.add(where, f"'{name}' is no option of method='{method}'.{known}")
        elif not _fits(value, hints[name]):
            mistakes.add(where, f"{name} = {show(value)} is not {wording(hints[name])}")
    if kind is None or len(mistakes.found) > before:
        return None
    given: dict[str, Any] = {name: frozen(value) for name, value in raw.items()}
    if "learner" in given:
        given["learner"] = _learner(str(given["learner"]), seed)
    try:
        return kind(**given)
    except DesignError as error:
        mistakes.add(where, str(error))
        return None


def option_hints(method: str) -> dict[str, Any]:
    """Return the type of every option of a method."""
    kind = OPTIONS.get(method)
    if kind is None:
        return {}
    hints = get_type_hints(kind)
    return {one.name: _hint(one, hints) for one in fields(kind) if one.name not in SHARED}


def wording(hint: Any) -> str:
    """Return in words what a value of a type is.

    Examples
    --------
    >>> wording(int | None), wording(Mapping[str, float]), wording(tuple[str, ...])
    ('a whole number', 'a table, each a number', 'a list, each a text')
    """
    origin, inside = get_origin(hint), get_args(hint)
    if origin is Literal:
        return " or ".join(f"`{one}`" for one in inside)
    if origin in (Union, UnionType):
        return " or ".join(wording(one) for one in inside if one is not NoneType)
    if origin is Mapping:
        return f"a table, each {wording(inside[1])}"
    if origin in (tuple, Sequence):
        return f"a list, each {wording(inside[0])}"
    return _PLAIN.get(hint, "a level")


def default_of(field: Field[Any]) -> object:
    """Return the value that an option has when it is left out; a learner's name."""
    if field.name == "learner":
        return next(iter(LEARNERS))
    return field.default if field.default_factory is MISSING else field.default_factory()


def _hint(field: Field[Any], hints: Mapping[str, Any]) -> Any:
    return Literal[tuple(LEARNERS)] if field.name == "learner" else hints[field.name]


def _fits(value: object, hint: Any) -> bool:
    """Return whether a value of TOML can be what a type asks for."""
    origin, inside = get_origin(hint), get_args(hint)
    if origin is Literal:
        return value in inside
    if origin in (Union, UnionType):
        return any(_fits(value, one) for one in inside)
    if origin is Mapping:
        return isinstance(value, dict) and all(_fits(one, inside[1]) for one in value.values())
    if origin in (tuple, Sequence):
        return isinstance(value, list) and all(_fits(item, inside[0]) for item in value)
    if isinstance(value, bool):
        return hint in (bool, Any)
    return hint is Any or isinstance(value, (int, float) if hint is float else hint)


def _learner(name: str, seed: int) -> Learner:
    """Return the learner of that name; those that draw take the study's seed."""
    kind: type[Any] = LEARNERS[name]
    made: Learner = kind(seed=seed) if "seed" in {one.name for one in fields(kind)} else kind()
    return made
