"""What the title of a figure says: its finding, in the clauses that the sentences are made of.

A number from which nothing can be concluded is in no title, as it is in no summary.
"""

from __future__ import annotations

from collections.abc import Sequence

from evaluation.grades import Grade
from reports.words.certainty import CERTAINTY
from reports.words.danish import listing, small_number, upper_first
from reports.words.wording import Finding

# More differences than these are counted where nothing is found in them.
_NAMED = 3
_FOUND = (Grade.CERTAIN, Grade.INDICATION)


def certainty_end(finding: Finding) -> str:
    """Return how sure a difference is, as it ends a title that has told its size."""
    word = CERTAINTY[finding.grade].danish
    return f"; det {word}" if finding.grade is Grade.INDICATION else f"; forskellen er {word}"


def difference_title(finding: Finding, difference: str) -> str:
    """Return one difference in words with how sure it is, as `headline` says it in a sentence."""
    grade = _shown(finding)
    if grade is Grade.HIDDEN:
        return f"Forskellen i {finding.label} er {CERTAINTY[grade].danish}"
    if grade is Grade.REFUSED:
        return f"Forskellen i {finding.label}: {CERTAINTY[grade].danish}"
    return f"{upper_first(difference)}{certainty_end(finding)}"


def differences_title(
    findings: Sequence[Finding], names: Sequence[str], kind: str, *, among: str = "i"
) -> str:
    """Return what several differences are found to be, by how sure they are.

    `names` are those of the rows within a sentence, `kind` what they are, in the plural, and
    `among` the word that ties a difference to them.
    """
    groups: dict[Grade, list[str]] = {}
    for one, name in zip(findings, names, strict=True):
        groups.setdefault(_shown(one), []).append(_sized(one, name))
    if set(groups) == {Grade.UNCERTAIN}:
        return (
            f"Ingen {CERTAINTY[Grade.CERTAIN].danish} forskel {among} {_few(names, kind, 'de')}"
        )
    parts = [
        f"{words.danish}: {_few(groups[grade], kind, 'andre' if len(groups) > 1 else 'alle')}"
        if grade not in _FOUND
        else f"{words.danish}: {listing(groups[grade])}"
        for grade, words in CERTAINTY.items()
        if grade in groups
    ]
    return upper_first("; ".join(parts))


def _few(names: Sequence[str], kind: str, which: str) -> str:
    """Return the names of a few, or how many there are."""
    many = small_number(len(names))
    counted = f"{many} andre {kind}" if which == "andre" else f"{which} {many} {kind}"
    return (
        counted if len(names) > _NAMED else listing(names, "eller" if which == "de" else "og")
    )


def _shown(finding: Finding) -> Grade:
    """Return the grade as a title may tell it: without an interval there is nothing to tell."""
    is_known = finding.is_told or finding.grade is Grade.HIDDEN
    return finding.grade if is_known else Grade.REFUSED


def _sized(finding: Finding, name: str) -> str:
    """Return a name, with the size of its difference where there is one."""
    if _shown(finding) not in _FOUND:
        return name
    word = "" if finding.is_ratio else finding.direction()
    return f"{name} ({f'{finding.amount} {word}'.strip()})"
