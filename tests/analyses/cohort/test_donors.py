"""Controls come from the clusters that the plan allows, and from no others."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from analyses import Study, Tables, estimate, load_study
from analyses.cohort.donors import OWN_NOTE
from analyses.cohort.flow import flow_frame
from analyses.cohort.pre_period import nearest_donors, pre_period
from analyses.cohort.rows import cohort_rows
from analyses.published.gate import Gate
from analyses.published.table import Made
from analyses.published.tables import TABLES
from analyses.results.manifest import manifest
from data_dictionary.errors import DesignError

OTHER = 'donors = "other"\n'


@pytest.fixture
def planned(made: Path):
    """Return a loader of the study with other lines in the place of its rule for donors."""

    def load(lines: str) -> Study:
        folder = made / "study"
        text = (folder / "study.toml").read_text(encoding="utf-8")
        start, end = text.index('[[outcome]]\nname = "relation"'), text.index("[contrast.itt]")
        text = text[:start] + text[end:]
        (folder / "other.toml").write_text(text.replace(OTHER, lines), encoding="utf-8")
        return load_study(folder / "other.toml")

    return load


def homes(tables: Tables):
    return tables.frames["population"].set_index("person_id")["municipality"]


def test_own_donors_live_where_the_participant_lives(planned, tables: Tables) -> None:
    study = planned('donors = "own"\n')
    assert "municipality" in study.comparison.exact
    found = estimate(study, tables).outcomes["employment"]
    m = found.matched
    used = m.frame.loc[m.used].assign(set=m.subclass[m.used])
    assert (used.groupby("set")["municipality"].nunique() == 1).all()
    # Every cluster that is used holds both arms, so G counts those with both.
    both = used.groupby("municipality", observed=True)["en_plan"].nunique()
    assert (both == 2).all()
    assert found.tested.n_clusters == len(both)
    assert f"varies inside {len(both)}" in found.decision.reason
    assert OWN_NOTE in found.notes


def test_own_donors_stand_in_no_month_before_the_programme_began(
    planned, tables: Tables
) -> None:
    rows = cohort_rows(planned('donors = "own"\n'), tables)
    people = tables.frames["population"].iloc[rows.persons].reset_index(drop=True)
    began = people.merge(
        tables.frames["exposure"], on=["municipality", "service_cluster"], how="left"
    )["start_date_y"]
    assert (rows.frame["index_date"].to_numpy() >= began.to_numpy()).all()
    steps = flow_frame(rows.steps).set_index(["step", "arm"])
    assert steps.loc[("donor_own", "comparison"), "lost"] > 0


def test_excluded_municipalities_give_no_controls_and_are_counted(
    planned, tables: Tables
) -> None:
    rows = cohort_rows(planned(f"{OTHER}donors_exclude = [265, 316]\n"), tables)
    home = set(rows.frame.loc[~rows.frame["en_plan"], "municipality"])
    assert not home & {265, 316}
    assert len(home) == 28
    people = tables.frames["population"]
    lost = flow_frame(rows.steps).set_index("step").loc["donor_excluded", "lost"]
    assert lost == people["municipality"].isin([265, 316]).sum()


def test_partners_come_from_the_same_class(planned, tables: Tables) -> None:
    study = planned(f"{OTHER}donors_same_class = true\n")
    m = estimate(study, tables).outcomes["employment"].matched
    used = m.frame.loc[m.used].assign(set=m.subclass[m.used])
    assert (used.groupby("set")["municipality_class"].nunique() == 1).all()


def test_the_nearest_are_of_the_class_and_nearest_before_the_start(
    planned, tables: Tables
) -> None:
    study = planned(f"{OTHER}donors_nearest = 2\n")
    chosen = nearest_donors(study, tables)
    before = pre_period(study, tables).groupby("cluster")[["n", "events"]].sum()
    share = before["events"] / before["n"]
    people = tables.frames["population"].drop_duplicates("municipality")
    kind = people.set_index("municipality")["municipality_class"]
    trial = set(tables.frames["exposure"]["municipality"])
    expected = set()
    for own in trial:
        pool = [one for one in share.index if one not in trial and kind[one] == kind[own]]
        expected |= set(sorted(pool, key=lambda one: abs(share[one] - share[own]))[:2])
    assert chosen == expected
    rows = cohort_rows(study, tables)
    assert set(rows.frame.loc[~rows.frame["en_plan"], "municipality"]) <= expected


def test_the_manifest_says_where_controls_come_from(planned, tables: Tables) -> None:
    study = planned(f"{OTHER}donors_exclude = [265]\ndonors_nearest = 3\n")
    found = estimate(study, tables)
    gate = Gate(study.min_cell)
    published = gate.publish({"paths": Made(TABLES, study, tables, found)["paths"]})
    whole = manifest(
        study, tables, found, [], gate=gate, published=published, started=datetime.now(UTC)
    )
    said = whole.donors
    assert (said.source, said.exclude, said.nearest) == ("other", (265,), 3)
    assert set(said.chosen or ()) == found.cohort.nearest


def test_a_class_that_differs_inside_a_cluster_is_refused(planned, tables: Tables) -> None:
    people = tables.frames["population"].copy()
    people.loc[people.index[0], "municipality_class"] = 99
    mixed = replace(tables, frames={**tables.frames, "population": people})
    with pytest.raises(DesignError, match="have several values"):
        nearest_donors(planned(f"{OTHER}donors_nearest = 2\n"), mixed)


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ('donors = "own"\ndonors_exclude = [265]\n', "donors_exclude is about other clusters"),
        (f"{OTHER}donors_exclude = [999]\n", "999 is not a code of municipality"),
        (f"{OTHER}donors_nearest = 0\n", "the least is 1"),
        ('donors = "neighbours"\n', "allowed: 'other', 'own'"),
    ],
)
def test_a_rule_that_cannot_be_meant_is_refused(planned, lines: str, message: str) -> None:
    with pytest.raises(DesignError, match=message):
        planned(lines)


def test_same_class_needs_a_class(made: Path) -> None:
    text = (made / "study" / "study.toml").read_text(encoding="utf-8")
    named = 'cluster_class = "municipality_class"\n'
    assert named in text
    changed = text.replace(named, "donors_same_class = true\n")
    (made / "study" / "classless.toml").write_text(changed, encoding="utf-8")
    with pytest.raises(DesignError, match="donors_same_class needs cluster_class"):
        load_study(made / "study" / "classless.toml")


def test_all_municipalities_of_the_synthetic_study_have_one_class(tables: Tables) -> None:
    people = tables.frames["population"]
    per_place = people.groupby("municipality")["municipality_class"].nunique()
    assert len(per_place) == 39
    assert np.all(per_place == 1)
