"""``enplan dictionary``: shown in several forms, drafted from files, compared with another."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from data_dictionary.errors import DataError
from reports.cli.door import REFUSED, command, dictionary, say, stop

if TYPE_CHECKING:
    from collections.abc import Sequence

    from surveys.files.source import Reading

Out = Annotated[
    Path | None, typer.Option("--out", help="File to write; left out, it is printed.")
]


@dictionary.command()
@command
def show(
    table: Annotated[
        str | None,
        typer.Argument(
            metavar="TABLE", help="One table; all if left out, or of a folder that is named."
        ),
    ] = None,
    edition: Annotated[
        str, typer.Option("--dictionary", help="A shipped edition, or a folder of .toml files.")
    ] = "enplan",
    form: Annotated[
        str, typer.Option("--format", help="markdown | html | xlsx | ddi")
    ] = "markdown",
    out: Out = None,
) -> None:
    """Show tables of a data dictionary: Markdown, HTML, Excel or DDI-Codebook."""
    from analyses import load_study
    from data_dictionary import load
    from data_dictionary.codebook import placed
    from reports.dictionaries import FORMS
    from surveys.files.placing import place_texts

    if form not in FORMS:
        message = f"'{form}': choose from {', '.join(FORMS)}"
        raise typer.BadParameter(message, param_hint="--format")
    if form == "xlsx" and out is None:
        raise typer.BadParameter("a workbook needs a file; name one", param_hint="--out")
    if table is not None and Path(table).is_dir():
        # Whoever has one of their own names it first, or the study that it is for.
        edition, table = table, None
        if (Path(edition) / "study.toml").is_file():
            edition = str(load_study(Path(edition)).dictionary)
    words = load(placed(edition, Path()))
    made = FORMS[form](words, [table] if table else list(words.tables))
    if out is None:
        say(made.decode())
    else:
        place_texts(out.parent, {out.name: made})
        say(f"Wrote {out}")


@dictionary.command()
@command
def draft(
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE...",
            help="Data files, waves side by side, and label files: CSV, Excel, DDI (.xml), "
            "LimeSurvey (.lss, .lsq), SAS catalogues.",
        ),
    ],
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", help="Folder to write; left out, it is printed."),
    ] = None,
    reading: Annotated[
        list[str] | None,
        typer.Option(
            "--read", metavar="KEY=VALUE", help="How the data are read, such as header=3."
        ),
    ] = None,
) -> None:
    """Draft a dictionary from data files, and list what you must decide."""
    from surveys.drafting import draft as make
    from surveys.files.placing import place_texts

    made = make(*files, reading=_reading(reading or []))
    if out is None:
        for name, text in made.files.items():
            say(f"# --- {name}\n{text}")
    else:
        taken = [str(out / name) for name in made.files if (out / name).exists()]
        if taken:
            raise DataError(
                f"{', '.join(taken)} exists; nothing was written. Name another folder, and "
                "see with 'enplan dictionary diff' what differs."
            )
        place_texts(out, made.files)
        say("".join(f"Wrote {out / name}\n" for name in made.files))
    say(f"To decide ({len(made.decisions)}), in this order:", err=out is None)
    for number, decision in enumerate(made.decisions, start=1):
        say(f"{number}. {decision}", err=out is None)


@dictionary.command()
@command
def diff(
    before: Annotated[str, typer.Argument(metavar="A", help="A dictionary, or a data file.")],
    after: Annotated[str, typer.Argument(metavar="B", help="Another one of the same kind.")],
) -> None:
    """Say what differs between two dictionaries, or in what two data files say of columns."""
    from data_dictionary import load
    from data_dictionary.codebook import placed
    from data_dictionary.compare import compare_dictionaries
    from surveys.drafting import differences

    are_files = [Path(one).is_file() for one in (before, after)]
    if any(are_files) and not all(are_files):
        raise DataError("one is a file and the other none; name two files or two dictionaries.")
    if all(are_files):
        found = [str(one) for one in differences(before, after)]
    else:
        words = [load(placed(one, Path())) for one in (before, after)]
        found = list(map(str, compare_dictionaries(*words)))
    for line in found:
        say(line)
    if found:
        stop(f"{len(found)} difference(s).", REFUSED)
    say("No differences.")


def _reading(pairs: Sequence[str]) -> Reading:
    """Return what ``--read KEY=VALUE`` says; a value is TOML, or a text without quotes."""
    import tomllib

    from data_dictionary.mistakes import Mistakes
    from data_dictionary.schema import read
    from surveys.files.source import Reading

    given: dict[str, object] = {}
    for name, _, value in (pair.partition("=") for pair in pairs):
        try:
            given[name] = tomllib.loads(f"x = {value}")["x"]
        except tomllib.TOMLDecodeError:
            given[name] = value
    mistakes = Mistakes()
    found = read(Reading, given, "--read", mistakes)
    if mistakes.found:
        raise typer.BadParameter("; ".join(mistakes.found), param_hint="--read")
    return found
