"""What the extension refuses, and what it says of boxes and publication facts."""

from __future__ import annotations

from pathlib import Path

import pytest

from reports.staging import PROJECT
from tests.reports.extension.filtering import filtered


@pytest.mark.parametrize(
    ("markdown", "told"),
    [
        ("Tal: `{python} hest`.", "`{python} hest` was not run"),
        ("Se [det](andet.qmd).", "the link to 'andet.qmd' leads nowhere"),
        ("Se [det](../a/andet.qmd#b).", "the link to '../a/andet.qmd#b' leads nowhere"),
    ],
)
def test_what_no_reader_should_meet_stops_either_engine(markdown: str, told: str) -> None:
    with pytest.raises(AssertionError) as caught:
        filtered(markdown, "html", "vive.lua")
    assert told in str(caught.value)


def test_code_that_is_shown_on_purpose_may_stand() -> None:
    assert "`{python} x`" in filtered("Skriv `` `{python} x` ``.", "html", "vive.lua")


@pytest.mark.parametrize("told", ["en linje", "\n  - en linje"])
def test_one_publication_fact_is_one_line(told: str) -> None:
    made = filtered(f"---\nkolofon: {told}\n---\n\nx", "html", "vive.lua")
    assert made.count("<p>en linje</p>") == 1


@pytest.mark.parametrize("box", ["hovedfund", "boks", "advarsel", "note"])
def test_a_box_is_one_in_a_pdf(box: str) -> None:
    made = filtered(f"::: {{.{box}}}\nTekst.\n:::", "typst", "vive.lua")
    assert made.split() == [f"#vive-{box}[", "Tekst.", "]"]


def test_the_palette_of_a_brand_has_the_names_of_our_colours(tmp_path: Path) -> None:
    text = (
        'color:\n  palette:\n    line: "#00aa00"\n    petrol: "#aa0000"\n    pink: "#ff00ff"\n'
    )
    (tmp_path / "_brand.yml").write_text(f"{text}    rust: red\n", encoding="utf-8")
    (tmp_path / "doc").mkdir()
    extension = PROJECT / "_extensions" / "vive"
    for folder in (tmp_path, tmp_path / "doc"):
        made = filtered(
            "---\ntitle: T\n---\n\nx",
            "html",
            "vive.lua",
            f"--template={extension / 'document.html'}",
            folder=folder,
        )
        assert ":root { --line: #00aa00; --petrol: #aa0000; }" in made
    made = filtered(
        "x",
        "typst",
        "vive.lua",
        f"--template={extension / 'typst-template.typ'}",
        folder=tmp_path,
    )
    ours = made.index('#let petrol = rgb("#1b4b5a")')
    assert made.index('#let petrol = rgb("#aa0000")') > ours
    assert '#let line-grey = rgb("#00aa00")' in made
