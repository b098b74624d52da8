"""Encodings: the right one is found and its reason kept; a declared one is used or refused."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data_dictionary.errors import DataError
from surveys.files.encodings import decode, is_garbled

DANISH = "Ønsker ikke at svare – æøå"


@pytest.mark.parametrize(
    ("content", "encoding", "reason"),
    [
        (b"plain", "utf-8", "plain ASCII"),
        (DANISH.encode(), "utf-8", "valid utf-8"),
        (DANISH.encode("utf-8-sig"), "utf-8-sig", "byte order mark"),
        (DANISH.encode("utf-16"), "utf-16", "byte order mark"),
        (DANISH.encode("cp1252"), "cp1252", "not utf-8 (byte 1)"),
    ],
)
def test_the_ladder_finds_the_encoding_and_says_why(
    content: bytes, encoding: str, reason: str
) -> None:
    found = decode(content, None, "f.csv")
    assert found.encoding == encoding
    assert reason in found.reason
    if content != b"plain":
        assert found.text == DANISH


def test_a_declared_encoding_is_used() -> None:
    found = decode("kr. 5 ¤".encode("iso8859-15", errors="replace"), "Latin9", "f.csv")
    assert found.encoding == "iso8859-15"
    assert found.reason == "declared by the user"


def test_a_declared_encoding_that_does_not_fit_is_refused_and_not_replaced() -> None:
    with pytest.raises(DataError, match="not written in the declared encoding 'utf-8'"):
        decode(DANISH.encode("cp1252"), "utf-8", "f.csv")


def test_a_declared_encoding_that_garbles_utf8_is_refused() -> None:
    with pytest.raises(DataError, match="garbles"):
        decode("køn".encode(), "latin-1", "f.csv")


def test_an_unknown_encoding_is_refused() -> None:
    with pytest.raises(DataError, match="'utf-9' is not known"):
        decode(b"x", "utf-9", "f.csv")


@given(st.lists(st.text("abc æøåÆØÅéüß–’", min_size=1), min_size=1))
@settings(deadline=None, max_examples=50)
def test_utf8_that_is_misread_is_garbled(texts: list[str]) -> None:
    misread = [text.encode().decode("latin-1") for text in texts]
    assert is_garbled(misread) == (not "".join(texts).isascii())


@given(st.lists(st.text("abc æøåÆØÅéüß–’")))
@settings(deadline=None, max_examples=50)
def test_one_lone_danish_letter_proves_that_text_is_not_garbled(texts: list[str]) -> None:
    assert not is_garbled([*texts, "køn"])


READS = "blåbær på øen; Åen løber, æbler på Ærø"


@pytest.mark.parametrize("encoding", ["cp850", "cp865", "cp437", "mac_roman"])
def test_text_of_old_systems_is_not_taken_for_cp1252(encoding: str) -> None:
    content = READS.encode(encoding, errors="ignore")
    with pytest.raises(DataError, match=r'encoding is not clear.*encoding = "'):
        decode(content, None, "f.csv")


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf16_without_a_mark_is_told_by_its_zeros(encoding: str) -> None:
    found = decode(READS.encode(encoding), None, "f.csv")
    assert (found.text, found.encoding) == (READS, encoding)


def test_rows_of_another_encoding_among_utf8_are_named() -> None:
    content = "person;tekst\na1;blåbær på øen\n".encode() + "a2;gås\n".encode("cp1252")
    with pytest.raises(
        DataError, match=r"1 row\(s\) hold bytes of another encoding \(rows 3\)"
    ):
        decode(content, None, "f.csv")


def test_text_that_was_encoded_twice_is_refused() -> None:
    with pytest.raises(DataError, match="UTF-8 twice"):
        decode(READS.encode().decode("cp1252", errors="ignore").encode(), None, "f.csv")


def test_a_letter_and_its_accent_apart_become_one() -> None:
    found = decode("A\u030arhus".encode(), None, "f.csv")
    assert found.text == "Århus"
    assert "accents put together" in found.reason


@pytest.mark.parametrize(
    "text",
    [
        "Größe, Maße und Übung für Müller",
        "Être à Nîmes, où l’été est doux – 12 €",
        "Þórður og Ægir á Íslandi",
        "pris: 5 £, 3 µg, 10 °C, § 4, “citat”, …",
        "ØSTERBRO ÅRHUS ÆRØ",
    ],
)
def test_other_languages_and_signs_read_as_cp1252(text: str) -> None:
    assert decode(text.encode("cp1252"), None, "f.csv").text == text


@pytest.mark.parametrize("word", ["København", "Sæby", "Ærø"])
@pytest.mark.parametrize("encoding", ["cp850", "mac_roman"])
def test_one_word_of_an_old_system_is_enough(word: str, encoding: str) -> None:
    assert decode(f"a;b\n1;{word}\n".encode("cp1252"), None, "f.csv").text.endswith(f"{word}\n")
    with pytest.raises(DataError, match=f'encoding = "{encoding}"'):
        decode(f"a;b\n1;{word}\n".encode(encoding), None, "f.csv")


@pytest.mark.parametrize("through", ["mac_roman", "cp850"])
def test_text_that_was_encoded_twice_by_way_of_an_old_system_is_refused(through: str) -> None:
    with pytest.raises(DataError, match="UTF-8 twice"):
        decode("a\nblåbær på øen\n".encode().decode(through).encode(), None, "f.csv")


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_rows_that_were_misread_are_named_among_sound_ones(encoding: str) -> None:
    text = "a\nblåbær på øen\n".encode(encoding)
    misread = "blåbær\n" if encoding == "cp1252" else "blåbær\n".encode().decode("cp1252")
    with pytest.raises(DataError, match=r"two signs each \(rows 3\)"):
        decode(text + misread.encode(), None, "f.csv")


def test_marks_of_the_beginning_and_the_end_are_no_text() -> None:
    marked = "\ufeffå;b\n\x1a".encode()
    assert (
        decode(marked, "utf-8", "f.csv").text == decode(marked, None, "f.csv").text == "å;b\n"
    )
    assert decode("å;b".encode("utf-32"), None, "f.csv").text == "å;b"
    with pytest.raises(DataError, match="begins with the mark of utf-8"):
        decode(b"\xef\xbb\xbf\xe5;b", None, "f.csv")


@pytest.mark.parametrize("name", ["rot13", "hex", ""])
def test_a_codec_that_makes_no_text_is_no_encoding(name: str) -> None:
    with pytest.raises(DataError, match="is not known"):
        decode(b"a", name, "f.csv")
