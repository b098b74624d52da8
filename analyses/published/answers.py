"""answers.csv: every question of a survey, answer by answer, where one file is described."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from analyses.published.columns import Column, words
from analyses.published.digits import OfPersons
from analyses.published.groups import summary
from analyses.published.rules import share_of_few
from analyses.published.survey import described, who_of
from analyses.published.table import WHO, Made, Release, ResultTable
from surveys import Wave


def build(made: Made) -> pd.DataFrame:
    """Return one row per question and answer, and one per number."""
    return pd.DataFrame(
        {"table": table, "wave": number, **row}
        for table, waves in made.data.waves.items()
        for number, wave in waves.items()
        for row in _rows(made, wave)
    )


def _rows(made: Made, wave: Wave) -> Iterator[dict[str, object]]:
    for column in described(wave.table):
        if column.name not in wave.frame:
            continue
        answers = wave.frame[column.name]
        who = who_of(made, wave, answers.notna().to_numpy())
        if column.codes:
            answers = answers.astype("Int64") if column.type == "boolean" else answers
            answers = answers.astype(pd.CategoricalDtype(list(column.codes)))
        for row in summary(answers, np.ones(len(answers))):
            yield {**row, "column": column.name, f"n{WHO}": who}


_IN_A_QUESTION = share_of_few("mean", "n", scale=1.0, within=("table", "wave", "column"))


def protect(frame: pd.DataFrame, release: Release) -> pd.DataFrame:
    """Hide a share of few, of all but few, and as many of its question as give it away."""
    made = frame.astype({"mean": float, "sd": float, "n": "Int64"})
    # A mean is of everybody who answered; the gate hides it where they are few.
    is_mean = made["sd"].notna()
    shares = _IN_A_QUESTION(made[~is_mean], release)
    made.loc[shares.index, ["n", "mean"]] = shares[["n", "mean"]]
    # That all gave the same number tells of everybody, as a share of all does.
    made.loc[made["sd"] == 0, ["mean", "sd"]] = np.nan
    return made


ANSWERS = ResultTable(
    name="answers",
    meaning="Every question, answer by answer; of a number its mean.",
    columns={
        **words("table wave column"),
        "level": Column("key", "answer by its code; empty for a number and for a yes"),
        **words("n mean sd"),
    },
    build=build,
    protect=protect,
    digits=(OfPersons(("mean", "sd")),),
    sizes=("n",),
    studies="described",
)
