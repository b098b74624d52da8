"""What a study of one group over time must have: a survey in several waves, and its scales."""

from __future__ import annotations

from collections.abc import Iterator

from analyses.study.references import tables_of
from analyses.study.sections import Study
from data_dictionary import Codebook

# What such a study reads; of other tables it would say nothing.
ROLES = ("survey", "persons")


def one_group_faults(study: Study, words: Codebook) -> Iterator[tuple[str, str]]:
    """Yield why a study before and after has nothing to describe."""
    tables = tables_of(study, words)
    if not study.shares:
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
        if table.role not in ROLES:
            yield (
                f"[[data.{name}]]",
                f'has role = "{table.role}"; a study before and after reads surveys. Leave the '
                "file out",
            )
    for plan in study.shares:
        waves = study.waves(plan.table)
        if plan.table in tables and len(waves) < 2:
            given = ", ".join(map(str, waves)) or "none"
            yield (
                f"[[data.{plan.table}]]",
                f"waves: {given}. A study before and after needs a file of each wave, with "
                "wave = 1, wave = 2 and so on",
            )
