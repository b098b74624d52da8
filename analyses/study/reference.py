"""What may stand in a study file: the reference as Markdown and the JSON Schema for editors."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, get_args

from analyses.outcomes.kind import Kind
from analyses.outcomes.kinds import KINDS
from analyses.study.cohort import Cohort, TimeZero
from analyses.study.comparison import Comparison, Design, LearnerOption
from analyses.study.derived import Counted, Recorded, Scored, YearsSince
from analyses.study.files import Benchmark, DataFile
from analyses.study.methods import BY_NAME, KEYWORDS
from analyses.study.plan import Inference, SensitivityPlan, Smallest
from analyses.study.sections import (
    About,
    Disclosure,
    IntentionToTreat,
    PathPlan,
    ReportFacts,
    Shares,
    StudyWords,
)
from analyses.study.study_file import StatusGroup, StudyFile
from data_dictionary.roles import Noun
from data_dictionary.schema import keys_of
from data_dictionary.schema_pages import JSON_SCHEMA, json_schema, reference_rows, rows_of
from evaluation.comparison.matching.nearest import Nearest
from evaluation.comparison.method import Method
from evaluation.robustness.verdict import Thresholds

Titled = tuple[str, type, type | None]


def _kinds() -> Iterator[Titled]:
    """Yield what outcomes have in common, from the most of them to one kind."""
    told: set[type] = {Kind}
    for kind in KINDS:
        word = get_args(keys_of(kind)["kind"].hint)[0]
        for section in reversed(kind.__mro__):
            if issubclass(section, Kind) and section not in told:
                told.add(section)
                above = next(base for base in section.__mro__[1:] if base in told)
                source = f", from {section.comes_from}" if section.comes_from else ""
                title = f'[[outcome]] kind = "{word}"{source}'
                yield title, section, above


TABLES: tuple[Titled, ...] = (
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
    ("[[outcome]]", Kind, None),
    ("[[outcome]] smallest = { value, reason, bias }", Smallest, None),
    *_kinds(),
    ("[contrast.itt]", IntentionToTreat, None),
    ("[path]", PathPlan, None),
    ("[[shares]]", Shares, None),
    ("[inference]", Inference, None),
    ("[sensitivity]", SensitivityPlan, None),
    ("[sensitivity.thresholds]", Thresholds, None),
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
            sections.append(_keywords())
    return "\n".join(sections)


def _keywords() -> str:
    """Return the keywords and options of every method, as its object declares them."""
    lines = [
        "### Keywords and options of the methods\n",
        f"{', '.join(f'`{name}`' for name in KEYWORDS)} stand in `[comparison]` and "
        "`[[design]]` themselves, the others in `[comparison.options]` and `[design.options]`. "
        "The order left out is `data` where `[cohort.time_zero]` makes index dates; `random` "
        "draws from the study's seed. `caliper = inf` in a `[[design]]` lifts the caliper that "
        "it inherits.\n",
        "| method | key | what it is | default | meaning |\n|:--|:--|:--|:--|:--|",
    ]
    for method, kind in BY_NAME.items():
        for name, what, default, meaning in _rows(kind):
            lines.append(f"| `{method}` | `{name}` | {what} | {default} | {meaning} |")
    return "\n".join([*lines, ""])


def _rows(kind: type[Method]) -> Iterator[tuple[str, str, str, str]]:
    for row in reference_rows(kind):
        if row[0] == "learner":
            yield from reference_rows(LearnerOption)
        elif row[0] != "seed":
            yield row


def study_schema() -> dict[str, Any]:
    """Return the JSON Schema of a study file."""
    schema = json_schema(StudyFile)
    sections = schema["properties"]
    options: list[dict[str, Any]] = []
    keywords: dict[str, Any] = {}
    for kind in BY_NAME.values():
        one = json_schema(kind)
        own = one["properties"]
        own.pop("seed", None)
        if "learner" in own:
            own |= json_schema(LearnerOption)["properties"]
        keywords |= {name: own.pop(name) for name in KEYWORDS if name in own}
        options.append(one)
    # A distance that one method offers alone is a text to the others.
    keywords["distance"] = json_schema(Nearest)["properties"]["distance"]
    comparison = sections["comparison"]["properties"]
    comparison |= keywords
    comparison["options"] = {
        "description": "What the method may be told beyond the keys here.",
        "anyOf": options,
    }
    design = sections["design"]["items"]["properties"]
    design |= {name: one for name, one in comparison.items() if name != "label"}
    return {"$schema": JSON_SCHEMA, "title": "enplan study file", **schema}
