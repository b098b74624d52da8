"""The keys of the project, the extension and a document's header."""

from __future__ import annotations

from pathlib import Path

import pytest

from data_dictionary.errors import RenderError
from reports.engines.builtin.qmd import parse
from reports.engines.builtin.settings import read_project
from reports.staging import PROJECT


def copy_project(folder: Path, old: str, new: str) -> Path:
    for name in ("_quarto.yml", "_extensions/vive/_extension.yml"):
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        text = (PROJECT / name).read_text(encoding="utf-8")
        target.write_text(text.replace(old, new), encoding="utf-8")
    return folder


def test_shipped_project_is_understood() -> None:
    project = read_project(PROJECT)
    assert project.figure_size == (6.3, 3.4)
    assert project.figure_dpi == 300
    before, after = project.filters()
    assert [path.name for path in before] == ["vive.lua"]
    assert [path.name for path in after] == ["page.lua", "floats.lua", "alt.lua"]
    assert all(path.is_file() for path in (*before, *after))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "toc-title",
            "toc-titel",
            "_quarto.yml:16: 'toc-titel' is not a key of a project. Did you mean 'toc-title'?",
        ),
        (
            "echo: false",
            "echo: true",
            "_quarto.yml:20: execute: echo = true is not allowed; allowed: false",
        ),
        (
            "lang: da-DK",
            "lang: da",
            "_quarto.yml:13: lang = 'da' is not allowed; allowed: 'da-DK'",
        ),
        (
            "theme: none",
            "theme: cosmo",
            "_extension.yml:25: contributes: formats: html: theme = 'cosmo' is not allowed",
        ),
        (
            "execute:\n",
            "execute: fast\nfreeze:\n",
            "_quarto.yml:19: execute: is not a table of keys and values",
        ),
    ],
)
def test_unknown_key_or_value_is_refused_with_its_line(
    old: str, new: str, message: str, tmp_path: Path
) -> None:
    with pytest.raises(RenderError) as caught:
        read_project(copy_project(tmp_path, old, new))
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("header", "message"),
    [
        ("title: [", "doc.qmd:2: not valid YAML"),
        (
            "title: A\nsubtitel: B",
            "doc.qmd:3: 'subtitel' is not a key of a header. Did you mean 'subtitle'?",
        ),
        ("title: A\nformat: html", "doc.qmd:3: 'format' is not a key of a header"),
        ("- a", "doc.qmd:2: expected 'key: value' lines"),
    ],
)
def test_header_of_a_document_is_checked(header: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "doc.qmd"
    path.write_text(f"---\n{header}\n---\n\n# A\n", encoding="utf-8")
    with pytest.raises(RenderError) as caught:
        parse(path)
    assert message in str(caught.value)
