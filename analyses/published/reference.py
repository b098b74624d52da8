"""The page on the results folder, made from the declarations of its tables."""

from __future__ import annotations

from collections.abc import Mapping

from analyses.published.table import Studies
from analyses.published.tables import TABLES

HEAD = """# The tables of a results folder

Made by `analyses.published.reference` from the declarations in `analyses/published/`. A table
without a declaration, or without a rule of protection, is not published. CSV: comma, decimal
point, UTF-8, nothing where there is no value. Numbers have as many digits as those behind them
bear; where the data are public nothing is hidden, and they have ten. A parquet file of the
same name holds the same numbers and says why a cell is empty: `small`, a count of 0 to
`min_cell` - 1 that may be called so, or `hidden`, anything else that was left out; a cell
without a reason never had a number. Sizes that nest are told together: one that lies within
`min_cell` of another is told as that one. A study of one group (`design = "before_after"` or
`"description"`) has the tables on surveys and those that are marked; the others belong to
studies that compare.
"""


_ONLY: Mapping[Studies, str] = {
    "one group": "Only in a study of one group.",
    "over time": "Only in a study of one group before and after.",
    "described": "Only in a description.",
}


def reference() -> str:
    """Return one section per table: what it tells, its columns, and what protects it.

    Examples
    --------
    >>> reference().splitlines()[0]
    '# The tables of a results folder'
    """
    parts = [HEAD]
    for table in TABLES.values():
        rule = " ".join((table.protect.__doc__ or "").split("\n\n")[0].split())
        others = ", ".join(f"`{name}.csv`" for name in table.agrees_with)
        lines = [f"## `{table.name}.csv`", "", table.meaning, "", f"*Protection.* {rule}"]
        lines += [f"It agrees with {others}."] if others else []
        digits = (
            f"{', '.join(f'`{name}`' for name in one.rounds)}: {one.told}"
            for one in table.digits
        )
        lines += ["", f"*Digits.* {'; '.join(digits)}."] if table.digits else []
        lines += [_ONLY[table.studies]] if table.studies in _ONLY else []
        lines += ["", "| column | what it is | meaning |", "|:--|:--|:--|"]
        lines += [
            f"| `{name}` | {one.role.replace('_', '-')} | {one.meaning} |"
            for name, one in table.columns.items()
        ]
        parts.append("\n".join([*lines, ""]))
    return "\n".join(parts)
