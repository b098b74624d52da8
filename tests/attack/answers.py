"""Surveys: who was asked, who answered, and of each question the kinds of missing answers."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pandas as pd

from tests.attack.model import Model
from tests.attack.studies import Attacked, words
from tests.attack.units import ends_of

EVERYBODY, BLANK = "all", "blank"


def read_answers(study: Attacked, model: Model) -> None:
    """Know how often each question was left out, and by whom at the most."""
    sizes = list(_sizes(study))
    told = Counter((where, n) for _, where, _, n in sizes if pd.notna(n))
    for name, where, truth, n in sizes:
        if pd.isna(n):
            model.count(name, int(truth))
        elif told[where, n] == 1:
            model.count(name, int(truth), float(n), float(n))
        else:
            # It may be told as a group that it holds, or that holds it.
            slack = study.min_cell - 1
            model.count(name, int(truth), float(n) - slack, float(n) + slack)
    for name, where, _, _ in sizes:
        kind = name.partition(":")[0]
        if kind != "asked" and f"replied:{where}" in model.truth:
            outer = "asked" if kind == "replied" else "replied"
            model.holds(f"{outer}:{where}", name)
    for row, shown in study.pairs("shares"):
        _share(f"item:{row['table']}:{row['wave']}:{row['item']}", row, shown, model)
    for row, _ in study.pairs("scales"):
        scale = words().scales[row["scale"]]
        where = f"{scale.table}:{row['wave']}"
        for item in scale.items:
            if f"item:{where}:{item}" in model.truth:
                model.holds(f"item:{where}:{item}", f"scale:{where}:{scale.name}")
    _missing(study, model)


def _sizes(study: Attacked) -> Iterator[tuple[str, str, int, Any]]:
    """Yield the name of each size of a wave, the wave, how many they are and are said to be."""
    for row, shown in study.pairs("response"):
        if row["arm"] == EVERYBODY:
            where = f"{row['table']}:{row['wave']}"
            yield f"asked:{where}", where, row["n_invited"], shown["n_invited"]
            yield f"replied:{where}", where, row["n_answered"], shown["n_answered"]
    for row, shown in study.pairs("shares"):
        where = f"{row['table']}:{row['wave']}"
        yield f"item:{where}:{row['item']}", where, row["n"], shown["n"]
    for row, shown in study.pairs("scales"):
        where = f"{words().scales[row['scale']].table}:{row['wave']}"
        yield f"scale:{where}:{row['scale']}", where, row["n"], shown["n"]


def _share(whole: str, row: pd.Series, told: pd.Series, model: Model) -> None:
    """Know how many agreed, to half the unit of the share."""
    yes = round(row["estimate"] / 100 * row["n"])
    model.count(f"{whole}:yes", yes)
    model.count(f"{whole}:no", int(row["n"]) - yes)
    model.within({f"{whole}:yes": 1.0, f"{whole}:no": 1.0, whole: -1.0}, 0, 0)
    if pd.notna(told["estimate"]):
        low, high = ends_of(told["estimate"] / 100, 1.0, float(told["n"]))
        model.within({f"{whole}:yes": 1.0, whole: -low}, -1e-6)
        model.within({f"{whole}:yes": 1.0, whole: -high}, -math.inf, 1e-6)
    for end in ("yes", "no"):
        model.aim(f"{whole}:{end}", {f"{whole}:{end}": 1.0})


def _missing(study: Attacked, model: Model) -> None:
    """Know of each kind a class of `min_cell`, and that kinds and answers are everybody."""
    reasons = study.published["missing"].reasons()["n"].tolist()
    kinds: dict[tuple[str, str], list[str]] = {}
    for place, (row, told) in enumerate(study.pairs("missing")):
        where, item = f"{row['table']}:{row['wave']}", str(row["column"])
        name = f"missing:{where}:{item}:{row['kind']}"
        n, is_small = told["n"], reasons[place] == "small"
        low, high = (0.0, study.min_cell - 1.0 if is_small else math.inf)
        if pd.notna(n):
            low, high = float(n), float(n) + study.min_cell - 1
        model.count(name, int(row["n"]), low, high)
        model.aim(name, {name: 1.0}, is_labelled=is_small)
        if row["kind"] == BLANK and f"replied:{where}" in model.truth:
            # Whoever answered nothing left this question out as well.
            model.within({name: 1.0, f"replied:{where}": 1.0, f"asked:{where}": -1.0}, 0)
        kinds.setdefault((where, item), []).append(name)
    for (where, item), names in kinds.items():
        if f"item:{where}:{item}" in model.truth:
            sums = {**dict.fromkeys(names, 1.0), f"item:{where}:{item}": 1.0}
            model.within({**sums, f"asked:{where}": -1.0}, 0, 0)
