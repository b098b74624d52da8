"""What the surveys collected: counted right, and few who left a question out stay unseen."""

from __future__ import annotations

import pandas as pd

from analyses import Estimates, Study, Tables
from analyses.published.survey import response
from analyses.published.table import Made
from analyses.published.tables import TABLES


def test_response_counts_those_who_answered_any_item(
    study: Study, tables: Tables, estimates: Estimates
) -> None:
    found = response(Made(TABLES, study, tables, estimates)).set_index(["table", "wave", "arm"])
    wave = tables.waves["citizen"][3].frame
    m = estimates.main.matched
    mine = set(m.frame.loc[m.used & m.treated, "person_id"])
    status = wave.loc[wave["person_id"].isin(mine), "answer_status"]
    row = found.loc[("citizen", 3, "treated")]
    assert row["n_invited"] == len(mine)
    assert 0.97 * status.isin([1, 2]).sum() <= row["n_answered"] <= status.isin([1, 2]).sum()


def missing(kind: list[str], n: list[int], column: object = "continuity_1") -> pd.DataFrame:
    about = {"table": "staff", "wave": 1, "column": column}
    return pd.DataFrame({**about, "kind": kind, "n": n})


def test_hidden_kinds_of_missing_sum_to_no_small_count(publish) -> None:
    made = missing(["blank", "do_not_know", "not_asked", "refused"], [79, 13, 1, 1])
    shown = publish({"missing": made})["missing"]
    assert shown["n"].isna().tolist() == [False, True, True, True]
    assert shown["n"][0] == 80


def test_few_who_break_off_between_two_questions_are_not_told(publish) -> None:
    made = missing(["blank", "blank"], [78, 81], ["continuity_1", "continuity_2"])
    assert publish({"missing": made})["missing"]["n"].tolist() == [80, 80]


def test_the_base_of_an_item_that_few_left_out_is_hidden(publish) -> None:
    response = pd.DataFrame(
        {
            "table": ["staff"],
            "wave": [1],
            "arm": ["all"],
            "n_invited": [300],
            "n_answered": [230],
            "share": [76.6666666],
        }
    )
    shares = pd.DataFrame(
        {"table": "staff", "wave": 1, "n": [228, 210], "estimate": [4400 / 228, 4200 / 210]}
    )
    made = publish({"response": response, "shares": shares})["shares"]
    assert made["n"].isna().tolist() == [True, False]
    assert made["estimate"].tolist() == [19.3, 20.0]


def test_who_answered_is_hidden_where_few_did_not(publish) -> None:
    made = pd.DataFrame(
        {"table": "staff", "wave": 1, "arm": ["all", "treated"], "n_invited": [60, 60]}
    ).assign(n_answered=[57, 40], share=[95.0, 100 * 40 / 60])
    shown = publish({"response": made})["response"]
    assert shown["n_answered"].isna().tolist() == [True, False]
    assert shown["n_invited"].tolist() == [60, 60]


def test_the_sum_of_both_arms_is_hidden_where_one_of_them_is(publish) -> None:
    made = pd.DataFrame(
        {"table": "svar", "wave": 1, "arm": ["treated", "comparison", "all"]}
    ).assign(n_invited=[60, 90, 150], n_answered=[57, 60, 117])
    made["share"] = 100 * made["n_answered"] / made["n_invited"]
    shown = publish({"response": made})["response"]
    assert shown["n_answered"].isna().tolist() == [True, False, True]
    assert shown["share"].isna().tolist() == [True, False, True]
    assert shown["n_invited"].tolist() == [60, 90, 150]
