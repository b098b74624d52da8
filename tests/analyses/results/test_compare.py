"""Two editions: every number that changed is told, and nothing that stayed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from analyses import Results
from analyses.results.compare import compare
from data_dictionary.errors import DataError


def edition(results: Results, table: str, column: str, by: float, **study: str) -> Results:
    """Return results with the first number of a column moved, and other facts of the study."""
    shown = results.published[table]
    frame = shown.frame.copy()
    frame.loc[frame.index[0], column] += by
    manifest = {**results.manifest, "study": {**results.manifest["study"], **study}}
    published = {**results.published, table: replace(shown, frame=frame)}
    return replace(results, manifest=manifest, published=published)


def test_an_edition_is_equal_to_itself(results: Results) -> None:
    found = compare(results, results)
    assert found.tidy().empty
    assert found.reasons == {}
    assert "the same" in found.summary()


def test_a_number_that_moved_is_told_with_its_row(results: Results) -> None:
    later = edition(results, "effects", "estimate", 1.0, sha256="0" * 64)
    found = compare(results, later)
    (row,) = found.tidy().to_dict("records")
    first = results.effects.iloc[0]
    assert row["table"] == "effects"
    assert row["column"] == "estimate"
    assert row["row"].startswith(f"{first['outcome']} {first['term']}")
    assert (row["before"], row["after"]) == (first["estimate"], first["estimate"] + 1.0)
    assert found.reasons == {"plan": ("study.toml",)}


def test_rounding_of_the_file_is_no_change(results: Results) -> None:
    later = edition(results, "curves", "estimate", 1e-13)
    assert compare(results, later).tidy().empty


def test_a_row_that_came_and_one_that_went_are_told(results: Results) -> None:
    shown = results.published["effects"]
    fewer = replace(shown, frame=shown.frame.iloc[1:].reset_index(drop=True))
    shorter = replace(results, published={**results.published, "effects": fewer})
    went, came = compare(results, shorter).tidy(), compare(shorter, results).tidy()
    assert list(went["before"]) == list(came["after"])
    assert np.isnan(went["after"].to_numpy(float)).all()
    assert set(went["row"]) == set(came["row"])


def test_files_and_versions_are_reasons(results: Results) -> None:
    inputs = [dict(one) for one in results.manifest["inputs"]]
    inputs[0]["sha256"] = "1" * 64
    manifest = {**results.manifest, "inputs": inputs, "enplan_version": "99"}
    reasons = compare(results, replace(results, manifest=manifest)).reasons
    assert reasons["data"] == (inputs[0]["name"],)
    assert reasons["code"][0].endswith("-> 99")


def test_two_studies_are_not_editions_of_one(results: Results) -> None:
    with pytest.raises(DataError, match="two editions of one study"):
        compare(results, edition(results, "effects", "estimate", 0.0, name="other"))


def test_what_of_the_plan_is_another_is_told_by_its_key(results: Results) -> None:
    outcomes = [dict(one) for one in results.manifest["outcomes"]]
    comparison = {**results.manifest["comparison"], "caliper": 0.25}
    # What a run found out is no part of the plan.
    outcomes[0] |= {"family": "other", "notes": ["x"], "ess": {"treated": 1}}
    comparison["leaves_out"] = not results.manifest["comparison"]["leaves_out"]
    manifest = {**results.manifest, "comparison": comparison, "outcomes": outcomes}
    found = compare(results, replace(results, manifest=manifest))
    name = outcomes[0]["name"]
    assert [(one.what, one.name, one.after) for one in found.causes] == [
        ("key", "comparison.caliper", "0.25"),
        ("key", f"outcomes.{name}.family", '"other"'),
    ]
    assert found.reasons == {}
    assert "comparison.caliper: 0.2 -> 0.25" in found.summary()
