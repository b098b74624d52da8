"""Prose and outputs put together again."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from reports.engines.builtin.compose import escape, slim_pictures
from reports.engines.builtin.convert import parse_markdown
from reports.engines.builtin.qmd import parse


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


def test_a_drawing_of_a_cell_loses_its_time_and_another_picture_keeps_all(
    tmp_path: Path,
) -> None:
    page = tmp_path / "x.qmd"
    page.write_text("---\ntitle: x\n---\n", encoding="utf-8")
    (tmp_path / "figures").mkdir()
    drawn, foreign = (tmp_path / "figures" / f"{name}.svg" for name in "ab")
    time = "<metadata><dc:date>2026</dc:date><dc:title>Matplotlib v3</dc:title></metadata>"
    drawn.write_text(f"<svg>{time}<g/></svg>", encoding="utf-8")
    foreign.write_text("<svg><style>a {}</style></svg>", encoding="utf-8")
    slim_pictures(parse(page))
    assert "2026" not in drawn.read_text(encoding="utf-8")
    assert foreign.read_text(encoding="utf-8") == "<svg><style>a {}</style></svg>"
