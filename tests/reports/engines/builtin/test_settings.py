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
    assert [path.name for path in before] == ["callouts.lua", "vive.lua"]
    assert [path.name for path in after] == ["page.lua", "word.lua", "pdf.lua"]
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
            "_extension.yml:27: contributes: formats: html: theme = 'cosmo' is not allowed",
        ),
        (
            "execute:\n",
            "execute: fast\nfreeze:\n",
            "_quarto.yml:19: execute: is not a table of keys and values",
        ),
        (
            "css: vive.css",
            "css: {a: b}",
            "_extension.yml:29: contributes: formats: html: css = {'a': 'b'} is not a text",
        ),
        ("fig-width: 6.3", "fig-width: bred", "fig-width = 'bred' is not a number"),
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
        ("title: [A, B]", "doc.qmd:2: title = ['A', 'B'] is not a text"),
        ("title: A\npublisher: 7", "doc.qmd:3: publisher = 7 is not a text"),
        (
            "title: A\nauthor:\n  - name: B",
            "doc.qmd:3: author = [{'name': 'B'}] is not a text in quotes",
        ),
        ("title: A\nauthor: true", "doc.qmd:3: author = true is not a text in quotes"),
    ],
)
def test_header_of_a_document_is_checked(header: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "doc.qmd"
    path.write_text(f"---\n{header}\n---\n\n# A\n", encoding="utf-8")
    with pytest.raises(RenderError) as caught:
        parse(path)
    assert message in str(caught.value)


def test_what_quarto_would_read_beside_the_settings_is_read_or_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = copy_project(tmp_path, "x", "x")
    brand = project / "_brand.yml"
    brand.write_text('color:\n  palette:\n    petrol: "#aa0000"\n', encoding="utf-8")
    (project / "_quarto-intern.yml").write_text("toc: false\n", encoding="utf-8")
    assert read_project(project).folder == project
    (project / "doc").mkdir()
    (project / "doc" / "_metadata.yml").write_text("lang: en\n", encoding="utf-8")
    brand.write_text("color:\n  palette:\n    pink: '#aa0000'\nlogo: a.png\n", encoding="utf-8")
    monkeypatch.setenv("QUARTO_PROFILE", "intern")
    with pytest.raises(RenderError) as caught:
        read_project(project)
    for told in (
        "_metadata.yml:1: settings beside those of _quarto.yml",
        "_quarto-intern.yml:1: settings beside those of _quarto.yml",
        "_brand.yml:3: color: palette: 'pink' is not a key of this section",
        "_brand.yml:4: 'logo' is not read of a brand.",
    ):
        assert told in str(caught.value)
