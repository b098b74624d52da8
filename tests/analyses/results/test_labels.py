"""What the dictionary and the study file call things; nothing is made up in their place."""

from __future__ import annotations

from dataclasses import replace

from analyses import Study
from analyses.results.labels import derived_facts, labels, outcome_label, used_tables
from analyses.study.derived import Counted
from data_dictionary import Codebook


def test_columns_scales_and_statuses_have_their_labels(study: Study, words: Codebook) -> None:
    found = labels(study, words)
    assert found["municipality"].label == "Kommune"
    assert found["municipality"].levels["217"] == "Helsingør"
    assert found["employment"].label == "Beskæftigelse"
    assert {f"scale:{name}" for name in words.scales} <= set(found)


def test_an_amount_has_its_unit(study: Study, words: Codebook) -> None:
    found, columns = labels(study, words), words["population"].columns
    units = {one.name: one.unit for one in columns if one.unit is not None}
    assert units
    assert {name: found[name].unit for name in units} == units


def test_a_derived_column_keeps_the_label_of_the_study(study: Study, words: Codebook) -> None:
    named = {one.name: one.label for one in study.derived if one.label is not None}
    assert named
    found = labels(study, words)
    assert {name: found[name].label for name in named} == named
    assert not set(named) & set(derived_facts(study, words))


def test_one_without_a_label_is_told_by_what_it_was_made_of(
    study: Study, words: Codebook
) -> None:
    own = Counted(name="jobless", source="dream", status="benefits", weeks=(-52, -1))
    facts = derived_facts(replace(study, derived=(*study.derived, own)), words)["jobless"]
    assert (facts.form, facts.weeks) == ("from", (-52, -1))
    assert facts.of == labels(study, words)["benefits"].label


def test_a_baseline_that_the_study_leaves_out_is_told_too(
    study: Study, words: Codebook
) -> None:
    without = tuple(one for one in study.derived if one.form != "score")
    facts = derived_facts(replace(study, derived=without), words)
    scored = [one for one in facts.values() if one.form == "score"]
    assert scored
    assert {one.of for one in scored} <= {scale.label for scale in words.scales.values()}


def test_an_outcome_nobody_named_has_no_label(study: Study, words: Codebook) -> None:
    by_name = {one.name: one for one in study.outcomes}
    assert outcome_label(by_name["employment"], study, words) == "Beskæftigelse"
    odd = replace(by_name["employment"], label=None, event="closed")
    assert outcome_label(odd, study, words) is None


def test_tables_come_once_each_in_the_order_of_the_study(study: Study, words: Codebook) -> None:
    names = [table.name for table in used_tables(study, words)]
    assert names == list(dict.fromkeys(file.table for file in study.files))
