"""The last chapter says of every outcome what is known of it, and no more."""

from __future__ import annotations

from dataclasses import replace

from reports.chapters.overall import overall
from tests.reports import minimal

NAN = float("nan")
ENDS = {"conf_low": 0.1, "conf_high": 11.6}
SURE = {**ENDS, "estimate": 5.8, "p_value": 0.01, "p_adjusted": 0.02}


def told(*rows: dict[str, object]) -> str:
    names = [str(row.get("outcome", "employment")) for row in rows]
    outcomes = tuple(replace(minimal.outcome(name), label=name.title()) for name in names)
    return overall(minimal.report({"effects": minimal.effects(*rows)}, outcomes=outcomes))


def test_what_is_certain_is_told_with_its_size_and_what_is_not_without() -> None:
    text = told(SURE, {**SURE, "outcome": "flexjob", "p_value": 0.4, "p_adjusted": 0.4})
    assert "5,8 procentpoint" in text
    assert text.count("forskellen er statistisk sikker.") == 1
    assert "kan derimod ikke afgøre, om der er en forskel for flexjob" in text


def test_what_cannot_be_tested_is_no_conclusion() -> None:
    refused = {"estimate": 5.8, "conf_low": NAN, "conf_high": NAN}
    assert told(refused) == "Om employment kan der ikke konkluderes."
