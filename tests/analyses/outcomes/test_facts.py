"""What a kind of outcome tells the manifest: its codes, and only what it uses."""

from __future__ import annotations

from dataclasses import replace

from analyses import Study
from analyses.outcomes.columns import Columns
from analyses.outcomes.facts import ScoreFacts, TimeFacts
from analyses.outcomes.value import Value
from analyses.study.derived import Scored
from data_dictionary import Codebook
from data_dictionary.roles import TableRole


def test_a_register_is_told_by_its_role(study: Study, words: Codebook) -> None:
    told: dict[str, TableRole | None] = {}
    for outcome in study.outcomes:
        facts = outcome.facts(study, words)
        if isinstance(facts, TimeFacts):
            told[outcome.name] = facts.register
            assert facts.horizon > 0
            assert facts.counts_from == "index"
    assert set(told.values()) == {"weekly_register"}


def test_a_scale_tells_its_survey_and_the_column_of_its_baseline(
    study: Study, words: Codebook
) -> None:
    (asked,) = (one for one in study.outcomes if one.name == "relation")

    def told(*derived: Scored) -> ScoreFacts:
        facts = asked.facts(replace(study, derived=derived), words)
        assert isinstance(facts, ScoreFacts)
        return facts

    own = Scored(name="before", score="relation", wave=1)
    assert told(own).table == "citizen"
    assert told(own).baseline_column == "before"
    assert told(replace(own, wave=2)).baseline_column == "relation_w1"


def test_times_of_the_cohorts_table_name_no_register(study: Study, words: Codebook) -> None:
    outcome = Columns(
        name="job",
        kind="time",
        exit="weeks",
        event={"job": "found", "school": "learns"},
        of="job",
        competing=("school",),
        horizon=26.0,
        unit="months",
    )
    facts = outcome.facts(study, words)
    assert (facts.register, facts.unit, facts.weeks) == (None, "months", None)
    assert facts.event == "job"
    assert outcome.cause_columns == {"job": "found", "school": "learns"}
    assert replace(outcome, event="ended", competing=()).cause_columns == {}


def test_an_amount_tells_its_column(study: Study, words: Codebook) -> None:
    outcome = Value(name="pay", kind="value", column="wage", unit="kr.")
    assert outcome.facts(study, words).column == "wage"
    assert outcome.cause_columns == {}
