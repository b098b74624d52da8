"""A whole report with markup in every text of the study, made where there is no network."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import zipfile
from html.parser import HTMLParser
from pathlib import Path

import pytest
from pypdf import PdfReader

import analyses
import data_dictionary
from analyses import load_study, run
from tests.no_network import alone

ROOT = Path(__file__).parents[2]
PAYLOAD = (
    '@kommune $5 og $6 <25 a\\b *_#[]{} ![p](/etc/hostname){fig-alt="x"} '
    '![p](http://127.0.0.1:9/leak.png){fig-alt="x"} [x]{onmouseover="alert(5)"} '
    '[x](javascript:alert(3)) [x]{style="background:url(http://z)"} <script>alert(1)</script> '
    "<img src=x> #eval(1) {{< include x >}} `{python} 1/0` ^[n] &amp; | a ::: =cmd"
)


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Run a study whose every text is hostile, and render it; return the folder."""
    folder = tmp_path_factory.mktemp("hostile") / "study"
    shutil.copytree(Path(analyses.__file__).parent / "studies" / "nsw", folder)
    edition = Path(data_dictionary.__file__).parent / "editions" / "nsw"
    shutil.copytree(edition, folder / "words")
    for file in (*(folder / "words").glob("*.toml"), folder / "study.toml"):
        text = file.read_text(encoding="utf-8").replace(
            'dictionary = "nsw"', 'dictionary = "words"'
        )
        keys = "label|title|subtitle|publisher|source|value_chapter"
        text = re.sub(
            rf'(?m)^((?:{keys})\s*=\s*)"([^"\n]*)"',
            lambda m: f"{m[1]}'''{m[2]} {PAYLOAD}'''",
            text,
        )
        text = re.sub(
            r'(?s)introduction = """.*?"""',
            lambda _: f"introduction = '''\n1. {PAYLOAD}\n\n    kode\n\n# Afsnit\n'''",
            text,
        )
        text = text.replace("[report]", f"[report]\nauthors = ['''{PAYLOAD}''']")
        text = text.replace('"earnings"', "'=HYPERLINK(\"http://x\") a/b'")
        file.write_text(text, encoding="utf-8")
    results = run(load_study(folder), folder / "results")
    command = [sys.executable, "-m", "reports", "render", str(results.folder)]
    done = subprocess.run(
        [*(alone() or ()), *command, "--out", str(folder / "report"), "--engine", "builtin"],
        capture_output=True,
        check=False,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    assert done.returncode == 0, done.stderr.decode()
    return folder


class Page(HTMLParser):
    """What a browser finds: tags, attributes and text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[tuple[str, str, str]] = set()
        self.text = ""
        self.codes: list[str] = []
        self._in_code = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self._in_code = tag == "code"
        self.attributes |= {(tag, name, value or "") for name, value in attrs}

    def handle_data(self, data: str) -> None:
        self.text += data
        if self._in_code:
            self.codes.append(data)
            self._in_code = False


@pytest.fixture(scope="module")
def page(report: Path) -> Page:
    html = (report / "report" / "main.html").read_text(encoding="utf-8")
    # The literature is ours, and names journals in italics.
    return Page(re.sub(r'(?s)<div id="refs".*?(?=<h2)', "", html))


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="namespaces are Linux's")
def test_the_report_was_made_without_any_network(report: Path) -> None:
    if alone() is None:
        pytest.skip("no right to take the network away")
    assert {path.suffix for path in (report / "report").iterdir()} >= {".html", ".pdf", ".docx"}


def test_every_text_is_shown_and_none_is_markup(page: Page) -> None:
    assert " ".join(page.text.split()).count(PAYLOAD) > 20
    assert not page.tags & {"script", "iframe", "object", "form", "link", "base", "em"}
    # Traces name pieces and estimates, by the study's own names; nothing else is code.
    name = r"[a-z_0-9.]+"
    own = re.escape('=HYPERLINK("http://x") a/b')
    assert {
        code for code in page.codes if not re.fullmatch(f"({own})?{name}|{own}", code)
    } == set()
    names = {name for _, name, _ in page.attributes}
    assert not [name for name in names if name.startswith("on")]
    styles = [value for _, name, value in page.attributes if name == "style"]
    column = r"(width|text-align): ?[\w%]+;?"
    drawn = r"(([a-z-]+): [\w#., -]+(; |$))+"
    assert all(re.fullmatch(f"{column}|{drawn}", style) for style in styles)


def test_the_page_holds_its_own_figures_and_asks_nobody_for_anything(page: Page) -> None:
    assert "svg" in page.tags
    assert "img" not in page.tags
    links = [value for tag, name, value in page.attributes if (tag, name) == ("a", "href")]
    assert {link[:14] for link in links if not link.startswith("#")} == {"data:text/csv;"}


def test_word_and_pdf_show_the_texts_and_lead_nowhere(report: Path) -> None:
    with zipfile.ZipFile(report / "report" / "main.docx") as archive:
        relations = archive.read("word/_rels/document.xml.rels").decode()
        content = archive.read("word/document.xml").decode()
        pictures = [name for name in archive.namelist() if name.startswith("word/media/")]
    assert "External" not in relations
    assert "@kommune $5 og $6 &lt;25 a\\b *_#[]{}" in content
    assert {Path(name).suffix for name in pictures} == {".png"}
    reader = PdfReader(report / "report" / "main.pdf")
    text = " ".join(" ".join(sheet.extract_text() for sheet in reader.pages[:5]).split())
    assert text.count("@kommune $5 og $6 <25 a\\b *_#[]{}") > 3
    assert "#eval(1)" in text
    links = [
        note.get_object().get("/A", {}).get("/URI")
        for sheet in reader.pages
        for note in sheet.get("/Annots", [])
    ]
    assert [link for link in links if link] == []


def test_no_cell_of_a_table_is_a_formula(report: Path) -> None:
    for path in (report / "results").glob("*.csv"):
        content = path.read_text(encoding="utf-8")
        assert not re.search(r'(?m)(^|,)"?[=@]', content), path.name
    assert "'=HYPERLINK" in (report / "results" / "effects.csv").read_text(encoding="utf-8")
