"""One column drafted from what files hold and say of it."""

import datetime as dt

import pandas as pd
import pytest

from data_dictionary.columns import Column
from surveys.drafting import draft
from surveys.drafting.columns import draft_column
from surveys.files.source import Provenance, Source


def source(values: list, **told: dict) -> Source:
    origin = Provenance(
        name="x.csv", sha256="", rows=0, columns=1, format="", encoding="", encoding_reason=""
    )
    return Source(frame=pd.DataFrame({"q": values}), provenance=origin, **told)


def drafted(values: list, **told: dict) -> Column:
    return draft_column("q", [(source(values, **told), "q")]).column


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ([1.0, 2.0, None], "integer"),
        ([1.5, 2.0], "number"),
        ([0, 1, 1], "boolean"),
        (["2020-01-31", ""], "date"),
        (["31-01-2020", "13-02-2020"], "date"),
        (["01-02-2020", "02-03-2020"], "string"),
        ([pd.Timestamp("2020-01-31")], "date"),
        ([dt.time(10, 30)], "string"),
        ([float("nan")] * 2, "number"),
        ([None, None], "string"),
    ],
)
def test_the_type_is_the_first_that_all_values_fit(values: list, kind: str) -> None:
    assert drafted(values).type == kind


def test_labels_become_codes_and_those_that_say_so_missing() -> None:
    labels = {"q": {1.0: "Nej", 2.0: "Ja", 8.0: "Ved ikke", 9.0: "Ønsker ikke at svare"}}
    one = draft_column("q", [(source([1, 2, 9], value_labels=labels), "q")])
    assert one.column.codes == {1: "Nej", 2: "Ja"}
    assert one.column.missing == {8: "do_not_know", 9: "refused"}
    assert "by its label alone" in one.questions["missing"]


def test_labels_of_the_ends_alone_are_limits() -> None:
    column = drafted([1, 3, 10], value_labels={"q": {1.0: "Slet ikke", 10.0: "Helt"}})
    assert (column.minimum, column.maximum, column.codes) == (1, 10, {})
    assert column.description == "1: Slet ikke; 10: Helt"


def test_a_code_without_a_label_is_listed_and_asked_about() -> None:
    one = draft_column(
        "q", [(source([1, 2, 3], value_labels={"q": {1: "a", 2: "b", 4: "c"}}), "q")]
    )
    assert one.column.codes == {1: "a", 2: "b", 3: "3", 4: "c"}
    assert "no label in the file for 3" in one.questions["codes"]


def test_amounts_that_a_label_or_two_stand_among_have_no_codes_and_no_limits() -> None:
    labels = {"q": {0: "Ingen", 1: "Lidt", 9997: "Meget"}}
    column = drafted([0, 120, 4312, 77, 15], value_labels=labels)
    assert (column.codes, column.minimum, column.maximum) == ({}, None, None)


@pytest.mark.parametrize(
    ("label", "unit"),
    [
        ("Indkomst (kr.)", "kr."),
        ("Løn, kroner", "kr."),
        ("Timer om ugen", "timer"),
        ("Alder", "år"),
        ("Ophold i uger", "uger"),
        ("cigs per day", None),
        ("sick in the last 4 weeks", None),
        ("Krav", None),
    ],
)
def test_a_unit_is_read_out_of_the_label(label: str, unit: str | None) -> None:
    assert drafted([3, 7], variable_labels={"q": label}).unit == unit


def test_waves_make_one_declaration_and_the_earlier_label_wins() -> None:
    first = source([1, 2], variable_labels={"q": "Før"}, value_labels={"q": {1: "a", 2: "b"}})
    second = source([3], variable_labels={"q": "Efter"}, value_labels={"q": {1: "z", 3: "c"}})
    column = draft_column("q", [(first, "q"), (second, "q")]).column
    assert (column.label, column.codes) == ("Før", {1: "a", 3: "c", 2: "b"})


def test_a_label_that_holds_a_cpr_number_is_masked() -> None:
    assert "0101650000" not in drafted([1], variable_labels={"q": "Spørg 010165-0000"}).label


@pytest.mark.parametrize(
    ("values", "labels", "missing"),
    [
        # A code that is no whole number, as DDI writes for blanks.
        ([1, 2, 1], {1: "Nej", 2: "Ja"}, {"Sysmiss": "user"}),
        # A missing code between labelled ends.
        ([1, 4, 7], {1: "Slet ikke", 10: "Helt"}, {5: "refused"}),
        # Codes of text, declared as numbers.
        (["1", "2", "9"] * 6, {1: "Nej", 2: "Ja"}, {9: "refused"}),
        (["1", "x", "9"] * 6, {9: "Ved ikke"}, {}),
    ],
)
def test_what_is_missing_is_never_an_answer_too(
    values: list, labels: dict, missing: dict
) -> None:
    made = draft(source(values, value_labels={"q": labels}, missing={"q": missing}))
    assert [one for one in made.decisions if one.key == "reading"] == []
    (table,) = made.codebook().tables.values()
    silent = set(map(str, table.columns[0].missing))
    assert not silent & set(map(str, table.columns[0].codes))


def test_labels_in_place_of_codes_are_answers_of_the_codes() -> None:
    told = {"q": {"1": "Nej", "2": "Ja", "9": "Ved ikke"}}
    held = source(["Nej", "Ja", "Ved ikke"], value_labels=told)
    one = draft_column("q", [(held, "q")])
    assert (one.column.type, one.column.codes) == ("integer", {1: "Nej", 2: "Ja"})
    assert one.column.blanks == ("Ved ikke",)
    assert one.column.missing == {9: "do_not_know"}
    assert "labels stand in place of codes" in one.questions["blanks"]
    assert (
        draft_column(
            "q", [(source(["01", "02"], value_labels={"q": {"01": "A", "02": "B"}}), "q")]
        ).column.type
        == "string"
    )
