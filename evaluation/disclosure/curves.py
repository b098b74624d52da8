"""Curves that step at the same times in both arms, where enough events have gathered."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import pairwise

import numpy as np
import pandas as pd

from data_dictionary.errors import ColumnError
from evaluation.arrays import FloatArray, IntArray
from evaluation.disclosure.rules import MIN_CELL, floored, require_min_cell

SHOWN = ("estimate", "conf_low", "conf_high")
COLUMNS = ("curve", "arm", "cause", "time", *SHOWN, "at_risk", "n_events")


def coarsen_curves(
    curves: pd.DataFrame,
    *,
    min_cell: int = MIN_CELL,
    keep: Mapping[str, Iterable[float]] | None = None,
) -> pd.DataFrame:
    """Return curves from which no count of fewer than `min_cell` can be worked out.

    ``n_events`` counts the persons whose event of that cause falls on that time, ``at_risk``
    those under observation just before; all causes of one arm share their times.  At the times
    of an outcome in `keep` the curves step rather than at others, where enough events lie
    before and after: the arms are compared there.  What is returned lacks ``n_events`` and has
    the same times in all arms and causes: 0, every time at which a cause steps, and the last.
    A cause with fewer than `min_cell` events in an arm has no estimates in any.

    Notes
    -----
    A cause steps once at least `min_cell` of its events have gathered *in every arm* since its
    last step, and there it has its own value, so that the difference of two curves is that of
    what is shown.  Its last step lies where its events are complete, so that the effect at the
    horizon gives nothing away by subtraction.

    *Numbers at risk.*  The exact ones would tell who was censored, and who left by a rare
    cause.  Shown are the number at the beginning less the events up to the last step of each
    cause, and less those censored, told as classes of `min_cell`: as many may be at risk at
    most.  Where people enter late nothing can be taken off the number at the beginning, and
    numbers are rounded up to a multiple of `min_cell`.  The curves end at the last time with
    `min_cell` at risk in every arm.
    """
    require_min_cell(min_cell)
    missing = [column for column in COLUMNS if column not in curves.columns]
    if missing:
        raise ColumnError(f"curves lack the column(s) {', '.join(missing)}")
    columns = [column for column in curves.columns if column != "n_events"]
    if min_cell == 1 or curves.empty:
        return curves[columns].copy()
    keys = [column for column in ("outcome", "curve") if column in curves.columns]
    parts = []
    for name, rows in curves.groupby(keys, sort=False, dropna=False):
        wanted = () if keep is None else keep.get(str(name[0]), ())
        parts.append(_coarsened(rows, min_cell, np.array(sorted(wanted), dtype=float)))
    return pd.concat(parts, ignore_index=True)[columns]


def _coarsened(rows: pd.DataFrame, min_cell: int, wanted: FloatArray) -> pd.DataFrame:
    """Return the curves of all causes of one outcome, arm by arm."""
    times = np.unique(rows["time"].to_numpy(float))
    parts = {
        (arm, cause): own.set_index("time").sort_index()
        for (arm, cause), own in rows.groupby(["arm", "cause"], sort=False, dropna=False)
    }
    arms, causes = (list(dict.fromkeys(rows[name])) for name in ("arm", "cause"))
    # Just before a time are at risk whom the arm's next time still finds.
    at_risk = np.array(
        [
            parts[arm, causes[0]]["at_risk"].reindex(times, method="bfill").fillna(0)
            for arm in arms
        ],
        dtype=float,
    )
    events = {
        cause: np.array(
            [parts[arm, cause]["n_events"].reindex(times, fill_value=0) for arm in arms],
            dtype=float,
        )
        for cause in causes
    }
    shown = {key: own[list(SHOWN)].reindex(times, method="ffill") for key, own in parts.items()}
    enough = np.flatnonzero((at_risk >= min_cell).all(axis=0))
    if not len(enough):
        return rows.iloc[:0]
    end = int(enough[-1])
    positions = np.unique(np.searchsorted(times, wanted, side="right") - 1)
    steps = {
        cause: _steps(
            events[cause][:, : end + 1],
            np.array([shown[arm, cause]["estimate"] for arm in arms], dtype=float),
            at_risk,
            positions,
            min_cell,
        )
        for cause in causes
    }
    kept = np.unique(np.concatenate([[0, end], *(s for s in steps.values() if s is not None)]))
    kept = kept.astype(int)
    told = _told_at_risk(events, at_risk, steps, min_cell)
    made = []
    for place, arm in enumerate(arms):
        for cause in causes:
            own = parts[arm, cause].iloc[[0] * len(kept)].reset_index(drop=True)
            own = own.assign(time=times[kept], at_risk=told[place, kept].astype(np.int64))
            if steps[cause] is None:
                own[list(SHOWN)] = np.nan
            else:
                # Between two steps the values of the earlier one hold.
                latest = _latest(steps[cause], kept, side="right")
                own[list(SHOWN)] = shown[arm, cause].to_numpy()[latest]
            made.append(own)
    return pd.concat(made)


def _latest(steps: IntArray | None, positions: IntArray, *, side: str) -> IntArray:
    """Return the last step at each position (``right``) or before it (``left``), else 0."""
    source = np.concatenate([[0], steps if steps is not None else []]).astype(np.int64)
    found = np.searchsorted(source, positions, side=side)  # type: ignore[call-overload]
    return np.asarray(source[np.maximum(found - 1, 0)])


def _steps(
    events: FloatArray, estimate: FloatArray, at_risk: FloatArray, wanted: IntArray, least: int
) -> IntArray | None:
    """Return the positions at which a cause steps in all arms; None if it must not be shown."""
    gathered = np.cumsum(events, axis=1)
    if (gathered[:, -1] < least).any():
        return None
    risen = np.abs(estimate - estimate[:, :1])
    times = np.flatnonzero(events.sum(axis=0) > 0)
    final = int(times[-1])

    def is_enough(last: int, position: int) -> bool:
        """Whether the counts behind a step are large, and look it beside those at risk."""
        at = np.maximum(at_risk[:, last], at_risk[:, position])
        looks_like = (risen[:, position] - risen[:, last]) * at / (1 - risen[:, last])
        return bool(
            (gathered[:, position] - gathered[:, last] >= least).all()
            and (looks_like >= least - 1e-9).all()
        )

    found = [0]
    for position in wanted[(wanted > 0) & (wanted < final)].tolist():
        if is_enough(found[-1], position) and is_enough(position, final):
            found.append(position)
    if not is_enough(found[-1], final):
        return None
    found = [*found, final]
    return np.array(_between(found, times, is_enough)[1:], dtype=np.int64)


def _between(
    kept: list[int], times: IntArray, is_enough: Callable[[int, int], bool]
) -> list[int]:
    """Return the kept positions and as many between them as have enough on both sides."""
    made = kept[:1]
    for last, following in pairwise(kept):
        inside = times[(times > last) & (times < following)].tolist()
        for position in inside:
            if is_enough(made[-1], position) and is_enough(position, following):
                made.append(position)
        made.append(following)
    return made


def _told_at_risk(
    events: Mapping[str, FloatArray],
    at_risk: FloatArray,
    steps: Mapping[str, IntArray | None],
    min_cell: int,
) -> FloatArray:
    """Return the most who may be at risk by what is told, shape (n_arms, n_times)."""
    before = {cause: np.cumsum(own, axis=1) - own for cause, own in events.items()}
    start = at_risk[:, :1]
    censored = start - np.sum(list(before.values()), axis=0) - at_risk
    if (censored < -0.5).any() or (np.diff(censored, axis=1) < -0.5).any():
        # Somebody enters late.
        return np.asarray(np.ceil(at_risk / min_cell - 1e-9) * min_cell)
    told = start - floored(censored, min_cell)
    positions = np.arange(at_risk.shape[1])
    for cause, own in steps.items():
        latest = _latest(own, positions, side="left")
        through = np.cumsum(events[cause], axis=1)
        told = told - np.where(latest > 0, through[:, latest], 0.0)
    return np.asarray(told)
