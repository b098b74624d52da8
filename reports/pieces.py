"""The named pieces of a report: sentences, figures and tables, declared where they are made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Literal, TypeVar, get_args

from data_dictionary.errors import RenderError, did_you_mean
from reports.facts import Report, Sheet
from reports.origins import traced

Kind = Literal["sentence", "figure", "table"]
Members = Mapping[str, tuple[object, ...]]
Maker = TypeVar("Maker", bound=Callable[..., str])
KINDS: tuple[Kind, ...] = get_args(Kind)


@dataclass(frozen=True, slots=True)
class Of:
    """What a piece may be asked for one by one: each outcome of some kind, or each survey.

    `members` returns them by name, each as what its maker takes after the report.
    """

    keyword: Literal["outcome", "survey"]
    members: Callable[[Any], Members]


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One piece: what makes its Markdown, and of what."""

    make: Callable[..., str]
    of: Of | None
    compares: bool


_PIECES: dict[tuple[Kind, str], Piece] = {}


def piece(kind: Kind, name: str, of: Of | None = None) -> Callable[[Maker], Maker]:
    """Declare what makes a piece; only a study that compares has those that take a Report."""

    def declare(make: Maker) -> Maker:
        assert (kind, name) not in _PIECES, name  # noqa: S101  (two pieces of one name)
        compares = make.__annotations__["report"] == Report.__name__
        _PIECES[kind, name] = Piece(make=make, of=of, compares=compares)
        return make

    return declare


def names(kind: Kind, report: Sheet) -> list[str]:
    """Return the pieces of a kind that a study of this design may have."""
    import_module("reports.chapters")  # declares them
    compares = isinstance(report, Report)
    return [
        n for (k, n), one in _PIECES.items() if k == kind and (compares or not one.compares)
    ]


def made(report: Sheet, kind: Kind, name: str, outcome: str = "", survey: str = "") -> str:
    """Return the Markdown of a piece, empty where the study has nothing to show."""
    one, members = asked_for(report, kind, name, outcome, survey)
    markdown = one.make(report, *members)
    return markdown if kind == "sentence" else traced(markdown, report, kind, name, outcome)


def asked_for(
    report: Sheet, kind: Kind, name: str, outcome: str = "", survey: str = ""
) -> tuple[Piece, tuple[object, ...]]:
    """Return a piece, and what it is asked for beside the report.

    Raises
    ------
    RenderError
        If there is no such piece, or it is of something else.
    """
    if name not in (known := names(kind, report)):
        raise RenderError(f"there is no {kind} '{name}'.{did_you_mean(name, known)}")
    one, asked = _PIECES[kind, name], {"outcome": outcome, "survey": survey}
    given = [keyword for keyword, value in asked.items() if value]
    wanted = [one.of.keyword] if one.of else []
    if given != wanted:
        needs = f"takes {wanted[0]}=" if wanted else "is of the whole study"
        raise RenderError(f"{kind} '{name}' {needs}.")
    if one.of is None:
        return one, ()
    of, members = asked[one.of.keyword], one.of.members(report)
    if of not in members:
        hint = did_you_mean(of, members) or f" It has: {', '.join(members) or 'none'}."
        raise RenderError(f"{kind} '{name}' has no {one.of.keyword} '{of}'.{hint}")
    return one, members[of]
