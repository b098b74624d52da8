"""Which engine is chosen, what is refused, and what stays when rendering fails."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import reports
from data_dictionary.errors import DataError, RenderError
from reports.engines import quarto as engine_quarto
from reports.formats import FORMATS
from reports.rendering import Rendered, _choose, formats_of, made_of, render_project
from reports.staging import PROJECT
from surveys.files.placing import RECORD


def test_result_maps_formats_to_files_and_names_its_engine(rendered: Rendered) -> None:
    assert list(rendered) == ["html", "pdf", "docx"]
    assert [path.name for path in rendered.values()] == [
        "prøve.html",
        "prøve.pdf",
        "prøve.docx",
    ]
    assert all(path.is_file() for path in rendered.values())
    assert (rendered.engine, rendered.reason) == ("builtin", "asked for")


def test_output_folder_holds_nothing_but_the_report_and_the_record_of_it(
    rendered: Rendered,
) -> None:
    names = {path.name for path in rendered["html"].parent.iterdir()}
    assert names == {"prøve.html", "prøve.pdf", "prøve.docx", "tilgængelighed.md", RECORD}


def test_an_edited_report_is_kept_beside_the_new_one(render_text: Any, tmp_path: Path) -> None:
    made = render_text("# Et\n")
    (tmp_path / "out" / "doc.html").write_text("edited by hand", encoding="utf-8")
    shutil.rmtree(tmp_path / "project")
    shutil.rmtree(tmp_path / "results")
    made = render_text("# To\n")
    assert made.kept == (tmp_path / "out" / "doc.previous.html",)
    assert made.kept[0].read_text(encoding="utf-8") == "edited by hand"
    assert "To" in made["html"].read_text(encoding="utf-8")


def test_a_folder_that_cannot_be_written_is_refused_before_a_cell_runs(
    render_text: Any, tmp_path: Path
) -> None:
    (tmp_path / "out").write_text("a file", encoding="utf-8")
    ran = tmp_path / "ran"
    with pytest.raises(OSError, match="out"):
        render_text(f"# A\n\n```{{python}}\nopen({str(ran)!r}, 'w').close()\n```\n")
    assert not ran.exists()


def test_auto_takes_the_engine_that_is_the_same_everywhere(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(engine_quarto, "find", lambda: "/q")
    assert _choose("auto") == ("builtin", "the same bytes on every machine")


def test_results_that_are_none_are_refused_as_data(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"has no manifest\.json"):
        reports.render("main", results=tmp_path, out=tmp_path / "out")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"to": ("html", "odt")}, "'odt' is not a format"),
        ({"to": ()}, "no format asked for"),
        ({"engine": "bultin"}, "engine='bultin' is unknown. Did you mean 'builtin'?"),
        ({"name": "mian"}, "there is no report 'mian'. Did you mean 'main'?"),
        ({"results": Path("/nowhere")}, "there is no results folder"),
    ],
)
def test_wrong_argument_is_refused_with_what_is_right(
    arguments: dict[str, Any], message: str, tmp_path: Path
) -> None:
    given_ = {"name": "main", "results": tmp_path, "out": tmp_path, "engine": "builtin"}
    with pytest.raises(RenderError) as caught:
        render_project(PROJECT, **(given_ | arguments))
    assert message in str(caught.value)


def test_an_unknown_report_is_refused_with_the_nearest_name(tmp_path: Path) -> None:
    with pytest.raises(RenderError, match=r"no report 'mian'\. Did you mean 'main'"):
        reports.render("mian", results=tmp_path, out=tmp_path)


@given(st.lists(st.sampled_from(FORMATS), min_size=1))
def test_formats_are_made_once_each_in_one_order(names: list[str]) -> None:
    assert formats_of(names) == tuple(item for item in FORMATS if item in names)


def test_single_format_may_stand_alone() -> None:
    assert formats_of("pdf") == ("pdf",)


def test_failed_rendering_leaves_the_earlier_report_alone(
    render_text: Any, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "doc.html").write_text("earlier", encoding="utf-8")
    with pytest.raises(RenderError):
        render_text("# A\n\n```{python}\n1 / 0\n```\n")
    assert [path.name for path in out.iterdir()] == ["doc.html"]
    assert (out / "doc.html").read_text(encoding="utf-8") == "earlier"


def test_texts_of_ours_are_made_without_a_kernel_and_drawn_beside_each_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def begin(*_: object) -> None:
        pytest.fail("a kernel was started for a document without a cell")

    monkeypatch.setattr("reports.engines.builtin.execute._run", begin)
    here = Path.cwd()

    def texts() -> dict[str, str]:
        assert Path.cwd() != here
        (Path.cwd() / "a.svg").write_text(SQUARE, "utf-8")
        image = '![En firkant](a.svg){#fig-a fig-alt="En firkant."}'
        index = f"---\ntitle: Prøve\n---\n\n@fig-a viser den.\n\n{image}\n"
        return {"index.qmd": index, "_quarto.yml": (PROJECT / "_quarto.yml").read_text("utf-8")}

    made = made_of(texts, results=tmp_path, to=["pdf", "html"])
    assert list(made) == ["html", "pdf"]
    assert "En firkant." in made["html"].decode()
    assert made["pdf"].startswith(b"%PDF")
    assert Path.cwd() == here


SQUARE = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10">'
    '<rect width="10" height="10"/></svg>'
)
