"""A callout is a box with a title, in every format and with either engine."""

from __future__ import annotations

import pytest

from tests.reports.extension.filtering import filtered


def as_html(markdown: str) -> str:
    return " ".join(filtered(markdown, "html", "callouts.lua").split())


@pytest.mark.parametrize(
    ("markdown", "title"),
    [
        (
            '::: {.callout-note title="Læs *det* & \\"alt\\""}\nTekst.\n:::',
            "Læs <em>det</em> &amp;",
        ),
        ("::: {.callout-note}\n## Læs [det](#x)\n\nTekst.\n:::", 'Læs <a href="#x">det</a>'),
        ("::: {.callout-important}\nTekst.\n:::", "Vigtigt"),
        ("---\nlang: en-GB\n---\n\n::: {.callout-caution}\nTekst.\n:::", "Caution"),
    ],
)
def test_the_title_is_told_or_is_the_word_for_the_kind(markdown: str, title: str) -> None:
    made = as_html(markdown)
    assert f"<p><strong>{title}" in made
    assert made.endswith("<p>Tekst.</p> </div>")
    assert "<h" not in made


def test_a_kind_that_warns_is_another_box() -> None:
    kinds = ("note", "tip", "important", "warning", "caution")
    classes = [as_html(f"::: {{.callout-{kind}}}\nx\n:::")[:20] for kind in kinds]
    boks, advarsel = '<div class="boks"> <', '<div class="advarsel'
    assert classes == [boks, boks, boks, advarsel, advarsel]


def test_what_folds_a_callout_away_is_left_out_and_other_boxes_are_left_alone() -> None:
    assert "collapse" not in as_html('::: {.callout-tip collapse="true"}\nx\n:::')
    assert as_html("::: {.hovedfund}\nx\n:::") == '<div class="hovedfund"> <p>x</p> </div>'
