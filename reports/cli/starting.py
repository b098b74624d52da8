"""``enplan init``: a study folder from data files alone, and what is left to decide."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from data_dictionary.cpr import cpr_spans
from data_dictionary.errors import DesignError, EnplanError, did_you_mean
from reports.cli.door import app, command, say
from reports.cli.schemas import SCHEMA_FILE, schema_text
from reports.cli.studies import tell_decisions

if TYPE_CHECKING:
    from analyses.study.sections import StudyDesign
    from surveys.drafting import Draft

# The study file and its dictionary are to be shared; data and what is made of them are not.
_IGNORED = ("data/", "results*/", "report*/", ".enplan*")


@app.command()
@command
def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of the study.")],
    more: Annotated[list[Path] | None, typer.Argument(metavar="", hidden=True)] = None,
    files: Annotated[
        list[Path] | None,
        typer.Option(
            "--from", metavar="FILE...", help="The data files, and label files beside them."
        ),
    ] = None,
    design: Annotated[
        str | None, typer.Option("--design", help="Kind of study; left out, it is asked for.")
    ] = None,
    treatment: Annotated[
        str | None, typer.Option("--treatment", help="Column that tells who took part.")
    ] = None,
    treated: Annotated[
        str | None, typer.Option("--treated", help="Its level of those who took part.")
    ] = None,
    unit: Annotated[str | None, typer.Option("--unit", help="Column with the person.")] = None,
    yes: Annotated[
        bool, typer.Option("--yes", help="Ask nothing, take what is likely.")
    ] = False,
) -> None:
    """Make a study folder from data files: dictionary, study file, and what is to decide."""
    from analyses.study.sections import DESIGNS
    from analyses.study.starting import Start, study_text
    from surveys.drafting import draft

    if design is not None and design not in DESIGNS:
        message = f"'{design}': choose from {', '.join(DESIGNS)}"
        raise typer.BadParameter(message, param_hint="--design")
    if not (data := [*(files or ()), *(more or ())]):
        raise typer.BadParameter("missing; name the data files", param_hint="--from")
    _refuse_places(folder, data)
    made = draft(*data)
    is_asked = not yes and sys.stdin is not None and sys.stdin.isatty()
    chosen = _design(design, made, treatment, is_asked=is_asked)
    if chosen in ("observational", "randomised") and is_asked:
        treatment = treatment or _answer("Column that tells who took part")
        treated = treated or _answer("Its level of those who took part")
        unit = unit or _answer("Column with the person")
    for column in filter(None, (treatment, unit)):
        made = _persons_with(column, made, data)
    paths = [_relative(Path(str(part.given)), folder) for part in made.parts]
    waves = [
        (part.table, part.wave, path) for part, path in zip(made.parts, paths, strict=True)
    ]
    sheets = {
        path: part.source.provenance.sheet
        for part, path in zip(made.parts, paths, strict=True)
        if part.source.provenance.sheet
    }
    start = Start(
        name=folder.resolve().name,
        design=chosen,
        words=made.codebook(),
        files=tuple(_waves(waves) if is_asked else waves),
        sheets=sheets,
        treatment=treatment,
        treated=treated,
        unit=unit,
    )
    _place(folder, study_text(start), made.files)
    _tell_next(folder)


def _refuse_places(folder: Path, data: Sequence[Path]) -> None:
    """Refuse a folder that holds a study already, and names that look like CPR numbers."""
    from analyses.study.read import STUDY_FILE
    from analyses.study.starting import DICTIONARY

    for name in (STUDY_FILE, DICTIONARY):
        if (folder / name).exists():
            raise DesignError(
                f"{folder / name} exists; nothing was written. Name a new folder."
            )
    if any(cpr_spans(str(one.resolve())) for one in (folder, *data)):
        raise DesignError(
            "the name of a file or folder looks like a CPR number, and the study file would "
            "repeat it. Rename it; nothing was written."
        )


def _design(
    given: str | None, made: Draft, treatment: str | None, *, is_asked: bool
) -> StudyDesign:
    """Return the kind of study: the given one, else the answer, else the likely one."""
    from analyses.study.one_group import ROLES
    from analyses.study.sections import DESIGNS

    words = made.codebook()
    several = {part.table for part in made.parts if part.wave}
    likely: StudyDesign = "description"
    if treatment or any(one.role not in ROLES for one in words.tables.values()):
        likely = "observational"
    elif any(scale.table in several for scale in words.scales.values()):
        likely = "before_after"
    if given is None and is_asked:
        say("What kind of study is it?")
        for name, meaning in DESIGNS.items():
            say(f"  {name}: {meaning}")
        given = _answer("Kind", list(DESIGNS), likely)
    return next((name for name in DESIGNS if name == given), likely)


def _answer(question: str, allowed: Sequence[str] = (), likely: str = "") -> str | None:
    """Ask on the terminal; nothing where the answer is blank, to be decided in the file."""
    while True:
        shown = likely or "blank: decide later"
        told = typer.prompt(f"{question} [{shown}]", default=likely, show_default=False).strip()
        if not allowed or told in allowed:
            return told or None
        say(f"'{told}' is none: {', '.join(allowed)}.{did_you_mean(told, allowed)}")


def _waves(
    files: Sequence[tuple[str, int | None, str]],
) -> list[tuple[str, int | None, str]]:
    """Return the files with the waves that the terminal confirms."""
    if not any(wave for _, wave, _ in files):
        return list(files)
    for table, wave, path in files:
        say(f"  {path}: {table}{f', wave {wave}' if wave else ''}")
    if typer.confirm("Are these the tables and waves?", default=True):
        return list(files)
    return [
        (table, typer.prompt(f"Wave of {path}", default=wave, type=int) if wave else None, path)
        for table, wave, path in files
    ]


def _persons_with(column: str, made: Draft, data: Sequence[Path]) -> Draft:
    """Return the draft in which the table with a column is one of persons."""
    from surveys.drafting import draft

    tables = made.codebook().tables
    names = [name for one in tables.values() for name in one.names]
    if column not in names:
        raise DesignError(f"'{column}' is a column of no file.{did_you_mean(column, names)}")
    own = next(one for one in tables.values() if column in one.names)
    if any(one.role == "persons" and column in one.names for one in tables.values()):
        return made
    return draft(*data, roles={own.name: "persons"})


def _relative(path: Path, folder: Path) -> str:
    """Return the path by which the study file names a file that stays where it is."""
    try:
        return Path(os.path.relpath(path.resolve(), folder.resolve())).as_posix()
    except ValueError:  # another drive
        return path.resolve().as_posix()


def _place(folder: Path, study: str, dictionary: Mapping[str, str]) -> None:
    """Write the files of a study, all or none; what stands there is kept."""
    from analyses.study.read import STUDY_FILE
    from analyses.study.starting import DICTIONARY
    from surveys.files.formats import FORMATS
    from surveys.files.placing import place_texts

    ignored = "\n".join([*_IGNORED, *(f"*{suffix}" for suffix in FORMATS)])
    texts = {STUDY_FILE: study, SCHEMA_FILE: schema_text("study")}
    schema = "dictionary.schema.json"
    texts |= {
        f"{DICTIONARY}/{name}": f"#:schema ./{schema}\n{text}"
        for name, text in dictionary.items()
    }
    texts[f"{DICTIONARY}/{schema}"] = schema_text("dictionary")
    if not (folder / ".gitignore").exists():
        texts[".gitignore"] = f"# Data of persons, and what is made of them.\n{ignored}"
    place_texts(folder, {name: f"{text.rstrip()}\n" for name, text in texts.items()})
    for name in texts:
        say(f"{folder / name}")


def _tell_next(folder: Path) -> None:
    """Say what is left to decide, and the next commands."""
    from analyses import load_study
    from analyses.study.read import study_file
    from analyses.study.starting import left_to_decide

    tell_decisions(left_to_decide(study_file(folder)))
    at = f'"{folder}"' if " " in str(folder) else str(folder)
    try:
        load_study(folder)
    except EnplanError:
        say(f"Next: decide what stands first, in an editor; then\n  enplan check {at}")
        return
    say(f"Next:\n  enplan check {at}\n  enplan run {at} --out {at}/results")
    say(f"  enplan render {at}/results --out {at}/report")
