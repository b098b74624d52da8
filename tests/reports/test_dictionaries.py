"""A dictionary in every form says the same, and no label of it is taken for markup."""

import io
from dataclasses import replace

from openpyxl import load_workbook

from data_dictionary import Codebook, load
from data_dictionary.ddi import ddi_text
from reports.dictionaries import FORMS

WORDS = load("enplan")
EVIL = "=1+1 <script>alert('a')</script> & \x0b`q`"


def evil() -> Codebook:
    table = WORDS["citizen"]
    first = replace(table.columns[0], label=EVIL)
    changed = replace(table, columns=(first, *table.columns[1:]))
    return replace(WORDS, tables={"citizen": changed})


def test_a_page_stands_alone_and_escapes_what_users_write() -> None:
    page = FORMS["html"](evil(), ["citizen"]).decode()
    assert "<script" not in page
    assert "&lt;script&gt;alert(&#x27;a&#x27;)" in page
    assert "http" not in page.replace("https://", "")
    assert page.count("<tr>") == page.count("</tr>") > len(WORDS["citizen"].columns)
    assert '<th scope="col">Column</th>' in page


def test_a_workbook_holds_texts_and_no_formulas() -> None:
    book = load_workbook(io.BytesIO(FORMS["xlsx"](evil(), ["citizen"])))
    assert book.sheetnames == ["citizen", "codes"]
    cells = [cell for row in book["citizen"].iter_rows() for cell in row if cell.value]
    assert {cell.data_type for cell in cells} == {"s"}
    assert any(str(cell.value).startswith("=1+1") for cell in cells)
    rows = list(book["codes"].iter_rows(values_only=True))
    assert rows[0] == ("table", "column", "code", "label")
    assert ("citizen", "relation_1", "5", "Helt enig") in rows


def test_every_form_names_every_column() -> None:
    for form, make in FORMS.items():
        if form != "xlsx":
            text = make(WORDS, ["cases"]).decode()
            assert all(column.name in text for column in WORDS["cases"].columns)
    assert FORMS["ddi"](WORDS, ["cases"]).decode() == ddi_text(WORDS, ["cases"])
