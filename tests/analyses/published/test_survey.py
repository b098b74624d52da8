"""What the surveys collected: counted right, and few who left a question out stay unseen."""

from __future__ import annotations

import pandas as pd

from analyses import Estimates, Study, Tables
from analyses.published.survey import response
from analyses.published.table import Made
from analyses.published.tables import TABLES
from tests.analyses.published.whole import apart


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


def test_kinds_of_missing_are_told_in_classes_by_their_lower_ends(publish) -> None:
    made = missing(["blank", "do_not_know", "not_asked", "refused"], [79, 13, 1, 1])
    shown = publish({"missing": made})["missing"]
    assert shown["n"].fillna(0).tolist() == [75, 10, 0, 0]


def test_kinds_leave_room_for_few_where_it_is_told_how_many_answered(publish) -> None:
    about = {"table": "staff", "wave": [1]}
    response = pd.DataFrame({**about, "arm": ["all"], "n_invited": [300], "n_answered": [230]})
    shares = pd.DataFrame({**about, "item": ["continuity_1"], "n": [222], "estimate": [50.0]})
    made = missing(["blank", "do_not_know", "not_asked", "refused"], [70, 7, 1, 0])
    tables = {"missing": made, "response": response, "shares": shares}
    # 230 less 222 are 8: beside 5 to 9, few would be 0 to 3.
    assert publish(tables)["missing"]["n"].isna().all()
    tables["shares"] = shares.assign(n=219)
    tables["missing"] = made.assign(n=[70, 7, 4, 0])
    assert publish(tables)["missing"]["n"].fillna(0).tolist() == [0, 5, 0, 0]


def test_few_who_break_off_between_two_questions_are_not_told(publish) -> None:
    made = missing(["blank", "blank"], [76, 79], ["continuity_1", "continuity_2"])
    assert publish({"missing": made})["missing"]["n"].tolist() == [75, 75]


def test_few_who_left_an_item_out_are_not_the_difference_of_two_sizes(publish) -> None:
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
    made = publish({"response": response, "shares": shares})
    assert made["shares"]["n"].tolist() == [228, 210]
    assert made["shares"]["estimate"].tolist() == [19.5, 20.0]
    assert made["response"]["n_answered"].tolist() == [228]


def test_alpha_of_few_is_not_told(publish) -> None:
    scales = pd.DataFrame({"scale": ["a", "b"], "wave": 1, "n": [4, 40], "alpha": 0.8})
    made = publish({"scales": scales})["scales"]
    assert made["alpha"].isna().tolist() == [True, False]


def test_few_who_did_not_answer_look_like_nobody(publish) -> None:
    made = pd.DataFrame(
        {"table": "staff", "wave": [1, 2], "arm": "all", "n_invited": [60, 60]}
    ).assign(n_answered=[57, 40], share=[95.0, 100 * 40 / 60])
    shown = publish({"response": made})["response"]
    assert shown["n_answered"].tolist() == [57, 40]
    assert shown["n_invited"].tolist() == [57, 57]
    assert shown["share"].fillna(0).tolist() == [0, 70]


def test_the_sum_of_both_arms_is_hidden_where_one_of_them_is_told_as_another(publish) -> None:
    made = pd.DataFrame(
        {"table": "svar", "wave": 1, "arm": ["treated", "comparison", "all"]}
    ).assign(n_invited=[60, 90, 150], n_answered=[57, 60, 117])
    made["share"] = 100 * made["n_answered"] / made["n_invited"]
    for name in ("n_invited", "n_answered"):
        treated, others = (apart(arm, n) for arm, n in enumerate(made[name][:2]))
        made[f"{name}_who"] = [treated, others, treated | others]
    shown = publish({"response": made})["response"]
    # Of the 60 few did not answer: 150 less 90 would tell.
    assert shown["n_invited"].fillna(0).tolist() == [57, 90, 0]
    assert shown["n_answered"].tolist() == [57, 60, 117]
    assert shown["share"].isna().tolist() == [True, False, True]
