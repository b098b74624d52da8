"""Every message that the page on errors quotes is one that the program still gives."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.docs.errors_page import BLOCK, FAMILIES, PAGE, said, section


@pytest.mark.parametrize("title", FAMILIES)
def test_messages_of_a_family_are_the_programs_own(title: str, tmp_path: Path) -> None:
    quoted = BLOCK.findall(section(PAGE.read_text("utf-8"), title))
    # If this fails: python -m tests.docs.errors_page
    assert [one.rstrip("\n") for one in quoted] == said(title, tmp_path)
