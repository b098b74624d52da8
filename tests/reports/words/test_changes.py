"""Numbers that changed are counted in Danish."""

from __future__ import annotations

import pytest

from reports.words.changes import and_more, counted, intro, title_of


@pytest.mark.parametrize(
    ("n", "said"),
    [(0, "Ingen tal er ændret"), (1, "Ét tal er ændret"), (1200, "1.200 tal er ændret")],
)
def test_numbers_are_counted(n: int, said: str) -> None:
    assert intro(n, "").startswith(said)
    assert intro(n, "Syntetisk").startswith(f"**Syntetisk.** {said}")


def test_the_rest_stands_in_the_file() -> None:
    assert and_more(0) == ""
    assert and_more(3) == "3 tal mere står i `changes.csv`."
    assert "én række" in counted(1)
    assert title_of("X") == "X: hvad er ændret?"
