"""A date that a .sav declares missing is nobody's answer, and keeps its kind."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pandas as pd
import pyreadstat

import surveys
from data_dictionary import load

DAYS = [dt.date(2017, 9, 28), dt.date(1900, 1, 1), dt.date(1800, 1, 1), dt.date(1901, 1, 1)]
ISO = "1901-01-01"


def table(folder: Path, missing: str = "") -> surveys.TableFile:
    seconds = [86_400.0 * (day - dt.date(1582, 10, 14)).days for day in DAYS]
    pyreadstat.write_sav(
        pd.DataFrame({"person_id": ["a", "b", "c", "d"], "answered": seconds}),
        folder / "answers.sav",
        variable_format={"answered": "DATE11"},
        missing_ranges={"answered": [{"lo": seconds[2], "hi": seconds[3]}]},
        variable_value_labels={"answered": {seconds[1]: "Ved ikke"}},
    )
    (folder / "answers.toml").write_text(
        f"""
        label = "Svar"
        role = "survey"
        respondents = {{ singular = "borger", plural = "borgere", definite = "borgerne" }}
        asked = "rows"
        key = ["person_id"]
        source = "Skema"

        [columns.person_id]
        role = "key"
        type = "string"
        label = "Person"
        sensitivity = "identifying"
        source = "Skema"

        [columns.answered]
        type = "date"
        label = "Besvaret"
        source = "Skema"
        sensitivity = "none"
        {missing}
        """,
        encoding="utf-8",
    )
    return surveys.read_table(folder / "answers.sav", load(folder)["answers"])


def test_dates_in_a_declared_range_are_masked_and_told(tmp_path: Path) -> None:
    file = table(tmp_path)
    assert file.frame["answered"].tolist()[0] == pd.Timestamp(DAYS[0])
    assert file.frame["answered"].isna().tolist() == [False, True, True, True]
    ledger = file.missing.set_index("row")["kind"]
    assert ledger[1] == "do_not_know"
    assert ledger[2] == ledger[3] == "blank"
    (remark,) = (one for one in file.remarks if one.what == "missing_dates")
    assert (remark.columns, remark.count) == (("answered",), 3)
    assert remark.detail == "1800-01-01, 1900-01-01, 1901-01-01"


def test_what_the_dictionary_lists_has_the_kind_of_the_dictionary(tmp_path: Path) -> None:
    file = table(tmp_path, f'missing = {{ "{ISO}" = "refused" }}')
    assert file.frame["answered"].isna().tolist() == [False, True, True, True]
    assert file.missing.set_index("row")["kind"][3] == "refused"
