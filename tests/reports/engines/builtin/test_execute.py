"""A rendering talks to its own kernel through files, wherever its scratch folder is."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.no_network import alone
from tests.reports.conftest import HEADER, make_project, make_results

ROOT = Path(__file__).parents[4]
TEXT = f"{HEADER}# Et\n\nTo og to er `{{python}} 2 + 2`.\n"
RENDER = (
    "import sys; from pathlib import Path; from reports.rendering import render_project\n"
    "project, results, out = map(Path, sys.argv[1:])\n"
    "render_project(project, 'doc', results=results, out=out, engine='builtin')"
)


@pytest.mark.skipif(sys.platform != "linux", reason="network namespaces are Linux's")
@pytest.mark.parametrize("depth", [0, 3], ids=["short path", "path longer than a socket's"])
def test_every_format_is_made_where_there_is_no_network_at_all(
    depth: int, tmp_path: Path
) -> None:
    command = alone()
    if command is None:
        pytest.skip("no right to make an empty network namespace (unshare -n)")
    temporary = tmp_path.joinpath("t", *["a long name of a folder " * 4] * depth)
    temporary.mkdir(parents=True)
    out = tmp_path / "out"
    places = (make_project(tmp_path / "p", TEXT), make_results(tmp_path / "r"), out)
    done = subprocess.run(
        [*command, sys.executable, "-c", RENDER, *map(str, places)],
        capture_output=True,
        check=False,
        env=os.environ | {"PYTHONPATH": str(ROOT), "TMPDIR": str(temporary)},
    )
    assert done.returncode == 0, done.stderr.decode()
    made = {path.name for path in out.iterdir() if path.suffix != ".json"}
    assert made == {"doc.html", "doc.pdf", "doc.docx", "tilgængelighed.md"}
    assert "To og to er 4." in (out / "doc.html").read_text(encoding="utf-8")
    assert list(temporary.iterdir()) == []
