"""A comparison by its own name and by its former one."""

from __future__ import annotations

import pickle

import evaluation as ev
from tests.evaluation.comparison.small import BY_S, HAND


def test_the_former_name_is_the_same_class() -> None:
    m = ev.match(HAND, BY_S, distance="s")
    assert ev.Matched is ev.Comparison
    assert isinstance(m, ev.Matched)
    assert type(m).__name__ == "Comparison"


def test_at_a_prompt_it_is_one_line_and_in_a_notebook_a_few() -> None:
    m = ev.match(HAND, BY_S, distance="s")
    for shown in (m, m.balance()):
        assert repr(shown) == f"<{type(shown).__name__}: {shown}>"
        assert shown.summary() in shown._repr_markdown_()


def test_what_was_pickled_under_the_former_name_is_read() -> None:
    m = ev.weigh(HAND, BY_S, "overlap")
    now = pickle.dumps(m, protocol=2)
    before = now.replace(b"comparison.matched\nComparison\n", b"comparison.matched\nMatched\n")
    assert before != now
    again = pickle.loads(before)  # noqa: S301 - written two lines above
    assert isinstance(again, ev.Comparison)
    assert again.weights.tolist() == m.weights.tolist()
