"""The weekly path in words: they agree with the numbers, be they refused, null or negative."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analyses.results.facts import PathFacts
from evaluation.survival.path.marks import BreakEven, LockIn
from reports.chapters import path, time_conclusion
from reports.facts import Report
from reports.figures.curves import spread
from reports.figures.paths import axis_end
from reports.rows import Paths
from reports.words.path import (
    accumulated_words,
    before_start,
    break_even_words,
    is_lag,
    lock_in_words,
    weeks_words,
)
from reports.words.wording import Finding
from tests.reports import minimal

INSIDE = "i beskæftigelse"
NAN = math.nan
TERMS = tuple(path.HORIZONS.values())


def weeks(
    estimate: float, low: float = NAN, high: float = NAN, p: float = NAN, horizon: int = 104
) -> Finding:
    """Return a difference in accumulated weeks."""
    return Finding(
        outcome="employment",
        label="beskæftigelse",
        term=path.HORIZONS[horizon],
        unit="weeks",
        estimate=estimate,
        conf_low=low,
        conf_high=high,
        p_value=p,
        p_adjusted=NAN,
        n_treated=400,
        n_comparison=400,
        conf_level=0.95,
        grade=minimal.grade(estimate, p, is_tested=False),
        words=minimal.PARTICIPANTS,
    )


GAIN, LOSS = weeks(2.6, 1.1, 4.1, 0.01), weeks(-1.4, -2.2, -0.6, 0.01)
UNCLEAR, REFUSED, HIDDEN = weeks(0.6, -1.1, 2.3, 0.4), weeks(-0.6), weeks(NAN)


def lag(depth: float, low: float = NAN, high: float = NAN, week: int = 9) -> LockIn:
    return LockIn(week=week, depth=depth, conf_low=low, conf_high=high)


def said(mark: LockIn | None, first: Finding = UNCLEAR) -> str:
    return lock_in_words(mark, INSIDE, first)


def test_a_sure_lag_is_a_lock_in_and_keeps_its_size_and_week() -> None:
    text = said(lag(-4.2, -7.5, -0.9))
    assert "Længst bagud er deltagerne i uge 9, hvor andelen i beskæftigelse er 4,2" in text
    assert "(simultant bånd −7,5 til −0,9)" in text
    assert text.endswith(
        "rummer ikke nul. Det tyder på en fastholdelseseffekt, "
        "men analyseplanen tester den ikke."
    )


def test_a_sure_lag_that_would_be_rounded_to_none_is_told() -> None:
    text = said(lag(-0.04, -0.07, -0.01))
    assert "er 0,04 procentpoint lavere" in text
    assert "(simultant bånd −0,1 til −0,01)" in text


def test_an_unsure_lag_is_not_called_a_lock_in() -> None:
    text = said(lag(-4.2, -8.6, 0.2))
    assert text.endswith("Båndet rummer nul, så der er ikke påvist en fastholdelseseffekt.")
    # Not even where the weeks of the first half-year are surely gained.
    assert said(lag(-4.2, -8.6, 0.2), GAIN) == text


def test_a_lag_that_is_sure_only_as_a_sum_is_said_to_be_so() -> None:
    text = said(lag(-4.2, -8.6, 0.2), LOSS)
    assert (
        "I den enkelte uge kan det være tilfældigt. Men i de første 26 uger har deltagerne"
        in text
    )
    assert "færre uger i beskæftigelse end" in text
    assert text.endswith(
        "Det tyder på en fastholdelseseffekt, men analyseplanen tester den ikke."
    )


@pytest.mark.parametrize("mark", [None, lag(-0.04, -2.0, 1.9)])
def test_no_lag_is_called_none(mark: LockIn | None) -> None:
    assert "Den kan ikke påvises her" in said(mark)
    assert "Længst" not in said(mark)


def test_a_lag_without_inference_is_not_judged() -> None:
    text = said(lag(-4.2), REFUSED)
    assert "Usikkerheden kan ikke opgøres" in text
    assert "Der er altså" not in text
    assert "påvist" not in text


def test_a_status_of_few_is_not_judged() -> None:
    assert said(None, HIDDEN) == (
        "Så få er i beskæftigelse, at det ikke kan afgøres, om der er en fastholdelseseffekt."
    )
    assert break_even_words(None, 104, HIDDEN) == ""
    assert "fortrolighed" in accumulated_words(HIDDEN, 104, INSIDE)


def test_break_even_says_the_week_and_how_unsure_it_is() -> None:
    even = BreakEven(week=57, level=((34, 104),))
    text = break_even_words(even, 104, GAIN)
    assert "hentet ind i uge 57." in text
    assert text.endswith("kan ikke udelukkes i ugerne 34 til 104.")


def test_weeks_with_gaps_are_not_told_by_their_hull() -> None:
    even = BreakEven(week=57, level=((3, 6), (9, 9), (34, 104)))
    text = break_even_words(even, 104, GAIN)
    assert text.endswith("kan ikke udelukkes i ugerne 3 til 6, 9 og 34 til 104.")
    assert weeks_words([(9, 9)]) == "uge 9"


def test_a_lag_that_is_not_told_apart_is_not_made_up_for() -> None:
    unsure, sure = lag(-4.2, -8.6, 0.2), lag(-4.2, -8.6, -0.2)
    assert not is_lag(unsure, UNCLEAR)
    assert not is_lag(None, GAIN)
    assert is_lag(sure, UNCLEAR)
    assert is_lag(unsure, LOSS)
    for mark in (unsure, sure):
        shown = made(acc=(UNCLEAR, UNCLEAR, GAIN), mark=mark)
        facts = replace(shown.facts.path, break_even=BreakEven(week=57))
        text = " ".join(path.findings(shown, facts))
        assert ("hentet ind" in text) == (mark is sure)


def test_break_even_that_does_not_last_or_never_comes_is_said() -> None:
    text = break_even_words(BreakEven(week=57), 104, REFUSED)
    assert text.endswith(
        "er efterslæbet hentet ind i uge 57, men ved uge 104 er de bagud igen."
    )
    never = BreakEven(week=None, level=((6, 8),))
    assert break_even_words(never, 104, LOSS).endswith("ikke hentet ind ved uge 104.")
    assert break_even_words(None, 104, GAIN).endswith("ikke på noget tidspunkt bagud.")


def test_accumulated_weeks_keep_sign_size_and_certainty() -> None:
    assert accumulated_words(GAIN, 104, INSIDE) == (
        "I de første 104 uger har deltagerne i gennemsnit haft 2,6 flere uger i beskæftigelse "
        "end sammenligningspersonerne (95 %-sikkerhedsinterval 1,1 til 4,1), hvilket "
        "tyder på en forskel; analyseplanen tester den ikke."
    )
    assert "1,4 færre uger" in accumulated_words(LOSS, 104, INSIDE)
    assert ", men forskellen er ikke statistisk sikker." in accumulated_words(
        UNCLEAR, 104, INSIDE
    )
    assert "lige så mange uger" in accumulated_words(weeks(0.02, -1, 1, 0.9), 104, INSIDE)
    text = accumulated_words(REFUSED, 104, INSIDE)
    assert text.endswith(", men usikkerheden kan ikke opgøres.")


def gaps(low: list[float], high: list[float]) -> list[Paths]:
    """Return bands in the weeks before start, and one that excludes zero after it."""
    ends = zip([*range(-len(low), 0), 10], [*low, 1.0], [*high, 2.0], strict=True)
    return [
        Paths("employment", "difference", week, 0.0, lowest, highest)
        for week, lowest, highest in ends
    ]


def test_the_time_before_start_tests_the_comparison() -> None:
    alike = before_start(gaps([-1.0, -2.0, NAN], [1.0, 2.0, NAN]), ())
    assert "rummer nul i alle 2 uger før start" in alike
    assert "det viser ikke, at de er ens" in alike
    apart = before_start(gaps([-1.0, 0.5, NAN], [1.0, 2.0, NAN]), ((-9, -4), (-2, -2)))
    assert "udelukker nul i ugerne −9 til −4 og −2 før start" in apart
    assert "ikke lige stillet" in apart
    assert "kun ses af kurverne" in before_start(gaps([NAN], [NAN]), ())
    assert before_start(gaps([], []), ()) == ""


def plan(*status: str, label: str | None = None, lock_in: LockIn | None = None) -> PathFacts:
    """Return the facts of a path of two statuses."""
    return PathFacts(
        name="+".join(status),
        status=status,
        label=label,
        weeks=(-30, 104),
        statuses=("employment", "benefits"),
        merged=(),
        method="jackknife",
        reason="",
        lock_in=lock_in,
    )


def test_several_statuses_and_one_of_ones_own_are_named() -> None:
    shown = minimal.report(labels={"ordinary": "Ordinært arbejde"})
    both = plan("employment", "flexjob")
    assert path.in_status(shown, both) == "i beskæftigelse eller i fleksjob"
    assert path.in_status(shown, plan("ordinary")) == "i tilstanden »ordinært arbejde«"
    assert path.path_label(shown, plan("ordinary", "ordinary")) == (
        "Ordinært arbejde eller ordinært arbejde"
    )


def made(
    *, acc: tuple[Finding, ...], mark: LockIn | None, effects: list[dict[str, Any]] = ()
) -> Report:
    """Return a report with one outcome in time and a path of two statuses."""
    rows = [
        {"term": one.term, "unit": "weeks", "estimate": one.estimate, "p_value": one.p_value}
        | {"conf_low": one.conf_low, "conf_high": one.conf_high}
        for one in (replace(one, term=term) for one, term in zip(acc, TERMS, strict=True))
    ]
    shares = {"employment": (20.0, 15.0, 5.0), "benefits": (80.0, 85.0, -5.0)}
    paths = pd.DataFrame(
        [
            {"status": status, "arm": arm, "week": week, "estimate": share}
            for status, ends in shares.items()
            for arm, share in zip(("treated", "comparison", "difference"), ends, strict=True)
            for week in range(-30, 105)
        ]
    ).assign(conf_low=NAN, conf_high=NAN, band_low=NAN, band_high=NAN, n=400)
    return minimal.report(
        {"effects": minimal.effects(*effects, *rows), "paths": paths},
        outcomes=(minimal.outcome(time=replace(minimal.WEEKS, competing=("flexjob",))),),
        path=plan("employment", label="Beskæftigelse", lock_in=mark),
        labels={"benefits": "Offentlig forsørgelse", "flexjob": "Fleksjob"},
    )


def effect(term: str, estimate: float, p: float, outcome: str = "employment") -> dict[str, Any]:
    ratio = "ratio" in term
    half = 0.5 * abs(estimate - ratio) if p < 0.05 else 2 * abs(estimate - ratio)
    unit = "hazard ratio" if ratio else "percentage points"
    ends = {"conf_low": estimate - half, "conf_high": estimate + half}
    return {
        "outcome": outcome,
        "term": term,
        "unit": unit,
        "estimate": estimate,
        "p_value": p,
    } | (ends if math.isfinite(p) else {"conf_low": NAN, "conf_high": NAN})


def concluded(report: Report) -> str:
    return time_conclusion.paragraph(report)


def test_the_conclusion_of_a_clear_rise_agrees_with_every_part() -> None:
    report = made(
        acc=(UNCLEAR, UNCLEAR, GAIN),
        mark=lag(-4.2, -7.5, -0.9),
        effects=[
            effect("incidence", 6.0, 0.01),
            effect("hazard_ratio", 1.4, 0.01),
            effect("subdistribution_hazard_ratio", 1.1, 0.4),
            effect("incidence", -2.0, 0.01, "flexjob"),
            effect("hazard_ratio", 1.1, 0.6, "flexjob"),
        ],
    )
    text = concluded(report)
    assert text.startswith("Flere deltagere end tilsvarende personer er kommet i beskæft")
    assert (
        "Lagt sammen over 104 uger tyder tallene på, at deltagerne har haft flere uger i"
        in text
    )
    assert "Den første tid er deltagerne bagud, hvilket tyder på en fastholdelses" in text
    assert "tyder hasardratio (Cox) på en forskel, men det gør" in text
    assert "i andelen for fleksjob (lavere)" in text
    assert "hyppigheden" not in text
    assert "ikke til de test, der er valgt i studiefilen, og afgør ikke spørgsmålet." in text
    assert "Undervejs" not in text


def test_the_conclusion_of_nothing_sure_claims_nothing() -> None:
    report = made(
        acc=(UNCLEAR, UNCLEAR, UNCLEAR),
        mark=lag(-1.0, -4.0, 2.0),
        effects=[
            effect("incidence", 2.0, 0.4),
            effect("hazard_ratio", 1.1, 0.5),
            effect("incidence", -0.4, 0.6, "flexjob"),
        ],
    )
    text = concluded(report)
    assert "ikke fundet en statistisk sikker forskel" in text
    assert "er forskellen i uger i beskæftigelse ikke statistisk sikker" in text
    assert "Der er ikke påvist en fastholdelseseffekt." in text
    assert "Ingen af de andre supplerende mål" in text
    assert "Blandt de andre veje ud tyder tallene ikke på nogen forskel." in text
    assert "flere uger" not in text


def test_a_sure_hazard_that_ends_in_shares_alike_is_told_as_such() -> None:
    report = made(
        acc=(UNCLEAR, UNCLEAR, UNCLEAR),
        mark=None,
        effects=[effect("incidence", 2.0, 0.4), effect("hazard_ratio", 1.4, 0.01)],
    )
    text = concluded(report)
    assert (
        "Undervejs tyder tallene på, at hyppigheden af beskæftigelse er højere blandt" in text
    )
    assert "efter 104 uger er forskellen i andel ikke statistisk sikker" in text


def test_the_conclusion_of_refused_inference_claims_nothing() -> None:
    report = made(
        acc=(REFUSED, REFUSED, REFUSED),
        mark=lag(-4.2),
        effects=[effect("incidence", 2.0, NAN), effect("hazard_ratio", 1.1, NAN)],
    )
    text = concluded(report)
    assert "kan usikkerheden ikke opgøres" in text
    assert "Antallet af uger i beskæftigelse: Usikkerheden kan ikke opgøres." in text
    for claim in ("flere", "færre", "tyder", "fastholdelse", "påvist"):
        assert claim not in text


def test_the_conclusion_of_a_sure_loss_is_no_gain() -> None:
    text = concluded(
        made(
            acc=(LOSS, LOSS, LOSS),
            mark=lag(-3.0, -8.0, 1.0),
            effects=[effect("incidence", -6, 0.01)],
        )
    )
    assert text.startswith("Færre deltagere end tilsvarende personer")
    assert "haft færre uger i beskæftigelse" in text
    assert "tyder på en fastholdelseseffekt" in text


def test_the_section_shows_path_table_and_areas() -> None:
    shown = made(acc=(UNCLEAR, UNCLEAR, GAIN), mark=None)
    text = "".join([path.path_figure(shown), path.weeks_table(shown), path.statuses(shown)])
    labels = re.findall(r"\{#((?:fig|tbl)-[\w-]+)", text)
    assert labels == ["fig-uge-for-uge", "tbl-uger-i-alt", "fig-tilstande"]
    assert "| 104 | 20,0 | 15,0 | 5,0 | 2,6 (1,1 til 4,1) |" in text
    assert "Den, der er i beskæftigelse i den uge, er ikke med." in text
    assert "offentlig forsørgelse 80,0 pct." in text


def test_a_study_without_a_path_has_no_section() -> None:
    shown = minimal.report()
    pieces = path.weekly, path.path_figure, path.weeks_table, path.statuses, path.harm
    assert [make(shown) for make in pieces] == [""] * 5


def test_labels_are_apart_and_the_axis_ends_inside_the_last_layer() -> None:
    placed = spread([1.0, 1.1, 1.2, 30.0], [4.0, 8.0, 4.0, 4.0], 32.0)
    assert np.diff(placed).tolist() == [6.0, 6.0, 17.0]
    frame = made(acc=(GAIN, GAIN, GAIN), mark=None).frame("paths")
    assert axis_end(frame, ["employment", "benefits"]) == 30.0
    assert axis_end(frame, ["benefits", "employment"]) == 100.0
