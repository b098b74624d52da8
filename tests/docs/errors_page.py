"""The situations of docs/errors.md, and what the program says in each.

``python -m tests.docs.errors_page`` quotes on the page what it says now.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pandas as pd

import surveys
from analyses import Results, load_study, run
from analyses.check import check
from data_dictionary import load
from data_dictionary.errors import EnplanError
from reports.failures import reason
from tests.small_study import (
    COHORT,
    COMPARISON,
    DATA,
    HEAD,
    VALUE,
    WAVES,
    description,
    small_data,
    write_study,
)

PAGE = Path(__file__).parents[2] / "docs" / "errors.md"
STUDY = HEAD + DATA + COHORT + COMPARISON + VALUE


def refused(call: Callable[[], object]) -> str:
    try:
        call()
    except EnplanError as error:
        return str(error)
    raise AssertionError("nothing was refused")


def checked(folder: Path, text: str, **files: pd.DataFrame) -> str:
    """Return what a check of a study says, however it says it."""
    made = write_study(folder, text, **files)
    try:
        return "\n".join(check(load_study(made)))
    except EnplanError as error:
        return str(error)


def people(**columns: object) -> pd.DataFrame:
    return small_data()["people"].assign(**columns)


def of_files(folder: Path) -> Iterator[str]:
    write_study(folder, STUDY)
    yield refused(lambda: surveys.read(folder / "wave3.csv"))
    (folder / "wave1.doc").write_text("x")
    yield refused(lambda: surveys.read(folder / "wave1.doc"))
    (folder / "cpr.csv").write_text("id;note\na1;ring 010170-1234\na2;\n")
    yield refused(lambda: surveys.read(folder / "cpr.csv"))
    yield reason(PermissionError(13, "Permission denied", "wave1.xlsx"))
    wave = small_data()["wave1"]
    answers = load(folder / "words")["answers"]
    for changed in (
        wave.rename(columns={"trust_1": "tillid_1"}),
        wave.assign(trust_1=[9, *wave["trust_1"][1:]]),
        wave.assign(person_id=["a1", "a1", *wave["person_id"][2:]]),
        wave.assign(answered="01-02-2018"),
    ):
        changed.to_csv(folder / "wave1.csv", index=False)
        yield refused(lambda: surveys.read_wave(folder / "wave1.csv", answers, 1))


def of_the_study_file(folder: Path) -> Iterator[str]:
    yield checked(folder, STUDY.replace("caliper", "calipper"))
    yield checked(folder, STUDY.replace('"age", "female"', '"alder"'))
    yield checked(folder, STUDY.replace('design = "observational"\n', ""))
    yield checked(folder, STUDY.replace('file = "people.csv"', 'file = "poeple.csv"'))
    yield checked(folder, description() + COHORT)
    yield refused(lambda: load_study(folder / "nowhere"))


def of_the_comparison(folder: Path) -> Iterator[str]:
    yield checked(folder, STUDY, people=people(programme=0))
    apart = people()
    apart["school"] = apart["programme"] + 1
    yield checked(folder, STUDY.replace('"female"', '"school"'), people=apart)
    yield checked(folder, STUDY.replace('"income"\nunit', '"note"\nunit'))


def of_results(folder: Path) -> Iterator[str]:
    yield checked(folder, STUDY + "[disclosure]\nmin_cell = 2\n")
    made = write_study(folder, HEAD + DATA + WAVES + COHORT + COMPARISON + VALUE)
    results = run(load_study(made), folder / "results")
    with (results.folder / "effects.csv").open("a") as table:
        table.write("x\n")
    yield refused(lambda: Results.load(results.folder))
    yield refused(lambda: Results.load(folder))


FAMILIES: Mapping[str, Callable[[Path], Iterator[str]]] = {
    "Files": of_files,
    "The study file": of_the_study_file,
    "The comparison": of_the_comparison,
    "Results": of_results,
}
BLOCK = re.compile(r"^```text\n(.*?)^```", re.MULTILINE | re.DOTALL)


def said(title: str, folder: Path) -> list[str]:
    """Return what the program says in each situation of a family."""
    return [one.replace(str(folder), "…") for one in FAMILIES[title](folder)]


def section(page: str, title: str) -> str:
    """Return the part of the page that is about a family."""
    return page.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def main() -> None:
    """Write anew what the page quotes."""
    page = PAGE.read_text("utf-8")
    for title in FAMILIES:
        with tempfile.TemporaryDirectory() as folder:
            messages = iter(said(title, Path(folder)))
        own = section(page, title)
        made = BLOCK.sub(lambda _, told=messages: f"```text\n{next(told)}\n```", own)
        page = page.replace(own, made)
    PAGE.write_text(page, "utf-8")


if __name__ == "__main__":
    main()
