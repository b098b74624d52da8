"""Numbers that changed are counted in Danish."""

from __future__ import annotations

from typing import get_args, get_type_hints

import pytest

from analyses.results.compare import Cause
from reports.words.changes import CAUSES, and_more, counted, intro, title_of


@pytest.mark.parametrize(
    ("n", "said"),
    [(0, "Ingen tal er ændret"), (1, "Ét tal er ændret"), (1200, "1.200 tal er ændret")],
)
def test_numbers_are_counted(n: int, said: str) -> None:
    assert intro(n, "").startswith(said)
    assert intro(n, "Syntetisk").startswith(f"**Syntetisk.** {said}")


def test_every_cause_has_a_word() -> None:
    assert set(CAUSES) == set(get_args(get_type_hints(Cause)["what"]))


def test_the_rest_stands_in_the_file() -> None:
    assert and_more(0) == ""
    assert and_more(3) == "3 tal mere står i `changes.csv`."
    assert "én række" in counted(1)
    assert title_of("X") == "X: hvad er ændret?"
