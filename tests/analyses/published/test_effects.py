"""No effect on few events, few persons or a hidden contrast is shown."""

from __future__ import annotations

import pandas as pd
import pytest


def curves(events: dict[tuple[str, str], int]) -> pd.DataFrame:
    """Return two-step curves of one outcome with the events of each arm and cause."""
    rows = [
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
        for (arm, cause), n in events.items()
        for time, happened in ((0, 0), (10, n))
    ]
    return pd.DataFrame(rows)


def test_an_effect_on_few_events_is_hidden_and_the_others_are_shown(publish, effects) -> None:
    events = {
        ("treated", "employment"): 30,
        ("treated", "death"): 3,
        ("comparison", "employment"): 25,
        ("comparison", "death"): 9,
    }
    made = publish({"curves": curves(events), "effects": effects("employment", "death")})
    shown = made["effects"].set_index("outcome")["estimate"]
    assert shown["employment"] == 1.0
    assert pd.isna(shown["death"])
    assert made["effects"]["conf_low"].isna().tolist() == [False, True]


def test_the_studied_event_is_hidden_too_where_few_met_it(publish, effects) -> None:
    events = {("treated", "employment"): 2, ("comparison", "employment"): 25}
    tables = {"curves": curves(events), "effects": effects("employment")}
    assert publish(tables)["effects"]["estimate"].isna().all()
    assert publish(tables, 1)["effects"]["estimate"].notna().all()


def test_a_cause_that_carries_its_outcome_is_hidden_by_that_name(publish, effects) -> None:
    events = {("treated", "employment"): 30, ("treated", "death"): 3}
    events |= {("comparison", "employment"): 25, ("comparison", "death"): 9}
    tables = {"curves": curves(events), "effects": effects("employment:death", "steady:death")}
    assert publish(tables)["effects"]["estimate"].isna().tolist() == [True, False]


def test_an_effect_between_arms_of_which_one_is_small_is_hidden(publish, effects) -> None:
    made = publish({"effects": effects("earnings", n_treated=3)})["effects"]
    assert made[["estimate", "n_treated"]].isna().all(axis=None)
    assert made["n_comparison"].tolist() == [100]


@pytest.mark.parametrize(("lost", "told"), [(4, 98), (5, 103)])
def test_sizes_tell_of_no_few_that_a_landmark_lost(publish, effects, lost, told) -> None:
    made = effects("job", "death", "score").assign(n_treated=[98, 98, 98 + lost])
    shown = publish({"effects": made})["effects"]["n_treated"].tolist()
    # Told as one, or exactly: two sizes lie none or many apart.
    assert shown == ([98 + lost] * 3 if lost < 5 else [98, 98, told])


def test_the_effect_of_a_contrast_is_hidden_with_its_cells(publish, effects) -> None:
    cells = pd.DataFrame(
        {
            "outcome": "job",
            "term": "itt_did",
            "arm": "treated",
            "period": ["before", "after"],
            "n_target": 200,
            "n_unobserved": 100,
            "n_followed": 100,
            "n": 100,
            "estimate": [3.0, 20.0],
        }
    )
    both = pd.concat([effects("job"), effects("job", term="itt_did")], ignore_index=True)
    shown = publish({"contrasts": cells, "effects": both})["effects"]
    assert shown["estimate"].isna().tolist() == [False, True]
