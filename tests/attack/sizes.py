"""Sizes of groups that hold one another, as the attacker reads them off all tables together."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

import numpy as np
import pandas as pd

from analyses.published.tables import TABLES
from tests.attack.model import Model
from tests.attack.studies import ARMS, Attacked

# Groups with nobody told before them but those that are shown.
FIRST = ("answered", "matched", "asked", "replied", "after")
STAGES = ("eligible", "invited", "consented")


def named(study: Attacked, table: str, column: str, row: pd.Series) -> str | None:
    """Return the name of the group that a cell counts; None where it hangs with no other."""
    arm = str(row.get("arm", column.removeprefix("n_")))
    found = None
    if table == "effects":
        outcome = str(row["outcome"])
        found = f"answered:{outcome}" if outcome in study.scores else "matched"
        found = "after" if row["term"] == "itt_did" else found
    elif table == "flow":
        found = str(row["step"])
    elif table == "profile":
        found = str(row["group"])
        arm = ARMS[found == "comparison"]
        found = {
            "respondents": f"answered:{study.scores[0]}",
            "comparison": "matched",
        }.get(found, found)
    elif table == "response" and row["arm"] in ARMS:
        kind = "asked" if column == "n_invited" else "replied"
        found = f"{kind}:{row['wave']}"
    elif table == "contrasts":
        found = str(row["period"]) if column == "n" else f"target:{row['period']}"
    return found and f"{found}:{arm}"


def cells(study: Attacked) -> Iterator[tuple[str | None, str, float, str, int]]:
    """Yield name, arm, size as told, why it is empty and true size, in the order of telling."""
    for name, table in TABLES.items():
        for column in table.sizes:
            made = study.made[name].reset_index(drop=True)
            if made.empty or column not in table.columns:
                continue
            frame, reasons = study.frame(name), study.published[name].reasons()
            keys = [key for key in table.of("key", "code", "whole") if key in made]
            shown = {
                tuple(map(str, row)): place
                for place, row in enumerate(frame[keys].to_numpy().tolist())
            }
            for place in reversed(range(len(made))):
                row, who = made.loc[place], made.loc[place, f"{column}_who"]
                at = shown.get(tuple(map(str, row[keys].tolist())))
                if at is None or not isinstance(who, frozenset):
                    continue
                value = frame[column].to_numpy(float, na_value=np.nan)[at]
                called = named(study, name, column, row)
                arm = next((one for one in ARMS if called and called.endswith(one)), "")
                yield called, arm, value, reasons[column].iloc[at], len(who)


def read_sizes(study: Attacked, model: Model) -> None:
    """Add every size with what is known of it, and which groups hold which.

    Effects and who was matched come first.  What is told of others may be told of a group that
    the file does not show, such as those left by a step on which few were lost.
    """
    least = study.min_cell
    told: dict[float, set[str]] = {}
    for name, arm, value, reason, truth in cells(study):
        before = told.get(value, set())
        if name is not None:
            if not math.isnan(value):
                model.told.setdefault(name, value)
            if name.startswith("data:comparison"):
                model.count(name, truth)
            elif math.isnan(value):
                model.count(name, truth, 0, least - 1 if reason == "small" else math.inf)
            elif name in model.truth and model.least[name] == model.most[name]:
                pass
            elif name.startswith(FIRST) and not before & {arm, ""}:
                model.count(name, truth, value, value)
            else:
                model.count(name, truth, value - least + 1, value + least - 1)
        if not math.isnan(value):
            told.setdefault(value, set()).add(arm)
    _everybody(study, model)
    _nested(study, model)
    _notes(study, model)


def _everybody(study: Attacked, model: Model) -> None:
    """Know that all rows of the population are treated or not."""
    both = {f"data:{arm}": 1.0 for arm in ARMS}
    if set(both) <= set(model.truth):
        model.within(both, study.population, study.population + study.min_cell - 1)


def _nested(study: Attacked, model: Model) -> None:
    steps = study.frame("flow")
    main = steps[~steps["step"].str.contains(":")]
    chains = [[f"{stage}:treated" for stage in STAGES]]
    for arm in ARMS:
        own = [f"{step}:{arm}" for step in main.loc[main["arm"] == arm, "step"]]
        before = [name for name in own if not name.startswith("matched")]
        if arm == "treated":
            chains[0] += before
            before = [*before, "participants:treated"]
            chains.append(["consented:treated", *before, f"matched:{arm}"])
        else:
            chains.append([*before, f"matched:{arm}"])
        for outcome in study.scores:
            chain = [f"baseline:{outcome}", f"matched:{outcome}", f"answered:{outcome}"]
            chains.append([*before[-1:], *(f"{one}:{arm}" for one in chain)])
        chains += [
            [f"matched:{arm}", f"asked:{wave}:{arm}", f"replied:{wave}:{arm}"]
            for wave in (1, 2, 3)
        ]
        chains += [[f"target:{one}:{arm}", f"{one}:{arm}"] for one in ("before", "after")]
    pairs = set()
    for chain in chains:
        known = [name for name in chain if name in model.truth]
        pairs |= {(a, b) for k, a in enumerate(known) for b in known[k + 1 :]}
    for outer, inner in sorted(pairs):
        model.holds(outer, inner)
        gap = model.told.get(outer, math.nan) - model.told.get(inner, math.nan)
        if 0 < gap < study.min_cell:
            # Who tells these apart tells sizes as they are.
            model.within({outer: 1.0, inner: -1.0}, gap, gap)


def _notes(study: Attacked, model: Model) -> None:
    """Know the sizes that notes name."""
    for one in study.manifest["outcomes"]:
        name = one["name"]
        for note in one["notes"]:
            lacking = re.match(r"(\d+) of (\d+) (treated|comparison) rows lack", note)
            if lacking and f"matched:{name}:{lacking[3]}" in model.truth:
                lost, used = int(lacking[1]), int(lacking[2])
                for kind, n in (("matched", used), ("answered", used - lost)):
                    key = f"{kind}:{name}:{lacking[3]}"
                    model.count(key, model.truth[key], n, n)
            partner = re.match(r"no partner for (\d+) of (\d+) treated", note)
            if partner and f"matched:{name}:treated" in model.truth:
                lost, n = int(partner[1]), int(partner[2])
                for kind, size in (("baseline", n), ("matched", n - lost)):
                    key = f"{kind}:{name}:treated"
                    model.count(key, model.truth[key], size, size)
