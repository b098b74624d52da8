"""One column of a dictionary drafted from what one or more files hold and say of it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from data_dictionary.columns import MISSING_KINDS, Code, Column, ColumnType, MissingKind
from data_dictionary.cpr import masked
from data_dictionary.tables import Table
from surveys.files.source import Source, Value
from surveys.files.stat_table import kind_of_label

# A level that fewer persons have may tell who they are.
LEAST = 5
_LEVELS, _LETTERS = 12, 60
_UNLABELLED, _LARGEST_CODE = 3, 9999
_PHRASE = 40
# "Per day", "in the last 4 weeks": no amounts of days or weeks.
_AMOUNT = r"(?<!per )(?<!pr )(?<!pr\. )(?<!\d )\b"
_UNITS = (
    (r"\bkr\b|\bkroner\b|\bdkk\b", "kr."), (rf"{_AMOUNT}(?:timer|hours|hrs)\b", "timer"),
    (rf"{_AMOUNT}(?:minutter|minutes)\b", "minutter"), (rf"{_AMOUNT}(?:uger|weeks)\b", "uger"),
    (rf"{_AMOUNT}(?:måneder|months)\b", "måneder"), (rf"{_AMOUNT}(?:dage|days)\b", "dage"),
    (rf"{_AMOUNT}(?:år|years)\b|\balder\b|\bage\b", "år"),
    (r"\bprocent\b|\bpct\b|%|\bper ?cent\b", "procent"), (r"\bcm\b|centimet", "cm"),
    (r"\bkg\b|\bkilo\b", "kg"), (r"\bkm\b", "km"),
)  # fmt: skip
_IDENTIFYING = re.compile(
    r"navn|name|mail|telefon|phone|tlf|mobil|adress|addr|\bip|_ip|cpr|birth|fødsel|url|kontakt"
    r"|(?:^|_)id(?:_|$)|bemærk|bemaerk|komment|comment|note|fritekst|uddyb|andet.*tekst",
    re.IGNORECASE,
)
_LONG_NUMBER = re.compile(r"\d{9}")
_LETTER = re.compile(r"[a-z]", re.IGNORECASE)
_TOKEN = re.compile(r"(?=.*\d)[0-9A-Za-z_-]+")
_DATE = re.compile(r"\d{1,4}[-./]\d{1,2}[-./]\d{1,4}(?:[ T].*)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafted:
    """A column, and what a person must decide: key of the declaration to question."""

    column: Column
    questions: Mapping[str, str] = field(default_factory=dict)

    def having(self, questions: Mapping[str, str], changes: Mapping[str, Any]) -> Drafted:
        """Return the same with some keys of the column changed, and more questions."""
        column = replace(self.column, **dict(changes))
        return Drafted(column=column, questions={**self.questions, **questions})


def draft_column(name: str, held: Sequence[tuple[Source, str]]) -> Drafted:
    """Return the declaration of a column that every one of its files keeps to.

    Parameters
    ----------
    name : str
        Its name in the dictionary.
    held : sequence of (Source, str)
        The files that have it, in order, and its name in each; what an earlier file says wins.
    """
    label = next((text for s, at in held if (text := _told(s.variable_labels.get(at)))), "")
    questions = {} if label else {"label": "no file tells its text"}
    labels: dict[Code, str] = {}
    missing: dict[Code, MissingKind] = {}
    for source, at in held:
        told = _labels_of(source, at)
        labels = {code: text or str(code) for code, text in told.items()} | labels
        found, question = _missing(source.missing.get(at, {}), told)
        missing = found | missing
        questions |= {"missing": question} if question else {}
    codes = {code: text for code, text in labels.items() if code not in missing}
    series = [source.frame[at] for source, at in held]
    bare = Column(name=name, type="string", label=label or name)
    plain = Drafted(column=replace(bare, missing=missing), questions=questions)
    for candidate in _candidates(plain, codes, series):
        if all(_fits(candidate.column, one) for one in series):
            return candidate
    return Drafted(column=bare, questions={**questions, "type": "its values fit no other type"})


def _told(text: object) -> str:
    """Return a text of a file on one line, without what looks like a CPR number."""
    return masked(" ".join(str(text).split())) if text else ""


def _labels_of(source: Source, at: str) -> dict[Code, str]:
    """Return the labels of a column's codes; letters among numbers stand for no answer."""
    told = {_code(code): _told(text) for code, text in source.value_labels.get(at, {}).items()}
    if not _is_number(source.frame[at]) and all(isinstance(code, str) for code in told):
        return told
    return {f".{c}" if _LETTER.fullmatch(str(c)) else c: text for c, text in told.items()}


def _is_number(series: pd.Series[Any]) -> bool:
    """Whether a column holds numbers, and letters for no answer beside them at most."""
    if pd.api.types.is_numeric_dtype(series.dtype):
        return True
    answers = [value for value in pd.unique(series.dropna()) if not str(value).startswith(".")]
    return bool(answers) and all(isinstance(v, int | float | np.number) for v in answers)


def _code(code: Value) -> Code:
    """Return a code as a dictionary writes it."""
    return (
        int(code) if isinstance(code, float | int) and float(code).is_integer() else str(code)
    )


def _missing(
    declared: Mapping[Value, str], labels: Mapping[Code, str]
) -> tuple[dict[Code, MissingKind], str]:
    """Return the codes for no answer, declared or named like one, and what is in doubt."""
    kinds = {_code(code): kind for code, kind in declared.items()}
    named = {
        code: kind
        for code, text in labels.items()
        if code not in kinds
        if (kind := kind_of_label(text)) != "user" and len(text) <= _PHRASE
    }
    kinds |= {c: "user" for c in labels if str(c).startswith(".") and c not in kinds | named}
    unknown = ", ".join(str(code) for code, kind in kinds.items() if kind not in MISSING_KINDS)
    told = ", ".join(f"{code} '{labels[code]}'" for code in named)
    doubts = (
        f"the file declares {unknown} missing and does not say why" if unknown else "",
        f"by its label alone: {told}; an answer belongs under codes" if told else "",
    )
    found = {
        code: next((known for known in MISSING_KINDS if known == kind), MISSING_KINDS[-1])
        for code, kind in (kinds | named).items()
    }
    return found, "; ".join(filter(None, doubts))


def _counts(series: Sequence[pd.Series[Any]], missing: Mapping[Code, str]) -> pd.Series[Any]:
    """Return how often each answer occurs in all files together; blanks are none."""
    filled = [one[one.notna()].astype(object) for one in series]
    pooled = pd.concat(filled, ignore_index=True)
    pooled = pooled.map(lambda value: value.strip() if isinstance(value, str) else value)
    is_answer = [value != "" and _spelt(value) not in missing for value in pooled]
    counts: pd.Series[Any] = pooled[np.array(is_answer, dtype=np.bool_)].value_counts()
    return counts


def _spelt(value: object) -> Code:
    """Return a value as a code, special missing letters small."""
    if isinstance(value, int | float | np.integer | np.floating):
        return _code(float(value))
    text = str(value)
    return text.lower() if text.startswith(".") else text


def _candidates(
    plain: Drafted, codes: dict[Code, str], series: Sequence[pd.Series[Any]]
) -> Iterator[Drafted]:
    """Yield declarations, the one that says most first; text, which nearly all is, last."""
    counts = _counts(series, plain.column.missing)
    values, name = list(counts.index), plain.column.name
    if not values:
        kind = _empty_type(series, codes)
        doubt = {"type": "no file holds a value"} if any(map(len, series)) else {}
        yield plain.having(doubt, {"type": kind, "codes": codes})
    elif all(isinstance(value, int | float | np.number) for value in values):
        if codes:
            yield from _coded(plain, codes, values)
        if len(values) == 2 and set(values) == {0, 1}:
            yield plain.having({}, {"type": "boolean"})
        unit = _unit(plain.column.label)
        doubt = {"unit": "read out of the label"} if unit else {}
        yield plain.having(doubt, {"type": "integer", "unit": unit})
        yield plain.having(doubt, {"type": "number", "unit": unit})
    elif all(map(_is_dated, values)):
        has_time = any(isinstance(v, dt.datetime) and v.time() != dt.time() for v in values)
        doubt = {"type": "the file has times of day; the day alone is kept"} if has_time else {}
        yield plain.having(doubt, {"type": "date"})
    elif codes:
        # Labels in place of codes.
        yield plain.having({}, {"type": "integer", "codes": codes})
    if codes and all(str(value) in codes for value in values):
        yield plain.having({}, {"codes": codes})
    if _are_levels(name, counts):
        doubt = {"codes": "levels that the files hold, without a label of their own"}
        yield plain.having(doubt, {"codes": {text: text for text in sorted(values)}})
    if values and _is_open(name, counts):
        doubt = {"sensitivity": "text that may tell who a person is"}
        yield plain.having(doubt, {"sensitivity": "identifying"})
    yield plain


def _coded(plain: Drafted, codes: dict[Code, str], values: list[Any]) -> Iterator[Drafted]:
    """Yield the declaration of numbers of which some or all have a label."""
    found = {_code(float(value)) for value in values}
    bare = sorted((code for code in found - set(codes)), key=str)
    whole = [code for code in codes if isinstance(code, int)]
    if not bare:
        yield plain.having({}, {"type": "integer", "codes": codes})
        return
    told = "; ".join(f"{code}: {text}" for code, text in codes.items())
    if len(whole) == 2 and all(min(whole) <= value <= max(whole) for value in values):
        doubt = {"minimum": "a scale of which the file labels the ends alone"}
        limits = {"minimum": min(whole), "maximum": max(whole), "description": told}
        yield plain.having(doubt, {"type": "integer", **limits})
        yield plain.having(doubt, {"type": "number", **limits})
    elif len(bare) <= _UNLABELLED and all(
        isinstance(code, int) and abs(code) <= _LARGEST_CODE for code in bare
    ):
        every = codes | {code: str(code) for code in bare}
        doubt = {"codes": f"no label in the file for {', '.join(map(str, bare))}: what is it?"}
        yield plain.having(
            doubt, {"type": "integer", "codes": dict(sorted(every.items(), key=_order))}
        )
    doubt = {"description": "most values have no label: which codes are answers, which none?"}
    yield plain.having(doubt, {"type": "integer", "description": told})
    yield plain.having(doubt, {"type": "number", "description": told})


def _order(item: tuple[Code, str]) -> tuple[bool, Code]:
    return isinstance(item[0], str), item[0]


def _are_levels(name: str, counts: pd.Series[Any]) -> bool:
    """Whether texts are few and frequent enough to be the levels of a category."""
    texts = list(counts.index)
    return (
        0 < len(texts) <= _LEVELS
        and all(isinstance(text, str) and len(text) <= _LETTERS for text in texts)
        and int(counts.min()) >= LEAST
        and not _IDENTIFYING.search(name)
        and not all(_TOKEN.fullmatch(text) and len(text) > 4 for text in texts)
    )


def _empty_type(series: Sequence[pd.Series[Any]], codes: Mapping[Code, str]) -> ColumnType:
    """Return the type of a column without values, by how it is stored."""
    kinds = pd.api.types
    if all(kinds.is_datetime64_any_dtype(one.dtype) for one in series):
        return "date"
    if all(kinds.is_numeric_dtype(one.dtype) for one in series):
        is_whole = bool(codes) or all(kinds.is_integer_dtype(one.dtype) for one in series)
        return "integer" if is_whole else "number"
    return "string" if any(len(one) == 0 for one in series) else "number"


def _is_dated(value: object) -> bool:
    """Whether a value is a date, or text that looks like one."""
    return isinstance(value, dt.date) or (
        isinstance(value, str) and bool(_DATE.fullmatch(value))
    )


def _is_open(name: str, counts: pd.Series[Any]) -> bool:
    """Whether text may tell who a person is: sentences, numbers of files, as many as rows."""
    texts = list(map(str, counts.index))
    return (
        bool(_IDENTIFYING.search(name))
        or len(texts) > counts.sum() / 2
        or any(" " in text or _LONG_NUMBER.search(text) for text in texts)
    )


def _unit(label: str) -> str | None:
    """Return the unit that a label names, in Danish, or None."""
    small = label.lower()
    return next((unit for words, unit in _UNITS if re.search(words, small)), None)


def _fits(column: Column, series: pd.Series[Any]) -> bool:
    """Whether a file's values keep to a declaration."""
    table = Table(name="", label="", columns=(column,))
    violations = table.conform(series.to_frame(column.name)).violations
    return all(one.rule == "empty table" for one in violations)


def declared_column(name: str, source: Source, at: str) -> Column:
    """Return what a file itself says of a column, nothing that its values suggest."""
    told = _labels_of(source, at)
    missing, _ = _missing(source.missing.get(at, {}), told)
    codes = {code: text for code, text in told.items() if code not in missing}
    label = _told(source.variable_labels.get(at))
    kind: ColumnType = "number" if _is_number(source.frame[at]) else "string"
    return Column(name=name, type=kind, label=label, codes=codes, missing=missing)
