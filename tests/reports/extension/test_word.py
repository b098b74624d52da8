"""What the filter for Word makes of what Quarto hands to it."""

from __future__ import annotations

import re
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

import pypandoc
import pytest

from reports.staging import PROJECT

Parts = Callable[[str], dict[str, str]]
HEADINGS = """Pandoc (Meta {unMeta = fromList
  [("labels", MetaList []), ("stamp", MetaString "S")]})
[ Header 1 ("a",[],[("number","1")]) [Str "1", Str ". ", Str "Et"]
, Header 2 ("b",[],[("number","1.1")]) [Str "1.1", Space, Str "To"]
, Header 1 ("c",["unnumbered"],[]) [Str "Tre"]
, Para [Span ("",[],[("alt","x")]) [Math InlineMath "x"]] ]"""
FLOAT = """[ Table ("",[],[]) (Caption Nothing []) [(AlignDefault,ColWidthDefault)]
  (TableHead ("",[],[]) [])
  [TableBody ("",[],[]) (RowHeadColumns 0) []
    [Row ("",[],[]) [Cell ("",[],[]) AlignDefault (RowSpan 1) (ColSpan 1)
      [Div ("fig-x",[],[])
        [ Para [Str "Figur", Space, Str "1"]
        , Para [Image ("",[],[("fig-alt","Et billede")]) [] ("a.png","")] ]]]]]
  (TableFoot ("",[],[]) []) ]"""
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63"
    "606060000000040001f61738550000000049454e44ae426082"
)


@pytest.fixture
def parts(tmp_path: Path) -> Parts:
    """Return a function from a native tree to the parts of the Word file."""
    (tmp_path / "a.png").write_bytes(PIXEL)

    def made(native: str) -> dict[str, str]:
        target = tmp_path / "a.docx"
        command = [pypandoc.get_pandoc_path(), "--from=native", "--to=docx", "--standalone"]
        command += [f"--lua-filter={PROJECT / '_extensions' / 'vive' / 'word.lua'}"]
        command += [f"--output={target}"]
        subprocess.run(command, input=native.encode(), check=True, cwd=tmp_path)
        with zipfile.ZipFile(target) as archive:
            names = [name for name in archive.namelist() if name.endswith(".xml")]
            return {name: archive.read(name).decode() for name in names}

    return made


def test_a_heading_has_its_number_as_pandoc_writes_it(parts: Parts) -> None:
    text = parts(HEADINGS)["word/document.xml"]
    runs = re.findall(
        r'"SectionNumber" /></w:rPr><w:t[^>]*>([\d.]+)</w:t></w:r><w:r><w:tab', text
    )
    assert runs == ["1", "1.1"]
    assert re.findall(r">(Et|To|Tre)</w:t>", text) == ["Et", "To", "Tre"]
    assert ". " not in re.sub(r"<[^>]+>", "", text)


def test_a_formula_is_one_and_settings_are_no_properties(parts: Parts) -> None:
    made = parts(HEADINGS)
    assert "<m:oMath>" in made["word/document.xml"]
    assert 'name="stamp"' in made["docProps/custom.xml"]
    assert "labels" not in made["docProps/custom.xml"]


def test_a_figure_is_no_table_and_keeps_its_description(parts: Parts) -> None:
    text = parts(FLOAT)["word/document.xml"]
    assert "<w:tbl>" not in text
    assert '"ImageCaption"' in text
    assert 'descr="Et billede"' in text
