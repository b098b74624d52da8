"""What a reader must know of a result, as a sentence that declares the numbers it names."""

from __future__ import annotations

from collections.abc import Mapping
from string import Formatter


class Note(str):
    """A note of an effect or a comparison: an English sentence with its parts beside it.

    It is the sentence, so that it can stand wherever a text can.  Disclosure control looks at
    its counts, and never searches the words for digits.

    Parameters
    ----------
    code : str
        What is said, whatever the numbers: the key of its translation.
    template : str
        The sentence with ``{name}`` in the place of every number and name, formatted as in
        ``{ratio:.3g}``.  A digit outside is refused: a number is a count or a fact, so that
        nobody can forget to declare it.
    counts : mapping of str to int, optional
        Numbers of persons or rows, those that the sentence leaves out included.
    facts : mapping of str to object, optional
        All else that the sentence names: outcomes, arms, statistics, numbers of clusters.

    Examples
    --------
    >>> note = Note(
    ...     "lost", "{lost} of {n} {arm} rows", {"lost": 3, "n": 90}, {"arm": "treated"}
    ... )
    >>> print(note)
    3 of 90 treated rows
    >>> note.code, note.counts["lost"]
    ('lost', 3)
    """

    __slots__ = ("code", "counts", "facts", "template")

    code: str
    template: str
    counts: Mapping[str, int]
    facts: Mapping[str, object]

    def __new__(
        cls,
        code: str,
        template: str,
        counts: Mapping[str, int] | None = None,
        facts: Mapping[str, object] | None = None,
    ) -> Note:
        """Return the sentence with its numbers and names in their places."""
        if not code:
            raise TypeError(f"a note needs a code: '{template}'")
        words = "".join(part for part, *_ in Formatter().parse(template))
        if any(character.isdigit() for character in words):
            raise TypeError(
                f"note '{code}': name the numbers of '{template}' as counts or facts"
            )
        made = super().__new__(cls, template.format(**(facts or {}), **(counts or {})))
        made.code, made.template = code, template
        made.counts, made.facts = counts or {}, facts or {}
        return made

    def retold(self, facts: Mapping[str, object]) -> Note:
        """Return the note with some of its facts told otherwise."""
        return Note(self.code, self.template, self.counts, {**self.facts, **facts})

    def __reduce__(self) -> tuple[type[Note], tuple[object, ...]]:
        return Note, (self.code, self.template, dict(self.counts), dict(self.facts))


def reason_of(error: Exception) -> str:
    """Return what an error says, with its counts where it was raised with a `Note`."""
    return error.args[0] if error.args and isinstance(error.args[0], Note) else str(error)
