"""A page beside a report holds texts as texts."""

from __future__ import annotations

from pathlib import Path

from reports.pages import grid, page, texts_of


def test_a_page_has_its_title_and_its_table_in_the_house_style(tmp_path: Path) -> None:
    body = f"Indledning.\n\n{grid(('Navn', 'Tal'), [('<i>a|b</i> $x$', 3), ('', None)])}"
    made = page('Et "navn"', body, results=tmp_path)
    text = made["html"].decode()
    assert list(made) == ["html"]
    assert '<h1 class="title">Et' in text
    assert "<td>3</td>" in " ".join(text.split()).replace(' style="text-align: left;"', "")
    assert "&lt;i&gt;a|b&lt;/i&gt; $x$" in text
    assert "TOC" not in text.partition("<body>")[2]


def test_a_longer_one_has_contents() -> None:
    assert "\ntoc: true\n" in texts_of("x", "y", has_contents=True)["_quarto.yml"]
    assert "\ntoc: false\n" in texts_of("x", "y")["_quarto.yml"]
