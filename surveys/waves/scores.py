"""Scale scores from 0 to 100, and how reliably a scale measures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data_dictionary.errors import DataError, refuse_lacking
from data_dictionary.scales import Scale
from data_dictionary.violations import first_rows, rows_in_words
from surveys.waves.panel import Panel
from surveys.waves.wave import Wave

FloatArray: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Reliability:
    """How well the items of a scale measure one thing, among complete answers.

    Parameters
    ----------
    scale : str
        Name of the scale.
    n : int
        Persons who answered every item.
    alpha, conf_low, conf_high : float
        Cronbach's alpha with its interval; missing if it cannot be computed.
    level : float
        Confidence level of the interval.
    items : DataFrame
        ``item``, ``mean`` and ``sd`` after reversal, ``item_rest`` (correlation with the sum
        of the other items) and ``alpha_without``.
    """

    scale: str
    n: int
    alpha: float
    conf_low: float
    conf_high: float
    level: float
    items: pd.DataFrame

    def tidy(self) -> pd.DataFrame:
        """Return one row: scale, n, items, alpha, conf_low, conf_high."""
        return pd.DataFrame(
            {
                "scale": [self.scale],
                "n": [self.n],
                "items": [len(self.items)],
                "alpha": [self.alpha],
                "conf_low": [self.conf_low],
                "conf_high": [self.conf_high],
            }
        )

    def summary(self) -> str:
        """Return the reliability in one sentence."""
        return (
            f"{self.scale}: alpha {self.alpha:.2f} ({100 * self.level:g} % interval "
            f"{self.conf_low:.2f} to {self.conf_high:.2f}), {len(self.items)} items, "
            f"n = {self.n}"
        )


def score(answers: Panel | Wave, scale: Scale) -> pd.DataFrame:
    """Score a scale from 0 to 100 for each person and wave.

    Parameters
    ----------
    answers : Panel or Wave
        Answers with missing codes masked.
    scale : Scale
        Items, reversal, range and how many answers a score needs.

    Returns
    -------
    DataFrame
        Key columns, ``wave``, ``score`` (missing with too few answers) and ``n_answered``.

    Raises
    ------
    ColumnError
        If an item is not among the answers.
    DataError
        If an answer lies outside the scale.

    Notes
    -----
    The mean of the answered items, reversed items turned, moved to 0-100. With
    `least_answered` at half the items this is the half-item rule: an unanswered item counts
    as the person's own mean.
    """
    items = _items(answers, scale)
    answered = np.count_nonzero(~np.isnan(items), axis=1)
    # Which share of items suffices is the scale author's rule, so the dictionary says it.
    enough = answered >= scale.least_answered
    above = np.nansum(items - scale.minimum, axis=1)
    # Over the answered alone: the person's own mean stands in for the rest.
    most = np.maximum(answered, 1) * (scale.maximum - scale.minimum)
    frame = answers.frame
    keys = {name: frame[name].to_numpy() for name in answers.table.key}
    wave = answers.wave if isinstance(answers, Wave) else frame["wave"].to_numpy()
    return pd.DataFrame(
        keys
        | {
            "wave": wave,
            "score": np.where(enough, 100 * above / most, np.nan),
            "n_answered": answered,
        },
        index=pd.RangeIndex(len(frame)),
    )


def reliability(answers: Panel | Wave, scale: Scale, *, level: float = 0.95) -> Reliability:
    """Return Cronbach's alpha with its interval and the item-rest correlations.

    Parameters
    ----------
    answers : Panel or Wave
        Answers with missing codes masked; only persons who answered every item count.
    scale : Scale
        Items and reversal.
    level : float
        Confidence level.

    Raises
    ------
    ColumnError
        If an item is not among the answers.
    DataError
        If an answer lies outside the scale.

    Notes
    -----
    The interval is Feldt's (1965, Psychometrika 30, 357-370): (1 - alpha) / (1 - estimate)
    follows F with n - 1 and (n - 1)(k - 1) degrees of freedom for k items. Fewer than three
    complete answers, one item, or items without any spread give missing values.
    """
    from scipy.special import fdtri

    items = _items(answers, scale)
    # Alpha compares variances of the same persons: completed answers would raise it.
    complete = items[~np.isnan(items).any(axis=1)]
    n, k = complete.shape
    alpha = cronbach_alpha(complete)
    low = high = np.nan
    if np.isfinite(alpha):
        degrees = (n - 1, (n - 1) * (k - 1))
        tail = (1 - level) / 2
        low = 1 - (1 - alpha) * float(fdtri(*degrees, 1 - tail))
        high = 1 - (1 - alpha) * float(fdtri(*degrees, tail))
    return Reliability(
        scale=scale.name,
        n=n,
        alpha=alpha,
        conf_low=low,
        conf_high=high,
        level=level,
        items=_item_statistics(complete, scale),
    )


def cronbach_alpha(items: FloatArray) -> float:
    """Return Cronbach's alpha of complete answers, one row per person.

    Missing with fewer than three persons, fewer than two items or a sum without spread.

    Examples
    --------
    >>> round(cronbach_alpha(np.array([[1.0, 2.0], [2.0, 3.0], [3.0, 4.0]])), 10)
    1.0
    """
    n, k = items.shape
    # Two persons always lie on a line, and one item hangs together with nothing.
    if n < 3 or k < 2:
        return float("nan")
    total = items.sum(axis=1).var(ddof=1)
    if total <= 0:
        return float("nan")
    return float(k / (k - 1) * (1 - items.var(axis=0, ddof=1).sum() / total))


def _item_statistics(complete: FloatArray, scale: Scale) -> pd.DataFrame:
    """Return mean, spread, item-rest correlation and alpha without each item."""
    n, k = complete.shape
    total = complete.sum(axis=1)
    enough = n >= 3
    return pd.DataFrame(
        {
            "item": list(scale.items),
            "mean": complete.mean(axis=0) if n else np.full(k, np.nan),
            "sd": complete.std(axis=0, ddof=1) if enough else np.full(k, np.nan),
            "item_rest": [
                _correlation(complete[:, item], total - complete[:, item]) for item in range(k)
            ],
            "alpha_without": [
                cronbach_alpha(np.delete(complete, item, axis=1)) for item in range(k)
            ],
        }
    )


def _correlation(one: FloatArray, other: FloatArray) -> float:
    """Return Pearson's correlation; missing where one side has no spread."""
    if len(one) < 3 or one.std() == 0 or other.std() == 0:
        return float("nan")
    return float(np.corrcoef(one, other)[0, 1])


def _items(answers: Panel | Wave, scale: Scale) -> FloatArray:
    """Return the items as numbers, one column each, reversed items turned."""
    frame = answers.frame
    said = f"scale '{scale.name}' needs items that the answers lack:"
    refuse_lacking(scale.items, frame.columns, said)
    items = np.column_stack(
        [frame[item].to_numpy(dtype=np.float64, na_value=np.nan) for item in scale.items]
    )
    outside = (items < scale.minimum) | (items > scale.maximum)
    if outside.any():
        names = ", ".join(np.array(scale.items)[outside.any(axis=0)])
        rows = first_rows(np.logical_or.reduce(outside, axis=1))
        count = int(outside.sum())
        raise DataError(
            f"scale '{scale.name}': {count} answer(s) of {names} lie outside {scale.minimum:g}-"
            f"{scale.maximum:g} {rows_in_words(rows, count)}. Read the file with "
            "surveys.read_wave, so that codes for a missing answer are set apart."
        )
    turned = np.isin(scale.items, scale.reversed)
    return np.where(turned, scale.minimum + scale.maximum - items, items)
