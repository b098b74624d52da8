"""The report of one group over time describes: no word of what the change is due to."""

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest

from analyses import Results, load_study, run
from reports import render
from tests.small_study import SHARES, before_after, small_data, write_study

# What only a study that compares may say.
UNTRUE = (
    *("effekt", "virkning", "sammenlign", "match", "balance", "deltager", "kontrol"),
    *("indsats", "statistisk sikker", "lodtrækning", "vægtet", "forsøg"),
)


def text_of(results: Path, out: Path) -> str:
    """Return the words of a rendered report."""
    made = render("main", results=results, out=out, to=("html",), engine="builtin")
    page = made["html"].read_text(encoding="utf-8")
    page = re.sub(r"<(style|script|svg)[^>]*>.*?</\1>", "", page, flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("one")


@pytest.fixture(scope="module")
def results(folder: Path) -> Results:
    return run(load_study(write_study(folder, before_after())), folder / "results")


@pytest.fixture(scope="module")
def text(results: Results, folder: Path) -> str:
    return text_of(results.folder, folder / "report")


@pytest.mark.parametrize("word", UNTRUE)
def test_nothing_is_said_that_only_a_comparison_can_say(text: str, word: str) -> None:
    # "kontrolleret mod en datakodebog" and "kontrolsum" speak of files.
    said = re.sub(r"kontrol(leret|sum)", "", text.lower())
    assert word not in said


def test_levels_and_changes_are_told_with_their_intervals(text: str, results: Results) -> None:
    first, last = results.levels["estimate"]
    (change,) = results.changes.loc[results.changes["item"] == "trust", "estimate"]
    assert change == pytest.approx(last - first, abs=0.06)
    for number in (first, last, change):
        assert f"{number:.1f}".replace(".", ",") in text
    assert "Tallene viser, hvad der blev svaret" in text
    assert "De viser ikke, hvad ændringerne skyldes" in text
    assert "usikkerheden regnet på kommuneniveau" in text


def test_who_answered_is_told_with_how_many_are_the_same(text: str) -> None:
    assert "Borgerne: 360 er ifølge nøglen i data med i både 1. og 2. måling." in text


def test_of_how_many_is_told_where_the_dictionary_says_whom_it_asked(
    text: str, tmp_path: Path
) -> None:
    # That all of them answered would be told of everybody, and so it is left out.
    assert "Spurgt Pct." in text
    assert "360 360 –" in text
    made = write_study(tmp_path, before_after())
    file = made / "words" / "answers.toml"
    file.write_text(
        file.read_text("utf-8").replace('asked = "persons"', 'asked = "unknown"'), "utf-8"
    )
    run(load_study(made), tmp_path / "results")
    told = text_of(tmp_path / "results", tmp_path / "report")
    assert "Hvor mange der blev spurgt, fremgår ikke af data." in told
    assert "Spurgt Pct." not in told
    assert "360 360" not in told


def test_other_persons_in_the_second_wave_are_told(tmp_path: Path) -> None:
    files = small_data(same_persons=False, n=96)
    made = write_study(tmp_path, before_after(), **files)
    run(load_study(made), tmp_path / "results")
    told = text_of(tmp_path / "results", tmp_path / "report")
    assert "Færre end 5 er ifølge nøglen i data med i både 1. og 2. måling." in told


def test_without_places_persons_are_what_hangs_together(tmp_path: Path) -> None:
    made = write_study(tmp_path, before_after())
    file = made / "words" / "answers.toml"
    file.write_text(file.read_text("utf-8").replace('role = "cluster"', ""), "utf-8")
    results = run(load_study(made), tmp_path / "results")
    assert results.changes["conf_low"].notna().all()
    told = text_of(results.folder, tmp_path / "report")
    assert "Usikkerheden er regnet på personniveau" in told
    assert "kommune" not in told


def test_few_places_have_no_interval_and_few_persons_no_number(tmp_path: Path) -> None:
    waves = {
        name: part[part["town"] <= 104]
        for name, part in small_data().items()
        if name.startswith("wave")
    }
    made = write_study(tmp_path / "few", before_after(), **waves)
    results = run(load_study(made), tmp_path / "few" / "results")
    assert results.changes["estimate"].notna().all()
    assert results.changes["conf_low"].isna().all()
    told = text_of(results.folder, tmp_path / "report")
    assert "usikkerheden kan ikke opgøres" in told
    assert "Er der for få kommuner" in told
    tiny = {**waves, "wave2": waves["wave2"].head(3)}
    made = write_study(tmp_path / "tiny", before_after(), **tiny)
    results = run(load_study(made), tmp_path / "tiny" / "results")
    assert results.changes["estimate"].isna().all()
    assert results.levels["estimate"].notna().tolist() == [True, False]
    assert "er skjult" in text_of(results.folder, tmp_path / "report")


def test_tables_of_a_comparison_are_not_written(results: Results) -> None:
    names = {path.stem for path in results.folder.glob("*.csv")}
    assert names == {
        "scales", "shares", "response", "missing", "levels", "changes", "repeated",
    }  # fmt: skip
    with pytest.raises(AttributeError, match="has no table 'effects'"):
        _ = results.effects
    assert "trust from wave 1 to 2: " in results.summary()


def test_two_surveys_and_two_scales_have_their_own_sentences(tmp_path: Path) -> None:
    made = write_study(tmp_path, before_after(SHARES.replace('["trust"]', '["trust", "hope"]')))
    file = made / "words" / "scales.toml"
    more = file.read_text("utf-8").replace("[trust]", "[hope]").replace('"Tillid"', '"Håb"')
    file.write_text(file.read_text("utf-8") + more, "utf-8")
    run(load_study(made), tmp_path / "results")
    told = text_of(tmp_path / "results", tmp_path / "report")
    assert "Håb er i gennemsnit" in told
    assert "Tillid er i gennemsnit" in told
