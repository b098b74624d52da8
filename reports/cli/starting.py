"""``enplan init``: a study folder from data files alone, and what is left to decide."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

import typer

from data_dictionary.cpr import cpr_spans
from data_dictionary.errors import DataError, DesignError, EnplanError, did_you_mean
from reports.cli.door import app, command, say
from reports.cli.schemas import SCHEMA_FILE, schema_text
from reports.cli.studies import tell_decisions

if TYPE_CHECKING:
    from analyses.study.sections import StudyDesign
    from surveys.drafting import Draft

Placed: TypeAlias = tuple[str, int | None, str]
# The study file and its dictionary are to be shared; data and what is made of them are not.
_IGNORED = ("data/", "results*/", "report/out/", ".enplan*")


@app.command()
@command
def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of the study.")],
    more: Annotated[list[Path] | None, typer.Argument(metavar="", hidden=True)] = None,
    given: Annotated[
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
    from analyses.study.sections import DESIGNS, ONE_GROUP
    from analyses.study.starting import Start, study_text

    if design is not None and design not in DESIGNS:
        message = f"'{design}': choose from {', '.join(DESIGNS)}"
        raise typer.BadParameter(message, param_hint="--design")
    if not (data := [*(given or ()), *(more or ())]):
        raise typer.BadParameter("missing; name the data files", param_hint="--from")
    _refuse_places(folder, data)
    made = _drafted(data)
    is_asked = not yes and sys.stdin is not None and sys.stdin.isatty()
    likely = _likely(made, treatment)
    if design is None and is_asked:
        design = _answer("What kind of study is it?", DESIGNS, likely)
    chosen = next((name for name in DESIGNS if name == design), likely)
    if is_asked and chosen not in ONE_GROUP:
        treatment = treatment or _answer("Column that tells who took part")
        treated = treated or _answer("Its level of those who took part")
        unit = unit or _answer("Column with the person")
    for column in filter(None, (treatment, unit)):
        made = _persons_with(column, made, data)
    paths = [_relative(Path(str(part.given)), folder) for part in made.parts]
    files = [(one.table, one.wave, at) for one, at in zip(made.parts, paths, strict=True)]
    sheets = [part.source.provenance.sheet for part in made.parts]
    start = Start(
        name=folder.resolve().name,
        design=chosen,
        words=made.codebook(),
        files=tuple(_waves(files) if is_asked else files),
        sheets={at: one for at, one in zip(paths, sheets, strict=True) if one},
        treatment=treatment or None,
        treated=treated or None,
        unit=unit or None,
    )
    _place(folder, study_text(start), made.files)
    _tell_next(folder)


def _refuse_places(folder: Path, data: Sequence[Path]) -> None:
    """Refuse a folder that holds a study already, and names that look like CPR numbers."""
    from analyses.study.read import STUDY_FILE
    from analyses.study.starting import DICTIONARY

    for place in (folder / STUDY_FILE, folder / DICTIONARY):
        if place.exists():
            raise DesignError(f"{place} exists; nothing was written. Name a new folder.")
    if any(cpr_spans(str(one.resolve())) for one in (folder, *data)):
        raise DesignError(
            "the name of a file or folder looks like a CPR number, and the study file would "
            "repeat it. Rename it; nothing was written."
        )


def _drafted(data: Sequence[Path]) -> Draft:
    """Return the dictionary of the files; every file that cannot be read is named."""
    from analyses.inputs.tables import noted
    from surveys.drafting import draft

    try:
        return draft(*data)
    except EnplanError:
        problems: list[str] = []
        for path in data:
            with noted(problems, path.name):
                draft(path)
        if len(problems) < 2:
            raise
        raise DataError("\n".join(problems)) from None


def _likely(made: Draft, treatment: str | None) -> StudyDesign:
    """Return the kind of study that the files suggest."""
    from analyses.study.one_group import ROLES

    words, several = made.codebook(), {part.table for part in made.parts if part.wave}
    if treatment or any(one.role not in ROLES for one in words.tables.values()):
        return "observational"
    has_scale = any(scale.table in several for scale in words.scales.values())
    return "before_after" if has_scale else "description"


def _answer(question: str, allowed: Mapping[Any, str] | None = None, likely: str = "") -> str:
    """Ask on the terminal; nothing where the answer is blank, to be decided in the file."""
    for name, meaning in (allowed or {}).items():
        say(f"  {name}: {meaning}")
    while True:
        shown = f"{question} [{likely or 'blank: decide later'}]"
        told: str = typer.prompt(shown, default=likely, show_default=False).strip()
        if not allowed or told in allowed:
            return told
        say(f"'{told}' is none of them.{did_you_mean(told, allowed)}")


def _waves(files: Sequence[Placed]) -> Sequence[Placed]:
    """Return the files with the waves that the terminal confirms."""
    if not any(wave for _, wave, _ in files):
        return files
    for table, wave, path in files:
        say(f"  {path}: {table}{f', wave {wave}' if wave else ''}")
    if typer.confirm("Are these the tables and waves?", default=True):
        return files
    return [
        (table, typer.prompt(f"Wave of {path}", default=wave, type=int) if wave else None, path)
        for table, wave, path in files
    ]


def _persons_with(column: str, made: Draft, data: Sequence[Path]) -> Draft:
    """Return the draft in which the table with a column is one of persons."""
    from surveys.drafting import draft

    own = [one for one in made.codebook().tables.values() if column in one.names]
    if not own:
        names = [name for one in made.codebook().tables.values() for name in one.names]
        raise DesignError(f"'{column}' is a column of no file.{did_you_mean(column, names)}")
    if any(one.role == "persons" for one in own):
        return made
    return draft(*data, roles={own[0].name: "persons"})


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

    schema = "dictionary.schema.json"
    texts = {STUDY_FILE: study, SCHEMA_FILE: schema_text("study")}
    for name, text in dictionary.items():
        texts[f"{DICTIONARY}/{name}"] = f"#:schema ./{schema}\n{text}"
    texts[f"{DICTIONARY}/{schema}"] = schema_text("dictionary")
    if not (folder / ".gitignore").exists():
        texts[".gitignore"] = "\n".join([*_IGNORED, *(f"*{suffix}" for suffix in FORMATS)])
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
    say(f"  enplan report init {at}\n  enplan render {at}")
