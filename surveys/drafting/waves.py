"""Which files are waves of one table: by their names and by the columns that they share."""

from __future__ import annotations

import re
from collections.abc import Sequence

from surveys.files.source import Source

_WAVE = re.compile(
    r"[ _.-]*(?<![a-zæøå])(?:wave|w|bølge|boelge|runde|måling|maaling|t)[ _.-]?(\d{1,2})(?!\d)"
    r"|[ _.-]*((?:19|20)\d\d)(?!\d)|[ _.-]+(\d)$",
    re.IGNORECASE,
)
_ASCII = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa"})
_TAKEN = ("scales", "shared")
# So many columns, and more than half of the smaller file's, make two files one table.
_SHARED, _ALIKE = 3, 0.5


def tables_of(sources: Sequence[Source]) -> dict[str, list[tuple[int, Source]]]:
    """Return the files by table, each with the number of its wave, in that order."""
    groups: list[list[Source]] = []
    for source in sources:
        like = next((group for group in groups if _is_wave_of(source, group[0])), None)
        if like is None:
            groups.append([source])
        else:
            like.append(source)
    found: dict[str, list[tuple[int, Source]]] = {}
    for group in groups:
        name = _name(_stem(group[0]))
        while name in found or name in _TAKEN or name.endswith("_codes"):
            name = f"{name}_table"
        found[name] = _numbered(group)
    return found


def _is_wave_of(source: Source, first: Source) -> bool:
    names, others = ({str(n).lower() for n in one.frame.columns} for one in (source, first))
    shared = len(names & others)
    is_alike = shared >= _SHARED and shared > _ALIKE * min(len(names), len(others))
    has_wave = bool(_WAVE.search(_stem(source)) and _WAVE.search(_stem(first)))
    return is_alike or (has_wave and shared > 0 and _name(_stem(source)) == _name(_stem(first)))


def _numbered(group: list[Source]) -> list[tuple[int, Source]]:
    """Return files with their waves: as all their names say, else 1, 2, 3."""
    marks = [_WAVE.search(_stem(source)) for source in group]
    numbers = [int(next(filter(None, mark.groups()))) for mark in marks if mark]
    if len(set(numbers)) == len(group):
        ordered = sorted(zip(numbers, group, strict=True), key=lambda pair: pair[0])
        # Years are no numbers of waves, but tell their order.
        is_year = ordered[-1][0] > len(group) * 100
        return list(enumerate((one for _, one in ordered), start=1)) if is_year else ordered
    return list(enumerate(group, start=1))


def _stem(source: Source) -> str:
    return source.provenance.name.rpartition(".")[0] or source.provenance.name


def _name(stem: str) -> str:
    """Return the name of a table: that of the file without its wave, in plain letters."""
    bare = _WAVE.sub("", stem).lower().translate(_ASCII)
    return re.sub(r"[^a-z0-9]+", "_", bare).strip("_") or "data"
