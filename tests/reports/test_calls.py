"""Calls are read without being run, and shown in their places."""

from __future__ import annotations

import pandas as pd

from reports.calls import Call, calls, evaluated
from reports.facts import Report
from tests.reports import minimal


def shown() -> Report:
    effects = minimal.effects(
        {"estimate": 5.84, "conf_low": 0.1, "conf_high": 11.6, "p_value": 0.04}
    )
    return minimal.report({"effects": effects, "sites": pd.DataFrame()})


def test_a_call_is_read_with_its_line() -> None:
    cell = '```{python}\n\nshow("table", "x", outcome="y")\n```'
    text = f'Tal: `{{python}} value("a.b.c")`\n\n{cell}\n'
    assert list(calls(text)) == [
        (1, Call(kind="value", name="a.b.c")),
        (5, Call(kind="table", name="x", outcome="y")),
    ]


def test_what_only_running_tells_is_left_to_it() -> None:
    text = "```{python}\nfor name in names:\n    say(name)\n```\n\n```{python}\n1 +\n```\n"
    assert list(calls(text)) == []
    assert list(calls('```python\nsay("x")\n```\n')) == []


def test_a_text_of_ours_is_shown_with_its_pieces_in_their_places() -> None:
    text = (
        'Det er `{python} value("employment.incidence.estimate")`.\n\n`{python} say("overall")`'
    )
    said = evaluated(shown(), text)
    assert said.startswith("Det er 5,8.\n\n")
    assert "{python}" not in said
