"""``[study]``: what kind of study it is and whom it speaks of; without, what to add is told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from analyses.study.sections import DESIGNS, ONE_GROUP, About
from data_dictionary.errors import nearest
from data_dictionary.mistakes import Mistakes
from data_dictionary.roles import Noun
from data_dictionary.schema import keys_of, read
from data_dictionary.toml_text import toml_value

NOT_BUILT = "differences"
WORDS: Mapping[str, Noun] = {
    name: Noun(singular=one, plural=several, definite=all_)
    for name, (one, several, all_) in {
        "treated": ("deltager", "deltagere", "deltagerne"),
        "comparison": (
            "sammenligningsperson", "sammenligningspersoner", "sammenligningspersonerne",
        ),
        "unit": ("borger", "borgere", "borgerne"),
    }.items()
}  # fmt: skip
"""Words that a report may take, to begin with."""
_INDENT = "\n      "


def read_about(raw: object, mistakes: Mistakes, *, has_arms: bool = True) -> About:
    """Return the section; what the report may not guess is asked for with the lines to add.

    Where no section is about arms and no kind is given, only words for one group are asked for.
    """
    given: dict[str, Any] = dict(raw) if isinstance(raw, dict) else {}
    known: dict[str, object] = {}
    for name in ("design", "words"):
        # Misspelt it is not asked for again.
        meant = nearest(name, (one for one in given if one not in keys_of(About)))
        if name not in given and meant is not None:
            given[name] = given[meant]
    if given.get("design") == NOT_BUILT:
        mistakes.add(
            "[study]",
            f"design = '{NOT_BUILT}' is not built yet: the comparison of changes in several "
            "groups, of the same persons or of others, will come. Until then compare one wave "
            f"at a time, or describe one group over time. Allowed: {', '.join(DESIGNS)}.",
        )
    elif "design" not in given:
        lines = [f'design = "{name}"   # {meaning}' for name, meaning in DESIGNS.items()]
        mistakes.add(
            "[study]",
            "'design' is missing; the report says what kind of study this is, and nothing in "
            f"the data can tell. Add one of these lines:{_INDENT}{_INDENT.join(lines)}",
        )
    if given.get("design") in (None, NOT_BUILT):
        known["design"] = None
    if "words" not in given:
        known["words"] = None
    about = read(About, given if isinstance(raw, dict) else raw, "[study]", mistakes, known)
    _check_words(
        about, mistakes, is_one=about.design in ONE_GROUP or not (has_arms or about.design)
    )
    return about


def _check_words(about: About, mistakes: Mistakes, *, is_one: bool) -> None:
    """Ask for the words that are missing, with lines that can be changed."""
    needed = ("unit",) if is_one else tuple(WORDS)
    lacking = [name for name in needed if getattr(about.words, name, None) is None]
    if lacking:
        lines = ["[study.words]", *(f"{name} = {toml_value(WORDS[name])}" for name in lacking)]
        mistakes.add(
            "[study.words]",
            f"{', '.join(lacking)} missing; the report calls those it speaks of as you do. "
            f"Add, with your own words:{_INDENT}{_INDENT.join(lines)}",
        )
    for name in ("treated", "comparison") if about.design in ONE_GROUP else ():
        if getattr(about.words, name, None) is not None:
            mistakes.add("[study.words]", f"{name}: {ONE_GROUP[about.design]} has one group")
