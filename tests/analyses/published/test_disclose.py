"""No table shows a count of 1 to min_cell - 1, nor an effect on so few events."""

from __future__ import annotations

import pandas as pd
import pytest

from analyses.published.disclose import disclosed, discreet
from analyses.published.result_tables import COLUMNS

EMPTY = {
    name: pd.DataFrame(columns=[*columns, "n_events"]) for name, columns in COLUMNS.items()
}


def curves(events: dict[tuple[str, str], int]) -> pd.DataFrame:
    """Return two-step curves of one outcome with the events of each arm and cause."""
    rows = []
    for (arm, cause), n in events.items():
        for time, happened in ((0, 0), (10, n)):
            rows.append(
                {
                    "outcome": "employment",
                    "curve": "incidence",
                    "arm": arm,
                    "cause": cause,
                    "time": time,
                    "estimate": happened / 100,
                    "conf_low": 0.0,
                    "conf_high": 1.0,
                    "at_risk": 100,
                    "n_events": happened,
                }
            )
    return pd.DataFrame(rows)


def effects(*names: str) -> pd.DataFrame:
    row = dict.fromkeys(COLUMNS["effects"], 1.0) | {"n_treated": 100, "n_comparison": 100}
    return pd.DataFrame([{**row, "outcome": name, "term": "incidence"} for name in names])


def test_an_effect_on_few_events_is_hidden_and_the_others_are_shown() -> None:
    events = {
        ("treated", "employment"): 30,
        ("treated", "death"): 3,
        ("comparison", "employment"): 25,
        ("comparison", "death"): 9,
    }
    tables = {**EMPTY, "curves": curves(events), "effects": effects("employment", "death")}
    made = disclosed(tables, min_cell=5)
    shown = made["effects"].set_index("outcome")["estimate"]
    assert shown["employment"] == 1.0
    assert pd.isna(shown["death"])
    assert made["effects"]["conf_low"].isna().tolist() == [False, True]


def test_the_studied_event_is_hidden_too_where_few_met_it() -> None:
    events = {("treated", "employment"): 2, ("comparison", "employment"): 25}
    tables = {**EMPTY, "curves": curves(events), "effects": effects("employment")}
    assert disclosed(tables, min_cell=5)["effects"]["estimate"].isna().all()
    assert disclosed(tables, min_cell=1)["effects"]["estimate"].notna().all()


def test_an_effect_between_arms_of_which_one_is_small_is_hidden() -> None:
    small = effects("earnings").assign(n_treated=3)
    made = disclosed({**EMPTY, "effects": small}, min_cell=5)["effects"]
    assert made[["estimate", "n_treated"]].isna().all(axis=None)
    assert made["n_comparison"].tolist() == [100]


@pytest.mark.parametrize(("share", "shown"), [(0.02, False), (0.2, True), (0.0, True)])
def test_shares_of_few_are_hidden_in_the_profile(share: float, shown: bool) -> None:
    rows = pd.DataFrame(
        {
            "group": "matched",
            "variable": ["female", "age"],
            "level": "",
            "n": 100,
            "mean": [share, 40.0],
            "sd": [float("nan"), 9.0],
        }
    )
    made = disclosed({**EMPTY, "profile": rows}, min_cell=5)["profile"]
    assert pd.notna(made["mean"][0]) == shown
    assert made["mean"][1] == 40.0


def test_a_single_hidden_level_takes_the_next_smallest_with_it() -> None:
    rows = pd.DataFrame(
        {
            "group": "matched",
            "variable": "education",
            "level": ["1", "2", "3"],
            "n": 100,
            "mean": [0.02, 0.30, 0.68],
            "sd": float("nan"),
        }
    )
    made = disclosed({**EMPTY, "profile": rows}, min_cell=5)["profile"]
    assert made["mean"].isna().tolist() == [True, True, False]


def test_few_participants_of_a_site_hide_it() -> None:
    rows = pd.DataFrame([{**dict.fromkeys(COLUMNS["sites"], 1.0), "n_treated": 2}])
    made = disclosed({**EMPTY, "sites": rows}, min_cell=5)["sites"]
    assert made[["estimate", "n_treated"]].isna().all(axis=None)


def test_notes_that_give_a_small_count_away_are_left_out() -> None:
    reason = "2 treated clusters of 9: too few for inference"
    notes = (
        "no partner for 2 of 1149 treated; the effect is that of the 1147 matched.",
        "the effect is that of the 1147 matched of 1149.",
        "219 of 731 treated rows lack 'relation', left out",
        "baseline 'relation_w1' corrected for its reliability 0.835",
        "std_error is CR2; smallest attainable p 0.0001",
        reason,
        reason,
    )
    assert discreet(notes, reason=reason, min_cell=5) == list(notes[2:6])
    assert discreet(notes, reason=reason, min_cell=1) == list(notes[:6])


def test_participants_are_hidden_where_few_of_them_found_no_partner() -> None:
    profile = pd.DataFrame(
        {
            "group": ["participants", "matched"],
            "variable": "age",
            "level": "",
            "n": [1149, 1147],
            "mean": [38.0, 38.1],
            "sd": [10.0, 10.1],
        }
    )
    shown = disclosed({**EMPTY, "profile": profile}, min_cell=5)["profile"]
    assert shown["mean"].isna().tolist() == [True, False]


def test_a_hidden_step_is_not_the_sum_of_what_a_survey_set_shows() -> None:
    # 275 - 2 = 273 are eligible, of whom 173 answered: 173 + 100 would give the 273 back.
    flow = pd.DataFrame(
        {
            "step": ["data", "status", "matched", "baseline:relation", "matched:relation"],
            "arm": "treated",
            "n": [275, 273, 260, 173, 160],
            "lost": [0, 2, 13, 100, 13],
            "reason": "",
        }
    )
    shown = disclosed({**EMPTY, "flow": flow}, min_cell=5)["flow"]
    assert shown["n"].isna().tolist() == [False, True, False, False, False]
    assert shown["lost"].isna()[3]


def test_a_hidden_site_is_not_the_total_less_the_others() -> None:
    sites = pd.DataFrame(
        {
            "outcome": "employment",
            "term": "incidence",
            "cluster": ["a", "b", "c"],
            "estimate": [1.0, 2.0, 3.0],
            "n_treated": [3, 20, 30],
            "loo_estimate": 2.0,
            "loo_low": 1.0,
            "loo_high": 3.0,
        }
    )
    shown = disclosed({**EMPTY, "sites": sites}, min_cell=5)["sites"]
    assert shown["n_treated"].isna().tolist() == [True, True, False]
    assert shown["loo_estimate"].isna().tolist() == [True, True, False]


def test_hidden_kinds_of_missing_sum_to_no_small_count() -> None:
    missing = pd.DataFrame(
        {
            "table": "staff",
            "wave": 1,
            "column": "continuity_1",
            "kind": ["blank", "do_not_know", "not_asked", "refused"],
            "n": [79, 13, 1, 1],
        }
    )
    shown = disclosed({**EMPTY, "missing": missing}, min_cell=5)["missing"]
    assert shown["n"].isna().tolist() == [False, True, True, True]
    assert shown["n"][0] == 80


def test_few_who_break_off_between_two_questions_are_not_told() -> None:
    missing = pd.DataFrame(
        {
            "table": "staff",
            "wave": 1,
            "column": ["continuity_1", "continuity_2"],
            "kind": "blank",
            "n": [78, 81],
        }
    )
    shown = disclosed({**EMPTY, "missing": missing}, min_cell=5)["missing"]
    assert shown["n"].tolist() == [80, 80]


def test_nested_groups_differ_by_no_small_count_of_a_level() -> None:
    profile = pd.DataFrame(
        {
            "group": ["consented", "matched"],
            "variable": "education",
            "level": "4",
            "n": [200, 188],
            "mean": [11 / 200, 10 / 188],
            "sd": float("nan"),
        }
    )
    shown = disclosed({**EMPTY, "profile": profile}, min_cell=5)["profile"]
    counts = (shown["mean"] * shown["n"]).astype(float)
    assert (counts / 5).tolist() == pytest.approx([2.0, 2.0])
