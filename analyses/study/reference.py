"""The reference of the study file as Markdown, made from the keys that check it."""

from __future__ import annotations

from dataclasses import fields

from analyses.study import section_keys as keys
from analyses.study.comparison_keys import COMPARISON, DESIGN, OPTIONS
from analyses.study.derive_keys import DERIVE_FORMS
from analyses.study.keys import Key, Keys
from analyses.study.options import default_of, option_hints, wording
from analyses.study.path import PATH
from analyses.study.register_keys import STATUSES
from analyses.study.values import KINDS

TABLES: tuple[tuple[str, Keys], ...] = (
    ("[study]", keys.STUDY),
    ("[[data.TABLE]]", keys.FILE),
    ("[statuses] NAME = [...]", STATUSES),
    ("[cohort]", keys.COHORT),
    ("[cohort.time_zero]", keys.TIME_ZERO),
    ("[derive] NAME = { from, status, weeks }", DERIVE_FORMS["from"]),
    ("[derive] NAME = { from, column }", DERIVE_FORMS["column"]),
    ("[derive] NAME = { score, wave }", DERIVE_FORMS["score"]),
    ("[derive] NAME = { years_since }", DERIVE_FORMS["years_since"]),
    ("[comparison]", COMPARISON),
    ("[[design]]", DESIGN),
    ("[[outcome]]", keys.OUTCOME),
    ('[[outcome]] kind = "time", from a register', keys.REGISTER_TIME),
    ('[[outcome]] kind = "time", from columns', keys.COLUMN_TIME),
    ('[[outcome]] kind = "score"', keys.SCORE),
    ('[[outcome]] kind = "value"', keys.VALUE),
    ("[contrast.itt]", keys.ITT),
    ("[path]", PATH),
    ("[[shares]]", keys.SHARES),
    ("[inference]", keys.INFERENCE),
    ("[sensitivity]", keys.SENSITIVITY),
    ("[disclosure]", keys.DISCLOSURE),
    ("[benchmark]", keys.BENCHMARK),
    ("[report]", keys.REPORT),
)


def reference() -> str:
    """Return one Markdown table per section: key, type, default and meaning.

    Examples
    --------
    >>> reference().splitlines()[0]
    '### `[study]`'
    """
    sections = []
    for title, own in TABLES:
        sections.append(_section(title, own))
        if own is DESIGN:
            sections.append(_options())
    return "\n".join(sections)


def _section(title: str, own: Keys) -> str:
    head = f"### `{title}`\n\n| key | what it is | default | meaning |\n|:--|:--|:--|:--|"
    return "\n".join([head, *(_row(name, key) for name, key in own.items()), ""])


def _options() -> str:
    """Return the options of every method, as the fields of its object declare them."""
    lines = [
        "### `[comparison.options]` and `[design.options]`\n",
        "The fields of the object in `evaluation` that stands beside the method; its "
        "documentation tells what they mean.\n",
        "| method | option | what it is | default |\n|:--|:--|:--|:--|",
    ]
    for method, kind in OPTIONS.items():
        hints = option_hints(method)
        for field in (one for one in fields(kind) if one.name in hints):
            shown = _shown(default_of(field) or None)
            what = wording(hints[field.name])
            lines.append(
                f"| `{method}` (`{kind.__name__}`) | `{field.name}` | {what} | {shown} |"
            )
    return "\n".join([*lines, ""])


def _row(name: str, key: Key) -> str:
    wording = "a text" if key.kind == "text" else KINDS[key.kind][1]
    kind = " or ".join(f"`{item}`" for item in key.allowed) or wording
    default = "required" if key.required else _shown(key.default)
    return f"| `{name}` | {kind} | {default} | {key.meaning} |"


def _shown(value: object) -> str:
    if value is None or value == ():
        return ""
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, tuple):
        return f"`{list(value)}`"
    return f'`"{value}"`' if isinstance(value, str) else f"`{value}`"
