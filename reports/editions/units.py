"""What has an edition of its own, and what its files are called."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, get_args

from data_dictionary.errors import DataError, did_you_mean
from reports.facts import Report, Sheet
from reports.rows import Municipalities, Sites
from reports.user_text import plain
from reports.words.danish import alphabetical, upper_first

Each = Literal["municipality", "cluster", "outcome"]
EACH: tuple[Each, ...] = get_args(Each)
INDEX_NAME = "index"

_DANISH = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa", "ß": "ss", "ð": "d", "þ": "th"})
_RESERVED = frozenset(
    {INDEX_NAME, "con", "prn", "aux", "nul"}
    | {f"{port}{number}" for port in ("com", "lpt") for number in range(1, 10)}
)
_LONGEST = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """One edition.

    Attributes
    ----------
    each : str
        Of what it is one.
    code : str
        The place's or the outcome's name in the results.
    label : str
        What it is called in the edition.
    name : str
        The name of its files, without an ending.
    """

    each: Each
    code: str
    label: str
    name: str


def units(report: Sheet, each: str) -> tuple[Unit, ...]:
    """Return every edition in the order of its label; outcomes in that of the study file.

    Raises
    ------
    DataError
        If there is nothing of that kind to have editions of.
    """
    if each not in EACH:
        raise DataError(
            f"'{each}' has no editions.{did_you_mean(each, EACH)} Each of: {', '.join(EACH)}."
        )
    if not isinstance(report, Report):
        raise DataError("a study of one group has no places or outcomes with editions.")
    kind: Each = next(one for one in EACH if one == each)
    if kind == "outcome":
        known = [
            (one.name, upper_first(report.name_of(one.name))) for one in report.facts.outcomes
        ]
    else:
        known = _places(report, kind)
    names = file_names(label for _, label in known)
    return tuple(
        Unit(each=kind, code=code, label=label, name=name)
        for (code, label), name in zip(known, names, strict=True)
    )


def _places(report: Report, each: Each) -> list[tuple[str, str]]:
    """Return the places of the treated, by label."""
    column = report.facts.cluster
    if column is None:
        raise DataError("the study names no clusters, so that no place has an edition.")
    if each == "municipality" and report.place.one != "kommune":
        raise DataError(
            f"the clusters of this study ('{column}') are not called Kommune; ask for each "
            "cluster."
        )
    codes = {row.cluster for row in report.rows(Sites)}
    codes |= {row.cluster for row in report.rows(Municipalities) if row.arm == "treated"}
    if not codes:
        raise DataError("the results tell of no single place, so that none has an edition.")
    named = ((one, report.label(column, one)) for one in sorted(codes))
    return sorted(named, key=lambda pair: alphabetical(plain(pair[1])))


def file_names(labels: Iterable[str]) -> list[str]:
    """Return a name of a file for each label, safe on every system and no two alike.

    Examples
    --------
    >>> file_names(["Ærø", "Høje-Taastrup", "a/b", "A b", "...", "index"])
    ['aeroe', 'hoeje-taastrup', 'a-b', 'a-b-2', 'udgave', 'udgave-index']
    """
    taken: set[str] = set()
    return [_free(_safe(label), taken) for label in labels]


def _safe(label: str) -> str:
    text = unicodedata.normalize("NFC", plain(label)).lower().translate(_DANISH)
    text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    name = re.sub("[^a-z0-9]+", "-", text).strip("-")[:_LONGEST].strip("-") or "udgave"
    return f"udgave-{name}" if name in _RESERVED else name


def _free(name: str, taken: set[str]) -> str:
    found, number = name, 2
    while found in taken:
        found, number = f"{name}-{number}", number + 1
    taken.add(found)
    return found
