"""An outcome is read by its kind, and one mistake in it is one mistake."""

from __future__ import annotations

import pytest

from analyses.outcomes.columns import Columns
from analyses.outcomes.hours import PaidHours
from analyses.study.outcomes import read_outcome
from data_dictionary import Codebook, load
from data_dictionary.mistakes import Mistakes
from tests.surveys.own_words import written as own_words

COLUMNS = {"name": "a", "kind": "time", "exit": "days", "event": {"x": "c1", "y": "c2"}}


@pytest.fixture(scope="module")
def words() -> Codebook:
    return load("enplan")


def found(raw: dict[str, object], words: Codebook | None = None) -> list[str]:
    mistakes = Mistakes()
    read_outcome(raw, 1, words, mistakes)
    return mistakes.found


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('event = "employment"\nweeks', 'evnt = "employment"\nweeks'),
        ("horizon_weeks = 104", "horizon_week = 104"),
        ('from = "dream"\nevent', 'form = "dream"\nevent'),
        ('estimate = "incidence"', 'estimat = "incidence"'),
        ('kind = "time"', 'kin = "time"'),
        ('kind = "time"', 'kind = "tiem"'),
        ('kind = "time"', 'kind = "x"'),
    ],
)
def test_a_mistake_in_an_outcome_brings_none_where_it_is_named(
    refused, old: str, new: str
) -> None:
    told = refused((old, new))
    assert {one.partition(":")[0] for one in told} == {"[[outcome]] employment"}
    assert len(told) <= 2


def test_an_unknown_kind_is_told_with_all_and_the_nearest() -> None:
    waves = {"scale": "s", "baseline": 1, "wave": 2, "reliability": "none"}
    (told,) = found({"name": "a", "kind": "scor"} | waves)
    assert told.startswith("[[outcome]] a: kind = 'scor' is not allowed; allowed: 'time',")
    assert "Did you mean 'score'?" in told


def test_the_role_of_its_table_tells_what_a_duration_is(tmp_path) -> None:
    words = own_words(tmp_path)
    raw = {"name": "a", "kind": "time", "from": "loen", "horizon_weeks": 52}
    made = read_outcome(raw, 1, words, Mistakes())
    assert isinstance(made, PaidHours)
    assert (made.source, made.hours, made.months, made.weeks) == ("loen", 27.75, 3, 13)


def test_the_keys_of_another_register_are_refused(words: Codebook) -> None:
    raw = {"name": "a", "kind": "time", "from": "hours", "horizon_weeks": 52, "event": "x"}
    assert found(raw, words)[0].startswith("[[outcome]] a: 'event' is not a key of this")


def test_a_register_of_another_role_is_refused_with_its_role(refused) -> None:
    told = refused(('from = "dream"\nevent', 'from = "exposure"\nevent'))
    assert told == [
        "[[outcome]] employment from: 'exposure' is no register that has a file in [data]. The "
        'dictionary says role = "exposure".'
    ]


def test_causes_that_are_not_the_event_compete() -> None:
    made = read_outcome({**COLUMNS, "of": "x", "horizon": 3}, 1, None, Mistakes())
    assert isinstance(made, Columns)
    assert (made.competing, made.horizon) == (("y",), 3.0)


def test_causes_that_are_named_twice_are_refused(refused) -> None:
    (told,) = refused(('competing = ["education",', 'competing = ["education", "education",'))
    assert told == "[[outcome]] employment: causes named more than once: education"


@pytest.mark.parametrize("horizon", [{}, {"horizon": 3, "horizon_weeks": 3}])
def test_a_duration_in_columns_has_one_horizon(horizon: dict[str, object]) -> None:
    (told,) = found({**COLUMNS, "of": "x", **horizon})
    assert told == "[[outcome]] a: give exactly one of horizon_weeks and horizon"
