"""Whatever a row says, no sentence, cell, mark or description beside it says another thing."""

from __future__ import annotations

import math
import re
from unittest.mock import patch

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evaluation.grades import Grade
from evaluation.survival.path.marks import LockIn
from reports.chapters import effects, exhibits, summary
from reports.chapters.exhibits import dot, how_sure
from reports.rows import Flow
from reports.words.certainty import CERTAINTY, judged, marks
from reports.words.path import accumulated_words, is_lag, lock_in_words
from reports.words.wording import (
    Finding,
    bounded_sentence,
    certainty_sentence,
    conclusion,
    difference_words,
    headline,
    per_hundred_sentence,
    ratio_words,
)
from tests.reports import minimal
from tests.reports.random_rows import (
    APART,
    DOWN,
    KINDS,
    NAN,
    NUMBER,
    SURE,
    UP,
    Drawn,
    drawn,
    number_in,
    on_its_side,
    vars_of,
)

ALPHA = 0.05
NONE = ("ingen forskel", "samme niveau", "lige så mange", "til forskel siden")


def told(one: Finding) -> str:
    """Return the sentence of a summary on a row."""
    if one.term == "accumulated_weeks_104":
        return accumulated_words(one, 104, "i job")
    if one.is_ratio:
        return headline(one, ratio_words(one, "job"))
    return headline(one, difference_words(one, "scoren for job"))


def check_sentences(one: Drawn) -> None:
    f = one.finding
    summary_said, chapter_said = told(f), certainty_sentence(f)
    concluded = conclusion([f], ["Job er højere, og forskellen er statistisk sikker."])
    is_sure = f.grade is Grade.CERTAIN and f.is_told
    for text in (summary_said, chapter_said, concluded):
        assert bool(SURE.search(text)) == is_sure, text
        assert not (f.is_told_apart and any(none in text for none in NONE)), text
        assert "nan" not in text.split(), text
        assert not re.search(r"(?<!statistisk )\bsikker\b", text), text
    if f.grade is Grade.HIDDEN:
        assert not re.search(r"\d", summary_said.replace("104", ""))
        return
    # The direction is that of the estimate, and there is one where it is told apart.
    apart = f.estimate - f.null
    first = re.split(r"[(]95|, men|, og", summary_said)[0]
    if f.is_told_apart or f.direction():
        assert bool(UP.search(first)) == (apart > 0), first
        assert bool(DOWN.search(first)) == (apart < 0), first
    else:
        assert not UP.search(first.replace("lige så mange", "")), first
        assert not DOWN.search(first), first
    if not f.is_told:
        assert not re.search(rf"\b{NUMBER}", chapter_said), chapter_said
        assert "kan ikke konkluderes" in chapter_said
        return
    ends = re.search(rf"interval ({NUMBER}) til ({NUMBER})\)", summary_said)
    assert ends, summary_said
    for shown, exact in zip(ends.groups(), (f.conf_low, f.conf_high), strict=True):
        assert on_its_side(shown, exact, f.null), (shown, exact)
    low, high = map(number_in, ends.groups())
    assert low <= high
    if f.is_told_apart:
        assert on_its_side(f.value, f.estimate, f.null)
    # One p-value, on its own side of the level.
    p = re.search(r"p (?:= |< )(\d,\d+)", chapter_said)
    assert p, chapter_said
    judged_by = one.p if math.isnan(one.adjusted) else one.adjusted
    assert (number_in(p[1]) <= ALPHA) == (judged_by <= ALPHA), chapter_said


def check_bounds(one: Finding) -> None:
    text = bounded_sentence(one)
    if not (one.is_bounded and one.is_told):
        assert text == ""
        return
    (shown,) = re.findall(rf"på over \(?({NUMBER})", text)
    wider = max(abs(one.conf_low), abs(one.conf_high))
    if one.is_ratio:
        wider = max(one.conf_high, 1 / one.conf_low)
    # Nothing inside the interval is spoken against, and no more than a step is given away.
    assert -1e-9 <= number_in(shown) - wider <= 10.0**-one.decimals + 1e-9


def check_hundred(one: Finding) -> None:
    text = per_hundred_sentence(one)
    if not one.is_told:
        assert text == ""
        return
    ends = re.search(r"fra (.+) til (.+)\.$", text)
    assert ends
    for shown, exact in zip(ends.groups(), (one.conf_low, one.conf_high), strict=True):
        word = "flere" if exact > 0 else "færre" if exact < 0 else "ingen forskel"
        assert shown.endswith(word), (shown, exact)


def check_marks(one: Finding) -> None:
    row, words = dot(one, "Job"), CERTAINTY[one.grade]
    assert row.grade is one.grade
    assert judged(one.grade, is_bounded=one.is_bounded).startswith(words.danish)
    if one.grade is not Grade.HIDDEN:
        assert how_sure(row) == f", {words.danish}"
        assert marks([row.grade]).lower() == f"{words.point}: {words.danish}."
    if one.is_told and one.grade is not Grade.INDICATION:
        assert f"er {words.danish}." in told(one)


@given(one=drawn())
@settings(deadline=None, max_examples=150)
def test_words_marks_and_numbers_of_a_row_agree(one: Drawn) -> None:
    check_sentences(one)
    check_bounds(one.finding)
    check_marks(one.finding)
    if one.finding.term == "incidence":
        check_hundred(one.finding)


@pytest.mark.slow
@given(one=drawn())
@settings(deadline=None, max_examples=5_000, suppress_health_check=[HealthCheck.too_slow])
def test_words_marks_and_numbers_of_every_row_agree(one: Drawn) -> None:
    check_sentences(one)
    check_bounds(one.finding)
    check_marks(one.finding)
    if one.finding.term == "incidence":
        check_hundred(one.finding)


LAGS = st.builds(
    lambda depth, below, above: LockIn(
        week=9, depth=-depth, conf_low=-depth - below, conf_high=-depth + above
    ),
    APART,
    APART,
    APART,
)


@given(
    lag=st.none()
    | LAGS
    | APART.map(lambda d: LockIn(week=3, depth=-d, conf_low=NAN, conf_high=NAN)),
    first=drawn(kinds=(("accumulated_weeks_26", "weeks"),)),
)
@settings(deadline=None, max_examples=60)
def test_a_lag_is_claimed_only_where_a_band_or_a_sum_shows_it(
    lag: LockIn | None, first: Drawn
) -> None:
    text = lock_in_words(lag, "i job", first.finding)
    if first.finding.grade is Grade.HIDDEN:
        return
    claimed = "tyder på en fastholdelseseffekt" in text
    assert claimed <= is_lag(lag, first.finding)
    if lag is None:
        return
    if lag.grade is Grade.INDICATION:
        assert claimed
        assert not re.search(r"er 0,0+ procentpoint", text)
    band = re.search(rf"bånd ({NUMBER}) til ({NUMBER})\)", text)
    if band:
        for shown, exact in zip(band.groups(), (lag.conf_low, lag.conf_high), strict=True):
            assert on_its_side(shown, exact, 0.0)


@given(
    own=drawn(kinds=KINDS[:1]),
    other=drawn(kinds=KINDS[:1]),
    shares=st.tuples(st.floats(0, 100), st.floats(0, 100)) | st.just((NAN, NAN)),
)
@settings(deadline=None, max_examples=25)
def test_the_summary_says_of_every_row_what_its_table_and_figure_say(
    own: Drawn, other: Drawn, shares: tuple[float, float]
) -> None:
    found = [own.finding, other.finding]
    names = ("employment", "another")
    rows = [{**vars_of(one), "outcome": name} for one, name in zip(found, names, strict=True)]
    outcomes = tuple(minimal.outcome(name) for name in names)
    graded = pd.DataFrame(
        {
            **{"outcome": names, "part": "", "term": "incidence"},
            "grade": [None if f.grade is Grade.HIDDEN else str(f.grade) for f in found],
            "bounded": ["bounded" if f.is_bounded else "" for f in found],
        }
    )
    frames = {"effects": minimal.effects(*rows), "grades": graded}
    report = minimal.report(frames, outcomes=outcomes)
    tested = report.tested()
    assert [one.grade for one in tested] == [one.grade for one in found]
    with (
        patch.object(exhibits, "dot_panels", lambda *_, **__: None),
        patch.object(exhibits, "drawn", lambda *_, alt, notes, **__: f"{alt}\n{notes}"),
        patch.object(type(report), "at", lambda *args: (shares[args[3] == "comparison"], 0.0)),
    ):
        figure = effects.effect_figure(
            report, tested, ["A", "B"], label="x", caption="X", notes="", told="Y"
        )
        table = effects.effect_table(report, tested, label="x", caption="X", notes="")
        box = summary._main_finding(report, tested).split("\n\n")
    cells = [line for line in table.split("\n") if line.startswith("| ")][2:]
    for f, row, said, name in zip(tested, cells, box, ("A", "B"), strict=False):
        words = CERTAINTY[f.grade].danish
        assert row.rstrip(" |").endswith(judged(f.grade, is_bounded=f.is_bounded))
        if f.grade is not Grade.HIDDEN:
            assert f"{name}: {f.with_interval} procentpoint, {words}" in figure
            assert f": {words}." in figure
        assert bool(SURE.search(said)) == (f.grade is Grade.CERTAIN and f.is_told)
        # Nothing that cannot be concluded on has a size there.
        if f.grade is Grade.REFUSED:
            assert not re.search(r"\d,\d", said), said


@given(
    counts=st.lists(st.integers(0, 9), min_size=1, max_size=8),
    hidden=st.lists(st.booleans(), min_size=8, max_size=8),
)
@settings(deadline=None, max_examples=40)
def test_below_the_limit_is_said_only_of_what_is_small_itself(
    counts: list[int], hidden: list[bool]
) -> None:
    few = [place for place, n in enumerate(counts) if 0 < n < 5]
    shown = [
        NAN if place in few or away else float(n)
        for place, (n, away) in enumerate(zip(counts, hidden, strict=False))
    ]
    frame = pd.DataFrame(
        {"step": "data", "arm": "treated", "n": shown, "lost": 0, "reason": ""}
    )
    report = minimal.report({"flow": frame})
    report = type(report)(facts=report.facts, frames=report.frames, few={"flow": {"n": few}})
    for n, row in zip(counts, report.rows(Flow), strict=True):
        assert (report.count(row.n) == "<5") == (0 < n < 5)
