"""The manifest: what a run says of itself, of few nothing, and of every file its hash."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd

from analyses import Estimates, Results, Study, Tables
from analyses.inputs.tables import InputFile
from analyses.published.gate import Gate
from analyses.published.table import Made
from analyses.published.tables import TABLES
from analyses.results.facts import RunFacts, SourceFacts, read_facts
from analyses.results.folder import SCHEMA
from analyses.results.manifest import manifest, write_manifest
from analyses.results.ownership import MANIFEST, is_sealed, sha256_of
from data_dictionary import Codebook
from surveys import Provenance


def facts_of(study: Study, tables: Tables, estimates: Estimates, min_cell: int = 5) -> RunFacts:
    gate = Gate(min_cell)
    made = Made(TABLES, study, tables, estimates)
    published = gate.publish({"paths": made["paths"]})
    return manifest(
        study, tables, estimates, [], gate=gate, published=published, started=datetime.now(UTC)
    )


def test_the_study_is_told_with_its_design_and_its_words(
    results: Results, study: Study
) -> None:
    facts = read_facts(results.manifest)
    assert facts.schema == SCHEMA
    assert (facts.study.design, facts.study.words) == (study.design, study.words)
    assert facts.study.sha256 == sha256_of(study.path)
    assert [one.name for one in facts.outcomes] == [one.name for one in study.outcomes]
    for one in facts.outcomes:
        assert (one.time is None) + (one.score is None) + (one.value is None) == 2
        assert getattr(one, one.kind) is not None


def test_every_table_is_told_with_who_answers_and_where(results: Results) -> None:
    tables = {one.name: one for one in read_facts(results.manifest).tables}
    staff, citizens = tables["staff"], tables["citizen"]
    assert staff.places == "treated"
    assert staff.respondents is not None
    assert staff.respondents.plural == "medarbejdere og ledere"
    assert (staff.asked, citizens.asked) == ("rows", "rows")
    assert "eksempler" in staff.note
    assert tables["population"].places == "unknown"


def test_survey_answers_from_both_sides_are_told_so(
    study: Study, tables: Tables, estimates: Estimates
) -> None:
    def moved(code: object) -> Tables:
        waves = {
            number: replace(wave, frame=wave.frame.assign(municipality=code))
            for number, wave in tables.waves["staff"].items()
        }
        return replace(tables, waves={**tables.waves, "staff": waves})

    def places(changed: Tables) -> str:
        told = facts_of(study, changed, estimates).tables
        return next(one.places for one in told if one.name == "staff")

    m = estimates.main.matched
    codes = {
        arm: m.frame.loc[m.treated == arm, "municipality"].iloc[0] for arm in (True, False)
    }
    assert places(moved(codes[True])) == "treated"
    assert places(moved(codes[False])) == "comparison"
    mixed = moved(codes[True])
    first = next(iter(mixed.waves["staff"].values()))
    first.frame.loc[first.frame.index[0], "municipality"] = codes[False]
    assert places(mixed) == "both"


def test_few_are_told_as_none(study: Study, tables: Tables, estimates: Estimates) -> None:
    cohort = estimates.cohort
    late = {"trust": pd.Series([True, True, False]).to_numpy()}
    made = replace(estimates, cohort=replace(cohort, late=late))
    assert facts_of(study, tables, made).after_index_date == {"trust": None}
    assert facts_of(study, tables, made, min_cell=1).after_index_date == {"trust": 2}


def test_answers_that_count_are_told_by_their_labels(results: Results, words: Codebook) -> None:
    (shares,) = read_facts(results.manifest).shares
    item = words[shares.table].column(words.scales[shares.scales[0]].items[0])
    assert set(shares.agree) <= set(item.codes.values())


def test_what_is_written_vouches_for_every_table(results: Results, tmp_path: Path) -> None:
    (tmp_path / "effects.csv").write_text("x\n", encoding="utf-8")
    (tmp_path / "run.log").write_text("read\n", encoding="utf-8")
    facts = read_facts(results.manifest)
    write_manifest(tmp_path, facts, finished=datetime(2026, 1, 2, tzinfo=UTC))
    content = json.loads((tmp_path / MANIFEST).read_text(encoding="utf-8"))
    assert is_sealed(content)
    assert content["outputs"] == {"effects.csv": sha256_of(tmp_path / "effects.csv")}
    assert content["log"] == sha256_of(tmp_path / "run.log")
    assert content["finished"].startswith("2026-01-02T")


def test_a_file_is_known_in_the_manifest_by_where_it_came_from(
    study: Study, tables: Tables, estimates: Estimates
) -> None:
    origin = Provenance(
        name="a.csv", sha256="0f", rows=30, columns=2, format="CSV (.csv)", encoding="cp1252",
        encoding_reason="declared by the user",
    )  # fmt: skip
    read = replace(tables, files=(InputFile(table="a", origin=origin, notes=("n",)),))
    assert facts_of(study, read, estimates).inputs == (
        SourceFacts(
            table="a", name="a.csv", sha256="0f", rows=30, format="CSV (.csv)",
            encoding="cp1252", encoding_reason="declared by the user", notes=("n",),
        ),
    )  # fmt: skip
