"""Editions are made side by side; one that fails is named and stops no other."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any

import pytest

from data_dictionary.errors import DataError, RenderError
from reports.editions import rendering
from reports.editions.rendering import render_each
from reports.editions.units import Unit


class Beside:
    """A pool that does the work in this process, so that a test can look into it."""

    def __init__(self, n_workers: int) -> None:
        assert n_workers >= 1
        self.is_broken = False

    def __enter__(self) -> Beside:
        return self

    def __exit__(self, *_: object) -> None: ...

    def shutdown(self, **_: object) -> None: ...

    def submit(self, work: Callable[[Unit], Any], unit: Unit) -> Future[Any]:
        future: Future[Any] = Future()
        try:
            if self.is_broken:
                raise BrokenProcessPool
            future.set_result(work(unit))
        except BrokenProcessPool as error:
            self.is_broken = True
            future.set_exception(error)
        return future


def failing(code: str, error: Exception) -> Callable[..., dict[str, str]]:
    """Return what makes texts, of all places but one."""
    made = rendering.edition

    def edition(report: Any, unit: Unit) -> dict[str, str]:
        if unit.code == code:
            raise error
        return made(report, unit)

    return edition


def test_processes_make_a_page_for_each_place_and_one_that_leads_to_them(
    results: Path, tmp_path: Path
) -> None:
    seen: list[tuple[str, int, int]] = []
    made = render_each(
        results,
        tmp_path / "ud",
        each="municipality",
        workers=2,
        progress=lambda *step: seen.append(step),
    )
    assert made.failed == {}
    assert [one.label for one in made.units] == [f"By {town}" for town in range(101, 107)]
    assert sorted(seen, key=lambda one: one[1])[-1][1:] == (6, 6)
    index = made.index.read_text("utf-8")
    for one in made.units:
        page = (tmp_path / "ud" / f"{one.name}.html").read_text("utf-8")
        assert f'href="{one.name}.html"' in index
        assert one.label in page
        assert "tilfældig variation mellem" in " ".join(page.split())
    others = {one.label for one in made.units[1:]}
    first = (tmp_path / "ud" / f"{made.units[0].name}.html").read_text("utf-8")
    assert not [label for label in others if label in first]
    assert "beside.invalid" not in index
    assert not re.search(r"(src|href)=\"https?://", index)


@pytest.mark.parametrize(
    ("error", "why"),
    [(RenderError("cannot be drawn"), "cannot be drawn"), (OSError("disk full"), "disk full")],
)
def test_one_that_fails_is_named_and_the_others_are_made(
    results: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, why: str
) -> None:
    monkeypatch.setattr(rendering, "_pool", Beside)
    monkeypatch.setattr(rendering, "edition", failing("103", error))
    monkeypatch.setattr(
        rendering, "made_of", lambda texts, **_: {"html": texts()["index.qmd"].encode()}
    )
    made = render_each(results, tmp_path, each="cluster", progress=lambda *_: None)
    assert {one.label: told for one, told in made.failed.items()} == {"By 103": why}
    assert "By 103" not in made.index.read_text("utf-8")
    assert "Én udgave kunne ikke dannes" in made.index.read_text("utf-8")
    assert len(made.units) == 5
    assert not (tmp_path / "by-103.html").exists()


def test_one_that_kills_its_process_is_named(
    results: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rendering, "_pool", Beside)
    kept = rendering._edition

    def killed(results: str, unit: Unit, **given: Any) -> Any:
        if unit.code == "102":
            raise BrokenProcessPool
        return kept(results, unit, **given)

    monkeypatch.setattr(rendering, "_edition", killed)
    monkeypatch.setattr(
        rendering, "made_of", lambda texts, **_: {"html": texts()["index.qmd"].encode()}
    )
    made = render_each(results, tmp_path, each="cluster", progress=lambda *_: None)
    ((unit, told),) = made.failed.items()
    assert unit.label == "By 102"
    assert "was killed" in told
    assert len(made.units) == 5


def test_where_none_can_be_made_nothing_is_written(
    results: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rendering, "_pool", Beside)
    monkeypatch.setattr(rendering, "_edition", lambda *_, **__: "no")
    with pytest.raises(RenderError, match="no edition could be made: no"):
        render_each(results, tmp_path / "ud", each="cluster", progress=lambda *_: None)
    assert not (tmp_path / "ud").exists() or not [*(tmp_path / "ud").glob("*.html")]


def test_the_gate_stands_before_any_edition(
    results: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: object) -> None:
        raise DataError("the editions together would give hidden numbers away")

    monkeypatch.setattr(rendering, "require_closed", refuse)
    monkeypatch.setattr(rendering, "_pool", lambda _: pytest.fail("work was begun"))
    with pytest.raises(DataError, match="give hidden numbers away"):
        render_each(results, tmp_path / "ud", each="cluster")
    assert not (tmp_path / "ud").exists()


def test_workers_have_a_gigabyte_each(monkeypatch: pytest.MonkeyPatch) -> None:
    class Memory:
        available = 3_500_000_000

    monkeypatch.setattr("psutil.virtual_memory", Memory)
    monkeypatch.setattr(os, "cpu_count", lambda: 8)
    assert rendering._workers() == 3
    Memory.available = 1
    assert rendering._workers() == 1
