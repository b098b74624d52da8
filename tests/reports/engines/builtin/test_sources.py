"""Includes and variables are put in their places, and each line keeps where it was written."""

from __future__ import annotations

from pathlib import Path

import pytest

from data_dictionary.errors import RenderError
from reports.engines.builtin.qmd import parse


def project(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        path = folder / f"{name.replace('__', '.')}"
        path.write_text(text, encoding="utf-8")
    return folder / "index.qmd"


HEADER = "---\ntitle: A\n---\n\n"


def test_what_is_included_keeps_its_file_and_line(tmp_path: Path) -> None:
    index = project(
        tmp_path,
        index__qmd=f"{HEADER}# En\n\n{{{{< include _a.qmd >}}}}\n\nslut\n",
        _a__qmd="<!-- to\nlinjer -->\nTal: `{python} 1`\n\n```{python}\n2\n```\n",
    )
    document = parse(index)
    (cell,) = document.cells
    assert (cell.line.path.name, cell.line.number) == ("_a.qmd", 5)
    prose = document.parts[0]
    ((line, expression),) = prose.expressions()  # type: ignore[union-attr]
    assert (line.path.name, line.number, expression) == ("_a.qmd", 3, "1")
    assert document.place_of("slut") == (index, 9)
    assert document.place_of("linjer") == (index, 0)


def test_a_variable_stands_for_its_text(tmp_path: Path) -> None:
    index = project(
        tmp_path,
        index__qmd=f"{HEADER}Ring til {{{{< var kontakt.navn >}}}}.\n",
        _variables__yml="kontakt:\n  navn: Anne\n",
    )
    assert "Ring til Anne." in parse(index).parts[0].text  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (
            "{{< include _b.qmd >}}",
            "index.qmd:5: there is no file '_b.qmd' to include. Did you",
        ),
        ("{{< include ../x.qmd >}}", "index.qmd:5: include of '../x.qmd' from elsewhere"),
        ("{{< include _loop.qmd >}}", "_loop.qmd:2: '_loop.qmd' includes itself"),
        ("{{< include _wrong.qmd >}}", "_wrong.qmd:1: executable block '{r}'"),
        ("{{< var navn >}}", "index.qmd:5: there is no variable 'navn' in _variables.yml"),
    ],
)
def test_what_cannot_be_found_is_named_with_file_and_line(
    text: str, what: str, tmp_path: Path
) -> None:
    index = project(
        tmp_path,
        index__qmd=f"{HEADER}{text}\n",
        _a__qmd="a\n",
        _loop__qmd="a\n{{< include _loop.qmd >}}\n",
        _wrong__qmd="```{r}\n1\n```\n",
    )
    with pytest.raises(RenderError) as caught:
        parse(index)
    assert what in str(caught.value)
