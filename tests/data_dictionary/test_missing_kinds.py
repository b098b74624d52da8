"""Kinds of missing answers are known by their words."""

import pytest

from data_dictionary.missing_kinds import kind_of_label


@pytest.mark.parametrize(
    ("label", "kind"),
    [("Ved ikke", "do_not_know"), ("Ønsker ikke at svare, ved ikke", "refused"),
     ("Ikke relevant", "not_asked"), ("Systemfejl", "technical"), ("Andet", "user"),
     (None, "user")],
)  # fmt: skip
def test_a_label_names_its_kind(label: str | None, kind: str) -> None:
    assert kind_of_label(label) == kind
