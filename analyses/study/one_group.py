"""What a study of one group must have: over time a survey in several waves, and its scales."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from analyses.study.references import tables_of
from analyses.study.sections import ONE_GROUP, Study
from data_dictionary import Codebook

# What such a study reads; of other tables it would say nothing.
ROLES = ("survey", "persons")


def one_group_faults(study: Study, words: Codebook) -> Iterator[tuple[str, str]]:
    """Yield why a study of one group has nothing to tell of."""
    tables, what = tables_of(study, words), ONE_GROUP[study.design]
    if study.design == "description":
        yield from _description_faults(study)
    elif not study.shares:
        surveys = [name for name, table in tables.items() if table.role == "survey"]
        scales = [one.name for one in words.scales.values() if one.table in surveys]
        yield (
            "[[shares]]",
            "is missing; a study before and after describes the answers of a survey. Add\n"
            f'      [[shares]]\n      table = "{next(iter(surveys), "...")}"\n'
            f'      scales = ["{next(iter(scales), "...")}"]   # scales of the dictionary\n'
            "      agree = [4, 5]   # answers that count as agreeing",
        )
    for name, table in tables.items():
        people = [one for one in tables.values() if one.role == "persons"]
        if table.role == "survey" and table.asked == "persons" and not people:
            yield (
                f"[[data.{name}]]",
                'the dictionary says asked = "persons", and no table of persons has a file in '
                '[data]; name it, or say asked = "rows" or "unknown"',
            )
        if table.role not in ROLES:
            yield (
                f"[[data.{name}]]",
                f'has role = "{table.role}"; {what} reads surveys. Leave the file out',
            )
    if study.design != "description":
        yield from share_faults(study, words, least=2)


def _description_faults(study: Study) -> Iterator[tuple[str, str]]:
    if study.shares:
        # Two answers together beside each of them would tell of a few by subtraction.
        yield "[[shares]]", "a description tells every answer; leave the section out"
    for name, n in Counter(file.table for file in study.files).items():
        if n > 1 and len(study.waves(name)) < n:
            yield f"[[data.{name}]]", "give each file its wave: wave = 1, wave = 2 and so on"


def share_faults(study: Study, words: Codebook, *, least: int) -> Iterator[tuple[str, str]]:
    """Yield why shares of answers cannot be shown: no waves, no scales, or unknown answers."""
    tables = tables_of(study, words)
    for at, plan in enumerate(study.shares, start=1):
        where, waves = f"[[shares]] {at}", study.waves(str(plan.table))
        if plan.table in tables and len(waves) < least:
            given = ", ".join(map(str, waves)) or "none"
            need = "wave = 1, wave = 2 and so on" if least > 1 else "wave = 1"
            yield f"[[data.{plan.table}]]", f"waves: {given}. Give each file its wave: {need}"
        for key in ("scales", "agree"):
            if getattr(plan, key) == ():
                yield where, f"{key} is empty; name at least one"
        scales = [words.scales[name] for name in plan.scales or () if name in words.scales]
        for scale in scales:
            if scale.table != plan.table:
                yield where, f"scale '{scale.name}' is of table '{scale.table}'"
                continue
            table = words.tables[str(scale.table)]
            codes = {code for item in scale.items for code in table.column(item).codes}
            for level in plan.agree or ():
                # Without codes any number may be an answer; a text never is.
                if (codes and level not in codes) or isinstance(level, str):
                    known = ", ".join(map(str, sorted(codes, key=str))) or "numbers"
                    yield where, f"agree: {level!r} is no answer of '{scale.name}': {known}"
