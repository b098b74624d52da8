"""Waves stacked to a panel: one row per person and wave."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pandas as pd

from data_dictionary.errors import DataError, DesignError
from data_dictionary.tables import Table
from surveys.files.remarks import Remark
from surveys.waves.identity import belong_together
from surveys.waves.wave import Wave


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Panel(Mapping[int, Wave]):
    """Waves of one questionnaire, by their numbers: ``panel[1]`` is the first.

    Parameters
    ----------
    frame : DataFrame
        Rows of all waves with a column ``wave``; a column that a wave did not ask is missing.
    table : Table
        Declaration of the questionnaire.
    waves : tuple of Wave
        The waves, ascending.
    remarks : tuple of Remark
        What is to be known of the waves together, such as keys that nearly match.
    """

    frame: pd.DataFrame
    table: Table
    waves: tuple[Wave, ...]
    remarks: tuple[Remark, ...] = ()

    @property
    def key(self) -> str:
        """The column with the respondents' key, which some column must play."""
        table = self.table
        return table.key[0] if table.key and not table.has("key") else table.playing("key").name

    def __getitem__(self, number: int) -> Wave:
        """Return a wave by its number."""
        return {one.wave: one for one in self.waves}[number]

    def __iter__(self) -> Iterator[int]:
        return (one.wave for one in self.waves)

    def __len__(self) -> int:
        return len(self.waves)


def stack(*waves: Wave, linked: bool = True) -> Panel:
    """Stack waves of one questionnaire.

    Parameters
    ----------
    *waves : Wave
        At least one; files of the same wave are not merged.
    linked : bool
        Whether a wave that has nobody in common with another is refused; False for samples
        that are drawn anew.

    Raises
    ------
    DataError
        If there is none, a wave stands twice, they are of different tables, or they are no
        waves of one survey: a file that is given twice, codes that mean different things,
        nobody in common, keys that nearly match, a person whose constant answers change.
    """
    if not waves:
        raise DataError("there is no wave to stack.")
    if any(not isinstance(wave, Wave) for wave in waves):
        raise DesignError("waves are stacked one by one: stack(w1, w2), or stack(*waves).")
    tables = sorted({wave.table.name for wave in waves})
    if len(tables) > 1:
        raise DataError(f"waves of different tables cannot be stacked: {', '.join(tables)}.")
    twice = [str(wave) for wave, n in Counter(wave.wave for wave in waves).items() if n > 1]
    if twice:
        files = ", ".join(wave.provenance.name for wave in waves)
        raise DataError(
            f"wave {', '.join(twice)} stands more than once (files {files}). "
            "Number each wave once."
        )
    ordered = tuple(sorted(waves, key=lambda wave: wave.wave))
    table = ordered[0].table
    names = [
        name
        for column in table.columns
        for name in column.members(dict.fromkeys(n for w in ordered for n in w.frame.columns))
    ]
    frames = [
        # A question that a wave did not ask is missing there, and no answer.
        wave.frame.reindex(columns=names).assign(wave=wave.wave).infer_objects()
        for wave in ordered
    ]
    frame = pd.concat(frames, ignore_index=True)
    lead = list(dict.fromkeys([*table.key, "wave"]))
    return Panel(
        frame=frame[[*lead, *(name for name in frame.columns if name not in lead)]],
        table=table,
        waves=ordered,
        remarks=belong_together(ordered, frame, linked=linked),
    )
