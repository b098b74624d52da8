"""What could take a finding away is told without giving a few persons away."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from evaluation.notes import Note
from evaluation.robustness.checks import Question
from tests.analyses.published.test_effects import curves


def row(check: str, name: str, **values) -> dict[str, object]:
    made = dict.fromkeys(("estimate", "conf_low", "conf_high", "p_value"), 1.0)
    made |= {"n_treated": 500.0, "n_comparison": 500.0, "fewest": np.nan}
    made |= {"arm": "", "effective": np.nan}
    subject = name.removeprefix("without ") if check == "leave_one_out" else ""
    made["asked"] = Question("leave_one_out", "without", subject)
    return {"outcome": "job", "check": check, "name": name, "note": "", **made, **values}


@pytest.fixture
def hide(publish, effects):
    def run(*given: dict[str, object], **tables: pd.DataFrame) -> pd.DataFrame:
        made = pd.DataFrame([row("main", "job"), *given])
        shown = effects("job", n_treated=500, n_comparison=500)
        found = publish({"sensitivity": made, "effects": shown, **tables})
        return found["sensitivity"].set_index("name")

    return run


def test_a_small_municipality_and_a_second_one_are_hidden_where_left_out(hide) -> None:
    sizes = {"without a": 3.0, "without b": 9.0, "without c": 80.0}
    made = hide(
        *(
            row("leave_one_out", name, fewest=n, arm="treated", n_treated=np.nan)
            for name, n in sizes.items()
        )
    )
    assert made["estimate"].notna().to_dict() == {
        "job": True,
        "without a": False,
        "without b": False,
        "without c": True,
    }


def test_clusters_of_an_outcome_that_sites_does_not_have_keep_to_its_rule(hide) -> None:
    def asked(*sizes: int, effective: float) -> list[bool]:
        told = {"arm": "treated", "n_treated": np.nan, "effective": effective}
        names = "abcdefg"[: len(sizes)]
        made = hide(
            *(
                row("leave_one_out", f"without {name}", fewest=float(n), **told)
                for name, n in zip(names, sizes, strict=True)
            )
        )
        return made.drop("job")["estimate"].notna().tolist()

    # As in the tests of sites.csv: 900 / 6 less 144 are 6 squares, and with 5 in one there
    # are 25; 100 / 6 are 16 squares, so that none of the six can have 5.
    assert asked(12, 3, 3, 3, 3, 3, 3, effective=np.nan) == [True, *[False] * 6]
    assert asked(12, 3, 3, 3, 3, 3, 3, effective=6.2) == [False] * 7
    assert asked(2, 2, 2, 2, 1, 1, effective=6.0) == []
    assert asked(2, 2, 2, 2, 1, 1, effective=np.nan) == [False] * 6


def test_what_sites_hides_is_hidden_where_left_out(hide) -> None:
    clusters = pd.DataFrame({"outcome": "job", "term": "incidence", "cluster": list("abc")})
    sites = clusters.assign(n_treated=[3, 80, 90], loo_estimate=1.0, effective=np.nan)
    # The clusters of the checks are larger, but those of the table are not.
    made = hide(
        *(row("leave_one_out", f"without {c}", fewest=80.0, arm="treated") for c in "abc"),
        sites=sites,
    )
    shown = made["estimate"].notna().to_dict()
    assert shown == {"job": True, "without a": False, "without b": False, "without c": True}


def test_what_sites_leaves_out_is_not_left_out_one_at_a_time(hide) -> None:
    clusters = pd.DataFrame({"outcome": "job", "term": "incidence", "cluster": list("abcdef")})
    sites = clusters.assign(n_treated=[2, 2, 2, 2, 1, 1], loo_estimate=1.0, effective=6.0)
    left_out = (
        row("leave_one_out", f"without {c}", fewest=9.0, arm="treated") for c in "abcdef"
    )
    made = hide(*left_out, row("specification", "x"), sites=sites)
    assert made["estimate"].notna().to_dict() == {"job": True, "x": True}


def test_few_events_and_rare_causes_are_hidden(hide) -> None:
    events = {("treated", "death"): 3, ("comparison", "death"): 9}
    made = hide(
        row("specification", "run of 13 weeks", fewest=4.0),
        row("specification", "run of 8 weeks", fewest=40.0),
        row("negative_control", "death"),
        curves=curves({("treated", "job"): 30, ("comparison", "job"): 30} | events).assign(
            outcome="job"
        ),
    )
    assert made["estimate"].isna().to_dict() == {
        "job": False,
        "run of 13 weeks": True,
        "run of 8 weeks": False,
        "death": True,
    }


def test_nothing_is_said_of_a_hidden_finding(hide, effects) -> None:
    shown = hide(row("specification", "x"), effects=effects("job", n_treated=3))
    assert shown["estimate"].isna().all()


def test_sizes_near_the_findings_are_told_as_those_and_notes_that_count_few_are_not(
    hide,
) -> None:
    made = hide(
        row("negative_control", "close", n_treated=497.0),
        row("negative_control", "far", n_treated=400.0),
        row("specification", "few", note=Note("pairs", "{n} pairs", {"n": 3})),
        row("specification", "many", note=Note("pairs", "{n} pairs", {"n": 30})),
        row("specification", "undeclared", note="30 pairs"),
    )
    assert made.loc[["close", "far"], "n_treated"].tolist() == [500, 400]
    assert made.loc["close", "estimate"] == 1.0
    assert made.loc[["few", "many", "undeclared"], "note"].tolist() == ["", "30 pairs", ""]
