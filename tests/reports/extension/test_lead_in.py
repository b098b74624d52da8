"""What leads to a list stands on its page; another paragraph is as it was."""

from __future__ import annotations

import subprocess

import pypandoc

from reports.staging import PROJECT

FILTER = PROJECT / "_extensions" / "vive" / "vive.lua"


def as_typst(markdown: str) -> str:
    command = [pypandoc.get_pandoc_path(), "--from=markdown", "--to=typst"]
    command.append(f"--lua-filter={FILTER}")
    done = subprocess.run(command, input=markdown.encode(), capture_output=True, check=True)
    return done.stdout.decode().replace("\n\n", "\n").replace("\r", "")


def test_a_paragraph_that_leads_to_a_list_is_held_to_it() -> None:
    made = as_typst("Der er to:\n\n- a\n- b\n\nSlut.")
    assert made.startswith("#block(sticky: true)[\nDer er to:\n]\n- a\n- b\n")
    assert made.endswith("Slut.\n")


def test_another_paragraph_is_not() -> None:
    assert "sticky" not in as_typst("Der er to.\n\n- a\n- b\n\nDer er flere:\n\nTekst.")
