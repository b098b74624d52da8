"""The three formats of the fixture, read back as structures."""

from __future__ import annotations

import re
import shutil
import zipfile
from collections.abc import Callable
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from pypdf import PdfReader

from data_dictionary.errors import RenderError
from reports.rendering import Rendered, render_project

WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"


class Page(HTMLParser):
    """Start tags with their attributes, and the text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.described: list[tuple[dict[str, str | None], str]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data
        tag, attributes = self.tags[-1] if self.tags else ("", {})
        if tag == "desc":
            self.described.append((attributes, data))

    def all(self, name: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.tags if tag == name]


@pytest.fixture(scope="module")
def page(rendered: Rendered) -> Page:
    return Page(rendered["html"].read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def pdf(rendered: Rendered) -> PdfReader:
    return PdfReader(rendered["pdf"])


@pytest.fixture(scope="module")
def word(rendered: Rendered) -> ET.Element:
    with zipfile.ZipFile(rendered["docx"]) as archive:
        return ET.fromstring(archive.read("word/document.xml"))  # noqa: S314 - our own file


def words_of(element: ET.Element) -> str:
    return "".join(node.text or "" for node in element.iter(f"{WORD}t"))


# HTML


def test_page_names_its_language_and_has_one_first_heading(page: Page) -> None:
    assert page.all("html") == [{"lang": "da-DK"}]
    assert len(page.all("h1")) == 1


def test_page_asks_nobody_for_anything(page: Page) -> None:
    assert not page.all("script")
    assert not page.all("link")
    assert not page.all("img")
    assert len(page.all("svg")) == 2
    assert all(str(link["href"]).startswith("#") for link in page.all("a"))


def test_page_has_landmarks(page: Page) -> None:
    assert [len(page.all(name)) for name in ("header", "nav", "main")] == [1, 1, 1]


def test_heading_levels_are_not_skipped(page: Page) -> None:
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch(r"h\d", tag)]
    steps = [after - before for before, after in pairwise(levels)]
    assert max(steps) <= 1


def test_every_header_cell_says_what_it_heads(page: Page) -> None:
    scopes = [cell.get("scope") for cell in page.all("th")]
    assert scopes.count("col") == 3 + 2 + 2
    assert scopes.count("row") == 3 + 1 + 1
    assert None not in scopes


def test_alternative_text_survives_quotes_and_ampersands(page: Page) -> None:
    told = {str(node["id"]): text for node, text in page.described}
    alts = [told[str(drawing["aria-labelledby"])] for drawing in page.all("svg")]
    assert alts == [
        'En linje, der stiger fra 0 til 4 & "mere" – æøå.',
        "To søjler: 3 og 4.",
    ]
    assert page.text.count(alts[0]) == 1


def test_figures_and_tables_are_numbered_in_order_and_referred_to(page: Page) -> None:
    text = page.text.replace("\xa0", " ")
    for caption in (
        "Figur 1: En linje over tid",
        "Figur 2: Søjler",
        "Tabel 1: Tal for æøå",
        "Tabel 2: Titel, som en celle har skrevet",
        "Tabel 3: Tabel i en ramme",
    ):
        assert caption in text
    assert "jf. figur 1 og tabel 1." in " ".join(text.split())
    assert "i tabel 1, tabel 3 og tabel 2, figuren er figur 2, metoden i afsnit 2." in " ".join(
        text.split()
    )
    assert "?@" not in text


def test_every_link_within_the_page_arrives(page: Page) -> None:
    targets = {str(attributes["id"]) for _, attributes in page.tags if "id" in attributes}
    assert {str(link["href"])[1:] for link in page.all("a")} <= targets


def test_inline_values_are_shown_as_they_are_unless_they_are_markdown(page: Page) -> None:
    assert "a*b*_c_ <æ> @fig-linje [x] $1 ~2~ 1.2-3" in " ".join(page.text.split())
    assert "**fed**" not in page.text
    assert "fed" in page.text


def test_page_stays_small(rendered: Rendered) -> None:
    assert rendered["html"].stat().st_size < 100_000


# PDF


def test_pdf_declares_universal_access_language_and_title(pdf: PdfReader) -> None:
    root = pdf.trailer["/Root"]
    assert str(root["/Lang"]).lower() == "da-dk"
    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_object().get_data()
    assert pdf.metadata is not None
    assert pdf.metadata.title == 'Prøve: "én plan" i ni kommuner'


def test_pdf_is_a4_and_stamped_on_every_page(pdf: PdfReader) -> None:
    for sheet in pdf.pages:
        assert [round(float(sheet.mediabox[i])) for i in (2, 3)] == [595, 842]
        assert "Syntetiske data – ikke resultater" in sheet.extract_text()


def test_pdf_tags_headings_figures_and_table_heads(pdf: PdfReader) -> None:
    counts: dict[str, int] = {}
    alts: list[str] = []

    def visit(node: object) -> None:
        node = node.get_object() if hasattr(node, "get_object") else node
        if isinstance(node, list):
            for child in node:
                visit(child)
        elif isinstance(node, dict):
            kind = str(node.get("/S", ""))
            counts[kind] = counts.get(kind, 0) + 1
            if "/Alt" in node:
                alts.append(str(node["/Alt"]))
            visit(node.get("/K", []))

    visit(pdf.trailer["/Root"]["/StructTreeRoot"]["/K"])
    assert counts["/H1"] >= 4
    assert counts["/TH"] == 3 + 2 + 2
    assert counts["/Caption"] == 5
    assert 'En linje, der stiger fra 0 til 4 & "mere" – æøå.' in alts


def test_pdf_embeds_the_house_font(pdf: PdfReader) -> None:
    fonts = [
        font.get_object()
        for sheet in pdf.pages
        for font in sheet["/Resources"].get("/Font", {}).values()
    ]
    assert fonts
    assert {re.split("[+-]", str(font["/BaseFont"]))[1] for font in fonts} == {
        "SourceSansPro",
        "DejaVuSansMono",  # Typst's own, for code
    }


def test_date_is_written_in_danish(pdf: PdfReader, page: Page) -> None:
    assert "22. november 2026" in pdf.pages[0].extract_text()
    assert "22. november 2026" in page.text


# Word


def test_word_file_has_heading_styles_and_header_rows(word: ET.Element) -> None:
    styles = {node.get(f"{WORD}val") for node in word.iter(f"{WORD}pStyle")}
    assert {"Title", "Heading1", "Heading2", "ImageCaption", "TableCaption", "Note"} <= styles
    tables = list(word.iter(f"{WORD}tbl"))
    assert len(tables) == 3
    assert all(table.find(f".//{WORD}tblHeader") is not None for table in tables)


def test_word_pictures_carry_their_alternative_text(word: ET.Element) -> None:
    descriptions = [node.get("descr") for node in word.iter(f"{DRAWING}docPr")]
    assert descriptions == [
        'En linje, der stiger fra 0 til 4 & "mere" – æøå.',
        "To søjler: 3 og 4.",
    ]


def test_word_pictures_are_png_with_300_dots_per_inch(rendered: Rendered) -> None:
    with zipfile.ZipFile(rendered["docx"]) as archive:
        pictures = [name for name in archive.namelist() if name.startswith("word/media/")]
        widths = [int.from_bytes(archive.read(name)[16:20], "big") for name in pictures]
    assert [Path(name).suffix for name in pictures] == [".png", ".png"]
    assert all(1500 < width < 2000 for width in widths)


def test_word_language_is_danish(rendered: Rendered) -> None:
    with zipfile.ZipFile(rendered["docx"]) as archive:
        styles = archive.read("word/styles.xml").decode()
    assert re.search(r"<w:lang [^>]*w:val=\"da-DK\"", styles)


def test_word_captions_and_references_have_numbers(word: ET.Element) -> None:
    text = words_of(word).replace("\xa0", " ")
    assert "Figur 1: En linje over tid" in text
    assert "jf. figur 1 og tabel 1." in text


# The engine


def test_cells_ran_once_for_three_formats(rendered: Rendered) -> None:
    results = rendered["html"].parents[1] / "resultater på dansk"
    assert (results / "runs.txt").read_text(encoding="utf-8") == "x"


def test_second_rendering_gives_the_same_bytes(rendered: Rendered, tmp_path: Path) -> None:
    root = rendered["html"].parents[1]
    results = tmp_path / "results"
    shutil.copytree(root / "resultater på dansk", results)
    project = root / "et projekt"
    again = render_project(project, "prøve", results=results, out=tmp_path, engine="builtin")
    for name, path in rendered.items():
        assert again[name].read_bytes() == path.read_bytes(), name


def test_title_page_may_come_from_a_cell(render_text: Callable[..., Rendered]) -> None:
    text = """
:::: {.forside}
::: {.title}
Fra en celle: 100 % *sikker*
:::

::: {.author}
Den ene

Den anden
:::

::: {.date}
1. maj 2026
:::

::: {.stamp}
Syntetiske data
:::

::: {.kolofon}
1\\. linje

Anden linje
:::
::::

# Tekst
"""
    made = render_text(text, ("html", "pdf"))
    page = Page(made["html"].read_text(encoding="utf-8"))
    assert "Fra en celle: 100 % sikker" in page.text
    assert "Prøve" not in page.text
    assert [tag.get("class") for tag in page.all("div")] == ["stempel", "kolofon"]
    reader = PdfReader(made["pdf"])
    assert reader.metadata is not None
    assert reader.metadata.title == "Fra en celle: 100 % sikker"
    first = " ".join(reader.pages[0].extract_text().split())
    assert "Den ene Den anden 1. maj 2026" in first
    assert "1. linje Anden linje" in " ".join(reader.pages[1].extract_text().split())


def test_raising_cell_is_named_with_its_exception(render_text: Callable[..., Rendered]) -> None:
    text = "# A\n\n```{python}\n#| label: setup\nraise ValueError('tallet mangler')\n```\n"
    with pytest.raises(RenderError) as caught:
        render_text(text)
    assert str(caught.value) == "doc.qmd: cell 'setup' raised ValueError: tallet mangler"


def test_raising_inline_expression_is_named_with_its_line(
    render_text: Callable[..., Rendered],
) -> None:
    with pytest.raises(
        RenderError, match=r"inline expression '1 / 0' in line 8 raised ZeroDiv"
    ):
        render_text("# A\n\nHer er `{python} 1 / 0`.\n")


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("print('x')", "the cell in line 8 prints, but has no option 'output: asis'"),
        ("1 + 1", "shows a plain value"),
        ("import pandas as pd; pd.DataFrame({'a': [1]})", "shows HTML"),
        ("import os; os._exit(1)", "the Python kernel died"),
        ("import matplotlib.pyplot as plt; plt.plot([1]);", "draws a figure without label"),
    ],
)
def test_output_that_no_reader_should_meet_is_refused(
    code: str, message: str, render_text: Callable[..., Rendered]
) -> None:
    with pytest.raises(RenderError, match=re.escape(message)):
        render_text(f"# A\n\n```{{python}}\n{code}\n```\n")


def test_kernel_is_this_interpreter_whatever_the_user_has_installed(
    render_text: Callable[..., Rendered], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "jupyter" / "kernels" / "python3"
    folder.mkdir(parents=True)
    (folder / "kernel.json").write_text('{"argv": ["false"], "display_name": "x"}')
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "jupyter"))
    monkeypatch.setenv("MPLBACKEND", "agg")
    made = render_text("# A\n\n`{python} __import__('sys').executable`\n")
    import sys

    assert sys.executable in made["html"].read_text(encoding="utf-8")


def test_reference_without_target_is_refused_even_when_a_cell_wrote_it(
    render_text: Callable[..., Rendered],
) -> None:
    text = "# A\n\nSe @fig-a.\n\n```{python}\n#| output: asis\nprint('Se @' + 'tbl-b.')\n```\n"
    with pytest.raises(RenderError) as caught:
        render_text(text)
    assert "doc.qmd:8: reference '@fig-a' has no target" in str(caught.value)
    assert "doc.qmd, from a cell: reference '@tbl-b' has no target" in str(caught.value)


def test_a_number_stays_on_the_line_of_what_it_counts(
    render_text: Callable[..., Rendered],
) -> None:
    made = render_text("# A\n\nDet er 95 %-intervallet for 4,2 pct. af 30 personer.\n")
    text = Page(made["html"].read_text(encoding="utf-8")).text
    assert (
        "95\N{NO-BREAK SPACE}%-intervallet for 4,2\N{NO-BREAK SPACE}pct. af 30 personer" in text
    )
