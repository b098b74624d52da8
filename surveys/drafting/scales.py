"""Scales that items with one stem and one list of answers are likely to make."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pandas as pd

from data_dictionary.columns import Column
from data_dictionary.scales import Scale
from surveys.drafting.columns import LEAST, Drafted

_FEWEST_ITEMS, _LONGEST = 3, 11
# A loading so near zero has no direction.
_WEAK = 0.05
_ITEM = re.compile(r"(.*?\D)_?0*(\d{1,2})")


def likely_scales(
    table: str, drafted: Mapping[str, Drafted], files: Sequence[pd.DataFrame]
) -> Iterator[tuple[Scale, tuple[str, ...]]]:
    """Yield each likely scale, and its items that run against the first in the files.

    Parameters
    ----------
    table : str
        Name of the table.
    drafted : Mapping of str to Drafted
        Its columns by name.
    files : sequence of DataFrame
        What the files hold, under the names of the dictionary.
    """
    for stem, names in _stems(drafted).items():
        items = [drafted[name].column for name in names]
        held = pd.concat([file.reindex(columns=names) for file in files], ignore_index=True)
        answers = held.apply(pd.to_numeric, errors="coerce")
        for item in items:
            answers[item.name] = answers[item.name].mask(
                answers[item.name].isin(list(item.missing))
            )
        ends = _ends(items, answers)
        if ends:
            scale = Scale(
                name=stem, label=stem, table=table, items=names, minimum=ends[0],
                maximum=ends[1], least_answered=(len(items) + 1) // 2,
            )  # fmt: skip
            yield scale, _against(answers)


def _stems(drafted: Mapping[str, Drafted]) -> dict[str, tuple[str, ...]]:
    """Return items by their stem: three or more, numbered from 1 without a gap."""
    found: dict[str, dict[int, str]] = {}
    for name, one in drafted.items():
        if (match := _ITEM.fullmatch(name)) and one.column.type == "integer":
            found.setdefault(match[1].rstrip("_"), {})[int(match[2])] = name
    return {
        stem: tuple(items[number] for number in sorted(items))
        for stem, items in found.items()
        if len(items) >= _FEWEST_ITEMS and sorted(items) == list(range(1, len(items) + 1))
    }


def _ends(items: Sequence[Column], answers: pd.DataFrame) -> tuple[int, int] | None:
    """Return the lowest and highest answer of items that have one list of answers.

    Items without labels have what they hold together, if that is a run from 0 or 1 and both
    ends are frequent.
    """
    if len({(tuple(item.codes), item.minimum, item.maximum) for item in items}) > 1:
        return None
    limits = (items[0].minimum, items[0].maximum)
    codes = [code for code in (*items[0].codes, *limits) if isinstance(code, int)]
    if not codes:
        counts = answers.melt()["value"].value_counts().sort_index()
        is_run = list(counts.index) in [list(range(n, len(counts) + n)) for n in (0, 1)]
        if is_run and len(counts) <= _LONGEST and min(counts.iloc[0], counts.iloc[-1]) >= LEAST:
            codes = [int(code) for code in counts.index]
    low, high = min(codes, default=0), max(codes, default=0)
    silent = [code for item in items for code in item.missing if isinstance(code, int)]
    # Two answers make no scale, and a missing code is none of them.
    is_scale = high - low > 1 and not any(low <= code <= high for code in silent)
    return (low, high) if is_scale else None


def _against(answers: pd.DataFrame) -> tuple[str, ...]:
    """Return the items that fall where the first rises, by what all have most in common."""
    common = np.linalg.eigh(answers.corr().fillna(0.0).to_numpy())[1][:, -1]
    turned = (common * np.sign(common[0]) < 0) & (np.abs(common) > _WEAK)
    return tuple(answers.columns[turned])
