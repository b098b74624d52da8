"""An edition tells what results tell of the one, and who attacks with all learns no more."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from math import nan

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analyses.published.gate import Gate
from analyses.published.table import WHO
from analyses.results.facts import LabelFacts
from reports.chapters.sites import SITES
from reports.editions.texts import BESIDE, edition, index, place_parts
from reports.editions.together import require_closed
from reports.editions.units import Unit, units
from reports.facts import Report
from reports.pieces import made
from tests.analyses.published.whole import whole
from tests.reports import minimal
from tests.reports.editions.places import DESIGN, PERIODS, of_places

PLACES = ("Ærø", "Boder*p", "Kolding", "Læsø", "Mors", "Nyborg")
LEVELS = {f"{code}": label for code, label in enumerate(PLACES)}


def labelled(frames: Mapping[str, pd.DataFrame], **changed: object) -> Report:
    shown = minimal.report(frames, **changed)
    labels = {"municipality": LabelFacts(label="Kommune", levels=LEVELS)}
    facts = replace(shown.facts, labels=labels, finished="2026-12-01T10:00:00")
    return replace(shown, facts=facts)


def text_of(report: Report, unit: Unit) -> str:
    return edition(report, unit)["index.qmd"]


def own_part(text: str) -> str:
    """Return what stands under the heading of the place."""
    return text.partition("{#sted .unnumbered}")[2].partition("{#laesning .unnumbered}")[0]


def test_a_place_stands_beside_the_whole_and_is_named_chance() -> None:
    report = labelled(of_places({"0": 20, "2": 30}, before={"0": 40, "2": 50}))
    unit = units(report, "municipality")[1]
    text = own_part(text_of(report, unit))
    (row,) = [line for line in text.splitlines() if line.startswith("| Beskæftigelse")]
    assert [cell.strip() for cell in row.strip("|").split("|")] == [
        *("Beskæftigelse (procentpoint)", "20,5", "20", "7,0 (1,0 til 13,0)"),
        "3,2 (3,2 til 3,2)",
    ]
    assert "tilfældig variation mellem personer" in text
    assert "12,5" in text
    assert not re.search(r"bedst|dårligst|over gennemsnit|under gennemsnit|nummer", text)
    assert "Kolding" not in text


def test_a_hidden_place_says_so_and_not_that_it_is_small() -> None:
    report = labelled(of_places({"0": nan, "2": nan, "3": 30}, whole=70))
    text = text_of(report, units(report, "municipality")[2])
    part = own_part(text)
    assert "Resultaterne for Ærø alene er skjult" in part
    assert "ikke, at der er få i Ærø" in " ".join(part.split())
    assert not re.search(r"\d", part)
    assert "forskellen" in text  # the whole is told all the same


def test_the_page_of_all_has_a_line_for_each_and_leads_to_its_files() -> None:
    report = labelled(of_places({"0": nan, "1": nan, "2": 30}, whole=70))
    found = units(report, "municipality")
    title, body = index(report, found, ["html", "pdf"])
    lines = [line for line in body.splitlines() if line.startswith("- ")]
    assert title == "En undersøgelse: alle udgaver"
    assert [f"{BESIDE}{one.name}.html" in line for one, line in zip(found, lines, strict=True)]
    assert all(".pdf)" in line for line in lines)
    assert [("skjult" in line) for line in lines] == [True, False, True]
    assert not re.search(r"\d", body.replace(BESIDE, ""))


def test_an_outcome_has_what_the_report_tells_of_it() -> None:
    amount = minimal.outcome(time=None)
    report = labelled(of_places({"0": 20, "2": 30}), outcomes=(amount,))
    (unit,) = units(report, "outcome")
    text = text_of(report, unit)
    assert "{#tbl-udfald}" in text
    assert "{#tbl-steder-employment}" in text
    assert "statistisk sikker" in index(report, [unit], ["html"])[1]


# --- an attacker


def published(
    sizes: Mapping[str, Mapping[str, int]], before: Mapping[str, tuple[int, int]], least: int
):
    """Return what the gate lets out of a study with so many participants of each place."""
    rows, effects = [], []
    for outcome, places in sizes.items():
        persons = {
            place: [(outcome, place, k) for k in range(n)] for place, n in places.items()
        }
        everybody = frozenset().union(*persons.values())
        for place, own in persons.items():
            numbers = dict.fromkeys(("estimate", "loo_estimate", "loo_low", "loo_high"), 2.0)
            about = {"outcome": outcome, "term": "incidence", "cluster": place, **numbers}
            about |= {
                "n_treated": len(own),
                "effective": nan,
                f"n_treated{WHO}": frozenset(own),
            }
            rows.append(about)
        effects.append(
            {
                **{"outcome": outcome, "estimate": 2.0, "conf_low": 1.0, "conf_high": 3.0},
                **{"std_error": 0.5, "p_value": 0.01, "p_adjusted": 0.01, "estimand": "ATT"},
                **{"n_treated": len(everybody), f"n_treated{WHO}": everybody, "method": "x"},
                f"n_comparison{WHO}": frozenset((outcome, "other", k) for k in range(400)),
            }
        )
    places = [
        {
            **{"cluster": place, "arm": "treated", "class": "a", "period": period, "n": n},
            **{"estimate": 100 * min(events, n) / n if n else nan},
            f"n{WHO}": frozenset((place, period, k) for k in range(n)),
        }
        for place, (n, events) in before.items()
        for period in PERIODS
        if n
    ]
    tables = {"effects": minimal.effects(*effects), "sites": pd.DataFrame(rows)}
    if places:
        own = pd.DataFrame(places)
        own["events"] = own["estimate"] * own["n"] / 100
        arms = own.groupby(["arm", "period"]).agg(
            n_clusters=("cluster", "nunique"),
            n=("n", "sum"),
            events=("events", "sum"),
            n_who=(f"n{WHO}", lambda who: frozenset().union(*who)),
        )
        arms["estimate"] = 100 * arms["events"] / arms["n"]
        tables |= {"municipalities": own, "pretrends": arms.reset_index()}
    shown = Gate(least).publish({name: whole(name, one) for name, one in tables.items()})
    return {name: one.frame for name, one in shown.items()}


def told_of(
    report: Report, outcomes: Mapping[str, object], labels: Mapping[str, str]
) -> dict[tuple[str, str], set[int]]:
    """Return how many participants of each place and outcome all texts together tell of."""
    found: dict[tuple[str, str], set[int]] = {}
    for unit in units(report, "cluster"):
        for line in "\n".join(place_parts(report, unit).values()).splitlines():
            cells = [cell.strip() for cell in line.strip("|").split("|")]
            for outcome in outcomes:
                if cells[0].startswith(f"{report.name_of(outcome)} ("):
                    found.setdefault((outcome, unit.code), set()).update(_numbers(cells[2]))
    for outcome in outcomes:
        in_whole = outcome in SITES.members(report)
        table = made(report, "table", "sites", outcome) if in_whole else ""
        for line in table.splitlines():
            cells = [cell.strip() for cell in line.strip("|").split("|")]
            code = labels.get(cells[0])
            if code is not None:
                found.setdefault((outcome, code), set()).update(_numbers(cells[2]))
    return found


def _numbers(cell: str) -> set[int]:
    return {int(cell.replace(".", ""))} if cell.replace(".", "").isdigit() else set()


PER_PLACE = st.lists(st.integers(0, 25), min_size=2, max_size=6)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(PER_PLACE, min_size=1, max_size=2),
    st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), min_size=0, max_size=6),
    st.sampled_from([3, 5, 10]),
)
def test_no_suppressed_number_follows_from_all_editions_and_the_whole(
    numbers: list[list[int]], before: list[tuple[int, int]], least: int
) -> None:
    names = ("employment", "relation")[: len(numbers)]
    sizes = {
        name: {f"{code}": n for code, n in enumerate(one)}
        for name, one in zip(names, numbers, strict=True)
    }
    frames = published(sizes, {f"{code}": pair for code, pair in enumerate(before)}, least)
    outcomes = tuple(replace(minimal.outcome(name), label=name.title()) for name in names)
    report = labelled({**frames, "flow": pd.DataFrame(), "design": DESIGN}, outcomes=outcomes)
    report = replace(
        report,
        facts=replace(
            report.facts, disclosure=replace(report.facts.disclosure, min_cell=least)
        ),
    )
    require_closed(report)
    codes = {report.label("municipality", code): code for code in LEVELS}
    if frames["sites"].empty and frames["municipalities"].empty:
        return
    told = told_of(report, sizes, codes)
    for outcome, places in sizes.items():
        total = frames["effects"].set_index("outcome").loc[outcome, "n_treated"]
        known = {place: told.get((outcome, place), set()) for place in places}
        # What is told is told alike everywhere, and is true.
        assert all(one <= {places[place]} for place, one in known.items())
        few = [place for place, n in places.items() if n < least]
        assert not any(known[place] for place in few)
        open_places = [place for place, one in known.items() if not one]
        if pd.isna(total) or not few:
            continue
        rest = int(total) - sum(places[place] for place, one in known.items() if one)
        most = rest if len(open_places) > 1 else None
        # Every suppressed place may have any number of few.
        assert most is not None
        assert most >= least - 1
    _attack_shares(frames, least)


def _attack_shares(frames: Mapping[str, pd.DataFrame], least: int) -> None:
    """Hold that of each half-year no hidden place is what the others leave."""
    arms = frames["pretrends"].set_index(["arm", "period"])
    for at, own in frames["municipalities"].groupby(["arm", "period"]):
        total = arms.loc[at, "n"]
        hidden = own["n"].isna()
        if hidden.any() and pd.notna(total):
            assert hidden.sum() > 1
            assert int(total) - np.nansum(own["n"].to_numpy(float, na_value=nan)) >= least - 1


@pytest.mark.parametrize("n", [1, 4])
def test_the_attack_would_find_a_place_that_is_given_away(n: int) -> None:
    report = labelled(of_places({"0": nan, "2": 20}, whole=20 + n))
    told = told_of(report, {"employment": {}}, {"Kolding": "2"})
    assert {place: one for place, one in told.items() if one} == {("employment", "2"): {20}}
    with pytest.raises(Exception, match="give hidden numbers away"):
        require_closed(report)
