"""Figures: Danish numbers, no overlapping words, everything inside the drawing, stamped."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence

import matplotlib as mpl
import pandas as pd
import pytest
from matplotlib.figure import Figure

from reports.facts import STAMP
from reports.figures import (
    Apart,
    Band,
    Dot,
    Specification,
    Stage,
    dot_panels,
    funnels,
    incidence_curves,
    love_plot,
    site_forest,
    specification_curve,
    status_areas,
    wave_dots,
    weekly_path,
)
from reports.figures.paths import START
from reports.figures.style import stamped
from reports.words.danish import number
from tests.reports.figures.boxes import check_words, shown

NAN = math.nan
NAMES = {"treated": "Deltagere", "comparison": "Sammenligningsgruppen"}
LONG = "Samarbejdet på tværs af forvaltninger fungerer godt for borgeren"


@pytest.fixture(autouse=True)
def _no_window() -> Iterator[None]:
    import matplotlib.pyplot as plt

    with mpl.rc_context({"backend": "agg"}):
        yield
    plt.close("all")


def row(label: str, estimate: float, half: float = 2.5) -> Dot:
    text = number(estimate)
    return Dot(
        label=label, estimate=estimate, low=estimate - half, high=estimate + half, text=text
    )


def panels() -> Figure:
    rows = [row("Relation til kommunen", 3.2), row("Støtte til mål", -0.4), row("Trivsel", 0.1)]
    refused = Dot(label="Uden interval", estimate=1.0, low=NAN, high=NAN, text="1,0")
    return dot_panels(
        [
            ("Forskel, procentpoint", 0.0, [row("Beskæftigelse", 5.8)]),
            ("Forskel, point", 0.0, [*rows, refused]),
        ]
    )


def waves() -> Figure:
    rows = [row(f"{LONG} {k}", 30.0 + 3 * k, 9.0) for k in range(9)]
    return wave_dots([("1. måling", rows), ("2. måling", rows)], title="Procent, der er enige")


def forest() -> Figure:
    names = ["Allerød", "Ballerup", "Fredensborg", "Frederikssund", "Furesø", "Gribskov"]
    hidden = Dot(label="Halsnæs", estimate=NAN, low=NAN, high=NAN, text="–")
    alone = [
        Dot(label=name, estimate=4.0 * k - 9, low=NAN, high=NAN, text=number(4 * k - 9))
        for k, name in enumerate(names)
    ]
    without = [row("", 3.0 + k / 5) for k in range(7)]
    return site_forest(
        [*alone, hidden],
        without,
        unit="procentpoint",
        titles=("Kommunen alene", "Alle andre kommuner"),
        whole=3.6,
    )


def love() -> Figure:
    before = [0.012 * k - 0.1 for k in range(24)]
    rows = [
        (f"Uddannelse: erhvervsfaglig, trin {k}", smd, smd / 5) for k, smd in enumerate(before)
    ]
    return love_plot(rows, threshold=0.1, action="matching")


LEFT = {26.0: {"treated": "1.020", "comparison": "990"}}
LEFT[104.0] = {"treated": "<5", "comparison": "803"}
APART = [
    Apart(time=t, estimate=gap, low=gap - 3, high=gap + 3, left=LEFT[t])
    for t, gap in ((26.0, -1.5), (104.0, 2.5))
]


def curves(apart: Sequence[Apart] = APART) -> Figure:
    rows = [
        {"arm": arm, "time": float(t), "estimate": slope * t, "conf_low": slope * t * 0.8}
        | {"conf_high": slope * t * 1.2}
        for arm, slope in (("treated", 0.0031), ("comparison", 0.003))
        for t in range(0, 105, 4)
    ]
    return incidence_curves(
        pd.DataFrame(rows),
        names=NAMES,
        horizon=104,
        unit="Procent",
        time="uger siden start",
        apart=apart,
    )


def weekly(shares: dict[str, tuple[float, float]]) -> pd.DataFrame:
    """Return paths that rise in a straight line from week -60 to the shares of both arms."""
    rows = [
        {"status": status, "arm": arm, "week": week, "estimate": end * (week + 60) / 164}
        for status, ends in shares.items()
        for arm, end in zip(
            ("treated", "comparison", "difference"), (*ends, ends[0] - ends[1]), strict=True
        )
        for week in range(-60, 105)
    ]
    made = pd.DataFrame(rows)
    gap = made["estimate"].where((made["arm"] == "difference") & (made["week"].abs() > 5))
    return made.assign(conf_low=gap - 2, conf_high=gap + 2, band_low=gap - 4, band_high=gap + 4)


def path() -> Figure:
    shares = {"employment": (20.3, 20.1)}
    return weekly_path(weekly(shares), names=NAMES, unit="Procent i beskæftigelse")


def areas() -> Figure:
    names = {
        "employment": "Beskæftigelse",
        "education": "Uddannelse",
        "flexjob": "Fleksjob",
        "self_support": "Selvforsørgelse uden beskæftigelse",
        "early_retirement": "Førtidspension",
        "other": "Andet",
        "benefits": "Offentlig forsørgelse",
    }
    # Layers so thin that their names would lie on one another.
    thin = (14.0, 0.4, 0.5, 0.3, 0.2, 0.1)
    shares = {status: (size, size) for status, size in zip(names, thin, strict=False)}
    made = weekly(shares)
    rest = made.groupby(["arm", "week"], as_index=False)["estimate"].sum()
    rest = rest.assign(status="benefits", estimate=100 - rest["estimate"])
    return status_areas(pd.concat([made, rest]), names, names=NAMES, order=list(names))


def flow() -> Figure:
    lost = "3.860 går ud: bor i en kommune, som indsatsen nåede, eller er ikke på ydelse"
    longer = [Stage(title="I data", n=10_832)]
    longer += [Stage(title="Start tidligst ved indsatsens start", n=6_972, lost=lost)] * 4
    shorter = [Stage(title="I data", n=1_168), Stage(title="Matchet", n=1_145, lost=lost)]
    shorter += [Stage(title="Med svar: tillid til kommunen", n=280, is_part=True)]
    return funnels([("Deltagere", shorter), ("Sammenligning", longer)])


FIGURES = {
    "panels": panels,
    "waves": waves,
    "forest": forest,
    "love": love,
    "curves": curves,
    "flow": flow,
    "path": path,
    "areas": areas,
}


@pytest.mark.parametrize("name", FIGURES)
def test_words_are_apart_and_inside_the_drawing(name: str) -> None:
    check_words(stamped(FIGURES[name](), STAMP))


@pytest.mark.parametrize("name", FIGURES)
def test_numbers_are_danish_and_the_stamp_is_there(name: str) -> None:
    words = [text.get_text() for text in shown(stamped(FIGURES[name](), STAMP))]
    assert STAMP in words
    assert not [text for text in words if re.search(r"\d\.\d\d?(\D|$)|-\d", text)]
    assert not [
        text for text in words if re.search(r"\b(time|weeks|share|none|nan)\b", text, re.I)
    ]


def test_tick_labels_say_where_the_ticks_are() -> None:
    drawing = love()
    drawing.canvas.draw()
    (ax,) = drawing.axes
    for place, label in zip(ax.get_xticks(), ax.get_xticklabels(), strict=True):
        written = float(label.get_text().replace("−", "-").replace(",", "."))
        assert written == pytest.approx(place, abs=1e-9)


def test_groups_are_told_apart_without_colour() -> None:
    drawing = curves()
    styles = {line.get_linestyle() for line in drawing.axes[0].get_lines()}
    assert len(styles) == 2
    texts = {text.get_text() for text in shown(drawing)}
    assert set(NAMES.values()) <= texts


def test_a_refused_interval_is_an_open_dot() -> None:
    faces = [
        line.get_markerfacecolor()
        for line in panels().axes[1].get_lines()
        if line.get_marker() == "o"
    ]
    assert faces.count("white") == 1
    assert len(faces) == 4


def test_the_band_spans_the_interval_that_the_rows_are_held_up_against() -> None:
    from matplotlib.patches import Rectangle

    band = Band(label="Facit", estimate=2.0, low=1.0, high=4.0)
    (ax,) = dot_panels([("Forskel", 0.0, [row("Design", 5.8)])], band=band).axes
    (drawn,) = [patch for patch in ax.patches if isinstance(patch, Rectangle)]
    assert (drawn.get_x(), drawn.get_x() + drawn.get_width()) == (1.0, 4.0)
    assert [2.0, 2.0] in [list(line.get_xdata()) for line in ax.lines]


def test_a_benchmark_that_is_not_shown_draws_no_band() -> None:
    band = Band(label="Facit", estimate=NAN, low=NAN, high=NAN)
    (ax,) = dot_panels([("Forskel", 0.0, [row("Design", 5.8)])], band=band).axes
    assert not ax.patches


def test_the_curves_have_their_difference_and_those_left_below_them() -> None:
    upper, gap, left = curves().axes
    assert len(upper.get_lines()) == 2
    points = [line for line in gap.get_lines() if line.get_marker() == "o"]
    assert [tuple(line.get_xydata()[0]) for line in points] == [(26.0, -1.5), (104.0, 2.5)]
    told = [(text.get_position(), text.get_text()) for text in left.texts]
    assert ((26.0, 0), "1.020") in told
    assert ((104.0, 1), "803") in told


def test_a_time_too_near_another_has_no_numbers_of_its_own() -> None:
    near = [Apart(time=t, estimate=1, low=0, high=2, left=LEFT[104.0]) for t in (100, 104)]
    assert [text.get_position()[0] for text in curves(near).axes[2].texts] == [104, 104]


def test_the_week_of_the_start_is_named() -> None:
    (start,) = (text for text in path().axes[0].texts if text.get_text() == START)
    assert start.xy[0] == 0.0  # type: ignore[attr-defined]


def test_a_change_is_a_bar_between_the_waves_told_apart_without_colour() -> None:
    one, two = [row("A", 30.0, 5.0)], [row("A", 52.0, 5.0)]
    (ax,) = wave_dots([("1. måling", one), ("2. måling", two)], title="Procent").axes
    assert [[30.0, 0.0], [52.0, 0.0]] in [
        segment.tolist() for bar in ax.collections for segment in bar.get_segments()
    ]
    faces = [line.get_markerfacecolor() for line in ax.get_lines() if line.get_marker() == "o"]
    assert faces[0] == "white" != faces[1]
    # The intervals overlap: they lie on either side of the bar, the first one dashed.
    heights = {bar.get_segments()[0][0][1] for bar in ax.collections[1:]}
    assert min(heights) < 0 < max(heights)


def test_the_ways_to_a_finding_stand_by_kind_each_in_order_of_size() -> None:
    kinds = (("variant", 3.0), ("main", 9.0), ("left_out", 1.0), ("variant", 2.0))
    ways = [Specification(kind=kind, dot=row(f"{kind} {x}", x)) for kind, x in kinds]
    heads = {"variant": "Andre måder", "left_out": "Uden ét sted"}
    (ax,) = specification_curve(ways, heads=heads, null=0.0, title="Forskel").axes
    assert [label.get_text() for label in ax.get_yticklabels()] == [
        *("main 9.0", "Andre måder", "variant 2.0", "variant 3.0"),
        *("Uden ét sted", "left_out 1.0"),
    ]


def test_the_bars_of_the_way_to_the_analysis_are_as_long_as_their_counts() -> None:
    ax = flow().axes[0]
    assert [bar.get_width() for bar in ax.patches] == [1_168, 1_145, 280]  # type: ignore[attr-defined]
    assert [bool(bar.get_hatch()) for bar in ax.patches] == [False, False, True]
    assert [text.get_text() for text in ax.texts if "går ud" not in text.get_text()] == [
        *("1.168", "1.145", "280"),
    ]


def test_neighbouring_layers_are_told_apart_without_colour() -> None:
    layers = areas().axes[0].collections
    hatched = [bool(layer.get_hatch()) for layer in layers]
    assert hatched[:-1] == [at % 2 == 1 for at in range(len(hatched) - 1)]
