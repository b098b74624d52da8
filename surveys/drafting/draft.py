"""Files turned into a dictionary that they keep to, and what a person must decide about it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from data_dictionary.codebook import Codebook, load
from data_dictionary.compare import Difference
from data_dictionary.errors import DesignError
from data_dictionary.roles import TableRole
from data_dictionary.schema import keys_of
from data_dictionary.toml_text import toml_comment, toml_key, toml_lines
from surveys.drafting.gather import Given, gather
from surveys.drafting.tables import Decision, DraftedTable, changes_between, draft_table
from surveys.drafting.waves import tables_of
from surveys.files.read_table import read_as
from surveys.files.scratch import scratch_folder
from surveys.files.source import Reading, Source

# In this order they are told: what the others hang on first.
_RANK = (
    "role", "waves", "key", "reading", "differences", "missing", "blanks", "codes", "minimum",
    "scale", "type", "description", "pattern", "required", "sensitivity", "unit",
    "respondents", "asked", "label",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Part:
    """A data file and what it was taken for: a table, and a wave where there are several.

    `given` is what the caller gave; `source` has the labels of the label files as well.
    """

    table: str
    wave: int | None
    given: Given
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Draft:
    """A dictionary drafted from files.

    Parameters
    ----------
    files : Mapping of str to str
        Name of each TOML file to its text; in a folder, `data_dictionary.load` reads them.
    decisions : tuple of Decision
        What a person must decide, the most important first.
    parts : tuple of Part
        The data files, by table and wave.
    """

    files: Mapping[str, str]
    decisions: tuple[Decision, ...]
    parts: tuple[Part, ...]

    def codebook(self) -> Codebook:
        """Return the dictionary that the files declare."""
        with scratch_folder() as folder:
            for name, text in self.files.items():
                (folder / name).write_text(text, encoding="utf-8", newline="\n")
            return load(folder)


def draft(
    *sources: str | Path | Source,
    roles: Mapping[str, TableRole] | None = None,
    reading: Reading | None = None,
) -> Draft:
    """Draft a dictionary that validates the files it is made from.

    Files that share most of their columns are waves of one table.  No value of a person stands
    in the draft: limits come from labels and scales, levels of text have five answers at
    least.  What is likely and not certain is marked ``# decide:``.

    Parameters
    ----------
    *sources : str, Path or Source
        Data files, or what `surveys.read` gave of them, and label files beside them: tables
        of labels (CSV, or other sheets of a workbook), DDI-Codebook (.xml), LimeSurvey's
        structure (.lss, .lsq), SAS format catalogues (.sas7bcat).
    roles : Mapping of str to str, optional
        Roles of tables by name; the others are told from the data.
    reading : Reading, optional
        How data files are read, such as `surveys.files.source.Reading(header=3)`.

    Returns
    -------
    Draft
        TOML files, decisions, and the table and wave of each data file.

    Raises
    ------
    DataError
        If a file cannot be read.
    DesignError
        If no file holds data, or describes them.
    """
    gathered = gather(sources, reading or Reading())
    if not gathered:
        raise DesignError("no file holds data or describes them; name a data file.")
    given = {id(source): one for one, source in gathered}
    files: dict[str, str] = {}
    decisions: list[Decision] = []
    parts: list[Part] = []
    scales: list[str] = []
    for name, waves in tables_of([source for _, source in gathered]).items():
        made = draft_table(name, waves, (roles or {}).get(name))
        origin = ", ".join(source.provenance.name for _, source in waves)
        files[f"{name}.toml"] = _table_text(made, origin)
        decisions += made.decisions
        for lines, decision in _scales(made):
            scales += lines
            decisions.append(decision)
        parts += [
            Part(
                table=name, wave=n if len(waves) > 1 else None, given=given[id(one)], source=one
            )
            for n, one in waves
        ]
    if scales:
        files["scales.toml"] = "\n".join(scales)
    made_draft = Draft(files=files, decisions=(), parts=tuple(parts))
    decisions += _violations(made_draft)
    decisions.sort(key=lambda one: _RANK.index(one.key))
    return replace(made_draft, decisions=tuple(decisions))


def differences(before: Given, after: Given) -> tuple[Difference, ...]:
    """Return what two data files say differently of the columns that both have.

    Parameters
    ----------
    before, after : str, Path or Source
        Files, such as two waves.
    """
    sides = [source for one in (before, after) for _, source in gather([one], Reading())]
    return tuple(changes_between(sides[0], sides[1], next(iter(tables_of(sides)))))


def _table_text(made: DraftedTable, origin: str) -> str:
    """Return the TOML of a table, with what is to be decided behind the keys."""
    told: dict[str, dict[str, str]] = {}
    for one in made.decisions:
        for column in one.columns or ("",):
            own = told.setdefault(column, {})
            lead = f"{own[one.key]}; " if one.key in own else "decide: "
            own[one.key] = lead + one.what
    lines = [toml_comment(f"Drafted from {origin}.")]
    sections: dict[str, object] = {one.name: one for one in made.table.columns}
    for name, section in ({"": made.table} | sections).items():
        own = told.get(name, {})
        known = keys_of(type(section))
        lines += ["", *(toml_comment(what) for key, what in own.items() if key not in known)]
        lines += [f"[columns.{toml_key(name)}]"] if name else []
        lines += toml_lines(section, own)
    return "\n".join(lines) + "\n"


def _scales(made: DraftedTable) -> Iterator[tuple[list[str], Decision]]:
    """Yield the lines of each likely scale; one with reversed items waits for a decision."""
    for scale, against in made.scales:
        what = f"one name and {scale.minimum:g}-{scale.maximum:g} in all items: a scale?"
        if against:
            what += f" {', '.join(against)} run(s) against {scale.items[0]}: reversed?"
        comments = {"reversed": "decide: which items are turned"}
        lines = toml_lines(replace(scale, reversed=against), comments)
        lines = [f"[{toml_key(scale.name)}]", *lines]
        # A score of items that are not turned would be wrong without a word.
        shown = list(map(toml_comment, lines)) if against else lines
        decision = Decision(file="scales.toml", key="scale", columns=scale.items, what=what)
        yield [toml_comment(f"decide: {what}"), *shown, ""], decision


def _violations(made: Draft) -> Iterator[Decision]:
    """Yield where a file breaks the draft all the same, as a wave whose codes are turned."""
    words = made.codebook()
    for part in (one for one in made.parts if len(one.source.frame)):
        read_back = read_as(part.source, words[part.table], Reading(), check=False)
        for one in read_back.violations:
            columns = (one.column,) if one.column else ()
            what = f"{part.source.provenance.name}: {one.message}"
            yield Decision(file=f"{part.table}.toml", key="reading", columns=columns, what=what)
