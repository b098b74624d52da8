"""The check of a table: every violation at once, counts and rows, no identifying value."""

import pandas as pd
import pytest

from data_dictionary import Column, Table, load
from data_dictionary.errors import ColumnError, DataError

TABLE = Table(
    name="cases",
    label="Sager",
    file="cases.toml",
    key=("case_id",),
    order=(("opened", "closed"),),
    columns=(
        Column(name="case_id", type="string", label="Sag", sensitivity="identifying"),
        Column(
            name="person_id",
            type="string",
            label="Person",
            sensitivity="identifying",
            references="population",
        ),
        Column(
            name="kind",
            type="string",
            label="Type",
            codes={"family": "Familie", "social": "Social"},
        ),
        Column(
            name="score",
            type="integer",
            label="Score",
            minimum=1,
            maximum=5,
            missing={8: "do_not_know"},
        ),
        Column(name="opened", type="date", label="Fra"),
        Column(name="closed", type="date", label="Til"),
        Column(name="note", type="string", label="Note", required=False),
    ),
)


def cases(**columns: list[object]) -> pd.DataFrame:
    good: dict[str, list[object]] = {
        "case_id": ["c1", "c2", "c3"],
        "person_id": ["p1", "p1", "p2"],
        "kind": ["family", "social", "social"],
        "score": [1, 5, 8],
        "opened": ["2018-01-01", "2018-02-01", "2018-03-01"],
        "closed": ["2018-06-01", None, "2018-03-01"],
    }
    return pd.DataFrame(good | columns)


def only(
    frame: pd.DataFrame, population: pd.DataFrame | None = None
) -> tuple[str, str, int, tuple[int, ...]]:
    violations = TABLE.check(frame, population)
    assert len(violations) == 1, violations
    found = violations[0]
    return found.column, found.rule, found.count, found.rows


def test_a_good_frame_breaks_nothing_and_is_not_changed() -> None:
    frame = cases()
    before = frame.copy(deep=True)
    assert TABLE.check(frame) == []
    TABLE.require(frame)
    pd.testing.assert_frame_equal(frame, before)


def test_a_value_outside_the_range_is_counted_with_its_rows() -> None:
    assert only(cases(score=[9, 1, 0])) == ("score", "range", 2, (1, 3))


def test_the_remedy_for_an_undeclared_missing_code_names_it() -> None:
    message = TABLE.check(cases(score=[9, 1, 9]))[0].message
    assert message.startswith("2 value(s) outside 1-5 (rows 1, 3).")
    assert "If 9 mean" in message
    assert "cases.toml" in message


def test_text_in_a_number_column_is_a_type_violation() -> None:
    assert only(cases(score=["1", "two", "3"])) == ("score", "type", 1, (2,))


def test_an_unknown_code_gets_the_nearest_listed_one() -> None:
    frame = cases(kind=["familly", "social", "social"])
    assert only(frame) == ("kind", "unknown code", 1, (1,))
    assert "Did you mean 'family'?" in TABLE.check(frame)[0].message


def test_a_key_that_stands_twice_is_counted_on_every_row_it_stands_on() -> None:
    assert only(cases(case_id=["c1", "c2", "c1"])) == ("case_id", "key not unique", 2, (1, 3))


def test_a_blank_key_is_missing_and_not_a_duplicate() -> None:
    assert only(cases(case_id=["c1", None, " "])) == ("case_id", "key missing", 2, (2, 3))


def test_a_missing_column_gets_the_nearest_unused_name() -> None:
    frame = cases().rename(columns={"opened": "openned"})
    violations = TABLE.check(frame)
    assert [(v.column, v.rule) for v in violations] == [("opened", "missing column")]
    assert "Did you mean 'openned'?" in violations[0].message


def test_a_column_that_is_not_required_may_be_absent() -> None:
    assert "note" not in TABLE.conform(cases()).frame


def test_a_key_that_is_not_in_the_population_is_found_only_if_one_is_given() -> None:
    population = pd.DataFrame({"person_id": ["p1"]})
    assert only(cases(), population) == ("person_id", "key not in population", 1, (3,))
    assert TABLE.check(cases()) == []


def test_an_end_before_its_start_is_found_and_one_on_the_same_day_is_not() -> None:
    frame = cases(closed=["2017-12-31", None, "2018-03-01"])
    assert only(frame) == ("opened, closed", "order", 1, (1,))


def test_a_table_without_rows_is_a_violation() -> None:
    assert only(cases().iloc[:0])[1] == "empty table"


def test_month_first_dates_are_detected_and_not_guessed() -> None:
    frame = cases(opened=["01-31-2018", "02-01-2018", "2018-03-01"], closed=[None, None, None])
    assert only(frame) == ("opened", "ambiguous dates", 2, (1, 2))
    assert TABLE.conform(frame).frame["opened"].isna().tolist() == [True, True, False]


def test_dates_that_prove_no_order_are_refused() -> None:
    frame = cases(opened=["01-02-2018", "03-04-2018", "05-05-2018"], closed=[None, None, None])
    assert only(frame) == ("opened", "ambiguous dates", 2, (1, 2))


def test_dates_that_prove_both_orders_are_refused() -> None:
    frame = cases(opened=["31-01-2018", "01-31-2018", "2018-01-31"], closed=[None, None, None])
    assert only(frame) == ("opened", "ambiguous dates", 1, (2,))


def test_a_neighbouring_column_proves_the_order_of_day_and_month() -> None:
    frame = cases(opened=["01-02-2018"] * 3, closed=["28-02-2018"] * 3)
    assert TABLE.conform(frame).frame["opened"].dt.month.tolist() == [2, 2, 2]
    assert TABLE.check(frame) == []


def test_a_declared_order_is_used_and_its_contradictions_are_found() -> None:
    table = Table(
        name="t",
        label="T",
        columns=(Column(name="day", type="date", label="Dag", date_order="month-first"),),
    )
    frame = pd.DataFrame({"day": ["02-03-2018", "2018-01-01", "28-02-2018"]})
    found = table.conform(frame)
    assert found.frame["day"].iloc[0] == pd.Timestamp("2018-02-03")
    assert [(v.rule, v.rows) for v in found.violations] == [("ambiguous dates", (3,))]


def test_all_violations_come_at_once_in_one_error() -> None:
    frame = cases(
        case_id=["c1", "c1", "c3"],
        kind=["x", "social", "social"],
        score=["a", "9", "1"],
        opened=["2018-01-01", "nonsense", "2018-03-01"],
        closed=["2017-01-01", None, None],
    ).drop(columns="person_id")
    with pytest.raises(DataError) as refusal:
        TABLE.require(frame, where="cases.csv")
    lines = str(refusal.value).splitlines()
    assert lines[0].startswith("cases.csv: ")
    assert lines[0].endswith("break the data dictionary")
    assert {line.split(":")[0].strip(" -") for line in lines[1:]} == {
        "person_id", "kind", "score", "opened", "case_id", "opened, closed",
    }  # fmt: skip
    assert len(lines) == 1 + 7


def test_no_message_carries_a_value_of_an_identifying_column() -> None:
    table = Table(
        name="t",
        label="T",
        key=("number",),
        columns=(
            Column(
                name="number", type="integer", label="N", sensitivity="identifying", maximum=5
            ),
            Column(
                name="area",
                type="string",
                label="A",
                sensitivity="identifying",
                codes={"north": "N"},
            ),
            Column(name="shifted", type="integer", label="S", codes={1: "Ja"}),
        ),
    )
    frame = pd.DataFrame(
        {
            "number": [4711, 4711, 1],
            "area": ["south-4712", "north", "north"],
            "shifted": ["Anna Hansen", "47134713", "1"],
        }
    )
    text = " ".join(violation.message for violation in table.check(frame))
    assert len(table.check(frame)) == 5
    for value in ("4711", "4712", "Anna", "47134713"):
        assert value not in text


def test_rows_beyond_twenty_are_counted_but_not_kept() -> None:
    frame = pd.DataFrame({"score": [9] * 50})
    table = Table(name="t", label="T", columns=(TABLE.column("score"),))
    violation = table.check(frame)[0]
    assert violation.count == 50
    assert violation.rows == tuple(range(1, 21))
    assert "(rows 1, 2, 3, ...)" in violation.message


def test_the_key_is_unique_within_a_wave() -> None:
    words = load("enplan")
    table = Table(
        name="t", label="T", key=("person_id",), columns=(words["cases"].column("person_id"),)
    )
    frame = pd.DataFrame({"person_id": ["a", "a"], "wave": [1, 2]})
    assert table.check(frame) == []
    assert [v.rule for v in table.check(frame.assign(wave=1))] == ["key not unique"]


def test_a_family_gives_one_violation_for_all_its_columns() -> None:
    table = load("enplan")["dream"]
    frame = pd.DataFrame(
        {
            "person_id": ["a", "b"],
            "y_1701": [870, 111],
            "y_1702": [111, 870],
            "branche_2017_01": ["011100", None],
        }
    )
    violations = table.check(frame)
    assert [(v.column, v.rule, v.count, v.rows) for v in violations] == [
        ("y_{YYWW}", "unknown code", 2, (1, 2))
    ]
    assert "870" in violations[0].message


def test_a_column_that_only_looks_like_a_family_is_not_dropped_in_silence() -> None:
    frame = pd.DataFrame(
        {"person_id": ["a"], "y_2053": [111], "y_2054": [111], "branche_2020_12": [""]}
    )
    violations = load("enplan")["dream"].check(frame)
    assert [(v.column, v.rule, v.count) for v in violations] == [
        ("y_{YYWW}", "misnamed column", 1)
    ]
    assert "'y_2054'" in violations[0].message


def test_an_unknown_column_is_left_out_and_named() -> None:
    found = TABLE.conform(cases().assign(extra=1))
    assert found.ignored == ("extra",)
    assert "extra" not in found.frame


def test_a_column_name_that_stands_twice_is_refused() -> None:
    frame = pd.concat([cases(), cases()[["score"]]], axis=1)
    with pytest.raises(DataError, match="'score' stand more than once"):
        TABLE.check(frame)


def test_a_column_is_found_by_name_and_by_family_and_others_are_not() -> None:
    dream = load("enplan")["dream"]
    assert dream.column("y_1701").name == "y"
    with pytest.raises(ColumnError, match="Did you mean 'person_id'"):
        dream.column("persn_id")


def test_the_row_of_a_missing_answer_is_its_position_in_the_frame() -> None:
    missing = TABLE.conform(cases(score=[1, None, 8])).missing
    assert missing.to_dict("list") == {
        "row": [1, 2],
        "column": ["score", "score"],
        "kind": ["blank", "do_not_know"],
    }


def test_a_typed_frame_is_already_what_the_table_asks_for() -> None:
    once = TABLE.conform(
        cases(score=[1, None, 3], opened=["31-01-2018", "2018-02-01", "2018-03-01"])
    )
    again = TABLE.conform(once.frame)
    pd.testing.assert_frame_equal(again.frame, once.frame)
    assert again.violations == once.violations == ()
