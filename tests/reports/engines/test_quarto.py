"""The Quarto program, played by a script that writes down how it was called."""

from __future__ import annotations

import json
import os
import stat
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from data_dictionary.errors import RenderError
from reports.engines import quarto as engine_quarto
from reports.rendering import Rendered, render_project
from reports.staging import PROJECT
from tests.reports.conftest import make_project

SCRIPT = """#!{python}
import json, os, pathlib, sys
if sys.argv[1:] == ["--version"]:
    print("{version}")
    sys.exit(0)
log = pathlib.Path({log!r})
spec = pathlib.Path(os.environ["JUPYTER_PATH"], "kernels", "python3", "kernel.json")
names = ["QUARTO_PYTHON", "ENPLAN_RESULTS", "SOURCE_DATE_EPOCH"]
call = {{
    "arguments": sys.argv[1:],
    "folder": os.getcwd(),
    "kernel": json.loads(spec.read_text())["argv"][0],
    "files": sorted(p.name for p in pathlib.Path().iterdir()),
    **{{name: os.environ.get(name) for name in names}},
}}
with log.open("a") as lines:
    print(json.dumps(call), file=lines)
{behaviour}
"""

WRITES = """
suffix = {"vive-html": "html", "vive-typst": "pdf", "vive-docx": "docx"}[sys.argv[4]]
target = pathlib.Path("out", sys.argv[2]).with_suffix("." + suffix)
target.parent.mkdir(parents=True, exist_ok=True)
target.write_text("made by Quarto")
"""

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the stand-in is a POSIX script")


@pytest.fixture
def quarto(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Callable[..., Rendered]]:
    """Return a function that installs a stand-in and returns one that renders with it."""

    def install(behaviour: str = WRITES, version: str = "1.9.38") -> Callable[..., Rendered]:
        program = tmp_path / "et program" / "quarto"
        program.parent.mkdir()
        program.write_text(
            SCRIPT.format(
                python=sys.executable,
                log=str(tmp_path / "log.jsonl"),
                behaviour=behaviour,
                version=version,
            )
        )
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
        monkeypatch.setenv("QUARTO_PATH", str(program))

        def render(engine: str = "quarto", to: tuple[str, ...] = ("html", "pdf")) -> Rendered:
            results, out = tmp_path, tmp_path / "ud æøå"
            return render_project(
                PROJECT, "main", results=results, out=out, to=to, engine=engine
            )

        return render

    return install


def calls(folder: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in (folder / "log.jsonl").read_text().splitlines()]


def test_program_is_called_once_per_format_in_the_staged_project(
    quarto: Callable[..., Callable[..., Rendered]], tmp_path: Path
) -> None:
    when = {"finished": "2026-12-01T00:00:00+00:00"}
    (tmp_path / "manifest.json").write_text(json.dumps(when), encoding="utf-8")
    made = quarto()()
    assert made.engine == "quarto"
    assert made["pdf"].read_text() == "made by Quarto"
    first, second = calls(tmp_path)
    asked = [["render", "main/main.qmd", "--to", to] for to in ("vive-html", "vive-typst")]
    engine = ["-M", "jupyter:python3"]
    assert [first["arguments"], second["arguments"]] == [[*one, *engine] for one in asked]
    assert first["QUARTO_PYTHON"] == sys.executable
    assert first["kernel"] == sys.executable
    assert first["ENPLAN_RESULTS"] == str(tmp_path)
    assert first["SOURCE_DATE_EPOCH"] == "1796083200"
    assert first["files"] == ["_extensions", "_quarto.yml", "main", "project"]
    assert not Path(str(first["folder"])).exists()


@pytest.mark.parametrize("date", ["2026-11-22", '"2026-11-22"'])
def test_the_date_of_a_header_is_when_the_files_were_made(
    date: str, quarto: Callable[..., Callable[..., Rendered]], tmp_path: Path
) -> None:
    quarto()
    project = make_project(tmp_path / "p", f"---\ntitle: A\ndate: {date}\n---\n\n# A\n")
    render_project(
        project, "doc", results=tmp_path, out=tmp_path / "o", to="pdf", engine="quarto"
    )
    (call,) = calls(tmp_path)
    assert call["SOURCE_DATE_EPOCH"] == "1795348800"
    assert call["arguments"][-2:] == ["-M", "date-meta:2026-11-22"]  # type: ignore[index]


def test_failing_cell_is_reported_with_its_last_line_and_nothing_is_written(
    quarto: Callable[..., Callable[..., Rendered]], tmp_path: Path
) -> None:
    failing = """
print("Cell 2/7: 'fig-kurve'...", file=sys.stderr)
print("Traceback (most recent call last)\\n  File x\\nKeyError: 'effects.csv'", file=sys.stderr)
sys.exit(1)
"""
    with pytest.raises(RenderError) as caught:
        quarto(failing)()
    expected = "main.qmd: Quarto failed. cell 'fig-kurve': KeyError: 'effects.csv'"
    assert str(caught.value) == expected
    assert not (tmp_path / "ud æøå").exists()


@pytest.mark.parametrize(
    "behaviour",
    [
        WRITES + "print('WARNING: Unable to resolve crossref @fig-x', file=sys.stderr)",
        WRITES + "target.write_text('<strong>?@fig-x</strong>')",
    ],
)
def test_unresolved_reference_is_an_error_though_quarto_says_fine(
    behaviour: str, quarto: Callable[..., Callable[..., Rendered]]
) -> None:
    with pytest.raises(RenderError, match="reference without target"):
        quarto(behaviour)()


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (
            "WARN: x\nERROR: Include directive failed.\n  in file doc.qmd,\n  no such file."
            "\n\nStack trace:\n    at retrieve (file:///quarto.js:1:2)\n",
            "Include directive failed. / in file doc.qmd, / no such file.",
        ),
        (
            "ERROR: error: PDF/UA-1 error: missing alt text\nERROR: Typst compilation failed\n",
            "error: PDF/UA-1 error: missing alt text / Typst compilation failed",
        ),
        ("a\nb\n", "a / b"),
    ],
)
def test_what_quarto_says_is_told_without_its_own_stack(
    said: str, told: str, quarto: Callable[..., Callable[..., Rendered]]
) -> None:
    failing = f"print({said!r}, file=sys.stderr)\nsys.exit(1)"
    with pytest.raises(RenderError) as caught:
        quarto(failing)()
    assert str(caught.value) == f"main.qmd: Quarto failed. {told}"


def test_missing_output_is_an_error(quarto: Callable[..., Callable[..., Rendered]]) -> None:
    with pytest.raises(RenderError, match="Quarto wrote no html"):
        quarto("print('nothing to do')")()


def test_program_that_is_asked_for_but_missing_is_an_error(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("QUARTO_PATH", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert engine_quarto.find() is None
    with pytest.raises(RenderError, match=r"Install Quarto 1\.9, or use engine 'builtin'"):
        render_project(PROJECT, "main", results=tmp_path, out=tmp_path, engine="quarto")


def test_a_program_that_is_too_old_is_an_error(
    quarto: Callable[..., Callable[..., Rendered]],
) -> None:
    render = quarto(version="1.7.34")
    assert engine_quarto.version(str(engine_quarto.find())) == (1, 7)
    with pytest.raises(RenderError, match=r"needs Quarto 1\.9, and .* is 1\.7"):
        render()
