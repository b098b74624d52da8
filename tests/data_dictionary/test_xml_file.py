"""XML is read without document types, entities and absurd sizes."""

from pathlib import Path

import pytest

from data_dictionary.errors import DataError
from data_dictionary.xml_file import read_xml, text_of


def written(folder: Path, text: str) -> Path:
    path = folder / "x.xml"
    path.write_text(text, encoding="utf-8")
    return path


def test_names_lose_their_namespaces(tmp_path: Path) -> None:
    root = read_xml(
        written(tmp_path, '<a xmlns="ddi:x" xml:lang="da"><b>t\n <i>u</i></b></a>'), "it"
    )
    assert (root.tag, root.get("lang"), text_of(root, "b"), text_of(root, "c")) == (
        "a",
        "da",
        "t u",
        "",
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("<!DOCTYPE a><a/>", "DTD"),
        ('<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>', "DTD"),
        ('<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>', "DTD"),
        ("<a>" * 200 + "</a>" * 200, "levels deep"),
        ("<a><b></a>", "well-formed"),
        ("", "well-formed"),
        ('<?xml version="1.0" encoding="klingon"?><a/>', "well-formed"),
    ],
)
def test_what_is_dangerous_or_broken_is_refused(text: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=said):
        read_xml(written(tmp_path, text), "the file")


def test_a_file_that_is_absurdly_large_is_not_read(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr("data_dictionary.xml_file._LARGEST", 3)
    with pytest.raises(DataError, match="larger than"):
        read_xml(written(tmp_path, "<a></a>"), "the file")
