"""What takes a finding away, by hand; and words that agree with the numbers."""

from __future__ import annotations

import re
from dataclasses import replace

import pandas as pd
import pytest

from reports.challenges import Challenges, Standing, challenge
from reports.chapters import sensitivity, sensitivity_threats
from reports.facts import Report
from reports.words.vocabulary import PARTICIPANTS
from reports.words.wording import Finding

COLUMNS = ("check", "name", "estimate", "conf_low", "conf_high", "p_value", "unit")
POINTS = "percentage points"


def finding(low: float = 3.0, p: float = 0.001, estimate: float = 8.0) -> Finding:
    return Finding(
        outcome="job",
        label="beskæftigelse",
        term="incidence",
        unit=POINTS,
        estimate=estimate,
        conf_low=low,
        conf_high=13.0,
        p=p,
        p_adjusted=p,
        n_treated=500,
        n_comparison=500,
        level=0.95,
        words=PARTICIPANTS,
    )


# A finding that stands: everything it takes is more than is thought little.
STRONG = {
    ("main", "job"): (8.0, 3.0, 13.0, 0.001, POINTS),
    ("specification", "run of 1 week"): (7.0, 2.0, 12.0, 0.002, POINTS),
    ("specification", "run of 13 weeks"): (9.0, 4.0, 14.0, 0.001, POINTS),
    ("leave_one_out", "without 151"): (7.5, 2.5, 12.5, 0.002, POINTS),
    ("censoring_bound", "censored treated had it at once, the others never"): (
        *(8.5, 3.0, 14.0, 0.001),
        POINTS,
    ),
    ("censoring_bound", "censored comparison had it at once, the others never"): (
        *(7.9, 2.0, 13.0, 0.002),
        POINTS,
    ),
    ("negative_control", "before"): (0.2, -1.0, 1.4, 0.7, "weeks"),
    ("common_shock", "SD between donors"): (2.0, 1.0, 2.9, None, POINTS),
    ("common_shock", "removes the estimate"): (4.0, None, None, None, "SD between donors"),
    ("common_shock", "removes the interval"): (1.5, None, None, None, "SD between donors"),
    ("measured_covariate", "age"): (-0.5, None, None, None, POINTS),
    ("measured_covariate", "motivation that removes the estimate"): (
        *(16.0, None, None, None),
        "times the bias by age",
    ),
    ("measured_covariate", "motivation that removes the interval"): (
        *(6.0, None, None, None),
        "times the bias by age",
    ),
    ("self_selection", "imbalance that removes the estimate"): (
        *(2.0, None, None, None),
        "SD of motivation, as telling as weeks",
    ),
    ("self_selection", "imbalance that removes the interval"): (
        *(1.1, None, None, None),
        "SD of motivation, as telling as weeks",
    ),
    ("self_selection", "asked who took part"): (66.0, None, None, None, "per cent"),
    ("self_selection", "largest imbalance by taking part"): (
        *(0.55, None, None, None),
        "SD of motivation",
    ),
    ("nonresponse", "no answer, treated"): (25.0, None, None, None, "per cent"),
    ("nonresponse", "no answer, comparison"): (40.0, None, None, None, "per cent"),
    ("nonresponse", "difference that removes the estimate"): (
        *(1.2, None, None, None),
        "SD of the outcome",
    ),
    ("nonresponse", "difference that removes the interval"): (
        *(0.6, None, None, None),
        "SD of the outcome",
    ),
    ("e_value", "estimate"): (2.1, None, None, None, "risk ratio"),
    ("e_value", "interval"): (1.4, None, None, None, "risk ratio"),
    ("rosenbaum", "removes the finding"): (1.31, None, None, None, "odds of treatment"),
}


def rows(changed: dict[tuple[str, str], float] | None = None) -> pd.DataFrame:
    """Return the strong finding's rows, with other estimates where one is given."""
    made = pd.DataFrame([(*key, *values) for key, values in STRONG.items()], columns=COLUMNS)
    for column in COLUMNS[2:6]:
        made[column] = made[column].astype(float)
    for (check, name), value in (changed or {}).items():
        made.loc[(made["check"] == check) & (made["name"] == name), "estimate"] = value
    return made.assign(outcome="job", n_treated=500.0, n_comparison=500.0, note="")


def report(table: pd.DataFrame) -> Report:
    labels = {
        "municipality": {"label": "Kommune", "levels": {"151": "Ballerup"}},
        "age": {"label": "Alder", "levels": {}},
        "weeks": {"label": "Uger på ydelse", "levels": {}},
        "before": {"label": "Uger i job før", "levels": {}},
    }
    effect = {
        **{"outcome": "job", "term": "incidence", "estimate": 8.0, "conf_low": 3.0},
        **{"conf_high": 13.0, "p_value": 0.001, "p_adjusted": 0.001, "unit": POINTS},
        **{"n_treated": 500.0, "n_comparison": 500.0, "conf_level": 0.95},
    }
    return Report(
        manifest={
            "study": {"name": "x"},
            "cluster": "municipality",
            "labels": labels,
            "comparison": {
                **{"family": "pairs", "estimand": "ATT", "leaves_out": True},
                "method": "nearest",
            },
            "outcomes": [
                {
                    **{"name": "job", "label": "Beskæftigelse", "estimate": "incidence"},
                    **{"kind": "time", "role": "primary"},
                }
            ],
        },
        frames={"sensitivity": table, "effects": pd.DataFrame([effect])},
    )


def test_a_finding_that_no_check_takes_away_stands() -> None:
    made = challenge(finding(), rows())
    assert set(made.sounds) == {
        *("placebo", "shock", "selection", "nonresponse"),
        *("specification", "leave_one_out", "censoring_bound"),
    }
    assert not any(made.sounds.values())
    assert made.standing is Standing.STANDS


@pytest.mark.parametrize(
    ("check", "name", "value", "sounding"),
    [
        ("common_shock", "removes the interval", 1.0, "shock"),
        ("self_selection", "imbalance that removes the interval", 0.55 * 3**0.5, "selection"),
        ("nonresponse", "difference that removes the interval", 0.5, "nonresponse"),
    ],
)
def test_each_hidden_cause_explains_a_finding_from_its_own_limit_on(
    check: str, name: str, value: float, sounding: str
) -> None:
    at = challenge(finding(), rows({(check, name): value}))
    beyond = challenge(finding(), rows({(check, name): value + 0.01}))
    assert at.explaining == [sounding]
    assert at.standing is Standing.EXPLAINED
    assert beyond.standing is Standing.STANDS


def test_a_difference_before_start_explains_a_finding_after_bonferroni() -> None:
    made = rows()
    extra = made[made["check"] == "negative_control"].assign(name="other", p_value=0.9)
    made = pd.concat([made, extra], ignore_index=True)
    first = (made["check"] == "negative_control") & (made["name"] == "before")
    made.loc[first, "p_value"] = 0.03
    assert challenge(finding(), made).standing is Standing.STANDS
    made.loc[first, "p_value"] = 0.02
    assert challenge(finding(), made).explaining == ["placebo"]


@pytest.mark.parametrize("check", ["specification", "leave_one_out", "censoring_bound"])
def test_one_unsure_variant_makes_a_finding_fragile(check: str) -> None:
    made = rows()
    made.loc[made.index[made["check"] == check][0], "conf_low"] = -0.1
    assert challenge(finding(), made).standing is Standing.FRAGILE
    made.loc[made.index[made["check"] == check][0], ["conf_low", "conf_high"]] = [-9.0, -1.0]
    assert challenge(finding(), made).sounds[check]


def test_where_nobody_was_asked_the_measured_are_the_yardstick() -> None:
    table = rows({("measured_covariate", "motivation that removes the interval"): 3.0})
    assert challenge(finding(), table).standing is Standing.STANDS
    unasked = table[table["name"] != "largest imbalance by taking part"]
    assert challenge(finding(), unasked).explaining == ["selection"]


@pytest.mark.parametrize("low", [-1.0, float("nan")])
def test_an_unsure_or_refused_difference_is_no_finding_to_remove(low: float) -> None:
    one = challenge(finding(low=low, p=0.2), rows())
    assert one.standing is Standing.NO_FINDING
    words = text(one)
    for word in ("fjern", "bortforklar", "holder fundet", "Fundet"):
        assert word not in words, word
    assert "ikke et fund at prøve af" in words


def text(one: Challenges, made: Report | None = None) -> str:
    """Return every paragraph on a finding."""
    shown = made or report(one.rows)
    return " ".join(
        [
            sensitivity.verdict(shown, one),
            *sensitivity_threats.ways(shown, one),
            *sensitivity_threats.before(shown, one),
            sensitivity_threats.shock(shown, one),
            *sensitivity_threats.motivation(shown, one),
            sensitivity_threats.silence(one),
            sensitivity_threats.pairs(shown, one),
        ]
    )


def test_the_paragraphs_say_the_numbers_of_the_table() -> None:
    words = text(challenge(finding(), rows()))
    for said in (
        "Fundet for beskæftigelse holder i alle de afprøvninger",
        "mellem 7,0 og 9,0 procentpoint",
        "ligger forskellen på 7,5 procentpoint",
        "ville forskellen være 8,5 procentpoint, og omvendt 7,9",
        "uger i job før: 0,2 uger (−1,0 til 1,4)",
        "standardafvigelse på 2,0 procentpoint (95 %-interval 1,0 til 2,9)",
        "4,0 standardafvigelser for at fjerne hele forskellen og på 1,5",
        "ligger 13 pct. af dem",
        "betyder »Alder« mest",
        "6,0 gange så meget for at fjerne den statistiske sikkerhed og 16,0 gange",
        "66 pct. af dem, der blev spurgt, sagde ja",
        "0,55 standardafvigelser over gennemsnittet af alle, der blev spurgt",
        "tre gange så stor en del af udfaldet som »Uger på ydelse«",
        "flytte forskellen 5,2 gange så meget som det stærkeste målte forhold",
        "og det er ikke nok",
        "mindst 2,1 for at forklare hele forskellen og med 1,4",
        "25 pct. af deltagerne og 40 pct.",
        "0,60 standardafvigelser under",
        "faktor 1,31 i odds",
        "tager ikke højde for, at de, der bor i samme kommune",
    ):
        assert said in words, said


@pytest.mark.parametrize(
    ("needed", "said"),
    [
        (
            0.02,
            "Der skal lidt til, før fundet for beskæftigelse ikke længere er",
        ),
        (1.0, "En motivation, der flytter forskellen 1,0 gange så meget"),
        (1.1, "Der skal mere end lidt til"),
        (3.1, "holder i alle de afprøvninger"),
    ],
)
def test_a_verdict_grades_a_finding_by_how_strong_the_hidden_cause_must_be(
    needed: float, said: str
) -> None:
    table = rows({("measured_covariate", "motivation that removes the interval"): needed})
    table = table[table["check"] != "self_selection"]
    words = sensitivity.verdict(report(table), challenge(finding(), table))
    assert said in words
    assert ("under 0,1 gange" in words) == (needed == 0.02)
    assert ("Hele forskellen forsvinder først ved 16,0 gange" in words) == (needed <= 3)


def test_what_the_verdict_and_the_limits_tell_is_of_the_checks_that_were_made() -> None:
    table = rows({("nonresponse", "difference that removes the interval"): 0.3})
    words = sensitivity.verdict(report(table), challenge(finding(), table))
    assert (
        "At de, der ikke svarede, ligger 0,30 standardafvigelser fra dem, der svarede" in words
    )
    assert "motivation" not in words
    table.loc[table.index[table["check"] == "leave_one_out"], "conf_low"] = -0.1
    words = sensitivity.verdict(report(table), challenge(finding(), table))
    assert "desuden ikke statistisk sikkert, når en enkelt kommune udelades" in words
    brief = sensitivity.verdict(report(table), challenge(finding(), table), is_brief=True)
    assert "er nok. Det siger ikke, at fundet er forkert" in brief
    assert "desuden" not in brief
    no_survey = table[table["check"] != "nonresponse"]
    page = sensitivity._rules(report(no_survey), [challenge(finding(), no_survey)])
    assert "svarede" not in page
    assert "til- og fravalg" in page


def test_an_uncertain_spread_between_municipalities_is_said() -> None:
    wide = rows()
    wide.loc[wide["name"] == "SD between donors", "conf_high"] = 3.1
    assert "usikkert bestemt" in text(challenge(finding(), wide))
    assert "usikkert bestemt" not in text(challenge(finding(), rows()))
    none = rows({("common_shock", "SD between donors"): 0.0})
    none = none[~none["name"].isin(["removes the estimate", "removes the interval"])]
    assert "varierer ikke mere, end tilfældige udsving" in text(challenge(finding(), none))


def test_a_negative_finding_turns_the_direction_of_silence() -> None:
    low = replace(finding(), estimate=-8.0, conf_low=-13.0, conf_high=-3.0)
    assert "0,60 standardafvigelser over" in sensitivity_threats.silence(challenge(low, rows()))


def test_summary_and_methods_point_to_the_appendix() -> None:
    shown = report(rows())
    (pointer,) = sensitivity.pointers(shown)
    assert "holder i alle" in pointer
    assert f"](#{sensitivity.LABEL})" in pointer
    assert sensitivity.LABEL in sensitivity.reference(shown)
    silent = replace(shown, frames={})
    assert sensitivity.pointers(silent) == []
    assert sensitivity.reference(silent) == sensitivity.body(silent) == ""


def test_the_appendix_shows_every_way_and_what_it_takes() -> None:
    page = sensitivity.body(report(rows()))
    assert "{#fig-foelsomhed-job" in page
    assert "{#tbl-foelsomhed-job}" in page
    assert re.search(r"Fælles påvirkning.*\| 1,5 \| 4,0 \| 0,7 \| 1,0 \|", page)
    assert re.search(r"Motivation, gange det stærkeste.*\| 6,0 \| 16,0 \| 1,0 \| 5,2 \|", page)
    assert re.search(r"De, der ikke svarede.*\| 0,60 \| 1,20 \| 0,20 \| 0,50 \|", page)
    assert re.search(r"Rosenbaums grænse, odds, person for person \| 1,31 \| – \| – \|", page)
    told = pd.concat(
        [
            rows(),
            pd.DataFrame({"outcome": "job", "check": "not_made", "name": ["rosenbaum_bounds"]}),
        ],
        ignore_index=True,
    )
    assert "hvor hver deltager har sin egen partner" in sensitivity.body(report(told))
