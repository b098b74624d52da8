"""The scratch copy of the project."""

from __future__ import annotations

from pathlib import Path

import pytest

from data_dictionary.errors import RenderError
from reports.staging import PROJECT, stage, stage_authored


def test_copy_holds_one_document_and_what_it_needs() -> None:
    with stage("main") as staged:
        names = sorted(path.name for path in staged.project.iterdir())
        assert names == ["_extensions", "_quarto.yml", "main", "project"]
        assert staged.document.read_bytes() == (PROJECT / "main" / "main.qmd").read_bytes()
        fonts = staged.project / "_extensions" / "vive" / "fonts"
        assert len(list(fonts.glob("*.ttf"))) == 4
        assert (fonts / "OFL.txt").is_file()
    assert not staged.scratch.exists()


def test_all_that_a_document_may_refer_to_is_staged_and_no_other_document(
    tmp_path: Path,
) -> None:
    beside = {"_faelles.qmd", "_variables.yml", "_quarto-intern.yml", "_brand.yml", "refs.bib"}
    folders = ("doc/doc.qmd", "andet/andet.qmd", "billeder/a.png", "doc/out/doc.pdf")
    for name in (*beside, "_quarto.yml", *folders):
        (tmp_path / name).parent.mkdir(exist_ok=True, parents=True)
        (tmp_path / name).write_text(name)
    with stage("doc", tmp_path) as staged:
        names = {path.name for path in staged.project.iterdir()}
        assert names == beside | {"_quarto.yml", "_extensions", "doc", "billeder"}
        assert [path.name for path in staged.document.parent.iterdir()] == ["doc.qmd"]


def test_a_report_that_persons_write_is_staged_with_all_it_may_refer_to(tmp_path: Path) -> None:
    for name in ("index.qmd", "_del.qmd", "_variables.yml", "refs.bib", "billeder/a.png"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name)
    (tmp_path / "out").mkdir()
    (tmp_path / ".quarto").mkdir()
    with stage_authored(tmp_path) as staged:
        names = {path.name for path in staged.project.iterdir()}
        own = {"index.qmd", "_del.qmd", "_variables.yml", "refs.bib", "billeder"}
        assert names == own | {"_extensions"}
        assert staged.document.read_text() == "index.qmd"


def test_unknown_report_is_refused_with_the_nearest_name() -> None:
    with (
        pytest.raises(RenderError, match=r"no report 'mian'\. Did you mean 'main'"),
        stage("mian"),
    ):
        pass


def test_no_python_file_stands_beside_a_document() -> None:
    # The kernel starts in that folder, and it comes first on the kernel's path.
    # What `quarto use template` copies is rendered elsewhere.
    folders = {path.parent for path in PROJECT.glob("*/**/*.qmd")}
    assert folders
    assert not [path for folder in folders for path in Path(folder).glob("*.py")]
