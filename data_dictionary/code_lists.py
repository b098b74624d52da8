"""Code lists of registers as versioned data: which code means what, and who says so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Literal

from data_dictionary.errors import DataError, did_you_mean
from data_dictionary.mistakes import Mistakes
from data_dictionary.schema import key, named, read, tables
from data_dictionary.toml_file import read_toml


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """One code of a register, with Danish names and the status of a week that has it.

    `evidence` is ``"verified"``, or ``"disputed"`` where sources disagree on the code.
    """

    code: int
    label: str
    group: str
    status: str
    source: str
    evidence: str = "verified"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """``[[entries]]``: codes that mean the same."""

    codes: str = key('The codes, such as `"700, 703-709"`.')
    label: str = key("Danish name, for reports.")
    group: str = key("Danish name of the family of benefits that the codes belong to.")
    status: str = key("Status that a week with this code counts as.", names="status")
    source: str = key("Where the codes were found.", names="source")
    evidence: Literal["verified", "disputed"] = key(
        "`disputed` where sources disagree on the codes.", "verified"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeList:
    """A register's codes of one vintage, with their sources; `entries` are ascending."""

    name: str = key('Short name, such as `"dream"`.')
    vintage: str = key(
        "The period that the list was written for; later codes are unknown to it."
    )
    sources: Mapping[str, str] = key("Where the codes were found: key to bibliographic text.")
    statuses: Mapping[str, str] = key(
        "Status names in fixed order, each with its Danish label."
    )
    entries: tuple[Code, ...] = ()

    def status_of(self) -> dict[int, str]:
        """Return the status of each code."""
        return {entry.code: entry.status for entry in self.entries}


def load_code_list(source: Path | Traversable | str) -> CodeList:
    """Load a code list from a TOML file, or a shipped one by its edition.

    Parameters
    ----------
    source : Path or str
        A TOML file, or the name of a shipped edition that has ``dream_codes.toml``.

    Returns
    -------
    CodeList
        Ranges such as ``"130-139"`` are expanded to one `Code` each.

    Raises
    ------
    DataError
        If the file cannot be read, a code stands twice, or an entry names an unknown
        status, source or kind of evidence; every fault at once.

    Examples
    --------
    >>> load_code_list("enplan").status_of()[783]
    'early_retirement'
    """
    path: Path | Traversable
    if isinstance(source, str):
        path = files("data_dictionary") / "editions" / source / "dream_codes.toml"
    else:
        path = source
    content = read_toml(path, "the code list")
    mistakes = Mistakes()
    listed = read(CodeList, content, "code list", mistakes, beside=["entries"])
    if not content.get("entries"):
        mistakes.add("code list", "'entries' is missing; give at least one [[entries]]")
    entries = [
        code
        for position, raw in enumerate(
            tables(content.get("entries"), "[[entries]]", mistakes), start=1
        )
        for code in _expanded(raw, f"entry {position}", listed, mistakes)
    ]
    # A code in two ranges would get whichever status stands last.
    codes = Counter(entry.code for entry in entries)
    for code in sorted(code for code, count in codes.items() if count > 1):
        mistakes.found.append(f"code {code} stands {codes[code]} times")
    if mistakes.found:
        raise DataError(
            f"{path.name}: {len(mistakes.found)} fault(s) in the code list\n{mistakes.listed()}"
        )
    return replace(listed, entries=tuple(sorted(entries, key=lambda entry: entry.code)))


def _expanded(raw: object, where: str, listed: CodeList, mistakes: Mistakes) -> list[Code]:
    """Return one `Code` per code of an entry such as ``codes = "700, 703-709"``."""
    entry = read(Entry, raw, where, mistakes)
    known = {"status": listed.statuses or {}, "source": listed.sources or {}}
    for name, what, text in named(entry):
        if text not in known[what]:
            hint = did_you_mean(text, known[what])
            mistakes.add(where, f"{name} '{text}' is not declared.{hint}")
    codes: list[int] = []
    for part in (entry.codes or "").split(",") if entry.codes else ():
        first, _, last = part.strip().partition("-")
        if not first.isdigit() or (last and not last.isdigit()):
            mistakes.add(where, f"codes '{part.strip()}' is neither a code nor a range")
            continue
        codes += range(int(first), int(last or first) + 1)
    return [
        Code(
            code=code,
            label=entry.label,
            group=entry.group,
            status=entry.status,
            source=entry.source,
            evidence=entry.evidence,
        )
        for code in codes
    ]
