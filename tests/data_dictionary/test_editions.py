"""The shipped editions: every column is explained, and nothing licensed is copied."""

import pytest

from data_dictionary import Column, Table, editions, load

COLUMNS = [
    pytest.param(table, column, id=f"{edition}-{table.name}-{column.name}")
    for edition in editions()
    for table in load(edition).tables.values()
    for column in table.columns
]


@pytest.mark.parametrize(("table", "column"), COLUMNS)
def test_every_column_has_label_description_and_source_and_a_number_its_unit(
    table: Table, column: Column
) -> None:
    assert column.label != column.name
    assert column.description
    assert column.source
    if column.type == "number" or (column.type == "integer" and not column.codes):
        assert column.unit


@pytest.mark.parametrize("edition", editions())
def test_every_table_says_what_a_row_is_and_where_it_comes_from(edition: str) -> None:
    for table in load(edition).tables.values():
        assert table.row, table.name
        assert table.source, table.name
        assert table.description, table.name


def test_keys_identify() -> None:
    for name in ("population", "cases", "dream", "citizen", "staff"):
        table = load("enplan")[name]
        assert all(table.column(key).sensitivity == "identifying" for key in table.key)


def test_eight_and_nine_are_answers_on_the_scale_from_zero_to_ten_only() -> None:
    citizen = load("enplan")["citizen"]
    assert not {8, 9} & set(citizen.column("satisfaction").missing)
    assert {8, 9} <= set(citizen.column("relation_1").missing)


def test_own_items_are_marked_as_examples_and_licensed_ones_have_no_text() -> None:
    words = load("enplan")
    for scale in words.scales.values():
        if scale.table is None:
            assert "permission" in scale.licence
            continue
        for item in scale.items:
            column = words[scale.table].column(item)
            marked = "ikke VIVEs spørgsmål" in column.description
            assert marked or (scale.name == "who5" and "not shipped" in column.description)


def test_the_municipalities_are_ninety_eight_with_the_nine_of_the_trial() -> None:
    codes = load("enplan")["population"].column("municipality").codes
    assert len(codes) == 98
    trial = {151, 190, 201, 210, 217, 219, 250, 260, 270}
    assert [codes[code] for code in sorted(trial)] == [
        "Ballerup", "Furesø", "Allerød", "Fredensborg", "Helsingør", "Hillerød",
        "Frederikssund", "Halsnæs", "Gribskov",
    ]  # fmt: skip


def test_the_codes_of_dream_come_from_the_versioned_list() -> None:
    words = load("enplan")
    listed = {entry.code: entry.label for entry in words.code_lists["dream"].entries}
    assert dict(words["dream"].column("y").codes) == listed
