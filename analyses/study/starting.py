"""A study file to begin with: the sections that some files allow, each key with its meaning."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Mapping, Sequence
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
_SHOWN = 3
_WIDTH = 96


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """What is known of a study before it has a file.

    Attributes
    ----------
    name : str
        Short name, which is its title as well.
    design : StudyDesign
        What kind of study it is.
    words : Codebook
        The dictionary of its files.
    files : tuple of (str, int or None, str)
        Table, wave and path of each, relative to the study file.
    sheets : Mapping of str to str
        Path of a workbook to the sheet that was read.
    treatment, unit : str or None
        Columns with the arms and with the persons' key.
    treated : str or None
        The level that counts as treated.
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

    def waves(self, table: str) -> list[int]:
        """Return the waves of a table."""
        return sorted(wave for name, wave, _ in self.files if name == table and wave)

    @property
    def people(self) -> Table | None:
        """The table of the cohort: the one with the arms, else the first of persons."""
        known = [one for one in self.tables if self.treatment in one.names]
        known += [one for one in self.tables if one.role == "persons"]
        return next(iter(known), None)

    @property
    def scales(self) -> list[tuple[str, str, list[int]]]:
        """Scales of surveys in several waves: name, table, waves."""
        return [
            (one.name, str(one.table), waves)
            for one in self.words.scales.values()
            if len(waves := self.waves(str(one.table))) > 1
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Block:
    """One section: its heading, its declaration, and what is known of its keys."""

    heading: str
    kind: type
    given: Mapping[str, Any] = field(default_factory=dict)
    decide: Mapping[str, str] = field(default_factory=dict)
    is_whole: bool = True

    def lines(self) -> Iterator[str]:
        yield self.heading
        shown = {name: what for name, what, *_ in reference_rows(self.kind)}
        for name, one in keys_of(self.kind).items():
            is_told = name in self.given or name in self.decide or one.required
            # A section inside has its own heading, unless it stands here on one line.
            if name not in self.given and (
                holds_sections(one.hint) or not (is_told or self.is_whole)
            ):
                continue
            yield from textwrap.wrap(
                one.meaning, _WIDTH, initial_indent="# ", subsequent_indent="# "
            )
            asked = f"   # decide: {self.decide[name]}" if name in self.decide else ""
            if name in self.given:
                yield f"{name} = {toml_value(self.given[name])}{asked}"
            elif is_told:
                yield f"# {name} ={asked or f'   # decide: {shown[name]}'}"
            else:
                has_default = one.default not in (None, (), {})
                told = toml_value(one.default) if has_default else f"... ({shown[name]})"
                yield f"# {name} = {told}"


def study_text(start: Start) -> str:
    """Return a study file with the sections that the files allow, each key with its meaning."""
    meanings = {name: one.meaning for name, one in keys_of(StudyFile).items()}
    parts, told = [_HEAD], set()
    for block in _blocks(start):
        section = re.split(r"[.\]]", block.heading.strip("["))[0]
        # What a section is for is said once.
        lead = [] if section in told else [f"# --- {meanings[section]}"]
        told.add(section)
        parts.append("\n".join([*lead, *block.lines()]) + "\n")
    return "\n".join(parts)


def _blocks(start: Start) -> Iterator[_Block]:
    about = {"name": start.name, "title": start.name, "design": start.design}
    yield _Block(
        heading="[study]",
        kind=About,
        given={**about, "dictionary": DICTIONARY, "seed": 1},
        decide={"title": "what the report is called"},
    )
    nouns = ("unit",) if start.design in ONE_GROUP else tuple(WORDS)
    yield _Block(
        heading="[study.words]",
        kind=StudyWords,
        given={name: WORDS[name] for name in nouns},
        decide=dict.fromkeys(nouns, "the word that the report uses"),
        is_whole=False,
    )
    for table, wave, file in start.files:
        given = {"file": file} | ({"wave": wave} if wave else {})
        given |= {"sheet": start.sheets[file]} if file in start.sheets else {}
        yield _Block(heading=f"[[data.{table}]]", kind=DataFile, given=given, is_whole=False)
    if start.design not in ONE_GROUP:
        yield from _compared(start)
    elif start.design == "before_after":
        for scale, table, _ in start.scales[:1]:
            most = int(start.words.scales[scale].maximum)
            names = [one for one, of, _ in start.scales if of == table]
            yield _Block(
                heading="[[shares]]",
                kind=Shares,
                given={"table": table, "scales": names, "agree": [most - 1, most]},
                decide={"agree": "the answers that count as agreeing"},
            )
    yield _Block(heading="[disclosure]", kind=Disclosure, given={"min_cell": 5})
    yield _Block(heading="[report]", kind=ReportFacts)


def _compared(start: Start) -> Iterator[_Block]:
    """Yield the sections of a study that compares."""
    people, roles = start.people, {one.role: one for one in start.tables}
    columns = () if people is None else people.columns
    arms = [one.name for one in columns if one.type == "boolean" or len(one.codes) == 2]
    given: dict[str, Any] = {}
    decide: dict[str, str] = {}
    if people is not None:
        keys = [*people.key, *(one.name for one in columns if one.role == "key")]
        given |= {"unit": start.unit or keys[0]} if start.unit or keys else {}
        places = [one.name for one in columns if one.role == "cluster"]
        given |= {"cluster": places[0]} if places else {}
    if start.treatment:
        given["treatment"] = start.treatment
    else:
        decide["treatment"] = f"the column that says who took part, such as {_some(arms)}"
    codes = next((one.codes for one in columns if one.name == start.treatment), {})
    level = next((code for code in codes if start.treated == str(code)), start.treated)
    if level is not None:
        given["treated"] = level
    elif codes or not start.treatment:
        decide["treated"] = f"the level of those who took part, such as {_some(codes)}"
    dates = [one.name for one in columns if one.type == "date"]
    if dates:
        decide["index_date"] = f"the day from which each is followed, such as {_some(dates)}"
    yield _Block(heading="[cohort]", kind=Cohort, given=given, decide=decide)
    if "weekly_register" in roles:
        yield _Block(heading="[cohort.time_zero]", kind=TimeZero)
    taken = {*given.values(), *dates} - {True, False}
    free = [
        one.name
        for one in columns
        if one.name not in taken and one.role is None and one.sensitivity != "identifying"
        and (one.codes or one.type in ("number", "integer", "boolean"))
    ]  # fmt: skip
    yield _Block(
        heading="[comparison]",
        kind=Comparison,
        given={"covariates": free} if free else {},
        decide={"covariates": "keep what was known before anybody took part"},
    )
    yield from _outcomes(start, roles, free)


def _outcomes(
    start: Start, roles: Mapping[Any, Table], free: Sequence[str]
) -> Iterator[_Block]:
    """Yield the outcomes that the files can have, each to be decided."""
    found = False
    for kind in KINDS:
        if issubclass(kind, RegisterKind) and kind.register in roles:
            found = True
            table = roles[kind.register].name
            yield _outcome(kind, {"name": table, "kind": "time", "from": table})
    for scale, _, waves in start.scales:
        found = True
        given = {"name": scale, "kind": "score", "scale": scale, "baseline": waves[0]}
        yield _outcome(Score, {**given, "wave": waves[-1], "reliability": "alpha"})
    if not found:
        asked = {"column": f"what is measured, such as {_some(free)}; no covariate"}
        yield _outcome(Value, {"name": "outcome", "kind": "value"}, asked)


def _outcome(
    kind: type, given: Mapping[str, Any], decide: Mapping[str, str] | None = None
) -> _Block:
    asked = {"name": "what it is called; leave out outcomes that you do not ask for"}
    return _Block(
        heading="[[outcome]]", kind=kind, given=given, decide={**asked, **(decide or {})}
    )


def _some(names: object) -> str:
    known = [str(one) for one in names] if isinstance(names, Sequence | Mapping) else []
    return ", ".join(known[:_SHOWN]) or "a column of a table of persons"


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
