"""Mistakes are collected, and a file of noise stays short."""

from __future__ import annotations

from data_dictionary.mistakes import Mistakes, show


def test_a_mistake_says_where_and_what() -> None:
    mistakes = Mistakes()
    mistakes.add("[study]", "'seed' is missing")
    assert mistakes.found == ["[study]: 'seed' is missing"]


def test_an_unknown_name_is_told_with_the_nearest_or_with_all() -> None:
    mistakes = Mistakes()
    mistakes.unknown(
        "[study]", ["sed", "xyz"], ["name", "seed"], "is not a key of this section"
    )
    assert mistakes.found == [
        "[study]: 'sed' is not a key of this section. Did you mean 'seed'?",
        "[study]: 'xyz' is not a key of this section. Allowed: name, seed.",
    ]


def test_thousands_of_unknown_names_are_one_line_more() -> None:
    mistakes = Mistakes()
    mistakes.unknown("[study]", [f"key_{n}" for n in range(1008)], ["seed"], "is no key")
    assert len(mistakes.found) == 9
    assert mistakes.found[-1] == "[study]: 1,000 other names are unknown here as well"


def test_a_list_of_mistakes_ends_after_a_hundred() -> None:
    mistakes = Mistakes([f"[study]: {n}" for n in range(1100)])
    assert mistakes.listed().splitlines()[-1] == "  - ... and 1,000 more"
    assert len(mistakes.listed().splitlines()) == 101


def test_a_value_is_shown_as_toml_writes_it_and_cut() -> None:
    assert show(True) == "true"
    assert show("a") == "'a'"
    assert show("a" * 100) == "'" + "a" * 56 + "..."
