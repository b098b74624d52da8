"""Every formula of a PDF is described, as PDF/UA asks."""

from __future__ import annotations

from tests.reports.extension.filtering import filtered


def as_typst(markdown: str) -> str:
    return filtered(markdown, "typst", "pdf.lua").strip()


def test_a_formula_has_the_words_of_its_author() -> None:
    made = as_typst('[$x^2$]{alt="x i \\"anden\\" \\\\ nu"}')
    assert made == '#[#set math.equation(alt: "x i \\"anden\\" \\\\ nu");$x^2$]'


def test_a_formula_without_words_has_its_tex() -> None:
    made = as_typst("$$\n\\frac{1}{2}\n$$")
    assert made == '#[#set math.equation(alt: " \\\\frac{1}{2} ");$ 1 / 2 $]'


def test_another_span_is_left_alone() -> None:
    assert as_typst("[ord]{.x}") == "ord"
