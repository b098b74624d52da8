"""An edition has its own values where the parameters stand, and every line keeps its number."""

from __future__ import annotations

from pathlib import Path

import pytest

from data_dictionary.errors import RenderError
from reports.parameters import parsed, replace
from reports.rendering import render_project
from tests.reports.conftest import HEADER, make_project, make_results

CELL = """```{python}
#| tags: [parameters]
kommune = "Århus"; antal: int = 3  # og en bemærkning
uger = [
    26,
    52,
]
navn = f"{kommune} kommune"
```
"""
OTHER = '\n```{python}\nkommune_igen = kommune\n```\n\n`{python} f"{navn}: {antal}, {uger}"`\n'


def test_values_stand_where_the_defaults_stood(tmp_path: Path) -> None:
    path = tmp_path / "index.qmd"
    path.write_text(CELL + OTHER, encoding="utf-8")
    replace(tmp_path, {"kommune": "Sønderborg '1'", "uger": [4]})
    made = path.read_text(encoding="utf-8")
    changed = CELL.replace('"Århus"', "\"Sønderborg '1'\"")
    changed = changed.replace("[\n    26,\n    52,\n]\n", "[4]\n\n\n\n")
    assert made == changed + OTHER


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"komune": "x"}, "no parameter 'komune'. Did you mean 'kommune'?"),
        ({"kommune_igen": "x"}, "Parameters: antal, kommune, navn, uger."),
    ],
)
def test_a_value_without_a_parameter_is_refused(
    values: dict[str, object], told: str, tmp_path: Path
) -> None:
    (tmp_path / "index.qmd").write_text(CELL + OTHER, encoding="utf-8")
    with pytest.raises(RenderError) as caught:
        replace(tmp_path, values)
    assert told in str(caught.value)


def test_a_report_without_parameters_says_how_to_have_them(tmp_path: Path) -> None:
    (tmp_path / "index.qmd").write_text(OTHER, encoding="utf-8")
    with pytest.raises(RenderError, match=r"none; a cell needs '#\| tags: \[parameters\]'"):
        replace(tmp_path, {"kommune": "x"})


@pytest.mark.parametrize("told", ["kommune", "1=2", "=x"])
def test_what_is_no_pair_is_refused(told: str) -> None:
    with pytest.raises(RenderError, match=r"is no parameter; write NAME=VALUE"):
        parsed([told])


def test_values_are_read_as_toml_or_are_texts() -> None:
    told = ["a=7", "b=true", "c=751 Aarhus", 'd="7"', "e=2020-01-01", "f="]
    values = {"a": 7, "b": True, "c": "751 Aarhus", "d": "7", "e": "2020-01-01", "f": ""}
    assert parsed(told) == values


def test_an_edition_is_rendered_and_the_report_is_as_it_was(tmp_path: Path) -> None:
    project = make_project(tmp_path / "p", f"{HEADER}# A\n\n{CELL}{OTHER}")
    results = make_results(tmp_path / "r")
    for name, values in (("a", {}), ("b", {"kommune": "Odense", "antal": 4})):
        made = render_project(
            project,
            "doc",
            results=results,
            out=tmp_path / name,
            to=("html",),
            engine="builtin",
            parameters=values,
        )
        shown = "Odense kommune: 4, [26, 52]" if values else "Århus kommune: 3, [26, 52]"
        assert shown in made["html"].read_text(encoding="utf-8")
