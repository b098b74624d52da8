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
        ("{{< include other.qmd >}}", 6, "there is no file 'other.qmd' to include"),
        ("::: {.callout-nte}\nx\n:::", 6, "Quarto's fenced div '.callout-nte'"),
        ('::: {.callout-tip collapse="true"}\nx\n:::', 6, "attribute 'collapse' of a fenced"),
        ('::: {.note title="x"}\nx\n:::', 6, "attribute 'title' of a fenced div"),
        ("::: {.panel-tabset}\n# A\n:::", 6, "Quarto's fenced div '.panel-tabset'"),
        ('::: {.content-visible when-format="html"}\nx\n:::', 6, "'.content-visible'"),
        ("::: {.mystery}\nx\n:::", 6, "fenced div '.mystery'"),
        ("::: {layout-ncol=2}\nx\n:::", 6, "attribute 'layout-ncol' of a fenced div"),
        ("x\n\nSe [@smith2010].", 8, "citation of '@smith2010', which no bibliography has"),
        ("Se [@fig-a].", 6, "reference '@fig-a' in brackets"),
        ("Tal $x^2$.", 6, "formula 'x^2' without alt"),
        ("x\n\n$$\ny = 1\n$$ {#eq-a}", 9, "formula 'y = 1' without alt"),
        ('[x $y$]{alt="y"}', 6, "alt of a span that is not one formula"),
        ("```{=html}\n<b>x</b>\n```", 7, "raw html '<b>x</b>'"),
        ("x\n\nx <b>y</b>", 8, "raw html '<b>'"),
        ("x\n\n\\newpage", 8, "raw tex '\\newpage'"),
        ("::: {#thm-x}\nx\n:::", 6, "label 'thm-x' of a fenced div"),
        ("```{#lst-x}\nx\n```", 6, "label 'lst-x' of a code block"),
        ("```{.python .numberLines}\nx\n```", 6, "code class '.numberLines'"),
        ("```{.x .y}\nx\n```", 6, "code class '.y'"),
        ("| a |\n|---|\n| 1 |\n\n: A {#tbl-a .striped}", 10, "table class '.striped'"),
        (
            '| a |\n|---|\n| 1 |\n\n: A {#tbl-a tbl-colwidths="[1,2]"}',
            10,
            "tbl-colwidths with 2 shares for 1 columns",
        ),
        (
            '| a |\n|---|\n| 1 |\n\n: A {#tbl-a tbl-colwidths="auto"}',
            10,
            "attribute 'tbl-colwidths' of a table = 'auto'. Write one share per column",
        ),
        ("[x](https://x.dk){.btn}", 6, "link class '.btn'"),
        ('![A](a.svg){#fig-a .lightbox fig-alt="x"}', 6, "figure class '.lightbox'"),
        ('![A](a.svg){#fig-a width=3em fig-alt="x"}', 6, "= '3em'. Write 60% or 8cm."),
        ("x\n\n---\nlang: en\n---\n", 8, "a second header"),
        ("- x\n\n    ```{python}\n    1\n    ```", 8, "an indented cell. Begin its lines"),
        ("# A\n\n### B", 8, "heading 'B' of level 3"),
        ("## B", 6, "heading 'B' of level 2"),
        ("# A {.big}", 6, "heading class '.big'"),
        ("[x]{.red}", 6, "span class '.red'"),
        ("![A](a.svg){#fig-a}", 6, "figure 'a.svg' without fig-alt"),
        ('![A](a.svg){fig-alt="x"}', 6, "figure 'a.svg' without a label"),
        ('![A](/etc/hostname){#fig-a fig-alt="x"}', 6, "figure '/etc/hostname' from elsewhere"),
        ('![A](../a.svg){#fig-a fig-alt="x"}', 6, "figure '../a.svg' from elsewhere"),
        (
            '![A](http://x/a.svg){#fig-a fig-alt="x"}',
            6,
            "figure 'http://x/a.svg' from elsewhere",
        ),
        (
            '![A](data:image/svg){#fig-a fig-alt="x"}',
            6,
            "figure 'data:image/svg' from elsewhere",
        ),
        ('![A](a.exe){#fig-a fig-alt="x"}', 6, "figure 'a.exe' from elsewhere"),
        ('![A](a.svg){#fig-a fig-alt="x" onload="y"}', 6, "attribute 'onload' of a figure"),
        ('[x]{onmouseover="alert(5)"}', 6, "attribute 'onmouseover' of a span"),
        ('[x]{style="background:url(http://z)"}', 6, "attribute 'style' of a span"),
        ('[x](https://x.dk){onclick="y"}', 6, "attribute 'onclick' of a link"),
        ('# A {onclick="y"}', 6, "attribute 'onclick' of a heading"),
        ('`x`{style="y"}', 6, "attribute 'style' of code"),
        ('```{.x onclick="y"}\nz\n```', 6, "attribute 'onclick' of a code block"),
        ("[x](javascript:alert(3))", 6, "link to 'javascript:alert(3)'"),
        ("[x](JaVaScRiPt:alert)", 6, "link to 'JaVaScRiPt:alert'"),
        ("[x](data:text/html,y)", 6, "link to 'data:text/html,y'"),
        ("[x](file:///etc/passwd)", 6, "link to 'file:///etc/passwd'"),
        ("[x](../main.html)", 6, "link to '../main.html'"),
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
        render_text("{{< pagebreak >}}\n\n::: {.panel-tabset}\nx\n:::\n\nSe @smith.")
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
        ("# A\n\nSe @eq-b.", "doc.qmd:8: reference '@eq-b' has no target"),
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


def test_a_title_may_hold_no_more_than_the_text(render_text: Callable[..., Rendered]) -> None:
    text = """
:::: {.forside}
::: {.title}
[x](javascript:alert(1)) ![p](/etc/hostname) [y]{onclick="z"}
:::
::::

# A
"""
    with pytest.raises(RenderError) as caught:
        render_text(text)
    for what in ("link to 'javascript", "figure '/etc/hostname' from", "attribute 'onclick'"):
        assert what in str(caught.value)


def test_links_to_the_world_and_to_mail_may_stand(
    render_text: Callable[..., Rendered],
) -> None:
    made = render_text(
        "# A\n\n[x](https://x.dk) [y](mailto:a@b.dk) [z](http://z.dk) <https://w.dk>"
    )
    html = made["html"].read_text(encoding="utf-8")
    for address in ("https://x.dk", "mailto:a@b.dk", "http://z.dk", "https://w.dk"):
        assert f'href="{address}"' in html


def test_a_comment_is_left_out(render_text: Callable[..., Rendered]) -> None:
    made = render_text(
        "# A\n\nx <!-- y -->\n\n`<!-- z -->`\n\n```{python}\n#| output: asis\n"
        "print('<!-- fra celle -->')\n```\n"
    )
    html = made["html"].read_text(encoding="utf-8")
    assert "<!-- " not in html
    assert "<code>&lt;!-- z --&gt;</code>" in html


def test_a_figure_that_is_not_there_is_named(render_text: Callable[..., Rendered]) -> None:
    with pytest.raises(RenderError, match=r"doc\.qmd:8: there is no figure 'figures/a\.svg'"):
        render_text('# A\n\n![A](figures/a.svg){#fig-a fig-alt="x"}\n')
