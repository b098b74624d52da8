"""The reference of the study file as Markdown, made from the keys that check it."""

from __future__ import annotations

from analyses import study_keys as keys
from analyses.keys import Key, Keys
from analyses.study_values import KINDS

TABLES: tuple[tuple[str, Keys], ...] = (
    ("[study]", keys.STUDY),
    ("[[data.TABLE]]", keys.FILE),
    ("[cohort]", keys.COHORT),
    ("[cohort.time_zero]", keys.TIME_ZERO),
    ("[derive] NAME = { from, status, weeks }", keys.DERIVE_FORMS["from"]),
    ("[derive] NAME = { score, wave }", keys.DERIVE_FORMS["score"]),
    ("[derive] NAME = { years_since }", keys.DERIVE_FORMS["years_since"]),
    ("[comparison]", keys.COMPARISON),
    ("[[outcome]]", keys.OUTCOME),
    ('[[outcome]] kind = "time", from a register', keys.REGISTER_TIME),
    ('[[outcome]] kind = "time", from columns', keys.COLUMN_TIME),
    ('[[outcome]] kind = "score"', keys.SCORE),
    ('[[outcome]] kind = "value"', keys.VALUE),
    ("[contrast.itt]", keys.ITT),
    ("[[shares]]", keys.SHARES),
    ("[inference]", keys.INFERENCE),
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
    return "\n".join(_section(title, own) for title, own in TABLES)


def _section(title: str, own: Keys) -> str:
    head = f"### `{title}`\n\n| key | what it is | default | meaning |\n|:--|:--|:--|:--|"
    return "\n".join([head, *(_row(name, key) for name, key in own.items()), ""])


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
