"""Random rows of effects, as a run can make them, and how their words are read again."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from hypothesis import assume
from hypothesis import strategies as st

from evaluation.grades import Grade, is_bounded
from evaluation.terms import RATIO_UNITS
from reports.rows import Effects
from reports.words.certainty import CERTAINTY
from reports.words.danish import MINUS, NOISE
from reports.words.wording import Finding
from tests.reports import minimal

NAN = math.nan
ALPHA = 0.05
NUMBER = rf"{MINUS}?\d[\d.]*(?:,\d+)?"
SURE = re.compile(r"(?<!ikke )(?<!ikke fundet en )statistisk sikker\b")
UP = re.compile(r"\b(højere|længere|flere|mere)\b")
DOWN = re.compile(r"\b(lavere|kortere|færre|mindre)\b")
KINDS = (
    ("incidence", "percentage points"),
    ("score_difference", "scale points (0-100)"),
    ("accumulated_weeks_104", "weeks"),
    ("mean_difference", "dollar"),
    ("mean_difference", "andel"),
    ("hazard_ratio", "hazard ratio"),
    ("subdistribution_hazard_ratio", "subdistribution hazard ratio"),
    ("time_ratio", "time ratio"),
)
# Sizes beside the border of every rounding, and large ones.
APART = st.one_of(
    st.floats(1e-9, 1e-3),
    st.sampled_from([0.004999, 0.005, 0.04, 0.0499, 0.05, 0.0501, 0.0951, 0.5, 0.95]),
    st.floats(0.001, 60.0),
)


def number_in(text: str) -> float:
    return float(text.replace(".", "").replace(",", ".").replace(MINUS, "-"))


@dataclass(frozen=True)
class Drawn:
    """A finding with the exact numbers that its grade was judged by."""

    finding: Finding
    p: float
    adjusted: float


@st.composite
def drawn(draw: st.DrawFn, *, kinds: tuple[tuple[str, str], ...] = KINDS) -> Drawn:
    """Draw a row as a run can make it: sign, size, limits at the null, refused or hidden."""
    term, unit = draw(st.sampled_from(kinds))
    is_ratio = unit in RATIO_UNITS
    sides = draw(st.sampled_from(["above", "below", "across", "touches", "refused", "hidden"]))
    near, wide, more = draw(APART), draw(APART), draw(APART)
    low, value, high = {
        "above": (near, near + wide, near + wide + more),
        "below": (-near - wide - more, -near - wide, -near),
        "across": (-near, draw(st.sampled_from([0.0, 1e-9, near / 3, -near / 3])), wide),
        "touches": (0.0, wide, wide + more),
    }.get(sides, (NAN, draw(st.sampled_from([-1.0, 1.0])) * near, NAN))
    # The test and its interval agree; on the border the test rejects.
    p = {
        "across": draw(st.sampled_from([0.0500001, 0.0504, 0.2, 0.97])),
        "touches": ALPHA,
    }.get(sides, draw(st.sampled_from([1e-9, 0.0004, 0.0123, 0.0496, 0.04996])))
    if sides in ("refused", "hidden"):
        p = NAN
    adjusted = draw(st.sampled_from([NAN, p, min(1.0, 2 * p)])) if not math.isnan(p) else NAN
    is_tested = draw(st.booleans())
    assume(is_tested or math.isnan(adjusted))
    low, value, high = (math.exp(one / 20) if is_ratio else one for one in (low, value, high))
    value = NAN if sides == "hidden" else value
    row = Effects(
        outcome="employment",
        term=term,
        unit=unit,
        estimate=value,
        conf_low=low,
        conf_high=high,
        p_value=p,
        p_adjusted=adjusted,
        n_treated=400,
        n_comparison=400,
        conf_level=0.95,
    )
    smallest = draw(st.sampled_from([0.1, 1.3, 5.0, 200.0]))
    bounded = is_tested and is_bounded(low, high, smallest, is_ratio=is_ratio)
    grade = minimal.grade(value, p, adjusted, is_tested=is_tested)
    words = minimal.PARTICIPANTS
    made = Finding(**vars_of(row), label="job", grade=grade, words=words, is_bounded=bounded)
    return Drawn(made, p, adjusted)


def vars_of(row: Effects) -> dict[str, object]:
    return {name: getattr(row, name) for name in Effects.__dataclass_fields__}


def on_its_side(shown: str, exact: float, null: float) -> bool:
    """Whether a number lies where the exact one does: above, below, or on no difference."""
    apart = number_in(shown) - null
    if abs(exact - null) < NOISE:
        return abs(apart) < NOISE
    return apart * (exact - null) > 0


def check_title(title: str, one: Finding) -> None:
    """Check that a title on one row has its direction, its size and its word of certainty."""
    is_seen = one.is_told or one.grade is Grade.HIDDEN
    grade = one.grade if is_seen else Grade.REFUSED
    word = CERTAINTY[grade].danish
    assert title.endswith(word), title
    assert bool(SURE.search(title)) == (grade is Grade.CERTAIN), title
    assert "nan" not in title.split()
    if grade in (Grade.HIDDEN, Grade.REFUSED):
        assert not re.search(r"\d,\d", title), title
        assert not UP.search(title), title
        assert not DOWN.search(title), title
        return
    apart = one.estimate - one.null
    size = title.rsplit("; ", 1)[0]
    if not one.direction():
        assert "på samme niveau" in size or "lige så mange" in size, title
        assert not one.is_told_apart
        return
    assert bool(UP.search(size)) == (apart > 0), title
    assert bool(DOWN.search(size)) == (apart < 0), title
    assert one.shown(one.estimate if one.is_ratio else abs(one.estimate)) in size, title


def check_titles(title: str, findings: Sequence[Finding], names: Sequence[str]) -> None:
    """Check that a title names each row beside its own word, with its size if it is found."""
    parts = re.split(r"; (?=[a-zæøå ,]+: )", title)
    for one, name in zip(findings, names, strict=True):
        own = [part for part in parts if re.search(rf"{re.escape(name)}(?!\w)", part)]
        is_seen = one.is_told or one.grade is Grade.HIDDEN
        grade = one.grade if is_seen else Grade.REFUSED
        is_found = grade in (Grade.CERTAIN, Grade.INDICATION)
        if not own:
            # Where many are alike they are counted, but never what is found.
            assert not is_found, title
            continue
        (part,) = own
        assert part.lower().startswith((CERTAINTY[grade].danish, "ingen statistisk sikker"))
        sized = re.search(rf"{re.escape(name)} \(([^()]*(?:\([^)]*\))?[^()]*)\)", part)
        assert bool(sized) == is_found, title
        if sized:
            word = "" if one.is_ratio else one.direction()
            assert sized[1] == f"{one.amount} {word}".strip()
            assert one.is_ratio or (word == "højere") == (one.estimate > one.null), title
