"""Check the values of one section against its keys and collect every mistake."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import pairwise
from typing import Any

from analyses.study.keys import Key, Keys
from data_dictionary.errors import did_you_mean


@dataclass(frozen=True, slots=True)
class Mistakes:
    """A growing list of what is wrong with a study file: where, what, what to do."""

    found: list[str] = field(default_factory=list)

    def add(self, where: str, what: str) -> None:
        """Note one mistake at `where`."""
        self.found.append(f"{where}: {what}")


def _is_integer(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _is_text(value: object) -> bool:
    return isinstance(value, str) and value.strip() != ""


def _is_level(value: object) -> bool:
    return isinstance(value, (bool, int, float)) or _is_text(value)


def _list_of(check: Callable[[object], bool]) -> Callable[[object], bool]:
    return lambda value: isinstance(value, list) and all(check(item) for item in value)


def _table_of(check: Callable[[object], bool]) -> Callable[[object], bool]:
    return lambda value: (
        isinstance(value, dict) and bool(value) and all(map(check, value.values()))
    )


def _is_week_range(value: object) -> bool:
    match value:
        case [int(first), int(last)]:
            return first <= last
    return False


def _is_month_range(value: object) -> bool:
    month = re.compile(r"\d{4}-(0[1-9]|1[0-2])").fullmatch
    match value:
        case [str(first), str(last)]:
            return bool(month(first) and month(last)) and first <= last
    return False


def _is_bands(value: object) -> bool:
    if not (isinstance(value, list) and value and all(map(_is_integer, value))):
        return False
    bands: list[int] = value
    return bands[0] > 0 and all(low < high for low, high in pairwise(bands))


def _is_column_pair(value: object) -> bool:
    match value:
        case [str(), str()]:
            return True
    return False


KINDS: Mapping[str, tuple[Callable[[object], bool], str]] = {
    "text": (_is_text, 'a text in quotes, such as "municipality"'),
    "integer": (_is_integer, "a whole number"),
    "number": (_is_number, "a number"),
    "boolean": (lambda value: isinstance(value, bool), "true or false"),
    "date": (
        lambda value: isinstance(value, date) and not isinstance(value, datetime),
        "a date without quotes, such as 2020-12-31",
    ),
    "level": (_is_level, "a level: true, a number or a text"),
    "texts": (_list_of(_is_text), 'a list of texts, such as ["age", "female"]'),
    "text or texts": (
        lambda value: _is_text(value) or (bool(value) and _list_of(_is_text)(value)),
        'a text, or a list of texts such as ["employment", "education"]',
    ),
    "levels": (_list_of(_is_level), "a list of levels, such as [4, 5]"),
    "bands": (_is_bands, "a list of rising whole numbers above 0, such as [26, 52, 104]"),
    "weeks": (_is_week_range, "two whole numbers in order, such as [-104, -1]"),
    "months": (_is_month_range, 'two months in order, such as ["2017-03", "2018-12"]'),
    "column pair": (
        _is_column_pair,
        'two columns, such as ["resident_from", "resident_until"]',
    ),
    "renaming": (_table_of(_is_text), 'a table, such as { old = "new" }'),
    "selection": (_table_of(_list_of(_is_level)), "a table of lists, such as { treat = [1] }"),
    "column or columns": (
        lambda value: _is_text(value) or _table_of(_is_text)(value),
        'a column, or a table such as { full_time = "censor1" }',
    ),
}


def take(raw: object, keys: Keys, where: str, mistakes: Mistakes) -> dict[str, Any]:
    """Return the value of every key of a section, noting each mistake.

    Parameters
    ----------
    raw : object
        The section as TOML gave it; None where the file has no such section.
    keys : mapping of str to Key
        What the section may hold.
    where : str
        Name of the section in messages.
    mistakes : Mistakes
        Collects what is wrong; the value of a wrong key is its default.

    Returns
    -------
    dict
        One entry per key, lists turned into tuples.
    """
    if raw is None:
        raw = {}
    if not isinstance(raw, dict):
        mistakes.add(where, "is not a table of keys and values")
        raw = {}
    for name in raw:
        if name not in keys:
            known = did_you_mean(name, keys) or f" Allowed keys: {', '.join(keys)}."
            mistakes.add(where, f"'{name}' is not a key of this section.{known}")
    values: dict[str, Any] = {}
    for name, key in keys.items():
        values[name] = key.default
        if name not in raw:
            if key.required:
                mistakes.add(where, f"'{name}' is missing; give {KINDS[key.kind][1]}")
        elif (problem := _problem(raw[name], key)) is not None:
            mistakes.add(where, f"{name} = {show(raw[name])} {problem}")
        else:
            values[name] = frozen(raw[name])
    return values


def _problem(value: Any, key: Key) -> str | None:
    is_right, wording = KINDS[key.kind]
    if not is_right(value):
        return f"is not {wording}"
    if key.allowed and value not in key.allowed:
        allowed = ", ".join(f"'{item}'" for item in key.allowed)
        return f"is not allowed; allowed: {allowed}.{did_you_mean(str(value), key.allowed)}"
    numbers: list[float] = value if isinstance(value, list) else [value]
    if key.minimum is not None and any(number < key.minimum for number in numbers):
        return f"is too small; the least is {key.minimum:g}"
    if key.maximum is not None and any(number > key.maximum for number in numbers):
        return f"is too large; the most is {key.maximum:g}"
    return None


def frozen(value: object) -> object:
    """Return a value of TOML with every list as a tuple."""
    if isinstance(value, list):
        return tuple(value)
    if isinstance(value, dict):
        return {name: frozen(item) for name, item in value.items()}
    return value


def show(value: object) -> str:
    """Return a value as a message shows it."""
    text = str(value).lower() if isinstance(value, bool) else repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
