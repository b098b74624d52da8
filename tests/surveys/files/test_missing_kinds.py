"""The kind of a missing code is read from its label, in Danish or English."""

import pytest

from surveys.files.missing_kinds import kind_of_label


@pytest.mark.parametrize(
    ("label", "kind"),
    [
        ("Ved ikke", "do_not_know"),
        ("Don't know", "do_not_know"),
        ("Ønsker ikke at svare", "refused"),
        ("Vil ikke svare", "refused"),
        ("Ikke stillet", "not_asked"),
        ("Not applicable", "not_asked"),
        ("Teknisk fejl", "technical"),
        ("missing", "user"),
        ("Uenig", "user"),
        (None, "user"),
    ],
)
def test_a_label_names_its_kind_or_none(label: str | None, kind: str) -> None:
    assert kind_of_label(label) == kind
