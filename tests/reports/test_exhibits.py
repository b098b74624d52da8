"""Exhibits: a source under each, a dash explained where one is, an interval where known."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from reports.chapters import exhibits
from reports.chapters.exhibits import CONFIDENTIAL, WITH_INTERVAL, dot_of, estimate
from reports.figures import Band, Dot
from tests.reports import minimal

NAN = math.nan


def test_a_table_has_the_reports_source_and_explains_a_dash_only_where_one_is() -> None:
    report = minimal.report()
    shown = exhibits.table(report, "x", "En tabel", ("A", "B"), [("a", "1")], notes="Noget.")
    assert "Kilde: Kilden" in shown
    assert "Anm.: Noget.\n" in shown
    hidden = exhibits.table(
        report, "x", "En tabel", ("A", "B"), [("a", "–")], dash=CONFIDENTIAL, source="En anden"
    )
    assert f"Anm.: {CONFIDENTIAL}" in hidden
    assert "Kilde: En anden" in hidden


def test_no_head_promises_intervals_where_no_estimate_has_one() -> None:
    report, heads = minimal.report(), ("Navn (kort)", f"Forskel{WITH_INTERVAL}", "Antal")
    known = exhibits.table(report, "x", "En tabel", heads, [("a", "5,8 (−0,1 til 11,6)", "1")])
    assert f"| Forskel{WITH_INTERVAL} |" in known
    bare = exhibits.table(
        report, "x", "En tabel", heads, [("a (b)", "5,8", "1"), ("c", "–", "2")]
    )
    assert "| Navn (kort) | Forskel | Antal |" in bare


@pytest.mark.parametrize(
    ("numbers", "text"),
    [
        ((5.8, -0.1, 11.6), "5,8 (−0,1 til 11,6)"),
        ((5.8, NAN, 11.6), "5,8"),
        ((NAN, NAN, NAN), "–"),
    ],
)
def test_an_interval_is_written_where_it_is_known(
    numbers: tuple[float, float, float], text: str
) -> None:
    assert estimate(*numbers) == text


def test_another_estimate_has_the_decimals_of_the_finding_it_is_about() -> None:
    row = {"estimate": 2.0, "conf_low": 1.0, "conf_high": 3.0, "unit": "hazard ratio"}
    effects = minimal.effects({**row, "term": "hazard_ratio"})
    finding = minimal.report({"effects": effects}).finding("employment", "hazard_ratio")
    assert finding is not None
    assert dot_of(finding, "Andet", 1.234, 1.1, 1.4).text == "1,23 (1,10 til 1,40)"
    assert dot_of(finding, "Andet", 1.234, NAN, NAN).text == "1,23"


def test_dots_are_told_in_words_with_their_units(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    one = Dot(label="Job", estimate=1.0, low=0.5, high=1.5, text="1,0 (0,5 til 1,5)")
    other = Dot(label="Score", estimate=2.0, low=NAN, high=NAN, text="2,0")
    shown = exhibits.dots(
        minimal.report(),
        "x",
        "Forskelle",
        [("Procentpoint", 0.0, [one]), ("Point", 0.0, [other])],
        units=["procentpoint", "point"],
        notes="Og mere.",
        told="Job er højere",
        band=Band(label="Facit", estimate=1.0, low=0.0, high=2.0),
    )
    assert "Job: 1,0 (0,5 til 1,5) procentpoint; Score: 2,0 point." in shown
    assert "begge tal står til højre. Og mere." in shown
    assert (tmp_path / "figures" / "x.png").exists()
    # The title is what is found; what is shown begins the note and the description.
    assert "![Job er højere](" in shown
    assert 'fig-alt="Forskelle. Punkter' in shown
    assert "Anm.: Forskelle. Punktet" in shown


def test_a_figure_that_finds_nothing_has_what_it_shows_as_title(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from matplotlib.figure import Figure

    monkeypatch.chdir(tmp_path)
    shown = exhibits.drawn(minimal.report(), Figure(), "z", "Svar", alt="Søjler.", notes="")
    assert '![Svar](figures/z.svg){#fig-z fig-alt="Søjler."}' in shown
    assert "Anm.:" not in shown


def test_dots_without_any_interval_are_not_said_to_have_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    bare = Dot(label="Score", estimate=2.0, low=NAN, high=NAN, text="2,0")
    shown = exhibits.dots(
        minimal.report(),
        "y",
        "Forskelle",
        [("Point", 0.0, [bare])],
        units=["point"],
        notes="",
        told="",
    )
    assert "95 %" not in shown
    assert "tallet står til højre" in shown
