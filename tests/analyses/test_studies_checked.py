"""What `check` passes can be run, and what cannot be run is refused there by its name."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from analyses import check, load_study, run
from data_dictionary.errors import DataError, DesignError
from reports import render
from tests.small_study import (
    CASES,
    CLOSED,
    COHORT,
    COMPARISON,
    DATA,
    SCORE,
    SHARES,
    TIME,
    VALUE,
    WAVES,
    small_data,
    write_study,
)


def test_other_persons_in_each_wave_are_refused_by_name_before_anything_is_run(
    tmp_path: Path,
) -> None:
    sections = (DATA, WAVES, COHORT, COMPARISON, SCORE)
    study = load_study(write_study(tmp_path, *sections, **small_data(same_persons=False)))
    (found,) = check(study)
    assert found.startswith("[[outcome]] trust: waves 1 and 2 of 'answers' have no person of")
    assert "cross-sections of different persons" in found
    assert "not built yet" in found
    with pytest.raises(DataError, match="cross-sections of different persons"):
        run(study, tmp_path / "results")


@pytest.mark.parametrize(
    ("name", "level"), [("town", "104"), ("school", "2"), ("region", "35"), ("note", "x")]
)
def test_a_column_of_names_is_balanced_level_by_level_and_never_by_its_mean(
    tmp_path: Path, name: str, level: str
) -> None:
    # The region has no codes: that it is a name follows from its being the cluster.
    own = COHORT.replace('"programme"', '"female"') + 'donors = "own"\n'
    own = own.replace('"town"', '"region"') if name == "region" else own
    plan = f'[comparison]\nmethod = "unmatched"\ncovariates = ["age", "{name}"]\n'
    results = run(load_study(write_study(tmp_path, DATA, own, plan, VALUE)), tmp_path / "out")
    for frame, column in ((results.balance, "covariate"), (results.profile, "variable")):
        rows = frame[frame[column] == name]
        assert level in set(rows["level"])
        assert "" not in set(rows["level"])
    levels = results.balance.loc[results.balance["covariate"] == name]
    assert levels["vr_after"].isna().all()


def test_the_arms_of_a_cluster_that_is_balanced_on_are_estimated_as_before(
    tmp_path: Path,
) -> None:
    own = COHORT.replace('"programme"', '"female"') + 'donors = "own"\n'
    plans = [
        f'[comparison]\nmethod = "unmatched"\ncovariates = ["age"{more}]\n'
        for more in ("", ', "town"')
    ]
    plain, shown = (
        run(
            load_study(write_study(tmp_path / str(i), DATA, own, plan, VALUE)),
            tmp_path / f"o{i}",
        )
        for i, plan in enumerate(plans)
    )
    pd.testing.assert_frame_equal(plain.effects, shown.effects)
    pd.testing.assert_frame_equal(plain.sites, shown.sites)


BASE = DATA + COHORT + COMPARISON


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            BASE + VALUE.replace('column = "income"', 'column = "age"'),
            "'age' is a covariate of",
        ),
        (
            BASE + VALUE.replace('column = "income"', 'column = "incme"'),
            "'incme' is not a column",
        ),
        (BASE + TIME.replace('"exit"', '"note"'), "of is missing: 'note' holds several causes"),
        (BASE + TIME.replace('"exit"', '"school"'), "say which: 1, 2, 3"),
        (BASE + TIME.replace('"exit"', '"school"\nof = "9"'), "of = '9' is no code of school"),
        (
            BASE + TIME.replace('"exit"', '{ a = "note" }\nof = "a"'),
            "'note' is no column of 0 and",
        ),
        (
            DATA + WAVES + COHORT.replace('unit = "person_id"\n', "") + COMPARISON + SCORE,
            "[[outcome]] trust: needs 'unit' in [cohort]",
        ),
        (
            DATA
            + WAVES
            + COHORT
            + COMPARISON
            + SCORE.replace('name = "trust"', 'name = "age"'),
            "[[outcome]] age: is the name of a column too",
        ),
        (
            BASE + WAVES + VALUE + SHARES.replace("[4, 5]", "[7]"),
            "agree: 7 is no answer of 'tru",
        ),
        (BASE + WAVES + VALUE + SHARES.replace("[4, 5]", "[]"), "agree is empty"),
        (BASE + WAVES + VALUE + SHARES.replace('["trust"]', "[]"), "scales is empty"),
        (
            BASE + '[[data.answers]]\nfile = "wave1.csv"\n' + VALUE + SHARES,
            "[[data.answers]]: waves: none. Give each file its wave: wave = 1",
        ),
    ],
)
def test_what_the_files_cannot_give_is_refused_by_its_name(
    tmp_path: Path, text: str, told: str
) -> None:
    with pytest.raises(DesignError) as caught:
        load_study(write_study(tmp_path, text))
    assert told in str(caught.value)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (BASE.replace('"town"', '"note"') + VALUE, "[cohort]: the comparison arm is empty"),
        (
            BASE + CASES + CLOSED.replace('case_type = "a"', 'case_type = "b"'),
            "[cohort]: no case is of type 'b'",
        ),
    ],
)
def test_data_that_leave_an_arm_without_anybody_are_refused_by_check(
    tmp_path: Path, text: str, told: str
) -> None:
    (found,) = check(load_study(write_study(tmp_path, text)))
    assert told in found


@pytest.mark.parametrize(
    "text",
    [
        BASE + VALUE.replace('column = "income"', 'column = "exit"'),
        pytest.param(BASE + TIME, marks=pytest.mark.slow),
        BASE + TIME.replace('"exit"', '"note"\nof = "x"\ncompeting = ["y"]'),
        pytest.param(BASE + CASES + CLOSED, marks=pytest.mark.slow),
        BASE.replace('cluster = "town"\n', "") + WAVES + VALUE + SHARES,
        pytest.param(
            BASE.replace('"town"', '"region"') + WAVES + VALUE + SHARES,
            marks=pytest.mark.slow,
        ),
    ],
)
def test_what_check_passes_runs_and_renders(tmp_path: Path, text: str) -> None:
    study = load_study(write_study(tmp_path, text))
    assert check(study) == ()
    results = run(study, tmp_path / "results")
    made = render(
        "main", results=results.folder, out=tmp_path / "out", to=("html",), engine="builtin"
    )
    assert made["html"].is_file()
