"""Evidence: one way alone is proof; none, or both, is not."""

import pytest

from data_dictionary.evidence import Evidence


@pytest.mark.parametrize(
    ("ways", "proven"), [(("a",), "a"), ((), None), (("a", "b"), None)]
)  # fmt: skip
def test_one_way_alone_is_proof(ways: tuple[str, ...], proven: str | None) -> None:
    assert Evidence(frozenset(ways), 3).proven == proven
