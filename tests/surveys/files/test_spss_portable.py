"""SPSS portable files: codes that are declared missing are kept, as in a .sav."""

from __future__ import annotations

import datetime as dt
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat
import pytest

import surveys
from data_dictionary.errors import DataError

DATA = Path(__file__).parents[2] / "data"
BASE = "0123456789ABCDEFGHIJKLMNOPQRST"
DAY = 86_400 * (dt.date(2017, 9, 28) - dt.date(1582, 10, 14)).days
LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz "
LETTERS += ".<(+|&[]!$*);^-/|,%_>?`:#@'=\""


def n(number: int) -> str:
    digits = ""
    rest = abs(number)
    while rest or not digits:
        rest, digit = divmod(rest, 30)
        digits = BASE[digit] + digits
    return f"{'-' if number < 0 else ''}{digits}/"


def t(text: str) -> str:
    return n(len(text)) + text


def variable(name: str, width: int = 0, shown: int = 5, more: str = "") -> str:
    return f"7{n(width)}{t(name)}{(n(shown) + n(8) + n(0)) * 2}{more}"


HEAD = "A" + t("20170901") + t("120000") + "1" + t("made by hand") + "4" + n(6) + "5" + n(11)
VARIABLES = (
    variable("ID", width=4, shown=1, more="C" + t("Nøgle"))
    + variable("Q", more="8" + n(9) + "9" + n(-1) + "C" + t("Spørgsmål"))
    + variable("W", more="A" + n(90))
    + variable("D", shown=20, more="B" + n(DAY - 86_400) + n(DAY))
    # Of a format of dates some programs add 82 to the number.
    + variable("M", shown=28 + 82)
    + variable("S", width=2, shown=1, more="8" + t("XX"))
)
LABELS = "D" + n(2) + t("Q") + t("W") + n(2) + n(9) + t("Ved ikke") + n(1) + t("Ja")
DATA_ROWS = "F" + "".join(
    t(key) + q + w + d + d + t(s)
    for key, q, w, d, s in (
        ("a", n(1), n(1), n(DAY), "ab"),
        ("b  ", n(9), n(90), n(DAY + 86_400), "XX"),
        ("c", n(-5), " *.", "*.", ""),
    )
)


def portable(
    body: str, letters: str = LETTERS, end: str = "\r\n", *, trimmed: bool = False
) -> bytes:
    head = "0" * 40 + "ASCII SPSS PORT FILE".ljust(160) + "0" * 64 + letters.ljust(192, "0")
    text = head + "SPSSPORT" + body + "Z"
    text = text.ljust(-(-len(text) // 80) * 80, "Z")
    cards = [text[first : first + 80] for first in range(0, len(text), 80)]
    return end.join(card.rstrip() if trimmed else card for card in cards).encode("cp1252")


def made(path: Path, content: bytes) -> surveys.Source:
    path.write_bytes(content)
    return surveys.read(path)


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
@pytest.mark.parametrize("trimmed", [False, True])
def test_every_record_is_read(end: str, trimmed: bool, tmp_path: Path) -> None:
    content = portable(
        HEAD + "6" + t("W") + VARIABLES + LABELS + DATA_ROWS, end=end, trimmed=trimmed
    )
    source = made(tmp_path / "t.por", content)
    frame = source.frame
    assert frame["ID"].tolist() == ["a", "b", "c"]
    assert frame["Q"].tolist() == [1, 9, -5]
    assert frame["W"].tolist()[:2] == [1, 90]
    assert math.isnan(frame["W"][2])
    assert frame["D"].tolist()[:2] == [dt.date(2017, 9, 28), dt.date(2017, 9, 29)]
    assert frame["M"].tolist()[0] == dt.date(2017, 9, 1)
    assert source.missing["Q"] == {9: "do_not_know", -5: "user"}
    assert source.missing["W"] == {90: "user"}
    assert source.missing["D"] == {dt.date(2017, 9, 28): "user"}
    assert source.missing["S"] == {"XX": "user"}
    assert source.missing_ranges["Q"] == ((9, 9), (-math.inf, -1))
    assert source.value_labels["W"] == {9: "Ved ikke", 1: "Ja"}
    assert source.variable_labels == {"ID": "Nøgle", "Q": "Spørgsmål"}
    assert source.weight == "W"
    assert source.provenance.encoding == "cp1252"


def test_letters_that_another_machine_writes_otherwise_are_turned_back(tmp_path: Path) -> None:
    # As if a and z had changed places, in all but the first card.
    other = LETTERS.translate(str.maketrans("az", "za"))
    content = portable(HEAD + VARIABLES + DATA_ROWS)
    start = 200 + 256 + 3 * 2
    turned = content[start:].translate(bytes.maketrans(b"az", b"za"))
    content = portable(HEAD + VARIABLES + DATA_ROWS, other)[:start] + turned
    assert made(tmp_path / "t.por", content).frame["ID"].tolist() == ["a", "b", "c"]


def test_numbers_are_those_of_pyreadstat(tmp_path: Path) -> None:
    drawn = np.random.default_rng(1)
    size = 10.0 ** drawn.integers(-30, 30, 300)
    frame = pd.DataFrame(
        {"X": drawn.normal(size=300) * size, "N": drawn.choice([1, 0.1, -99, np.nan], 300)}
    )
    pyreadstat.write_por(frame, tmp_path / "t.por")
    other, _ = pyreadstat.read_por(tmp_path / "t.por")
    pd.testing.assert_frame_equal(surveys.read(tmp_path / "t.por").frame, other, rtol=1e-15)


def test_a_real_file_is_read_as_pyreadstat_reads_it() -> None:
    other, meta = pyreadstat.read_por(
        DATA / "pyreadstat_sample.por", disable_datetime_conversion=True
    )
    source = surveys.read(DATA / "pyreadstat_sample.por")
    for name in ("MYCHAR", "MYNUM", "MYLABL", "MYORD", "MYTIME"):
        expected = other[name].fillna(-9).tolist()
        assert source.frame[name].fillna(-9).tolist() == expected
    assert source.frame["MYDATE"].tolist()[0] == dt.date(2018, 5, 6)
    assert source.value_labels == meta.variable_value_labels


@pytest.mark.parametrize(
    "body",
    [
        HEAD + VARIABLES.replace("74/", "7X/") + DATA_ROWS,
        HEAD.replace("46/", "47/") + VARIABLES + DATA_ROWS,
        HEAD + VARIABLES + LABELS.replace("1/Q", "1/P") + DATA_ROWS,
        HEAD + VARIABLES + DATA_ROWS + t("d"),
        HEAD + VARIABLES + DATA_ROWS + n(10**9),
        HEAD + "F",
        "",
    ],
)
def test_what_contradicts_itself_is_refused(body: str, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"t\.por: cannot be read as SPSS portable"):
        made(tmp_path / "t.por", portable(body))
