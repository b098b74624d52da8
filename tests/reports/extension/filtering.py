"""Markdown through one filter of the extension, as both engines run it."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pypandoc

from reports.staging import PROJECT


def filtered(
    markdown: str, to: str, name: str, *arguments: str, folder: Path | None = None
) -> str:
    """Return what a filter makes of a text; AssertionError with what it says if it stops."""
    command = [pypandoc.get_pandoc_path(), f"--to={to}", "--wrap=none"]
    command.append(f"--lua-filter={PROJECT / '_extensions' / 'vive' / name}")
    command += arguments
    done = subprocess.run(
        command, input=markdown.encode(), capture_output=True, check=False, cwd=folder
    )
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode().replace("\r", "")
