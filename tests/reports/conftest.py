"""A small project with our extension, for tests of the engines."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import reports
from reports.rendering import Rendered, render_project

PACKAGE = Path(reports.__file__).parent
FIXTURE = Path(__file__).parent / "fixture" / "prøve"

HEADER = '---\ntitle: "Prøve"\ndate: 2026-11-22\n---\n\n'


def make_project(folder: Path, document: Path | str) -> Path:
    """Return a project with one document: a folder, or the text of a file called ``doc``."""
    folder.mkdir(parents=True)
    shutil.copytree(PACKAGE / "_extensions", folder / "_extensions")
    shutil.copy(PACKAGE / "_quarto.yml", folder)
    if isinstance(document, Path):
        shutil.copytree(document, folder / document.name)
    else:
        (folder / "doc").mkdir()
        (folder / "doc" / "doc.qmd").write_text(document, encoding="utf-8")
    return folder


def make_results(folder: Path) -> Path:
    """Return a results folder with the one number that the fixture shows."""
    folder.mkdir(parents=True)
    (folder / "number.txt").write_text("7.7", encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Rendered:
    """Render the fixture once, in folders with blanks and Danish letters."""
    root = tmp_path_factory.mktemp("mappe med æøå")
    return render_project(
        make_project(root / "et projekt", FIXTURE),
        "prøve",
        results=make_results(root / "resultater på dansk"),
        out=root / "ud til læser",
        engine="builtin",
    )


@pytest.fixture
def render_text(tmp_path: Path) -> Callable[..., Rendered]:
    """Return a function that renders a document given as text."""

    def render(text: str, to: tuple[str, ...] = ("html",)) -> Rendered:
        project = make_project(tmp_path / "project", HEADER + text)
        results = make_results(tmp_path / "results")
        out = tmp_path / "out"
        return render_project(project, "doc", results=results, out=out, to=to, engine="builtin")

    return render


@pytest.fixture(autouse=True)
def _drawn_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let chapters write their figures into a folder that goes when the test is over."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MPLBACKEND", "agg")


@pytest.fixture(scope="module")
def unsaved() -> Iterator[None]:
    """Make drawings without writing them, where a test reads the words around them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("reports.markdown.as_svg", lambda *_: "<svg></svg>")
        patch.setattr("matplotlib.figure.Figure.savefig", lambda *_, **__: None)
        yield
