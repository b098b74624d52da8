"""A demonstration's page, opened in Chromium once: `make browser`."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(scope="session")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the report of a small demonstration, or take the one that PAGE names."""
    if "PAGE" in os.environ:
        return Path(os.environ["PAGE"])
    out = tmp_path_factory.mktemp("demo")
    command = [sys.executable, "-m", "reports", "demo", "--persons", "2000", "--out", str(out)]
    subprocess.run(command, check=True, capture_output=True)
    return out / "report" / "main.html"


@pytest.fixture(scope="session")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    named = os.environ.get("PICTURES")
    return Path(named) if named else tmp_path_factory.mktemp("seen")


@pytest.fixture(scope="session")
def found(page: Path, out: Path) -> dict[str, Any]:
    """Return what the browser met."""
    tools = os.environ.get("BROWSER_TOOLS")
    if tools is None:
        pytest.skip("needs playwright-core and axe-core: make browser")
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    assert program, "make browser needs Chromium: apt-get install chromium"
    script = Path(__file__).parent / "look.mjs"
    done = subprocess.run(
        ["node", str(script), tools, program, str(page), str(out)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    read: dict[str, Any] = json.loads((out / "found.json").read_text(encoding="utf-8"))
    return read
