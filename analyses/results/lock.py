"""A plan that is locked before outcomes are opened, and what was changed since.

A lock is a file beside the study file. Only what decides how findings are made is locked: files
may come later, and words of the report may be mended.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Literal, TypeAlias

from analyses.results.ownership import is_sealed, own_version, parsed, sealed, sha256_of
from analyses.study.read import SHIPPED, study_file
from analyses.study.sections import Study
from data_dictionary.errors import DataError, DesignError
from data_dictionary.toml_file import read_toml

LOCK_FILE = "plan.lock"
Standing: TypeAlias = Literal["unlocked", "as_locked", "changed", "added"]
"""What an outcome is in a locked plan: confirmatory only where it is as it was locked."""

# What decides how findings are made; lists of tables are told apart by their names.
_SECTIONS = (
    *("statuses", "cohort", "derive", "comparison", "design", "outcome", "contrast", "path"),
    *("shares", "inference", "sensitivity"),
)
_ABOUT = ("design", "seed")
_HEADER = re.compile(r"\s*\[")
_OUTCOME = re.compile(r"\s*\[\[\s*outcome\s*\]\]")
_WITHIN = re.compile(r"\s*\[\s*outcome\s*\.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Deviation:
    """One key of the plan that is not as it was locked; None where there was or is none."""

    where: str
    locked: str | None
    now: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LockFacts:
    """When a plan was locked and by whom, the lock's hash, and what was changed since."""

    when: str
    by: str
    sha256: str
    deviations: tuple[Deviation, ...] = ()

    def standing(self, outcome: str) -> Standing:
        """Return what an outcome is in this plan."""
        own = f"outcome.{outcome}"
        touched = [one for one in self.deviations if one.where.startswith(f"{own}.")]
        if any(one.where == f"{own}.name" for one in touched):
            return "added"
        return "changed" if touched else "as_locked"


def lock(study: str | Path, *, by: str) -> Path:
    """Lock the plan of a study: write ``plan.lock`` beside its study file.

    Parameters
    ----------
    study : str or pathlib.Path
        The study file or its folder.
    by : str
        Who locks it.

    Returns
    -------
    pathlib.Path
        The file, which is to be kept with the study file.

    Raises
    ------
    DesignError
        If the plan is locked already, or the study comes with the package.
    OSError
        If the file cannot be written.

    Notes
    -----
    The hash in the file shows that it was edited later. It is no signature and no proof of the
    time: publish it, or put the file where others keep it, if you need one.
    """
    file = study_file(study)
    target = file.with_name(LOCK_FILE)
    if SHIPPED in file.parents:
        raise DesignError(f"'{study}' comes with the package; lock a copy of your own.")
    if earlier := locked(file):
        raise DesignError(
            f"{target}: the plan was locked at {earlier.when} by {earlier.by}. A plan is "
            "locked once; what is changed later is listed in the report as a deviation."
        )
    content = sealed(
        {
            "enplan_version": own_version(),
            "locked": datetime.now(UTC).astimezone().isoformat(timespec="seconds"),
            "by": by,
            "study_file": sha256_of(file),
            "plan": plan_of(file),
        }
    )
    text = json.dumps(content, ensure_ascii=False, indent=2, allow_nan=False) + "\n"
    with target.open("x", encoding="utf-8", newline="\n") as stream:
        stream.write(text)
    return target


def locked(file: Path) -> LockFacts | None:
    """Return the lock of a study file with what was changed since; None where there is none.

    Raises
    ------
    DataError
        If the lock cannot be read, or was edited.
    """
    path = file.with_name(LOCK_FILE)
    if not path.is_file():
        return None
    try:
        content = parsed(path.read_text(encoding="utf-8"))
        plan = content["plan"]
        facts = LockFacts(
            when=str(content["locked"]),
            by=str(content["by"]),
            sha256=str(content["sha256"]),
            deviations=tuple(_deviations(plan, plan_of(file))),
        )
    except (ValueError, KeyError, AttributeError, RecursionError) as error:
        raise DataError(
            f"{path.name}: is no lock of a plan; take back the one that was."
        ) from error
    if not is_sealed(content):
        raise DataError(
            f"{path.name}: was edited after the plan was locked; take back the file as it was. "
            "A plan may change: the report lists what did."
        )
    return facts


def lock_faults(study: Study) -> Iterator[str]:
    """Yield which outcomes of a study were not in the plan that was locked, and claim to be."""
    try:
        facts = locked(study.path)
    except DataError as error:
        yield str(error)
        return
    if facts is None:
        return
    for one in study.outcomes:
        if facts.standing(one.name) == "added" and one.role != "exploratory":
            yield (
                f"[[outcome]] {one.name}: is not in the plan that was locked at {facts.when}; "
                'what was not planned is told as such: role = "exploratory"'
            )


def plan_of(file: Path) -> dict[str, str]:
    """Return what a study file decides, flat: ``outcome.employment.weeks`` to its value."""
    raw = read_toml(file, "the study file")
    about = raw.get("study", {})
    told: dict[str, Any] = {"study": {name: about[name] for name in _ABOUT if name in about}}
    told |= {name: raw[name] for name in _SECTIONS if name in raw}
    return dict(flat(told))


def clause_lines(file: Path) -> dict[str, tuple[int, int]]:
    """Return by outcome the first and last line of its section in a study file."""
    lines = file.read_text(encoding="utf-8-sig").splitlines()
    heads = [
        at
        for at, line in enumerate(lines)
        if _HEADER.match(line) and not _WITHIN.match(line) and "=" not in line.partition("#")[0]
    ]
    starts = [at for at in heads if _OUTCOME.match(lines[at])]
    ends = [min((one for one in heads if one > at), default=len(lines)) for at in starts]
    names = [one.get("name") for one in read_toml(file, "the study file").get("outcome", ())]
    found = {}
    for name, start, end in zip(names, starts, ends, strict=False):
        told = [at for at in range(start, end) if lines[at].partition("#")[0].strip()]
        found[str(name)] = start + 1, told[-1] + 1
    return found


def flat(value: Any, where: str = "") -> Iterator[tuple[str, str]]:
    """Yield the values of nested tables as JSON, each under the keys that lead to it."""
    inside = f"{where}." if where else ""
    if isinstance(value, dict):
        for name, one in value.items():
            yield from flat(one, f"{inside}{name}")
    elif isinstance(value, list) and value and all(isinstance(one, dict) for one in value):
        for at, one in enumerate(value, start=1):
            yield from flat(one, f"{inside}{one.get('name', at)}")
    else:
        plain = json.dumps(value, ensure_ascii=False, default=_day)
        yield where, plain


def _day(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(type(value).__name__)


def _deviations(before: Mapping[str, str], now: Mapping[str, str]) -> Iterator[Deviation]:
    for where in dict.fromkeys((*before, *now)):
        if before.get(where) != now.get(where):
            yield Deviation(where=where, locked=before.get(where), now=now.get(where))
