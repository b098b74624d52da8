"""Mistakes of whoever wrote a file, collected so that all are told at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from data_dictionary.errors import did_you_mean

KEPT = 8
"""Unknown names of one section that are told one by one; a file of noise has thousands."""
_LISTED = 100


@dataclass
class Mistakes:
    """A growing list of what is wrong: where, what, what to do.

    Examples
    --------
    >>> mistakes = Mistakes()
    >>> mistakes.unknown("[study]", ["sed"], ["name", "seed"], "is no key")
    >>> mistakes.found
    ["[study]: 'sed' is no key. Did you mean 'seed'?"]
    """

    found: list[str] = field(default_factory=list)

    def add(self, where: str, what: str, key: str = "") -> None:  # noqa: ARG002
        """Note one mistake at `where`; `key` is for who looks up its line."""
        self.found.append(f"{where}: {what}")

    def unknown(
        self, where: str, names: Sequence[str], known: Sequence[str], what: str
    ) -> None:
        """Note names that `known` lacks, each with the nearest; many of them in one line."""
        for name in names[:KEPT]:
            hint = did_you_mean(name, known) or f" Allowed: {', '.join(known) or 'none'}."
            self.add(where, f"'{show(name, quoted=False)}' {what}.{hint}", name)
        if len(names) > KEPT:
            self.add(where, f"{len(names) - KEPT:,} other names are unknown here as well")

    def listed(self) -> str:
        """Return a line for each of the first hundred mistakes."""
        lines = [f"  - {mistake}" for mistake in self.found[:_LISTED]]
        if len(self.found) > _LISTED:
            lines.append(f"  - ... and {len(self.found) - _LISTED:,} more")
        return "\n".join(lines)


def show(value: object, *, quoted: bool = True) -> str:
    """Return a value as a message shows it, cut where it is long."""
    text = str(value) if not quoted else repr(value)
    text = text.lower() if isinstance(value, bool) else text
    return text if len(text) <= 60 else text[:57] + "..."
