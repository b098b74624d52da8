"""The title and the description of every kind of figure say what its rows say."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from unittest.mock import patch

import pandas as pd
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from analyses.results.facts import SharesFacts, TableFacts
from evaluation.grades import Grade
from evaluation.robustness.checks import Question, SensitivityRow
from reports.challenges import Challenges
from reports.chapters import (
    contrasts,
    designs,
    durations,
    exhibits,
    flow,
    groups,
    hazards,
    path,
    sensitivity,
    shares,
    sites,
    summary,
)
from reports.facts import Report
from reports.rows import Balance, Designs, Shares, Sites
from reports.words.certainty import CERTAINTY
from reports.words.danish import SMALL, number
from tests.reports import minimal
from tests.reports.random_rows import (
    KINDS,
    NAN,
    NUMBER,
    Drawn,
    check_title,
    check_titles,
    drawn,
    number_in,
    vars_of,
)
from tests.reports.test_challenges import challenge

FEW = settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.too_slow])
INCIDENCE, RATIOS = KINDS[:1], KINDS[5:6]
WEEKS = (("accumulated_weeks_104", "weeks"),)
SURE = re.compile("sikker|tyder på|opgøres")
DRAWINGS = (
    (exhibits, "stamped"),
    (exhibits, "dot_panels"),
    (durations, "incidence_curves"),
    (hazards, "ratio_forest"),
    (sites, "site_forest"),
    (flow, "funnels"),
)


@contextmanager
def undrawn() -> Iterator[None]:
    """Return of a figure its title, description and note, a line each, and draw nothing."""
    with ExitStack() as stack:
        for module, name in DRAWINGS:
            stack.enter_context(patch.object(module, name, lambda *_, **__: None))
        stack.enter_context(
            patch(
                "reports.markdown.figure",
                lambda *_, caption, alt, notes, **__: f"{caption}\n{alt}\n{notes}",
            )
        )
        yield


def report_on(
    found: Mapping[tuple[str, str], Drawn],
    frames: Mapping[str, pd.DataFrame] | None = None,
    **facts: object,
) -> Report:
    """Return a report on rows by outcome and term, each with its own grade."""
    rows = [
        {**vars_of(one.finding), "outcome": outcome, "term": term}
        for (outcome, term), one in found.items()
    ]
    graded = pd.DataFrame(
        {
            **{"outcome": [key[0] for key in found], "part": ""},
            **{"term": [key[1] for key in found], "bounded": ""},
            "grade": [
                None if one.finding.grade is Grade.HIDDEN else str(one.finding.grade)
                for one in found.values()
            ],
        }
    )
    effects = {"effects": minimal.effects(*rows), "grades": graded} if rows else {}
    return minimal.report({**effects, **(frames or {})}, **facts)


def curves(shares_of: Mapping[str, float]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {"outcome": "employment", "curve": "incidence", "arm": arm, "cause": "employment"}
            | {"time": 104.0, "estimate": share / 100, "at_risk": 99.0}
            | {"conf_low": share / 100, "conf_high": share / 100}
            for arm, share in shares_of.items()
        ]
    )


def check_described(alt: str, name: str, one: Drawn, unit: str) -> None:
    """Check that a description has a row's own numbers and its own word."""
    finding = one.finding
    if finding.grade is not Grade.HIDDEN:
        numbers = f"{name}: {finding.with_interval} {unit}".strip()
        assert f"{numbers}, {CERTAINTY[finding.grade].danish}" in alt


@given(one=drawn(kinds=INCIDENCE), parts=st.tuples(st.floats(0, 100), st.floats(0, 100)))
@FEW
def test_the_curves_of_an_outcome(one: Drawn, parts: tuple[float, float]) -> None:
    arms = dict(zip(("treated", "comparison"), parts, strict=True))
    report = report_on({("employment", "incidence"): one}, {"curves": curves(arms)})
    ((outcome, time),) = report.durations()
    with undrawn():
        title, alt, note = durations.incidence_figure(report, outcome, time).split("\n")
        summed = summary.findings(report).split("\n")
    for text in (title, summed[0]):
        check_title(text, one.finding)
    check_described(summed[1], "Beskæftigelse", one, "procentpoint")
    for share in parts:
        assert f"{number(share)} pct." in alt
    # What is drawn is said in the note, where the title says what is found.
    assert note.startswith("Beskæftigelse: andel efter uger siden start. ")


@given(one=drawn(kinds=WEEKS))
@FEW
def test_the_weekly_path(one: Drawn) -> None:
    title = path.weekly_title({26: one.finding, 104: one.finding}, "i job")
    check_title(title, one.finding)


@given(some=st.lists(drawn(kinds=INCIDENCE), min_size=2, max_size=5), ratios=st.data())
@FEW
def test_the_ways_out(some: list[Drawn], ratios: st.DataObject) -> None:
    assume(any(one.finding.grade is not Grade.HIDDEN for one in some))
    causes = ["employment", "a1", "b2", "c3", "d4"][: len(some)]
    keys = ["employment", *(f"employment:{cause}" for cause in causes[1:])]
    own = [ratios.draw(drawn(kinds=RATIOS)) for _ in some]
    found = {(key, "incidence"): one for key, one in zip(keys, some, strict=True)}
    found |= {(key, "hazard_ratio"): one for key, one in zip(keys, own, strict=True)}
    time = replace(minimal.WEEKS, competing=tuple(causes[1:]))
    outcome = minimal.outcome(time=time)
    labels = {cause: f"Vej {cause}" for cause in causes[1:]}
    report = report_on(found, outcomes=(outcome,), labels=labels)
    seen = [at for at, one in enumerate(some) if one.finding.grade is not Grade.HIDDEN]
    names = ["Beskæftigelse", *labels.values()]
    within = ["beskæftigelse", *(f"»vej {cause}«" for cause in causes[1:])]
    with undrawn():
        title, alt, _ = hazards.exits_figure(report, outcome, time).split("\n")
        ratio_title, ratio_alt, _ = hazards.hazards_figure(report, outcome, time).split("\n")
    check_titles(title, [some[at].finding for at in seen], [within[at] for at in seen])
    told = ratio_title.removeprefix("Årsagsspecifik hasardratio: ")
    check_titles(told, [own[at].finding for at in seen], [within[at] for at in seen])
    for at in seen:
        check_described(alt, names[at], some[at], "procentpoint")
        check_described(ratio_alt, names[at], own[at], "")


@given(own=drawn(kinds=INCIDENCE), whole=drawn(kinds=INCIDENCE))
@FEW
def test_the_two_comparisons(own: Drawn, whole: Drawn) -> None:
    found = {("employment", "incidence"): own, ("employment", "itt_did"): whole}
    report = report_on(found, contrasts=(minimal.CONTRAST,))
    with undrawn():
        title, alt, _ = contrasts.contrast_figure(report, minimal.CONTRAST).split("\n")
    check_titles(title, [own.finding, whole.finding], ["deltagerne", "hele målgruppen"])
    check_described(alt, "Deltagerne (104 uger)", own, "procentpoint")
    check_described(alt, "Hele målgruppen (52 uger)", whole, "procentpoint")


@given(
    one=drawn(kinds=INCIDENCE),
    without=st.lists(st.floats(-30, 30) | st.just(NAN), min_size=2, max_size=6),
)
@FEW
def test_places_are_chance_and_neither_graded_nor_ranked(
    one: Drawn, without: list[float]
) -> None:
    assume(one.finding.grade is not Grade.HIDDEN)
    report = report_on({("employment", "incidence"): one})
    rows = [
        Sites("employment", "incidence", f"Sted {at}", 9.9, 40, value, value - 1, value + 1)
        for at, value in enumerate(without)
    ]
    with undrawn():
        title, _, _ = sites.sites_figure(report, one.finding, rows).split("\n")
    assert title.startswith("Stederne enkeltvis: tilfældig variation mellem personer") or (
        title.startswith("Kommunerne enkeltvis: tilfældig variation mellem personer")
    )
    assert not SURE.search(title)
    assert "Sted " not in title
    known = [value for value in without if not math.isnan(value)]
    shown = re.search(rf"mellem ({NUMBER}) og ({NUMBER}) procentpoint$", title)
    assert bool(shown) == bool(known)
    if shown:
        assert shown.groups() == (number(min(known)), number(max(known)))


@given(
    one=drawn(kinds=INCIDENCE),
    ways=st.lists(st.tuples(st.floats(-20, 20), st.none() | st.booleans()), max_size=9),
)
@FEW
def test_the_ways_to_a_finding(one: Drawn, ways: list[tuple[float, bool | None]]) -> None:
    finding = one.finding
    assume(finding.grade is not Grade.HIDDEN and finding.estimate != 0)
    rows = tuple(
        SensitivityRow(
            asked=Question("specification", "named", subject=f"Måde {at}"),
            estimate=value,
            unit="percentage points",
            takes_away=takes,
        )
        for at, (value, takes) in enumerate(ways)
    )
    title = sensitivity.title(Challenges(finding, challenge(finding, ()).verdict, rows))
    if not ways:
        assert title == ""
        return
    same = sum(value * finding.estimate > 0 for value, _ in ways)
    sure = [not takes for _, takes in ways if takes is not None]
    if len(ways) == 1:
        assert ("samme vej som" in title) == bool(same)
    elif same in (0, len(ways)):
        assert title.startswith("Alle" if same else "Ingen")
    else:
        assert title.lower().startswith(f"{SMALL[same]} af {SMALL[len(ways)]} andre ")
    if not sure:
        assert title.endswith("; usikkerheden kan ikke opgøres")
    elif any(sure) and not all(sure):
        assert f"{SMALL[sum(sure)]} af {SMALL[len(sure)]} er statistisk sikre" in title.replace(
            "sikker", "sikre"
        )
    else:
        assert bool(re.search(r"alle er statistisk|, og den er statistisk", title)) == all(sure)
        assert bool(re.search("ingen af dem er|den er ikke", title)) == (not any(sure))


@given(
    one=drawn(kinds=INCIDENCE),
    found=st.lists(
        st.tuples(
            st.floats(-20, 20) | st.just(NAN),
            st.sampled_from([Grade.INDICATION, Grade.UNCERTAIN, Grade.REFUSED]),
        ),
        min_size=1,
        max_size=9,
    ),
)
@FEW
def test_the_designs(one: Drawn, found: list[tuple[float, Grade]]) -> None:
    numbers = dict.fromkeys(Designs._fields[3:], NAN) | {
        "outcome": "job",
        "label": "Design",
    }
    rows = [
        Designs(**{**numbers, "design": str(at), "estimate": v})
        for at, (v, _) in enumerate(found)
    ]
    grades = [grade for _, grade in found]
    title = designs.title(one.finding, rows, grades)
    known = [value for value, _ in found if not math.isnan(value)]
    if not known:
        assert title == ""
        return
    digits = one.finding.decimals
    assert (
        f"fra {number(min(known), digits)} til {one.finding.amount_of(max(known))}; " in title
    )
    hints = grades.count(Grade.INDICATION)
    if set(grades) == {Grade.REFUSED}:
        assert title.endswith("; usikkerheden kan ikke opgøres")
        return
    many = f"{SMALL[hints]} af {SMALL[len(grades)]}" if hints else "ingen af dem"
    assert title.endswith(f"; {many} tyder på en forskel, ikke testet")


@given(
    sizes=st.lists(
        st.tuples(st.floats(-2, 2), st.floats(-2, 2) | st.just(NAN)), min_size=1, max_size=8
    )
)
@FEW
def test_the_largest_difference_that_is_left(sizes: list[tuple[float, float]]) -> None:
    rows = [
        Balance("job", f"kendetegn {at}", "", before, after, 1.0, 1.0, 0.1, 0.1)
        for at, (before, after) in enumerate(sizes)
    ]
    title = groups.balance_title(rows, minimal.PARTICIPANTS)
    left = [abs(after) for _, after in sizes if not math.isnan(after)]
    if not left:
        assert title == ""
        return
    before = number(max(abs(value) for value, _ in sizes), 2)
    assert title.endswith(f"er {number(max(left), 2)} efter matching mod {before} før")


SIZES = st.lists(st.integers(5, 9_999), max_size=4)


@given(treated=SIZES, comparison=SIZES)
@FEW
def test_the_way_to_the_analysis(treated: list[int], comparison: list[int]) -> None:
    assume(treated or comparison)
    steps = ("data", "register", "status", "matched")
    counts = {"treated": treated, "comparison": comparison}
    rows = [
        {"step": step, "arm": arm, "n": float(n), "lost": 0, "reason": ""}
        for arm, sizes in counts.items()
        for step, n in zip(steps, sorted(sizes, reverse=True), strict=False)
    ]
    report = report_on({}, {"flow": pd.DataFrame(rows)})
    with undrawn():
        title, alt, _ = flow.flow(report).split("\n")
    nouns = ("deltagere", "sammenligningspersoner")
    for sizes, noun in zip(counts.values(), nouns, strict=True):
        if not sizes:
            assert noun not in title
            continue
        last, first = number(min(sizes), 0), number(max(sizes), 0)
        of = f"{last} af {first}" if first != last else last
        assert f"{of} {noun}" in title
        assert (f"lle {last} {noun}" in title) == (first == last and len(sizes) > 1)
        for n in sizes:
            assert number(n, 0) in alt


@given(
    moved=st.lists(
        st.tuples(st.floats(0, 100), st.floats(0, 100) | st.just(NAN)), min_size=2, max_size=9
    ),
    waves=st.sampled_from([1, 2]),
)
@FEW
def test_the_answers_of_each_wave(moved: list[tuple[float, float]], waves: int) -> None:
    rows = [
        Shares("staff", str(wave + 1), "all", f"q{at}", "agree", 40, values[wave], NAN, NAN)
        for at, values in enumerate(moved)
        for wave in range(waves)
    ]
    one = shares.Asked(
        plan=SharesFacts(table="staff", scales=(), agree=("Enig",)),
        survey=TableFacts(name="staff", label="Skema"),
        rows=rows,
    )
    title = shares.title(one)
    changes = [b - a for a, b in moved if not math.isnan(b)]
    if waves == 2 and len(changes) > 1:
        up = sum(change > 0 for change in changes)
        ends = [number_in(text) for text in re.findall(NUMBER, title.split("(")[1])]
        assert ends == [number_in(number(pick(changes), 0)) for pick in (min, max)]
        assert ("i alle" in title) == (up == len(changes))
        assert ("i ingen" in title) == (up == 0)
    elif waves == 1:
        known = [a for a, _ in moved]
        assert f"svarer {number(min(known), 0)} til {number(max(known), 0)} pct." in title
    else:
        assert "steget" not in title


def test_a_refused_difference_has_no_size_in_its_title() -> None:
    refused = {"estimate": 5.0, "conf_low": NAN, "conf_high": NAN}
    report = minimal.report({"effects": minimal.effects(refused)})
    with undrawn():
        title, alt, note = summary.findings(report).split("\n")
    assert title == "Forskellen i beskæftigelse: usikkerheden kan ikke opgøres"
    for text in (alt, note):
        assert text.startswith("Forskel mellem deltagerne og sammenligningspersonerne. ")
