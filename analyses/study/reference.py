"""What may stand in a study file: the reference as Markdown and the JSON Schema for editors."""

from __future__ import annotations

from typing import Any

from analyses.study.cohort import Cohort, TimeZero
from analyses.study.comparison import Comparison, Design, LearnerName
from analyses.study.derived import Counted, Recorded, Scored, YearsSince
from analyses.study.files import Benchmark, DataFile
from analyses.study.methods import OPTIONS
from analyses.study.outcomes import (
    CaseClosed,
    ColumnTime,
    Outcome,
    PaidHours,
    RegisterTime,
    Score,
    TimeOutcome,
    Value,
    Weekly,
)
from analyses.study.sections import (
    About,
    Disclosure,
    Inference,
    IntentionToTreat,
    PathPlan,
    ReportFacts,
    SensitivityPlan,
    Shares,
    StatusGroup,
    StudyFile,
    StudyWords,
)
from data_dictionary.roles import Noun
from data_dictionary.schema import keys_of
from data_dictionary.schema_pages import JSON_SCHEMA, json_schema, reference_rows, rows_of

TABLES: tuple[tuple[str, type, type | None], ...] = (
    ("[study]", About, None),
    ("[study.words]", StudyWords, None),
    ("[study.words] treated, comparison, unit", Noun, None),
    ("[[data.TABLE]]", DataFile, None),
    ("[statuses] NAME = members", StatusGroup, None),
    ("[cohort]", Cohort, None),
    ("[cohort.time_zero]", TimeZero, None),
    ("[derive] NAME = { from, status, weeks }", Counted, None),
    ("[derive] NAME = { from, column }", Recorded, None),
    ("[derive] NAME = { score, wave }", Scored, None),
    ("[derive] NAME = { years_since }", YearsSince, None),
    ("[comparison]", Comparison, None),
    ("[[design]]", Design, None),
    ("[[outcome]]", Outcome, None),
    ('[[outcome]] kind = "time"', TimeOutcome, Outcome),
    ('[[outcome]] kind = "time", from a register', RegisterTime, TimeOutcome),
    ('[[outcome]] kind = "time", from a weekly register', Weekly, RegisterTime),
    ('[[outcome]] kind = "time", from monthly hours', PaidHours, RegisterTime),
    ('[[outcome]] kind = "time", from spells', CaseClosed, RegisterTime),
    ('[[outcome]] kind = "time", from columns', ColumnTime, TimeOutcome),
    ('[[outcome]] kind = "score"', Score, Outcome),
    ('[[outcome]] kind = "value"', Value, Outcome),
    ("[contrast.itt]", IntentionToTreat, None),
    ("[path]", PathPlan, None),
    ("[[shares]]", Shares, None),
    ("[inference]", Inference, None),
    ("[sensitivity]", SensitivityPlan, None),
    ("[disclosure]", Disclosure, None),
    ("[benchmark]", Benchmark, None),
    ("[report]", ReportFacts, None),
)
"""Each section's title, its declaration, and the one above it whose keys are not told again."""


def reference() -> str:
    """Return one Markdown table per section: key, type, default and meaning.

    Examples
    --------
    >>> reference().splitlines()[0]
    '### `[study]`'
    """
    sections = []
    for title, section, above in TABLES:
        sections.append(f"### `{title}`\n\n{rows_of(section, above)}\n")
        if section is Design:
            sections.append(
                "Every other key of `[comparison]`; what is left out is that of "
                "`[comparison]`.\n"
            )
            sections.append(_options())
    return "\n".join(sections)


def _options() -> str:
    """Return the options of every method, as the fields of its object declare them."""
    lines = [
        "### `[comparison.options]` and `[design.options]`\n",
        "The fields of the object in `evaluation` that stands beside the method; its "
        "documentation tells what they mean.\n",
        "| method | option | what it is | default |\n|:--|:--|:--|:--|",
    ]
    for method, kind in OPTIONS.items():
        learner = next(reference_rows(LearnerName))
        for row in reference_rows(kind):
            name, what, default, _ = learner if row[0] == "learner" else row
            lines.append(f"| `{method}` (`{kind.__name__}`) | `{name}` | {what} | {default} |")
    return "\n".join([*lines, ""])


def study_schema() -> dict[str, Any]:
    """Return the JSON Schema of a study file."""
    schema = json_schema(StudyFile)
    sections = schema["properties"]
    options = []
    for kind in OPTIONS.values():
        one = json_schema(kind)
        if "learner" in one["properties"]:
            one["properties"]["learner"] = json_schema(LearnerName)["properties"]["learner"]
        options.append(one)
    comparison = sections["comparison"]
    comparison["properties"]["options"] = {
        "description": "What the method may be told beyond the keys here.",
        "anyOf": options,
    }
    inherited = {name: one for name, one in comparison["properties"].items() if name != "label"}
    design = sections["design"]["items"]
    design["properties"] |= inherited
    return {
        "$schema": JSON_SCHEMA,
        "title": "enplan study file",
        **schema,
        "required": [name for name, one in keys_of(StudyFile).items() if one.required],
    }
