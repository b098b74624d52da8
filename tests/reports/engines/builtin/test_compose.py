"""Prose and outputs put together again."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from reports.engines.builtin.compose import escape, slim
from reports.engines.builtin.convert import parse_markdown


@settings(deadline=None, max_examples=15)
@given(
    text=st.text(
        st.characters(min_codepoint=33, max_codepoint=382, blacklist_characters="\x7f\xa0\xad"),
        min_size=1,
    )
)
def test_escaped_text_is_read_back_as_it_was(text: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        tree = parse_markdown(f"x{escape(text)}x", {}, Path(folder))
    words = [node["c"] for node in tree["blocks"][0]["c"] if node["t"] == "Str"]
    assert "".join(words) == f"x{text}x", json.dumps(tree)


def test_escaped_text_stays_in_one_paragraph() -> None:
    assert escape("a\n\nb") == "a  b"


def test_slim_picture_loses_time_and_decimals_but_no_scale() -> None:
    svg = (
        '<svg><metadata><dc:date>2026</dc:date></metadata><g transform="scale(0.015625)">'
        '<path d="M 1.23456 -0.00012 L 10.00049 3"/></g></svg>'
    )
    assert slim(svg) == (
        '<svg><g transform="scale(0.015625)"><path d="M 1.23 0 L 10 3"/></g></svg>'
    )
