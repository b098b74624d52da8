"""What is told of the files and of how they were read, as it may be published."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from surveys.files.remarks import Remark

# They count columns, labels or sheets, and not what persons answered.
_OF_THE_FILE = frozenset(
    (
        "columns_ignored",
        "columns_near",
        "label_wording",
        "labels_differ",
        "sheets_unread",
        "catalog",
    )
)
# Their detail is a declaration, or made of names; of others it may hold what persons wrote.
_TELLS = frozenset(("recoded", "no_cpr", "columns_near"))
_NAMES = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class RemarkFacts:
    """A remark on how a file was read; `n` is None where it counts few, or nothing.

    Of columns the first are named, and ``more`` says how many others there are.
    """

    what: str
    columns: tuple[str, ...] = ()
    more: int = 0
    n: int | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFacts:
    """One file as read: ``rows`` that were used, ``kept`` by which columns and levels."""

    table: str
    name: str
    sha256: str
    rows: int
    wave: int | None = None
    kept: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    format: str | None = None
    encoding: str | None = None
    encoding_reason: str | None = None
    sheet: str | None = None
    notes: tuple[str, ...] = ()
    remarks: tuple[RemarkFacts, ...] = ()


def remark_facts(
    remarks: Iterable[Remark], count: Callable[[float], int | None]
) -> tuple[RemarkFacts, ...]:
    """Return remarks with numbers of persons as `count` lets them out."""
    return tuple(
        RemarkFacts(
            what=one.what,
            columns=one.columns[:_NAMES],
            more=len(one.columns[_NAMES:]),
            n=one.count if one.what in _OF_THE_FILE else count(one.count) or None,
            detail=one.detail if one.what in _TELLS else "",
        )
        for one in remarks
        if one.what != "encoding"  # a fact of the file already
    )
