from __future__ import annotations

from evaluation import match
from evaluation.comparison.balance.love_plot import draw, is_unlike


def test_each_row_has_its_point_before_and_after_at_its_own_height(
    lalonde, lalonde_roles
) -> None:
    balance = match(lalonde, lalonde_roles, caliper=0.2).balance()
    ax = balance.plot()
    names = [label.get_text() for label in ax.get_yticklabels()]
    assert "race: hispan" in names
    points = {line.get_label(): line for line in ax.get_lines() if line.get_label() in _WHEN}
    for when, line in points.items():
        drawn = dict(zip(names, line.get_xdata(), strict=True))
        age = balance.table.set_index("covariate").loc["age", f"smd_{when}"]
        assert drawn["age"] == age
    # The largest difference before stands on top.
    assert names[-1] == "distance"
    assert "SD" in ax.get_xlabel()


_WHEN = ("before", "after")


def test_it_draws_where_it_is_told(lalonde, lalonde_roles) -> None:
    from matplotlib.figure import Figure

    ax = Figure().subplots()
    assert draw(match(lalonde, lalonde_roles).balance().table, ax=ax) is ax


def test_groups_are_alike_up_to_the_line_that_is_drawn() -> None:
    assert [is_unlike(value) for value in (0.1, -0.1, 0.11, -0.11, float("nan"))] == [
        *(False, False, True, True, False),
    ]
    assert is_unlike(0.06, 0.05)
