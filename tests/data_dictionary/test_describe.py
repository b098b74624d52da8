"""The description of a table: Markdown that names every column and scale."""

from data_dictionary import describe, load


def test_every_column_and_scale_of_a_table_is_a_row() -> None:
    words = load("enplan")
    text = describe(words["citizen"], words.scales.values())
    for column in words["citizen"].columns:
        assert f"| `{column.name}` |" in text
    assert "| `relation` | Relation til kommunen |" in text
    assert "| `continuity` |" not in text
    assert "7 = not asked; 8 = do not know; 9 = refused" in text


def test_every_row_of_a_table_has_as_many_cells_as_its_header() -> None:
    words = load("enplan")
    for table in words.tables.values():
        lines = [line for line in describe(table).splitlines() if line.startswith("|")]
        assert len({line.replace("\\|", "").count("|") for line in lines}) == 1


def test_a_family_is_described_by_its_pattern_and_an_order_by_its_rule() -> None:
    words = load("enplan")
    assert "| `y_{YYWW}` |" in describe(words["dream"])
    assert "`opened` is never after `closed`" in describe(words["cases"])
