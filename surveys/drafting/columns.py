"""One column of a dictionary drafted from what one or more files hold and say of it."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from data_dictionary.columns import MISSING_KINDS, Code, Column, MissingKind
from data_dictionary.cpr import masked
from data_dictionary.missing_kinds import kind_of_label
from data_dictionary.tables import Table
from surveys.files.source import Source

# A level that fewer persons have may tell who they are.
LEAST = 5
_LEVELS, _LETTERS, _UNLABELLED, _LARGEST_CODE, _PHRASE = 12, 60, 3, 9999, 40
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
_WHOLE = re.compile(r"-?(?:0|[1-9]\d*)")
_LETTER = re.compile(r"[a-z]", re.IGNORECASE)
_TOKEN = re.compile(r"(?=.*\d)[0-9A-Za-z_-]{5,}")


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
    told = [declared_column(name, source, at) for source, at in held]
    label = next((one.label for one in told if one.label), "")
    questions = {} if label else {"label": "no file tells its text"}
    codes: dict[Code, str] = {}
    missing: dict[Code, MissingKind] = {}
    silence: set[str] = set()
    for one, (source, at) in zip(told, held, strict=True):
        codes, missing = {**one.codes, **codes}, {**one.missing, **missing}
        silence |= {text for code, text in _labels(source, at).items() if code in one.missing}
        question = _missing(source, at)[1]
        questions |= {"missing": question} if question else {}
    silent = set(map(str, missing))
    codes = {code: text or str(code) for code, text in codes.items() if str(code) not in silent}
    bare = Column(name=name, type="string", label=label or name)
    plain = Drafted(column=replace(bare, missing=missing), questions=questions)
    series = [source.frame[at] for source, at in held]
    for candidate in map(_whole, _candidates(plain, codes, series, silence)):
        if all(_fits(candidate.column, one) for one in series):
            return candidate
    return Drafted(column=bare, questions={**questions, "type": "its values fit no other type"})


def _whole(drafted: Drafted) -> Drafted:
    """Return a column of whole numbers without codes that are none, such as "Sysmiss"."""
    one = drafted.column
    if one.type not in ("integer", "boolean"):
        return drafted
    missing: dict[Code, MissingKind] = {}
    for code, why in one.missing.items():
        if _WHOLE.fullmatch(str(code)) or str(code).startswith("."):
            missing[int(code) if _WHOLE.fullmatch(str(code)) else code] = why
    codes = {code: text for code, text in one.codes.items() if isinstance(code, int)}
    return drafted.having({}, {"missing": missing, "codes": codes})


def declared_column(name: str, source: Source, at: str) -> Column:
    """Return what a file itself says of a column, nothing that its values suggest."""
    missing, _ = _missing(source, at)
    labels = _labels(source, at)
    codes = {code: text for code, text in labels.items() if code not in missing}
    return Column(
        name=name, type="number" if _is_number(source.frame[at]) else "string",
        label=_text(source.variable_labels.get(at)), codes=codes, missing=missing,
    )  # fmt: skip


def _text(text: object) -> str:
    """Return a text of a file on one line, without what looks like a CPR number."""
    return masked(" ".join(str(text).split())) if text else ""


def _code(code: object) -> Code:
    """Return a code as a dictionary writes it."""
    if isinstance(code, int | float | np.number) and float(code).is_integer():
        return int(code)
    return str(code).lower() if str(code).startswith(".") else str(code)


def _labels(source: Source, at: str) -> dict[Code, str]:
    """Return the labels of a column's codes; letters among numbers stand for no answer."""
    told = {_code(code): _text(text) for code, text in source.value_labels.get(at, {}).items()}
    if not _is_number(source.frame[at]) and all(isinstance(code, str) for code in told):
        return told
    return {f".{c}" if _LETTER.fullmatch(str(c)) else c: text for c, text in told.items()}


def _is_number(series: pd.Series[Any]) -> bool:
    """Whether a column holds numbers, and letters for no answer beside them at most."""
    if pd.api.types.is_numeric_dtype(series.dtype):
        return True
    answers = [value for value in pd.unique(series.dropna()) if not str(value).startswith(".")]
    return bool(answers) and all(isinstance(v, int | float | np.number) for v in answers)


def _missing(source: Source, at: str) -> tuple[dict[Code, MissingKind], str]:
    """Return the codes for no answer, declared or named like one, and what is in doubt."""
    labels = _labels(source, at)
    kinds = {_code(code): kind for code, kind in source.missing.get(at, {}).items()}
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


def _candidates(
    plain: Drafted,
    codes: dict[Code, str],
    series: Sequence[pd.Series[Any]],
    silence: Collection[str],
) -> Iterator[Drafted]:
    """Yield declarations, the one that says most first; text, which nearly all is, last.

    `silence` are labels of codes for no answer.
    """
    counts = _counts(series, plain.column.missing)
    values, name = list(counts.index), plain.column.name
    letters = any(str(code).startswith(".") for code in plain.column.missing)
    is_number = letters or all(pd.api.types.is_numeric_dtype(one.dtype) for one in series)
    if values:
        is_number = all(isinstance(value, int | float | np.number) for value in values)
    elif any(map(len, series)):
        plain = plain.having({"type": "no file holds a value"}, {})
    if codes:
        said = tuple(value for value in values if value in silence)
        doubt = {"blanks": "labels stand in place of codes: the kind of no answer is lost"}
        labelled = plain.having(doubt, {"blanks": said}) if said else plain
        yield from _coded(labelled, codes, values if is_number else [])
    if is_number:
        if set(values) == {0, 1}:
            yield plain.having({}, {"type": "boolean"})
        unit = next(
            (u for words, u in _UNITS if re.search(words, plain.column.label, re.I)), None
        )
        doubt = {"unit": "read out of the label"} if unit else {}
        whole = values or all(pd.api.types.is_integer_dtype(one.dtype) for one in series)
        for kind in ("integer", "number") if whole else ("number",):
            yield plain.having(doubt, {"type": kind, "unit": unit})
    elif values or any(pd.api.types.is_datetime64_any_dtype(one.dtype) for one in series):
        has_time = any(isinstance(v, dt.datetime) and v.time() != dt.time() for v in values)
        doubt = {"type": "the file has times of day; the day alone is kept"} if has_time else {}
        yield plain.having(doubt, {"type": "date"})
    if values and _are_levels(name, counts):
        doubt = {"codes": "levels that the files hold, without a label of their own"}
        told = {str(code): label for code, label in codes.items()}
        yield plain.having(
            doubt, {"codes": {one: told.get(one, one) for one in sorted(values)}}
        )
    if values and _is_open(name, counts):
        doubt = {"sensitivity": "text that may tell who a person is"}
        yield plain.having(doubt, {"sensitivity": "identifying"})
    yield plain


def _coded(plain: Drafted, codes: dict[Code, str], values: list[Any]) -> Iterator[Drafted]:
    """Yield the declaration of a column of which some or all codes have a label.

    `values` are the numbers that it holds; none where it holds text.
    """
    numbers = [code for code in codes if isinstance(code, int)]
    bare = sorted({_code(value) for value in values} - codes.keys(), key=str)
    if not bare:
        # Text may hold the labels in place of the codes, which are whole numbers then.
        whole = {int(c): text for c, text in codes.items() if _WHOLE.fullmatch(str(c))}
        if len(whole) == len(codes):
            yield plain.having({}, {"type": "integer", "codes": whole})
        yield plain.having({}, {"codes": codes})
        return
    described: dict[str, object] = {
        "description": "; ".join(f"{code}: {text}" for code, text in codes.items())
    }
    doubt = {"description": "most values have no label: which codes are answers, which none?"}
    silent = [code for code in plain.column.missing if isinstance(code, int)]
    span = range(min(numbers, default=0), max(numbers, default=0) + 1)
    is_inside = all(span.start <= value < span.stop for value in values)
    # A missing code inside the limits would be an answer too.
    if len(numbers) == 2 and is_inside and not any(code in span for code in silent):
        doubt = {"minimum": "a scale of which the file labels the ends alone"}
        described |= {"minimum": min(numbers), "maximum": max(numbers)}
    elif len(bare) <= _UNLABELLED and all(
        isinstance(code, int) and abs(code) <= _LARGEST_CODE for code in bare
    ):
        every = sorted((codes | {code: str(code) for code in bare}).items(), key=_size)
        asked = {"codes": f"no label in the file for {', '.join(map(str, bare))}: what is it?"}
        yield plain.having(asked, {"type": "integer", "codes": dict(every)})
    for kind in ("integer", "number"):
        yield plain.having(doubt, {"type": kind, **described})


def _size(item: tuple[Code, str]) -> float:
    return float(item[0]) if isinstance(item[0], int) else float("inf")


def _counts(series: Sequence[pd.Series[Any]], missing: Mapping[Code, str]) -> pd.Series[Any]:
    """Return how often each answer occurs in all files together; blanks are none."""
    silent = {"", *map(str, missing)}
    found: Counter[Any] = Counter()
    # By distinct values: a file of persons has millions of cells.
    for one in series:
        for value, times in one.value_counts().items():
            plain = value.strip() if isinstance(value, str) else value
            found[plain] += 0 if str(_code(plain)) in silent else times
    answers = {value: times for value, times in found.most_common() if times}
    return pd.Series(
        list(answers.values()), index=pd.Index(list(answers), dtype=object), dtype=int
    )


def _are_levels(name: str, counts: pd.Series[Any]) -> bool:
    """Whether texts are few and frequent enough to be the levels of a category."""
    return (
        len(counts) <= _LEVELS
        and all(isinstance(text, str) and len(text) <= _LETTERS for text in counts.index)
        and int(counts.min()) >= LEAST
        and not _IDENTIFYING.search(name)
        and not all(map(_TOKEN.fullmatch, counts.index))
    )


def _is_open(name: str, counts: pd.Series[Any]) -> bool:
    """Whether text may tell who a person is: sentences, long numbers, as many as rows."""
    return (
        bool(_IDENTIFYING.search(name))
        or len(counts) > counts.sum() / 2
        or any(re.search(r" |\d{9}", str(text)) for text in counts.index)
    )


def _fits(column: Column, series: pd.Series[Any]) -> bool:
    """Whether a file's values keep to a declaration."""
    table = Table(name="", label="", columns=(column,))
    violations = table.conform(series.to_frame(column.name)).violations
    return all(one.rule == "empty table" for one in violations)
