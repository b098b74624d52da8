"""``[[outcome]]``: what every kind has, and what each must agree with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from data_dictionary import Codebook, Table
from data_dictionary.roles import TableRole
from data_dictionary.schema import key


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What an outcome must agree with.

    Parameters
    ----------
    words : Codebook
        The data dictionary.
    tables : mapping of str to Table
        Tables that have a file in ``[data]``.
    waves : mapping of str to tuple of int
        Waves of each survey table.
    """

    words: Codebook
    tables: Mapping[str, Table]
    waves: Mapping[str, tuple[int, ...]]

    def with_role(self, role: TableRole) -> Table | None:
        """Return the first table with a role that has a file."""
        return next((table for table in self.tables.values() if table.role == role), None)

    def scale_faults(self, scale: str | None, wave: int | None) -> Iterator[str]:
        """Yield why a scale has no answers in a wave; an unknown scale is told elsewhere."""
        known = self.words.scales.get(str(scale))
        if known is None or wave is None:
            return
        waves = self.waves.get(str(known.table))
        if waves is not None and wave not in waves:
            given = ", ".join(map(str, waves)) or "none"
            yield f"wave {wave} of '{known.table}' has no file in [data]; waves: {given}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What every outcome has: its place in the plan and the one estimate that is tested."""

    name: str = key("Name in every result file; unique.")
    kind: str = key("What is measured.")
    role: Literal["primary", "secondary", "exploratory"] = key(
        "Its place in the plan.", "primary"
    )
    family: str = key("p-values are adjusted within a family.", "main")
    label: str | None = key("Danish label for the report.", None)
    estimate: str = ""

    def faults(self, at: Setting) -> Iterator[str]:  # noqa: ARG002
        """Yield what does not agree with the dictionary, the files or itself."""
        yield from ()
