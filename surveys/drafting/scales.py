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
    """Yield each likely scale, and its items that run against the others in the files.

    Parameters
    ----------
    table : str
        Name of the table.
    drafted : Mapping of str to Drafted
        Its columns by name.
    files : sequence of DataFrame
        What the files hold, under the names of the dictionary.
    """
    for stem, items in _stems(drafted).items():
        low, high = limits_of([drafted[item].column for item in items], files)
        if low is not None and high is not None:
            yield (
                Scale(
                    name=stem, label=stem, table=table, items=items, minimum=low, maximum=high,
                    least_answered=(len(items) + 1) // 2,
                ),
                _against(items, files),
            )  # fmt: skip


def _stems(drafted: Mapping[str, Drafted]) -> dict[str, tuple[str, ...]]:
    """Return items by their stem: three or more, numbered from 1 without a gap."""
    found: dict[str, dict[int, str]] = {}
    for name, one in drafted.items():
        match = _ITEM.fullmatch(name)
        if match and one.column.type == "integer" and one.column.role is None:
            found.setdefault(match[1].rstrip("_"), {})[int(match[2])] = name
    return {
        stem: tuple(items[number] for number in sorted(items))
        for stem, items in found.items()
        if len(items) >= _FEWEST_ITEMS and sorted(items) == list(range(1, len(items) + 1))
    }


def limits_of(
    items: Sequence[Column], files: Sequence[pd.DataFrame]
) -> tuple[int | None, int | None]:
    """Return the lowest and highest answer that items share, or None where they share none.

    Items without labels share those that they hold together, if each end is frequent.
    """
    lists = {tuple(item.codes) for item in items}
    ends = {(item.minimum, item.maximum) for item in items}
    if len(lists) > 1 or len(ends) > 1:
        return None, None
    codes = [code for code in lists.pop() if isinstance(code, int)]
    low, high = ends.pop()
    if not codes and isinstance(low, int) and isinstance(high, int):
        codes = [low, high]
    if not codes:
        held = [file[item.name] for item in items for file in files if item.name in file]
        missing = {code for item in items for code in item.missing}
        counts = pd.concat(
            [pd.to_numeric(one, "coerce").dropna() for one in held]
        ).value_counts()
        counts = counts[~counts.index.isin(missing)].sort_index()
        runs = [list(range(low, len(counts) + low)) for low in (0, 1)]
        is_run = list(counts.index) in runs and 2 < len(counts) <= _LONGEST
        if is_run and counts.iloc[[0, -1]].min() >= LEAST:
            codes = [int(counts.index[0]), int(counts.index[-1])]
    is_scale = bool(codes) and max(codes) - min(codes) > 1
    return (min(codes), max(codes)) if is_scale else (None, None)


def _against(items: tuple[str, ...], files: Sequence[pd.DataFrame]) -> tuple[str, ...]:
    """Return the items that fall where the first rises, by what they have most in common."""
    have = [file[list(items)] for file in files if set(items) <= set(file.columns)]
    if not have:
        return ()
    answers = pd.concat(have).apply(pd.to_numeric, errors="coerce")
    common = np.linalg.eigh(answers.corr().fillna(0.0).to_numpy())[1][:, -1]
    turned = (common * np.sign(common[0]) < 0) & (np.abs(common) > _WEAK)
    return tuple(item for item, against in zip(items, turned, strict=True) if against)
