"""Code lists of registers as versioned data: which code means what, and who says so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from data_dictionary.errors import DataError, did_you_mean
from data_dictionary.toml_file import read_toml

_EVIDENCE = ("verified", "disputed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """One code of a register.

    Parameters
    ----------
    code : int
        The code as the register writes it.
    label : str
        Danish name, for reports.
    group : str
        Danish name of the family of benefits that the code belongs to.
    status : str
        Status that a week with this code counts as; a key of `CodeList.statuses`.
    source : str
        Key of `CodeList.sources`.
    evidence : str
        ``"verified"``, or ``"disputed"`` where sources disagree on the code.
    """

    code: int
    label: str
    group: str
    status: str
    source: str
    evidence: str = "verified"


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeList:
    """A register's codes of one vintage, with their sources.

    Parameters
    ----------
    name : str
        Short name, such as ``"dream"``.
    vintage : str
        The period that the list was written for; later codes are unknown to it.
    sources : Mapping of str to str
        Where the codes were found: key to bibliographic text.
    statuses : Mapping of str to str
        Status names in fixed order, each with its Danish label.
    entries : tuple of Code
        The codes, ascending.
    """

    name: str
    vintage: str
    sources: Mapping[str, str]
    statuses: Mapping[str, str]
    entries: tuple[Code, ...]

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
    content = read_toml(path)
    missing = [
        key
        for key in ("name", "vintage", "sources", "statuses", "entries")
        if key not in content
    ]
    if missing:
        raise DataError(f"{path.name}: the code list lacks {', '.join(missing)}.")
    faults: list[str] = []
    entries = [
        code
        for position, entry in enumerate(content["entries"], start=1)
        for code in _expanded(entry, position, content, faults)
    ]
    codes = [entry.code for entry in entries]
    faults += [
        f"code {code} stands {codes.count(code)} times"
        for code in sorted(set(codes))
        if codes.count(code) > 1
    ]
    if faults:
        raise DataError(
            f"{path.name}: {len(faults)} fault(s) in the code list\n  - "
            + "\n  - ".join(faults)
        )
    return CodeList(
        name=content["name"],
        vintage=content["vintage"],
        sources=content["sources"],
        statuses=content["statuses"],
        entries=tuple(sorted(entries, key=lambda entry: entry.code)),
    )


def _expanded(
    entry: Mapping[str, str],
    position: int,
    content: Mapping[str, dict[str, str]],
    faults: list[str],
) -> list[Code]:
    """Return one `Code` per code of an entry such as ``codes = "700, 703-709"``."""
    where = f"entry {position}"
    wanted = ("codes", "label", "group", "status", "source")
    missing = [key for key in wanted if key not in entry]
    if missing:
        faults.append(f"{where} lacks {', '.join(missing)}")
        return []
    evidence = entry.get("evidence", "verified")
    for key, known in (("status", content["statuses"]), ("source", content["sources"])):
        if entry[key] not in known:
            nearest = did_you_mean(entry[key], known)
            faults.append(f"{where}: {key} '{entry[key]}' is not declared.{nearest}")
    if evidence not in _EVIDENCE:
        faults.append(f"{where}: evidence '{evidence}' is not one of {', '.join(_EVIDENCE)}")
    codes: list[int] = []
    for part in entry["codes"].split(","):
        first, _, last = part.strip().partition("-")
        if not first.isdigit() or (last and not last.isdigit()):
            faults.append(f"{where}: codes '{part.strip()}' is neither a code nor a range")
            continue
        codes += range(int(first), int(last or first) + 1)
    return [
        Code(
            code=code,
            label=entry["label"],
            group=entry["group"],
            status=entry["status"],
            source=entry["source"],
            evidence=evidence,
        )
        for code in codes
    ]
