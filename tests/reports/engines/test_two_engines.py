"""One document, two engines: what a reader meets is the same.

Runs where a Quarto is found (`QUARTO_PATH` or `PATH`), by `make quarto`.
"""

from __future__ import annotations

import json
import re
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from pypdf import PdfReader

import reports
from reports.engines import quarto
from reports.rendering import Rendered, render_project
from reports.staging import stage
from tests.reports.conftest import FIXTURE, HEADER, make_project, make_results
from tests.reports.test_authored import trial

pytestmark = [
    pytest.mark.quarto,
    pytest.mark.skipif(
        quarto.find() is None, reason="no Quarto: neither QUARTO_PATH nor PATH leads to one"
    ),
]

WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
VOID = {"meta", "link", "img", "br", "hr", "col", "input"}


def plain(text: str) -> str:
    """Return a text without what only breaks its lines."""
    return " ".join(text.replace("\xa0", " ").replace("\xad", "").split())


@dataclass
class Told:
    """What a reader meets, in the order of the text."""

    headings: list[tuple[str, str]] = field(default_factory=list)
    captions: list[str] = field(default_factory=list)
    tables: list[list[list[str]]] = field(default_factory=list)
    heads: list[tuple[str, str]] = field(default_factory=list)
    references: list[tuple[str, str]] = field(default_factory=list)
    descriptions: list[str] = field(default_factory=list)
    boxes: list[str] = field(default_factory=list)
    formulas: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)


# HTML


@dataclass
class Element:
    """One element of a page."""

    tag: str
    attributes: dict[str, str]
    children: list[Element | str] = field(default_factory=list)

    def all(self, *tags: str) -> Iterator[Element]:
        for child in self.children:
            if isinstance(child, Element):
                if child.tag in tags:
                    yield child
                yield from child.all(*tags)

    @property
    def text(self) -> str:
        """All that is read as text; a drawing's description is told for itself."""
        parts = (one if isinstance(one, str) else one.text for one in self.children)
        return "" if self.tag == "desc" else "".join(parts)


class Tree(HTMLParser):
    """A page as a tree of elements."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.root = Element("", {})
        self._open = [self.root]
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        made = Element(tag, {name: told or "" for name, told in attrs})
        self._open[-1].children.append(made)
        if tag not in VOID:
            self._open.append(made)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._open[-1].children.append(Element(tag, {n: told or "" for n, told in attrs}))

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self._open.pop().tag == tag, f"</{tag}> closes another element"

    def handle_data(self, data: str) -> None:
        self._open[-1].children.append(data)


def page_of(path: Path) -> Told:
    (body,) = Tree(path.read_text(encoding="utf-8")).root.all("body")
    told = Told()
    told.headings = [(one.tag, plain(one.text)) for one in body.all("h1", "h2", "h3", "h4")]
    told.captions = [plain(one.text) for one in body.all("figcaption", "caption")]
    for table in body.all("table"):
        rows = [list(row.all("th", "td")) for row in table.all("tr")]
        told.tables.append([[plain(cell.text) for cell in row] for row in rows])
    told.heads = [(one.attributes.get("scope", ""), plain(one.text)) for one in body.all("th")]
    (main,) = body.all("main")
    told.references = [
        (one.attributes["href"], plain(one.text))
        for one in main.all("a")
        if one.attributes["href"].startswith("#")
    ]
    told.descriptions = [
        plain(one.attributes["alt"] if one.tag == "img" else "".join(map(str, one.children)))
        for one in body.all("img", "desc")
    ]
    told.boxes = [
        f"{one.attributes['class']} {one.attributes.get('role', '')}: {plain(one.text)}"
        for one in body.all("div")
        if re.search(
            r"\b(hovedfund|note|boks|advarsel|stempel|kolofon)\b",
            one.attributes.get("class", ""),
        )
    ]
    told.formulas = [plain(one.text) for one in body.all("math")]
    told.words = plain(body.text).split()
    return told


# Word


def word_of(path: Path) -> Told:
    with zipfile.ZipFile(path) as archive:
        root = ET.fromstring(archive.read("word/document.xml"))  # noqa: S314 - our own file
    told = Told()
    for block in root.iter(f"{WORD}p"):
        style = block.find(f"{WORD}pPr/{WORD}pStyle")
        name = "" if style is None else style.get(f"{WORD}val", "")
        if re.match(r"Heading\d|Title|Subtitle|Author|Date", name):
            told.headings.append((name, words_of(block)))
        elif name in ("ImageCaption", "TableCaption"):
            told.captions.append(words_of(block))
        elif name in ("Hovedfund", "Note", "Stempel", "Kolofon"):
            told.boxes.append(f"{name}: {words_of(block)}")
    for table in root.iter(f"{WORD}tbl"):
        rows = [list(row.iter(f"{WORD}tc")) for row in table.iter(f"{WORD}tr")]
        told.tables.append([[words_of(cell) for cell in row] for row in rows])
        told.heads += [("row", "")] * len(list(table.iter(f"{WORD}tblHeader")))
    told.references = [
        (link.get(f"{WORD}anchor", ""), words_of(link))
        for link in root.iter(f"{WORD}hyperlink")
    ]
    told.descriptions = [plain(one.get("descr", "")) for one in root.iter(f"{DRAWING}docPr")]
    told.formulas = [
        plain("".join(one.text or "" for one in formula.iter(f"{MATH}t")))
        for formula in root.iter(f"{MATH}oMath")
    ]
    told.words = words_of(root).split()
    return told


def words_of(element: ET.Element) -> str:
    texts = {f"{WORD}t", f"{MATH}t"}
    blanks = {f"{WORD}tab": " ", f"{WORD}p": " ", f"{WORD}br": " "}
    parts = (
        one.text or "" if one.tag in texts else blanks.get(one.tag, "")
        for one in element.iter()
    )
    return plain("".join(parts))


# PDF


def pdf_of(path: Path) -> Told:
    reader = PdfReader(path)
    told = Told()
    title = str(reader.metadata.title) if reader.metadata else ""
    for page in reader.pages:
        # Where pages end is a matter of points; what stands on each of them is not the text.
        lines = [plain(line) for line in page.extract_text().splitlines()]
        kept = [line for line in lines if line != title and not line.isdecimal()]
        told.words += " ".join(re.sub(r"( \.)+ \d+$", "", line) for line in kept).split()

    def visit(node: object) -> None:
        node = node.get_object() if hasattr(node, "get_object") else node
        if isinstance(node, list):
            for child in node:
                visit(child)
        elif isinstance(node, dict):
            if "/Alt" in node:
                told.descriptions.append(str(node["/Alt"]))
            visit(node.get("/K", []))

    visit(reader.trailer["/Root"]["/StructTreeRoot"]["/K"])
    return told


READ: dict[str, Callable[[Path], Told]] = {"html": page_of, "docx": word_of, "pdf": pdf_of}


FEATURES = """
Citeret af @austin2011 og [@austin2011, s. 3]. Skrevet af {{< var navn >}}. <!-- kommentar -->

{{< include _del.qmd >}}

# Bokse

::: {.callout-note title="Læs *dette*"}
Med titel.
:::

::: {.callout-warning}
## En overskrift

Med overskrift som titel.
:::

::: {.callout-tip}
Uden titel.
:::

---

# Formler

Inden i teksten: [$x^2$]{alt="x i anden"}. Se @eq-halv og @eq-to.

$$
x = \\frac{1}{2}
$$ {#eq-halv alt="x er en halv"}

$$y = 2$$ {#eq-to alt="y er to"}

# Tabeller og billeder

| A | B |
|:--|--:|
| x | 1 |

: Med bredder {#tbl-bred tbl-colwidths="[20,80]"}

::: {#tbl-ramme tbl-colwidths="[70,30]"}

| A | B |
|:--|--:|
| x | 1 |

I en ramme
:::

```{python}
#| label: tbl-celle
#| tbl-cap: "Fra en celle"
#| tbl-colwidths: [60, 40]
#| output: asis
print("| A | B |\\n|:--|--:|\\n| x | 1 |")
```

![Et lille](a.png){#fig-lille fig-alt="En prik" width=30%}

Se @tbl-bred, @tbl-ramme, @tbl-celle og @fig-lille.

# Lister

Ord

:   Forklaring

- [ ] ikke gjort
- et punkt[^1]

[^1]: En fodnote.

> Et citat.
"""
BIB = """@article{austin2011, title = {An Introduction}, author = {Austin, Peter C.},
year = {2011}, journal = {Multivariate Behavioral Research}}
"""
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415478"
    "9c63606060000000040001f61738550000000049454e44ae426082"
)


def both(project: Path, name: str, root: Path) -> dict[str, Rendered]:
    results = make_results(root / "results")
    return {
        engine: render_project(project, name, results=results, out=root / engine, engine=engine)
        for engine in ("builtin", "quarto")
    }


@pytest.fixture(scope="module")
def fixture(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Rendered]:
    root = tmp_path_factory.mktemp("to motorer")
    project = make_project(root / "project", FIXTURE)
    document = project / "prøve" / "prøve.qmd"
    # Quarto takes signs of an inline value for Markdown; that is its own.
    text = document.read_text(encoding="utf-8").replace(" @fig-linje [x]", " [x]")
    document.write_text(text.replace(" ~2~", ""), encoding="utf-8")
    return both(project, "prøve", root)


@pytest.fixture(scope="module")
def features(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Rendered]:
    root = tmp_path_factory.mktemp("to motorer")
    header = HEADER.replace("---\n\n", "bibliography: refs.bib\nciteproc: true\n---\n\n")
    project = make_project(root / "project", header + FEATURES)
    (project / "_variables.yml").write_text("navn: Forfatteren\n", encoding="utf-8")
    brand = 'color:\n  palette:\n    petrol: "#aa0000"\n'
    (project / "_brand.yml").write_text(brand, encoding="utf-8")
    beside = {"_del.qmd": "# Fra en anden fil {#sec-del}\n\nSe @sec-del.\n", "refs.bib": BIB}
    for name, text in beside.items():
        (project / "doc" / name).write_text(text, encoding="utf-8")
    (project / "doc" / "a.png").write_bytes(PIXEL)
    return both(project, "doc", root)


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Rendered]:
    root = tmp_path_factory.mktemp("to motorer")
    trial(root, better=2)
    return {
        engine: reports.render(results=root / "results", out=root / engine, engine=engine)
        for engine in ("builtin", "quarto")
    }


@pytest.mark.parametrize("name", READ)
@pytest.mark.parametrize("document", ["fixture", "features", "study"])
def test_what_a_reader_meets_is_the_same(
    document: str, name: str, request: pytest.FixtureRequest
) -> None:
    made = request.getfixturevalue(document)
    told, quarto_told = (READ[name](made[engine][name]) for engine in ("builtin", "quarto"))
    assert told == quarto_told
    assert told.words


def test_our_chapters_are_no_documents_to_quarto() -> None:
    with stage("main") as staged:
        command = [quarto.require(), "inspect", str(staged.project)]
        done = subprocess.run(command, capture_output=True, check=True)
        inputs = json.loads(done.stdout)["files"]["input"]
        assert inputs == [str(staged.document)]


def test_the_documents_hold_what_is_compared(
    features: dict[str, Rendered], study: dict[str, Rendered]
) -> None:
    page, word = page_of(features["quarto"]["html"]), word_of(features["quarto"]["docx"])
    for told in (page, word):
        assert len(told.tables) == 3
        assert len(told.formulas) == 3
        assert len(told.captions) == 4
        assert told.descriptions == ["En prik"]
        assert len(told.references) >= 8
    assert sum("boks" in box or "advarsel" in box for box in page.boxes) == 3
    for made in features.values():
        assert ":root { --petrol: #aa0000; }" in made["html"].read_text(encoding="utf-8")
    assert "x i anden" in pdf_of(features["quarto"]["pdf"]).descriptions
    assert len(page_of(study["quarto"]["html"]).tables) > 5
