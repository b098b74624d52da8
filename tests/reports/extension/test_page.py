"""What a page folds away below its figures and tables, and what a screen reader is told."""

from __future__ import annotations

import subprocess
import zipfile
from html.parser import HTMLParser
from urllib.parse import unquote

import pypandoc
import pytest

from reports.markdown import table
from reports.rendering import Rendered, render_project
from reports.staging import PROJECT
from reports.user_text import sealed
from tests.reports.conftest import HEADER, make_project, make_results


class Page(HTMLParser):
    """Start tags with their attributes and the text that follows each."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self.texts.append("")

    def handle_data(self, data: str) -> None:
        if self.texts:
            self.texts[-1] += data

    def all(self, name: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.tags if tag == name]

    def texts_of(self, name: str) -> list[str]:
        said = zip(self.tags, self.texts, strict=True)
        return [text.strip() for (tag, _), text in said if tag == name]


ROWS = [
    ("Job", "1.145", "5,8 (−0,1 til 11,6)"),
    (sealed('=1+1; "x"'), "<5", "–"),
    ("-x", "12.345.678", "−3,2"),
]
FRONT = """
::::: {.forside}
:::: {.title}
T
::::

:::: {.date-meta}
2026-12-01
::::
:::::
"""
CELL = """
```{python}
#| output: asis
from pathlib import Path
from reports.figures import Dot, dot_panels
from reports.markdown import figure
text = "5,8 (−0,1 til 11,6)"
rows = [Dot(label="Job <1>", estimate=5.8, low=-.1, high=11.6, text=text), Dot(label="Hjem")]
drawing = dot_panels([("Point", 0.0, rows)])
print(figure(drawing, label="punkt", caption="Fund", alt="Et punkt & to"))
Path("x.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>')
Path("x.png").write_bytes(Path("figures/punkt.png").read_bytes())
print('![A](x.svg){#fig-x fig-alt="To"}')
```
"""
OWN = """
| A | B | C |
|---|---|---|
| 1 | 2 | 3 |

: Bred {#tbl-bred}

| A | B |
|---|---|
| 1 | 2 |

: Smal {#tbl-smal}

:::: {#tabel-spor .rul}
| A | B |
|---|---|
| 1 | 2 |

: Med spor {#tbl-spor}

::: {.spor}
Fra filen effects.csv.
:::
::::
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Rendered:
    """Render one document with all of it."""
    root = tmp_path_factory.mktemp("side")
    fund = table("fund", "Fund", ("Navn", "Antal", "Forskel (95 %-interval)"), ROWS)
    text = f"{HEADER}{FRONT}\n# A\n\n{fund}\n{CELL}\n{OWN}"
    return render_project(
        make_project(root / "project", text),
        "doc",
        results=make_results(root / "results"),
        out=root / "out",
        to=("html", "docx"),
        engine="builtin",
    )


@pytest.fixture(scope="module")
def page(made: Rendered) -> Page:
    return Page(made["html"].read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def word(made: Rendered) -> str:
    with zipfile.ZipFile(made["docx"]) as archive:
        return archive.read("word/document.xml").decode()


def saved(page: Page) -> dict[str, list[str]]:
    """Return the lines of each file that can be saved, without any network."""
    files = {}
    for link in page.all("a"):
        if link.get("download"):
            kind, _, content = unquote(str(link["href"])).partition(",\ufeff")
            assert kind == "data:text/csv;charset=utf-8"
            files[str(link["download"])] = content.split("\r\n")
    return files


def test_a_table_can_be_saved_as_danish_programs_read_it(page: Page) -> None:
    assert saved(page)["tabel-fund.csv"] == [
        "Navn;Antal;Forskel;Forskel, nedre grænse;Forskel, øvre grænse",
        "Job;1145;5,8;-0,1;11,6",
        '"\'=1+1; ""x""";<5;–;;',
        "'-x;12345678;-3,2;;",
        "",
    ]


def test_a_table_is_named_by_its_caption_and_its_cells_say_what_they_head(page: Page) -> None:
    names = [str(tag.get("aria-labelledby")) for tag in page.all("table")]
    assert "tbl-fund-caption" in names
    assert {str(tag.get("id")) for tag in page.all("figcaption")} >= set(names) - {"None"}
    assert {tag["scope"] for tag in page.all("th")} == {"col", "row"}


def test_a_figure_is_part_of_the_page_with_its_numbers_below_it(page: Page, word: str) -> None:
    [drawing] = page.all("svg")
    assert (drawing["role"], drawing["aria-labelledby"]) == ("img", "alt-punkt")
    assert page.texts_of("desc") == ["Et punkt & to"]
    assert {"Job <1>", "5,8 (−0,1 til 11,6)", "Point"} <= set(page.texts_of("text"))
    told = page.texts_of("td")
    at = told.index("Point")
    assert told[at : at + 4] == ["Point", "5,8\u00a0(−0,1\u00a0til\u00a011,6)", "Point", "–"]
    assert saved(page)["figur-punkt.csv"][1:3] == [
        "Job <1>;Point;5,8;-0,1;11,6",
        "Hjem;Point;–;;",
    ]
    assert "Hjem" not in word


def test_each_says_what_it_folds_away(page: Page) -> None:
    assert page.texts_of("summary") == [
        "Tabellen som fil",
        "Tallene bag figuren",
        "Tabellen som fil",
    ]


def test_a_wide_table_of_an_author_is_scrolled_alone_and_by_keyboard(page: Page) -> None:
    regions = [tag for tag in page.all("div") if tag.get("tabindex")]
    assert [(tag["class"], tag["role"], tag["aria-label"]) for tag in regions] == [
        ("rul", "group", "A, B, C")
    ]


def test_a_picture_from_elsewhere_stays_a_picture(page: Page) -> None:
    [image] = page.all("img")
    assert (image["alt"], str(image["src"])[:19]) == ("To", "data:image/svg+xml;")


def test_quartos_own_frame_of_a_table_names_it_and_its_attribute_of_a_figure_goes() -> None:
    text = (
        '::: {#tbl-x}\n::: {aria-describedby="tbl-x-caption-1"}\n'
        "| A |\n|---|\n| 1 |\n:::\n:::\n\n"
        '::: {#fig-x alt="To"}\nx\n:::\n'
    )
    page = PROJECT / "_extensions" / "vive" / "page.lua"
    done = subprocess.run(
        [pypandoc.get_pandoc_path(), "--to=html", f"--lua-filter={page}"],
        input=text.encode(),
        capture_output=True,
        check=True,
    )
    made = Page(done.stdout.decode())
    assert [tag["aria-labelledby"] for tag in made.all("table")] == ["tbl-x-caption-1"]
    assert not [tag for tag in made.all("div") if "alt" in tag]


def test_where_numbers_come_from_stands_below_them_and_nowhere_else(
    made: Rendered, word: str
) -> None:
    assert "Fra filen effects.csv." in made["html"].read_text(encoding="utf-8")
    assert "effects.csv" not in word


def test_the_page_can_be_skipped_to_its_text_and_says_when_it_is_from(page: Page) -> None:
    assert page.texts_of("a")[0] == "Spring til teksten"
    assert page.all("a")[0]["href"] == "#tekst"
    assert [tag["id"] for tag in page.all("main")] == ["tekst"]
    dates = [tag["content"] for tag in page.all("meta") if tag.get("name") == "dcterms.date"]
    assert dates == ["2026-12-01"]
