"""A study file to begin with: the sections that some files allow, each key with its meaning."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from analyses.outcomes.kinds import KINDS
from analyses.outcomes.register import RegisterKind
from analyses.outcomes.score import Score
from analyses.outcomes.value import Value
from analyses.study.cohort import Cohort, TimeZero
from analyses.study.comparison import Comparison
from analyses.study.files import DataFile
from analyses.study.kind import WORDS
from analyses.study.sections import (
    ONE_GROUP,
    About,
    Disclosure,
    ReportFacts,
    Shares,
    StudyDesign,
    StudyWords,
)
from analyses.study.study_file import StudyFile
from data_dictionary import Codebook, Table
from data_dictionary.codebook import placed
from data_dictionary.errors import EnplanError
from data_dictionary.schema import holds_sections, keys_of
from data_dictionary.schema_pages import reference_rows
from data_dictionary.toml_file import read_toml
from data_dictionary.toml_text import toml_value

DICTIONARY = "words"
_HEAD = """\
#:schema ./study.schema.json
# Drafted by `enplan init`. What stands behind "decide:" is yours to decide: `enplan check`
# lists it; take the remark away when it is done. Lines that begin with # may be added.
"""
# Behind a key that has a value, or that still lacks one; or on a line of its own.
_MARK = re.compile(r"(?:([\w.\"-]+) = .*|# ([\w.\"-]+) =\s*)?# decide: (.*)")
_CALLED = {"name": "what it is called; leave out outcomes that you do not ask for"}
_SHOWN = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """What is known of a study before it has a file.

    ``files``: table, wave and path, relative to the study file; ``sheets``: of workbooks, by
    path, which was read; ``treatment``, ``treated`` and ``unit``: the column with the arms, the
    level of those who took part, the persons' key.
    """

    name: str
    design: StudyDesign
    words: Codebook
    files: tuple[tuple[str, int | None, str], ...]
    sheets: Mapping[str, str] = field(default_factory=dict)
    treatment: str | None = None
    treated: str | None = None
    unit: str | None = None

    @property
    def tables(self) -> list[Table]:
        """The tables that have a file."""
        return [self.words.tables[name] for name in dict.fromkeys(one[0] for one in self.files)]

    @property
    def people(self) -> Table | None:
        """The table of the cohort: the one with the arms, else the first of persons."""
        known = [one for one in self.tables if self.treatment in one.names]
        return next(iter([*known, *(o for o in self.tables if o.role == "persons")]), None)

    @property
    def scales(self) -> Iterator[tuple[str, str, list[int]]]:
        """Scales of surveys in several waves: name, table, waves."""
        for one in self.words.scales.values():
            waves = sorted(wave for name, wave, _ in self.files if name == one.table and wave)
            if len(waves) > 1:
                yield one.name, str(one.table), waves


def study_text(start: Start) -> str:
    """Return a study file with the sections that the files allow, each key with its meaning."""
    meanings = {name: one.meaning for name, one in keys_of(StudyFile).items()}
    parts = [_HEAD]
    for text in _sections(start):
        # What a section is for is said once.
        lead = meanings.pop(re.split(r"[.\]]", text.lstrip("["))[0], "")
        parts.append(f"# --- {lead}\n{text}" if lead else text)
    return "\n".join(parts)


def _section(
    heading: str,
    kind: type,
    given: Mapping[str, Any],
    decide: Mapping[str, str] | None = None,
    *,
    is_whole: bool = True,
) -> str:
    """Return a section: keys that are given or asked for and, if it is whole, all others."""
    lines, asked = [heading], decide or {}
    shown = {name: what for name, what, *_ in reference_rows(kind)}
    for name, one in keys_of(kind).items():
        is_told = name in given or name in asked or one.required
        # A section inside has its own heading, unless it stands here on one line.
        if name not in given and (holds_sections(one.hint) or not (is_told or is_whole)):
            continue
        lines += textwrap.wrap(one.meaning, 96, initial_indent="# ", subsequent_indent="# ")
        mark = f"   # decide: {asked.get(name, shown[name])}"
        if name in given:
            lines.append(f"{name} = {toml_value(given[name])}{mark if name in asked else ''}")
        elif is_told:
            lines.append(f"# {name} ={mark}")
        else:
            is_left_out = one.default in (None, (), {})
            told = f"... ({shown[name]})" if is_left_out else toml_value(one.default)
            lines.append(f"# {name} = {told}")
    return "\n".join([*lines, ""])


def _sections(start: Start) -> Iterator[str]:
    about: dict[str, Any] = {"name": start.name, "title": start.name, "design": start.design}
    about |= {"dictionary": DICTIONARY, "seed": 1}
    yield _section("[study]", About, about, {"title": "what the report is called"})
    nouns = {name: WORDS[name] for name in WORDS if start.design not in ONE_GROUP}
    nouns = nouns or {"unit": WORDS["unit"]}
    asked = dict.fromkeys(nouns, "the word that the report uses")
    yield _section("[study.words]", StudyWords, nouns, asked, is_whole=False)
    for table, wave, file in start.files:
        given = {"file": file} | ({"wave": wave} if wave else {})
        given |= {"sheet": start.sheets[file]} if file in start.sheets else {}
        yield _section(f"[[data.{table}]]", DataFile, given, is_whole=False)
    if start.design not in ONE_GROUP:
        yield from _compared(start)
    elif start.design == "before_after":
        for scale, table, _ in list(start.scales)[:1]:
            most = int(start.words.scales[scale].maximum)
            names = [one for one, of, _ in start.scales if of == table]
            shares = {"table": table, "scales": names, "agree": [most - 1, most]}
            asked = {"agree": "the answers that count as agreeing"}
            yield _section("[[shares]]", Shares, shares, asked)
    yield _section("[disclosure]", Disclosure, {"min_cell": 5})
    yield _section("[report]", ReportFacts, {})


def _compared(start: Start) -> Iterator[str]:
    """Yield the sections of a study that compares."""
    columns = () if start.people is None else start.people.columns
    playing = {one.role: one.name for one in reversed(columns) if one.role}
    arms = [one.name for one in columns if one.type == "boolean" or len(one.codes) == 2]
    codes = next((one.codes for one in columns if one.name == start.treatment), {})
    dates = [one.name for one in columns if one.type == "date"]
    keys = () if start.people is None else start.people.key
    known = {
        "unit": start.unit or next(iter(keys), playing.get("key")),
        "treatment": start.treatment,
        "treated": next((code for code in codes if str(code) == start.treated), start.treated),
        "cluster": playing.get("cluster"),
    }
    given = {name: value for name, value in known.items() if value is not None}
    asked = {
        "treatment": f"the column that says who took part, such as {_some(arms)}",
        "index_date": f"the day from which each is followed, such as {_some(dates)}",
        "treated": f"the level of those who took part, such as {_some(map(str, codes))}",
    }
    # A yes needs no level, and without dates nobody is followed from one.
    is_moot = {"treated": bool(start.treatment) and not codes, "index_date": not dates}
    decide = {
        name: what
        for name, what in asked.items()
        if name not in given and not is_moot.get(name, False)
    }
    yield _section("[cohort]", Cohort, given, decide)
    roles = {one.role: one.name for one in start.tables}
    if "weekly_register" in roles:
        yield _section("[cohort.time_zero]", TimeZero, {})
    free = [
        one.name
        for one in columns
        if one.name not in given.values()
        and one.role is None
        and one.sensitivity != "identifying"
        and (one.codes or one.type in ("number", "integer", "boolean"))
    ]
    what = {"covariates": "keep what was known before anybody took part"}
    yield _section("[comparison]", Comparison, {"covariates": free} if free else {}, what)
    found = [*_outcomes(start, roles)]
    what = {"column": f"what is measured, such as {_some(free)}; no covariate"}
    least = {"name": "outcome", "kind": "value"}
    yield from found or [_section("[[outcome]]", Value, least, {**_CALLED, **what})]


def _outcomes(start: Start, roles: Mapping[Any, str]) -> Iterator[str]:
    """Yield the outcomes that registers and surveys can have, each to be decided."""
    for kind in KINDS:
        if issubclass(kind, RegisterKind) and kind.register in roles:
            table = roles[kind.register]
            given: dict[str, Any] = {"name": table, "kind": "time", "from": table}
            yield _section("[[outcome]]", kind, given, _CALLED)
    for scale, _, waves in start.scales:
        given = {"name": scale, "kind": "score", "scale": scale, "baseline": waves[0]}
        given |= {"wave": waves[-1], "reliability": "alpha"}
        yield _section("[[outcome]]", Score, given, _CALLED)


def _some(names: Iterable[str]) -> str:
    return ", ".join(list(names)[:_SHOWN]) or "a column of a table of persons"


def left_to_decide(file: Path) -> list[str]:
    """Return what a study file and its dictionary mark as undecided, in the order to decide.

    A remark ``# decide:`` is the mark; lines with the same one are told together.
    """
    files = [file]
    # What is wrong with the file the check itself says.
    with suppress(EnplanError, KeyError, TypeError):
        name = read_toml(file, "the study file")["study"]["dictionary"]
        tables = Path(placed(name, file.parent)).glob("*.toml")
        # Scales are made of what tables declare.
        files += sorted(tables, key=lambda one: (one.name == "scales.toml", one.name))
    found: dict[tuple[str, str], list[int]] = {}
    for one in files:
        shown = one.relative_to(file.parent) if one.is_relative_to(file.parent) else one
        text = one.read_text(encoding="utf-8", errors="replace")
        for number, line in enumerate(text.splitlines(), start=1):
            if (mark := _MARK.fullmatch(line)) is not None:
                what = ": ".join(filter(None, mark.groups()))
                found.setdefault((shown.as_posix(), what), []).append(number)
    return [f"{place}, {_lines(numbers)}: {what}" for (place, what), numbers in found.items()]


def _lines(numbers: Sequence[int]) -> str:
    more = len(numbers) - _SHOWN
    shown = ", ".join(map(str, numbers[:_SHOWN]))
    return f"line{'s' * (len(numbers) > 1)} {shown}{f' and {more} more' if more > 0 else ''}"
