"""What the built-in engine refuses, by name, file and line, before a cell runs."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from data_dictionary.errors import RenderError
from reports.rendering import Rendered

CELL = "```{{python}}\n{}\n```"


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("{{< include other.qmd >}}", 6, "shortcode '{{< ... >}}'"),
        ("::: {.callout-note}\nx\n:::", 6, "Quarto's fenced div '.callout-note'"),
        ("::: {.panel-tabset}\n# A\n:::", 6, "Quarto's fenced div '.panel-tabset'"),
        ('::: {.content-visible when-format="html"}\nx\n:::', 6, "'.content-visible'"),
        ("::: {.mystery}\nx\n:::", 6, "fenced div '.mystery'"),
        ("::: {layout-ncol=2}\nx\n:::", 6, "attribute 'layout-ncol' of a fenced div"),
        ("x\n\nSe [@smith2010].", 8, "citation or reference '@smith2010'"),
        ("Se @eq-a.", 6, "citation or reference '@eq-a'"),
        ("Se [@fig-a].", 6, "reference '@fig-a' in brackets"),
        ("Tal $x^2$.", 6, "formula 'x^2'"),
        ("```{=html}\n<b>x</b>\n```", 6, "raw html"),
        ("# A\n\n### B", 8, "heading 'B' of level 3"),
        ("## B", 6, "heading 'B' of level 2"),
        ("# A {.big}", 6, "heading class '.big'"),
        ("[x]{.red}", 6, "span class '.red'"),
        ("![A](a.svg){#fig-a}", 6, "figure 'a.svg' without fig-alt"),
        ('![A](a.svg){fig-alt="x"}', 6, "figure 'a.svg' without a label"),
        ("::: {#tbl-a}\n| a |\n|---|\n| 1 |\n:::", 6, "'tbl-a' without a caption"),
        ("# A {#sec-a}\n\n# B {#sec-a}", 6, "label 'sec-a' is used twice"),
        ("```{r}\n1\n```", 6, "executable block '{r}'"),
        ("```{mermaid}\nA\n```", 6, "executable block '{mermaid}'"),
        ("Tal: `{r} 1 + 1`", 6, "inline code in 'r'"),
        (CELL.format("#| fold: true"), 7, "'fold' is not a cell option"),
        (CELL.format("#| labell: x"), 7, "Did you mean 'label'?"),
        (CELL.format("#| echo: true"), 7, "echo = true is not allowed"),
        (CELL.format("#| label: fig-a\n#| fig-cap: A"), 6, "'fig-a' without fig-alt"),
        (CELL.format("#| label: tbl-a"), 6, "'tbl-a' without tbl-cap"),
        (CELL.format("#| label: a\n#| tbl-cap: A"), 6, "tbl-cap on cell 'a'"),
        (CELL.format("#| label: a") + "\n\n" + CELL.format("#| label: a"), 10, "used twice"),
    ],
)
def test_feature_is_refused_by_name_file_and_line(
    text: str, line: int, what: str, render_text: Callable[..., Rendered]
) -> None:
    with pytest.raises(RenderError) as caught:
        render_text(text)
    message = str(caught.value)
    assert what in message
    assert f"doc.qmd:{line}: " in message
    assert "built-in engine" in message


def test_everything_refused_is_named_at_once(render_text: Callable[..., Rendered]) -> None:
    with pytest.raises(RenderError) as caught:
        render_text("{{< pagebreak >}}\n\n::: {.callout-tip}\nx\n:::\n\nSe @smith.")
    assert str(caught.value).count("\n  - ") == 3


def test_table_without_header_cells_is_refused(render_text: Callable[..., Rendered]) -> None:
    with pytest.raises(RenderError, match="table without header cells"):
        render_text("|  |  |\n|--|--|\n| a | b |\n")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("# A\n\nSe @sec-b.", "doc.qmd:8: reference '@sec-b' has no target"),
        (
            "# A {#sec-a .unnumbered}\n\nSe @sec-a.",
            "doc.qmd:8: reference '@sec-a' to a heading without number",
        ),
        ("# A\n\n[B](#b)", "doc.qmd:8: link '#b' has no target"),
    ],
)
def test_reference_that_leads_nowhere_is_refused(
    text: str, message: str, render_text: Callable[..., Rendered]
) -> None:
    with pytest.raises(RenderError) as caught:
        render_text(text)
    assert message in str(caught.value)


def test_code_shown_to_the_reader_is_left_alone(render_text: Callable[..., Rendered]) -> None:
    made = render_text("# A\n\n```\n{{< x >}} @smith\n```\n\nOg `{{< y >}}`.\n")
    html = made["html"].read_text(encoding="utf-8")
    assert "{{&lt; x &gt;}} @smith" in html
    assert "{{&lt; y &gt;}}" in html
