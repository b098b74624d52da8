"""Whether waves are of one survey: another file each, the same codes, the same persons."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Any

import pandas as pd

from data_dictionary.compare import compare
from data_dictionary.errors import DataError
from data_dictionary.tables import Table
from surveys.files.key_texts import NEAR_SHARE, near_matches, only_in
from surveys.files.labels import labels_clash
from surveys.files.remarks import Remark
from surveys.waves.wave import Wave

_TOO_MANY_TO_BE_CHANCE = 20  # rows that agree in every answer of two waves
_MOSTLY = 0.9  # of the persons of a wave, from where on the two files may be one


def belong_together(
    waves: Sequence[Wave], frame: pd.DataFrame, *, linked: bool
) -> tuple[Remark, ...]:
    """Return what is to be known of waves that are stacked to `frame`; see `stack`.

    Raises
    ------
    DataError
        With every reason why they are no waves of one survey.
    """
    remarks: list[Remark] = []
    faults = [
        fault
        for one, other in combinations(waves, 2)
        for fault in (*_same_file(one, other, remarks), *_other_codes(one, other))
    ]
    faults += _strangers(waves, remarks, linked=linked)
    faults += _changing(waves[0].table, frame)
    if faults:
        lines = "".join(f"\n  - {fault}" for fault in faults)
        raise DataError(f"the waves of {waves[0].table.name} cannot be stacked:{lines}")
    return tuple(remarks)


def _same_file(one: Wave, other: Wave, remarks: list[Remark]) -> Iterator[str]:
    """Yield that two waves hold the same answers, or remark that nearly all are the same."""
    first, second = one.provenance, other.provenance
    same = bool(first.sha256) and first.sha256 == second.sha256
    left, right = (w.frame.drop(columns="wave", errors="ignore") for w in (one, other))
    # Saved again, a file may have its rows or columns in another order.
    by = [name for name in one.table.key if name in left and name in right]
    alike = 0
    if by and set(left) == set(right) and len(left.columns) > len(by):
        answers = pd.concat([left, right[list(left)]], ignore_index=True).dropna(
            subset=[name for name in left if name not in by], how="all"
        )
        # Numbers have one type by now; other values may differ by theirs alone.
        mixed = dict.fromkeys(answers.select_dtypes(["object", "category"]), "str")
        alike = int(answers.astype(mixed).duplicated().sum())
    # One file may hold several waves, chosen by keep, sheet or rename.
    is_whole = alike == len(left) == len(right) >= _TOO_MANY_TO_BE_CHANCE
    several = len(left.columns) - len(by) > 1
    if several and alike > _MOSTLY * len(left) and not is_whole and not same:
        both = f"waves {one.wave} and {other.wave}"
        remarks.append(Remark(what="same_answers", count=alike, detail=both))
    if is_whole or (same and left.equals(right)):
        both = "are the same file" if same else "hold the same answers of the same persons"
        yield (
            f"waves {one.wave} and {other.wave} {both} ({first.name}, {second.name}); name "
            "the file of each wave, or choose its rows with keep"
        )


def _other_codes(one: Wave, other: Wave) -> Iterator[str]:
    """Yield columns whose codes do not mean the same in two waves."""
    both = f"waves {one.wave} and {other.wave}"
    if one.table is not other.table:
        for found in compare(one.table, other.table):
            in_both = found.column in one.frame and found.column in other.frame
            if found.breaks_trend and found.what != "wording" and in_both:
                yield (
                    f"{found.column}: {both} are declared with other {found.what}: "
                    f"{found.before} and {found.after}; declare one and recode the other"
                )
    for name in (name for name in one.value_labels if name in other.value_labels):
        if labels_clash(one.value_labels[name], other.value_labels[name]):
            yield (
                f"{name}: the files of {both} give one label to different codes; write recode "
                "or reverse for one of them"
            )


def _strangers(waves: Sequence[Wave], remarks: list[Remark], *, linked: bool) -> Iterator[str]:
    """Yield waves that have nobody in common with the others, or would with other spelling."""
    table = waves[0].table
    key = table.key[0] if table.key and not table.has("key") else None
    key = table.playing("key").name if key is None and table.has("key") else key
    if key is None or len(waves) < 2:
        return
    keys: list[Any] = [pd.Index(wave.frame[key].dropna()).unique() for wave in waves]
    # Of two waves each would say what the other says.
    for place, wave in list(enumerate(waves))[len(waves) == 2 :]:
        own = keys[place]
        others = keys[0 if place else 1]
        for at, more in enumerate(keys):
            others = others.union(more, sort=False) if at != place else others
        lone = only_in(own, others)
        near, how = near_matches(lone, only_in(others, own))
        said = f"{near} of {len(own)} keys would match with {how}"
        if near > NEAR_SHARE * len(own):
            yield f"{wave.provenance.name}: {said}; write the keys alike in all files"
        elif len(lone) == len(own) and len(own):
            if not linked:
                remarks.append(
                    Remark(what="waves_apart", columns=(key,), detail=f"wave {wave.wave}")
                )
                continue
            yield (
                f"{wave.provenance.name}: none of its {len(own)} keys stands in another wave; "
                "pseudonymise all files with one key, or say linked=False where each wave asks "
                "other persons"
            )
        elif near:
            told = f"{how} (wave {wave.wave})"
            remarks.append(Remark(what="keys_near", columns=(key,), count=near, detail=told))


def _changing(table: Table, frame: pd.DataFrame) -> Iterator[str]:
    """Yield columns that are constant by declaration and are not."""
    by = [name for name in table.key if name != "wave"]
    for column in table.columns if set(by) <= set(frame) and by else ():
        if column.constant and column.name in frame:
            answers = frame.groupby(by)[column.name].nunique()
            if several := int((answers > 1).sum()):
                yield (
                    f"{column.name}: {several} person(s) have another answer in another wave; "
                    f"correct them, or leave out constant in {table.file}"
                )
