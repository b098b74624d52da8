"""Markdown through one filter of the extension, as both engines run it."""

from __future__ import annotations

import subprocess

import pypandoc

from reports.staging import PROJECT


def filtered(markdown: str, to: str, name: str, *, source: str = "markdown") -> str:
    """Return what a filter makes of a text; AssertionError with what it says if it stops."""
    command = [pypandoc.get_pandoc_path(), f"--from={source}", f"--to={to}", "--wrap=none"]
    command.append(f"--lua-filter={PROJECT / '_extensions' / 'vive' / name}")
    done = subprocess.run(command, input=markdown.encode(), capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode().replace("\r", "")
