"""A dictionary as DDI-Codebook, and DDI-Codebook of others as tables."""

from dataclasses import replace
from pathlib import Path

import pytest

from data_dictionary import load
from data_dictionary.codebook import editions
from data_dictionary.columns import MISSING_KINDS
from data_dictionary.ddi import ddi_contents, ddi_text
from data_dictionary.declarations import read_table_declaration
from data_dictionary.errors import DataError
from data_dictionary.mistakes import Mistakes
from data_dictionary.tables import Table
from data_dictionary.xml_file import read_xml

# The order in which the schema of DDI-Codebook 2.5 has the elements of a variable.
ORDER = ["labl", "valrng", "invalrng", "txt", "catgry", "varFormat", "notes"]
FOREIGN = """<codeBook xmlns="http://www.icpsr.umich.edu/DDI"><stdyDscr/>
<fileDscr ID="F1"><fileTxt><fileName>panel.dat</fileName></fileTxt></fileDscr>
<dataDscr>
 <var ID="V1" name="sex" dcml="0"><labl>Sex</labl>
  <catgry><catValu>1</catValu><labl>Male</labl></catgry>
  <catgry><catValu>2</catValu><labl>Female</labl></catgry>
  <catgry missing="Y"><catValu>9</catValu><labl>Refused</labl></catgry>
  <varFormat type="numeric"/></var>
 <var ID="V2" name="income"><qstn><qstnLit>What is your income?</qstnLit></qstn>
  <invalrng><item VALUE="-1"/></invalrng><varFormat type="numeric"/></var>
 <var ID="V3" name="born"><varFormat type="character" category="date"/></var>
 <var ID="V4" name="town"><labl>Town</labl><varFormat type="character"/></var>
</dataDscr></codeBook>"""


def read_ddi(path: Path) -> dict[str, Table]:
    """Return the tables that a file describes; a missing code of no kind has the last one."""
    mistakes, tables = Mistakes(), {}
    for name, content in ddi_contents(path).items():
        for column in content["columns"].values():
            known, codes = column["missing"], column.pop("missing_labels")
            column["missing"] = {code: known.get(code, MISSING_KINDS[-1]) for code in codes}
        tables[name] = read_table_declaration(name, path.name, content, {}, {}, mistakes)
    assert not mistakes.found
    return tables


@pytest.mark.parametrize("edition", editions())
def test_a_dictionary_reads_back_from_its_own_ddi(edition: str, tmp_path: Path) -> None:
    words = load(edition)
    path = tmp_path / "x.xml"
    path.write_text(ddi_text(words, list(words.tables)), encoding="utf-8")
    back = read_ddi(path)
    for name, table in words.tables.items():
        # The codes of a list are written one by one.
        columns = tuple(replace(column, code_list=None) for column in table.columns)
        assert back[name] == replace(table, columns=columns, file="x.xml")


def test_elements_stand_in_the_order_of_the_schema(tmp_path: Path) -> None:
    path = tmp_path / "x.xml"
    path.write_text(ddi_text(load("enplan"), ("citizen",)), encoding="utf-8")
    assert 'xmlns="ddi:codebook:2_5" version="2.5"' in path.read_text(encoding="utf-8")
    root = read_xml(path, "it")
    assert [child.tag for child in root] == ["stdyDscr", "fileDscr", "dataDscr"]
    for var in root.iter("var"):
        places = [ORDER.index(child.tag) for child in var]
        assert places == sorted(places)


def test_the_ddi_of_others_is_read_too(tmp_path: Path) -> None:
    path = tmp_path / "x.xml"
    path.write_text(FOREIGN, encoding="utf-8")
    table = read_ddi(path)["panel"]
    sex, income, born, town = table.columns
    assert (sex.type, sex.label, sex.codes) == ("integer", "Sex", {1: "Male", 2: "Female"})
    assert (list(sex.missing), list(income.missing)) == ([9], [-1])
    assert (income.type, income.label) == ("number", "What is your income?")
    assert (born.type, born.label, town.type) == ("date", "born", "string")


def test_what_is_no_codebook_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.xml"
    path.write_text("<html/>", encoding="utf-8")
    with pytest.raises(DataError, match="describes no variable"):
        read_ddi(path)


def test_signs_that_xml_lacks_are_left_out(tmp_path: Path) -> None:
    words = load("nsw")
    (name, table), *_ = words.tables.items()
    odd = replace(table, description="a\x0b<b> & \ufffe'c'")
    text = ddi_text(replace(words, tables={name: odd}), [name])
    assert "a&lt;b&gt; &amp; 'c'" in text
    path = tmp_path / "x.xml"
    path.write_text(text, encoding="utf-8")
    read_xml(path, "it")
