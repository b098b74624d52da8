"""How follow-up ended: durations.csv, beside it the curves, numbers at risk and effects."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from evaluation.disclosure.digits import finest, second_digit
from tests.attack.model import Model
from tests.attack.studies import ARMS, Attacked

REST = ("at_horizon", "censored")
FOLLOWED, LOST = "followed", "lost"


def read_events(study: Attacked, model: Model) -> None:
    """Know how many ended how, and when, of each outcome that is followed in time."""
    if study.made["durations"].empty:
        return
    for (outcome, arm), rows in study.made["durations"].groupby(["outcome", "arm"], sort=False):
        _ends(study, str(outcome), str(arm), rows, model)
    _steps(study, model)


def _ends(study: Attacked, outcome: str, arm: str, rows: pd.DataFrame, model: Model) -> None:
    """Know the parts of everybody who was followed."""
    shown = study.frame("durations")
    why = study.published["durations"].reasons()
    own = (shown["outcome"] == outcome) & (shown["arm"] == arm) & (shown["step"] != LOST)
    told, reasons = shown[own], why.loc[own, "n"]
    whole = model.size(f"matched:{arm}", rows.loc[rows["step"] == FOLLOWED, "n"].iloc[0])
    parts = told["n"].to_numpy(float, na_value=np.nan)[1:]
    size = told["n"].to_numpy(float, na_value=np.nan)[0]
    is_exact = not np.isnan(parts).any() and parts.sum() == size
    # One part is told as what the others leave, to a multiple.
    steps = told["step"].tolist()[1:]
    open_ = [k for k, one in enumerate(steps) if one in REST and reasons.iloc[k + 1] != "small"]
    rest = open_[0] if open_ else int(np.nanargmax(parts)) if np.isfinite(parts).any() else -1
    rest = next((k for name in REST for k in open_ if steps[k] == name), rest)
    terms: dict[str, float] = {whole: -1.0}
    truths = rows.set_index(["step", "cause"])["n"]
    for k, (_, row) in enumerate(told.iloc[1:].iterrows()):
        truth = int(truths[row["step"], row["cause"]])
        name = f"{outcome}:{arm}:{row['step']}:{row['cause']}"
        is_small = reasons.iloc[k + 1] == "small"
        if is_small:
            model.count(name, truth, 0, study.min_cell - 1)
        elif math.isnan(parts[k]) or (k == rest and not is_exact):
            model.count(name, truth, study.min_cell)
        else:
            model.count(name, truth, parts[k], parts[k])
        terms[name] = 1.0
        model.aim(name, {name: 1.0}, is_labelled=is_small)
    model.within(terms, 0, 0)


def _steps(study: Attacked, model: Model) -> None:
    """Know from each step of a curve how many events lie before it, and who was at risk."""
    curves, made = study.frame("curves"), study.made["curves"]
    for outcome, of_outcome in curves.groupby("outcome", sort=False):
        sizes = of_outcome[of_outcome["time"] == 0].groupby("arm")["at_risk"].first()
        unit = float(finest(1.0, sizes.min()))
        for arm in ARMS:
            mine = of_outcome[of_outcome["arm"] == arm]
            truth = made[(made["outcome"] == outcome) & (made["arm"] == arm)]
            latest = {}
            for cause, rows in mine.groupby("cause", sort=False):
                own = truth[truth["cause"] == cause]
                slack = unit / 2 + (_effect_slack(study, cause) if arm == ARMS[1] else 0.0)
                latest[cause] = _cause(
                    f"{outcome}:{arm}", str(cause), rows, own, slack, model, study.min_cell
                )
            _at_risk(f"{outcome}:{arm}", mine, truth, latest, model, study.min_cell)


def _effect_slack(study: Attacked, cause: object) -> float:
    """Return by how much the rounded effect moves the end of the comparison's curve."""
    effects = study.frame("effects")
    own = effects[(effects["term"] == "incidence") & (effects["outcome"] == cause)]
    slack = float(second_digit(own["std_error"].max()) / 200) if len(own) else 0.0
    # An effect without an error is told to digits of its own: nothing is known of the end.
    return 1.0 if math.isnan(slack) else slack


def _cause(
    where: str,
    cause: str,
    rows: pd.DataFrame,
    truth: pd.DataFrame,
    slack: float,
    model: Model,
    least: int,
) -> dict[float, str]:
    """Know the events up to each step; return their names by the time of the step."""
    whole = f"matched:{where.partition(':')[2]}"
    parts = (f"{where}:{step}:{cause}" for step in ("event", "competing"))
    total = next((name for name in parts if name in model.truth), "")
    censored = f"{where}:censored:"
    names: dict[float, str] = {}
    values = rows["estimate"].to_numpy(float)
    if np.isnan(values).any() or not total:
        return names
    before = ""
    moved = [0, *np.flatnonzero(np.diff(values) > 0) + 1]
    for k in moved[1:]:
        time = float(rows["time"].iloc[k])
        n = int(truth.loc[truth["time"] <= time, "n_events"].sum())
        name = model.count(f"{where}:{cause} by {time:g}", n)
        # Whoever was censored may have had the event, so that a curve tells a little more.
        model.within({name: 1.0, whole: -(values[k] + slack)}, -math.inf, 1e-6)
        if values[k] < values[-1] or where.endswith(ARMS[0]):
            # The comparison's curve is cut at the end that the effect leaves.
            model.within({name: 1, censored: 1, whole: -(values[k] - slack)}, -1e-6)
        model.within({name: 1.0, **({before: -1.0} if before else {})}, least)
        model.holds(total, name)
        names[time], before = name, name
    return names


def _at_risk(
    where: str,
    rows: pd.DataFrame,
    truth: pd.DataFrame,
    steps: dict[object, dict[float, str]],
    model: Model,
    least: int,
) -> None:
    """Know the number at risk: those at the start less events and a class of the censored."""
    told = rows.drop_duplicates("time").set_index("time")["at_risk"].astype(float)
    whole, before = f"matched:{where.partition(':')[2]}", ""
    start = truth.loc[truth["time"] == 0, "at_risk"].iloc[0]
    events = truth.groupby("time")["n_events"].sum()
    exact = truth.drop_duplicates("time").set_index("time")["at_risk"]
    for time, n in told.items():
        if time == 0 or time not in exact.index:
            continue
        gone = int(start - events[events.index < time].sum() - exact[time])
        cens = model.count(f"{where}:censored before {time:g}", gone)
        tier = model.count(f"{where}:tier {time:g}", gone // least)
        model.within({cens: 1.0, tier: -float(least)}, 0, least - 1)
        terms = {whole: 1.0, tier: -float(least)}
        for own in steps.values():
            earlier = [one for one in own if one < time]
            if earlier:
                terms[own[max(earlier)]] = -1.0
        model.within(terms, n, n)
        model.within({f"{where}:censored:": 1.0, cens: -1.0}, 0)
        if before:
            model.within({cens: 1.0, before: -1.0}, 0)
        before = cens
